/* SPDX-License-Identifier: Apache-2.0 */
/* Entries into frames, two frames at a time: the second is deflated by a thread of its own that ends within
 * the call. The bytes are those of one encoder that makes one frame after the other. */
#ifndef HANSE_FEED_FRAME_PAIR_H
#define HANSE_FEED_FRAME_PAIR_H

#include "feed/frame.h"

struct hanse_frame_pair;

struct hanse_paired_frame {
    struct hanse_bytes stored; /* a view that the next call of encode ends */
    bool continues;
    size_t entries;
};

/* As hanse_frame_encoder_new, _free, _start_block and _adopt. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_pair_new(int level, struct hanse_frame_pair **out,
                                                        struct hanse_error *err);
void hanse_frame_pair_free(struct hanse_frame_pair *pair);
void hanse_frame_pair_start_block(struct hanse_frame_pair *pair);
void hanse_frame_pair_adopt(struct hanse_frame_pair *pair, const struct hanse_frame_decoder *decoder);
/* Frames the first of `count` entries (at least one): *out_count, 1 or 2, frames, each of as many entries as
 * fit, and the block moves on. HANSE_LIMIT, HANSE_NO_MEMORY; then only free may follow. Where no thread can
 * be had it takes longer. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_pair_encode(struct hanse_frame_pair *pair,
                                                           uint64_t first_index,
                                                           const struct hanse_frame_entry *entries,
                                                           size_t count, struct hanse_paired_frame out[2],
                                                           size_t *out_count, struct hanse_error *err);

#endif
