/* SPDX-License-Identifier: Apache-2.0 */
/* Reading records: listing them and showing one. */
#include <hanse/query.h>

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/feed_info.h"
#include "node/held_item.h"
#include "node/record_name.h"
#include "node/succession.h"
#include "record/record.h"

struct listing {
    struct hanse_node *node;
    hanse_item_visit *visit;
    void *context;
    struct hanse_open_feed open;
    struct hanse_succession succession;
};

static enum hanse_status visit_record(void *context, const struct hanse_index_record *record,
                                      struct hanse_error *err)
{
    struct listing *listing = context;
    struct hanse_index_record kept = *record;
    char origin[HANSE_MAX_ORIGIN_BYTES + 1];
    (void)snprintf(origin, sizeof origin, "%s", record->origin);
    kept.origin = origin;
    bool superseded = false;
    struct hanse_held_item item;
    enum hanse_status status =
        hanse_succession_check(listing->node, &listing->succession, &kept, &superseded, err);
    if (status != HANSE_OK || superseded)
        return status;
    status = hanse_held_item_fill(listing->node, &listing->open, &kept, &item, err);
    if (status == HANSE_OK)
        status = listing->visit(listing->context, &item.public, err);
    hanse_record_free(item.record);
    return status;
}

enum hanse_status hanse_query_list(struct hanse_node *node, const struct hanse_query *query,
                                   hanse_item_visit *visit, void *context, struct hanse_error *err)
{
    if (node == NULL || query == NULL || visit == NULL)
        return hanse_fail_null("node, query or visit", err);
    if (query == NULL || query->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "query needs version 1");
    struct hanse_index_filter filter = {.since_unix_s = query->since_unix_s,
                                        .withdrawn_too = query->withdrawn_too};
    if (query->kind != NULL) {
        filter.kind = hanse_kind_number(query->kind);
        if (filter.kind == 0)
            return hanse_kind_fail(query->kind, err);
    }
    if (query->feed != NULL) {
        struct hanse_index_feed feed;
        enum hanse_status found = hanse_index_feed_get(node->index, query->feed, &feed, err);
        if (found != HANSE_OK)
            return found;
        filter.feed_id = feed.id;
    }
    struct listing listing = {.node = node, .visit = visit, .context = context};
    enum hanse_status status = hanse_index_record_list(node->index, &filter, visit_record, &listing, err);
    hanse_open_feed_close(&listing.open);
    return status;
}

static enum hanse_status show(struct hanse_node *node, struct hanse_open_feed *open,
                              const struct hanse_index_record *found, hanse_show_visit *visit, void *context,
                              struct hanse_error *err)
{
    struct hanse_held_item item;
    struct hanse_feed_info info;
    struct hanse_buffer vkey __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&vkey, 512);
    enum hanse_status status = hanse_held_item_fill(node, open, found, &item, err);
    if (status == HANSE_OK)
        status = hanse_feed_info_fill(node, &open->row.feed, &vkey, &info, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_u8(&open->store.checkpoint, 0, err);
    if (status == HANSE_OK) {
        struct hanse_item_origin from = {.feed = &info,
                                         .tree_size = open->store.size,
                                         .checkpoint = (const char *)open->store.checkpoint.data};
        memcpy(from.root, open->store.root.bytes, sizeof from.root);
        memcpy(from.commitment, item.commitment.bytes, sizeof from.commitment);
        memcpy(from.leaf_hash, item.leaf.bytes, sizeof from.leaf_hash);
        status = visit(context, &item.public, &from, err);
    }
    hanse_record_free(item.record);
    return status;
}

enum hanse_status hanse_query_show(struct hanse_node *node, const char *name, hanse_show_visit *visit,
                                   void *context, struct hanse_error *err)
{
    if (node == NULL || name == NULL || visit == NULL)
        return hanse_fail_null("node, name or visit", err);
    struct hanse_name_matches *matches = hanse_alloc_zeroed(1, sizeof *matches);
    if (matches == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = hanse_record_name_find(node, name, matches, err);
    for (size_t i = 0; i < matches->count && status == HANSE_OK; i++) {
        struct hanse_open_feed open = {0};
        status = show(node, &open, &matches->items[i], visit, context, err);
        hanse_open_feed_close(&open);
    }
    hanse_free(matches);
    return status;
}
