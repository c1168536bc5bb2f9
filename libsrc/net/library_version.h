/* SPDX-License-Identifier: Apache-2.0 */
/* Version of the foreign library behind this folder. */
#ifndef HANSE_NET_LIBRARY_VERSION_H
#define HANSE_NET_LIBRARY_VERSION_H

/* Version of libcurl in use; static text. */
const char *hanse_net_library_version(void);

#endif
