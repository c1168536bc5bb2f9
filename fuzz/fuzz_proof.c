/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of the tree. Input: u64 a, u64 b, leaf hash, root, hashes. First they are judged as they are; then a
 * tree of a few hundred leaves gives true proofs for (a, b), which must hold, and break with any bit of them.
 */
#include "fuzz.h"

#include "log/merkle.h"
#include "log/proof.h"

enum { LEAVES = 300, LEVELS = 10 };

struct tree {
    struct hanse_hasher *hasher;
    struct hanse_digest hashes[LEVELS][LEAVES];
    struct hanse_digest roots[LEAVES + 1];
};

/* Made once: it is the same for all inputs. */
static const struct tree *known_tree(void)
{
    static struct tree tree;
    if (tree.hasher != NULL)
        return &tree;
    struct hanse_frontier frontier = {.size = 0};
    fuzz_must(hanse_hasher_new(&tree.hasher, NULL));
    for (size_t i = 0; i < LEAVES; i++) {
        const uint8_t leaf[2] = {(uint8_t)(i >> 8), (uint8_t)i};
        hanse_frontier_root(&frontier, tree.hasher, &tree.roots[i]);
        hanse_merkle_leaf(tree.hasher, hanse_bytes_of(leaf, sizeof leaf), &tree.hashes[0][i]);
        fuzz_must(hanse_frontier_append(&frontier, tree.hasher, &tree.hashes[0][i], NULL));
    }
    hanse_frontier_root(&frontier, tree.hasher, &tree.roots[LEAVES]);
    for (size_t level = 1; level < LEVELS; level++)
        for (size_t i = 0; (i + 1) << level <= LEAVES; i++)
            hanse_merkle_node(tree.hasher, &tree.hashes[level - 1][2 * i], &tree.hashes[level - 1][2 * i + 1],
                              &tree.hashes[level][i]);
    return &tree;
}

static enum hanse_status fetch(void *context, unsigned level, uint64_t index, struct hanse_digest *out,
                               struct hanse_error *err)
{
    const struct tree *tree = context;
    (void)err;
    FUZZ_CHECK(level < LEVELS && (index + 1) << level <= LEAVES);
    *out = tree->hashes[level][index];
    return HANSE_OK;
}

static struct hanse_digest take_digest(struct hanse_reader *reader)
{
    struct hanse_digest digest = {{0}};
    (void)hanse_digest_from_bytes(hanse_reader_take(reader, HANSE_DIGEST_BYTES), &digest);
    return digest;
}

static void check_given(const struct tree *tree, struct hanse_reader reader, uint64_t a, uint64_t b)
{
    struct hanse_error err;
    struct hanse_proof proof = {.count = 0};
    struct hanse_digest leaf = take_digest(&reader);
    struct hanse_digest root = take_digest(&reader);
    while (hanse_reader_left(&reader) >= HANSE_DIGEST_BYTES && proof.count < HANSE_MAX_PROOF_HASHES)
        proof.hashes[proof.count++] = take_digest(&reader);
    enum hanse_status status = hanse_proof_verify_inclusion(tree->hasher, a, b, &leaf, &proof, &root, &err);
    if (status != HANSE_OK)
        fuzz_check_failure(status, &err, 0);
    else
        FUZZ_CHECK(a < b);
    status = hanse_proof_verify_consistency(tree->hasher, a, &leaf, b, &root, &proof, &err);
    if (status != HANSE_OK)
        fuzz_check_failure(status, &err, 0);
    else
        FUZZ_CHECK(a <= b);
}

static void check_inclusion(const struct tree *tree, uint64_t index, uint64_t size, uint64_t choice)
{
    struct hanse_error err;
    struct hanse_proof proof;
    struct hanse_digest leaf = tree->hashes[0][index];
    struct hanse_digest root = tree->roots[size];
    fuzz_must(
        hanse_proof_make_inclusion(tree->hasher, index, size, fetch, (void *)(uintptr_t)tree, &proof, &err));
    fuzz_must(hanse_proof_verify_inclusion(tree->hasher, index, size, &leaf, &proof, &root, &err));
    struct hanse_proof other = proof;
    uint8_t *parts[3] = {leaf.bytes, root.bytes, proof.count > 0 ? other.hashes[0].bytes : leaf.bytes};
    size_t part = choice % 3;
    fuzz_flip(parts[part],
              part == 2 && proof.count > 0 ? proof.count * HANSE_DIGEST_BYTES : HANSE_DIGEST_BYTES,
              choice >> 8);
    FUZZ_CHECK(hanse_proof_verify_inclusion(tree->hasher, index, size, &leaf, &other, &root, &err) ==
               HANSE_MISMATCH);
}

static void check_consistency(const struct tree *tree, uint64_t old_size, uint64_t size, uint64_t choice)
{
    struct hanse_error err;
    struct hanse_proof proof;
    struct hanse_digest old_root = tree->roots[old_size];
    struct hanse_digest root = tree->roots[size];
    fuzz_must(hanse_proof_make_consistency(tree->hasher, old_size, size, fetch, (void *)(uintptr_t)tree,
                                           &proof, &err));
    fuzz_must(hanse_proof_verify_consistency(tree->hasher, old_size, &old_root, size, &root, &proof, &err));
    if (old_size == 0)
        return;
    fuzz_flip(choice % 2 == 0 ? old_root.bytes : root.bytes, HANSE_DIGEST_BYTES, choice >> 8);
    FUZZ_CHECK(hanse_proof_verify_consistency(tree->hasher, old_size, &old_root, size, &root, &proof, &err) ==
               HANSE_MISMATCH);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tree *tree = known_tree();
    struct hanse_bytes input = hanse_bytes_of(data, size);
    struct hanse_reader reader = hanse_reader_of(input);
    uint64_t a = hanse_reader_u64_be(&reader);
    uint64_t b = hanse_reader_u64_be(&reader);
    if (reader.failed)
        return 0;
    check_given(tree, reader, a, b);
    uint64_t choice = fuzz_choice(input);
    uint64_t tree_size = b % LEAVES + 1;
    check_inclusion(tree, a % tree_size, tree_size, choice);
    check_consistency(tree, a % (tree_size + 1), tree_size, choice);
    return 0;
}
