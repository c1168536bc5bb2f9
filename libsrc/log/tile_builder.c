/* SPDX-License-Identifier: Apache-2.0 */
/* The right edge of a log in memory: one unfinished tile a level, one unfinished bundle, and the frontier
 * that says which subtree hash goes where. */
#include "log/tile_builder.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "log/bundle.h"

enum {
    TILE_BITS = 8,
    TILE_BYTES = HANSE_TILE_WIDTH * HANSE_DIGEST_BYTES,
    MAX_BUNDLE_BYTES = HANSE_TILE_WIDTH * (2 + (int)HANSE_MAX_ENTRY_ACCEPT_BYTES)
};

struct hanse_tile_builder {
    struct hanse_hasher *hasher;
    struct hanse_frontier frontier;
    uint64_t finished_size; /* up to here the partial tiles are written */
    struct hanse_buffer tiles[HANSE_TILE_LEVELS];
    struct hanse_buffer bundle;
};

static struct hanse_tile edge_tile(bool is_bundle, unsigned level, uint64_t size)
{
    uint64_t hashes = size >> (TILE_BITS * level);
    return (struct hanse_tile){is_bundle, level, hashes / HANSE_TILE_WIDTH,
                               (unsigned)(hashes % HANSE_TILE_WIDTH)};
}

/* The root of 2^height hashes that stand one after the other at `at`. */
static void perfect_root(struct hanse_hasher *hasher, const uint8_t *at, unsigned height,
                         struct hanse_digest *out)
{
    struct hanse_digest hashes[HANSE_TILE_WIDTH / 2];
    memcpy(hashes, at, (size_t)HANSE_DIGEST_BYTES << height);
    for (size_t count = (size_t)1 << height; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            hanse_merkle_node(hasher, &hashes[2 * i], &hashes[2 * i + 1], &hashes[i]);
    *out = hashes[0];
}

/* The frontier hashes that a partial tile of a level holds: one for each bit of its width. */
static void read_frontier(struct hanse_tile_builder *builder, unsigned level, unsigned width)
{
    size_t at = 0;
    for (unsigned height = TILE_BITS; height-- > 0;) {
        if ((width >> height & 1) == 0)
            continue;
        perfect_root(builder->hasher, builder->tiles[level].data + at, height,
                     &builder->frontier.hashes[TILE_BITS * level + height]);
        at += (size_t)HANSE_DIGEST_BYTES << height;
    }
}

static enum hanse_status read_edge(struct hanse_tile_builder *builder, uint64_t size, hanse_tile_read *read,
                                   void *context, struct hanse_error *err)
{
    struct hanse_tile tile = edge_tile(true, 0, size);
    enum hanse_status status = HANSE_OK;
    if (tile.width > 0)
        status = read(context, &tile, &builder->bundle, err);
    if (status == HANSE_OK)
        status = hanse_bundle_check(hanse_buffer_view(&builder->bundle), tile.width, err);
    for (unsigned level = 0; level < HANSE_TILE_LEVELS && status == HANSE_OK; level++) {
        tile = edge_tile(false, level, size);
        if (tile.width == 0)
            continue;
        status = read(context, &tile, &builder->tiles[level], err);
        if (status == HANSE_OK && builder->tiles[level].size != (size_t)tile.width * HANSE_DIGEST_BYTES)
            status = hanse_fail(err, HANSE_MALFORMED, "tile of %u hashes has %zu bytes", tile.width,
                                builder->tiles[level].size);
        if (status == HANSE_OK)
            read_frontier(builder, level, tile.width);
    }
    builder->frontier.size = size;
    builder->finished_size = size;
    return status;
}

enum hanse_status hanse_tile_builder_new(uint64_t size, hanse_tile_read *read, void *context,
                                         struct hanse_tile_builder **out, struct hanse_error *err)
{
    if (size > INT64_MAX)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "tree has a size of 2^63 or more");
    struct hanse_tile_builder *builder = hanse_alloc_zeroed(1, sizeof *builder);
    if (builder == NULL)
        return hanse_fail_memory(err);
    hanse_buffer_init(&builder->bundle, MAX_BUNDLE_BYTES);
    for (unsigned level = 0; level < HANSE_TILE_LEVELS; level++)
        hanse_buffer_init(&builder->tiles[level], TILE_BYTES);
    enum hanse_status status = hanse_hasher_new(&builder->hasher, err);
    if (status == HANSE_OK)
        status = read_edge(builder, size, read, context, err);
    if (status == HANSE_OK)
        *out = builder;
    else
        hanse_tile_builder_free(builder);
    return status;
}

void hanse_tile_builder_free(struct hanse_tile_builder *builder)
{
    if (builder == NULL)
        return;
    for (unsigned level = 0; level < HANSE_TILE_LEVELS; level++)
        hanse_buffer_release(&builder->tiles[level]);
    hanse_buffer_release(&builder->bundle);
    hanse_hasher_free(builder->hasher);
    hanse_free(builder);
}

/* What `place` needs besides the hash. */
struct placing {
    struct hanse_tile_builder *builder;
    hanse_tile_write *write;
    void *context;
};

/* Each eighth level of the tree is a level of tiles. */
static enum hanse_status place(void *context, unsigned level, uint64_t index, const struct hanse_digest *hash,
                               struct hanse_error *err)
{
    const struct placing *placing = context;
    if (level % TILE_BITS != 0 || level / TILE_BITS >= HANSE_TILE_LEVELS)
        return HANSE_OK;
    struct hanse_buffer *content = &placing->builder->tiles[level / TILE_BITS];
    enum hanse_status status = hanse_buffer_append(content, hanse_digest_view(hash), err);
    if (status != HANSE_OK || content->size < TILE_BYTES)
        return status;
    const struct hanse_tile tile = {false, level / TILE_BITS, index / HANSE_TILE_WIDTH, HANSE_TILE_WIDTH};
    status = placing->write(placing->context, &tile, hanse_buffer_view(content), err);
    hanse_buffer_clear(content);
    return status;
}

enum hanse_status hanse_tile_builder_append_hashed(struct hanse_tile_builder *builder,
                                                   struct hanse_bytes entry, const struct hanse_digest *leaf,
                                                   hanse_tile_write *write, void *context,
                                                   struct hanse_error *err)
{
    struct hanse_tile tile = edge_tile(true, 0, builder->frontier.size);
    enum hanse_status status = hanse_bundle_append(&builder->bundle, entry, err);
    if (status == HANSE_OK && ++tile.width == HANSE_TILE_WIDTH) {
        status = write(context, &tile, hanse_buffer_view(&builder->bundle), err);
        hanse_buffer_clear(&builder->bundle);
    }
    if (status != HANSE_OK)
        return status;
    struct placing placing = {builder, write, context};
    return hanse_frontier_append_visited(&builder->frontier, builder->hasher, leaf, place, &placing, err);
}

enum hanse_status hanse_tile_builder_append(struct hanse_tile_builder *builder, struct hanse_bytes entry,
                                            hanse_tile_write *write, void *context, struct hanse_error *err)
{
    struct hanse_digest leaf;
    hanse_merkle_leaf(builder->hasher, entry, &leaf);
    return hanse_tile_builder_append_hashed(builder, entry, &leaf, write, context, err);
}

/* The content of a partial tile is that of the buffer that fills it. */
struct finishing {
    const struct hanse_tile_builder *builder;
    hanse_tile_write *write;
    void *context;
};

static enum hanse_status write_partial(void *context, const struct hanse_tile *tile, struct hanse_error *err)
{
    const struct finishing *finishing = context;
    if (tile->width == HANSE_TILE_WIDTH)
        return HANSE_OK;
    const struct hanse_buffer *content =
        tile->is_bundle ? &finishing->builder->bundle : &finishing->builder->tiles[tile->level];
    return finishing->write(finishing->context, tile, hanse_buffer_view(content), err);
}

enum hanse_status hanse_tile_builder_finish(struct hanse_tile_builder *builder, hanse_tile_write *write,
                                            void *context, struct hanse_error *err)
{
    struct finishing finishing = {builder, write, context};
    enum hanse_status status =
        hanse_tile_list_new(builder->finished_size, builder->frontier.size, write_partial, &finishing, err);
    if (status == HANSE_OK)
        builder->finished_size = builder->frontier.size;
    return status;
}

uint64_t hanse_tile_builder_size(const struct hanse_tile_builder *builder)
{
    return builder->frontier.size;
}

void hanse_tile_builder_root(const struct hanse_tile_builder *builder, struct hanse_digest *out)
{
    hanse_frontier_root(&builder->frontier, builder->hasher, out);
}

const struct hanse_frontier *hanse_tile_builder_frontier(const struct hanse_tile_builder *builder)
{
    return &builder->frontier;
}
