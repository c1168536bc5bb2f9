/* SPDX-License-Identifier: Apache-2.0 */
/* Tells which libmicrohttpd is in use. */
#include "serve/library_version.h"

#include <microhttpd.h>

const char *hanse_serve_library_version(void)
{
    return MHD_get_version();
}
