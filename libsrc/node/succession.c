/* SPDX-License-Identifier: Apache-2.0 */
#include "node/succession.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "wire/header.h"

enum { HEADER_ARENA_BYTES = 1 << 20 };

/* The header of one entry of a feed; views live in the arena. */
static enum hanse_status read_header(struct hanse_node *node, const char *origin, uint64_t index,
                                     struct hanse_arena *arena, struct hanse_header *out,
                                     struct hanse_error *err)
{
    struct hanse_path dir;
    enum hanse_status status = hanse_node_feed_dir(node, origin, &dir, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    struct hanse_entry_reader *reader = NULL;
    const struct hanse_frame_entry *entry;
    struct hanse_digest leaf;
    status = hanse_feed_store_open(&store, dir.text, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_new(&store, &reader, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_get(reader, index, &entry, &leaf, err);
    const char *copy = NULL;
    if (status == HANSE_OK) {
        copy = hanse_arena_copy(arena, entry->header);
        status = copy != NULL ? hanse_header_decode(hanse_bytes_of(copy, entry->header.size), arena, out, err)
                              : hanse_fail_memory(err);
    }
    hanse_entry_reader_free(reader);
    return status;
}

/* Both statements agree with what is verified here. */
static enum hanse_status check_link(struct hanse_node *node, const struct hanse_feed_row *old_feed,
                                    const struct hanse_feed_row *new_feed, bool *out, struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, HEADER_ARENA_BYTES);
    struct hanse_feed_state state;
    struct hanse_header end;
    struct hanse_header start;
    enum hanse_status status = hanse_feed_row_state(old_feed, &state, err);
    if (status == HANSE_OK && (state.successor_index == UINT64_MAX || new_feed->feed.size == 0))
        return HANSE_OK;
    if (status == HANSE_OK)
        status = read_header(node, old_feed->feed.origin, state.successor_index, &arena, &end, err);
    if (status == HANSE_OK)
        status = read_header(node, new_feed->feed.origin, 0, &arena, &start, err);
    if (status != HANSE_OK)
        return status;
    /* Entries behind a SUCCESSOR are invalid, but they change size and root: only the statement about the
     * tree that ends with it can be compared, which is what is held if nothing follows. */
    *out = hanse_bytes_equal_text(end.successor_origin, new_feed->feed.origin) &&
           hanse_bytes_equal(end.successor_key, start.verifier_key) &&
           hanse_bytes_equal_text(start.predecessor_origin, old_feed->feed.origin) &&
           start.predecessor_size == state.successor_index + 1 &&
           start.predecessor_size == old_feed->feed.size &&
           hanse_bytes_equal(start.predecessor_root,
                             hanse_bytes_of(old_feed->feed.root, sizeof old_feed->feed.root));
    return HANSE_OK;
}

static enum hanse_status find_link(struct hanse_node *node, const char *origin, int64_t *out_new_feed,
                                   struct hanse_error *err)
{
    HANSE_SCOPED_ROW struct hanse_feed_row old_feed;
    HANSE_SCOPED_ROW struct hanse_feed_row new_feed = {0};
    bool linked = false;
    enum hanse_status status = hanse_feed_row_get(node, origin, &old_feed, err);
    *out_new_feed = 0;
    if (status != HANSE_OK || old_feed.feed.successor_origin == NULL)
        return status;
    status = hanse_feed_row_get(node, old_feed.feed.successor_origin, &new_feed, err);
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    if (status == HANSE_OK)
        status = check_link(node, &old_feed, &new_feed, &linked, err);
    if (status == HANSE_OK && linked)
        *out_new_feed = new_feed.feed.id;
    return status;
}

enum hanse_status hanse_succession_check(struct hanse_node *node, struct hanse_succession *known,
                                         const struct hanse_index_record *record, bool *out,
                                         struct hanse_error *err)
{
    struct hanse_index_record newer;
    enum hanse_status status = HANSE_OK;
    uint8_t record_id[16];
    memcpy(record_id, record->record_id, sizeof record_id);
    *out = false;
    if (known->old_feed_id != record->feed_id) {
        int64_t old_feed_id = record->feed_id;
        status = find_link(node, record->origin, &known->new_feed_id, err);
        known->old_feed_id = status == HANSE_OK ? old_feed_id : 0;
    }
    if (status != HANSE_OK || known->new_feed_id == 0)
        return status;
    status = hanse_index_record_get(node->index, known->new_feed_id, record_id, &newer, err);
    *out = status == HANSE_OK;
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}
