/* SPDX-License-Identifier: Apache-2.0 */
#include "node/verify_feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "feed/key_chain.h"
#include "log/tile_builder.h"
#include "node/layout.h"

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
    struct hanse_buffer file; /* a tile read back */
    struct range_list missing;
    struct range_list erased;
    uint64_t files_checked;
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
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes found = hanse_buffer_view(&it->file);
    it->files_checked++;
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
    result->invalid += entry->verdict != HANSE_ENTRY_VALID;
    if (!entry->absent)
        result->payloads += entry->payload.size > 0;
}

static enum hanse_status judge_entry(struct verification *it, const struct hanse_verified_entry *entry,
                                     struct hanse_error *err)
{
    count_entry(it, entry);
    const struct hanse_header *header = entry->header;
    bool valid = entry->verdict == HANSE_ENTRY_VALID;
    bool must_be_there =
        valid && header->operation == HANSE_OPERATION_PUT && header->audience == HANSE_AUDIENCE_PUBLIC;
    enum hanse_status status = HANSE_OK;
    if (entry->absent && must_be_there)
        status = add_range(&it->missing, entry->index, 1, err);
    else if (entry->absent)
        it->verdict->public.withheld++;
    for (size_t i = 0; valid && header->operation == HANSE_OPERATION_ERASE && i < header->erased_count; i++)
        if (status == HANSE_OK)
            status = add_range(&it->erased, header->erased[i].first, header->erased[i].count, err);
    hanse_buffer_clear(&it->entry);
    if (status == HANSE_OK)
        status = hanse_entry_encode(&entry->entry, &it->entry, err);
    return status == HANSE_OK
               ? hanse_tile_builder_append(it->tiles, hanse_buffer_view(&it->entry), compare_tile, it, err)
               : status;
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

/* What the manifest says of a segment must be what its frames give, as far as the checkpoint covers it: what
 * comes after is a publish under way, or cut off by a crash. */
static enum hanse_status check_segment(struct verification *it, const struct hanse_segment *segment,
                                       bool last, struct hanse_error *err)
{
    struct hanse_path name;
    struct hanse_path path;
    struct hanse_buffer bytes __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&bytes, HANSE_MAX_SEGMENT_BYTES + 1);
    enum hanse_status status =
        hanse_layout_segment_name(segment->first_index, segment->generation, &name, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_path(&it->store, name.text, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, HANSE_MAX_SEGMENT_BYTES, &bytes, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes rest = hanse_buffer_view(&bytes);
    uint64_t index = segment->first_index;
    uint64_t at = 0;
    size_t block = 0;
    bool whole = segment->first_index + segment->entries <= it->store.size;
    while (at < segment->bytes && index < it->store.size) {
        struct hanse_frame_start start;
        status = hanse_frame_peek(hanse_bytes_slice(rest, (size_t)at, rest.size), &start, err);
        if (status != HANSE_OK)
            return hanse_fail_within(err, status, "segment \"%s\", byte %" PRIu64, name.text, at);
        if (start.first_index != index)
            return hanse_fail_at(err, HANSE_MISMATCH, at,
                                 "segment \"%s\", byte %" PRIu64 ": frame begins at entry %" PRIu64
                                 " instead of %" PRIu64,
                                 name.text, at, start.first_index, index);
        bool listed = block < segment->block_count && segment->blocks[block].offset == at &&
                      segment->blocks[block].entries_before == index - segment->first_index;
        if (!start.continues && !listed)
            return hanse_fail_at(err, HANSE_MISMATCH, at,
                                 "manifest does not list the block at byte %" PRIu64 " of \"%s\"", at,
                                 name.text);
        block += !start.continues;
        index += start.entries;
        at += start.frame_bytes;
    }
    bool agrees = at == segment->bytes && index == segment->first_index + segment->entries &&
                  block == segment->block_count;
    if (!whole && index >= it->store.size && at <= rest.size)
        return HANSE_OK;
    if (!agrees)
        return hanse_fail(err, HANSE_MISMATCH, "manifest does not agree with segment \"%s\"", name.text);
    if (rest.size != segment->bytes && (!last || segment->sealed))
        return hanse_fail_at(err, HANSE_MISMATCH, segment->bytes,
                             "segment \"%s\" goes on after its end at byte %" PRIu64, name.text,
                             segment->bytes);
    if (rest.size < segment->bytes)
        return hanse_fail_at(err, HANSE_TRUNCATED, rest.size, "segment \"%s\" ends at byte %zu of %" PRIu64,
                             name.text, rest.size, segment->bytes);
    return HANSE_OK;
}

static enum hanse_status check_manifest(struct verification *it, struct hanse_error *err)
{
    const struct hanse_manifest *manifest = &it->store.manifest;
    enum hanse_status status = HANSE_OK;
    uint64_t end = 0;
    for (size_t i = 0; i < manifest->segment_count && end < it->store.size && status == HANSE_OK; i++) {
        status = check_segment(it, &manifest->segments[i], i + 1 == manifest->segment_count, err);
        end += manifest->segments[i].entries;
    }
    if (status == HANSE_OK && end < it->store.size)
        status =
            hanse_fail(err, HANSE_TRUNCATED, "manifest lists %" PRIu64 " entries, checkpoint covers %" PRIu64,
                       end, it->store.size);
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

static enum hanse_status account(struct verification *it, struct hanse_error *err)
{
    uint64_t first_missing = 0;
    uint64_t missing = 0;
    for (size_t i = 0; i < it->missing.count; i++) {
        for (uint64_t k = 0; k < it->missing.items[i].count; k++) {
            uint64_t index = it->missing.items[i].first + k;
            if (is_erased(it, index)) {
                it->verdict->public.erased++;
                continue;
            }
            first_missing = missing == 0 ? index : first_missing;
            missing++;
        }
    }
    if (missing > 0)
        return hanse_fail(err, HANSE_INCOMPLETE,
                          "%" PRIu64 " payloads are missing, the first of entry %" PRIu64
                          "; sync again or ask another source",
                          missing, first_missing);
    return HANSE_OK;
}

/* A chain of key changes that does not lead from the first key to the newest is no chain. */
static enum hanse_status check_key_changes(struct verification *it, const uint8_t start[33],
                                           const struct hanse_feed_state *end, struct hanse_error *err)
{
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, it->verdict->origin, start);
    struct hanse_buffer file __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&file, HANSE_MAX_KEY_CHANGE_BYTES + 1);
    for (unsigned ordinal = 1; ordinal <= HANSE_MAX_KEY_CHAIN; ordinal++) {
        char name[64];
        struct hanse_path path;
        (void)snprintf(name, sizeof name, "hanse/key/%u", ordinal);
        enum hanse_status status = hanse_feed_store_path(&it->store, name, &path, err);
        if (status == HANSE_OK && !hanse_file_exists(path.text))
            break;
        hanse_buffer_clear(&file);
        if (status == HANSE_OK)
            status = hanse_file_read(path.text, HANSE_MAX_KEY_CHANGE_BYTES, &file, err);
        if (status == HANSE_OK)
            status = hanse_key_chain_extend(&chain, hanse_buffer_view(&file), err);
        if (status != HANSE_OK)
            return hanse_fail_within(err, status, "key change \"%s\"", name);
    }
    if (memcmp(start, end->key, 33) != 0 && memcmp(chain.key, end->key, 33) != 0)
        return hanse_fail(err, HANSE_BAD_SIGNATURE,
                          "the known key is not the one that signs, and no key changes lead from it");
    return HANSE_OK;
}

static enum hanse_status verify_entries(struct verification *it, const uint8_t *key, struct hanse_error *err)
{
    struct hanse_feed_state state;
    struct hanse_feed_state end;
    uint8_t start_key[33] = {0};
    enum hanse_status status =
        it->store.size > 0 || key != NULL
            ? first_key(it, key, start_key, err)
            : hanse_fail(err, HANSE_INVALID_ARGUMENT,
                         "an empty feed says no key: name the one that must have signed");
    hanse_feed_state_init(&state, start_key);
    if (status == HANSE_OK)
        status = hanse_tile_builder_new(0, NULL, NULL, &it->tiles, err);
    if (status == HANSE_OK)
        status = hanse_verifier_new(it->verdict->origin, &state, it->store.size, it->store.root.bytes,
                                    take_frame, it, &it->verifier, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_replay(&it->store, 0, it->verifier, err);
    if (status == HANSE_OK)
        status = hanse_verifier_end(it->verifier, &end, err);
    if (status == HANSE_OK)
        status = hanse_tile_builder_finish(it->tiles, compare_tile, it, err);
    if (status == HANSE_OK)
        status =
            hanse_feed_state_judge(&end, it->verdict->origin, hanse_buffer_view(&it->store.checkpoint), err);
    return status == HANSE_OK ? check_key_changes(it, start_key, &end, err) : status;
}

static enum hanse_status verify(struct verification *it, const char *dir, const char *origin,
                                const uint8_t *key, struct hanse_error *err)
{
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    enum hanse_status status = hanse_feed_store_open(&it->store, dir, err);
    if (status == HANSE_OK && it->store.checkpoint.size == 0)
        return origin == NULL ? hanse_fail(err, HANSE_NOT_FOUND, "no checkpoint in \"%s\"", dir) : HANSE_OK;
    if (status == HANSE_OK)
        status = hanse_note_decode(hanse_buffer_view(&it->store.checkpoint), &note, err);
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
    status = check_manifest(it, err);
    if (status == HANSE_OK)
        status = verify_entries(it, key, err);
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
    hanse_free(it.missing.items);
    hanse_free(it.erased.items);
    hanse_feed_store_release(&it.store);
    bool fails = out->status == HANSE_NO_MEMORY || out->status == HANSE_CANCELLED;
    if (fails && err != NULL)
        *err = found;
    return fails ? out->status : HANSE_OK;
}
