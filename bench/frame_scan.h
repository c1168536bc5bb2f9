/* SPDX-License-Identifier: Apache-2.0 */
/* The least of docs/protocol.md, section 3.1, that the benchmark needs: where a frame's deflated body lies,
 * and what was inflated before it in its block. Nothing is checked: the library is measured against this. */
#ifndef HANSE_BENCH_FRAME_SCAN_H
#define HANSE_BENCH_FRAME_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCAN_DICTIONARY_BYTES = 32768 };

struct scanned_frame {
    bool continues;
    size_t frame_bytes; /* all of it */
    size_t deflated_at; /* from its start */
    size_t deflated_bytes;
    size_t inflated_bytes;
};

/* False: the frame has not come wholly. */
bool scan_frame(const uint8_t *bytes, size_t size, struct scanned_frame *out);

/* Inflated bodies of a block, one behind the other; the last 32 KiB are the next frame's dictionary. */
struct scanned_block {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
};

/* Inflates a frame's body behind those before it; returns where it begins. Ends the program if it cannot. */
const uint8_t *scan_inflate(struct scanned_block *block, const uint8_t *frame,
                            const struct scanned_frame *start);
void scan_release(struct scanned_block *block);

#endif
