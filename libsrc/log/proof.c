/* SPDX-License-Identifier: Apache-2.0 */
/* Merkle proofs without recursion: the path to a leaf is walked as two shifting counters. */
#include "log/proof.h"

#include <inttypes.h>

#include "base/error.h"
#include "log/merkle.h"

/* Counters of RFC 9162: the position of the subtree so far, and that of the last one of its level. */
struct path {
    uint64_t node;
    uint64_t last;
};

static void climb(struct path *path)
{
    path->node >>= 1;
    path->last >>= 1;
}

/* True if the next hash of the proof stands to the left. After that, levels at which the subtree is the last
 * one without a sibling are passed over. */
static bool next_is_left(struct path *path)
{
    bool left = (path->node & 1) != 0 || path->node == path->last;
    if (left)
        while ((path->node & 1) == 0 && path->node != 0)
            climb(path);
    climb(path);
    return left;
}

static enum hanse_status fail_count(struct hanse_error *err, size_t count)
{
    return hanse_fail(err, HANSE_MALFORMED, "proof has %zu hashes, not what its sizes need", count);
}

enum hanse_status hanse_proof_verify_inclusion(struct hanse_hasher *hasher, uint64_t index, uint64_t size,
                                               const struct hanse_digest *leaf,
                                               const struct hanse_proof *proof,
                                               const struct hanse_digest *root, struct hanse_error *err)
{
    if (index >= size || size > INT64_MAX)
        return hanse_fail(err, HANSE_MALFORMED, "proof is for index %" PRIu64 " of a tree of %" PRIu64, index,
                          size);
    struct path path = {.node = index, .last = size - 1};
    struct hanse_digest hash = *leaf;
    for (size_t i = 0; i < proof->count; i++) {
        if (path.last == 0)
            return fail_count(err, proof->count);
        if (next_is_left(&path))
            hanse_merkle_node(hasher, &proof->hashes[i], &hash, &hash);
        else
            hanse_merkle_node(hasher, &hash, &proof->hashes[i], &hash);
    }
    if (path.last != 0)
        return fail_count(err, proof->count);
    if (!hanse_digest_equal(&hash, root))
        return hanse_fail(err, HANSE_MISMATCH, "inclusion proof leads to another root");
    return HANSE_OK;
}

static bool is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* The proof of a tree that is no perfect subtree of the other, or begins with its own root if it is one. */
static enum hanse_status verify_growth(struct hanse_hasher *hasher, uint64_t old_size,
                                       const struct hanse_digest *old_root, uint64_t size,
                                       const struct hanse_digest *root, const struct hanse_proof *proof,
                                       struct hanse_error *err)
{
    struct path path = {.node = old_size - 1, .last = size - 1};
    while ((path.node & 1) != 0)
        climb(&path);
    size_t used = is_power_of_two(old_size) ? 0 : 1;
    if (proof->count < used)
        return fail_count(err, proof->count);
    struct hanse_digest old_hash = used == 0 ? *old_root : proof->hashes[0];
    struct hanse_digest hash = old_hash;
    for (size_t i = used; i < proof->count; i++) {
        if (path.last == 0)
            return fail_count(err, proof->count);
        if (next_is_left(&path)) {
            hanse_merkle_node(hasher, &proof->hashes[i], &old_hash, &old_hash);
            hanse_merkle_node(hasher, &proof->hashes[i], &hash, &hash);
        } else {
            hanse_merkle_node(hasher, &hash, &proof->hashes[i], &hash);
        }
    }
    if (path.last != 0)
        return fail_count(err, proof->count);
    if (!hanse_digest_equal(&old_hash, old_root))
        return hanse_fail(err, HANSE_MISMATCH, "consistency proof leads to another old root");
    if (!hanse_digest_equal(&hash, root))
        return hanse_fail(err, HANSE_MISMATCH, "consistency proof leads to another root");
    return HANSE_OK;
}

enum hanse_status hanse_proof_verify_consistency(struct hanse_hasher *hasher, uint64_t old_size,
                                                 const struct hanse_digest *old_root, uint64_t size,
                                                 const struct hanse_digest *root,
                                                 const struct hanse_proof *proof, struct hanse_error *err)
{
    if (old_size > size || size > INT64_MAX)
        return hanse_fail(err, HANSE_MALFORMED, "proof is from size %" PRIu64 " to %" PRIu64, old_size, size);
    if (old_size > 0 && old_size < size)
        return verify_growth(hasher, old_size, old_root, size, root, proof, err);
    if (proof->count > 0)
        return fail_count(err, proof->count);
    struct hanse_digest expected = hanse_merkle_empty_root();
    if (old_size == size && size > 0)
        expected = *root;
    if (!hanse_digest_equal(old_root, &expected) || (size == 0 && !hanse_digest_equal(root, &expected)))
        return hanse_fail(err, HANSE_MISMATCH, "trees of size %" PRIu64 " have different roots", old_size);
    return HANSE_OK;
}

/* Where proofs are made from. */
struct source {
    struct hanse_hasher *hasher;
    hanse_proof_fetch *fetch;
    void *context;
};

/* The tree hash of leaves [start, start + count), where start is a multiple of the power of two at or above
 * count: perfect subtrees joined from the right. */
static enum hanse_status range_hash(const struct source *source, uint64_t start, uint64_t count,
                                    struct hanse_digest *out, struct hanse_error *err)
{
    struct hanse_digest hash;
    bool first = true;
    for (unsigned level = 0; level < HANSE_FRONTIER_LEVELS && count >> level != 0; level++) {
        if ((count >> level & 1) == 0)
            continue;
        struct hanse_digest subtree;
        uint64_t before = count >> level ^ 1;
        enum hanse_status status =
            source->fetch(source->context, level, (start >> level) + before, &subtree, err);
        if (status != HANSE_OK)
            return status;
        if (first)
            hash = subtree;
        else
            hanse_merkle_node(source->hasher, &subtree, &hash, &hash);
        first = false;
    }
    *out = hash;
    return HANSE_OK;
}

/* The largest power of two below count, for count of at least 2. */
static uint64_t split_of(uint64_t count)
{
    return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

static enum hanse_status add_range(const struct source *source, uint64_t start, uint64_t count,
                                   struct hanse_proof *proof, struct hanse_error *err)
{
    enum hanse_status status = range_hash(source, start, count, &proof->hashes[proof->count], err);
    if (status == HANSE_OK)
        proof->count++;
    return status;
}

/* Proofs are found from the root down, but written from the leaf up. */
static void reverse(struct hanse_proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct hanse_digest kept = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = kept;
    }
}

enum hanse_status hanse_proof_make_inclusion(struct hanse_hasher *hasher, uint64_t index, uint64_t size,
                                             hanse_proof_fetch *fetch, void *context, struct hanse_proof *out,
                                             struct hanse_error *err)
{
    if (index >= size || size > INT64_MAX)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "tree of %" PRIu64 " has no index %" PRIu64, size,
                          index);
    const struct source source = {hasher, fetch, context};
    struct hanse_proof proof = {.count = 0};
    uint64_t start = 0;
    enum hanse_status status = HANSE_OK;
    for (uint64_t count = size; count > 1 && status == HANSE_OK;) {
        uint64_t split = split_of(count);
        if (index - start < split) {
            status = add_range(&source, start + split, count - split, &proof, err);
            count = split;
        } else {
            status = add_range(&source, start, split, &proof, err);
            start += split;
            count -= split;
        }
    }
    if (status != HANSE_OK)
        return status;
    reverse(&proof);
    *out = proof;
    return HANSE_OK;
}

enum hanse_status hanse_proof_make_consistency(struct hanse_hasher *hasher, uint64_t old_size, uint64_t size,
                                               hanse_proof_fetch *fetch, void *context,
                                               struct hanse_proof *out, struct hanse_error *err)
{
    if (old_size > size || size > INT64_MAX)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "no tree grows from %" PRIu64 " to %" PRIu64, old_size,
                          size);
    const struct source source = {hasher, fetch, context};
    struct hanse_proof proof = {.count = 0};
    uint64_t start = 0;
    uint64_t old_count = old_size;
    uint64_t count = size;
    enum hanse_status status = HANSE_OK;
    while (old_count > 0 && old_count != count && status == HANSE_OK) {
        uint64_t split = split_of(count);
        if (old_count <= split) {
            status = add_range(&source, start + split, count - split, &proof, err);
            count = split;
        } else {
            status = add_range(&source, start, split, &proof, err);
            start += split;
            old_count -= split;
            count -= split;
        }
    }
    /* The old tree's last subtree, unless that is the whole old tree, whose root the verifier has. */
    if (status == HANSE_OK && start > 0)
        status = add_range(&source, start, old_count, &proof, err);
    if (status != HANSE_OK)
        return status;
    reverse(&proof);
    *out = proof;
    return HANSE_OK;
}

enum hanse_status hanse_proof_make_root(struct hanse_hasher *hasher, uint64_t size, hanse_proof_fetch *fetch,
                                        void *context, struct hanse_digest *out, struct hanse_error *err)
{
    if (size > INT64_MAX)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "no tree has %" PRIu64 " leaves", size);
    const struct source source = {hasher, fetch, context};
    if (size > 0)
        return range_hash(&source, 0, size, out, err);
    *out = hanse_merkle_empty_root();
    return HANSE_OK;
}
