/* SPDX-License-Identifier: Apache-2.0 */
#include "node/held_item.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "feed/entry.h"

void hanse_open_feed_close(struct hanse_open_feed *open)
{
    if (open->id == 0)
        return;
    hanse_entry_reader_free(open->reader);
    hanse_feed_store_release(&open->store);
    hanse_feed_row_release(&open->row);
    *open = (struct hanse_open_feed){0};
}

enum hanse_status hanse_open_feed_use(struct hanse_node *node, struct hanse_open_feed *open, int64_t id,
                                      const char *origin, struct hanse_error *err)
{
    if (open->id == id)
        return HANSE_OK;
    hanse_open_feed_close(open);
    open->id = id;
    struct hanse_path dir;
    enum hanse_status status = hanse_feed_row_get(node, origin, &open->row, err);
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(node, open->row.feed.origin, &dir, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_open(&open->store, dir.text, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_new(&open->store, &open->reader, err);
    if (status != HANSE_OK)
        hanse_open_feed_close(open);
    return status;
}

const char *hanse_audience_name(uint32_t audience)
{
    static const char *const names[] = {"PUBLIC", "NETWORK", "PARTIES"};
    return audience < 3 ? names[audience] : "UNKNOWN";
}

const char *hanse_payload_state_name(uint32_t state)
{
    static const char *const names[] = {"none", "present", "missing", "withheld", "erased"};
    return state < 5 ? names[state] : "unknown";
}

static enum hanse_status read_entry(struct hanse_open_feed *open, const struct hanse_index_record *found,
                                    struct hanse_held_item *item, struct hanse_error *err)
{
    const struct hanse_frame_entry *entry;
    struct hanse_bytes bytes;
    enum hanse_status status =
        hanse_entry_reader_get(open->reader, found->entry_index, &entry, &item->leaf, err);
    if (status != HANSE_OK)
        return status;
    memcpy(item->commitment.bytes, entry->commitment, sizeof item->commitment.bytes);
    if (entry->absent || entry->payload.size == 0 || found->audience == HANSE_AUDIENCE_PARTIES ||
        found->payload_state != HANSE_PAYLOAD_PRESENT) /* erased, and not destroyed yet */
        return HANSE_OK;
    status = hanse_payload_decode(entry->payload, found->audience, &bytes, err);
    return status == HANSE_OK ? hanse_record_from_bytes(bytes, &item->record, err) : status;
}

enum hanse_status hanse_held_item_fill(struct hanse_node *node, struct hanse_open_feed *open,
                                       const struct hanse_index_record *found, struct hanse_held_item *item,
                                       struct hanse_error *err)
{
    char uuid[HANSE_UUID_TEXT_BYTES];
    struct hanse_index_record kept = *found;
    *item = (struct hanse_held_item){0};
    hanse_uuid_encode(kept.record_id, uuid);
    (void)snprintf(item->id, sizeof item->id, "hanse:%s/%s", kept.origin, uuid);
    enum hanse_status status = hanse_open_feed_use(node, open, kept.feed_id, kept.origin, err);
    if (status == HANSE_OK)
        status = read_entry(open, &kept, item, err);
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "record \"%s\"", item->id);
    const char *kind = hanse_kind_name(kept.kind);
    item->public = (struct hanse_item){.id = item->id,
                                       .origin = open->row.feed.origin,
                                       .own = open->row.feed.own,
                                       .revision = kept.revision,
                                       .entry_index = kept.entry_index,
                                       .kind = kind != NULL ? kind : "Unknown",
                                       .published_unix_s = kept.published_unix_s,
                                       .audience = hanse_audience_name(kept.audience),
                                       .withdrawn = kept.withdrawn,
                                       .payload_state = hanse_payload_state_name(kept.payload_state),
                                       .record = item->record,
                                       .commitment = item->commitment.bytes};
    return HANSE_OK;
}

enum hanse_status hanse_held_item_fill_again(struct hanse_node *node, struct hanse_open_feed *open,
                                             const struct hanse_index_record *found,
                                             struct hanse_held_item *item, struct hanse_error *err)
{
    enum hanse_status status = hanse_held_item_fill(node, open, found, item, err);
    if (status != HANSE_NOT_FOUND && status != HANSE_TRUNCATED)
        return status;
    hanse_record_free(item->record);
    hanse_open_feed_close(open);
    return hanse_held_item_fill(node, open, found, item, err);
}
