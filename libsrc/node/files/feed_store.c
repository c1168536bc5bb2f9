/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/feed_store.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/files/layout.h"

enum { MANIFEST_ARENA_BYTES = 32 << 20, REPLAY_PIECE_BYTES = 256 << 10 };

enum hanse_status hanse_feed_store_path(const struct hanse_feed_store *store, const char *name,
                                        struct hanse_path *out, struct hanse_error *err)
{
    return hanse_path_format(out, err, "%s/%s", store->dir.text, name);
}

static enum hanse_status read_checkpoint(struct hanse_feed_store *store, struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_feed_store_path(store, "checkpoint", &path, err);
    if (status != HANSE_OK || !hanse_file_exists(path.text))
        return status;
    status = hanse_file_read(path.text, HANSE_MAX_NOTE_BYTES, &store->checkpoint, err);
    if (status != HANSE_OK && status != HANSE_LIMIT)
        return status; /* names the file already */
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    if (status == HANSE_OK)
        status = hanse_note_decode(hanse_buffer_view(&store->checkpoint), &note, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_decode(note.text, &checkpoint, err);
    if (status == HANSE_MALFORMED || status == HANSE_LIMIT)
        status = hanse_fail_as(err, HANSE_BAD_SIGNATURE); /* nobody signed what cannot be read */
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "checkpoint \"%s\"", path.text);
    store->size = checkpoint.size;
    store->root = checkpoint.root;
    return HANSE_OK;
}

static enum hanse_status read_manifest(struct hanse_feed_store *store, struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_feed_store_path(store, "hanse/manifest", &path, err);
    if (status != HANSE_OK || !hanse_file_exists(path.text))
        return status;
    struct hanse_buffer bytes __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&bytes, HANSE_MAX_MANIFEST_BYTES + 1);
    status = hanse_file_read(path.text, HANSE_MAX_MANIFEST_BYTES, &bytes, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_manifest_decode(hanse_buffer_view(&bytes), &store->arena, &store->manifest, err);
    return status == HANSE_OK ? HANSE_OK : hanse_fail_within(err, status, "manifest \"%s\"", path.text);
}

enum hanse_status hanse_feed_store_open(struct hanse_feed_store *store, const char *dir,
                                        struct hanse_error *err)
{
    *store = (struct hanse_feed_store){.root = hanse_merkle_empty_root()};
    hanse_buffer_init(&store->checkpoint, HANSE_MAX_NOTE_BYTES + 1);
    hanse_arena_init(&store->arena, MANIFEST_ARENA_BYTES);
    enum hanse_status status = hanse_path_format(&store->dir, err, "%s", dir);
    if (status == HANSE_OK)
        status = read_checkpoint(store, err);
    return status == HANSE_OK ? read_manifest(store, err) : status;
}

void hanse_feed_store_release(struct hanse_feed_store *store)
{
    hanse_buffer_release(&store->checkpoint);
    hanse_arena_release(&store->arena);
    store->manifest = (struct hanse_manifest){0};
}

enum hanse_status hanse_feed_store_read_tile(void *store, const struct hanse_tile *tile,
                                             struct hanse_buffer *out, struct hanse_error *err)
{
    char name[HANSE_TILE_PATH_BYTES];
    struct hanse_path path;
    enum hanse_status status = hanse_tile_path_encode(tile, name, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_path(store, name, &path, err);
    return status == HANSE_OK ? hanse_file_read(path.text, HANSE_TILE_WIDTH * HANSE_DIGEST_BYTES, out, err)
                              : status;
}

size_t hanse_manifest_find(const struct hanse_manifest *manifest, uint64_t index)
{
    size_t low = 0;
    size_t high = manifest->segment_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct hanse_segment *segment = &manifest->segments[middle];
        if (index >= segment->first_index + segment->entries)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct hanse_block *hanse_segment_find_block(const struct hanse_segment *segment, uint64_t index)
{
    uint64_t before = index > segment->first_index ? index - segment->first_index : 0;
    size_t low = 0;
    size_t high = segment->block_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (segment->blocks[middle].entries_before <= before)
            low = middle;
        else
            high = middle;
    }
    return &segment->blocks[low];
}

/* Opens the file of a segment and gives its name. */
static enum hanse_status open_segment(const struct hanse_feed_store *store,
                                      const struct hanse_segment *segment, struct hanse_path *out_name,
                                      struct hanse_file *out, struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status =
        hanse_layout_segment_name(segment->first_index, segment->generation, out_name, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_path(store, out_name->text, &path, err);
    return status == HANSE_OK ? hanse_file_open_read(out, path.text, err) : status;
}

static enum hanse_status replay_segment(const struct hanse_feed_store *store,
                                        const struct hanse_segment *segment, uint64_t from,
                                        struct hanse_verifier *verifier, bool *done, struct hanse_error *err)
{
    struct hanse_path name;
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    enum hanse_status status = open_segment(store, segment, &name, &file, err);
    struct hanse_buffer piece __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&piece, REPLAY_PIECE_BYTES);
    if (status == HANSE_OK)
        status = hanse_buffer_reserve(&piece, REPLAY_PIECE_BYTES, err);
    if (status != HANSE_OK)
        return status;
    hanse_verifier_start_file(verifier);
    uint64_t end = segment->bytes;
    uint64_t start = hanse_segment_find_block(segment, from)->offset;
    /* The live segment may hold more than its manifest, which is older then. */
    if (!segment->sealed)
        status = hanse_file_size(file.path.text, &end, err);
    if (end > HANSE_MAX_SEGMENT_BYTES || end < segment->bytes)
        end = segment->bytes;
    for (uint64_t at = start; at < end && !*done && status == HANSE_OK; at += piece.size) {
        uint64_t left = end - at;
        piece.size = left < REPLAY_PIECE_BYTES ? (size_t)left : REPLAY_PIECE_BYTES;
        struct hanse_error inner = {0};
        status = hanse_file_read_at(&file, at, piece.data, piece.size, err);
        if (status == HANSE_OK) {
            status = hanse_verifier_feed(verifier, hanse_buffer_view(&piece), done, &inner);
            if (status != HANSE_OK && inner.offset != HANSE_NO_OFFSET)
                status =
                    hanse_fail_at(err, status, start + inner.offset, "segment \"%s\", byte %" PRIu64 ": %s",
                                  name.text, start + inner.offset, inner.message);
            else if (status != HANSE_OK && err != NULL)
                *err = inner;
        }
    }
    return status;
}

enum hanse_status hanse_feed_store_replay(const struct hanse_feed_store *store, uint64_t from,
                                          struct hanse_verifier *verifier, struct hanse_error *err)
{
    bool done = false;
    enum hanse_status status = HANSE_OK;
    size_t first = hanse_manifest_find(&store->manifest, from);
    if (first > 0 && first == store->manifest.segment_count)
        first--;
    for (size_t i = first; i < store->manifest.segment_count && !done && status == HANSE_OK; i++)
        status = replay_segment(store, &store->manifest.segments[i], from, verifier, &done, err);
    return status;
}
