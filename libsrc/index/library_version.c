/* SPDX-License-Identifier: Apache-2.0 */
/* Tells which SQLite is in use. */
#include "index/library_version.h"

#include <sqlite3.h>

const char *hanse_index_library_version(void)
{
    return sqlite3_libversion();
}
