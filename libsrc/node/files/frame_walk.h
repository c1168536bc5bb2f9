/* SPDX-License-Identifier: Apache-2.0 */
/* A walk over the frames that a segment file holds, one in memory at a time. */
#ifndef HANSE_NODE_FILES_FRAME_WALK_H
#define HANSE_NODE_FILES_FRAME_WALK_H

#include "base/file.h"
#include "feed/frame.h"
#include "wire/manifest.h"

struct hanse_frame_walk {
    struct hanse_path name; /* of the segment, for messages */
    struct hanse_file file;
    struct hanse_buffer frame;
    uint64_t at;  /* byte of the next frame */
    uint64_t end; /* byte behind the last one: segment->bytes */
};

/* Opens the file of `segment` of the feed in `dir`, at its start. Released after failure too.
 * HANSE_NOT_FOUND, HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_walk_open(struct hanse_frame_walk *walk, const char *dir,
                                                         const struct hanse_segment *segment,
                                                         struct hanse_error *err);
void hanse_frame_walk_close(struct hanse_frame_walk *walk);
#define HANSE_SCOPED_WALK __attribute__((cleanup(hanse_frame_walk_close)))

bool hanse_frame_walk_more(const struct hanse_frame_walk *walk);
/* The start of the next frame. The message names segment and byte. HANSE_TRUNCATED: the file or the segment
 * ends inside it; HANSE_MALFORMED, HANSE_LIMIT, HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status
hanse_frame_walk_peek(struct hanse_frame_walk *walk, struct hanse_frame_start *out, struct hanse_error *err);
/* Goes past the frame whose start was peeked. */
void hanse_frame_walk_skip(struct hanse_frame_walk *walk, const struct hanse_frame_start *start);
/* Decodes the next frame and goes past it; views live until the next call. Errors as above and of
 * hanse_frame_decode. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_walk_next(struct hanse_frame_walk *walk,
                                                         struct hanse_frame_decoder *decoder,
                                                         struct hanse_frame *out, struct hanse_error *err);

#endif
