/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP proxy that the environment names for https:, as curl finds it, for messages. */
#ifndef HANSE_NET_PROXY_H
#define HANSE_NET_PROXY_H

#include <stddef.h>

/* The variable that names it, such as "HTTPS_PROXY"; NULL if there is none. Its value may hold a password. */
const char *hanse_proxy_variable(void);
/* Its address without user and password, printable, cut at the end of `out`; empty if there is none. */
void hanse_proxy_address(char *out, size_t out_size);

#endif
