/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/verify_manifest.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/files/frame_walk.h"

/* The file has exactly the bytes that the manifest counts; a live one may have more. */
static enum hanse_status check_size(const struct hanse_frame_walk *walk, const struct hanse_segment *segment,
                                    bool last, struct hanse_error *err)
{
    if (walk->end > segment->bytes && (!last || segment->sealed))
        return hanse_fail_at(err, HANSE_MISMATCH, segment->bytes,
                             "segment \"%s\" goes on after its end at byte %" PRIu64, walk->name.text,
                             segment->bytes);
    if (walk->end < segment->bytes)
        return hanse_fail_at(err, HANSE_TRUNCATED, walk->end,
                             "segment \"%s\" ends at byte %" PRIu64 " of %" PRIu64, walk->name.text,
                             walk->end, segment->bytes);
    return HANSE_OK;
}

/* Where the walk over a segment's frames is, in the manifest's terms. */
struct position {
    uint64_t index;
    size_t block;
};

static enum hanse_status check_frame(const struct hanse_frame_walk *walk, const struct hanse_segment *segment,
                                     const struct hanse_frame_start *start, struct position *position,
                                     struct hanse_error *err)
{
    if (start->first_index != position->index)
        return hanse_fail_at(err, HANSE_MISMATCH, walk->at,
                             "segment \"%s\", byte %" PRIu64 ": frame begins at entry %" PRIu64
                             " instead of %" PRIu64,
                             walk->name.text, walk->at, start->first_index, position->index);
    const struct hanse_block *block =
        position->block < segment->block_count ? &segment->blocks[position->block] : NULL;
    bool listed = block != NULL && block->offset == walk->at &&
                  block->entries_before == position->index - segment->first_index;
    if (!start->continues && !listed)
        return hanse_fail_at(err, HANSE_MISMATCH, walk->at,
                             "manifest does not list the block at byte %" PRIu64 " of \"%s\"", walk->at,
                             walk->name.text);
    position->block += !start->continues;
    position->index += start->entries;
    return HANSE_OK;
}

/* What the manifest says of a segment must be what its frames give. */
static enum hanse_status check_segment(const struct hanse_feed_store *store,
                                       const struct hanse_segment *segment, bool last,
                                       struct hanse_error *err)
{
    HANSE_SCOPED_WALK struct hanse_frame_walk walk;
    struct position position = {.index = segment->first_index};
    enum hanse_status status = hanse_frame_walk_open(&walk, store->dir.text, segment, err);
    if (status == HANSE_OK)
        status = hanse_file_size(walk.file.path.text, &walk.end, err);
    while (status == HANSE_OK && hanse_frame_walk_more(&walk) && walk.at < segment->bytes) {
        struct hanse_frame_start start;
        status = hanse_frame_walk_peek(&walk, &start, err);
        if (status == HANSE_OK)
            status = check_frame(&walk, segment, &start, &position, err);
        if (status == HANSE_OK)
            hanse_frame_walk_skip(&walk, &start);
    }
    if (status == HANSE_OK)
        status = check_size(&walk, segment, last, err);
    bool agrees = walk.at == segment->bytes && position.index == segment->first_index + segment->entries &&
                  position.block == segment->block_count;
    if (status == HANSE_OK && !agrees)
        status =
            hanse_fail(err, HANSE_MISMATCH, "manifest does not agree with segment \"%s\"", walk.name.text);
    return status;
}

enum hanse_status hanse_manifest_verify(const struct hanse_feed_store *store, struct hanse_error *err)
{
    const struct hanse_manifest *manifest = &store->manifest;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < manifest->segment_count && status == HANSE_OK; i++)
        status = check_segment(store, &manifest->segments[i], i + 1 == manifest->segment_count, err);
    return status;
}
