/* SPDX-License-Identifier: Apache-2.0 */
#include "node/verify_manifest.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/error.h"
#include "feed/frame.h"
#include "node/layout.h"

/* What the manifest says of a segment must be what its frames give, as far as the checkpoint covers it: what
 * comes after is a publish under way, or cut off by a crash. */
static enum hanse_status check_segment(const struct hanse_feed_store *store,
                                       const struct hanse_segment *segment, bool last,
                                       struct hanse_error *err)
{
    struct hanse_path name;
    struct hanse_path path;
    struct hanse_buffer bytes __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&bytes, HANSE_MAX_SEGMENT_BYTES + 1);
    enum hanse_status status =
        hanse_layout_segment_name(segment->first_index, segment->generation, &name, err);
    if (status == HANSE_OK)
        status = hanse_feed_store_path(store, name.text, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, HANSE_MAX_SEGMENT_BYTES, &bytes, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes rest = hanse_buffer_view(&bytes);
    uint64_t index = segment->first_index;
    uint64_t at = 0;
    size_t block = 0;
    bool whole = segment->first_index + segment->entries <= store->size;
    while (at < segment->bytes && index < store->size) {
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
    if (!whole && index >= store->size && at <= rest.size)
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

enum hanse_status hanse_manifest_verify(const struct hanse_feed_store *store, struct hanse_error *err)
{
    const struct hanse_manifest *manifest = &store->manifest;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < manifest->segment_count && status == HANSE_OK; i++)
        if (manifest->segments[i].first_index < store->size)
            status = check_segment(store, &manifest->segments[i], i + 1 == manifest->segment_count, err);
    return status;
}
