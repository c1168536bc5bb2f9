/* SPDX-License-Identifier: Apache-2.0 */
/* Version of the foreign library behind this folder. */
#ifndef HANSE_RECORD_JSON_LIBRARY_VERSION_H
#define HANSE_RECORD_JSON_LIBRARY_VERSION_H

/* Version of jansson in use; static text. */
const char *hanse_record_json_library_version(void);

#endif
