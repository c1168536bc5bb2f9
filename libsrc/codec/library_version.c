/* SPDX-License-Identifier: Apache-2.0 */
/* Tells which zlib is in use. */
#include "codec/library_version.h"

#include <zlib.h>

const char *hanse_codec_library_version(void)
{
    return zlibVersion();
}
