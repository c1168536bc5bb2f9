/* SPDX-License-Identifier: Apache-2.0 */
#include "node/publish/publishing.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "feed/entry.h"
#include "node/files/layout.h"
#include "node/outside_state.h"
#include "node/pending.h"
#include "node/rotation.h"

static enum hanse_status flush(struct hanse_publishing *it, struct hanse_error *err)
{
    size_t count;
    const struct hanse_frame_entry *entries = hanse_entry_batch_entries(it->batch, &count);
    enum hanse_status status = hanse_feed_writer_add_entries(&it->writer, entries, count, err);
    hanse_entry_batch_clear(it->batch);
    return status;
}

enum hanse_status hanse_publishing_add(struct hanse_publishing *it, const struct hanse_header *header,
                                       struct hanse_bytes payload, struct hanse_error *err)
{
    struct hanse_buffer encoded __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&encoded, HANSE_MAX_ENTRY_PUBLISH_BYTES - HANSE_DIGEST_BYTES);
    struct hanse_frame_entry entry = {.payload = payload};
    struct hanse_digest commitment;
    enum hanse_status status = hanse_header_encode(header, &encoded, err);
    if (status == HANSE_OK)
        status = hanse_digest_compute(payload, &commitment, err);
    if (status != HANSE_OK)
        return status;
    entry.header = hanse_buffer_view(&encoded);
    memcpy(entry.commitment, commitment.bytes, sizeof entry.commitment);
    status = hanse_entry_batch_add(it->batch, &entry, err);
    return status == HANSE_OK && hanse_entry_batch_is_full(it->batch) ? flush(it, err) : status;
}

static enum hanse_status add_first_key(struct hanse_publishing *it, struct hanse_error *err)
{
    struct hanse_header header = {.operation = HANSE_OPERATION_KEY,
                                  .published_unix_s = hanse_clock_unix_s(),
                                  .verifier_key =
                                      hanse_bytes_of(it->signer.key.material, HANSE_KEY_MATERIAL_BYTES)};
    return hanse_publishing_add(it, &header, hanse_bytes_of(NULL, 0), err);
}

/* Own entries must be VALID: the rule that publish refuses what readers would mark. */
static enum hanse_status check_valid(void *context, const struct hanse_verified_entry *entry,
                                     struct hanse_error *err)
{
    (void)context;
    if (entry->verdict == HANSE_ENTRY_VALID)
        return HANSE_OK;
    return hanse_fail(err, HANSE_INVALID_RECORD, "entry %" PRIu64 " would be invalid: %s", entry->index,
                      entry->reason != NULL ? entry->reason : "unknown operation or kind");
}

static enum hanse_status load(struct hanse_publishing *it, const char *origin, struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_layout_key(it->node->dir.text, origin, &path, err);
    if (status == HANSE_OK)
        status = hanse_key_file_read(path.text, &it->key, &it->signer, err);
    if (status == HANSE_OK)
        status = hanse_feed_row_get(it->node, origin, &it->feed, err);
    if (status == HANSE_OK)
        status = hanse_feed_row_state(&it->feed, &it->state, err);
    bool same_key = status == HANSE_OK && strcmp(it->signer.key.name, origin) == 0 &&
                    memcmp(it->state.key, it->signer.key.material, sizeof it->state.key) == 0;
    if (status == HANSE_OK && !same_key)
        status =
            hanse_fail(err, HANSE_BAD_SIGNATURE,
                       "key in \"%s\" is not the one that signs feed \"%s\": restore it from your backup",
                       path.text, origin);
    if (status == HANSE_OK && it->state.successor_index != UINT64_MAX)
        status =
            hanse_fail(err, HANSE_INVALID_ARGUMENT, "feed \"%s\" has ended and goes on elsewhere", origin);
    return status;
}

enum hanse_status hanse_publishing_init(struct hanse_publishing *it, struct hanse_node *node,
                                        const char *origin, struct hanse_error *err)
{
    *it = (struct hanse_publishing){.node = node, .writer = {.live = HANSE_FILE_CLOSED}};
    enum hanse_status status = hanse_feed_catch_up(node, origin, err);
    if (status == HANSE_OK)
        status = load(it, origin, err);
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(node, origin, &it->dir, err);
    if (status != HANSE_OK)
        return status;
    it->size = it->state.frontier.size;
    it->root = hanse_merkle_empty_root();
    if (it->size > 0)
        memcpy(it->root.bytes, it->feed.feed.root, sizeof it->root.bytes);
    return HANSE_OK;
}

void hanse_publishing_release(struct hanse_publishing *it)
{
    hanse_entry_batch_free(it->batch);
    hanse_feed_writer_release(&it->writer);
    hanse_signing_key_free(it->key);
    hanse_feed_row_release(&it->feed);
}

/* A feed has a signed checkpoint from its first moment. Where it is gone so may be what it covered: to begin
 * anew would fork the feed. */
static enum hanse_status check_checkpoint(const struct hanse_path *dir, const char *origin,
                                          struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_path_format(&path, err, "%s/checkpoint", dir->text);
    if (status == HANSE_OK && !hanse_file_exists(path.text))
        status = hanse_fail(err, HANSE_BEHIND, "checkpoint of \"%s\" is lost: \"%s\"", origin, path.text);
    return status;
}

enum hanse_status hanse_publishing_check(const struct hanse_publishing *it, bool offline,
                                         struct hanse_error *err)
{
    const char *origin = it->feed.feed.origin;
    enum hanse_status status = check_checkpoint(&it->dir, origin, err);
    if (status != HANSE_OK || offline)
        return status;
    return hanse_outside_state_check(it->node, origin, it->signer.key.material, it->size, &it->root, err);
}

enum hanse_status hanse_publishing_begin(struct hanse_publishing *it, struct hanse_error *err)
{
    enum hanse_status status = hanse_entry_batch_new(&it->batch, err);
    if (status == HANSE_OK)
        status = hanse_feed_writer_open(&it->writer, it->dir.text, it->size, false, err);
    if (status == HANSE_OK)
        status = hanse_feed_writer_continue_block(&it->writer, err);
    return status == HANSE_OK && it->size == 0 ? add_first_key(it, err) : status;
}

static enum hanse_status sign(struct hanse_publishing *it, uint64_t size, const struct hanse_digest *root,
                              struct hanse_buffer *note, struct hanse_error *err)
{
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, HANSE_MAX_NOTE_BYTES);
    struct hanse_checkpoint checkpoint = {
        .origin = hanse_bytes_of_text(it->feed.feed.origin), .size = size, .root = *root};
    enum hanse_status status = hanse_checkpoint_encode(&checkpoint, &text, err);
    struct hanse_signer signers[2] = {it->signer};
    if (it->next != NULL)
        signers[1] = *it->next;
    return status == HANSE_OK
               ? hanse_note_sign(hanse_buffer_view(&text), signers, it->next != NULL ? 2 : 1, note, err)
               : status;
}

/* Reads what was just written, judges it, signs and shows it; the index follows in the same step. */
static enum hanse_status commit(struct hanse_publishing *it, struct hanse_error *err)
{
    const char *origin = it->feed.feed.origin;
    struct hanse_digest root;
    struct hanse_feed_state state;
    struct hanse_path path;
    struct hanse_buffer note __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&note, HANSE_MAX_NOTE_BYTES);
    uint64_t size = hanse_tile_builder_size(it->writer.tiles.builder);
    hanse_tile_builder_root(it->writer.tiles.builder, &root);
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    enum hanse_status status = hanse_feed_store_open(&store, it->dir.text, err);
    if (status == HANSE_OK)
        status = hanse_index_begin(it->node->index, err);
    if (status == HANSE_OK)
        status = hanse_feed_index_entries(it->node, &it->feed, &store, size, &root, check_valid, NULL, &state,
                                          err);
    if (status == HANSE_OK)
        status = hanse_feed_row_put(it->node, &it->feed, &state, err);
    if (status == HANSE_OK)
        status = sign(it, size, &root, &note, err);
    if (status == HANSE_OK)
        status = hanse_pending_write(it->node, origin, it->staged_upto, hanse_buffer_view(&note), err);
    if (status == HANSE_OK && it->next != NULL)
        status = hanse_rotation_announce(it->node, origin, hanse_buffer_view(&note), err);
    if (status == HANSE_OK)
        status = hanse_outside_state_write(it->node, origin, it->signer.key.material,
                                           &(struct hanse_outside_state){.size = size, .root = root}, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/checkpoint", it->dir.text);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, hanse_buffer_view(&note), HANSE_MODE_PUBLIC_FILE, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(it->node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(it->node->index);
    if (status == HANSE_OK)
        status = hanse_pending_finish(it->node, origin, err);
    if (status == HANSE_OK) {
        it->size = size;
        it->root = root;
    }
    return status;
}

enum hanse_status hanse_publishing_commit(struct hanse_publishing *it, struct hanse_error *err)
{
    enum hanse_status status = flush(it, err);
    if (status == HANSE_OK)
        status = hanse_feed_writer_finish(&it->writer, err);
    return status == HANSE_OK ? commit(it, err) : status;
}

void hanse_publishing_trim(const struct hanse_publishing *it)
{
    struct hanse_path pending;
    const char *origin = it->feed.feed.origin;
    bool known = hanse_layout_pending(it->node->dir.text, origin, &pending, NULL) == HANSE_OK;
    if (known && !hanse_file_exists(pending.text) && hanse_feed_trim(it->dir.text, 0, NULL) != HANSE_OK)
        return;
}
