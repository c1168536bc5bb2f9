/* SPDX-License-Identifier: Apache-2.0 */
/* The Merkle tree of RFC 6962 with SHA-256: hashes, and the frontier from which a log grows. */
#ifndef HANSE_LOG_MERKLE_H
#define HANSE_LOG_MERKLE_H

#include "base/buffer.h"
#include "crypto/digest.h"

void hanse_merkle_leaf(struct hanse_hasher *hasher, struct hanse_bytes entry, struct hanse_digest *out);
/* `out` may be left or right. */
void hanse_merkle_node(struct hanse_hasher *hasher, const struct hanse_digest *left,
                       const struct hanse_digest *right, struct hanse_digest *out);
/* SHA-256 of nothing. */
struct hanse_digest hanse_merkle_empty_root(void);

#define HANSE_FRONTIER_LEVELS 64

/* The roots of the perfect subtrees that make up a tree of `size` leaves: hashes[level] counts where bit
 * `level` of size is set. All zero is the empty tree. */
struct hanse_frontier {
    uint64_t size;
    struct hanse_digest hashes[HANSE_FRONTIER_LEVELS];
};

/* Is told each perfect subtree of 2^level leaves as it completes, leaf (level 0) first; `index` counts the
 * subtrees of its level from the left. Anything but HANSE_OK stops. */
typedef enum hanse_status hanse_merkle_visit(void *context, unsigned level, uint64_t index,
                                             const struct hanse_digest *hash, struct hanse_error *err);

/* Adds a leaf by its hash. HANSE_LIMIT: the tree would have 2^63 leaves. */
HANSE_MUST_CHECK enum hanse_status hanse_frontier_append(struct hanse_frontier *frontier,
                                                         struct hanse_hasher *hasher,
                                                         const struct hanse_digest *leaf,
                                                         struct hanse_error *err);
/* The same with a visitor; the frontier is unchanged if it fails. HANSE_LIMIT and the visitor's own. */
HANSE_MUST_CHECK enum hanse_status hanse_frontier_append_visited(struct hanse_frontier *frontier,
                                                                 struct hanse_hasher *hasher,
                                                                 const struct hanse_digest *leaf,
                                                                 hanse_merkle_visit *visit, void *context,
                                                                 struct hanse_error *err);
void hanse_frontier_root(const struct hanse_frontier *frontier, struct hanse_hasher *hasher,
                         struct hanse_digest *out);

/* Its stored form: u64 size, then the hashes that count, the largest subtree first. HANSE_LIMIT,
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_frontier_encode(const struct hanse_frontier *frontier,
                                                         struct hanse_buffer *out, struct hanse_error *err);
/* HANSE_MALFORMED with the offset: a size of 2^63 or more, or another number of bytes. */
HANSE_MUST_CHECK enum hanse_status hanse_frontier_decode(struct hanse_bytes bytes, struct hanse_frontier *out,
                                                         struct hanse_error *err);

#endif
