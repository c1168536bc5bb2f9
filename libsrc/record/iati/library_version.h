/* SPDX-License-Identifier: Apache-2.0 */
/* Version of the foreign library behind this folder. */
#ifndef HANSE_RECORD_IATI_LIBRARY_VERSION_H
#define HANSE_RECORD_IATI_LIBRARY_VERSION_H

/* Version of libxml2 in use; static text. */
const char *hanse_record_iati_library_version(void);

#endif
