/* SPDX-License-Identifier: Apache-2.0 */
/* Version of the foreign library behind this folder. */
#ifndef HANSE_SERVE_LIBRARY_VERSION_H
#define HANSE_SERVE_LIBRARY_VERSION_H

/* Version of libmicrohttpd in use; static text. */
const char *hanse_serve_library_version(void);

#endif
