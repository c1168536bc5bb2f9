/* SPDX-License-Identifier: Apache-2.0 */
/* Version of the foreign library behind this folder. */
#ifndef HANSE_WIRE_LIBRARY_VERSION_H
#define HANSE_WIRE_LIBRARY_VERSION_H

/* Version of protobuf-c in use; static text. */
const char *hanse_wire_library_version(void);

#endif
