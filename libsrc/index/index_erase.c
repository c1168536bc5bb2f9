/* SPDX-License-Identifier: Apache-2.0 */
/* Erasure. What was erased is kept as intervals, so that a feed which erases the same entries over and over
 * costs no more than one that does it once. */
#include "base/checked.h"
#include "base/error.h"
#include "index/index_internal.h"

struct interval {
    int64_t first;
    int64_t beyond;
};

/* The digest goes too: it would tell who guesses the record that the guess is right. */
static enum hanse_status erase_gap(struct hanse_index *index, int64_t feed_id, int64_t first, int64_t beyond,
                                   struct hanse_error *err)
{
    if (first >= beyond)
        return HANSE_OK;
    const int64_t parameters[] = {feed_id, first, beyond};
    enum hanse_status status =
        hanse_index_run(index, HANSE_SLOT_ENTRY_ERASE,
                        "UPDATE entry SET payload_state = 4, digest = NULL WHERE feed_id = ?1"
                        " AND entry_index >= ?2 AND entry_index < ?3 AND operation = 1",
                        parameters, 3, err);
    if (status == HANSE_OK)
        status = hanse_index_run(index, HANSE_SLOT_IDENTIFIER_ERASE,
                                 "DELETE FROM identifier WHERE feed_id = ?1"
                                 " AND entry_index >= ?2 AND entry_index < ?3",
                                 parameters, 3, err);
    return status;
}

static enum hanse_status find_interval(struct hanse_index *index, int slot, const char *sql, int64_t feed_id,
                                       struct interval bounds, struct interval *out, bool *out_found,
                                       struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query = hanse_query_of(&index->database, slot, sql);
    hanse_query_bind_i64(&query, 1, feed_id);
    hanse_query_bind_i64(&query, 2, bounds.first);
    hanse_query_bind_i64(&query, 3, bounds.beyond);
    enum hanse_status status = hanse_query_step(&query, out_found, err);
    if (status == HANSE_OK && *out_found)
        *out = (struct interval){hanse_query_i64(&query, 0), hanse_query_i64(&query, 1)};
    return status;
}

/* The interval that may hold the first index of `wanted`. */
static enum hanse_status find_before(struct hanse_index *index, int64_t feed_id, struct interval wanted,
                                     struct interval *out, bool *out_found, struct hanse_error *err)
{
    return find_interval(index, HANSE_SLOT_ERASED_BEFORE,
                         "SELECT first, beyond FROM erased WHERE feed_id = ?1 AND first <= ?2"
                         " AND ?3 IS NOT NULL ORDER BY first DESC LIMIT 1",
                         feed_id, wanted, out, out_found, err);
}

static enum hanse_status find_next(struct hanse_index *index, int64_t feed_id, struct interval wanted,
                                   struct interval *out, bool *out_found, struct hanse_error *err)
{
    return find_interval(index, HANSE_SLOT_ERASED_NEXT,
                         "SELECT first, beyond FROM erased WHERE feed_id = ?1 AND first > ?2"
                         " AND first <= ?3 ORDER BY first LIMIT 1",
                         feed_id, wanted, out, out_found, err);
}

static enum hanse_status drop_interval(struct hanse_index *index, int64_t feed_id, int64_t first,
                                       struct hanse_error *err)
{
    return hanse_index_run(index, HANSE_SLOT_ERASED_DELETE,
                           "DELETE FROM erased WHERE feed_id = ?1 AND first = ?2",
                           (const int64_t[]){feed_id, first}, 2, err);
}

/* Erases the gaps between the intervals that touch [first, beyond), and makes one interval of all. */
static enum hanse_status erase_interval(struct hanse_index *index, int64_t feed_id, struct interval wanted,
                                        struct hanse_error *err)
{
    struct interval whole = wanted, met = {0};
    int64_t done = wanted.first; /* everything of `wanted` below is erased */
    bool found = false;
    enum hanse_status status = find_before(index, feed_id, wanted, &met, &found, err);
    if (status == HANSE_OK && found && met.beyond >= wanted.beyond)
        return HANSE_OK;
    if (status == HANSE_OK && !(found && met.beyond >= wanted.first))
        status = find_next(index, feed_id, wanted, &met, &found, err);
    while (status == HANSE_OK && found) {
        status = erase_gap(index, feed_id, done, met.first, err);
        done = met.beyond;
        whole.first = met.first < whole.first ? met.first : whole.first;
        whole.beyond = met.beyond > whole.beyond ? met.beyond : whole.beyond;
        if (status == HANSE_OK)
            status = drop_interval(index, feed_id, met.first, err);
        if (status == HANSE_OK)
            status = find_next(index, feed_id, wanted, &met, &found, err);
    }
    if (status == HANSE_OK)
        status = erase_gap(index, feed_id, done, wanted.beyond, err);
    if (status == HANSE_OK)
        status = hanse_index_run(index, HANSE_SLOT_ERASED_INSERT,
                                 "INSERT INTO erased (feed_id, first, beyond) VALUES (?1, ?2, ?3)",
                                 (const int64_t[]){feed_id, whole.first, whole.beyond}, 3, err);
    return status;
}

enum hanse_status hanse_index_erase(struct hanse_index *index, int64_t feed_id, uint64_t first,
                                    uint64_t count, struct hanse_error *err)
{
    uint64_t beyond;
    if (!hanse_add_u64(first, count, &beyond) || beyond > INT64_MAX)
        return hanse_fail(err, HANSE_LIMIT, "range of \"%llu\" entries from \"%llu\" ends at 2^63 or beyond",
                          (unsigned long long)count, (unsigned long long)first);
    enum hanse_status status = hanse_database_need_transaction(&index->database, err);
    if (status == HANSE_OK)
        status = hanse_index_find_tail(index, feed_id, err);
    if (status != HANSE_OK)
        return status;
    /* An interval tells of entries that are there, not of those that will come. */
    int64_t end = (int64_t)beyond <= index->tail_index ? (int64_t)beyond : index->tail_index + 1;
    if ((int64_t)first >= end)
        return HANSE_OK;
    index->database.scrub = true;
    return erase_interval(index, feed_id, (struct interval){(int64_t)first, end}, err);
}

enum hanse_status hanse_index_erased_list(struct hanse_index *index, int64_t feed_id,
                                          hanse_index_erased_visit *visit, void *context,
                                          struct hanse_error *err)
{
    HANSE_SCOPED_QUERY struct hanse_query query =
        hanse_query_of(&index->database, HANSE_SLOT_ERASED_LIST,
                       "SELECT first, beyond FROM erased WHERE feed_id = ?1 ORDER BY first");
    hanse_query_bind_i64(&query, 1, feed_id);
    bool row = false;
    enum hanse_status status = hanse_query_step(&query, &row, err);
    while (status == HANSE_OK && row) {
        uint64_t first = hanse_query_u64(&query, 0);
        status = visit(context, first, hanse_query_u64(&query, 1) - first, err);
        if (status == HANSE_OK)
            status = hanse_query_step(&query, &row, err);
    }
    return status;
}
