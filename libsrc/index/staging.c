/* SPDX-License-Identifier: Apache-2.0 */
/* Staging as a file, and what writes to it: put and remove. */
#include <stdio.h>

#include "base/alloc.h"
#include "base/error.h"
#include "index/staging_internal.h"

enum { APPLICATION_ID = 0x486e7373 /* "Hnss" */, VERSION = 1 };

/* The record is the last column: what is asked of a change is found without reading it. */
static const char schema_sql[] =
    "CREATE TABLE change ("
    " sequence INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, operation INTEGER NOT NULL,"
    " record_id BLOB NOT NULL, audience INTEGER NOT NULL, kind INTEGER NOT NULL, reason INTEGER NOT NULL,"
    " published_unix_s INTEGER NOT NULL, salt BLOB NOT NULL, digest BLOB NOT NULL, record BLOB NOT NULL)"
    " STRICT;"
    "CREATE UNIQUE INDEX change_record ON change (origin, record_id);"
    "CREATE INDEX change_digest ON change (digest);"
    "CREATE TABLE identifier ("
    " sequence INTEGER NOT NULL REFERENCES change(sequence) ON DELETE CASCADE, scheme TEXT NOT NULL,"
    " value TEXT NOT NULL, PRIMARY KEY (sequence, scheme, value)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX identifier_value ON identifier (value, scheme);"
    "PRAGMA application_id=1215198067; PRAGMA user_version=1;";
_Static_assert(APPLICATION_ID == 1215198067 && VERSION == 1, "the schema says the same");

static const struct hanse_database_schema schema = {
    .noun = "staging",
    .remedy = "move it away and stage the changes again; what is published is not affected",
    .application_id = APPLICATION_ID,
    .version = VERSION,
    .sql = schema_sql,
};

enum hanse_status hanse_staging_open(const char *path, struct hanse_staging **out, struct hanse_error *err)
{
    struct hanse_staging *staging = hanse_alloc_zeroed(1, sizeof *staging);
    if (staging == NULL)
        return hanse_fail_memory(err);
    hanse_arena_init(&staging->given, SIZE_MAX);
    enum hanse_status status = hanse_database_open(&staging->database, path, &schema, err);
    if (status != HANSE_OK) {
        hanse_free(staging);
        return status;
    }
    *out = staging;
    return HANSE_OK;
}

void hanse_staging_close(struct hanse_staging *staging)
{
    if (staging == NULL)
        return;
    hanse_database_close(&staging->database);
    hanse_arena_release(&staging->given);
    hanse_free(staging);
}

bool hanse_staging_is_read_only(const struct hanse_staging *staging)
{
    return staging->database.read_only;
}

enum hanse_status hanse_staging_check(struct hanse_staging *staging, struct hanse_error *err)
{
    return hanse_database_check(&staging->database, err);
}

enum hanse_status hanse_staging_begin(struct hanse_staging *staging, struct hanse_error *err)
{
    staging->emptied = false;
    return hanse_database_begin(&staging->database, err);
}

void hanse_staging_rollback(struct hanse_staging *staging)
{
    staging->emptied = false;
    hanse_database_rollback(&staging->database);
}

static enum hanse_status last_sequence(struct hanse_staging *staging, int64_t *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_LAST_SEQUENCE,
                       "SELECT seq FROM sqlite_sequence WHERE name = 'change'");
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = row ? hanse_query_i64(&query, 0) : 0;
    return status;
}

/* Sequences go on where they were: "up to here", said of what was published, never means a later change. */
static enum hanse_status empty_file(struct hanse_staging *staging, struct hanse_error *err)
{
    int64_t last = 0;
    char after[160];
    enum hanse_status status = last_sequence(staging, &last, err);
    if (status != HANSE_OK)
        return status;
    (void)snprintf(after, sizeof after,
                   "DELETE FROM sqlite_sequence; INSERT INTO sqlite_sequence (name, seq)"
                   " VALUES ('change', %lld)",
                   (long long)last);
    return hanse_database_empty(&staging->database, after, err);
}

enum hanse_status hanse_staging_commit(struct hanse_staging *staging, struct hanse_error *err)
{
    bool open = hanse_database_in_transaction(&staging->database);
    if (!open || !staging->emptied || staging->database.failed)
        return hanse_database_commit(&staging->database, err);
    /* Nothing that this transaction wrote is to stay. */
    hanse_staging_rollback(staging);
    return empty_file(staging, err);
}

enum hanse_status hanse_staging_settle(struct hanse_staging *staging, struct hanse_error *err)
{
    if (!staging->emptied || !hanse_database_in_transaction(&staging->database))
        return HANSE_OK;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_REMOVE_ALL, "DELETE FROM change");
    enum hanse_status status = hanse_query_run(&query, err);
    staging->emptied = status != HANSE_OK;
    return status;
}

static enum hanse_status prepare_write(struct hanse_staging *staging, struct hanse_error *err)
{
    enum hanse_status status = hanse_database_need_transaction(&staging->database, err);
    return status == HANSE_OK ? hanse_staging_settle(staging, err) : status;
}

/* The sequence of a change, 0 if none is staged. */
static enum hanse_status find_sequence(struct hanse_staging *staging, const char *origin,
                                       const uint8_t *record_id, uint64_t *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_FIND,
                       "SELECT sequence FROM change WHERE origin = ?1 AND record_id = ?2");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_blob(&query, 2, record_id, HANSE_STAGING_ID_BYTES);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = row ? hanse_query_u64(&query, 0) : 0;
    return status;
}

static enum hanse_status run_on(struct hanse_staging *staging, int slot, const char *sql, uint64_t sequence,
                                struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(&staging->database, slot, sql);
    hanse_query_bind_u64(&query, 1, sequence);
    return hanse_query_run(&query, err);
}

static enum hanse_status write_change(struct hanse_staging *staging, int slot, const char *sql,
                                      const struct hanse_staged_change *change, uint64_t sequence,
                                      struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(&staging->database, slot, sql);
    hanse_query_bind_text(&query, 1, change->origin);
    hanse_query_bind_i64(&query, 2, change->operation);
    hanse_query_bind_blob(&query, 3, change->record_id, sizeof change->record_id);
    hanse_query_bind_i64(&query, 4, change->audience);
    hanse_query_bind_i64(&query, 5, change->kind);
    hanse_query_bind_i64(&query, 6, change->reason);
    hanse_query_bind_u64(&query, 7, change->published_unix_s);
    hanse_query_bind_blob(&query, 8, change->salt, sizeof change->salt);
    hanse_query_bind_blob(&query, 9, change->digest, sizeof change->digest);
    hanse_query_bind_bytes(&query, 10, change->record);
    if (sequence != 0)
        hanse_query_bind_u64(&query, 11, sequence);
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_staging_put(struct hanse_staging *staging, struct hanse_staged_change *change,
                                    bool *out_replaced, struct hanse_error *err)
{
    uint64_t sequence = 0;
    enum hanse_status status = prepare_write(staging, err);
    if (status == HANSE_OK)
        status = find_sequence(staging, change->origin, change->record_id, &sequence, err);
    if (status != HANSE_OK)
        return status;
    bool replaced = sequence != 0;
    if (replaced) {
        staging->database.scrub = true;
        status = run_on(staging, HANSE_STAGING_SLOT_IDENTIFIER_FORGET,
                        "DELETE FROM identifier WHERE sequence = ?1", sequence, err);
        if (status == HANSE_OK)
            status = write_change(staging, HANSE_STAGING_SLOT_UPDATE,
                                  "UPDATE change SET (" HANSE_STAGING_COLUMNS
                                  ") = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) WHERE sequence = ?11",
                                  change, sequence, err);
    } else {
        status = write_change(staging, HANSE_STAGING_SLOT_INSERT,
                              "INSERT INTO change (" HANSE_STAGING_COLUMNS
                              ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                              change, 0, err);
        sequence = (uint64_t)sqlite3_last_insert_rowid(staging->database.handle);
    }
    if (status == HANSE_OK) {
        change->sequence = sequence;
        *out_replaced = replaced;
    }
    return status;
}

enum hanse_status hanse_staging_fail_absent(const char *origin, struct hanse_error *err)
{
    return hanse_fail(err, HANSE_NOT_FOUND, "no such change of \"%s\" is staged", origin);
}

enum hanse_status hanse_staging_identifier_add(struct hanse_staging *staging, const char *origin,
                                               const uint8_t record_id[16], const char *scheme,
                                               const char *value, struct hanse_error *err)
{
    uint64_t sequence = 0;
    enum hanse_status status = prepare_write(staging, err);
    if (status == HANSE_OK)
        status = find_sequence(staging, origin, record_id, &sequence, err);
    if (status == HANSE_OK && sequence == 0)
        status = hanse_staging_fail_absent(origin, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &staging->database, HANSE_STAGING_SLOT_IDENTIFIER_ADD,
        "INSERT INTO identifier (sequence, scheme, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    hanse_query_bind_u64(&query, 1, sequence);
    hanse_query_bind_text(&query, 2, scheme);
    hanse_query_bind_text(&query, 3, value);
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_staging_remove(struct hanse_staging *staging, const char *origin,
                                       const uint8_t record_id[16], struct hanse_error *err)
{
    uint64_t sequence = 0;
    enum hanse_status status = prepare_write(staging, err);
    if (status == HANSE_OK)
        status = find_sequence(staging, origin, record_id, &sequence, err);
    if (status == HANSE_OK && sequence == 0)
        status = hanse_staging_fail_absent(origin, err);
    if (status != HANSE_OK)
        return status;
    staging->database.scrub = true;
    return run_on(staging, HANSE_STAGING_SLOT_REMOVE, "DELETE FROM change WHERE sequence = ?1", sequence,
                  err);
}

static enum hanse_status others_left(struct hanse_staging *staging, const char *origin, uint64_t sequence,
                                     bool *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_OTHERS_LEFT,
                       "SELECT EXISTS (SELECT 1 FROM change WHERE origin < ?1)"
                       " OR EXISTS (SELECT 1 FROM change WHERE origin > ?1)"
                       " OR EXISTS (SELECT 1 FROM change WHERE sequence > ?2)");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_u64(&query, 2, sequence);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = hanse_query_i64(&query, 0) != 0;
    return status;
}

static enum hanse_status remove_some(struct hanse_staging *staging, const char *origin, uint64_t sequence,
                                     struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_REMOVE_UPTO,
                       "DELETE FROM change WHERE sequence <= ?2 AND origin = ?1");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_u64(&query, 2, sequence);
    staging->database.scrub = true;
    return hanse_query_run(&query, err);
}

static enum hanse_status remove_within(struct hanse_staging *staging, const char *origin, uint64_t sequence,
                                       struct hanse_error *err)
{
    bool left = false;
    enum hanse_status status = others_left(staging, origin, sequence, &left, err);
    if (status != HANSE_OK)
        return status;
    if (left)
        return remove_some(staging, origin, sequence, err);
    staging->emptied = true;
    return HANSE_OK;
}

enum hanse_status hanse_staging_remove_upto(struct hanse_staging *staging, const char *origin,
                                            uint64_t sequence, struct hanse_error *err)
{
    sequence = sequence > INT64_MAX ? INT64_MAX : sequence;
    if (hanse_database_in_transaction(&staging->database))
        return staging->emptied ? HANSE_OK : remove_within(staging, origin, sequence, err);
    enum hanse_status status = hanse_staging_begin(staging, err);
    if (status == HANSE_OK)
        status = remove_within(staging, origin, sequence, err);
    if (status == HANSE_OK)
        status = hanse_staging_commit(staging, err);
    if (status != HANSE_OK)
        hanse_staging_rollback(staging);
    return status;
}

static enum hanse_status remove_public(struct hanse_staging *staging, const char *origin, uint64_t sequence,
                                       struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_REMOVE_PUBLISHED,
                       "DELETE FROM change WHERE sequence <= ?2 AND origin = ?1 AND audience NOT IN (1, 2)");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_u64(&query, 2, sequence > INT64_MAX ? INT64_MAX : sequence);
    staging->database.scrub = true;
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_staging_remove_published(struct hanse_staging *staging, const char *origin,
                                                 uint64_t sequence, struct hanse_error *err)
{
    uint64_t held_back = 0;
    enum hanse_status status = hanse_staging_count_held_back(staging, origin, &held_back, err);
    if (status != HANSE_OK || held_back == 0)
        return status != HANSE_OK ? status : hanse_staging_remove_upto(staging, origin, sequence, err);
    bool own = !hanse_database_in_transaction(&staging->database);
    status = own ? hanse_staging_begin(staging, err) : HANSE_OK;
    if (status == HANSE_OK)
        status = remove_public(staging, origin, sequence, err);
    if (own && status == HANSE_OK)
        status = hanse_staging_commit(staging, err);
    if (own && status != HANSE_OK)
        hanse_staging_rollback(staging);
    return status;
}
