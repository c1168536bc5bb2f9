/* SPDX-License-Identifier: Apache-2.0 */
/* The door of SQLite's full-text search for code in C. */
#ifndef HANSE_INDEX_FTS_H
#define HANSE_INDEX_FTS_H

#include <sqlite3.h>

#include <hanse/status.h>

/* HANSE_UNSUPPORTED: this SQLite was built without FTS5; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_fts_api(sqlite3 *handle, fts5_api **out, struct hanse_error *err);
/* Makes the function hanse_score(TABLE) known to the database: how well a row matches, as 0 to 1000. The
 * columns are title, body and code; the score of a row depends on that row and the words alone, so that those
 * of different files compare. Errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_fts_add_score(sqlite3 *handle, struct hanse_error *err);

#endif
