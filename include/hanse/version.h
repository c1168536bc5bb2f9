/* SPDX-License-Identifier: Apache-2.0 */
/* Versions of the library, the protocol and what it is built on. */
#ifndef HANSE_VERSION_H
#define HANSE_VERSION_H

#include <stdbool.h>

#include <hanse/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of the library, such as "0.1.0". Static text. */
HANSE_API const char *hanse_version(void);
/* Version of docs/protocol.md. */
HANSE_API const char *hanse_protocol_version(void);
/* Name and version in use of the i-th foreign library; false past the last. Static texts. */
HANSE_API bool hanse_library_version(size_t i, const char **out_name, const char **out_version);

#ifdef __cplusplus
}
#endif

#endif
