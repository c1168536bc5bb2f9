/* SPDX-License-Identifier: Apache-2.0 */
/* What the two directions of frames share: numbers of the form, the rule of tails, the window of a block. */
#ifndef HANSE_FEED_FRAME_FORM_H
#define HANSE_FEED_FRAME_FORM_H

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"

enum {
    HANSE_FRAME_MAGIC = 0xf1,
    HANSE_FRAME_CONTINUES = 1, /* flag */
    HANSE_FRAME_CHECK_BYTES = 8,
    HANSE_FRAME_SALT_BYTES = 16,
    HANSE_FRAME_OVERHEAD_BYTES = 20, /* salt and record size: what token 0 leaves out of the body */
    HANSE_FRAME_TAIL_START = 10,
    HANSE_FRAME_TAIL_BYTES = 10,
    HANSE_FRAME_RAW_PER_ENTRY_BYTES = HANSE_FRAME_TAIL_BYTES + HANSE_FRAME_SALT_BYTES,
    HANSE_FRAME_COMMITMENT_BYTES = 32,
    HANSE_FRAME_MAX_HEADER_BYTES = HANSE_MAX_ENTRY_ACCEPT_BYTES - HANSE_FRAME_COMMITMENT_BYTES,
    HANSE_FRAME_MAX_BODY_BYTES = HANSE_MAX_FRAME_INFLATED_BYTES + HANSE_MAX_PAYLOAD_BYTES,
    HANSE_FRAME_MAX_RAW_BYTES = HANSE_FRAME_RAW_PER_ENTRY_BYTES * HANSE_MAX_FRAME_ENTRIES,
    /* Stored blocks cost 5 bytes each: far more than any writer needs, and a bound for the reader's memory.
     */
    HANSE_FRAME_DEFLATE_OVERHEAD_BYTES = 64 << 10
};

/* Whether a header of this size, which begins with these bytes, has its tail in the raw part. Bytes before
 * the tail are in the body: a reader can ask before it has put the header together. */
static inline bool hanse_frame_has_tail(size_t header_bytes, const uint8_t *first_four)
{
    return header_bytes >= HANSE_FRAME_TAIL_START + HANSE_FRAME_TAIL_BYTES && first_four[0] == 0x08 &&
           first_four[1] < 0x80 && first_four[2] == 0x12 && first_four[3] == 0x10;
}

/* How much of a block was inflated, and the end of it: the dictionary of the next frame. */
struct hanse_frame_window {
    uint64_t block_bytes; /* 0: no frame yet */
    size_t size;
    uint8_t bytes[HANSE_DICTIONARY_BYTES];
};

static inline void hanse_frame_window_reset(struct hanse_frame_window *window)
{
    window->block_bytes = 0;
    window->size = 0;
}

static inline struct hanse_bytes hanse_frame_window_view(const struct hanse_frame_window *window)
{
    return hanse_bytes_of(window->bytes, window->size);
}

static inline void hanse_frame_window_extend(struct hanse_frame_window *window, struct hanse_bytes body)
{
    const size_t room = sizeof window->bytes;
    window->block_bytes += body.size;
    if (body.size >= room) {
        memcpy(window->bytes, body.data + (body.size - room), room);
        window->size = room;
        return;
    }
    size_t kept = window->size < room - body.size ? window->size : room - body.size;
    memmove(window->bytes, window->bytes + (window->size - kept), kept);
    memcpy(window->bytes + kept, body.data, body.size);
    window->size = kept + body.size;
}

struct hanse_frame_decoder;
/* The decoder's window, for hanse_frame_encoder_adopt. */
const struct hanse_frame_window *hanse_frame_decoder_window(const struct hanse_frame_decoder *decoder);

#endif
