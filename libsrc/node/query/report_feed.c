/* SPDX-License-Identifier: Apache-2.0 */
#include "node/query/report_feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "feed/verifier.h"
#include "index/arrival.h"
#include "log/tile_hash.h"
#include "node/succession.h"

/* Entries of records until the time; afterwards the current one of each record. */
struct revisions {
    struct hanse_index_record *items;
    size_t count;
    size_t capacity;
    uint64_t until_unix_s;
    uint64_t size; /* entries up to the last one that counts */
};

static enum hanse_status take_entry(void *context, const struct hanse_index_range_entry *entry,
                                    struct hanse_error *err)
{
    struct revisions *revisions = context;
    if (entry->record.published_unix_s > revisions->until_unix_s)
        return HANSE_OK;
    revisions->size = entry->record.entry_index + 1;
    if (entry->verdict != HANSE_ENTRY_VALID || !entry->has_record_id)
        return HANSE_OK;
    if (revisions->count == revisions->capacity) {
        size_t capacity = revisions->capacity < 64 ? 64 : revisions->capacity * 2;
        if (capacity > SIZE_MAX / sizeof *revisions->items)
            return hanse_fail_memory(err);
        struct hanse_index_record *items = hanse_realloc(revisions->items, capacity * sizeof *items);
        if (items == NULL)
            return hanse_fail_memory(err);
        revisions->items = items;
        revisions->capacity = capacity;
    }
    revisions->items[revisions->count++] = entry->record;
    return HANSE_OK;
}

static int by_record(const void *a, const void *b)
{
    const struct hanse_index_record *x = a;
    const struct hanse_index_record *y = b;
    int order = memcmp(x->record_id, y->record_id, sizeof x->record_id);
    return order != 0 ? order : (x->entry_index > y->entry_index) - (x->entry_index < y->entry_index);
}

/* Keeps the last entry of each record, with the time of its first one in `revision`, which no report needs.
 */
static void keep_last(struct revisions *revisions)
{
    size_t kept = 0;
    if (revisions->count > 1)
        qsort(revisions->items, revisions->count, sizeof *revisions->items, by_record);
    for (size_t i = 0; i < revisions->count; i++) {
        struct hanse_index_record *item = &revisions->items[i];
        bool is_next = kept > 0 && memcmp(revisions->items[kept - 1].record_id, item->record_id,
                                          sizeof item->record_id) == 0;
        item->revision = is_next ? revisions->items[kept - 1].revision : item->published_unix_s;
        kept -= is_next ? 1 : 0;
        revisions->items[kept++] = *item;
    }
    revisions->count = kept;
}

static int by_entry(const void *a, const void *b)
{
    const struct hanse_index_record *x = a;
    const struct hanse_index_record *y = b;
    return (x->entry_index > y->entry_index) - (x->entry_index < y->entry_index);
}

/* A record that the feed's successor has too is one with it; what it has withdrawn is withdrawn. */
static enum hanse_status follow_on(struct hanse_report_reading *reading, int64_t new_feed_id,
                                   const char *new_origin, const struct hanse_index_record *old,
                                   const char *old_name, bool *out_withdrawn, struct hanse_error *err)
{
    struct hanse_index_record newer;
    char uuid[HANSE_UUID_TEXT_BYTES];
    char name[HANSE_FULL_NAME_BYTES];
    *out_withdrawn = false;
    if (new_feed_id == 0)
        return HANSE_OK;
    enum hanse_status status =
        hanse_index_record_get(reading->node->index, new_feed_id, old->record_id, &newer, err);
    if (status == HANSE_OK)
        *out_withdrawn = newer.withdrawn && newer.published_unix_s <= reading->until_unix_s;
    else if (status != HANSE_NOT_FOUND)
        return status;
    hanse_uuid_encode(old->record_id, uuid);
    (void)snprintf(name, sizeof name, "hanse:%s/%s", new_origin, uuid);
    hanse_facts_alias(&reading->report->facts, old_name, name);
    return HANSE_OK;
}

static enum hanse_status take_record(struct hanse_report_reading *reading,
                                     const struct hanse_index_record *record, int64_t new_feed_id,
                                     const char *new_origin, struct hanse_error *err)
{
    struct hanse_held_item item = {.record = NULL};
    bool is_withdrawn = false;
    enum hanse_status status = hanse_held_item_fill_again(reading->node, &reading->open, record, &item, err);
    if (status == HANSE_OK)
        status = follow_on(reading, new_feed_id, new_origin, record, item.id, &is_withdrawn, err);
    if (status == HANSE_OK && !is_withdrawn && item.record == NULL)
        reading->report->scope.unread_records++;
    if (status == HANSE_OK && !is_withdrawn && item.record != NULL) {
        const struct hanse_report_input input = {.id = item.id,
                                                 .origin = record->origin,
                                                 .first_published_unix_s = record->revision,
                                                 .published_unix_s = record->published_unix_s,
                                                 .audience = record->audience,
                                                 .record = item.record};
        hanse_facts_add(&reading->report->facts, &input);
    }
    hanse_record_free(item.record);
    return status;
}

static enum hanse_status find_successor(struct hanse_report_reading *reading,
                                        const struct hanse_feed_row *row, const struct revisions *revisions,
                                        int64_t *out_feed_id, struct hanse_error *err)
{
    struct hanse_succession known = {0};
    bool is_superseded;
    *out_feed_id = 0;
    if (row->feed.successor_origin == NULL || revisions->count == 0)
        return HANSE_OK;
    struct hanse_index_record any = revisions->items[0];
    any.origin = row->feed.origin;
    enum hanse_status status = hanse_succession_check(reading->node, &known, &any, &is_superseded, err);
    *out_feed_id = status == HANSE_OK ? known.new_feed_id : 0;
    if (*out_feed_id != 0)
        hanse_facts_alias(&reading->report->facts, row->feed.origin, row->feed.successor_origin);
    return status;
}

static enum hanse_status read_root(const struct hanse_feed_row *row, struct hanse_report_reading *reading,
                                   uint64_t size, struct hanse_digest *out, struct hanse_error *err)
{
    memcpy(out->bytes, row->feed.root, sizeof out->bytes);
    if (size == row->feed.size)
        return HANSE_OK;
    enum hanse_status status =
        hanse_open_feed_use(reading->node, &reading->open, row->feed.id, row->feed.origin, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_tile_hashes hashes = {.size = reading->open.store.size,
                                       .read = hanse_feed_store_read_tile,
                                       .context = &reading->open.store};
    hanse_buffer_init(&hashes.tile, HANSE_TILE_WIDTH * HANSE_DIGEST_BYTES);
    status = hanse_hasher_new(&hashes.hasher, err);
    if (status == HANSE_OK)
        status = hanse_proof_make_root(hashes.hasher, size, hanse_tile_hash_fetch, &hashes, out, err);
    hanse_hasher_free(hashes.hasher);
    hanse_buffer_release(&hashes.tile);
    return status;
}

static enum hanse_status read_revisions(struct hanse_report_reading *reading,
                                        const struct hanse_feed_row *row, struct revisions *revisions,
                                        struct hanse_error *err)
{
    struct hanse_digest root;
    int64_t new_feed_id = 0;
    enum hanse_status status = hanse_index_entry_range(reading->node->index, row->feed.id, 0, row->feed.size,
                                                       take_entry, revisions, err);
    if (status != HANSE_OK || revisions->size == 0)
        return status;
    keep_last(revisions);
    if (revisions->count > 1)
        qsort(revisions->items, revisions->count, sizeof *revisions->items, by_entry);
    status = find_successor(reading, row, revisions, &new_feed_id, err);
    for (size_t i = 0; status == HANSE_OK && i < revisions->count; i++) {
        struct hanse_index_record *record = &revisions->items[i];
        record->origin = row->feed.origin;
        if (!record->withdrawn && (record->audience == 0 || !reading->public_only))
            status = take_record(reading, record, new_feed_id, row->feed.successor_origin, err);
    }
    if (status == HANSE_OK)
        status = read_root(row, reading, revisions->size, &root, err);
    if (status == HANSE_OK)
        hanse_report_add_feed(reading->report, row->feed.origin, revisions->size, root.bytes);
    return status;
}

enum hanse_status hanse_report_feed_read(struct hanse_report_reading *reading, const char *origin,
                                         struct hanse_error *err)
{
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    struct revisions revisions = {.until_unix_s = reading->until_unix_s};
    enum hanse_status status = hanse_feed_row_get(reading->node, origin, &row, err);
    if (status == HANSE_OK)
        status = read_revisions(reading, &row, &revisions, err);
    hanse_free(revisions.items);
    return status;
}
