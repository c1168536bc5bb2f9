/* SPDX-License-Identifier: Apache-2.0 */
/* The files behind log/tile_builder: a feed's tiles and bundles as its tree grows. Nothing is synced here:
 * the caller makes the file system durable once. */
#ifndef HANSE_NODE_FILES_TILE_WRITER_H
#define HANSE_NODE_FILES_TILE_WRITER_H

#include "base/file.h"
#include "log/tile_builder.h"

struct hanse_tile_writer {
    struct hanse_path dir;
    struct hanse_tile_builder *builder;
    struct hanse_buffer entry;
};

/* Reads the right edge of the tree of `size` in `dir`. Errors of hanse_tile_builder_new and of reading. Must
 * be released after a failure too. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_writer_init(struct hanse_tile_writer *writer, const char *dir,
                                                          uint64_t size, struct hanse_error *err);
void hanse_tile_writer_release(struct hanse_tile_writer *writer);
/* Adds an entry, whose leaf hash is computed here if it is NULL; what fills up is written at once. Its
 * partial tiles stay: the checkpoint that is out needs them until the next one is, and its readers for a
 * while longer. */
HANSE_MUST_CHECK enum hanse_status
hanse_tile_writer_add(struct hanse_tile_writer *writer, const uint8_t commitment[32],
                      struct hanse_bytes header, const uint8_t leaf_hash[32], struct hanse_error *err);
/* As far as it goes: removes the full tiles that were written since the tree of old_size. */
void hanse_tile_writer_abandon(struct hanse_tile_writer *writer, uint64_t old_size);
/* Removes what the tree of `size` in `dir`, whose checkpoint is out, does not have: full tiles at its right
 * edge that a crash left (readers that miss a partial tile ask for the full one), and partial tiles of full
 * ones once their readers had ten minutes. Only the folders at the right edge are looked at. HANSE_IO,
 * HANSE_DENIED, HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_writer_tidy(const char *dir, uint64_t size,
                                                          struct hanse_error *err);
/* Writes the partial tiles of the tree so far. */
HANSE_MUST_CHECK enum hanse_status hanse_tile_writer_finish(struct hanse_tile_writer *writer,
                                                            struct hanse_error *err);

#endif
