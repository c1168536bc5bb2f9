/* SPDX-License-Identifier: Apache-2.0 */
/* The history of a record. */
#include <hanse/query.h>

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "index/lookup.h"
#include "node/held_item.h"
#include "node/reason.h"
#include "node/record_name.h"
#include "wire/header.h"

struct walk {
    struct hanse_node *node;
    struct hanse_open_feed open;
    hanse_revision_visit *visit;
    void *context;
    const char *origin;
    int64_t feed_id;
    uint64_t revisions; /* met so far */
    char id[HANSE_FULL_NAME_BYTES];
};

static const char *operation_name(uint32_t operation)
{
    return operation == HANSE_OPERATION_PUT ? "put" : "withdraw";
}

static const char *verdict_name(uint32_t verdict)
{
    static const char *const names[] = {"valid", "invalid", "unknown"};
    return verdict < 3 ? names[verdict] : "unknown";
}

/* The reason stands in the entry's header alone. */
static enum hanse_status read_reason(struct walk *it, uint64_t entry_index, const char **out,
                                     struct hanse_error *err)
{
    const struct hanse_frame_entry *entry;
    struct hanse_digest leaf;
    struct hanse_header header;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1u << 20);
    enum hanse_status status = hanse_open_feed_use(it->node, &it->open, it->feed_id, it->origin, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_get(it->open.reader, entry_index, &entry, &leaf, err);
    if (status == HANSE_OK && hanse_header_decode(entry->header, &arena, &header, NULL) == HANSE_OK)
        *out = hanse_reason_name(header.reason);
    return status;
}

static enum hanse_status visit_entry(void *context, const struct hanse_index_revision *entry,
                                     struct hanse_error *err)
{
    struct walk *it = context;
    struct hanse_revision revision = {.id = it->id,
                                      .origin = it->origin,
                                      .revision = entry->revision,
                                      .entry_index = entry->entry_index,
                                      .operation = operation_name(entry->operation),
                                      .verdict = verdict_name(entry->verdict),
                                      .current = entry->current,
                                      .published_unix_s = entry->published_unix_s,
                                      .audience = hanse_audience_name(entry->audience),
                                      .payload_state = hanse_payload_state_name(entry->payload_state)};
    it->revisions++;
    enum hanse_status status = HANSE_OK;
    if (entry->operation == HANSE_OPERATION_WITHDRAW)
        status = read_reason(it, entry->entry_index, &revision.reason, err);
    return status == HANSE_OK ? it->visit(it->context, &revision, err) : status;
}

static enum hanse_status visit_staged(struct walk *it, const uint8_t record_id[16], struct hanse_error *err)
{
    struct hanse_staged_change change;
    struct hanse_error own;
    enum hanse_status status = hanse_staging_get(it->node->staging, it->origin, record_id, &change, &own);
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    if (status != HANSE_OK) {
        if (err != NULL)
            *err = own;
        return status;
    }
    bool is_put = change.operation == HANSE_OPERATION_PUT;
    const struct hanse_revision revision = {.id = it->id,
                                            .origin = it->origin,
                                            .staged = true,
                                            .revision = it->revisions + 1,
                                            .operation = operation_name(change.operation),
                                            .reason = is_put ? NULL : hanse_reason_name(change.reason),
                                            .verdict = verdict_name(0),
                                            .published_unix_s = change.published_unix_s,
                                            .audience = hanse_audience_name(change.audience),
                                            .payload_state = is_put ? "present" : "none"};
    return it->visit(it->context, &revision, err);
}

static enum hanse_status walk_record(struct walk *it, const char *origin, int64_t feed_id,
                                     const uint8_t record_id[16], struct hanse_error *err)
{
    char uuid[HANSE_UUID_TEXT_BYTES];
    hanse_uuid_encode(record_id, uuid);
    (void)snprintf(it->id, sizeof it->id, "hanse:%s/%s", origin, uuid);
    it->origin = origin;
    it->feed_id = feed_id;
    it->revisions = 0;
    enum hanse_status status =
        hanse_index_record_entries(it->node->index, feed_id, record_id, visit_entry, it, err);
    if (status == HANSE_OK && hanse_node_owns(it->node, origin))
        status = visit_staged(it, record_id, err);
    return status;
}

/* A record that is staged and not published yet, in one of the own feeds. */
static enum hanse_status walk_staged(struct walk *it, const char *name, enum hanse_status not_found,
                                     struct hanse_error *err)
{
    for (size_t i = 0; i < it->node->own_count; i++) {
        HANSE_SCOPED_ROW struct hanse_feed_row feed = {0};
        uint8_t id[16];
        if (hanse_feed_row_get(it->node, it->node->own_origins[i], &feed, NULL) == HANSE_OK &&
            hanse_record_name_find_own(it->node, &feed.feed, name, true, id, NULL) == HANSE_OK)
            return walk_record(it, feed.feed.origin, feed.feed.id, id, err);
    }
    return not_found;
}

enum hanse_status hanse_query_log(struct hanse_node *node, const char *name, hanse_revision_visit *visit,
                                  void *context, struct hanse_error *err)
{
    if (node == NULL || name == NULL || visit == NULL)
        return hanse_fail_null("node, name or visit", err);
    struct walk it = {.node = node, .visit = visit, .context = context};
    struct hanse_name_matches *matches = hanse_alloc_zeroed(1, sizeof *matches);
    if (matches == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = hanse_record_name_find(node, name, matches, err);
    if (status == HANSE_NOT_FOUND)
        status = walk_staged(&it, name, status, err);
    for (size_t i = 0; i < matches->count && status == HANSE_OK; i++)
        status = walk_record(&it, matches->origins[i], matches->items[i].feed_id, matches->items[i].record_id,
                             err);
    hanse_open_feed_close(&it.open);
    hanse_free(matches);
    return status;
}
