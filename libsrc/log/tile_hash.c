/* SPDX-License-Identifier: Apache-2.0 */
#include "log/tile_hash.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

enum { TILE_BITS = 8 };

/* The root of 2^height hashes that stand one after the other at `at`; height is below 8. */
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

enum hanse_status hanse_tile_hash_fetch(void *context, unsigned level, uint64_t index,
                                        struct hanse_digest *out, struct hanse_error *err)
{
    struct hanse_tile_hashes *hashes = context;
    unsigned height = level % TILE_BITS;
    if (level >= 63 || index > UINT64_MAX >> level || ((index + 1) << level) > hashes->size)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "tree of %" PRIu64 " has no subtree %" PRIu64 " of level %u", hashes->size, index,
                          level);
    uint64_t first = index << height;
    struct hanse_tile tile = {.level = level / TILE_BITS, .index = first / HANSE_TILE_WIDTH};
    tile.width = hanse_tile_width(tile.level, tile.index, hashes->size);
    hanse_buffer_clear(&hashes->tile);
    enum hanse_status status = hashes->read(hashes->context, &tile, &hashes->tile, err);
    if (status != HANSE_OK)
        return status;
    if (hashes->tile.size != (size_t)tile.width * HANSE_DIGEST_BYTES)
        return hanse_fail(err, HANSE_MALFORMED, "tile of %u hashes has %zu bytes", tile.width,
                          hashes->tile.size);
    perfect_root(hashes->hasher, hashes->tile.data + first % HANSE_TILE_WIDTH * HANSE_DIGEST_BYTES, height,
                 out);
    return HANSE_OK;
}
