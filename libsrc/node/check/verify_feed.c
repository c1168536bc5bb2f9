/* SPDX-License-Identifier: Apache-2.0 */
#include "node/check/verify_feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "log/tile_builder.h"
#include "node/files/key_history.h"
#include "node/files/verify_manifest.h"

enum { PIECE_BYTES = 256 << 10, MAX_TILE_FILE_BYTES = HANSE_TILE_WIDTH * (2 + HANSE_MAX_ENTRY_ACCEPT_BYTES) };

/* Sorted, growing list of index ranges: payloads that must be there and are not, and what ERASE entries name.
 */
struct range_list {
    struct hanse_index_range *items;
    size_t count;
    size_t capacity;
};

struct verification {
    const struct hanse_verify_options *options;
    struct hanse_feed_store store;
    struct hanse_feed_verdict *verdict;
    struct hanse_verifier *verifier;
    struct hanse_tile_builder *tiles;
    struct hanse_buffer entry;
    struct hanse_buffer file;   /* a tile read back */
    struct range_list missing;  /* public payloads that are absent */
    struct range_list withheld; /* those of other audiences */
    struct range_list erased;
    struct hanse_key_history keys;
    uint8_t start_key[33];
};

static enum hanse_status add_range(struct range_list *list, uint64_t first, uint64_t count,
                                   struct hanse_error *err)
{
    struct hanse_index_range *last = list->count > 0 ? &list->items[list->count - 1] : NULL;
    if (last != NULL && last->first + last->count == first) {
        last->count += count;
        return HANSE_OK;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        struct hanse_index_range *grown = hanse_realloc(list->items, capacity * sizeof *grown);
        if (grown == NULL)
            return hanse_fail_memory(err);
        list->items = grown;
        list->capacity = capacity;
    }
    list->items[list->count++] = (struct hanse_index_range){.first = first, .count = count};
    return HANSE_OK;
}

static bool is_erased(const struct verification *it, uint64_t index)
{
    for (size_t i = 0; i < it->erased.count; i++)
        if (index >= it->erased.items[i].first &&
            index - it->erased.items[i].first < it->erased.items[i].count)
            return true;
    return false;
}

/* A tile as the entries give it must be the file, byte by byte. */
static enum hanse_status compare_tile(void *context, const struct hanse_tile *tile,
                                      struct hanse_bytes content, struct hanse_error *err)
{
    struct verification *it = context;
    char name[HANSE_TILE_PATH_BYTES];
    struct hanse_path path;
    enum hanse_status status = hanse_tile_path_encode(tile, name, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_path(&it->store, name, &path, err);
    hanse_buffer_clear(&it->file);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, MAX_TILE_FILE_BYTES, &it->file, err);
    if (status == HANSE_NOT_FOUND)
        status = hanse_fail_as(err, HANSE_TRUNCATED);
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes found = hanse_buffer_view(&it->file);
    if (hanse_bytes_equal(found, content))
        return HANSE_OK;
    size_t at = 0;
    while (at < found.size && at < content.size && found.data[at] == content.data[at])
        at++;
    return hanse_fail_at(err, HANSE_MISMATCH, at, "\"%s\" is not what the entries give, from byte %zu on",
                         name, at);
}

static void count_entry(struct verification *it, const struct hanse_verified_entry *entry)
{
    struct hanse_verify_result *result = &it->verdict->public;
    result->entries++;
    result->invalid += entry->verdict == HANSE_ENTRY_INVALID;
    if (!entry->absent)
        result->payloads += entry->payload.size > 0;
}

static enum hanse_status judge_entry(struct verification *it, const struct hanse_verified_entry *entry,
                                     struct hanse_error *err)
{
    count_entry(it, entry);
    const struct hanse_header *header = entry->header;
    bool valid = entry->verdict == HANSE_ENTRY_VALID;
    enum hanse_status status = HANSE_OK;
    if (entry->absent && valid && header->operation == HANSE_OPERATION_PUT)
        status = add_range(header->audience == HANSE_AUDIENCE_PUBLIC ? &it->missing : &it->withheld,
                           entry->index, 1, err);
    for (size_t i = 0; valid && header->operation == HANSE_OPERATION_ERASE && i < header->erased_count; i++)
        if (status == HANSE_OK)
            status = add_range(&it->erased, header->erased[i].first, header->erased[i].count, err);
    hanse_buffer_clear(&it->entry);
    if (status == HANSE_OK)
        status = hanse_entry_encode(&entry->entry, &it->entry, err);
    if (status == HANSE_OK)
        status = hanse_tile_builder_append(it->tiles, hanse_buffer_view(&it->entry), compare_tile, it, err);
    if (status == HANSE_OK && valid && header->operation == HANSE_OPERATION_KEY) {
        struct hanse_digest root;
        status = hanse_key_history_add(&it->keys, entry, err);
        hanse_tile_builder_root(it->tiles, &root);
        hanse_key_history_set_root(&it->keys, entry->index + 1, &root);
    }
    return status;
}

static enum hanse_status take_frame(void *context, const struct hanse_verified_frame *frame,
                                    struct hanse_error *err)
{
    struct verification *it = context;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < frame->entry_count && status == HANSE_OK; i++)
        status = judge_entry(it, &frame->entries[i], err);
    const struct hanse_verify_options *options = it->options;
    if (status == HANSE_OK && options->progress != NULL &&
        !options->progress(options->context, it->verdict->origin, it->verdict->public.entries, it->store.size,
                           "entries"))
        status = hanse_fail(err, HANSE_CANCELLED, "verify was cancelled");
    return status;
}

/* The key to start with: given, or of entry 0, whose own signature then has to stand. */
static enum hanse_status first_key(struct verification *it, const uint8_t *key, uint8_t out[33],
                                   struct hanse_error *err)
{
    if (key != NULL) {
        memcpy(out, key, 33);
        return HANSE_OK;
    }
    if (it->store.size == 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "an empty feed says no key: name the one that must have signed");
    struct hanse_entry_reader *reader = NULL;
    const struct hanse_frame_entry *first;
    struct hanse_digest leaf;
    struct hanse_header header;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1u << 20);
    enum hanse_status status = hanse_entry_reader_new(&it->store, &reader, err);
    if (status == HANSE_OK)
        status = hanse_entry_reader_get(reader, 0, &first, &leaf, err);
    if (status == HANSE_OK)
        status = hanse_header_decode(first->header, &arena, &header, err);
    if (status == HANSE_OK && header.verifier_key.size != 33)
        status = hanse_fail(err, HANSE_BAD_SIGNATURE,
                            "entry 0 names no key: say with --key which one must have signed");
    if (status == HANSE_OK)
        memcpy(out, header.verifier_key.data, 33);
    hanse_entry_reader_free(reader);
    return status;
}

/* Splits absent payloads into those that an ERASE entry names and the others. */
static uint64_t count_unaccounted(struct verification *it, const struct range_list *absent,
                                  uint64_t *out_first)
{
    uint64_t count = 0;
    for (size_t i = 0; i < absent->count; i++) {
        for (uint64_t k = 0; k < absent->items[i].count; k++) {
            uint64_t index = absent->items[i].first + k;
            if (is_erased(it, index)) {
                it->verdict->public.erased++;
                continue;
            }
            *out_first = count == 0 ? index : *out_first;
            count++;
        }
    }
    return count;
}

static enum hanse_status account(struct verification *it, struct hanse_error *err)
{
    uint64_t first = 0;
    it->verdict->public.withheld = count_unaccounted(it, &it->withheld, &first);
    uint64_t missing = count_unaccounted(it, &it->missing, &first);
    if (missing > 0)
        return hanse_fail(err, HANSE_INCOMPLETE,
                          "%" PRIu64 " payloads are missing, the first of entry %" PRIu64
                          "; sync again or ask another source",
                          missing, first);
    return HANSE_OK;
}

static enum hanse_status verify_entries(struct verification *it, struct hanse_error *err)
{
    struct hanse_feed_state state;
    struct hanse_feed_state end;
    const char *origin = it->verdict->origin;
    hanse_feed_state_init(&state, it->start_key);
    enum hanse_status status = hanse_tile_builder_new(0, NULL, NULL, &it->tiles, err);
    if (status == HANSE_OK)
        status = hanse_verifier_new(origin, &state, it->store.size, it->store.root.bytes, take_frame, it,
                                    &it->verifier, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_replay(&it->store, 0, it->verifier, err);
    if (status == HANSE_OK)
        status = hanse_verifier_end(it->verifier, &end, err);
    if (status == HANSE_OK)
        status = hanse_tile_builder_finish(it->tiles, compare_tile, it, err);
    if (status == HANSE_OK)
        status = hanse_feed_state_judge(&end, origin, hanse_buffer_view(&it->store.checkpoint), err);
    return status == HANSE_OK ? hanse_key_history_verify(&it->keys, origin, it->start_key, &it->store, err)
                              : status;
}

/* What the checkpoint says of itself, before anything is judged. */
static enum hanse_status read_checkpoint(struct verification *it, const char *origin, struct hanse_error *err)
{
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    if (it->store.checkpoint.size == 0)
        return hanse_fail(err, HANSE_NOT_FOUND, "no checkpoint in \"%s\"", it->store.dir.text);
    enum hanse_status status = hanse_note_decode(hanse_buffer_view(&it->store.checkpoint), &note, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_decode(note.text, &checkpoint, err);
    if (status != HANSE_OK)
        return status;
    if (origin != NULL && !hanse_bytes_equal_text(checkpoint.origin, origin))
        return hanse_fail(err, HANSE_BAD_SIGNATURE, "checkpoint is of feed \"%.*s\", not \"%s\"",
                          (int)checkpoint.origin.size, (const char *)checkpoint.origin.data, origin);
    (void)snprintf(it->verdict->origin, sizeof it->verdict->origin, "%.*s", (int)checkpoint.origin.size,
                   (const char *)checkpoint.origin.data);
    it->verdict->public.size = it->store.size;
    memcpy(it->verdict->public.root, it->store.root.bytes, sizeof it->verdict->public.root);
    return HANSE_OK;
}

static enum hanse_status verify(struct verification *it, const char *dir, const char *origin,
                                const uint8_t *key, struct hanse_error *err)
{
    enum hanse_status status = hanse_feed_store_open(&it->store, dir, err);
    if (status == HANSE_OK)
        status = read_checkpoint(it, origin, err);
    if (status == HANSE_OK)
        status = first_key(it, key, it->start_key, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_judge(&it->store, it->verdict->origin, it->start_key, err);
    if (status == HANSE_OK)
        status = hanse_manifest_verify(&it->store, err);
    if (status == HANSE_OK)
        status = verify_entries(it, err);
    return status == HANSE_OK ? account(it, err) : status;
}

/* The word for an outcome: those of docs/protocol.md; files that cannot be read are a mismatch too. */
static const char *word_of(enum hanse_status status)
{
    switch (status) {
    case HANSE_OK:
        return "ok";
    case HANSE_BAD_SIGNATURE:
    case HANSE_INCOMPLETE:
    case HANSE_TRUNCATED:
        return hanse_status_name(status);
    case HANSE_NOT_FOUND:
        return "truncated";
    case HANSE_MISMATCH:
    case HANSE_MALFORMED:
    case HANSE_LIMIT:
    case HANSE_UNSUPPORTED:
        return "mismatch";
    default:
        return "failed";
    }
}

enum hanse_status hanse_feed_verify(const char *dir, const char *origin, const uint8_t *key,
                                    const struct hanse_verify_options *options,
                                    struct hanse_feed_verdict *out, struct hanse_error *err)
{
    *out = (struct hanse_feed_verdict){0};
    (void)snprintf(out->origin, sizeof out->origin, "%s", origin != NULL ? origin : "");
    struct verification it = {.options = options, .verdict = out};
    struct hanse_error found = {0};
    hanse_buffer_init(&it.entry, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    hanse_buffer_init(&it.file, MAX_TILE_FILE_BYTES + 1);
    out->status = verify(&it, dir, origin, key, &found);
    if (out->status != HANSE_OK)
        memcpy(out->message, found.message, sizeof out->message);
    out->public.feed = out->origin;
    out->public.result = word_of(out->status);
    out->public.message = out->message;
    hanse_verifier_free(it.verifier);
    hanse_tile_builder_free(it.tiles);
    hanse_buffer_release(&it.entry);
    hanse_buffer_release(&it.file);
    hanse_key_history_release(&it.keys);
    hanse_free(it.missing.items);
    hanse_free(it.withheld.items);
    hanse_free(it.erased.items);
    hanse_feed_store_release(&it.store);
    bool fails = out->status == HANSE_NO_MEMORY || out->status == HANSE_CANCELLED;
    if (fails && err != NULL)
        *err = found;
    return fails ? out->status : HANSE_OK;
}
