/* SPDX-License-Identifier: Apache-2.0 */
/* Tells which jansson is in use. */
#include "record/json/library_version.h"

#include <jansson.h>

const char *hanse_record_json_library_version(void)
{
    return jansson_version_str();
}
