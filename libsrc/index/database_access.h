/* SPDX-License-Identifier: Apache-2.0 */
/* How a database file may be opened by who runs this: written, or read only, and then with as little trace as
 * possible. Internal to index/. */
#ifndef HANSE_INDEX_DATABASE_ACCESS_H
#define HANSE_INDEX_DATABASE_ACCESS_H

#include <stdbool.h>

#include "base/file.h"

struct hanse_database_access {
    bool read_only;
    bool as_it_lies;        /* read only, without locks, since nobody has it open */
    int flags;              /* for sqlite3_open_v2 */
    struct hanse_path name; /* for sqlite3_open_v2 */
};

/* Looks at an existing file, its log and its folder. HANSE_DENIED: it may only be read, and what its log
 * holds cannot be taken over; HANSE_LIMIT, HANSE_NOT_FOUND, HANSE_IO. `noun` is for messages. */
HANSE_MUST_CHECK enum hanse_status hanse_database_access_judge(const char *path, const char *noun,
                                                               struct hanse_database_access *out,
                                                               struct hanse_error *err);
/* Whether the file has a log: another process has it open, or ended without closing it. */
bool hanse_database_has_log(const char *path);

#endif
