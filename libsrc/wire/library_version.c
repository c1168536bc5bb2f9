/* SPDX-License-Identifier: Apache-2.0 */
/* Tells which protobuf-c is in use. */
#include "wire/library_version.h"

#include <protobuf-c/protobuf-c.h>

const char *hanse_wire_library_version(void)
{
    return protobuf_c_version();
}
