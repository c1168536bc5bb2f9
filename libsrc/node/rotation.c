/* SPDX-License-Identifier: Apache-2.0 */
#include "node/rotation.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "feed/entry.h"
#include "log/tile_hash.h"
#include "node/files/key_history.h"
#include "node/files/layout.h"
#include "node/outside_state.h"

enum hanse_status hanse_rotation_prepare(const struct hanse_node *node, const char *origin,
                                         struct hanse_signing_key **out_key, struct hanse_signer *out_signer,
                                         struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_layout_next_key(node->dir.text, origin, &path, err);
    return status == HANSE_OK ? hanse_key_file_provide(path.text, origin, out_key, out_signer, err) : status;
}

/* HANSE_NOT_FOUND: there is none. */
static enum hanse_status read_next(const struct hanse_node *node, const char *origin,
                                   struct hanse_verifier_key *out, struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_signing_key *key = NULL;
    struct hanse_signer signer;
    enum hanse_status status = hanse_layout_next_key(node->dir.text, origin, &path, err);
    if (status == HANSE_OK && !hanse_file_exists(path.text))
        return HANSE_NOT_FOUND;
    if (status == HANSE_OK)
        status = hanse_key_file_read(path.text, &key, &signer, err);
    hanse_signing_key_free(key);
    if (status == HANSE_OK)
        *out = signer.key;
    return status;
}

enum hanse_status hanse_rotation_is_pending(const struct hanse_node *node, const char *origin,
                                            struct hanse_bytes note_bytes, bool *out, struct hanse_error *err)
{
    struct hanse_verifier_key next;
    struct hanse_note note;
    struct hanse_note_check check = {.key = &next, .required = true};
    struct hanse_error unsigned_by_it;
    enum hanse_status status = read_next(node, origin, &next, err);
    *out = false;
    if (status == HANSE_NOT_FOUND)
        return HANSE_OK;
    if (status == HANSE_OK)
        status = hanse_note_decode(note_bytes, &note, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_note_verify(&note, &check, 1, &unsigned_by_it);
    *out = status == HANSE_OK;
    if (status == HANSE_NO_MEMORY)
        return hanse_fail_memory(err);
    return status == HANSE_OK || status == HANSE_BAD_SIGNATURE
               ? HANSE_OK
               : hanse_fail(err, status, "%s", unsigned_by_it.message);
}

/* The key change of the entry that ends the store's tree. */
static enum hanse_status encode_change(struct hanse_feed_store *store, struct hanse_bytes note,
                                       struct hanse_buffer *out, struct hanse_error *err)
{
    struct hanse_entry_reader *reader = NULL;
    struct hanse_tile_hashes hashes = {
        .size = store->size, .read = hanse_feed_store_read_tile, .context = store};
    const struct hanse_frame_entry *found;
    struct hanse_digest leaf;
    struct hanse_proof proof;
    struct hanse_bytes views[HANSE_MAX_PROOF_HASHES];
    struct hanse_entry entry;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    hanse_buffer_init(&hashes.tile, HANSE_TILE_WIDTH * HANSE_DIGEST_BYTES);
    enum hanse_status status = hanse_entry_reader_new(store, &reader, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_get(reader, store->size - 1, &found, &leaf, err);
    if (status == HANSE_OK) {
        memcpy(entry.commitment, found->commitment, sizeof entry.commitment);
        entry.header = found->header;
        status = hanse_entry_encode(&entry, &bytes, err);
    }
    if (status == HANSE_OK)
        status = hanse_hasher_new(&hashes.hasher, err);
    if (status == HANSE_OK)
        status = hanse_proof_make_inclusion(hashes.hasher, store->size - 1, store->size,
                                            hanse_tile_hash_fetch, &hashes, &proof, err);
    if (status == HANSE_OK) {
        for (size_t i = 0; i < proof.count; i++)
            views[i] = hanse_digest_view(&proof.hashes[i]);
        const struct hanse_key_change change = {.index = store->size - 1,
                                                .entry = hanse_buffer_view(&bytes),
                                                .checkpoint = note,
                                                .proof = views,
                                                .proof_count = proof.count};
        status = hanse_key_change_encode(&change, out, err);
    }
    hanse_entry_reader_free(reader);
    hanse_hasher_free(hashes.hasher);
    hanse_buffer_release(&hashes.tile);
    return status;
}

static enum hanse_status write_change(struct hanse_feed_store *store, struct hanse_bytes note,
                                      struct hanse_error *err)
{
    unsigned before = 0;
    struct hanse_path path;
    HANSE_SCOPED_BUFFER struct hanse_buffer change;
    hanse_buffer_init(&change, HANSE_MAX_KEY_CHANGE_BYTES);
    enum hanse_status status = hanse_feed_store_count_keys(store, store->size - 1, &before, err);
    if (status == HANSE_OK)
        status = encode_change(store, note, &change, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/hanse/key/%u", store->dir.text, before + 1);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_buffer_view(&change), HANSE_MODE_PUBLIC_FILE, err)
               : status;
}

enum hanse_status hanse_rotation_announce(const struct hanse_node *node, const char *origin,
                                          struct hanse_bytes note_bytes, struct hanse_error *err)
{
    struct hanse_path dir;
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    struct hanse_verifier_key next;
    HANSE_SCOPED_STORE struct hanse_feed_store store = {.size = 0};
    enum hanse_status status = hanse_node_feed_dir(node, origin, &dir, err);
    if (status == HANSE_OK)
        status = hanse_note_decode(note_bytes, &note, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_decode(note.text, &checkpoint, err);
    if (status == HANSE_OK)
        status = read_next(node, origin, &next, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_open(&store, dir.text, err);
    if (status != HANSE_OK || store.size > checkpoint.size)
        return status; /* what it announces was outgrown */
    store.size = checkpoint.size;
    status = write_change(&store, note_bytes, err);
    const struct hanse_outside_state state = {.size = checkpoint.size, .root = checkpoint.root};
    return status == HANSE_OK ? hanse_outside_state_raise(node, origin, next.material, &state, err) : status;
}

/* Keeps the old key beside: a node that is brought back from a copy may want to show it. */
static enum hanse_status retire(const struct hanse_node *node, const char *origin, const char *key_path,
                                struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_signing_key *key = NULL;
    struct hanse_signer signer;
    enum hanse_status status = hanse_key_file_read(key_path, &key, &signer, err);
    if (status == HANSE_OK)
        status = hanse_layout_retired_key(node->dir.text, origin, signer.key.id, &path, err);
    if (status == HANSE_OK)
        status = hanse_key_file_write(path.text, &signer, err);
    hanse_signing_key_free(key);
    return status;
}

enum hanse_status hanse_rotation_install(const struct hanse_node *node, const char *origin,
                                         struct hanse_error *err)
{
    struct hanse_path current;
    struct hanse_path next;
    struct hanse_path folder;
    enum hanse_status status = hanse_layout_key(node->dir.text, origin, &current, err);
    if (status == HANSE_OK)
        status = hanse_layout_next_key(node->dir.text, origin, &next, err);
    if (status == HANSE_OK && hanse_file_exists(current.text))
        status = retire(node, origin, current.text, err);
    if (status == HANSE_OK)
        status = hanse_file_rename(next.text, current.text, err);
    if (status == HANSE_OK)
        status = hanse_layout_private(node->dir.text, "keys", &folder, err);
    return status == HANSE_OK ? hanse_file_sync_dir(folder.text, err) : status;
}
