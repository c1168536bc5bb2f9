/* SPDX-License-Identifier: Apache-2.0 */
/* Leaf and node hashes and the frontier of a growing tree (RFC 6962 section 2.1). */
#include "log/merkle.h"

#include "base/bytes.h"
#include "base/error.h"

enum { LEAF_PREFIX = 0x00, NODE_PREFIX = 0x01, SIZE_BYTES = 8 };

void hanse_merkle_leaf(struct hanse_hasher *hasher, struct hanse_bytes entry, struct hanse_digest *out)
{
    hanse_hasher_digest_prefixed(hasher, LEAF_PREFIX, entry, hanse_bytes_of(NULL, 0), out);
}

void hanse_merkle_node(struct hanse_hasher *hasher, const struct hanse_digest *left,
                       const struct hanse_digest *right, struct hanse_digest *out)
{
    hanse_hasher_digest_prefixed(hasher, NODE_PREFIX, hanse_digest_view(left), hanse_digest_view(right), out);
}

struct hanse_digest hanse_merkle_empty_root(void)
{
    return (struct hanse_digest){{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                                  0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                                  0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};
}

static enum hanse_status visit_nothing(void *context, unsigned level, uint64_t index,
                                       const struct hanse_digest *hash, struct hanse_error *err)
{
    (void)context;
    (void)level;
    (void)index;
    (void)hash;
    (void)err;
    return HANSE_OK;
}

enum hanse_status hanse_frontier_append(struct hanse_frontier *frontier, struct hanse_hasher *hasher,
                                        const struct hanse_digest *leaf, struct hanse_error *err)
{
    return hanse_frontier_append_visited(frontier, hasher, leaf, visit_nothing, NULL, err);
}

enum hanse_status hanse_frontier_append_visited(struct hanse_frontier *frontier, struct hanse_hasher *hasher,
                                                const struct hanse_digest *leaf, hanse_merkle_visit *visit,
                                                void *context, struct hanse_error *err)
{
    if (frontier->size >= INT64_MAX)
        return hanse_fail(err, HANSE_LIMIT, "tree has 2^63 - 1 leaves already");
    struct hanse_digest hash = *leaf;
    unsigned level = 0;
    enum hanse_status status = visit(context, level, frontier->size, &hash, err);
    while (status == HANSE_OK && (frontier->size >> level & 1) != 0) {
        hanse_merkle_node(hasher, &frontier->hashes[level], &hash, &hash);
        level++;
        status = visit(context, level, frontier->size >> level, &hash, err);
    }
    if (status != HANSE_OK)
        return status;
    frontier->hashes[level] = hash;
    frontier->size++;
    return HANSE_OK;
}

void hanse_frontier_root(const struct hanse_frontier *frontier, struct hanse_hasher *hasher,
                         struct hanse_digest *out)
{
    if (frontier->size == 0) {
        *out = hanse_merkle_empty_root();
        return;
    }
    unsigned level = (unsigned)__builtin_ctzll(frontier->size);
    struct hanse_digest root = frontier->hashes[level];
    while (++level < HANSE_FRONTIER_LEVELS)
        if ((frontier->size >> level & 1) != 0)
            hanse_merkle_node(hasher, &frontier->hashes[level], &root, &root);
    *out = root;
}

enum hanse_status hanse_frontier_encode(const struct hanse_frontier *frontier, struct hanse_buffer *out,
                                        struct hanse_error *err)
{
    size_t before = out->size;
    enum hanse_status status = hanse_buffer_append_be(out, frontier->size, SIZE_BYTES, err);
    for (unsigned level = HANSE_FRONTIER_LEVELS; level-- > 0 && status == HANSE_OK;)
        if ((frontier->size >> level & 1) != 0)
            status = hanse_buffer_append(out, hanse_digest_view(&frontier->hashes[level]), err);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

enum hanse_status hanse_frontier_decode(struct hanse_bytes bytes, struct hanse_frontier *out,
                                        struct hanse_error *err)
{
    struct hanse_reader reader = hanse_reader_of(bytes);
    struct hanse_frontier frontier = {.size = hanse_reader_u64_be(&reader)};
    if (frontier.size > INT64_MAX)
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "frontier has a size of 2^63 or more");
    for (unsigned level = HANSE_FRONTIER_LEVELS; level-- > 0;)
        if ((frontier.size >> level & 1) != 0)
            (void)hanse_digest_from_bytes(hanse_reader_take(&reader, HANSE_DIGEST_BYTES),
                                          &frontier.hashes[level]);
    if (!hanse_reader_done(&reader))
        return hanse_fail_at(err, HANSE_MALFORMED, reader.position,
                             "frontier has not the number of hashes that its size needs");
    *out = frontier;
    return HANSE_OK;
}
