/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing (docs/protocol.md, "Publishing"): frames, tiles and manifest durable, read again and judged,
 * then signed, and last the checkpoint's rename, which is the commit. */
#include <inttypes.h>
#include <string.h>

#include <hanse/change.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "feed/entry.h"
#include "node/entry_batch.h"
#include "node/feed_writer.h"
#include "node/layout.h"
#include "node/node_internal.h"
#include "node/outside_state.h"
#include "node/pending.h"

struct publishing {
    struct hanse_node *node;
    const struct hanse_publish_options *options;
    struct hanse_feed_row feed;
    struct hanse_feed_state state;
    struct hanse_signing_key *key;
    struct hanse_signer signer;
    struct hanse_feed_writer writer;
    struct hanse_entry_batch *batch;
    uint64_t staged_upto;
    uint64_t staged_total;
    uint64_t held_back; /* staged for the members of a network, which have no stream here yet */
    uint64_t staged_done;
};

static enum hanse_status flush(struct publishing *it, struct hanse_error *err)
{
    size_t count;
    const struct hanse_frame_entry *entries = hanse_entry_batch_entries(it->batch, &count);
    enum hanse_status status = hanse_feed_writer_add_entries(&it->writer, entries, count, err);
    hanse_entry_batch_clear(it->batch);
    return status;
}

static enum hanse_status add_entry(struct publishing *it, const struct hanse_header *header,
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

static enum hanse_status add_first_key(struct publishing *it, struct hanse_error *err)
{
    struct hanse_header header = {.operation = HANSE_OPERATION_KEY,
                                  .published_unix_s = hanse_clock_unix_s(),
                                  .verifier_key =
                                      hanse_bytes_of(it->signer.key.material, HANSE_KEY_MATERIAL_BYTES)};
    return add_entry(it, &header, hanse_bytes_of(NULL, 0), err);
}

static enum hanse_status add_change(void *context, const struct hanse_staged_change *change,
                                    struct hanse_error *err)
{
    struct publishing *it = context;
    if (change->audience == HANSE_AUDIENCE_NETWORK || change->audience == HANSE_AUDIENCE_PARTIES)
        return HANSE_OK; /* held back */
    struct hanse_buffer payload __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&payload, HANSE_MAX_PAYLOAD_BYTES);
    bool is_put = change->operation == HANSE_OPERATION_PUT;
    enum hanse_status status = HANSE_OK;
    if (is_put)
        status = hanse_payload_encode(change->salt, change->record, change->audience, &payload, err);
    struct hanse_header header = {.operation = change->operation,
                                  .record_id = hanse_bytes_of(change->record_id, sizeof change->record_id),
                                  .audience = change->audience,
                                  .published_unix_s = change->published_unix_s,
                                  .payload_bytes = (uint32_t)payload.size,
                                  .kind =
                                      is_put && change->audience == HANSE_AUDIENCE_PUBLIC ? change->kind : 0,
                                  .reason = change->reason};
    if (status == HANSE_OK)
        status = add_entry(it, &header, hanse_buffer_view(&payload), err);
    it->staged_upto = change->sequence;
    it->staged_done++;
    bool told = it->staged_done % 1000 == 0 && it->options->progress != NULL;
    if (status == HANSE_OK && told &&
        !it->options->progress(it->options->context, "publishing", it->staged_done, it->staged_total,
                               "entries"))
        status = hanse_fail(err, HANSE_CANCELLED, "publish was cancelled; nothing was published");
    return status;
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

static enum hanse_status load(struct publishing *it, const char *origin, struct hanse_error *err)
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

/* Frames, tiles and manifest of everything staged, durable. */
static enum hanse_status write_entries(struct publishing *it, const struct hanse_path *dir,
                                       struct hanse_error *err)
{
    const char *origin = it->feed.feed.origin;
    enum hanse_status status = hanse_entry_batch_new(&it->batch, err);
    if (status == HANSE_OK)
        status = hanse_feed_writer_open(&it->writer, dir->text, it->state.frontier.size, false, err);
    if (status == HANSE_OK)
        status = hanse_feed_writer_continue_block(&it->writer, err);
    if (status == HANSE_OK && it->state.frontier.size == 0)
        status = add_first_key(it, err);
    if (status == HANSE_OK)
        status = hanse_staging_list(it->node->staging, origin, add_change, it, err);
    if (status == HANSE_OK)
        status = flush(it, err);
    return status == HANSE_OK ? hanse_feed_writer_finish(&it->writer, err) : status;
}

static enum hanse_status sign(struct publishing *it, uint64_t size, const struct hanse_digest *root,
                              struct hanse_buffer *note, struct hanse_error *err)
{
    struct hanse_buffer text __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&text, HANSE_MAX_NOTE_BYTES);
    struct hanse_checkpoint checkpoint = {
        .origin = hanse_bytes_of_text(it->feed.feed.origin), .size = size, .root = *root};
    enum hanse_status status = hanse_checkpoint_encode(&checkpoint, &text, err);
    return status == HANSE_OK ? hanse_note_sign(hanse_buffer_view(&text), &it->signer, 1, note, err) : status;
}

/* Reads what was just written, judges it, signs and shows it; the index follows in the same step. */
static enum hanse_status commit(struct publishing *it, const struct hanse_path *dir,
                                struct hanse_publish_result *result, struct hanse_error *err)
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
    enum hanse_status status = hanse_feed_store_open(&store, dir->text, err);
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
    if (status == HANSE_OK)
        status = hanse_outside_state_write(it->node, origin, it->signer.key.material,
                                           &(struct hanse_outside_state){.size = size, .root = root}, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/checkpoint", dir->text);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, hanse_buffer_view(&note), HANSE_MODE_PUBLIC_FILE, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(it->node->index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(it->node->index);
    if (status == HANSE_OK)
        status = hanse_pending_finish(it->node, origin, err);
    if (status == HANSE_OK) {
        result->new_size = size;
        memcpy(result->root, root.bytes, sizeof result->root);
    }
    return status;
}

static enum hanse_status check_newest(const struct publishing *it, const struct hanse_publish_result *result,
                                      struct hanse_error *err)
{
    struct hanse_digest root;
    memcpy(root.bytes, result->root, sizeof root.bytes);
    return hanse_outside_state_check(it->node, it->feed.feed.origin, it->signer.key.material,
                                     result->old_size, &root, err);
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

static void release(struct publishing *it)
{
    hanse_entry_batch_free(it->batch);
    hanse_feed_writer_release(&it->writer);
    hanse_signing_key_free(it->key);
    hanse_feed_row_release(&it->feed);
}

/* What was not signed does not stay; a disk that refuses that now is asked again when the node opens. */
static void trim_unsigned(struct hanse_node *node, const char *origin, const struct hanse_path *dir)
{
    struct hanse_path pending;
    bool known = hanse_layout_pending(node->dir.text, origin, &pending, NULL) == HANSE_OK;
    if (known && !hanse_file_exists(pending.text) && hanse_feed_trim(dir->text, 0, NULL) != HANSE_OK)
        return;
}

static enum hanse_status count_staged(struct publishing *it, const char *origin, struct hanse_error *err)
{
    enum hanse_status status = hanse_staging_count(it->node->staging, origin, &it->staged_total, err);
    if (status == HANSE_OK)
        status = hanse_staging_count_held_back(it->node->staging, origin, &it->held_back, err);
    if (status == HANSE_OK)
        it->staged_total -= it->held_back;
    return status;
}

enum hanse_status hanse_publish(struct hanse_node *node, const struct hanse_publish_options *options,
                                struct hanse_publish_result *out, struct hanse_error *err)
{
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of publish need version 1");
    __attribute__((cleanup(release))) struct publishing it = {
        .node = node, .options = options, .writer = {.live = HANSE_FILE_CLOSED}};
    const char *origin = NULL;
    struct hanse_path dir;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_node_own_origin(node, options->origin, &origin, err);
    if (status == HANSE_OK)
        status = hanse_node_lock(node, &lock, err);
    if (status == HANSE_OK)
        status = hanse_feed_catch_up(node, origin, err);
    if (status == HANSE_OK)
        status = count_staged(&it, origin, err);
    if (status == HANSE_OK)
        status = load(&it, origin, err);
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(node, origin, &dir, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_publish_result result = {
        .held_back = it.held_back, .old_size = it.state.frontier.size, .new_size = it.state.frontier.size};
    memcpy(result.root, it.feed.feed.root, sizeof result.root);
    if (result.old_size == 0) {
        struct hanse_digest empty = hanse_merkle_empty_root();
        memcpy(result.root, empty.bytes, sizeof result.root);
    }
    if (it.staged_total > 0)
        status = check_checkpoint(&dir, origin, err);
    if (status == HANSE_OK && it.staged_total > 0 && !options->offline)
        status = check_newest(&it, &result, err);
    if (status == HANSE_OK && it.staged_total > 0)
        status = write_entries(&it, &dir, err);
    if (status == HANSE_OK && it.staged_total > 0)
        status = commit(&it, &dir, &result, err);
    if (status == HANSE_OK)
        *out = result;
    else
        trim_unsigned(node, origin, &dir);
    return status;
}
