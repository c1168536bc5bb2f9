/* SPDX-License-Identifier: Apache-2.0 */
/* Searching: the words are looked for in each shard, what is found is looked up in the index, read from its
 * feed's files, and shown with the passage that has the words. */
#include <hanse/search.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "index/shard_search.h"
#include "node/held_item.h"
#include "node/query/passage.h"
#include "node/query/search_filter.h"
#include "node/query/search_near.h"
#include "node/query/search_update.h"
#include "node/succession.h"
#include "record/record.h"

/* SPARE_HITS: what may turn out not to be current any more, or superseded. */
enum { DEFAULT_LIMIT = 20, SPARE_HITS = 32, MAX_EXPRESSION_BYTES = 256 << 10, REPAIRS = 3 };

struct candidates {
    struct hanse_shard_hit *items;
    size_t count;
    size_t max; /* of one shard; there is room for those of all */
};

struct run {
    struct hanse_node *node;
    const struct hanse_search *search;
    hanse_search_visit *visit;
    void *context;
    size_t limit;
    struct hanse_tokenizer *tokenizer;
    struct hanse_search_query query;
    struct hanse_search_filter filter;
    struct hanse_buffer expression; /* NUL-ended, as is `excluded`; empty: none */
    struct hanse_buffer excluded;
    struct hanse_shard_search in_shard;
    struct hanse_search_set set;
    size_t damaged; /* the shard that failed last */
    struct candidates found;
    struct hanse_search_answer answer;
    struct hanse_open_feed open;
    struct hanse_succession succession;
    struct hanse_passage passage;
};

static enum hanse_status read_bounds(struct run *run, struct hanse_error *err)
{
    const struct hanse_search *search = run->search;
    run->in_shard = (struct hanse_shard_search){
        .since_unix_s = search->since_unix_s,
        .before_unix_s = search->until_unix_s != 0 ? search->until_unix_s : UINT64_MAX,
    };
    if (search->kind != NULL) {
        run->in_shard.kind = hanse_kind_number(search->kind);
        if (run->in_shard.kind == 0)
            return hanse_kind_fail(search->kind, err);
    }
    if (search->feed == NULL)
        return HANSE_OK;
    struct hanse_index_feed feed;
    enum hanse_status status = hanse_index_feed_get(run->node->index, search->feed, &feed, err);
    if (status == HANSE_OK)
        run->in_shard.feed_id = feed.id;
    return status;
}

static enum hanse_status end_text(struct hanse_buffer *text, const char **out, struct hanse_error *err)
{
    if (text->size == 0)
        return HANSE_OK;
    enum hanse_status status = hanse_buffer_append_u8(text, 0, err);
    if (status == HANSE_OK)
        *out = (const char *)text->data;
    return status;
}

static enum hanse_status read_words(struct run *run, struct hanse_error *err)
{
    struct hanse_bytes words = hanse_bytes_of_text(run->search->words);
    enum hanse_status status = hanse_tokenizer_new(&run->tokenizer, err);
    if (status == HANSE_OK)
        status = hanse_search_query_parse(run->tokenizer, words, &run->query, err);
    if (status == HANSE_OK)
        status = hanse_search_query_write(&run->query, run->filter.codes, run->filter.codes_count,
                                          &run->expression, err);
    if (status == HANSE_OK && run->expression.size == 0)
        status = hanse_search_query_write_excluded(&run->query, &run->excluded, err);
    if (status == HANSE_OK)
        status = end_text(&run->expression, &run->in_shard.expression, err);
    return status == HANSE_OK ? end_text(&run->excluded, &run->in_shard.excluded, err) : status;
}

static enum hanse_status prepare(struct run *run, struct hanse_error *err)
{
    const struct hanse_search *search = run->search;
    if (search == NULL || search->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "search needs version 1");
    if (search->limit > HANSE_MAX_SEARCH_HITS)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "limit %u is too high: at most %u hits can be had",
                          search->limit, HANSE_MAX_SEARCH_HITS);
    run->limit = search->limit > 0 ? search->limit : DEFAULT_LIMIT;
    run->found.max = run->limit + SPARE_HITS;
    enum hanse_status status = read_bounds(run, err);
    if (status == HANSE_OK)
        status = hanse_search_filter_read(run->node, search, &run->filter, err);
    return status == HANSE_OK ? read_words(run, err) : status;
}

/* Opens the shards as they are; *out_current: nothing has arrived that they have not taken. Who opens them
 * holds the lock, or another might be removing one. Where the node may only be read nobody does. */
static enum hanse_status open_set(struct run *run, bool *out_current, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    uint64_t last;
    enum hanse_status status = hanse_index_arrival_last(run->node->index, &last, err);
    bool writable = !run->node->read_only;
    if (status == HANSE_OK && writable)
        status = hanse_search_set_lock(run->node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_search_set_open(run->node, writable, &run->set, err);
    if (status == HANSE_OK)
        *out_current = hanse_search_set_is_current(&run->set, last);
    return status;
}

static enum hanse_status open_current(struct run *run, struct hanse_error *err)
{
    bool current = false;
    hanse_search_set_close(&run->set);
    enum hanse_status status = open_set(run, &current, err);
    if (status != HANSE_OK || current)
        return status;
    if (run->node->read_only)
        return hanse_search_backlog(run->node, &run->set, &run->answer.behind, err);
    hanse_search_set_close(&run->set);
    status = hanse_search_update(run->node, run->search->progress, run->search->progress_context, err);
    return status == HANSE_OK ? open_set(run, &current, err) : status;
}

static enum hanse_status keep_hit(void *context, const struct hanse_shard_hit *hit, struct hanse_error *err)
{
    struct candidates *found = context;
    (void)err;
    found->items[found->count++] = *hit;
    return HANSE_OK;
}

/* Best first, then newest; the rest only so that the order is always the same. */
static int compare_hits(const void *left, const void *right)
{
    const struct hanse_shard_hit *a = left;
    const struct hanse_shard_hit *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->published_unix_s != b->published_unix_s)
        return a->published_unix_s > b->published_unix_s ? -1 : 1;
    return a->entry_index != b->entry_index ? (a->entry_index < b->entry_index ? -1 : 1)
                                            : (a->feed_id > b->feed_id) - (a->feed_id < b->feed_id);
}

static enum hanse_status count_hits(struct run *run, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    run->answer.total = 0;
    for (size_t i = 0; i < run->set.count && status == HANSE_OK; i++) {
        uint64_t count = 0;
        run->damaged = i;
        status = hanse_shard_count(run->set.shards[i], &run->in_shard, &count, err);
        run->answer.total += count;
    }
    return status;
}

/* The newest stand in the last shards. */
static enum hanse_status find_hits(struct run *run, struct hanse_error *err)
{
    bool ranked = run->query.wanted_count > 0 && run->answer.total <= HANSE_MAX_RANKED_HITS;
    enum hanse_status status = HANSE_OK;
    run->answer.ranked = ranked;
    run->found.count = 0;
    hanse_free(run->found.items);
    run->found.items = hanse_alloc_zeroed(run->set.count + 1, run->found.max * sizeof *run->found.items);
    if (run->found.items == NULL)
        return hanse_fail_memory(err);
    for (size_t i = run->set.count; i > 0 && status == HANSE_OK; i--) {
        if (!ranked && run->found.count >= run->found.max)
            break;
        run->damaged = i - 1;
        status = hanse_shard_find(run->set.shards[i - 1], &run->in_shard, ranked, run->found.max, keep_hit,
                                  &run->found, err);
    }
    if (status == HANSE_OK && ranked)
        qsort(run->found.items, run->found.count, sizeof *run->found.items, compare_hits);
    return status;
}

static enum hanse_status look(struct run *run, struct hanse_error *err)
{
    enum hanse_status status = open_current(run, err);
    run->damaged = SIZE_MAX;
    if (status == HANSE_OK)
        status = count_hits(run, err);
    if (status == HANSE_OK && run->answer.total > 0)
        status = find_hits(run, err);
    return status;
}

/* A damaged shard is made again. */
static enum hanse_status look_and_repair(struct run *run, struct hanse_error *err)
{
    enum hanse_status status = look(run, err);
    for (int i = 0; i < REPAIRS && status == HANSE_MALFORMED && run->damaged != SIZE_MAX; i++) {
        if (run->node->read_only)
            return status;
        HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
        status = hanse_search_set_lock(run->node, &lock, err);
        if (status == HANSE_OK)
            status = hanse_search_set_remove(&run->set, run->damaged, err);
        hanse_file_close(&lock);
        if (status == HANSE_OK)
            status = look(run, err);
    }
    return status;
}

/* Whether the hit is what its record is now, and is to be shown. */
static enum hanse_status check_hit(struct run *run, const struct hanse_shard_hit *hit,
                                   struct hanse_index_record *out, char origin[HANSE_MAX_ORIGIN_BYTES + 1],
                                   bool *out_shown, struct hanse_error *err)
{
    struct hanse_error none;
    bool superseded = false;
    enum hanse_status status =
        hanse_index_record_get(run->node->index, hit->feed_id, hit->record_id, out, &none);
    *out_shown = false;
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    if (status != HANSE_OK) {
        if (err != NULL)
            *err = none;
        return status;
    }
    if (out->entry_index != hit->entry_index || out->withdrawn || out->payload_state != HANSE_PAYLOAD_PRESENT)
        return HANSE_OK;
    (void)snprintf(origin, HANSE_MAX_ORIGIN_BYTES + 1, "%s", out->origin);
    out->origin = origin;
    status = hanse_succession_check(run->node, &run->succession, out, &superseded, err);
    *out_shown = status == HANSE_OK && !superseded;
    return status;
}

static enum hanse_status tell_hit(struct run *run, const struct hanse_index_record *record, uint32_t score,
                                  struct hanse_error *err)
{
    struct hanse_held_item item = {0};
    enum hanse_status status = hanse_held_item_fill_again(run->node, &run->open, record, &item, err);
    hanse_buffer_clear(&run->passage.text);
    run->passage.mark_count = 0;
    if (status == HANSE_OK && item.record != NULL)
        status = hanse_passage_find(&run->passage, run->tokenizer, &run->query, item.record, err);
    if (status == HANSE_OK) {
        bool has_passage = run->passage.text.size > 0;
        const struct hanse_search_hit hit = {
            .answer = &run->answer,
            .item = &item.public,
            .score = score,
            .passage = has_passage ? (const char *)run->passage.text.data : "",
            .language = has_passage ? run->passage.language : "",
            .marks = run->passage.marks,
            .mark_count = run->passage.mark_count,
        };
        status = run->visit(run->context, &hit, err);
    }
    hanse_record_free(item.record);
    return status;
}

static enum hanse_status tell_hits(struct run *run, struct hanse_error *err)
{
    size_t told = 0;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < run->found.count && told < run->limit && status == HANSE_OK; i++) {
        struct hanse_index_record record;
        char origin[HANSE_MAX_ORIGIN_BYTES + 1];
        bool shown = false;
        status = check_hit(run, &run->found.items[i], &record, origin, &shown, err);
        if (status == HANSE_OK && shown) {
            status = tell_hit(run, &record, run->found.items[i].score, err);
            told++;
        }
    }
    return status;
}

static void release(struct run *run)
{
    hanse_search_set_close(&run->set);
    hanse_open_feed_close(&run->open);
    hanse_passage_release(&run->passage);
    hanse_search_query_release(&run->query);
    hanse_search_filter_release(&run->filter);
    hanse_tokenizer_free(run->tokenizer);
    hanse_buffer_release(&run->expression);
    hanse_buffer_release(&run->excluded);
    hanse_free(run->found.items);
    hanse_free(run);
}

enum hanse_status hanse_search_run(struct hanse_node *node, const struct hanse_search *search,
                                   hanse_search_visit *visit, void *context,
                                   struct hanse_search_answer *out_answer, struct hanse_error *err)
{
    if (node == NULL || search == NULL || visit == NULL)
        return hanse_fail_null("node, search or visit", err);
    struct run *run = hanse_alloc_zeroed(1, sizeof *run);
    if (run == NULL)
        return hanse_fail_memory(err);
    run->node = node;
    run->search = search;
    run->visit = visit;
    run->context = context;
    hanse_buffer_init(&run->expression, MAX_EXPRESSION_BYTES);
    hanse_buffer_init(&run->excluded, MAX_EXPRESSION_BYTES);
    hanse_passage_init(&run->passage);
    enum hanse_status status = prepare(run, err);
    if (status == HANSE_OK)
        status = look_and_repair(run, err);
    if (status == HANSE_OK && run->answer.total == 0)
        status = hanse_search_find_absent(&run->set, &run->query, run->answer.absent, run->answer.near, err);
    if (status == HANSE_OK)
        status = tell_hits(run, err);
    if (status == HANSE_OK && out_answer != NULL)
        *out_answer = run->answer;
    release(run);
    return status;
}
