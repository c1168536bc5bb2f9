/* SPDX-License-Identifier: Apache-2.0 */
/* Inclusion and consistency proofs of RFC 6962, verified as in RFC 9162 section 2.1. */
#ifndef HANSE_LOG_PROOF_H
#define HANSE_LOG_PROOF_H

#include "base/limits.h"
#include "crypto/digest.h"

/* Hashes from the leaf's side to the root's. */
struct hanse_proof {
    size_t count;
    struct hanse_digest hashes[HANSE_MAX_PROOF_HASHES];
};

/* HANSE_OK: the leaf hash stands at `index` of the tree with this size and root. HANSE_MALFORMED: the index
 * is not below the size, the size is not below 2^63, or the number of hashes is wrong for them;
 * HANSE_MISMATCH: the hashes lead to another root. */
HANSE_MUST_CHECK enum hanse_status
hanse_proof_verify_inclusion(struct hanse_hasher *hasher, uint64_t index, uint64_t size,
                             const struct hanse_digest *leaf, const struct hanse_proof *proof,
                             const struct hanse_digest *root, struct hanse_error *err);
/* HANSE_OK: the tree of old_size and old_root is the beginning of that of size and root. From old_size 0,
 * whose root is that of the empty tree, and from equal trees, no hashes are needed and none allowed.
 * HANSE_MALFORMED: the sizes or the number of hashes are wrong; HANSE_MISMATCH. */
HANSE_MUST_CHECK enum hanse_status hanse_proof_verify_consistency(
    struct hanse_hasher *hasher, uint64_t old_size, const struct hanse_digest *old_root, uint64_t size,
    const struct hanse_digest *root, const struct hanse_proof *proof, struct hanse_error *err);

/* Gives the hash of a perfect subtree: 2^level leaves, number `index` of its level from the left. */
typedef enum hanse_status hanse_proof_fetch(void *context, unsigned level, uint64_t index,
                                            struct hanse_digest *out, struct hanse_error *err);

/* The proofs and the root from the hashes of perfect subtrees. HANSE_INVALID_ARGUMENT: index not below size,
 * old_size above size, or a size of 2^63 or more; and what `fetch` fails with. */
HANSE_MUST_CHECK enum hanse_status hanse_proof_make_inclusion(struct hanse_hasher *hasher, uint64_t index,
                                                              uint64_t size, hanse_proof_fetch *fetch,
                                                              void *context, struct hanse_proof *out,
                                                              struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_proof_make_consistency(struct hanse_hasher *hasher,
                                                                uint64_t old_size, uint64_t size,
                                                                hanse_proof_fetch *fetch, void *context,
                                                                struct hanse_proof *out,
                                                                struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_proof_make_root(struct hanse_hasher *hasher, uint64_t size,
                                                         hanse_proof_fetch *fetch, void *context,
                                                         struct hanse_digest *out, struct hanse_error *err);

#endif
