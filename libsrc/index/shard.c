/* SPDX-License-Identifier: Apache-2.0 */
#include "index/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "index/fts.h"
#include "index/shard_internal.h"
#include "index/tokenizer.h"

enum { APPLICATION_ID = 0x486e7377 /* "Hnsw" */, VERSION = 1, RECORD_ID_BYTES = 16, STATE_SQL_BYTES = 512 };

static const char schema_sql[] =
    "CREATE TABLE state ("
    " token BLOB NOT NULL, first_sequence INTEGER NOT NULL, first_entry INTEGER NOT NULL,"
    " next_sequence INTEGER NOT NULL, next_entry INTEGER NOT NULL, beyond_sequence INTEGER NOT NULL,"
    " beyond_entry INTEGER NOT NULL, sealed INTEGER NOT NULL, documents INTEGER NOT NULL,"
    " live INTEGER NOT NULL) STRICT;"
    "CREATE TABLE document ("
    " id INTEGER PRIMARY KEY, feed_id INTEGER NOT NULL, entry_index INTEGER NOT NULL,"
    " record_id BLOB NOT NULL, kind INTEGER NOT NULL, published_unix_s INTEGER NOT NULL,"
    " live INTEGER NOT NULL) STRICT;"
    "CREATE INDEX document_record ON document (record_id) WHERE live = 1;"
    "CREATE INDEX document_entry ON document (feed_id, entry_index);"
    "CREATE INDEX document_dead ON document (id) WHERE live = 0;"
    "CREATE TABLE feed ("
    " feed_id INTEGER PRIMARY KEY, beyond INTEGER NOT NULL, sequence INTEGER NOT NULL) STRICT;"
    "CREATE VIRTUAL TABLE text USING fts5 (title, body, code, content='', columnsize=0, "
    "tokenize=\"" HANSE_TOKENIZER "\");"
    "CREATE VIRTUAL TABLE word USING fts5vocab (text, row);"
    "PRAGMA application_id=1215198071; PRAGMA user_version=1;";
_Static_assert(APPLICATION_ID == 1215198071 && VERSION == 1, "the schema says the same");

static const struct hanse_database_schema schema = {
    .noun = "search file",
    .remedy = "remove it: it is made again",
    .application_id = APPLICATION_ID,
    .version = VERSION,
    .sql = schema_sql,
    /* Many are open at a time. What must not stay is forgotten by emptying the file, never by deleting rows.
     */
    .settings = "PRAGMA cache_size=-2048; PRAGMA secure_delete=OFF;",
};

int hanse_shard_place_compare(struct hanse_shard_place a, struct hanse_shard_place b)
{
    if (a.sequence != b.sequence)
        return a.sequence < b.sequence ? -1 : 1;
    return a.entry_index < b.entry_index ? -1 : a.entry_index > b.entry_index;
}

static void write_state_sql(const struct hanse_shard_state *state, char out[STATE_SQL_BYTES])
{
    char token[2 * HANSE_INDEX_TOKEN_BYTES + 1];
    hanse_hex_encode(hanse_bytes_of(state->token, sizeof state->token), token);
    (void)snprintf(out, STATE_SQL_BYTES,
                   "INSERT INTO state VALUES (x'%s', %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64
                   ", %" PRId64 ", %" PRId64 ", %d, 0, 0)",
                   token, (int64_t)state->first.sequence, (int64_t)state->first.entry_index,
                   (int64_t)state->first.sequence, (int64_t)state->first.entry_index,
                   (int64_t)state->beyond.sequence, (int64_t)state->beyond.entry_index, state->sealed);
}

static struct hanse_shard_place read_place(const struct hanse_query *query, int at)
{
    return (struct hanse_shard_place){hanse_query_u64(query, at), hanse_query_u64(query, at + 1)};
}

static enum hanse_status read_state(struct hanse_shard *shard, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_STATE, "SELECT * FROM state");
    struct hanse_shard_state state = {.sealed = false};
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && !row)
        status = hanse_database_fail_content(&shard->database, "it has no state", err);
    if (status == HANSE_OK)
        status = hanse_query_copy_blob(&query, 0, state.token, sizeof state.token, err);
    if (status != HANSE_OK)
        return status;
    state.first = read_place(&query, 1);
    state.next = read_place(&query, 3);
    state.beyond = read_place(&query, 5);
    state.sealed = hanse_query_i64(&query, 7) != 0;
    state.documents = hanse_query_u64(&query, 8);
    state.live = hanse_query_u64(&query, 9);
    shard->state = shard->committed = state;
    return HANSE_OK;
}

static enum hanse_status write_state(struct hanse_shard *shard, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_STATE_PUT,
                       "UPDATE state SET next_sequence = ?1, next_entry = ?2, beyond_sequence = ?3,"
                       " beyond_entry = ?4, sealed = ?5, documents = ?6, live = ?7");
    hanse_query_bind_u64(&query, 1, shard->state.next.sequence);
    hanse_query_bind_u64(&query, 2, shard->state.next.entry_index);
    hanse_query_bind_u64(&query, 3, shard->state.beyond.sequence);
    hanse_query_bind_u64(&query, 4, shard->state.beyond.entry_index);
    hanse_query_bind_i64(&query, 5, shard->state.sealed);
    hanse_query_bind_u64(&query, 6, shard->state.documents);
    hanse_query_bind_u64(&query, 7, shard->state.live);
    return hanse_query_run(&query, err);
}

/* A file that has a schema and no state was cut off while it was made: it is damaged like any other. */
static enum hanse_status make_state(struct hanse_shard *shard, const struct hanse_shard_state *initial,
                                    struct hanse_error *err)
{
    char sql[STATE_SQL_BYTES];
    write_state_sql(initial, sql);
    int code = sqlite3_exec(shard->database.handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? HANSE_OK : hanse_database_fail(&shard->database, code, err);
}

enum hanse_status hanse_shard_open(const char *path, const struct hanse_shard_state *initial,
                                   struct hanse_shard **out, struct hanse_error *err)
{
    if (initial == NULL && !hanse_file_exists(path))
        return hanse_fail(err, HANSE_NOT_FOUND, "no search file \"%s\"", path);
    struct hanse_shard *shard = hanse_alloc_zeroed(1, sizeof *shard);
    if (shard == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = hanse_database_open(&shard->database, path, &schema, err);
    if (status == HANSE_OK)
        status = hanse_fts_add_score(shard->database.handle, err);
    if (status == HANSE_OK && initial != NULL)
        status = make_state(shard, initial, err);
    if (status == HANSE_OK)
        status = read_state(shard, err);
    if (status != HANSE_OK) {
        hanse_shard_close(shard);
        return status;
    }
    *out = shard;
    return HANSE_OK;
}

void hanse_shard_close(struct hanse_shard *shard)
{
    if (shard == NULL)
        return;
    hanse_database_close(&shard->database);
    hanse_free(shard);
}

const struct hanse_shard_state *hanse_shard_state_of(const struct hanse_shard *shard)
{
    return &shard->state;
}

enum hanse_status hanse_shard_begin(struct hanse_shard *shard, struct hanse_error *err)
{
    return hanse_database_begin(&shard->database, err);
}

bool hanse_shard_is_writing(const struct hanse_shard *shard)
{
    return hanse_database_in_transaction(&shard->database);
}

enum hanse_status hanse_shard_commit(struct hanse_shard *shard, struct hanse_error *err)
{
    enum hanse_status status = write_state(shard, err);
    if (status == HANSE_OK)
        status = hanse_database_commit(&shard->database, err);
    if (status == HANSE_OK)
        shard->committed = shard->state;
    return status;
}

void hanse_shard_rollback(struct hanse_shard *shard)
{
    hanse_database_rollback(&shard->database);
    shard->state = shard->committed;
}

void hanse_shard_advance(struct hanse_shard *shard, struct hanse_shard_place next, bool sealed)
{
    if (sealed && !shard->state.sealed)
        shard->state.beyond = next;
    shard->state.sealed = shard->state.sealed || sealed;
    shard->state.next = next;
}

static enum hanse_status add_row(struct hanse_shard *shard, const struct hanse_shard_document *document,
                                 int64_t id, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_ADD_DOCUMENT,
                       "INSERT INTO document VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)");
    hanse_query_bind_i64(&query, 1, id);
    hanse_query_bind_i64(&query, 2, document->feed_id);
    hanse_query_bind_u64(&query, 3, document->entry_index);
    hanse_query_bind_blob(&query, 4, document->record_id, RECORD_ID_BYTES);
    hanse_query_bind_i64(&query, 5, document->kind);
    hanse_query_bind_u64(&query, 6, document->published_unix_s);
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_shard_add(struct hanse_shard *shard, const struct hanse_shard_document *document,
                                  struct hanse_error *err)
{
    int64_t id = (int64_t)shard->state.documents + 1;
    enum hanse_status status = add_row(shard, document, id, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_ADD_TEXT,
                       "INSERT INTO text (rowid, title, body, code) VALUES (?1, CAST(?2 AS TEXT),"
                       " CAST(?3 AS TEXT), CAST(?4 AS TEXT))");
    hanse_query_bind_i64(&query, 1, id);
    hanse_query_bind_bytes(&query, 2, document->title);
    hanse_query_bind_bytes(&query, 3, document->body);
    hanse_query_bind_bytes(&query, 4, document->code);
    status = hanse_query_run(&query, err);
    if (status == HANSE_OK) {
        shard->state.documents++;
        shard->state.live++;
    }
    return status;
}

enum hanse_status hanse_shard_drop(struct hanse_shard *shard, int64_t feed_id, const uint8_t record_id[16],
                                   struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_DROP_RECORD,
                       "UPDATE document SET live = 0 WHERE record_id = ?1 AND live = 1 AND feed_id = ?2");
    hanse_query_bind_blob(&query, 1, record_id, RECORD_ID_BYTES);
    hanse_query_bind_i64(&query, 2, feed_id);
    enum hanse_status status = hanse_query_run(&query, err);
    if (status == HANSE_OK)
        shard->state.live -= (uint64_t)sqlite3_changes(shard->database.handle);
    return status;
}

static enum hanse_status run_for_feed(struct hanse_shard *shard, int slot, const char *sql, int64_t feed_id,
                                      struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(&shard->database, slot, sql);
    hanse_query_bind_i64(&query, 1, feed_id);
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_shard_drop_feed(struct hanse_shard *shard, int64_t feed_id, struct hanse_error *err)
{
    enum hanse_status status =
        run_for_feed(shard, HANSE_SHARD_SLOT_DROP_FEED,
                     "UPDATE document SET live = 0 WHERE feed_id = ?1 AND live = 1", feed_id, err);
    if (status != HANSE_OK)
        return status;
    shard->state.live -= (uint64_t)sqlite3_changes(shard->database.handle);
    return run_for_feed(shard, HANSE_SHARD_SLOT_FEED_FORGET, "DELETE FROM feed WHERE feed_id = ?1", feed_id,
                        err);
}

enum hanse_status hanse_shard_feed_taken(struct hanse_shard *shard, int64_t feed_id,
                                         struct hanse_shard_taken *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_FEED_TAKEN,
                       "SELECT beyond, sequence FROM feed WHERE feed_id = ?1");
    hanse_query_bind_i64(&query, 1, feed_id);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = (struct hanse_shard_taken){row ? hanse_query_u64(&query, 0) : 0,
                                          row ? hanse_query_u64(&query, 1) : 0};
    return status;
}

enum hanse_status hanse_shard_feed_take(struct hanse_shard *shard, int64_t feed_id,
                                        struct hanse_shard_taken taken, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_FEED_TAKE,
                       "INSERT INTO feed VALUES (?1, ?2, ?3) ON CONFLICT (feed_id) DO UPDATE SET"
                       " beyond = max(beyond, excluded.beyond), sequence = max(sequence, excluded.sequence)");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_u64(&query, 2, taken.beyond);
    hanse_query_bind_u64(&query, 3, taken.sequence);
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_shard_holds(struct hanse_shard *shard, int64_t feed_id, uint64_t first,
                                    uint64_t beyond, bool *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_HOLDS,
                       "SELECT 1 FROM document WHERE feed_id = ?1 AND entry_index >= ?2 AND entry_index < ?3"
                       " LIMIT 1");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_u64(&query, 2, first);
    hanse_query_bind_u64(&query, 3, beyond);
    return hanse_query_step(&query, out, err);
}

enum hanse_status hanse_shard_empty(struct hanse_shard *shard, const struct hanse_shard_state *state,
                                    struct hanse_error *err)
{
    char sql[STATE_SQL_BYTES];
    write_state_sql(state, sql);
    enum hanse_status status = hanse_database_empty(&shard->database, sql, err);
    return status == HANSE_OK ? read_state(shard, err) : status;
}

enum hanse_status hanse_shard_optimize(struct hanse_shard *shard, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &shard->database, HANSE_SHARD_SLOT_OPTIMIZE, "INSERT INTO text (text) VALUES ('optimize')");
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_shard_check(struct hanse_shard *shard, struct hanse_error *err)
{
    return hanse_database_check(&shard->database, err);
}
