/* SPDX-License-Identifier: Apache-2.0 */
#include "node/query/search_update.h"

#include <stdio.h>
#include <string.h>

#include <hanse/search.h>

#include "base/error.h"
#include "feed/verifier.h"
#include "node/held_item.h"
#include "node/query/search_document.h"

enum { STEP_ENTRIES = 20000 };

struct step {
    struct hanse_node *node;
    struct hanse_search_set *set;
    struct hanse_shard *shard; /* that is being filled */
    struct hanse_open_feed open;
    struct hanse_search_document document;
    uint64_t done;
    bool refills; /* it may hold what later shards hold too */
    bool again;   /* the entries of this range may have been taken before */
};

static enum hanse_status drop_record(struct step *step, const struct hanse_index_record *record,
                                     struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < step->set->count && status == HANSE_OK; i++) {
        struct hanse_shard *shard = step->set->shards[i];
        if (!hanse_shard_is_writing(shard))
            status = hanse_shard_begin(shard, err);
        if (status == HANSE_OK)
            status = hanse_shard_drop(shard, record->feed_id, record->record_id, err);
    }
    return status;
}

static enum hanse_status drop_feed(struct step *step, int64_t feed_id, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < step->set->count && status == HANSE_OK; i++) {
        struct hanse_shard *shard = step->set->shards[i];
        if (!hanse_shard_is_writing(shard))
            status = hanse_shard_begin(shard, err);
        if (status == HANSE_OK)
            status = hanse_shard_drop_feed(shard, feed_id, err);
    }
    return status;
}

/* What damage forbids to read is left out; what stops everything stops this too. */
static bool is_unreadable(enum hanse_status status)
{
    return status == HANSE_MISMATCH || status == HANSE_MALFORMED || status == HANSE_TRUNCATED ||
           status == HANSE_NOT_FOUND || status == HANSE_LIMIT || status == HANSE_UNSUPPORTED;
}

static enum hanse_status add_record(struct step *step, const struct hanse_index_record *record,
                                    struct hanse_error *err)
{
    struct hanse_held_item item = {0};
    enum hanse_status status = hanse_held_item_fill_again(step->node, &step->open, record, &item, err);
    if (status == HANSE_OK && item.record != NULL) {
        status = hanse_search_document_fill(&step->document, item.record, err);
        const struct hanse_shard_document document = {
            .feed_id = record->feed_id,
            .entry_index = record->entry_index,
            .record_id = record->record_id,
            .kind = record->kind,
            .published_unix_s = record->published_unix_s,
            .title = hanse_buffer_view(&step->document.title),
            .body = hanse_buffer_view(&step->document.body),
            .code = hanse_buffer_view(&step->document.code),
        };
        if (status == HANSE_OK)
            status = hanse_shard_add(step->shard, &document, err);
    } else if (is_unreadable(status)) {
        status = HANSE_OK;
    }
    hanse_record_free(item.record);
    return status;
}

static enum hanse_status take_entry(void *context, const struct hanse_index_range_entry *entry,
                                    struct hanse_error *err)
{
    struct step *step = context;
    if (entry->verdict != HANSE_ENTRY_VALID || !entry->has_record_id || !entry->current)
        return HANSE_OK;
    enum hanse_status status = HANSE_OK;
    if (step->refills || step->again || entry->record.revision > 1)
        status = drop_record(step, &entry->record, err);
    bool has_text = !entry->record.withdrawn && entry->record.payload_state == HANSE_PAYLOAD_PRESENT;
    return status == HANSE_OK && has_text ? add_record(step, &entry->record, err) : status;
}

static enum hanse_status find_taken(const struct step *step, int64_t feed_id, struct hanse_shard_taken *out,
                                    struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    *out = (struct hanse_shard_taken){0};
    for (size_t i = 0; i < step->set->count && status == HANSE_OK; i++) {
        struct hanse_shard_taken taken;
        status = hanse_shard_feed_taken(step->set->shards[i], feed_id, &taken, err);
        if (status != HANSE_OK)
            break;
        out->beyond = taken.beyond > out->beyond ? taken.beyond : out->beyond;
        out->sequence = taken.sequence > out->sequence ? taken.sequence : out->sequence;
    }
    return status;
}

/* Entries [first, beyond) of the arrival. A later arrival of several entries that are known already is that
 * of a feed that was indexed anew; one entry is a payload that came late. */
static enum hanse_status take_range(struct step *step, const struct hanse_index_arrival *arrival,
                                    uint64_t first, uint64_t beyond, struct hanse_error *err)
{
    struct hanse_shard_taken taken;
    enum hanse_status status = find_taken(step, arrival->feed_id, &taken, err);
    if (status != HANSE_OK)
        return status;
    step->again = first < taken.beyond;
    if (step->again && arrival->sequence > taken.sequence && arrival->beyond - arrival->first > 1)
        status = drop_feed(step, arrival->feed_id, err);
    if (status == HANSE_OK)
        status = hanse_index_entry_range(step->node->index, arrival->feed_id, first, beyond, take_entry, step,
                                         err);
    taken = (struct hanse_shard_taken){beyond, arrival->sequence};
    return status == HANSE_OK ? hanse_shard_feed_take(step->shard, arrival->feed_id, taken, err) : status;
}

/* How far this step may go in an arrival. */
static uint64_t range_end(const struct step *step, const struct hanse_index_arrival *arrival, uint64_t first)
{
    const struct hanse_shard_state *state = hanse_shard_state_of(step->shard);
    uint64_t room = STEP_ENTRIES - step->done;
    if (!state->sealed && step->set->most_documents - state->documents < room)
        room = step->set->most_documents - state->documents;
    uint64_t end = arrival->beyond - first > room ? first + room : arrival->beyond;
    if (state->sealed && arrival->sequence == state->beyond.sequence && state->beyond.entry_index < end)
        end = state->beyond.entry_index;
    return end;
}

static bool is_full(const struct step *step)
{
    const struct hanse_shard_state *state = hanse_shard_state_of(step->shard);
    return step->done >= STEP_ENTRIES || (!state->sealed && state->documents >= step->set->most_documents);
}

/* From *place on, which moves; *out_end: there is nothing more for this shard. */
static enum hanse_status take_arrivals(struct step *step, struct hanse_shard_place *place, bool *out_end,
                                       struct hanse_error *err)
{
    const struct hanse_shard_state *state = hanse_shard_state_of(step->shard);
    enum hanse_status status = HANSE_OK;
    *out_end = false;
    while (status == HANSE_OK && !is_full(step)) {
        struct hanse_index_arrival arrival;
        struct hanse_error none;
        status = hanse_index_arrival_next(step->node->index, place->sequence, &arrival, &none);
        bool begun =
            status == HANSE_OK && arrival.sequence == place->sequence && place->entry_index > arrival.first;
        uint64_t first = begun ? place->entry_index : arrival.first;
        const struct hanse_shard_place here = {arrival.sequence, first};
        *out_end = status == HANSE_NOT_FOUND || (status == HANSE_OK && state->sealed &&
                                                 hanse_shard_place_compare(here, state->beyond) >= 0);
        if (*out_end)
            return HANSE_OK;
        if (status != HANSE_OK) {
            if (err != NULL)
                *err = none;
            return status;
        }
        if (arrival.origin != NULL) {
            status = drop_feed(step, arrival.feed_id, err);
            *place = (struct hanse_shard_place){arrival.sequence + 1, 0};
            continue;
        }
        uint64_t end = range_end(step, &arrival, first);
        status = take_range(step, &arrival, first, end, err);
        step->done += end - first;
        *place = end == arrival.beyond ? (struct hanse_shard_place){arrival.sequence + 1, 0}
                                       : (struct hanse_shard_place){arrival.sequence, end};
    }
    return status;
}

/* What was dropped elsewhere first: should the rest not come about, it is done again, and nothing is found
 * twice. */
static enum hanse_status commit_all(struct step *step, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < step->set->count && status == HANSE_OK; i++) {
        struct hanse_shard *shard = step->set->shards[i];
        if (shard != step->shard && hanse_shard_is_writing(shard))
            status = hanse_shard_commit(shard, err);
    }
    return status == HANSE_OK ? hanse_shard_commit(step->shard, err) : status;
}

static void rollback_all(struct step *step)
{
    for (size_t i = 0; i < step->set->count; i++)
        if (hanse_shard_is_writing(step->set->shards[i]))
            hanse_shard_rollback(step->set->shards[i]);
}

static enum hanse_status fill_shard(struct step *step, bool *out_end, struct hanse_error *err)
{
    const struct hanse_shard_state *state = hanse_shard_state_of(step->shard);
    struct hanse_shard_place place = state->next;
    enum hanse_status status = hanse_shard_begin(step->shard, err);
    if (status == HANSE_OK)
        status = take_arrivals(step, &place, out_end, err);
    bool was_sealed = state->sealed;
    bool is_complete = was_sealed ? *out_end : state->documents >= step->set->most_documents;
    if (status == HANSE_OK) {
        hanse_shard_advance(step->shard, was_sealed && *out_end ? state->beyond : place, is_complete);
        status = commit_all(step, err);
    }
    if (status != HANSE_OK)
        rollback_all(step);
    return status == HANSE_OK && is_complete ? hanse_shard_optimize(step->shard, err) : status;
}

enum hanse_status hanse_search_step(struct hanse_node *node, struct hanse_search_set *set, uint64_t *out_done,
                                    bool *out_current, struct hanse_error *err)
{
    size_t at;
    bool end = false;
    uint64_t last;
    enum hanse_status status = hanse_search_set_tidy(set, err);
    if (status == HANSE_OK)
        status = hanse_search_set_next(set, &at, err);
    if (status == HANSE_OK)
        status = hanse_index_arrival_last(node->index, &last, err);
    if (status != HANSE_OK)
        return status;
    struct step step = {.node = node, .set = set, .shard = set->shards[at]};
    step.refills = hanse_shard_state_of(step.shard)->sealed;
    hanse_search_document_init(&step.document);
    status = fill_shard(&step, &end, err);
    hanse_search_document_release(&step.document);
    hanse_open_feed_close(&step.open);
    if (status != HANSE_OK)
        return status;
    *out_done = step.done;
    *out_current = end && hanse_search_set_is_current(set, last);
    return HANSE_OK;
}

enum hanse_status hanse_search_backlog(struct hanse_node *node, const struct hanse_search_set *set,
                                       uint64_t *out, struct hanse_error *err)
{
    struct hanse_shard_place expected = {0};
    uint64_t sum = 0;
    uint64_t more = 0;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < set->count && status == HANSE_OK; i++) {
        const struct hanse_shard_state *state = hanse_shard_state_of(set->shards[i]);
        status =
            hanse_index_arrival_entries(node->index, expected.sequence, state->first.sequence, &more, err);
        sum += more;
        uint64_t end = state->sealed ? state->beyond.sequence : UINT64_MAX;
        if (status == HANSE_OK)
            status = hanse_index_arrival_entries(node->index, state->next.sequence, end, &more, err);
        sum += more;
        expected.sequence = end;
    }
    if (status == HANSE_OK)
        status = hanse_index_arrival_entries(node->index, expected.sequence, UINT64_MAX, &more, err);
    if (status == HANSE_OK)
        *out = sum + more;
    return status;
}

/* The lock is let go after each step: others search meanwhile, and an erasure need not wait long. */
static enum hanse_status step_once(struct hanse_node *node, bool *out_current, uint64_t *out_done,
                                   uint64_t *out_total, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_SEARCH_SET struct hanse_search_set set = {.count = 0};
    uint64_t done = 0;
    uint64_t left = 0;
    enum hanse_status status = hanse_search_set_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_search_set_open(node, true, &set, err);
    if (status == HANSE_OK)
        status = hanse_search_backlog(node, &set, &left, err);
    if (status == HANSE_OK)
        status = hanse_search_step(node, &set, &done, out_current, err);
    if (*out_total == 0)
        *out_total = left;
    *out_done += done;
    return status;
}

enum hanse_status hanse_search_update(struct hanse_node *node, hanse_progress *progress, void *context,
                                      struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    bool current = false;
    uint64_t done = 0;
    uint64_t total = 0;
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK && !current) {
        status = step_once(node, &current, &done, &total, err);
        uint64_t shown_total = total > done ? total : done;
        if (status == HANSE_OK && !current && progress != NULL &&
            !progress(context, "making words ready", done, shown_total, "entries"))
            status = hanse_fail(err, HANSE_CANCELLED, "search was cancelled; what was taken stays");
    }
    return status;
}
