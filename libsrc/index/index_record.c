/* SPDX-License-Identifier: Apache-2.0 */
/* Records: getting one, and the four ways to find several. */
#include "base/error.h"
#include "index/index_internal.h"
#include "wire/header.h"

enum { RECORD_ID_BYTES = 16, DIGEST_BYTES = 16 };

#define RECORD_COLUMNS                                                                                       \
    "SELECT e.feed_id, f.origin, e.record_id, e.kind, e.revision, e.entry_index, e.published_unix_s,"        \
    " e.audience, e.operation, e.payload_state, e.digest "
/* A record's current entry is read by its key: no planner must turn the order of these joins round. */
#define FROM_RECORD                                                                                          \
    "FROM feed f CROSS JOIN record r ON r.feed_id = f.id"                                                    \
    " CROSS JOIN entry e ON e.feed_id = r.feed_id AND e.entry_index = r.current_index "

static enum hanse_status read_record(const struct hanse_query *query, struct hanse_index_record *out,
                                     struct hanse_error *err)
{
    struct hanse_index_record record = {
        .feed_id = hanse_query_i64(query, 0),
        .kind = hanse_query_u32(query, 3),
        .revision = hanse_query_u64(query, 4),
        .entry_index = hanse_query_u64(query, 5),
        .published_unix_s = hanse_query_u64(query, 6),
        .audience = hanse_query_u32(query, 7),
        .withdrawn = hanse_query_u32(query, 8) == HANSE_OPERATION_WITHDRAW,
        .payload_state = hanse_query_u32(query, 9),
        .has_digest = sqlite3_column_type(query->statement, 10) != SQLITE_NULL,
    };
    enum hanse_status status = hanse_query_copy_blob(query, 2, record.record_id, RECORD_ID_BYTES, err);
    if (status == HANSE_OK && record.has_digest)
        status = hanse_query_copy_blob(query, 10, record.digest, DIGEST_BYTES, err);
    if (status == HANSE_OK)
        *out = record;
    return status;
}

enum hanse_status hanse_index_record_get(struct hanse_index *index, int64_t feed_id,
                                         const uint8_t record_id[16], struct hanse_index_record *out,
                                         struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_RECORD_GET,
                       RECORD_COLUMNS FROM_RECORD "WHERE f.id = ?1 AND r.record_id = ?2");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_blob(&query, 2, record_id, RECORD_ID_BYTES);
    bool row = false;
    struct hanse_index_record record;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && !row)
        status = hanse_fail(err, HANSE_NOT_FOUND, "the feed has no such record");
    if (status == HANSE_OK)
        status = read_record(&query, &record, err);
    if (status != HANSE_OK)
        return status;
    hanse_arena_reset(&index->texts);
    status = hanse_query_copy_text(&query, 1, &index->texts, &record.origin, err);
    if (status == HANSE_OK)
        *out = record;
    return status;
}

/* Each row of a bound query to the visitor. The origin is copied once for each feed. */
static enum hanse_status visit_rows(struct hanse_query *query, hanse_index_record_visit *visit, void *context,
                                    struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, SIZE_MAX);
    int64_t feed_id = 0;
    const char *origin = NULL;
    for (;;) {
        bool row = false;
        struct hanse_index_record record;
        enum hanse_status status = hanse_query_step(query, &row, err);
        if (status != HANSE_OK || !row)
            return status;
        status = read_record(query, &record, err);
        if (status == HANSE_OK && (origin == NULL || record.feed_id != feed_id)) {
            hanse_arena_reset(&arena);
            status = hanse_query_copy_text(query, 1, &arena, &origin, err);
            feed_id = record.feed_id;
        }
        record.origin = origin;
        if (status == HANSE_OK)
            status = visit(context, &record, err);
        if (status != HANSE_OK)
            return status;
    }
}

enum hanse_status hanse_index_record_list(struct hanse_index *index, const struct hanse_index_filter *filter,
                                          hanse_index_record_visit *visit, void *context,
                                          struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_RECORD_LIST,
                       RECORD_COLUMNS "FROM feed f CROSS JOIN entry e ON e.feed_id = f.id"
                                      " WHERE e.current = 1 AND (?1 = 0 OR f.id = ?1)"
                                      " AND (?2 = 0 OR e.kind = ?2) AND e.published_unix_s >= ?3"
                                      " AND (?4 OR e.operation = 1) ORDER BY f.id, e.entry_index");
    hanse_query_bind_i64(&query, 1, filter->feed_id);
    hanse_query_bind_i64(&query, 2, filter->kind);
    hanse_query_bind_i64(&query, 3,
                         filter->since_unix_s > INT64_MAX ? INT64_MAX : (int64_t)filter->since_unix_s);
    hanse_query_bind_i64(&query, 4, filter->withdrawn_too);
    return visit_rows(&query, visit, context, err);
}

enum hanse_status hanse_index_record_find_prefix(struct hanse_index *index, const char *hex_prefix,
                                                 hanse_index_record_visit *visit, void *context,
                                                 struct hanse_error *err)
{
    uint8_t low[RECORD_ID_BYTES], high[RECORD_ID_BYTES];
    enum hanse_status status = hanse_query_prefix_bounds(hex_prefix, low, high, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_RECORD_BY_PREFIX,
                       RECORD_COLUMNS FROM_RECORD
                       "WHERE r.record_id >= ?1 AND r.record_id <= ?2 ORDER BY f.id, r.record_id");
    hanse_query_bind_blob(&query, 1, low, sizeof low);
    hanse_query_bind_blob(&query, 2, high, sizeof high);
    return visit_rows(&query, visit, context, err);
}

/* Identifiers are kept for each revision: those count that the newest valid PUT of the record said. */
enum hanse_status hanse_index_record_find_identifier(struct hanse_index *index, int64_t feed_id,
                                                     const char *scheme, const char *value,
                                                     hanse_index_record_visit *visit, void *context,
                                                     struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_RECORD_BY_IDENTIFIER,
        RECORD_COLUMNS "FROM identifier i CROSS JOIN record r ON r.feed_id = i.feed_id"
                       " AND r.record_id = i.record_id AND r.put_index = i.entry_index"
                       " CROSS JOIN entry e ON e.feed_id = r.feed_id AND e.entry_index = r.current_index"
                       " CROSS JOIN feed f ON f.id = e.feed_id"
                       " WHERE i.scheme = ?1 AND i.value = ?2 AND (?3 = 0 OR i.feed_id = ?3)"
                       " ORDER BY i.feed_id, i.entry_index");
    hanse_query_bind_text(&query, 1, scheme);
    hanse_query_bind_text(&query, 2, value);
    hanse_query_bind_i64(&query, 3, feed_id);
    return visit_rows(&query, visit, context, err);
}

/* Reads the feed's identifiers from end to end: it is for work that reads as much anyway. */
enum hanse_status hanse_index_record_find_scheme(struct hanse_index *index, int64_t feed_id,
                                                 const char *scheme, hanse_index_record_visit *visit,
                                                 void *context, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_RECORD_BY_SCHEME,
        RECORD_COLUMNS
        "FROM record r CROSS JOIN entry e ON e.feed_id = r.feed_id"
        " AND e.entry_index = r.current_index CROSS JOIN feed f ON f.id = e.feed_id"
        " WHERE r.feed_id = ?1 AND EXISTS (SELECT 1 FROM identifier i WHERE i.feed_id = r.feed_id"
        " AND i.entry_index = r.put_index AND i.scheme = ?2 AND i.record_id = r.record_id)"
        " ORDER BY r.record_id");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_text(&query, 2, scheme);
    return visit_rows(&query, visit, context, err);
}

enum hanse_status hanse_index_record_find_digest(struct hanse_index *index, int64_t feed_id,
                                                 const uint8_t digest[16], hanse_index_record_visit *visit,
                                                 void *context, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_RECORD_BY_DIGEST,
                       RECORD_COLUMNS "FROM feed f CROSS JOIN entry e ON e.feed_id = f.id WHERE f.id = ?1"
                                      " AND e.digest IS NOT NULL AND e.current = 1 AND e.digest = ?2"
                                      " ORDER BY e.entry_index");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_blob(&query, 2, digest, DIGEST_BYTES);
    return visit_rows(&query, visit, context, err);
}
