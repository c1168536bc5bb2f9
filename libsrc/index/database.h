/* SPDX-License-Identifier: Apache-2.0 */
/* One SQLite file with a declared schema: opening, version, transactions, and SQLite's failures as ours.
 * An object belongs to one thread at a time; any number of processes may open the same file. */
#ifndef HANSE_INDEX_DATABASE_H
#define HANSE_INDEX_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>

#include <hanse/status.h>

struct hanse_database_schema {
    const char *noun;   /* what messages call the file: "index" */
    const char *remedy; /* what to do when it is damaged */
    int application_id;
    int version;
    const char *sql;             /* makes version `version` in an empty file */
    const char *const *upgrades; /* [n - 1] makes version n + 1 of version n; NULL if there is only one */
    const char *settings; /* pragmas of each connection besides those that all files have; NULL: none */
};

enum { HANSE_DATABASE_SLOTS = 64 };

/* A statement that is prepared once and used again. */
struct hanse_database_slot {
    sqlite3_stmt *statement;
    const char *sql; /* to catch two users of one slot */
    bool busy;
};

struct hanse_database {
    sqlite3 *handle;
    const struct hanse_database_schema *schema;
    char *path;
    struct hanse_database_slot slots[HANSE_DATABASE_SLOTS];
    bool read_only;  /* who runs this may not write it */
    bool as_it_lies; /* read without locks: nobody had it open */
    bool failed;     /* something failed midway in the open transaction: it must not be committed */
    bool scrub;      /* what was removed must not stay in the log either */
};

/* Opens the file, making it (0600; SQLite gives its -wal and -shm the same mode) and its schema if need be.
 * Who may not write it, or its folder, reads it: then begin is HANSE_DENIED. HANSE_UNSUPPORTED: of a newer
 * version; HANSE_MALFORMED: damaged or of another program; HANSE_NOT_FOUND: no such folder; HANSE_DENIED,
 * HANSE_IO, HANSE_LOCKED, HANSE_NO_MEMORY. On failure nothing stays open. */
HANSE_MUST_CHECK enum hanse_status hanse_database_open(struct hanse_database *database, const char *path,
                                                       const struct hanse_database_schema *schema,
                                                       struct hanse_error *err);
/* Closing what never opened does nothing. An open transaction is rolled back. */
void hanse_database_close(struct hanse_database *database);

/* HANSE_INVALID_ARGUMENT: begin within a transaction, commit outside of one or after a write that failed;
 * HANSE_LOCKED, HANSE_IO, HANSE_DENIED, HANSE_MALFORMED, HANSE_NO_MEMORY. After a commit that failed the
 * transaction is still to be rolled back. */
HANSE_MUST_CHECK enum hanse_status hanse_database_begin(struct hanse_database *database,
                                                        struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_database_commit(struct hanse_database *database,
                                                         struct hanse_error *err);
void hanse_database_rollback(struct hanse_database *database);
bool hanse_database_in_transaction(const struct hanse_database *database);
/* HANSE_INVALID_ARGUMENT outside of a transaction. */
HANSE_MUST_CHECK enum hanse_status hanse_database_need_transaction(const struct hanse_database *database,
                                                                   struct hanse_error *err);

/* Throws all content away, whatever its size, and makes the schema anew: neither file nor log keeps a byte of
 * it, unless another process is reading right now; then the last of them to close sees to that. Outside of a
 * transaction and with no statement in use. `after` is SQL that goes with the schema (NULL: none). Errors as
 * for begin. */
HANSE_MUST_CHECK enum hanse_status hanse_database_empty(struct hanse_database *database, const char *after,
                                                        struct hanse_error *err);

/* Reads the whole file and looks whether it holds together. HANSE_MALFORMED: it is damaged; errors as for
 * begin. */
HANSE_MUST_CHECK enum hanse_status hanse_database_check(struct hanse_database *database,
                                                        struct hanse_error *err);

/* What SQLite's `code` means, in our words. */
enum hanse_status hanse_database_fail(const struct hanse_database *database, int code,
                                      struct hanse_error *err);
/* HANSE_MALFORMED for content that no version of ours writes. */
enum hanse_status hanse_database_fail_content(const struct hanse_database *database, const char *what,
                                              struct hanse_error *err);

/* Tests only: asked before each statement that is prepared, begun or gone on with; what it returns but
 * SQLITE_OK is how that fails. NULL turns it off. */
void hanse_database_set_failure_hook(int (*hook)(void *context), void *context);
/* What it says now; SQLITE_OK without a hook. For index/ only. */
int hanse_database_trouble(void);

#endif
