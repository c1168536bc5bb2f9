/* SPDX-License-Identifier: Apache-2.0 */
/* The index as a file: schema (docs/index.md), opening, transactions, counts. */
#include "index/index_internal.h"

#include "base/alloc.h"
#include "base/error.h"

enum { APPLICATION_ID = 0x486e7369 /* "Hnsi" */, VERSION = 3 };

#define ARRIVAL_SQL                                                                                          \
    "CREATE TABLE arrival ("                                                                                 \
    " sequence INTEGER PRIMARY KEY AUTOINCREMENT, feed_id INTEGER NOT NULL, first INTEGER NOT NULL,"         \
    " beyond INTEGER NOT NULL, origin TEXT) STRICT;"                                                         \
    "CREATE TABLE identity (token BLOB NOT NULL) STRICT;"                                                    \
    "INSERT INTO identity (token) VALUES (randomblob(8));"

#define MIRROR_SQL                                                                                           \
    "CREATE TABLE mirror ("                                                                                  \
    " id INTEGER PRIMARY KEY AUTOINCREMENT, feed_id INTEGER NOT NULL, url TEXT NOT NULL, pin TEXT,"          \
    " cacert TEXT, last_try_unix_s INTEGER NOT NULL, last_result TEXT, last_message TEXT,"                   \
    " UNIQUE (feed_id, url)) STRICT;"

/* Entries come in ascending order, so their table only ever grows at the end of a feed's range. The two
 * indices on it are partial: a feed of another origin whose payloads are all there is in neither. */
static const char schema_sql[] =
    "CREATE TABLE feed ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL UNIQUE, name TEXT UNIQUE,"
    " own INTEGER NOT NULL, url TEXT, pin TEXT, cacert TEXT, key BLOB NOT NULL, size INTEGER NOT NULL,"
    " root BLOB NOT NULL, etag TEXT, remote_segment TEXT, remote_offset INTEGER NOT NULL,"
    " successor_origin TEXT, followed_unix_s INTEGER NOT NULL, last_try_unix_s INTEGER NOT NULL,"
    " last_success_unix_s INTEGER NOT NULL, max_entries INTEGER NOT NULL, max_bytes INTEGER NOT NULL,"
    " last_result TEXT, last_message TEXT, state BLOB NOT NULL,"
    " remote_mirror INTEGER NOT NULL DEFAULT 0, url_result TEXT, url_message TEXT) STRICT;"
    "CREATE TABLE entry ("
    " feed_id INTEGER NOT NULL, entry_index INTEGER NOT NULL,"
    " operation INTEGER NOT NULL, verdict INTEGER NOT NULL, audience INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, published_unix_s INTEGER NOT NULL, payload_state INTEGER NOT NULL,"
    " revision INTEGER NOT NULL, current INTEGER NOT NULL, record_id BLOB, digest BLOB,"
    " PRIMARY KEY (feed_id, entry_index)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX entry_missing ON entry (feed_id, entry_index) WHERE payload_state = 2;"
    "CREATE INDEX entry_digest ON entry (feed_id, digest) WHERE digest IS NOT NULL AND current = 1;"
    "CREATE TABLE record ("
    " feed_id INTEGER NOT NULL, record_id BLOB NOT NULL,"
    " revisions INTEGER NOT NULL, current_index INTEGER, put_index INTEGER,"
    " PRIMARY KEY (feed_id, record_id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE identifier ("
    " feed_id INTEGER NOT NULL, entry_index INTEGER NOT NULL,"
    " scheme TEXT NOT NULL, value TEXT NOT NULL, record_id BLOB NOT NULL,"
    " PRIMARY KEY (feed_id, entry_index, scheme, value)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX identifier_value ON identifier (value, scheme);"
    "CREATE TABLE erased ("
    " feed_id INTEGER NOT NULL, first INTEGER NOT NULL,"
    " beyond INTEGER NOT NULL, PRIMARY KEY (feed_id, first)) STRICT, WITHOUT ROWID;" ARRIVAL_SQL MIRROR_SQL
    "PRAGMA application_id=1215198057; PRAGMA user_version=3;";
static const char *const upgrades[] = {
    /* What version 1 holds arrived feed by feed, as far as anybody can tell. */
    ARRIVAL_SQL "INSERT INTO arrival (feed_id, first, beyond)"
                " SELECT feed_id, min(entry_index), max(entry_index) + 1 FROM entry GROUP BY feed_id;"
                "PRAGMA user_version=2;",
    /* Version 2 knows one source a feed. */
    MIRROR_SQL "ALTER TABLE feed ADD COLUMN remote_mirror INTEGER NOT NULL DEFAULT 0;"
               "ALTER TABLE feed ADD COLUMN url_result TEXT;"
               "ALTER TABLE feed ADD COLUMN url_message TEXT;"
               "PRAGMA user_version=3;",
};
_Static_assert(APPLICATION_ID == 1215198057 && VERSION == 3 &&
                   sizeof upgrades / sizeof upgrades[0] == VERSION - 1,
               "the schema says the same, and there is a way to it from each version");

static const struct hanse_database_schema schema = {
    .noun = "index",
    .remedy = "move it away and make it again from the feeds, then follow the others' feeds again",
    .application_id = APPLICATION_ID,
    .version = VERSION,
    .sql = schema_sql,
    .upgrades = upgrades,
};

enum hanse_status hanse_index_open(const char *path, struct hanse_index **out, struct hanse_error *err)
{
    struct hanse_index *index = hanse_alloc_zeroed(1, sizeof *index);
    if (index == NULL)
        return hanse_fail_memory(err);
    hanse_arena_init(&index->texts, SIZE_MAX);
    enum hanse_status status = hanse_database_open(&index->database, path, &schema, err);
    if (status != HANSE_OK) {
        hanse_free(index);
        return status;
    }
    *out = index;
    return HANSE_OK;
}

void hanse_index_close(struct hanse_index *index)
{
    if (index == NULL)
        return;
    hanse_database_close(&index->database);
    hanse_arena_release(&index->texts);
    hanse_free(index);
}

bool hanse_index_is_read_only(const struct hanse_index *index)
{
    return index->database.read_only;
}

enum hanse_status hanse_index_check(struct hanse_index *index, struct hanse_error *err)
{
    return hanse_database_check(&index->database, err);
}

enum hanse_status hanse_index_begin(struct hanse_index *index, struct hanse_error *err)
{
    index->tail_feed_id = 0;
    index->arriving = (struct hanse_index_arriving){0};
    return hanse_database_begin(&index->database, err);
}

enum hanse_status hanse_index_commit(struct hanse_index *index, struct hanse_error *err)
{
    if (hanse_database_in_transaction(&index->database) && !index->database.failed) {
        enum hanse_status status = hanse_index_arrival_flush(index, err);
        if (status != HANSE_OK)
            return status;
    }
    return hanse_database_commit(&index->database, err);
}

void hanse_index_rollback(struct hanse_index *index)
{
    hanse_database_rollback(&index->database);
}

enum hanse_status hanse_index_run(struct hanse_index *index, int slot, const char *sql,
                                  const int64_t *parameters, int count, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(&index->database, slot, sql);
    for (int i = 0; i < count; i++)
        hanse_query_bind_i64(&query, i + 1, parameters[i]);
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_index_count(struct hanse_index *index, int64_t feed_id,
                                    struct hanse_index_counts *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ENTRY_COUNT,
                       "SELECT count(*), total(payload_state = 1), total(payload_state = 3),"
                       " total(payload_state = 4), total(payload_state = 2), total(verdict <> 0),"
                       " total(current = 1 AND operation = 1) FROM entry WHERE feed_id = ?1");
    hanse_query_bind_i64(&query, 1, feed_id);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = (struct hanse_index_counts){
            .entries = hanse_query_u64(&query, 0),
            .payloads = hanse_query_u64(&query, 1),
            .withheld = hanse_query_u64(&query, 2),
            .erased = hanse_query_u64(&query, 3),
            .missing = hanse_query_u64(&query, 4),
            .invalid = hanse_query_u64(&query, 5),
            .records = hanse_query_u64(&query, 6),
        };
    return status;
}
