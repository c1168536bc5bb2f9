/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: how entries and payloads travel (docs/protocol.md, "Frame"). No I/O. */
#ifndef HANSE_FEED_FRAME_H
#define HANSE_FEED_FRAME_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/limits.h"

/* One entry on its way into or out of a frame. */
struct hanse_frame_entry {
    struct hanse_bytes header;
    struct hanse_bytes
        payload; /* as transmitted, salt included; empty if absent or if the operation has none */
    bool absent;
    uint8_t commitment[32]; /* decoding: always filled; encoding: read only if absent */
};

struct hanse_frame_encoder;
struct hanse_frame_decoder;

/* level: of zlib, 1 to 9. The encoder starts with an independent frame. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_encoder_new(int level, struct hanse_frame_encoder **out,
                                                           struct hanse_error *err);
void hanse_frame_encoder_free(struct hanse_frame_encoder *encoder);
/* The next frame is independent. */
void hanse_frame_encoder_start_block(struct hanse_frame_encoder *encoder);
/* Goes on in the block that the decoder has just read to its end: the next frame `continues`, unless the
 * block is full (262,144 bytes inflated). */
void hanse_frame_encoder_adopt(struct hanse_frame_encoder *encoder,
                               const struct hanse_frame_decoder *decoder);
/* True if the next frame will be independent. */
bool hanse_frame_encoder_at_block_start(const struct hanse_frame_encoder *encoder);
/* How many of `count` entries, from the first on, go into one frame (at least 1): keeps a body at about
 * 262,144 bytes and within the limits. */
size_t hanse_frame_fit(const struct hanse_frame_entry *entries, size_t count);
/* Appends one frame of all `count` entries to out and moves the block on. HANSE_LIMIT: more entries or bytes
 * than a frame holds; HANSE_NO_MEMORY. out and encoder are unchanged on failure. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_encode(struct hanse_frame_encoder *encoder,
                                                      uint64_t first_index,
                                                      const struct hanse_frame_entry *entries, size_t count,
                                                      struct hanse_buffer *out, struct hanse_error *err);

/* The same in two steps. The first lays the frame out and moves the block on: where it ends, and what its
 * last bytes are, is known before it is deflated. Errors as above; the encoder is unchanged on failure. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_prepare(struct hanse_frame_encoder *encoder,
                                                       uint64_t first_index,
                                                       const struct hanse_frame_entry *entries, size_t count,
                                                       struct hanse_error *err);
/* The second appends the prepared frame to out; on failure out is unchanged and the encoder as before the
 * first. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_deflate(struct hanse_frame_encoder *encoder,
                                                       struct hanse_buffer *out, struct hanse_error *err);
/* Goes on in the block where `other` is after the frames that it prepared. */
void hanse_frame_encoder_follow(struct hanse_frame_encoder *encoder, const struct hanse_frame_encoder *other);

/* What stands at the start of a stored frame. */
struct hanse_frame_start {
    bool continues;
    uint64_t first_index;
    uint32_t entries;
    uint32_t raw_bytes;
    uint32_t inflated_bytes;
    uint32_t deflated_bytes;
    size_t frame_bytes; /* of the whole frame, check included */
};
/* HANSE_TRUNCATED: `bytes` ends before the start does (nothing wrong so far); HANSE_MALFORMED with the
 * offset, HANSE_LIMIT: sizes over the limits. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_peek(struct hanse_bytes bytes, struct hanse_frame_start *out,
                                                    struct hanse_error *err);

HANSE_MUST_CHECK enum hanse_status hanse_frame_decoder_new(struct hanse_frame_decoder **out,
                                                           struct hanse_error *err);
void hanse_frame_decoder_free(struct hanse_frame_decoder *decoder);
/* From now on commitments of present payloads are zeroes until asked for one by one: for who reads single
 * entries, since to hash a whole frame takes as long as half of what else its reading takes. */
void hanse_frame_decoder_commit_later(struct hanse_frame_decoder *decoder);
/* Fills the commitment of entry `at` of the frame decoded last, whose views then show it. */
void hanse_frame_decoder_commit(struct hanse_frame_decoder *decoder, size_t at);
/* Forgets the block: what comes next is the start of a file or of a block. */
void hanse_frame_decoder_start(struct hanse_frame_decoder *decoder);

/* A decoded frame; everything in it dies at the next decode. */
struct hanse_frame {
    uint64_t first_index;
    bool continues;
    const struct hanse_frame_entry *entries;
    size_t entry_count;
};
/* Decodes the frame that is exactly `bytes`. HANSE_MALFORMED with the offset in `bytes` (check, deflate,
 * body, lying sizes, spare bits, `continues` without a block), HANSE_LIMIT, HANSE_NO_MEMORY. After a failure
 * the decoder is as before the call. Commitments of present payloads are computed, unless later. */
HANSE_MUST_CHECK enum hanse_status hanse_frame_decode(struct hanse_frame_decoder *decoder,
                                                      struct hanse_bytes bytes, struct hanse_frame *out,
                                                      struct hanse_error *err);
/* Bytes inflated so far in the block that the decoder is in; 0 at the start. */
uint64_t hanse_frame_decoder_block_bytes(const struct hanse_frame_decoder *decoder);

#endif
