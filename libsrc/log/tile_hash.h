/* SPDX-License-Identifier: Apache-2.0 */
/* The hash of any perfect subtree from the hash tiles of a log: what proofs are made of. */
#ifndef HANSE_LOG_TILE_HASH_H
#define HANSE_LOG_TILE_HASH_H

#include "log/proof.h"
#include "log/tile_builder.h"

/* Where the hashes come from; the context of hanse_tile_hash_fetch. Nothing that was read is judged here. */
struct hanse_tile_hashes {
    uint64_t size; /* of the tree whose tiles are read */
    struct hanse_hasher *hasher;
    hanse_tile_read *read;
    void *context;
    struct hanse_buffer tile; /* takes a tile; the caller initializes and releases it */
};

/* A hanse_proof_fetch. HANSE_INVALID_ARGUMENT: the tree has no such subtree; HANSE_MALFORMED: a tile has the
 * wrong number of hashes; what `read` fails with. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_hash_fetch(void *hashes, unsigned level, uint64_t index,
                                                         struct hanse_digest *out, struct hanse_error *err);

#endif
