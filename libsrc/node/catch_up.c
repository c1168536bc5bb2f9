/* SPDX-License-Identifier: Apache-2.0 */
/* From a feed's files into the index: part of node_internal.h. */
#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/entry_row.h"
#include "node/erasure.h"
#include "node/node_internal.h"

struct indexing {
    struct hanse_node *node;
    int64_t feed_id;
    bool own;
    struct hanse_hasher *hasher;
    struct hanse_arena *texts; /* of the row */
    bool erases;
    const char *successor_origin; /* of a valid SUCCESSOR entry that was met */
    hanse_entry_check *check;
    void *check_context;
};

static enum hanse_status add_entry(struct indexing *to, const struct hanse_verified_entry *entry,
                                   struct hanse_error *err)
{
    const struct hanse_header *header = entry->header;
    struct hanse_digest digest;
    struct hanse_entry_row row;
    hanse_entry_row_of(entry, &row);
    if (row.record.size > 0 && to->own) {
        hanse_hasher_digest(to->hasher, row.record, &digest);
        row.entry.digest = digest.bytes;
    }
    enum hanse_status status = hanse_entry_row_add(to->node->index, to->feed_id, &row, err);
    if (status == HANSE_OK && entry->verdict == HANSE_ENTRY_VALID &&
        header->operation == HANSE_OPERATION_SUCCESSOR) {
        to->successor_origin = hanse_arena_copy(to->texts, header->successor_origin);
        status = to->successor_origin != NULL ? HANSE_OK : hanse_fail_memory(err);
    }
    bool erases = entry->verdict == HANSE_ENTRY_VALID && header->operation == HANSE_OPERATION_ERASE;
    to->erases = to->erases || erases;
    for (size_t i = 0; erases && i < header->erased_count && status == HANSE_OK; i++)
        status = hanse_index_erase(to->node->index, to->feed_id, header->erased[i].first,
                                   header->erased[i].count, err);
    return status;
}

static enum hanse_status take_frame(void *context, const struct hanse_verified_frame *frame,
                                    struct hanse_error *err)
{
    struct indexing *to = context;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < frame->entry_count && status == HANSE_OK; i++) {
        if (to->check != NULL)
            status = to->check(to->check_context, &frame->entries[i], err);
        if (status == HANSE_OK)
            status = add_entry(to, &frame->entries[i], err);
    }
    return status;
}

enum hanse_status hanse_feed_index_entries(struct hanse_node *node, struct hanse_feed_row *row,
                                           const struct hanse_feed_store *store, uint64_t size,
                                           const struct hanse_digest *root, hanse_entry_check *check,
                                           void *context, struct hanse_feed_state *out_state,
                                           struct hanse_error *err)
{
    struct indexing to = {.node = node,
                          .feed_id = row->feed.id,
                          .own = row->feed.own,
                          .texts = &row->arena,
                          .check = check,
                          .check_context = context};
    struct hanse_feed_state state;
    struct hanse_verifier *verifier = NULL;
    enum hanse_status status = hanse_feed_row_state(row, &state, err);
    if (status == HANSE_OK)
        status = hanse_hasher_new(&to.hasher, err);
    if (status == HANSE_OK)
        status =
            hanse_verifier_new(row->feed.origin, &state, size, root->bytes, take_frame, &to, &verifier, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_replay(store, state.frontier.size, verifier, err);
    if (status == HANSE_OK)
        status = hanse_verifier_end(verifier, out_state, err);
    hanse_verifier_free(verifier);
    hanse_hasher_free(to.hasher);
    if (status == HANSE_OK)
        memcpy(row->feed.root, root->bytes, sizeof row->feed.root);
    row->erases = row->erases || to.erases;
    if (status == HANSE_OK && to.successor_origin != NULL)
        row->feed.successor_origin = to.successor_origin;
    return status;
}

enum hanse_status hanse_feed_state_judge(const struct hanse_feed_state *state, const char *origin,
                                         struct hanse_bytes note_bytes, struct hanse_error *err)
{
    struct hanse_verifier_key current;
    struct hanse_verifier_key previous;
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    struct hanse_bytes name = hanse_bytes_of_text(origin);
    bool at_key_entry = state->key_index != UINT64_MAX && state->key_index > 0 &&
                        state->frontier.size == state->key_index + 1;
    enum hanse_status status =
        hanse_verifier_key_init(name, hanse_bytes_of(state->key, sizeof state->key), &current, err);
    if (status == HANSE_OK && at_key_entry)
        status = hanse_verifier_key_init(
            name, hanse_bytes_of(state->previous_key, sizeof state->previous_key), &previous, err);
    struct hanse_note_check checks[2] = {{.key = &current, .required = true},
                                         {.key = &previous, .required = true}};
    if (status == HANSE_OK)
        status = hanse_note_decode(note_bytes, &note, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_open(&note, name, checks, at_key_entry ? 2 : 1, &checkpoint, err);
    return status;
}

/* The index says something else than the folder: forget what it says of this feed. */
static enum hanse_status start_anew(struct hanse_node *node, struct hanse_feed_row *row,
                                    struct hanse_error *err)
{
    row->feed.size = 0;
    row->feed.state = hanse_bytes_of(NULL, 0);
    enum hanse_status status = hanse_index_feed_put(node->index, &row->feed, err);
    return status == HANSE_OK ? hanse_index_feed_reset(node->index, row->feed.id, err) : status;
}

static enum hanse_status catch_up(struct hanse_node *node, struct hanse_feed_row *row,
                                  const struct hanse_feed_store *store, struct hanse_error *err)
{
    bool same_root =
        row->feed.size == 0 || memcmp(row->feed.root, store->root.bytes, sizeof row->feed.root) == 0;
    bool current = row->feed.size == store->size && same_root;
    if (current && (row->feed.size > 0 || row->feed.state.size > 0 || store->checkpoint.size == 0))
        return HANSE_OK;
    if (row->feed.size > 0 && store->checkpoint.size == 0)
        return hanse_fail(err, row->feed.own ? HANSE_BEHIND : HANSE_NOT_FOUND,
                          "checkpoint of feed \"%s\" is missing in \"%s\"", row->feed.origin,
                          store->dir.text);
    if (row->feed.own && store->size < row->feed.size)
        return hanse_fail(err, HANSE_BEHIND,
                          "checkpoint of feed \"%s\" has %" PRIu64 " entries, it had %" PRIu64,
                          row->feed.origin, store->size, row->feed.size);
    enum hanse_status status = hanse_index_begin(node->index, err);
    bool contradicts = row->feed.size > store->size || (row->feed.size == store->size && !same_root);
    if (status == HANSE_OK && contradicts)
        status = start_anew(node, row, err);
    struct hanse_feed_state state;
    if (status == HANSE_OK)
        status =
            hanse_feed_index_entries(node, row, store, store->size, &store->root, NULL, NULL, &state, err);
    if (status == HANSE_OK && store->checkpoint.size > 0)
        status = hanse_feed_state_judge(&state, row->feed.origin, hanse_buffer_view(&store->checkpoint), err);
    if (status == HANSE_OK)
        status = hanse_feed_row_put(node, row, &state, err);
    if (status == HANSE_OK && row->erases)
        status = hanse_erasure_mark(node, row->feed.origin, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(node->index);
    return status;
}

enum hanse_status hanse_feed_catch_up(struct hanse_node *node, const char *origin, struct hanse_error *err)
{
    struct hanse_path dir;
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    enum hanse_status status = hanse_feed_row_get(node, origin, &row, err);
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(node, row.feed.origin, &dir, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    status = hanse_feed_store_open(&store, dir.text, err);
    if (status == HANSE_OK)
        status = catch_up(node, &row, &store, err);
    return status == HANSE_OK ? hanse_erasure_apply(node, row.feed.origin, err) : status;
}

enum hanse_status hanse_feed_catch_up_if_sound(struct hanse_node *node, const char *origin,
                                               struct hanse_error *err)
{
    enum hanse_status status = hanse_feed_catch_up(node, origin, err);
    bool damaged = status == HANSE_MISMATCH || status == HANSE_MALFORMED || status == HANSE_TRUNCATED ||
                   status == HANSE_BAD_SIGNATURE || status == HANSE_NOT_FOUND || status == HANSE_LIMIT ||
                   status == HANSE_UNSUPPORTED || status == HANSE_BEHIND;
    return damaged ? HANSE_OK : status;
}
