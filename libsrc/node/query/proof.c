/* SPDX-License-Identifier: Apache-2.0 */
/* Making the proof of a record that the node holds. */
#include <hanse/proof.h>

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "feed/record_proof.h"
#include "log/tile_hash.h"
#include "node/files/key_history.h"
#include "node/held_item.h"
#include "node/query/proof_check.h"
#include "node/record_name.h"

struct making {
    struct hanse_open_feed open;
    struct hanse_record_proof proof;
    struct hanse_buffer entry;
    struct hanse_buffer text;
    struct hanse_arena arena; /* of the key changes */
};

static void release(struct making *it)
{
    hanse_open_feed_close(&it->open);
    hanse_buffer_release(&it->entry);
    hanse_buffer_release(&it->text);
    hanse_arena_release(&it->arena);
}

/* The one record that is meant: two feeds may carry one code. */
static enum hanse_status find_record(struct hanse_node *node, const char *name,
                                     struct hanse_name_matches *matches, struct hanse_error *err)
{
    enum hanse_status status = hanse_record_name_find(node, name, matches, err);
    if (status == HANSE_OK && matches->total > 1)
        status = hanse_fail(err, HANSE_INVALID_ARGUMENT,
                            "\"%.100s\" is a code of %zu records, such as those of \"%s\" and \"%s\"", name,
                            matches->total, matches->items[0].origin, matches->items[1].origin);
    return status;
}

static enum hanse_status take_entry(struct making *it, const struct hanse_index_record *record,
                                    struct hanse_error *err)
{
    const struct hanse_frame_entry *found;
    struct hanse_digest leaf;
    struct hanse_entry entry;
    enum hanse_status status =
        hanse_entry_reader_get(it->open.reader, record->entry_index, &found, &leaf, err);
    if (status != HANSE_OK)
        return status;
    memcpy(entry.commitment, found->commitment, sizeof entry.commitment);
    entry.header = found->header;
    status = hanse_entry_encode(&entry, &it->entry, err);
    it->proof.entry = hanse_buffer_view(&it->entry);
    /* What is erased and not destroyed yet does not leave in a proof. */
    if (!found->absent && record->payload_state == HANSE_PAYLOAD_PRESENT)
        it->proof.payload = found->payload;
    return status;
}

static enum hanse_status take_inclusion(struct making *it, struct hanse_error *err)
{
    struct hanse_feed_store store = {.dir = it->open.store.dir};
    struct hanse_tile_hashes hashes = {
        .size = it->open.store.size, .read = hanse_feed_store_read_tile, .context = &store};
    hanse_buffer_init(&hashes.tile, HANSE_TILE_WIDTH * HANSE_DIGEST_BYTES);
    enum hanse_status status = hanse_hasher_new(&hashes.hasher, err);
    if (status == HANSE_OK)
        status = hanse_proof_make_inclusion(hashes.hasher, it->proof.index, hashes.size,
                                            hanse_tile_hash_fetch, &hashes, &it->proof.proof, err);
    hanse_hasher_free(hashes.hasher);
    hanse_buffer_release(&hashes.tile);
    return status;
}

static enum hanse_status make(struct making *it, const struct hanse_index_record *record,
                              hanse_proof_visit *visit, void *context, struct hanse_error *err)
{
    struct hanse_verifier_key key;
    const struct hanse_index_feed *feed = &it->open.row.feed;
    it->proof.index = record->entry_index;
    it->proof.revision = record->revision;
    it->proof.note = hanse_buffer_view(&it->open.store.checkpoint);
    enum hanse_status status = take_entry(it, record, err);
    if (status == HANSE_OK)
        status = take_inclusion(it, err);
    /* So that who knows an older key of the feed can check the proof. */
    if (status == HANSE_OK)
        status = hanse_feed_store_read_keys(&it->open.store, it->open.store.size, &it->arena,
                                            &it->proof.key_changes, &it->proof.key_change_count, err);
    if (status == HANSE_OK)
        status = hanse_record_proof_encode(&it->proof, &it->text, err);
    if (status == HANSE_OK)
        status = hanse_verifier_key_init(hanse_bytes_of_text(feed->origin),
                                         hanse_bytes_of(feed->key, sizeof feed->key), &key, err);
    /* What is stored may be damaged: nothing leaves that its reader would refuse. */
    return status == HANSE_OK ? hanse_record_proof_check(hanse_buffer_view(&it->text), &key,
                                                         hanse_payload_state_name(record->payload_state),
                                                         visit, context, err)
                              : status;
}

enum hanse_status hanse_proof_make(struct hanse_node *node, const char *name, hanse_proof_visit *visit,
                                   void *context, char **out, struct hanse_error *err)
{
    if (node == NULL || name == NULL || out == NULL)
        return hanse_fail_null("node, name or out", err);
    __attribute__((cleanup(release))) struct making it = {.proof = {.index = 0}};
    hanse_buffer_init(&it.entry, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    hanse_buffer_init(&it.text, HANSE_MAX_LOG_PROOF_BYTES + 1);
    hanse_arena_init(&it.arena, 2 * HANSE_MAX_LOG_PROOF_BYTES);
    struct hanse_name_matches *matches = hanse_alloc_zeroed(1, sizeof *matches);
    if (matches == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = find_record(node, name, matches, err);
    const struct hanse_index_record *record = &matches->items[0];
    if (status == HANSE_OK)
        status = hanse_open_feed_use(node, &it.open, record->feed_id, record->origin, err);
    if (status == HANSE_OK) {
        status = make(&it, record, visit, context, err);
        if (status != HANSE_OK)
            status = hanse_fail_within(err, status, "proof of \"%.100s\"", name);
    }
    hanse_free(matches);
    return status == HANSE_OK ? hanse_buffer_detach_text(&it.text, out, err) : status;
}
