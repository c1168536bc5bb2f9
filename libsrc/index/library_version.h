/* SPDX-License-Identifier: Apache-2.0 */
/* Version of the foreign library behind this folder. */
#ifndef HANSE_INDEX_LIBRARY_VERSION_H
#define HANSE_INDEX_LIBRARY_VERSION_H

/* Version of SQLite in use; static text. */
const char *hanse_index_library_version(void);

#endif
