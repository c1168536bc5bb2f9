/* SPDX-License-Identifier: Apache-2.0 */
#include "index/shard_search.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/error.h"
#include "index/shard_internal.h"

/* The words first, then the rows that they lead to: no planner must turn this round. */
#define FROM_WORDS "FROM text CROSS JOIN document d ON d.id = text.rowid WHERE text MATCH ?1 AND "
#define FROM_ALL                                                                                             \
    "FROM document d WHERE (?1 IS NULL OR d.id NOT IN (SELECT rowid FROM text WHERE text MATCH ?1)) AND "
#define FILTERS                                                                                              \
    "d.live = 1 AND (?2 = 0 OR d.kind = ?2) AND (?3 = 0 OR d.feed_id = ?3)"                                  \
    " AND d.published_unix_s >= ?4 AND d.published_unix_s < ?5"
#define COLUMNS "SELECT d.feed_id, d.entry_index, d.record_id, d.published_unix_s, "

static int64_t clamp(uint64_t unix_s)
{
    return unix_s > INT64_MAX ? INT64_MAX : (int64_t)unix_s;
}

static void bind(struct hanse_query *query, const struct hanse_shard_search *search)
{
    hanse_query_bind_text(query, 1, search->expression != NULL ? search->expression : search->excluded);
    hanse_query_bind_i64(query, 2, search->kind);
    hanse_query_bind_i64(query, 3, search->feed_id);
    hanse_query_bind_i64(query, 4, clamp(search->since_unix_s));
    hanse_query_bind_i64(query, 5, clamp(search->before_unix_s));
}

static bool has_filter(const struct hanse_shard_search *search)
{
    return search->kind != 0 || search->feed_id != 0 || search->since_unix_s > 0 ||
           search->before_unix_s != UINT64_MAX;
}

/* Without filters only the rows of what is shown need be read: else their pages are most of the work. */
#define IS_LIVE "NOT EXISTS (SELECT 1 FROM document d WHERE d.id = text.rowid AND d.live = 0)"

static struct hanse_query count_query(struct hanse_shard *shard, const struct hanse_shard_search *search)
{
    if (search->expression == NULL)
        return hanse_query_of(&shard->database, HANSE_SHARD_SLOT_COUNT_ALL,
                              "SELECT count(*) " FROM_ALL FILTERS);
    if (has_filter(search))
        return hanse_query_of(&shard->database, HANSE_SHARD_SLOT_COUNT,
                              "SELECT count(*) " FROM_WORDS FILTERS);
    return hanse_query_of(&shard->database, HANSE_SHARD_SLOT_COUNT_WORDS,
                          "SELECT count(*) FROM text WHERE text MATCH ?1 AND " IS_LIVE
                          " AND ?2 = ?3 AND ?4 < ?5");
}

enum hanse_status hanse_shard_count(struct hanse_shard *shard, const struct hanse_shard_search *search,
                                    uint64_t *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = count_query(shard, search);
    bind(&query, search);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK)
        *out = hanse_query_u64(&query, 0);
    return status;
}

static enum hanse_status visit_hits(struct hanse_query *query, hanse_shard_visit *visit, void *context,
                                    struct hanse_error *err)
{
    for (;;) {
        bool row = false;
        struct hanse_shard_hit hit;
        enum hanse_status status = hanse_query_step(query, &row, err);
        if (status != HANSE_OK || !row)
            return status;
        hit = (struct hanse_shard_hit){.feed_id = hanse_query_i64(query, 0),
                                       .entry_index = hanse_query_u64(query, 1),
                                       .published_unix_s = hanse_query_u64(query, 3),
                                       .score = hanse_query_u32(query, 4)};
        status = hanse_query_copy_blob(query, 2, hit.record_id, sizeof hit.record_id, err);
        if (status == HANSE_OK)
            status = visit(context, &hit, err);
        if (status != HANSE_OK)
            return status;
    }
}

static struct hanse_query find_query(struct hanse_shard *shard, const struct hanse_shard_search *search,
                                     bool ranked)
{
    if (search->expression == NULL)
        return hanse_query_of(&shard->database, HANSE_SHARD_SLOT_NEWEST_ALL,
                              COLUMNS "0 " FROM_ALL FILTERS " ORDER BY d.id DESC LIMIT ?6");
    if (ranked && !has_filter(search))
        return hanse_query_of(
            &shard->database, HANSE_SHARD_SLOT_RANKED_WORDS,
            COLUMNS "best.score FROM (SELECT rowid AS id, hanse_score(text) AS score FROM text"
                    " WHERE text MATCH ?1 AND " IS_LIVE " AND ?2 = ?3 AND ?4 < ?5"
                    " ORDER BY score DESC, id DESC LIMIT ?6) best CROSS JOIN document d ON d.id = best.id"
                    " ORDER BY best.score DESC, best.id DESC");
    if (ranked)
        return hanse_query_of(&shard->database, HANSE_SHARD_SLOT_RANKED,
                              COLUMNS "hanse_score(text) AS score " FROM_WORDS FILTERS
                                      " ORDER BY score DESC, d.published_unix_s DESC, d.id DESC LIMIT ?6");
    return hanse_query_of(&shard->database, HANSE_SHARD_SLOT_NEWEST,
                          COLUMNS "0 " FROM_WORDS FILTERS " ORDER BY text.rowid DESC LIMIT ?6");
}

enum hanse_status hanse_shard_find(struct hanse_shard *shard, const struct hanse_shard_search *search,
                                   bool ranked, size_t max, hanse_shard_visit *visit, void *context,
                                   struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = find_query(shard, search, ranked);
    bind(&query, search);
    hanse_query_bind_u64(&query, 6, max);
    return visit_hits(&query, visit, context, err);
}

enum hanse_status hanse_shard_words(struct hanse_shard *shard, const char *beginning, size_t max,
                                    hanse_shard_word_visit *visit, void *context, struct hanse_error *err)
{
    char beyond[64]; /* above every word that begins so */
    (void)snprintf(beyond, sizeof beyond, "%.58s\xf4\x8f\xbf\xbf", beginning);
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, SIZE_MAX);
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&shard->database, HANSE_SHARD_SLOT_WORDS,
                       "SELECT term, doc FROM word WHERE term >= ?1 AND term < ?2 ORDER BY term LIMIT ?3");
    hanse_query_bind_text(&query, 1, beginning);
    hanse_query_bind_text(&query, 2, beyond);
    hanse_query_bind_u64(&query, 3, max);
    for (;;) {
        bool row = false;
        const char *word = NULL;
        enum hanse_status status = hanse_query_step(&query, &row, err);
        if (status != HANSE_OK || !row)
            return status;
        hanse_arena_reset(&arena);
        status = hanse_query_copy_text(&query, 0, &arena, &word, err);
        if (status == HANSE_OK)
            status = visit(context, word, hanse_query_u64(&query, 1), err);
        if (status != HANSE_OK)
            return status;
    }
}
