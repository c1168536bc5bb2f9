/* SPDX-License-Identifier: Apache-2.0 */
/* The tree hash as RFC 6962 section 2.1 defines it, word for word, to judge the library's by; and numbered
 * leaves for trees. */
#ifndef TESTS_MERKLE_REFERENCE_H
#define TESTS_MERKLE_REFERENCE_H

#include <string.h>

#include "base/bytes.h"
#include "log/merkle.h"

/* MTH of leaves [start, start + count) by their hashes, count of at least 1. */
static inline struct hanse_digest reference_root(struct hanse_hasher *hasher,
                                                 const struct hanse_digest *leaves, uint64_t count)
{
    if (count == 1)
        return leaves[0];
    uint64_t split = 1;
    while (split * 2 < count)
        split *= 2;
    struct hanse_digest halves[2] = {reference_root(hasher, leaves, split),
                                     reference_root(hasher, leaves + split, count - split)};
    uint8_t joined[65] = {1};
    memcpy(joined + 1, halves, 64);
    hanse_hasher_digest(hasher, hanse_bytes_of(joined, sizeof joined), &halves[0]);
    return halves[0];
}

/* The entry of an index: its number in up to `size` big-endian bytes. */
static inline void reference_entry(uint64_t index, uint8_t out[8])
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(index >> (8 * (7 - i)));
}

static inline void reference_leaves(struct hanse_hasher *hasher, struct hanse_digest *out, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        uint8_t entry[8];
        reference_entry(i, entry);
        hanse_merkle_leaf(hasher, hanse_bytes_of(entry, sizeof entry), &out[i]);
    }
}

#endif
