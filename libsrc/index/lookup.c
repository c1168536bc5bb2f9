/* SPDX-License-Identifier: Apache-2.0 */
#include "index/lookup.h"

#include <stdio.h>
#include <string.h>

#include "index/index_internal.h"

enum hanse_status hanse_index_record_entries(struct hanse_index *index, int64_t feed_id,
                                             const uint8_t record_id[16], hanse_index_revision_visit *visit,
                                             void *context, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_RECORD_ENTRIES,
                       "SELECT revision, entry_index, operation, verdict, audience, published_unix_s,"
                       " payload_state, current FROM entry WHERE feed_id = ?1 AND record_id = ?2"
                       " AND revision > 0 ORDER BY entry_index");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_blob(&query, 2, record_id, 16);
    for (;;) {
        bool row = false;
        enum hanse_status status = hanse_query_step(&query, &row, err);
        if (status != HANSE_OK || !row)
            return status;
        const struct hanse_index_revision revision = {
            .revision = hanse_query_u64(&query, 0),
            .entry_index = hanse_query_u64(&query, 1),
            .operation = hanse_query_u32(&query, 2),
            .verdict = hanse_query_u32(&query, 3),
            .audience = hanse_query_u32(&query, 4),
            .published_unix_s = hanse_query_u64(&query, 5),
            .payload_state = hanse_query_u32(&query, 6),
            .current = hanse_query_i64(&query, 7) != 0,
        };
        status = visit(context, &revision, err);
        if (status != HANSE_OK)
            return status;
    }
}

/* The first characters of a value, all but the last two, as bounds of a range of values. */
static void bounds_of(const char *value, char low[64], char high[70])
{
    size_t size = strlen(value);
    size_t kept = size > 4 ? size - 2 : size > 2 ? size - 1 : size;
    kept = kept < 63 ? kept : 63;
    while (kept > 0 && ((unsigned char)value[kept] & 0xC0) == 0x80)
        kept--;
    (void)snprintf(low, 64, "%.*s", (int)kept, value);
    (void)snprintf(high, 70, "%s\xF4\x8F\xBF\xBF", low);
}

enum hanse_status hanse_index_identifier_near(struct hanse_index *index, const char *scheme,
                                              const char *value, hanse_index_code_visit *visit, void *context,
                                              struct hanse_error *err)
{
    char low[64];
    char high[70];
    bounds_of(value, low, high);
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1u << 20);
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_IDENTIFIER_NEAR,
                       "SELECT DISTINCT scheme, value FROM identifier WHERE value >= ?3 AND value <= ?4"
                       " AND (value = ?2 OR upper(scheme) = upper(?1)) ORDER BY value <> ?2 LIMIT 4");
    hanse_query_bind_text(&query, 1, scheme);
    hanse_query_bind_text(&query, 2, value);
    hanse_query_bind_text(&query, 3, low);
    hanse_query_bind_text(&query, 4, high);
    for (;;) {
        bool row = false;
        const char *found_scheme = NULL;
        const char *found_value = NULL;
        enum hanse_status status = hanse_query_step(&query, &row, err);
        if (status != HANSE_OK || !row)
            return status;
        hanse_arena_reset(&arena);
        status = hanse_query_copy_text(&query, 0, &arena, &found_scheme, err);
        if (status == HANSE_OK)
            status = hanse_query_copy_text(&query, 1, &arena, &found_value, err);
        if (status == HANSE_OK)
            status = visit(context, found_scheme, found_value, err);
        if (status != HANSE_OK)
            return status;
    }
}
