/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of a segment, found and inflated without any check. */
#include "frame_scan.h"

#include <stdio.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

enum { FIXED_BYTES = 2, CHECK_BYTES = 8, NUMBERS = 5, RAW_WINDOW_BITS = -15 };

static bool read_varint(const uint8_t *bytes, size_t size, size_t *at, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; *at < size && shift < 64; shift += 7) {
        uint8_t byte = bytes[(*at)++];
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return true;
        }
    }
    return false;
}

bool scan_frame(const uint8_t *bytes, size_t size, struct scanned_frame *out)
{
    uint64_t numbers[NUMBERS]; /* first index, entries, raw, inflated, deflated */
    size_t at = FIXED_BYTES;
    for (size_t i = 0; i < NUMBERS; i++)
        if (!read_varint(bytes, size, &at, &numbers[i]))
            return false;
    *out = (struct scanned_frame){.continues = bytes[1] != 0,
                                  .frame_bytes = at + numbers[2] + numbers[4] + CHECK_BYTES,
                                  .deflated_at = at + numbers[2],
                                  .deflated_bytes = numbers[4],
                                  .inflated_bytes = numbers[3]};
    return out->frame_bytes <= size;
}

static void make_room(struct scanned_block *block, size_t more)
{
    if (block->capacity - block->size >= more)
        return;
    block->capacity = block->size + more;
    block->bytes = realloc(block->bytes, block->capacity);
    if (block->bytes == NULL)
        abort();
}

const uint8_t *scan_inflate(struct scanned_block *block, const uint8_t *frame,
                            const struct scanned_frame *start)
{
    static z_stream stream; /* made once: a floor does not pay for that per frame */
    if (stream.state == NULL && inflateInit2(&stream, RAW_WINDOW_BITS) != Z_OK)
        abort();
    if (!start->continues)
        block->size = 0;
    make_room(block, start->inflated_bytes);
    size_t dictionary = block->size < SCAN_DICTIONARY_BYTES ? block->size : SCAN_DICTIONARY_BYTES;
    (void)inflateReset2(&stream, RAW_WINDOW_BITS);
    if (dictionary > 0)
        (void)inflateSetDictionary(&stream, block->bytes + block->size - dictionary, (uInt)dictionary);
    stream.next_in = frame + start->deflated_at;
    stream.avail_in = (uInt)start->deflated_bytes;
    stream.next_out = block->bytes + block->size;
    stream.avail_out = (uInt)start->inflated_bytes;
    if (inflate(&stream, Z_FINISH) != Z_STREAM_END) {
        (void)fprintf(stderr, "frame of %zu bytes cannot be inflated\n", start->frame_bytes);
        exit(1);
    }
    block->size += start->inflated_bytes;
    return block->bytes + block->size - start->inflated_bytes;
}

void scan_release(struct scanned_block *block)
{
    free(block->bytes);
}
