/* SPDX-License-Identifier: Apache-2.0 */
/* The manifest and the key change file as plain structs (docs/protocol.md, "Segments" and "Keys"). */
#ifndef HANSE_WIRE_MANIFEST_H
#define HANSE_WIRE_MANIFEST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/limits.h"

struct hanse_block {
    uint64_t entries_before;
    uint64_t offset;
};

struct hanse_segment {
    uint64_t first_index;
    uint64_t entries;
    uint64_t bytes;
    uint64_t generation;
    bool sealed;
    struct hanse_block *blocks;
    size_t block_count;
};

/* Arrays live in the arena of decode, or are the encoder's caller's. */
struct hanse_manifest {
    struct hanse_segment *segments;
    size_t segment_count;
};

/* HANSE_LIMIT over 1 MiB, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_manifest_encode(const struct hanse_manifest *manifest,
                                                         struct hanse_buffer *out, struct hanse_error *err);
/* Canonical form required as for headers; besides: version 1, segments from index 0 without gap, each with at
 * least one entry, one block, blocks ascending from {0, 0} inside `entries` and `bytes`, bytes within the
 * limit, only the last one not sealed. HANSE_MALFORMED with the offset (of the segment where a rule is
 * broken), HANSE_UNSUPPORTED, HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_manifest_decode(struct hanse_bytes bytes, struct hanse_arena *arena,
                                                         struct hanse_manifest *out, struct hanse_error *err);

/* hanse/key/<ordinal>. Views live in the arena or are the caller's. */
struct hanse_key_change {
    uint64_t index;
    struct hanse_bytes entry;
    struct hanse_bytes checkpoint;
    const struct hanse_bytes *proof; /* 32 bytes each */
    size_t proof_count;
};
HANSE_MUST_CHECK enum hanse_status hanse_key_change_encode(const struct hanse_key_change *change,
                                                           struct hanse_buffer *out, struct hanse_error *err);
/* HANSE_MALFORMED, HANSE_LIMIT, HANSE_NO_MEMORY. The content is judged by feed/key_chain. */
HANSE_MUST_CHECK enum hanse_status hanse_key_change_decode(struct hanse_bytes bytes,
                                                           struct hanse_arena *arena,
                                                           struct hanse_key_change *out,
                                                           struct hanse_error *err);

#endif
