/* SPDX-License-Identifier: Apache-2.0 */
/* Entries: adding them, their identifiers, erasure and missing payloads. */
#include "base/checked.h"
#include "base/error.h"
#include "index/index_internal.h"
#include "wire/header.h"

enum {
    RECORD_ID_BYTES = 16,
    DIGEST_BYTES = 16,
    VERDICT_VALID = 0 /* as stored: docs/index.md */
};

/* What a record's row says; entry numbers are -1 where there is none. */
struct record_state {
    int64_t revisions;
    int64_t current_index;
    int64_t put_index;
};

static bool makes_revision(const struct hanse_index_entry *entry)
{
    return entry->record_id != NULL &&
           (entry->operation == HANSE_OPERATION_PUT || entry->operation == HANSE_OPERATION_WITHDRAW);
}

enum hanse_status hanse_index_find_tail(struct hanse_index *index, int64_t feed_id, struct hanse_error *err)
{
    if (index->tail_feed_id == feed_id)
        return HANSE_OK;
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_ENTRY_TAIL,
        "SELECT (SELECT ifnull(max(entry_index), -1) FROM entry WHERE feed_id = ?1) FROM feed WHERE id = ?1");
    hanse_query_bind_i64(&query, 1, feed_id);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && !row)
        status = hanse_fail(err, HANSE_NOT_FOUND, "the index has no feed \"%lld\"", (long long)feed_id);
    if (status == HANSE_OK) {
        index->tail_feed_id = feed_id;
        index->tail_index = hanse_query_i64(&query, 0);
    }
    return status;
}

static enum hanse_status check_order(struct hanse_index *index, int64_t feed_id, uint64_t entry_index,
                                     struct hanse_error *err)
{
    enum hanse_status status = hanse_database_need_transaction(&index->database, err);
    if (status == HANSE_OK)
        status = hanse_index_find_tail(index, feed_id, err);
    if (status != HANSE_OK)
        return status;
    if (entry_index > INT64_MAX)
        return hanse_fail(err, HANSE_LIMIT, "entry index \"%llu\" is 2^63 or more",
                          (unsigned long long)entry_index);
    if ((int64_t)entry_index <= index->tail_index)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "entry \"%llu\" is not after \"%lld\", the newest one",
                          (unsigned long long)entry_index, (long long)index->tail_index);
    return HANSE_OK;
}

static int64_t index_or_none(const struct hanse_query *query, int at)
{
    bool none = sqlite3_column_type(query->statement, at) == SQLITE_NULL;
    return none ? -1 : hanse_query_i64(query, at);
}

static enum hanse_status read_state(struct hanse_index *index, int64_t feed_id, const uint8_t *record_id,
                                    struct record_state *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_RECORD_STATE,
                       "SELECT revisions, current_index, put_index FROM record"
                       " WHERE feed_id = ?1 AND record_id = ?2");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_blob(&query, 2, record_id, RECORD_ID_BYTES);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && !row)
        status = hanse_database_fail_content(&index->database, "a record cannot be read back", err);
    if (status != HANSE_OK)
        return status;
    out->revisions = hanse_query_i64(&query, 0);
    out->current_index = index_or_none(&query, 1);
    out->put_index = index_or_none(&query, 2);
    return HANSE_OK;
}

static void bind_state(struct hanse_query *query, int64_t feed_id, const uint8_t *record_id,
                       const struct record_state *state)
{
    hanse_query_bind_i64(query, 1, feed_id);
    hanse_query_bind_blob(query, 2, record_id, RECORD_ID_BYTES);
    hanse_query_bind_i64(query, 3, state->revisions);
    if (state->current_index >= 0)
        hanse_query_bind_i64(query, 4, state->current_index);
    if (state->put_index >= 0)
        hanse_query_bind_i64(query, 5, state->put_index);
}

static enum hanse_status update_state(struct hanse_index *index, int64_t feed_id, const uint8_t *record_id,
                                      const struct record_state *state, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_RECORD_UPDATE,
                       "UPDATE record SET revisions = ?3, current_index = ?4, put_index = ?5"
                       " WHERE feed_id = ?1 AND record_id = ?2");
    bind_state(&query, feed_id, record_id, state);
    return hanse_query_run(&query, err);
}

/* Most entries are the first of their record: so insert first, and look only if it is there already. */
static enum hanse_status insert_state(struct hanse_index *index, int64_t feed_id, const uint8_t *record_id,
                                      const struct record_state *state, bool *out_inserted,
                                      struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_RECORD_INSERT,
        "INSERT OR IGNORE INTO record (feed_id, record_id, revisions, current_index, put_index)"
        " VALUES (?1, ?2, ?3, ?4, ?5)");
    bind_state(&query, feed_id, record_id, state);
    enum hanse_status status = hanse_query_run(&query, err);
    if (status == HANSE_OK)
        *out_inserted = sqlite3_changes(index->database.handle) > 0;
    return status;
}

static enum hanse_status read_kind(struct hanse_index *index, int64_t feed_id, int64_t entry_index,
                                   uint32_t *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ENTRY_KIND,
                       "SELECT kind FROM entry WHERE feed_id = ?1 AND entry_index = ?2");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_i64(&query, 2, entry_index);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && row)
        *out = hanse_query_u32(&query, 0);
    return status;
}

static enum hanse_status insert_entry(struct hanse_index *index, int64_t feed_id,
                                      const struct hanse_index_entry *entry, int64_t revision, bool current,
                                      uint32_t kind, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ENTRY_INSERT,
                       "INSERT INTO entry (feed_id, entry_index, operation, verdict, audience, kind,"
                       " published_unix_s, payload_state, revision, current, record_id, digest)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_u64(&query, 2, entry->index);
    hanse_query_bind_i64(&query, 3, entry->operation);
    hanse_query_bind_i64(&query, 4, entry->verdict);
    hanse_query_bind_i64(&query, 5, entry->audience);
    hanse_query_bind_i64(&query, 6, kind);
    hanse_query_bind_u64(&query, 7, entry->published_unix_s);
    hanse_query_bind_i64(&query, 8, entry->payload_state);
    hanse_query_bind_i64(&query, 9, revision);
    hanse_query_bind_i64(&query, 10, current);
    hanse_query_bind_blob(&query, 11, entry->record_id, RECORD_ID_BYTES);
    hanse_query_bind_blob(&query, 12, entry->digest, DIGEST_BYTES);
    return hanse_query_run(&query, err);
}

/* The entry after others of its record. A valid one takes over from the one that was current. */
static enum hanse_status add_later_revision(struct hanse_index *index, int64_t feed_id,
                                            const struct hanse_index_entry *entry, struct hanse_error *err)
{
    struct record_state state = {0};
    bool valid = entry->verdict == VERDICT_VALID;
    bool put = entry->operation == HANSE_OPERATION_PUT;
    uint32_t kind = entry->kind;
    enum hanse_status status = read_state(index, feed_id, entry->record_id, &state, err);
    /* A WITHDRAW names no kind: that of what it withdraws is kept, so that lists by kind find it. */
    if (status == HANSE_OK && valid && !put && state.put_index >= 0)
        status = read_kind(index, feed_id, state.put_index, &kind, err);
    if (status == HANSE_OK && valid && state.current_index >= 0)
        status = hanse_index_run(index, HANSE_SLOT_ENTRY_SUPERSEDE,
                                 "UPDATE entry SET current = 0 WHERE feed_id = ?1 AND entry_index = ?2",
                                 (const int64_t[]){feed_id, state.current_index}, 2, err);
    state.revisions++;
    state.current_index = valid ? (int64_t)entry->index : state.current_index;
    state.put_index = valid && put ? (int64_t)entry->index : state.put_index;
    if (status == HANSE_OK)
        status = insert_entry(index, feed_id, entry, state.revisions, valid, kind, err);
    return status == HANSE_OK ? update_state(index, feed_id, entry->record_id, &state, err) : status;
}

static enum hanse_status add_revision(struct hanse_index *index, int64_t feed_id,
                                      const struct hanse_index_entry *entry, struct hanse_error *err)
{
    bool valid = entry->verdict == VERDICT_VALID;
    bool valid_put = valid && entry->operation == HANSE_OPERATION_PUT;
    const struct record_state first = {
        .revisions = 1,
        .current_index = valid ? (int64_t)entry->index : -1,
        .put_index = valid_put ? (int64_t)entry->index : -1,
    };
    bool inserted = false;
    enum hanse_status status = insert_state(index, feed_id, entry->record_id, &first, &inserted, err);
    if (status != HANSE_OK)
        return status;
    return inserted ? insert_entry(index, feed_id, entry, first.revisions, valid, entry->kind, err)
                    : add_later_revision(index, feed_id, entry, err);
}

enum hanse_status hanse_index_entry_add(struct hanse_index *index, int64_t feed_id,
                                        const struct hanse_index_entry *entry, struct hanse_error *err)
{
    enum hanse_status status = check_order(index, feed_id, entry->index, err);
    if (status != HANSE_OK)
        return status;
    if (makes_revision(entry))
        status = add_revision(index, feed_id, entry, err);
    else
        status = insert_entry(index, feed_id, entry, 0, false, entry->kind, err);
    if (status != HANSE_OK)
        return status;
    index->tail_index = (int64_t)entry->index;
    return hanse_index_arrival_note(index, feed_id, index->tail_index, err);
}

enum hanse_status hanse_index_identifier_add(struct hanse_index *index, int64_t feed_id,
                                             const uint8_t record_id[16], uint64_t entry_index,
                                             const char *scheme, const char *value, struct hanse_error *err)
{
    enum hanse_status status = hanse_database_need_transaction(&index->database, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_IDENTIFIER_ADD,
                       "INSERT INTO identifier (feed_id, entry_index, scheme, value, record_id)"
                       " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_u64(&query, 2, entry_index);
    hanse_query_bind_text(&query, 3, scheme);
    hanse_query_bind_text(&query, 4, value);
    hanse_query_bind_blob(&query, 5, record_id, RECORD_ID_BYTES);
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_index_payload_found(struct hanse_index *index, int64_t feed_id, uint64_t entry_index,
                                            struct hanse_error *err)
{
    enum hanse_status status = hanse_database_need_transaction(&index->database, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_index_run(index, HANSE_SLOT_ENTRY_FOUND,
                             "UPDATE entry SET payload_state = 1"
                             " WHERE feed_id = ?1 AND entry_index = ?2 AND payload_state = 2",
                             (const int64_t[]){feed_id, (int64_t)entry_index}, 2, err);
    bool found = status == HANSE_OK && sqlite3_changes(index->database.handle) > 0;
    return found ? hanse_index_arrival_again(index, feed_id, (int64_t)entry_index, err) : status;
}

/* Left to itself SQLite takes the primary key here, and walks over a million entries to find that none is
 * missing. */
static enum hanse_status count_missing(struct hanse_index *index, int64_t feed_id, uint64_t *out,
                                       struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ENTRY_MISSING_COUNT,
                       "SELECT count(*) FROM entry INDEXED BY entry_missing"
                       " WHERE feed_id = ?1 AND payload_state = 2");
    hanse_query_bind_i64(&query, 1, feed_id);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = hanse_query_u64(&query, 0);
    return status;
}

enum hanse_status hanse_index_missing(struct hanse_index *index, int64_t feed_id, uint64_t *out, size_t max,
                                      size_t *out_given, uint64_t *out_total, struct hanse_error *err)
{
    uint64_t total = 0;
    size_t given = 0;
    bool row = false;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ENTRY_MISSING,
                       "SELECT entry_index FROM entry INDEXED BY entry_missing"
                       " WHERE feed_id = ?1 AND payload_state = 2 ORDER BY entry_index");
    hanse_query_bind_i64(&query, 1, feed_id);
    /* The first step fixes what both statements see. */
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        status = count_missing(index, feed_id, &total, err);
    while (status == HANSE_OK && row && given < max) {
        out[given++] = hanse_query_u64(&query, 0);
        status = hanse_query_step(&query, &row, err);
    }
    if (status == HANSE_OK) {
        *out_given = given;
        *out_total = total;
    }
    return status;
}
