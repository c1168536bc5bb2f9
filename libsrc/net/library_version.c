/* SPDX-License-Identifier: Apache-2.0 */
/* Tells which libcurl is in use. */
#include "net/library_version.h"

#include <curl/curl.h>

const char *hanse_net_library_version(void)
{
    return curl_version_info(CURLVERSION_NOW)->version;
}
