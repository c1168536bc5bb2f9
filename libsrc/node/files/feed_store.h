/* SPDX-License-Identifier: Apache-2.0 */
/* A feed's folder, read: own feed, mirror, backup and copy on a stick have one format. */
#ifndef HANSE_NODE_FILES_FEED_STORE_H
#define HANSE_NODE_FILES_FEED_STORE_H

#include "base/file.h"
#include "feed/verifier.h"
#include "log/checkpoint.h"
#include "log/tile.h"
#include "wire/manifest.h"

struct hanse_feed_store {
    struct hanse_path dir;
    struct hanse_buffer checkpoint; /* the signed note; empty if there is none */
    uint64_t size;                  /* that it states; nothing is verified here */
    struct hanse_digest root;
    struct hanse_arena arena;
    struct hanse_manifest manifest;
};

/* Reads checkpoint and manifest; a folder without them is an empty feed. HANSE_BAD_SIGNATURE: the checkpoint
 * cannot be read; HANSE_MALFORMED, HANSE_UNSUPPORTED, HANSE_LIMIT: the manifest cannot; HANSE_IO,
 * HANSE_NO_MEMORY. Must be released after a failure too. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_store_open(struct hanse_feed_store *store, const char *dir,
                                                         struct hanse_error *err);
void hanse_feed_store_release(struct hanse_feed_store *store);
#define HANSE_SCOPED_STORE __attribute__((cleanup(hanse_feed_store_release)))

/* Path of a file below the folder. HANSE_LIMIT. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_store_path(const struct hanse_feed_store *store,
                                                         const char *name, struct hanse_path *out,
                                                         struct hanse_error *err);
/* A hanse_tile_read whose context is the store, of which only `dir` is used. HANSE_NOT_FOUND, HANSE_LIMIT:
 * more than a full hash tile; HANSE_IO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_store_read_tile(void *store, const struct hanse_tile *tile,
                                                              struct hanse_buffer *out,
                                                              struct hanse_error *err);
/* Position in the manifest of the segment that holds an entry; segment_count if none does. */
size_t hanse_manifest_find(const struct hanse_manifest *manifest, uint64_t index);
/* The last block of the segment that starts at or before the entry. */
const struct hanse_block *hanse_segment_find_block(const struct hanse_segment *segment, uint64_t index);

/* Gives the verifier every stored frame from the block that holds `from` on, until it has its size or the
 * files end. Errors of hanse_verifier_feed, with the name of the segment and the byte in it, and those of
 * reading. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_store_replay(const struct hanse_feed_store *store,
                                                           uint64_t from, struct hanse_verifier *verifier,
                                                           struct hanse_error *err);

/* Reads single entries, keeping the last block at hand: reading in log order decodes each block once. */
struct hanse_entry_reader;
/* The store is borrowed. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_entry_reader_new(const struct hanse_feed_store *store,
                                                          struct hanse_entry_reader **out,
                                                          struct hanse_error *err);
void hanse_entry_reader_free(struct hanse_entry_reader *reader);
/* The entry at an index, checked against the leaf in its hash tile; views live until the next call.
 * HANSE_NOT_FOUND: no segment holds it; HANSE_MISMATCH: it does not hash to its leaf; HANSE_MALFORMED,
 * HANSE_IO, HANSE_TRUNCATED, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_entry_reader_get(struct hanse_entry_reader *reader, uint64_t index,
                                                          const struct hanse_frame_entry **out,
                                                          struct hanse_digest *out_leaf,
                                                          struct hanse_error *err);

#endif
