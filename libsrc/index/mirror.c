/* SPDX-License-Identifier: Apache-2.0 */
#include "index/mirror.h"

#include "base/error.h"
#include "base/limits.h"
#include "index/index_internal.h"

/* How many other mirrors the feed has. */
static enum hanse_status check_room(struct hanse_index *index, int64_t feed_id, const char *url,
                                    struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_MIRROR_FIND,
                       "SELECT count(*) FROM mirror WHERE feed_id = ?1 AND url <> ?2");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_text(&query, 2, url);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && hanse_query_u64(&query, 0) >= HANSE_MAX_MIRRORS)
        status = hanse_fail(err, HANSE_LIMIT, "feed has %d mirrors already: drop one of them first",
                            HANSE_MAX_MIRRORS);
    return status;
}

enum hanse_status hanse_index_mirror_put(struct hanse_index *index, int64_t feed_id,
                                         const struct hanse_index_mirror *mirror, struct hanse_error *err)
{
    enum hanse_status status = hanse_database_need_transaction(&index->database, err);
    if (status == HANSE_OK)
        status = check_room(index, feed_id, mirror->url, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_MIRROR_PUT,
        "INSERT INTO mirror (feed_id, last_try_unix_s, url, pin, cacert, last_result, last_message)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        " ON CONFLICT (feed_id, url) DO UPDATE SET (last_try_unix_s, pin, cacert, last_result,"
        " last_message) = (?2, ?4, ?5, ?6, ?7)");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_u64(&query, 2, mirror->last_try_unix_s);
    const char *texts[] = {mirror->url, mirror->pin, mirror->cacert, mirror->last_result,
                           mirror->last_message};
    for (int i = 0; i < 5; i++)
        hanse_query_bind_text(&query, 3 + i, texts[i]);
    return hanse_query_run(&query, err);
}

static enum hanse_status read_mirror(const struct hanse_query *query, struct hanse_arena *arena,
                                     struct hanse_index_mirror *out, struct hanse_error *err)
{
    struct hanse_index_mirror mirror = {.id = hanse_query_i64(query, 0),
                                        .last_try_unix_s = hanse_query_u64(query, 1)};
    const char **texts[] = {&mirror.url, &mirror.pin, &mirror.cacert, &mirror.last_result,
                            &mirror.last_message};
    enum hanse_status status = HANSE_OK;
    for (int i = 0; i < 5 && status == HANSE_OK; i++)
        status = hanse_query_copy_text(query, 2 + i, arena, texts[i], err);
    if (status == HANSE_OK)
        *out = mirror;
    return status;
}

enum hanse_status hanse_index_mirror_list(struct hanse_index *index, int64_t feed_id,
                                          hanse_index_mirror_visit *visit, void *context,
                                          struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_MIRROR_LIST,
                       "SELECT id, last_try_unix_s, url, pin, cacert, last_result, last_message"
                       " FROM mirror WHERE feed_id = ?1 ORDER BY id");
    hanse_arena_init(&arena, SIZE_MAX);
    hanse_query_bind_i64(&query, 1, feed_id);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    while (status == HANSE_OK && row) {
        struct hanse_index_mirror mirror;
        hanse_arena_reset(&arena);
        status = read_mirror(&query, &arena, &mirror, err);
        if (status == HANSE_OK)
            status = visit(context, &mirror, err);
        if (status == HANSE_OK)
            status = hanse_query_step(&query, &row, err);
    }
    return status;
}

/* What is known of where to go on there is known no more. */
static enum hanse_status leave(struct hanse_index *index, int64_t feed_id, const char *url,
                               struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_MIRROR_LEAVE,
        "UPDATE feed SET remote_segment = NULL, remote_mirror = 0 WHERE id = ?1 AND remote_mirror ="
        " (SELECT id FROM mirror WHERE feed_id = ?1 AND url = ?2)");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_text(&query, 2, url);
    return hanse_query_run(&query, err);
}

enum hanse_status hanse_index_mirror_remove(struct hanse_index *index, int64_t feed_id, const char *url,
                                            struct hanse_error *err)
{
    enum hanse_status status = hanse_database_need_transaction(&index->database, err);
    if (status == HANSE_OK)
        status = leave(index, feed_id, url, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_MIRROR_REMOVE, "DELETE FROM mirror WHERE feed_id = ?1 AND url = ?2");
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_text(&query, 2, url);
    status = hanse_query_run(&query, err);
    if (status == HANSE_OK && sqlite3_changes(index->database.handle) == 0)
        status = hanse_fail(err, HANSE_NOT_FOUND, "feed has no mirror at \"%.160s\"", url);
    return status;
}
