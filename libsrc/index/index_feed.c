/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds: their rows, their removal, and forgetting the end of one. */
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "index/index_internal.h"

/* All but the id. */
#define FEED_COLUMNS                                                                                         \
    "own, key, size, root, remote_offset, followed_unix_s, last_try_unix_s, last_success_unix_s,"            \
    " max_entries, max_bytes, remote_mirror,"                                                                \
    " origin, name, url, pin, cacert, etag, remote_segment, successor_origin, last_result, last_message,"    \
    " url_result, url_message, state"
enum { FIRST_TEXT_COLUMN = 12, TEXT_COUNT = 12, STATE_COLUMN = FIRST_TEXT_COLUMN + TEXT_COUNT };

/* Origins and names are one space, or a name could hide a feed. */
static enum hanse_status check_names(struct hanse_index *index, const struct hanse_index_feed *feed,
                                     struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_FEED_CLASH,
                       "SELECT origin IN (?1, ?2) FROM feed"
                       " WHERE id <> ?3 AND (origin IN (?1, ?2) OR name IN (?1, ?2))");
    hanse_query_bind_text(&query, 1, feed->origin);
    hanse_query_bind_text(&query, 2, feed->name);
    hanse_query_bind_i64(&query, 3, feed->id);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && row)
        status = hanse_fail(err, HANSE_EXISTS, "another feed has the origin \"%s\" or the name \"%s\"",
                            feed->origin, feed->name != NULL ? feed->name : feed->origin);
    return status;
}

static void bind_feed(struct hanse_query *query, const struct hanse_index_feed *feed)
{
    hanse_query_bind_i64(query, 1, feed->id); /* which an insert does not use */
    hanse_query_bind_i64(query, 2, feed->own);
    hanse_query_bind_blob(query, 3, feed->key, sizeof feed->key);
    hanse_query_bind_u64(query, 4, feed->size);
    hanse_query_bind_blob(query, 5, feed->root, sizeof feed->root);
    hanse_query_bind_u64(query, 6, feed->remote_offset);
    hanse_query_bind_u64(query, 7, feed->followed_unix_s);
    hanse_query_bind_u64(query, 8, feed->last_try_unix_s);
    hanse_query_bind_u64(query, 9, feed->last_success_unix_s);
    hanse_query_bind_u64(query, 10, feed->max_entries);
    hanse_query_bind_u64(query, 11, feed->max_bytes);
    hanse_query_bind_i64(query, 12, feed->remote_mirror);
    const char *texts[TEXT_COUNT] = {feed->origin,
                                     feed->name,
                                     feed->url,
                                     feed->pin,
                                     feed->cacert,
                                     feed->etag,
                                     feed->remote_segment,
                                     feed->successor_origin,
                                     feed->last_result,
                                     feed->last_message,
                                     feed->url_result,
                                     feed->url_message};
    for (int i = 0; i < TEXT_COUNT; i++)
        hanse_query_bind_text(query, FIRST_TEXT_COLUMN + 1 + i, texts[i]);
    hanse_query_bind_bytes(query, STATE_COLUMN + 1, feed->state);
}

static enum hanse_status insert(struct hanse_index *index, const struct hanse_index_feed *feed,
                                struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_FEED_INSERT,
                       "INSERT INTO feed (" FEED_COLUMNS ")"
                       " VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
                       "?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)");
    bind_feed(&query, feed);
    return hanse_query_run(&query, err);
}

static enum hanse_status update(struct hanse_index *index, const struct hanse_index_feed *feed,
                                struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_FEED_UPDATE,
        "UPDATE feed SET (" FEED_COLUMNS ")"
        " = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,"
        " ?23, ?24, ?25)"
        " WHERE id = ?1");
    bind_feed(&query, feed);
    return hanse_query_run(&query, err);
}

static enum hanse_status fail_unknown(int64_t feed_id, struct hanse_error *err)
{
    return hanse_fail(err, HANSE_NOT_FOUND, "the index has no feed \"%lld\"", (long long)feed_id);
}

static enum hanse_status put(struct hanse_index *index, struct hanse_index_feed *feed,
                             struct hanse_error *err)
{
    enum hanse_status status = check_names(index, feed, err);
    if (status != HANSE_OK)
        return status;
    if (feed->id != 0) {
        status = update(index, feed, err);
        if (status == HANSE_OK && sqlite3_changes(index->database.handle) == 0)
            status = fail_unknown(feed->id, err);
        return status;
    }
    status = insert(index, feed, err);
    if (status == HANSE_OK)
        feed->id = sqlite3_last_insert_rowid(index->database.handle);
    return status;
}

enum hanse_status hanse_index_feed_put(struct hanse_index *index, struct hanse_index_feed *feed,
                                       struct hanse_error *err)
{
    if (feed->origin == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "a feed needs an origin");
    if (hanse_database_in_transaction(&index->database))
        return put(index, feed, err);
    int64_t id = feed->id;
    enum hanse_status status = hanse_index_begin(index, err);
    if (status == HANSE_OK)
        status = put(index, feed, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(index, err);
    if (status != HANSE_OK) {
        feed->id = id;
        hanse_index_rollback(index);
    }
    return status;
}

/* The feed of the current row; texts are copied into the arena. */
static enum hanse_status read_feed(const struct hanse_query *query, struct hanse_arena *arena,
                                   struct hanse_index_feed *out, struct hanse_error *err)
{
    struct hanse_index_feed feed = {
        .id = hanse_query_i64(query, 0),
        .own = hanse_query_i64(query, 1) != 0,
        .size = hanse_query_u64(query, 3),
        .remote_offset = hanse_query_u64(query, 5),
        .followed_unix_s = hanse_query_u64(query, 6),
        .last_try_unix_s = hanse_query_u64(query, 7),
        .last_success_unix_s = hanse_query_u64(query, 8),
        .max_entries = hanse_query_u64(query, 9),
        .max_bytes = hanse_query_u64(query, 10),
        .remote_mirror = hanse_query_i64(query, 11),
    };
    enum hanse_status status = hanse_query_copy_blob(query, 2, feed.key, sizeof feed.key, err);
    if (status == HANSE_OK)
        status = hanse_query_copy_blob(query, 4, feed.root, sizeof feed.root, err);
    const char **texts[TEXT_COUNT] = {&feed.origin,
                                      &feed.name,
                                      &feed.url,
                                      &feed.pin,
                                      &feed.cacert,
                                      &feed.etag,
                                      &feed.remote_segment,
                                      &feed.successor_origin,
                                      &feed.last_result,
                                      &feed.last_message,
                                      &feed.url_result,
                                      &feed.url_message};
    for (int i = 0; i < TEXT_COUNT && status == HANSE_OK; i++)
        status = hanse_query_copy_text(query, FIRST_TEXT_COLUMN + i, arena, texts[i], err);
    if (status == HANSE_OK)
        status = hanse_query_copy_bytes(query, STATE_COLUMN, arena, &feed.state, err);
    if (status == HANSE_OK)
        *out = feed;
    return status;
}

enum hanse_status hanse_index_feed_get(struct hanse_index *index, const char *origin_or_name,
                                       struct hanse_index_feed *out, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_FEED_BY_NAME,
                       "SELECT id, " FEED_COLUMNS " FROM feed WHERE origin = ?1 OR name = ?1");
    hanse_query_bind_text(&query, 1, origin_or_name);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status != HANSE_OK)
        return status;
    if (!row)
        return hanse_fail(err, HANSE_NOT_FOUND, "no feed has the origin or name \"%s\"", origin_or_name);
    hanse_arena_reset(&index->texts);
    return read_feed(&query, &index->texts, out, err);
}

struct id_list {
    int64_t *ids;
    size_t count;
};

static void free_ids(struct id_list *list)
{
    hanse_free(list->ids);
}

static enum hanse_status collect_ids(struct hanse_index *index, struct id_list *list, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_FEED_IDS,
                       "SELECT id FROM feed ORDER BY own DESC, iif(own, id, 0), origin");
    size_t capacity = 0;
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    while (status == HANSE_OK && row) {
        if (list->count == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 16;
            int64_t *grown = hanse_realloc(list->ids, capacity * sizeof *grown);
            if (grown == NULL)
                return hanse_fail_memory(err);
            list->ids = grown;
        }
        list->ids[list->count++] = hanse_query_i64(&query, 0);
        status = hanse_query_step(&query, &row, err);
    }
    return status;
}

static enum hanse_status get_by_id(struct hanse_index *index, int64_t id, struct hanse_arena *arena,
                                   struct hanse_index_feed *out, bool *out_found, struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(
        &index->database, HANSE_SLOT_FEED_BY_ID, "SELECT id, " FEED_COLUMNS " FROM feed WHERE id = ?1");
    hanse_query_bind_i64(&query, 1, id);
    enum hanse_status status = hanse_query_step(&query, out_found, err);
    return status == HANSE_OK && *out_found ? read_feed(&query, arena, out, err) : status;
}

/* No statement is open while the visitor works: it may begin, write and commit. */
enum hanse_status hanse_index_feed_list(struct hanse_index *index, hanse_index_feed_visit *visit,
                                        void *context, struct hanse_error *err)
{
    __attribute__((cleanup(free_ids))) struct id_list list = {0};
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, SIZE_MAX);
    enum hanse_status status = collect_ids(index, &list, err);
    for (size_t i = 0; i < list.count && status == HANSE_OK; i++) {
        struct hanse_index_feed feed;
        bool found = false;
        hanse_arena_reset(&arena);
        status = get_by_id(index, list.ids[i], &arena, &feed, &found, err);
        if (status == HANSE_OK && found)
            status = visit(context, &feed, err);
    }
    return status;
}

/* Also tells whether there is such a feed. */
static enum hanse_status feed_size(struct hanse_index *index, int64_t feed_id, int64_t *out,
                                   struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_FEED_SIZE, "SELECT size FROM feed WHERE id = ?1");
    hanse_query_bind_i64(&query, 1, feed_id);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    if (status == HANSE_OK && !row)
        status = fail_unknown(feed_id, err);
    if (status == HANSE_OK)
        *out = hanse_query_i64(&query, 0);
    return status;
}

/* A foreign key would do this, at the price of a look at the feed for each entry that is added. */
static const char *const remove_steps[] = {
    "DELETE FROM arrival WHERE feed_id = ?1 AND origin IS NULL",
    "DELETE FROM identifier WHERE feed_id = ?1",
    "DELETE FROM erased WHERE feed_id = ?1",
    "DELETE FROM record WHERE feed_id = ?1",
    "DELETE FROM entry WHERE feed_id = ?1",
    "DELETE FROM mirror WHERE feed_id = ?1",
    "DELETE FROM feed WHERE id = ?1",
};
enum { REMOVE_STEPS = sizeof remove_steps / sizeof remove_steps[0] };
_Static_assert(HANSE_SLOT_REMOVE_FIRST + REMOVE_STEPS - 1 == HANSE_SLOT_REMOVE_LAST, "a slot for each step");

enum hanse_status hanse_index_feed_remove(struct hanse_index *index, int64_t feed_id, struct hanse_error *err)
{
    int64_t size;
    enum hanse_status status = hanse_database_need_transaction(&index->database, err);
    if (status == HANSE_OK)
        status = feed_size(index, feed_id, &size, err);
    if (status == HANSE_OK)
        status = hanse_index_arrival_gone(index, feed_id, err);
    index->tail_feed_id = 0;
    index->database.scrub = true;
    for (int i = 0; i < REMOVE_STEPS && status == HANSE_OK; i++)
        status = hanse_index_run(index, HANSE_SLOT_REMOVE_FIRST + i, remove_steps[i], &feed_id, 1, err);
    return status;
}

/* In order: ?1 is the feed, ?2 the first index to forget. Revisions of what stays do not change, since they
 * count from the start of the log; what a record's newest revisions are is found again. */
static const char *const reset_steps[] = {
    "DELETE FROM arrival WHERE feed_id = ?1 AND first >= ?2",
    "UPDATE arrival SET beyond = ?2 WHERE feed_id = ?1 AND beyond > ?2",
    "DELETE FROM identifier WHERE feed_id = ?1 AND entry_index >= ?2",
    "DELETE FROM erased WHERE feed_id = ?1 AND first >= ?2",
    "UPDATE erased SET beyond = ?2 WHERE feed_id = ?1 AND beyond > ?2",
    "DELETE FROM entry WHERE feed_id = ?1 AND entry_index >= ?2",
    "DELETE FROM record WHERE feed_id = ?1 AND ?2 >= 0",
    "INSERT INTO record (feed_id, record_id, revisions, current_index, put_index)"
    " SELECT feed_id, record_id, count(*), max(iif(verdict = 0, entry_index, NULL)),"
    " max(iif(verdict = 0 AND operation = 1, entry_index, NULL)) FROM entry"
    " WHERE feed_id = ?1 AND ?2 > 0 AND revision > 0 GROUP BY record_id",
    "UPDATE entry SET current = 1 WHERE feed_id = ?1 AND ?2 > 0 AND current = 0 AND verdict = 0"
    " AND EXISTS (SELECT 1 FROM record r WHERE r.feed_id = ?1 AND r.record_id = entry.record_id"
    " AND r.current_index = entry.entry_index)",
};
enum { RESET_STEPS = sizeof reset_steps / sizeof reset_steps[0] };
_Static_assert(HANSE_SLOT_RESET_FIRST + RESET_STEPS - 1 == HANSE_SLOT_RESET_LAST, "a slot for each step");

enum hanse_status hanse_index_feed_reset(struct hanse_index *index, int64_t feed_id, struct hanse_error *err)
{
    int64_t parameters[2] = {feed_id, 0};
    enum hanse_status status = hanse_database_need_transaction(&index->database, err);
    if (status == HANSE_OK)
        status = feed_size(index, feed_id, &parameters[1], err);
    if (status == HANSE_OK)
        status = hanse_index_arrival_flush(index, err);
    index->tail_feed_id = 0;
    for (int i = 0; i < RESET_STEPS && status == HANSE_OK; i++)
        status = hanse_index_run(index, HANSE_SLOT_RESET_FIRST + i, reset_steps[i], parameters, 2, err);
    return status;
}
