/* SPDX-License-Identifier: Apache-2.0 */
#include "node/payload_fill.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "feed/entry.h"
#include "node/files/segment_list.h"
#include "node/files/segment_rewrite.h"
#include "node/record_index.h"
#include "wire/record_scan.h"

struct filling {
    struct hanse_node *node;
    const struct hanse_feed_row *row;
    const struct hanse_late_payload *late;
    size_t count;
    size_t next; /* of late, while segments are rewritten in order */
};

static enum hanse_status fill_entry(void *context, uint64_t index, struct hanse_frame_entry *entry,
                                    struct hanse_error *err)
{
    struct filling *it = context;
    struct hanse_digest digest;
    if (it->next == it->count || it->late[it->next].index != index)
        return HANSE_OK;
    struct hanse_bytes payload = it->late[it->next].payload;
    it->next++;
    enum hanse_status status = hanse_digest_compute(payload, &digest, err);
    if (status == HANSE_OK && memcmp(digest.bytes, entry->commitment, sizeof digest.bytes) != 0)
        status = hanse_fail(err, HANSE_MISMATCH,
                            "payload of entry %" PRIu64 " does not hash to its commitment", index);
    if (status == HANSE_OK) {
        entry->payload = payload;
        entry->absent = false;
    }
    return status;
}

static enum hanse_status rewrite_segments(struct filling *it, const char *dir,
                                          struct hanse_segment_list *list, bool *live_changed,
                                          struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < list->count && status == HANSE_OK && it->next < it->count; i++) {
        struct hanse_segment *segment = &list->items[i];
        if (it->late[it->next].index >= segment->first_index + segment->entries)
            continue;
        *live_changed = i + 1 == list->count;
        status = hanse_segment_rewrite(dir, segment, fill_entry, it, err);
    }
    return status;
}

/* Payloads that were missing were of valid PUBLIC entries; the record is judged now. */
static enum hanse_status index_payload(struct filling *it, const struct hanse_late_payload *late,
                                       const uint8_t record_id[16], struct hanse_error *err)
{
    struct hanse_bytes record;
    uint32_t kind;
    enum hanse_status status = hanse_index_payload_found(it->node->index, it->row->feed.id, late->index, err);
    if (status != HANSE_OK || record_id == NULL ||
        hanse_payload_decode(late->payload, HANSE_AUDIENCE_PUBLIC, &record, NULL) != HANSE_OK ||
        hanse_record_scan(record, &kind, NULL) != HANSE_OK)
        return status;
    return hanse_record_index(it->node->index, it->row->feed.id, record_id, late->index, record, err);
}

static enum hanse_status index_payloads(struct filling *it, const char *dir, struct hanse_error *err)
{
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    struct hanse_entry_reader *reader = NULL;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1u << 20);
    enum hanse_status status = hanse_feed_store_open(&store, dir, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_new(&store, &reader, err);
    if (status == HANSE_OK)
        status = hanse_index_begin(it->node->index, err);
    for (size_t i = 0; i < it->count && status == HANSE_OK; i++) {
        const struct hanse_frame_entry *entry;
        struct hanse_digest leaf;
        struct hanse_header header;
        hanse_arena_reset(&arena);
        status = hanse_entry_reader_get(reader, it->late[i].index, &entry, &leaf, err);
        if (status == HANSE_OK)
            status = hanse_header_decode(entry->header, &arena, &header, err);
        if (status == HANSE_OK)
            status = index_payload(it, &it->late[i],
                                   header.record_id.size == 16 ? header.record_id.data : NULL, err);
    }
    if (status == HANSE_OK)
        status = hanse_index_commit(it->node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(it->node->index);
    hanse_entry_reader_free(reader);
    return status;
}

enum hanse_status hanse_payload_fill(struct hanse_node *node, const struct hanse_feed_row *row,
                                     const struct hanse_late_payload *late, size_t count,
                                     bool *out_live_changed, struct hanse_error *err)
{
    struct filling it = {.node = node, .row = row, .late = late, .count = count};
    struct hanse_segment_list list __attribute__((cleanup(hanse_segment_list_release))) = {0};
    struct hanse_path dir;
    bool live_changed = false;
    enum hanse_status status = hanse_node_feed_dir(node, row->feed.origin, &dir, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    status = hanse_feed_store_open(&store, dir.text, err);
    if (status == HANSE_OK)
        status = hanse_segment_list_copy(&list, &store.manifest, UINT64_MAX, err);
    if (status == HANSE_OK)
        status = rewrite_segments(&it, dir.text, &list, &live_changed, err);
    if (status == HANSE_OK)
        status = hanse_segment_list_write(&list, dir.text, err);
    if (status == HANSE_OK)
        status = index_payloads(&it, dir.text, err);
    if (status == HANSE_OK)
        *out_live_changed = live_changed;
    return status;
}
