/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/frame_walk.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/files/layout.h"

/* A start has at most 2 bytes and five varints. */
enum { START_BYTES = 64, MAX_FRAME_BYTES = 8 << 20 };

enum hanse_status hanse_frame_walk_open(struct hanse_frame_walk *walk, const char *dir,
                                        const struct hanse_segment *segment, struct hanse_error *err)
{
    struct hanse_path path;
    *walk = (struct hanse_frame_walk){.file = HANSE_FILE_CLOSED, .end = segment->bytes};
    hanse_buffer_init(&walk->frame, MAX_FRAME_BYTES);
    enum hanse_status status =
        hanse_layout_segment_name(segment->first_index, segment->generation, &walk->name, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/%s", dir, walk->name.text);
    return status == HANSE_OK ? hanse_file_open_read(&walk->file, path.text, err) : status;
}

void hanse_frame_walk_close(struct hanse_frame_walk *walk)
{
    hanse_file_close(&walk->file);
    hanse_buffer_release(&walk->frame);
}

bool hanse_frame_walk_more(const struct hanse_frame_walk *walk)
{
    return walk->at < walk->end;
}

static enum hanse_status fail_here(const struct hanse_frame_walk *walk, enum hanse_status status,
                                   struct hanse_error *err)
{
    return hanse_fail_within(err, status, "segment \"%s\", byte %" PRIu64, walk->name.text, walk->at);
}

static enum hanse_status peek(struct hanse_frame_walk *walk, struct hanse_frame_start *out,
                              struct hanse_error *err)
{
    uint8_t bytes[START_BYTES];
    uint64_t left = walk->end - walk->at;
    size_t size = left < sizeof bytes ? (size_t)left : sizeof bytes;
    enum hanse_status status = hanse_file_read_at(&walk->file, walk->at, bytes, size, err);
    if (status == HANSE_OK)
        status = hanse_frame_peek(hanse_bytes_of(bytes, size), out, err);
    if (status == HANSE_OK && out->frame_bytes > left)
        status = hanse_fail_at(err, HANSE_TRUNCATED, walk->end, "the segment ends inside a frame");
    return status;
}

enum hanse_status hanse_frame_walk_peek(struct hanse_frame_walk *walk, struct hanse_frame_start *out,
                                        struct hanse_error *err)
{
    enum hanse_status status = peek(walk, out, err);
    return status == HANSE_OK ? HANSE_OK : fail_here(walk, status, err);
}

void hanse_frame_walk_skip(struct hanse_frame_walk *walk, const struct hanse_frame_start *start)
{
    walk->at += start->frame_bytes;
}

enum hanse_status hanse_frame_walk_next(struct hanse_frame_walk *walk, struct hanse_frame_decoder *decoder,
                                        struct hanse_frame *out, struct hanse_error *err)
{
    struct hanse_frame_start start;
    enum hanse_status status = peek(walk, &start, err);
    hanse_buffer_clear(&walk->frame);
    if (status == HANSE_OK)
        status = hanse_buffer_reserve(&walk->frame, start.frame_bytes, err);
    if (status == HANSE_OK)
        status = hanse_file_read_at(&walk->file, walk->at, walk->frame.data, start.frame_bytes, err);
    if (status == HANSE_OK)
        status = hanse_frame_decode(decoder, hanse_bytes_of(walk->frame.data, start.frame_bytes), out, err);
    if (status != HANSE_OK)
        return fail_here(walk, status, err);
    hanse_frame_walk_skip(walk, &start);
    return HANSE_OK;
}
