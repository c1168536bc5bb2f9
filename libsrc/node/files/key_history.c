/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/key_history.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "log/checkpoint.h"
#include "log/merkle.h"
#include "wire/manifest.h"

enum { ARENA_BYTES = 64 << 10 };

void hanse_key_history_release(struct hanse_key_history *history)
{
    hanse_free(history->items);
    *history = (struct hanse_key_history){0};
}

enum hanse_status hanse_key_history_add(struct hanse_key_history *history,
                                        const struct hanse_verified_entry *entry, struct hanse_error *err)
{
    if (entry->verdict != HANSE_ENTRY_VALID || entry->header->operation != HANSE_OPERATION_KEY)
        return HANSE_OK;
    if (history->count == history->capacity) {
        size_t capacity = history->capacity > 0 ? 2 * history->capacity : 4;
        struct hanse_key_moment *grown = hanse_realloc(history->items, capacity * sizeof *grown);
        if (grown == NULL)
            return hanse_fail_memory(err);
        history->items = grown;
        history->capacity = capacity;
    }
    struct hanse_key_moment *moment = &history->items[history->count++];
    *moment = (struct hanse_key_moment){.index = entry->index};
    memcpy(moment->leaf.bytes, entry->leaf_hash, sizeof moment->leaf.bytes);
    memcpy(moment->key, entry->header->verifier_key.data, sizeof moment->key);
    return HANSE_OK;
}

void hanse_key_history_set_root(struct hanse_key_history *history, uint64_t size,
                                const struct hanse_digest *root)
{
    if (history->count == 0 || history->items[history->count - 1].index + 1 != size)
        return;
    history->items[history->count - 1].root = *root;
    history->items[history->count - 1].has_root = true;
}

const uint8_t *hanse_key_history_start(const struct hanse_key_history *history, const uint8_t known_key[33])
{
    return history->count > 0 && history->items[0].index == 0 ? history->items[0].key : known_key;
}

size_t hanse_key_history_first_change(const struct hanse_key_history *history)
{
    return history->count > 0 && history->items[0].index == 0 ? 1 : 0;
}

/* The file's entry and checkpoint must be those of the tree that was verified. */
static enum hanse_status check_tree(const struct hanse_key_moment *moment,
                                    const struct hanse_key_change *change, struct hanse_error *err)
{
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    struct hanse_digest leaf;
    struct hanse_hasher *hasher = NULL;
    enum hanse_status status = hanse_note_decode(change->checkpoint, &note, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_decode(note.text, &checkpoint, err);
    if (status == HANSE_OK)
        status = hanse_hasher_new(&hasher, err);
    if (status != HANSE_OK)
        return status;
    hanse_merkle_leaf(hasher, change->entry, &leaf);
    hanse_hasher_free(hasher);
    bool same_root = !moment->has_root || hanse_digest_equal(&checkpoint.root, &moment->root);
    if (change->index != moment->index || !hanse_digest_equal(&leaf, &moment->leaf) || !same_root)
        return hanse_fail(err, HANSE_MISMATCH, "it is of another tree than the one that holds entry %" PRIu64,
                          moment->index);
    return HANSE_OK;
}

/* What breaks a rule of key changes says nothing about keys. */
static enum hanse_status distrust(enum hanse_status status, struct hanse_error *err)
{
    bool broken = status == HANSE_MALFORMED || status == HANSE_LIMIT || status == HANSE_MISMATCH;
    return broken ? hanse_fail_as(err, HANSE_BAD_SIGNATURE) : status;
}

enum hanse_status hanse_key_moment_check(const struct hanse_key_moment *moment, struct hanse_key_chain *chain,
                                         struct hanse_bytes file, struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, ARENA_BYTES);
    struct hanse_key_change change;
    enum hanse_status status = hanse_key_chain_extend(chain, file, err);
    if (status == HANSE_OK)
        status = hanse_key_change_decode(file, &arena, &change, err);
    if (status != HANSE_OK)
        return distrust(status, err);
    status = check_tree(moment, &change, err);
    if (status == HANSE_OK && chain->key_index != moment->index)
        status = hanse_fail(err, HANSE_BAD_SIGNATURE, "the key before it did not sign it");
    return status;
}

enum hanse_status hanse_feed_store_read_key(const struct hanse_feed_store *store, unsigned ordinal,
                                            struct hanse_buffer *out, struct hanse_error *err)
{
    char name[64];
    struct hanse_path path;
    (void)snprintf(name, sizeof name, "hanse/key/%u", ordinal);
    hanse_buffer_clear(out);
    enum hanse_status status = hanse_feed_store_path(store, name, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, HANSE_MAX_KEY_CHANGE_BYTES, out, err);
    return distrust(status, err);
}

enum hanse_status hanse_key_history_verify(const struct hanse_key_history *history, const char *origin,
                                           const uint8_t known_key[33], const struct hanse_feed_store *store,
                                           struct hanse_error *err)
{
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, origin, hanse_key_history_start(history, known_key));
    struct hanse_buffer file __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&file, HANSE_MAX_KEY_CHANGE_BYTES + 1);
    unsigned ordinal = 1;
    for (size_t i = hanse_key_history_first_change(history); i < history->count; i++, ordinal++) {
        enum hanse_status status = hanse_feed_store_read_key(store, ordinal, &file, err);
        if (status == HANSE_OK)
            status = hanse_key_moment_check(&history->items[i], &chain, hanse_buffer_view(&file), err);
        if (status == HANSE_NOT_FOUND)
            status = hanse_fail_as(err, HANSE_TRUNCATED);
        if (status != HANSE_OK)
            return hanse_fail_within(err, status, "key change \"hanse/key/%u\"", ordinal);
    }
    return HANSE_OK;
}

/* A checkpoint that cannot be read is signed by nobody. */
static enum hanse_status open_with(const struct hanse_feed_store *store, const char *origin,
                                   const uint8_t material[33], struct hanse_error *err)
{
    struct hanse_verifier_key key;
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    struct hanse_bytes name = hanse_bytes_of_text(origin);
    enum hanse_status status = hanse_verifier_key_init(name, hanse_bytes_of(material, 33), &key, err);
    struct hanse_note_check check = {.key = &key, .required = true};
    if (status == HANSE_OK)
        status = hanse_note_decode(hanse_buffer_view(&store->checkpoint), &note, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_open(&note, name, &check, 1, &checkpoint, err);
    return distrust(status, err);
}

enum hanse_status hanse_feed_store_judge(const struct hanse_feed_store *store, const char *origin,
                                         const uint8_t known_key[33], struct hanse_error *err)
{
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, origin, known_key);
    struct hanse_buffer file __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&file, HANSE_MAX_KEY_CHANGE_BYTES + 1);
    enum hanse_status judged = open_with(store, origin, known_key, err);
    for (unsigned ordinal = 1; judged == HANSE_BAD_SIGNATURE && ordinal <= HANSE_MAX_KEY_CHAIN; ordinal++) {
        struct hanse_error found = {0};
        enum hanse_status status = hanse_feed_store_read_key(store, ordinal, &file, &found);
        if (status == HANSE_NOT_FOUND)
            break;
        if (status == HANSE_OK)
            status = distrust(hanse_key_chain_extend(&chain, hanse_buffer_view(&file), &found), &found);
        if (status != HANSE_OK) {
            if (err != NULL)
                *err = found;
            return hanse_fail_within(err, status, "key change \"hanse/key/%u\"", ordinal);
        }
        if (chain.joined)
            judged = open_with(store, origin, chain.key, err);
    }
    return judged;
}

enum hanse_status hanse_feed_store_count_keys(const struct hanse_feed_store *store, uint64_t size,
                                              unsigned *out, struct hanse_error *err)
{
    struct hanse_buffer file __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&file, HANSE_MAX_KEY_CHANGE_BYTES + 1);
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, ARENA_BYTES);
    unsigned count = 0;
    while (count < HANSE_MAX_KEY_CHAIN) {
        struct hanse_key_change change;
        enum hanse_status status = hanse_feed_store_read_key(store, count + 1, &file, err);
        if (status == HANSE_NOT_FOUND)
            break;
        hanse_arena_reset(&arena);
        if (status == HANSE_OK)
            status = hanse_key_change_decode(hanse_buffer_view(&file), &arena, &change, err);
        if (status != HANSE_OK)
            return status;
        if (change.index >= size)
            break;
        count++;
    }
    *out = count;
    return HANSE_OK;
}

enum hanse_status hanse_feed_store_read_keys(const struct hanse_feed_store *store, uint64_t size,
                                             struct hanse_arena *arena, const struct hanse_bytes **out,
                                             size_t *out_count, struct hanse_error *err)
{
    unsigned count = 0;
    struct hanse_bytes *changes = NULL;
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    hanse_buffer_init(&file, HANSE_MAX_KEY_CHANGE_BYTES + 1);
    enum hanse_status status = hanse_feed_store_count_keys(store, size, &count, err);
    if (status == HANSE_OK && count > 0) {
        changes = hanse_arena_alloc(arena, count * sizeof *changes);
        status = changes != NULL ? HANSE_OK : hanse_fail_memory(err);
    }
    for (unsigned i = 0; i < count && status == HANSE_OK; i++) {
        status = hanse_feed_store_read_key(store, i + 1, &file, err);
        if (status == HANSE_OK && file.size > arena->max_bytes / 2 - arena->used_bytes / 2)
            status = hanse_fail(err, HANSE_LIMIT, "key changes in \"%s\" are too long", store->dir.text);
        const char *copy = status == HANSE_OK ? hanse_arena_copy(arena, hanse_buffer_view(&file)) : NULL;
        if (status == HANSE_OK && copy == NULL)
            status = hanse_fail_memory(err);
        changes[i] = hanse_bytes_of(copy, file.size);
    }
    if (status == HANSE_OK) {
        *out = changes;
        *out_count = count;
    }
    return status;
}
