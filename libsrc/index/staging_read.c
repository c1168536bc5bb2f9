/* SPDX-License-Identifier: Apache-2.0 */
/* What reads staged changes: get, find, count, list. */
#include "base/error.h"
#include "index/staging_internal.h"

/* The change of the current row, copied into the arena. */
static enum hanse_status read_change(const struct hanse_query *query, struct hanse_arena *arena,
                                     struct hanse_staged_change *out, struct hanse_error *err)
{
    struct hanse_staged_change change = {
        .operation = hanse_query_u32(query, 1),
        .audience = hanse_query_u32(query, 3),
        .kind = hanse_query_u32(query, 4),
        .reason = hanse_query_u32(query, 5),
        .published_unix_s = hanse_query_u64(query, 6),
        .sequence = hanse_query_u64(query, 10),
    };
    enum hanse_status status = hanse_query_copy_text(query, 0, arena, &change.origin, err);
    if (status == HANSE_OK)
        status = hanse_query_copy_blob(query, 2, change.record_id, sizeof change.record_id, err);
    if (status == HANSE_OK)
        status = hanse_query_copy_blob(query, 7, change.salt, sizeof change.salt, err);
    if (status == HANSE_OK)
        status = hanse_query_copy_blob(query, 8, change.digest, sizeof change.digest, err);
    if (status == HANSE_OK)
        status = hanse_query_copy_bytes(query, 9, arena, &change.record, err);
    if (status == HANSE_OK)
        *out = change;
    return status;
}

enum hanse_status hanse_staging_get(struct hanse_staging *staging, const char *origin,
                                    const uint8_t record_id[16], struct hanse_staged_change *out,
                                    struct hanse_error *err)
{
    enum hanse_status status = hanse_staging_settle(staging, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &staging->database, HANSE_STAGING_SLOT_GET,
        "SELECT " HANSE_STAGING_COLUMNS ", sequence FROM change WHERE origin = ?1 AND record_id = ?2");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_blob(&query, 2, record_id, HANSE_STAGING_ID_BYTES);
    bool row = false;
    status = hanse_query_step(&query, &row, err);
    if (status != HANSE_OK)
        return status;
    if (!row)
        return hanse_staging_fail_absent(origin, err);
    hanse_arena_reset(&staging->given);
    return read_change(&query, &staging->given, out, err);
}

/* The record id that a bound query finds first. */
static enum hanse_status read_record_id(struct hanse_query *query, const char *origin, uint8_t *out,
                                        struct hanse_error *err)
{
    bool row = false;
    enum hanse_status status = hanse_query_step(query, &row, err);
    if (status == HANSE_OK && !row)
        status = hanse_staging_fail_absent(origin, err);
    return status == HANSE_OK ? hanse_query_copy_blob(query, 0, out, HANSE_STAGING_ID_BYTES, err) : status;
}

enum hanse_status hanse_staging_find_identifier(struct hanse_staging *staging, const char *origin,
                                                const char *scheme, const char *value,
                                                uint8_t out_record_id[16], struct hanse_error *err)
{
    enum hanse_status status = hanse_staging_settle(staging, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_FIND_IDENTIFIER,
                       "SELECT c.record_id FROM identifier i CROSS JOIN change c ON c.sequence = i.sequence"
                       " WHERE i.scheme = ?2 AND i.value = ?3 AND c.origin = ?1"
                       " ORDER BY i.sequence LIMIT 1");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_text(&query, 2, scheme);
    hanse_query_bind_text(&query, 3, value);
    return read_record_id(&query, origin, out_record_id, err);
}

enum hanse_status hanse_staging_find_digest(struct hanse_staging *staging, const char *origin,
                                            const uint8_t digest[16], uint8_t out_record_id[16],
                                            struct hanse_error *err)
{
    enum hanse_status status = hanse_staging_settle(staging, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_FIND_DIGEST,
                       "SELECT record_id FROM change INDEXED BY change_digest"
                       " WHERE digest = ?2 AND origin = ?1 AND operation = 1 ORDER BY sequence LIMIT 1");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_blob(&query, 2, digest, HANSE_STAGING_ID_BYTES);
    return read_record_id(&query, origin, out_record_id, err);
}

static enum hanse_status visit_ids(struct hanse_query *query, hanse_staging_id_visit *visit, void *context,
                                   struct hanse_error *err)
{
    for (;;) {
        bool row = false;
        uint8_t id[HANSE_STAGING_ID_BYTES];
        enum hanse_status status = hanse_query_step(query, &row, err);
        if (status != HANSE_OK || !row)
            return status;
        status = hanse_query_copy_blob(query, 0, id, sizeof id, err);
        if (status == HANSE_OK)
            status = visit(context, id, err);
        if (status != HANSE_OK)
            return status;
    }
}

enum hanse_status hanse_staging_find_prefix(struct hanse_staging *staging, const char *origin,
                                            const char *hex_prefix, hanse_staging_id_visit *visit,
                                            void *context, struct hanse_error *err)
{
    uint8_t low[HANSE_STAGING_ID_BYTES], high[HANSE_STAGING_ID_BYTES];
    enum hanse_status status = hanse_query_prefix_bounds(hex_prefix, low, high, err);
    if (status == HANSE_OK)
        status = hanse_staging_settle(staging, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_FIND_PREFIX,
                       "SELECT record_id FROM change INDEXED BY change_record WHERE origin = ?1"
                       " AND record_id >= ?2 AND record_id <= ?3 ORDER BY record_id");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_blob(&query, 2, low, sizeof low);
    hanse_query_bind_blob(&query, 3, high, sizeof high);
    return visit_ids(&query, visit, context, err);
}

enum hanse_status hanse_staging_find_scheme(struct hanse_staging *staging, const char *origin,
                                            const char *scheme, hanse_staging_id_visit *visit, void *context,
                                            struct hanse_error *err)
{
    enum hanse_status status = hanse_staging_settle(staging, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &staging->database, HANSE_STAGING_SLOT_FIND_SCHEME,
        "SELECT c.record_id FROM change c WHERE c.origin = ?1 AND EXISTS (SELECT 1 FROM identifier"
        " i WHERE i.sequence = c.sequence AND i.scheme = ?2) ORDER BY c.record_id");
    hanse_query_bind_text(&query, 1, origin);
    hanse_query_bind_text(&query, 2, scheme);
    return visit_ids(&query, visit, context, err);
}

static enum hanse_status count(struct hanse_staging *staging, int slot, const char *sql, const char *origin,
                               uint64_t *out, struct hanse_error *err)
{
    enum hanse_status status = hanse_staging_settle(staging, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(&staging->database, slot, sql);
    hanse_query_bind_text(&query, 1, origin);
    bool row = false;
    status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = hanse_query_u64(&query, 0);
    return status;
}

enum hanse_status hanse_staging_count(struct hanse_staging *staging, const char *origin, uint64_t *out,
                                      struct hanse_error *err)
{
    return count(staging, HANSE_STAGING_SLOT_COUNT, "SELECT count(*) FROM change WHERE origin = ?1", origin,
                 out, err);
}

enum hanse_status hanse_staging_count_held_back(struct hanse_staging *staging, const char *origin,
                                                uint64_t *out, struct hanse_error *err)
{
    return count(staging, HANSE_STAGING_SLOT_COUNT_HELD_BACK,
                 "SELECT count(*) FROM change WHERE origin = ?1 AND audience IN (1, 2)", origin, out, err);
}

enum hanse_status hanse_staging_list(struct hanse_staging *staging, const char *origin,
                                     hanse_staging_visit *visit, void *context, struct hanse_error *err)
{
    enum hanse_status status = hanse_staging_settle(staging, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, SIZE_MAX);
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&staging->database, HANSE_STAGING_SLOT_LIST,
                       "SELECT " HANSE_STAGING_COLUMNS ", sequence FROM change NOT INDEXED WHERE origin = ?1"
                       " ORDER BY sequence");
    hanse_query_bind_text(&query, 1, origin);
    for (;;) {
        bool row = false;
        struct hanse_staged_change change;
        hanse_arena_reset(&arena);
        status = hanse_query_step(&query, &row, err);
        if (status != HANSE_OK || !row)
            return status;
        status = read_change(&query, &arena, &change, err);
        if (status == HANSE_OK)
            status = visit(context, &change, err);
        if (status != HANSE_OK)
            return status;
    }
}
