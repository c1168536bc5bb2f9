/* SPDX-License-Identifier: Apache-2.0 */
#include "index/arrival.h"

#include "base/error.h"
#include "index/index_internal.h"
#include "wire/header.h"

static int64_t clamp(uint64_t number)
{
    return number > INT64_MAX ? INT64_MAX : (int64_t)number;
}

static enum hanse_status add(struct hanse_index *index, int64_t feed_id, int64_t first, int64_t beyond,
                             struct hanse_error *err)
{
    return hanse_index_run(index, HANSE_SLOT_ARRIVAL_ADD,
                           "INSERT INTO arrival (feed_id, first, beyond) VALUES (?1, ?2, ?3)",
                           (const int64_t[]){feed_id, first, beyond}, 3, err);
}

enum hanse_status hanse_index_arrival_flush(struct hanse_index *index, struct hanse_error *err)
{
    const struct hanse_index_arriving noted = index->arriving;
    index->arriving = (struct hanse_index_arriving){0};
    return noted.beyond > noted.first ? add(index, noted.feed_id, noted.first, noted.beyond, err) : HANSE_OK;
}

/* Indices ascend: what lies between two of them was never there. */
enum hanse_status hanse_index_arrival_note(struct hanse_index *index, int64_t feed_id, int64_t entry_index,
                                           struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    if (index->arriving.feed_id != feed_id) {
        status = hanse_index_arrival_flush(index, err);
        index->arriving = (struct hanse_index_arriving){.feed_id = feed_id, .first = entry_index};
    }
    index->arriving.beyond = entry_index + 1;
    return status;
}

enum hanse_status hanse_index_arrival_again(struct hanse_index *index, int64_t feed_id, int64_t entry_index,
                                            struct hanse_error *err)
{
    enum hanse_status status = hanse_index_arrival_flush(index, err);
    return status == HANSE_OK ? add(index, feed_id, entry_index, entry_index + 1, err) : status;
}

enum hanse_status hanse_index_arrival_gone(struct hanse_index *index, int64_t feed_id,
                                           struct hanse_error *err)
{
    enum hanse_status status = hanse_index_arrival_flush(index, err);
    if (status != HANSE_OK)
        return status;
    return hanse_index_run(index, HANSE_SLOT_ARRIVAL_ADD_GONE,
                           "INSERT INTO arrival (feed_id, first, beyond, origin)"
                           " SELECT id, 0, 0, origin FROM feed WHERE id = ?1",
                           &feed_id, 1, err);
}

enum hanse_status hanse_index_token(struct hanse_index *index, uint8_t out[HANSE_INDEX_TOKEN_BYTES],
                                    struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ARRIVAL_TOKEN, "SELECT token FROM identity LIMIT 1");
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && !row)
        status = hanse_database_fail_content(&index->database, "it has no identity", err);
    return status == HANSE_OK ? hanse_query_copy_blob(&query, 0, out, HANSE_INDEX_TOKEN_BYTES, err) : status;
}

enum hanse_status hanse_index_arrival_last(struct hanse_index *index, uint64_t *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ARRIVAL_LAST,
                       "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'arrival'");
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = hanse_query_u64(&query, 0);
    return status;
}

enum hanse_status hanse_index_arrival_next(struct hanse_index *index, uint64_t sequence,
                                           struct hanse_index_arrival *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ARRIVAL_NEXT,
                       "SELECT sequence, feed_id, first, beyond, origin FROM arrival WHERE sequence >= ?1"
                       " ORDER BY sequence LIMIT 1");
    hanse_query_bind_i64(&query, 1, clamp(sequence));
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && !row)
        status = hanse_fail(err, HANSE_NOT_FOUND, "nothing has arrived since");
    if (status != HANSE_OK)
        return status;
    struct hanse_index_arrival arrival = {.sequence = hanse_query_u64(&query, 0),
                                          .feed_id = hanse_query_i64(&query, 1),
                                          .first = hanse_query_u64(&query, 2),
                                          .beyond = hanse_query_u64(&query, 3)};
    hanse_arena_reset(&index->texts);
    status = hanse_query_copy_text(&query, 4, &index->texts, &arrival.origin, err);
    if (status == HANSE_OK)
        *out = arrival;
    return status;
}

enum hanse_status hanse_index_arrival_entries(struct hanse_index *index, uint64_t first, uint64_t beyond,
                                              uint64_t *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ARRIVAL_ENTRIES,
                       "SELECT total(beyond - first) FROM arrival WHERE sequence >= ?1 AND sequence < ?2");
    hanse_query_bind_i64(&query, 1, clamp(first));
    hanse_query_bind_i64(&query, 2, clamp(beyond));
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = hanse_query_u64(&query, 0);
    return status;
}

static enum hanse_status read_entry(const struct hanse_query *query, const char *origin,
                                    struct hanse_index_range_entry *out, struct hanse_error *err)
{
    *out = (struct hanse_index_range_entry){
        .record = {.feed_id = hanse_query_i64(query, 0),
                   .origin = origin,
                   .entry_index = hanse_query_u64(query, 1),
                   .kind = hanse_query_u32(query, 4),
                   .revision = hanse_query_u64(query, 5),
                   .published_unix_s = hanse_query_u64(query, 6),
                   .audience = hanse_query_u32(query, 7),
                   .payload_state = hanse_query_u32(query, 8)},
        .operation = hanse_query_u32(query, 2),
        .verdict = hanse_query_u32(query, 3),
        .has_record_id = sqlite3_column_type(query->statement, 10) != SQLITE_NULL,
        .current = hanse_query_i64(query, 9) != 0,
    };
    out->record.withdrawn = out->operation == HANSE_OPERATION_WITHDRAW;
    return out->has_record_id
               ? hanse_query_copy_blob(query, 10, out->record.record_id, sizeof out->record.record_id, err)
               : HANSE_OK;
}

enum hanse_status hanse_index_entry_range(struct hanse_index *index, int64_t feed_id, uint64_t first,
                                          uint64_t beyond, hanse_index_range_visit *visit, void *context,
                                          struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, SIZE_MAX);
    const char *origin = NULL;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ENTRY_RANGE,
                       "SELECT e.feed_id, e.entry_index, e.operation, e.verdict, e.kind, e.revision,"
                       " e.published_unix_s, e.audience, e.payload_state, e.current, e.record_id, f.origin"
                       " FROM feed f CROSS JOIN entry e ON e.feed_id = f.id WHERE f.id = ?1"
                       " AND e.entry_index >= ?2 AND e.entry_index < ?3 ORDER BY e.entry_index");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_i64(&query, 2, clamp(first));
    hanse_query_bind_i64(&query, 3, clamp(beyond));
    for (;;) {
        bool row = false;
        struct hanse_index_range_entry entry;
        enum hanse_status status = hanse_query_step(&query, &row, err);
        if (status != HANSE_OK || !row)
            return status;
        if (origin == NULL)
            status = hanse_query_copy_text(&query, 11, &arena, &origin, err);
        if (status == HANSE_OK)
            status = read_entry(&query, origin, &entry, err);
        if (status == HANSE_OK)
            status = visit(context, &entry, err);
        if (status != HANSE_OK)
            return status;
    }
}
