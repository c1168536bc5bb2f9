/* SPDX-License-Identifier: Apache-2.0 */
/* Tells which libxml2 is in use. */
#include "record/iati/library_version.h"

#include <libxml/xmlversion.h>

const char *hanse_record_iati_library_version(void)
{
    return LIBXML_DOTTED_VERSION;
}
