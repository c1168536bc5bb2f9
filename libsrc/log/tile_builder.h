/* SPDX-License-Identifier: Apache-2.0 */
/* Grows the tiles and bundles of a log, bytes in and bytes out: the caller reads and writes the files. */
#ifndef HANSE_LOG_TILE_BUILDER_H
#define HANSE_LOG_TILE_BUILDER_H

#include "base/buffer.h"
#include "log/merkle.h"
#include "log/tile.h"

struct hanse_tile_builder;

/* Appends the content of a partial tile or bundle of the right edge to `out`. */
typedef enum hanse_status hanse_tile_read(void *context, const struct hanse_tile *tile,
                                          struct hanse_buffer *out, struct hanse_error *err);
/* Takes the content of a new tile or bundle; the bytes are the builder's. */
typedef enum hanse_status hanse_tile_write(void *context, const struct hanse_tile *tile,
                                           struct hanse_bytes content, struct hanse_error *err);

/* A builder at `size` leaves. Reads the partial tiles that a tree of this size has, level by level, and the
 * partial bundle; what it read is judged only by hanse_tile_builder_root, which the caller compares with the
 * signed root. HANSE_INVALID_ARGUMENT: a size of 2^63 or more; HANSE_MALFORMED: a tile or bundle has the
 * wrong number of hashes or entries; HANSE_NO_MEMORY, HANSE_CRYPTO; what `read` fails with. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_builder_new(uint64_t size, hanse_tile_read *read, void *context,
                                                          struct hanse_tile_builder **out,
                                                          struct hanse_error *err);
void hanse_tile_builder_free(struct hanse_tile_builder *builder);

/* Adds an entry; each tile and bundle that fills up goes to `write` at once. After a failure the builder must
 * be freed: some tiles are written, others not. HANSE_LIMIT: an entry over 65,535 bytes, or 2^63 leaves;
 * HANSE_NO_MEMORY; what `write` fails with. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_builder_append(struct hanse_tile_builder *builder,
                                                             struct hanse_bytes entry,
                                                             hanse_tile_write *write, void *context,
                                                             struct hanse_error *err);
/* The same with the entry's leaf hash, which the caller has computed already. A wrong one gives another root.
 */
HANSE_MUST_CHECK enum hanse_status hanse_tile_builder_append_hashed(struct hanse_tile_builder *builder,
                                                                    struct hanse_bytes entry,
                                                                    const struct hanse_digest *leaf,
                                                                    hanse_tile_write *write, void *context,
                                                                    struct hanse_error *err);
/* Writes the partial tiles and the bundle at the right edge, if entries were added to them since the builder
 * was made or last finished. Then more may be appended. What `write` fails with. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_builder_finish(struct hanse_tile_builder *builder,
                                                             hanse_tile_write *write, void *context,
                                                             struct hanse_error *err);

/* Size and root so far. */
uint64_t hanse_tile_builder_size(const struct hanse_tile_builder *builder);
void hanse_tile_builder_root(const struct hanse_tile_builder *builder, struct hanse_digest *out);
/* The builder's frontier: a view that the next append changes. */
const struct hanse_frontier *hanse_tile_builder_frontier(const struct hanse_tile_builder *builder);

#endif
