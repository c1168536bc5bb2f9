/* SPDX-License-Identifier: Apache-2.0 */
/* Single entries of a feed's folder: part of feed_store.h. */
#include <inttypes.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "log/tile.h"
#include "node/files/feed_store.h"
#include "node/files/layout.h"

enum { TILE_HASHES = HANSE_TILE_WIDTH };

struct hanse_entry_reader {
    const struct hanse_feed_store *store;
    struct hanse_hasher *hasher;
    struct hanse_frame_decoder *decoder;
    struct hanse_buffer block; /* stored bytes of the block at hand */
    size_t next_frame;         /* offset in it of the frame after the one at hand */
    struct hanse_path segment_name;
    uint64_t block_offset;    /* of the block in its segment */
    uint64_t block_first;     /* index of its first entry; UINT64_MAX: none at hand */
    uint64_t block_end;       /* one past its last entry */
    struct hanse_frame frame; /* entry_count 0: none at hand */
    struct hanse_buffer tile; /* level 0 tile at hand */
    uint64_t tile_index;
};

enum hanse_status hanse_entry_reader_new(const struct hanse_feed_store *store,
                                         struct hanse_entry_reader **out, struct hanse_error *err)
{
    struct hanse_entry_reader *reader = hanse_alloc_zeroed(1, sizeof *reader);
    if (reader == NULL)
        return hanse_fail_memory(err);
    reader->store = store;
    reader->block_first = UINT64_MAX;
    reader->tile_index = UINT64_MAX;
    hanse_buffer_init(&reader->block, HANSE_MAX_SEGMENT_BYTES);
    hanse_buffer_init(&reader->tile, TILE_HASHES * HANSE_DIGEST_BYTES + 1);
    enum hanse_status status = hanse_hasher_new(&reader->hasher, err);
    if (status == HANSE_OK)
        status = hanse_frame_decoder_new(&reader->decoder, err);
    if (status != HANSE_OK) {
        hanse_entry_reader_free(reader);
        return status;
    }
    hanse_frame_decoder_commit_later(reader->decoder);
    *out = reader;
    return HANSE_OK;
}

void hanse_entry_reader_free(struct hanse_entry_reader *reader)
{
    if (reader == NULL)
        return;
    hanse_hasher_free(reader->hasher);
    hanse_frame_decoder_free(reader->decoder);
    hanse_buffer_release(&reader->block);
    hanse_buffer_release(&reader->tile);
    hanse_free(reader);
}

static enum hanse_status load_block(struct hanse_entry_reader *reader, uint64_t index,
                                    struct hanse_error *err)
{
    const struct hanse_manifest *manifest = &reader->store->manifest;
    size_t at = hanse_manifest_find(manifest, index);
    if (at == manifest->segment_count)
        return hanse_fail(err, HANSE_NOT_FOUND, "no segment holds entry %" PRIu64, index);
    const struct hanse_segment *segment = &manifest->segments[at];
    const struct hanse_block *block = hanse_segment_find_block(segment, index);
    bool last = block == &segment->blocks[segment->block_count - 1];
    uint64_t end = last ? segment->bytes : block[1].offset;
    struct hanse_path path;
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    reader->block_first = UINT64_MAX;
    hanse_buffer_clear(&reader->block);
    enum hanse_status status =
        hanse_layout_segment_name(segment->first_index, segment->generation, &reader->segment_name, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_path(reader->store, reader->segment_name.text, &path, err);
    if (status == HANSE_OK)
        status = hanse_buffer_reserve(&reader->block, (size_t)(end - block->offset), err);
    if (status == HANSE_OK)
        status = hanse_file_open_read(&file, path.text, err);
    if (status == HANSE_OK)
        status =
            hanse_file_read_at(&file, block->offset, reader->block.data, (size_t)(end - block->offset), err);
    if (status != HANSE_OK)
        return status;
    reader->block.size = (size_t)(end - block->offset);
    reader->block_first = segment->first_index + block->entries_before;
    reader->block_end = segment->first_index + (last ? segment->entries : block[1].entries_before);
    reader->block_offset = block->offset;
    reader->next_frame = 0;
    reader->frame = (struct hanse_frame){0};
    hanse_frame_decoder_start(reader->decoder);
    return HANSE_OK;
}

static enum hanse_status next_frame(struct hanse_entry_reader *reader, struct hanse_error *err)
{
    struct hanse_bytes rest =
        hanse_bytes_slice(hanse_buffer_view(&reader->block), reader->next_frame, reader->block.size);
    struct hanse_frame_start start;
    enum hanse_status status = hanse_frame_peek(rest, &start, err);
    if (status == HANSE_OK && start.frame_bytes > rest.size)
        status = hanse_fail(err, HANSE_TRUNCATED, "segment ends inside the frame of entry %" PRIu64,
                            start.first_index);
    if (status == HANSE_OK)
        status = hanse_frame_decode(reader->decoder, hanse_bytes_slice(rest, 0, start.frame_bytes),
                                    &reader->frame, err);
    if (status == HANSE_OK)
        reader->next_frame += start.frame_bytes;
    else
        status = hanse_fail_within(err, status, "segment \"%s\", byte %" PRIu64, reader->segment_name.text,
                                   reader->block_offset + reader->next_frame);
    return status;
}

static bool frame_holds(const struct hanse_frame *frame, uint64_t index)
{
    return index >= frame->first_index && index - frame->first_index < frame->entry_count;
}

static enum hanse_status load_tile(struct hanse_entry_reader *reader, uint64_t index, struct hanse_error *err)
{
    uint64_t tile_index = index / TILE_HASHES;
    if (reader->tile_index == tile_index)
        return HANSE_OK;
    reader->tile_index = UINT64_MAX;
    hanse_buffer_clear(&reader->tile);
    uint64_t full = reader->store->size / TILE_HASHES;
    uint32_t width = tile_index < full ? TILE_HASHES : (uint32_t)(reader->store->size % TILE_HASHES);
    struct hanse_tile tile = {.level = 0, .index = tile_index, .width = width};
    struct hanse_feed_store store = {.dir = reader->store->dir};
    enum hanse_status status = hanse_feed_store_read_tile(&store, &tile, &reader->tile, err);
    if (status == HANSE_OK && reader->tile.size != (size_t)width * HANSE_DIGEST_BYTES)
        status = hanse_fail_at(err, HANSE_TRUNCATED, reader->tile.size,
                               "tile %" PRIu64 " of \"%s\" has %zu bytes instead of %u", tile_index,
                               reader->store->dir.text, reader->tile.size, width * HANSE_DIGEST_BYTES);
    if (status == HANSE_OK)
        reader->tile_index = tile_index;
    return status;
}

static enum hanse_status check_leaf(struct hanse_entry_reader *reader, uint64_t index,
                                    const struct hanse_frame_entry *entry, struct hanse_digest *out_leaf,
                                    struct hanse_error *err)
{
    enum hanse_status status = load_tile(reader, index, err);
    if (status != HANSE_OK)
        return status;
    hanse_hasher_digest_prefixed(reader->hasher, 0x00, hanse_bytes_of(entry->commitment, HANSE_DIGEST_BYTES),
                                 entry->header, out_leaf);
    struct hanse_bytes stored =
        hanse_bytes_slice(hanse_buffer_view(&reader->tile),
                          (size_t)(index % TILE_HASHES) * HANSE_DIGEST_BYTES, HANSE_DIGEST_BYTES);
    if (!hanse_bytes_equal(stored, hanse_digest_view(out_leaf)))
        return hanse_fail(err, HANSE_MISMATCH, "entry %" PRIu64 " in \"%s\" does not hash to its leaf", index,
                          reader->store->dir.text);
    return HANSE_OK;
}

enum hanse_status hanse_entry_reader_get(struct hanse_entry_reader *reader, uint64_t index,
                                         const struct hanse_frame_entry **out, struct hanse_digest *out_leaf,
                                         struct hanse_error *err)
{
    if (index >= reader->store->size)
        return hanse_fail(err, HANSE_NOT_FOUND, "no entry %" PRIu64 " in a feed of size %" PRIu64, index,
                          reader->store->size);
    bool in_block =
        reader->block_first != UINT64_MAX && index >= reader->block_first && index < reader->block_end;
    bool behind = reader->frame.entry_count > 0 && index < reader->frame.first_index;
    enum hanse_status status = in_block && !behind ? HANSE_OK : load_block(reader, index, err);
    while (status == HANSE_OK && !frame_holds(&reader->frame, index))
        status = next_frame(reader, err);
    if (status != HANSE_OK) {
        reader->block_first = UINT64_MAX;
        return status;
    }
    size_t at = (size_t)(index - reader->frame.first_index);
    hanse_frame_decoder_commit(reader->decoder, at);
    const struct hanse_frame_entry *entry = &reader->frame.entries[at];
    status = check_leaf(reader, index, entry, out_leaf, err);
    if (status == HANSE_OK)
        *out = entry;
    return status;
}
