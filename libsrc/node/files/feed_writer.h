/* SPDX-License-Identifier: Apache-2.0 */
/* A feed's folder, grown: segments, tiles and manifest of an own feed or a mirror (docs/protocol.md,
 * "Publishing"). Nothing that the checkpoint covers is touched; what lies beyond it is cut off when the
 * writer opens. */
#ifndef HANSE_NODE_FILES_FEED_WRITER_H
#define HANSE_NODE_FILES_FEED_WRITER_H

#include "feed/frame_pair.h"
#include "node/files/feed_store.h"
#include "node/files/segment_list.h"
#include "node/files/tile_writer.h"

struct hanse_feed_writer {
    struct hanse_path dir;
    struct hanse_segment_list segments;
    size_t first_new; /* segments before it were sealed when the writer opened */
    struct hanse_file live;
    struct hanse_frame_pair *frames;
    struct hanse_tile_writer tiles;
    uint64_t size; /* that was verified when the writer opened */
    uint64_t next_index;
    bool finished; /* the manifest names what was added */
    bool in_step;  /* the live segment's last block is, frame by frame, the one that the source is in */
};

/* Opens the folder (made if needed) at the tree of `size`, which the store's checkpoint covers. `in_step`:
 * what comes may continue the source's block of which the last frames here are copies. HANSE_TRUNCATED,
 * HANSE_MALFORMED: the files do not hold what the manifest says; HANSE_IO, HANSE_DENIED, HANSE_NO_MEMORY,
 * HANSE_CRYPTO. Released after failure too. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_writer_open(struct hanse_feed_writer *writer, const char *dir,
                                                          uint64_t size, bool in_step,
                                                          struct hanse_error *err);
/* Goes on with files that hold more than the checkpoint covers: those of `manifest`, whose entries beyond
 * `size` the caller adds to the tiles itself. Errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_writer_resume(struct hanse_feed_writer *writer, const char *dir,
                                                            uint64_t size,
                                                            const struct hanse_manifest *manifest,
                                                            struct hanse_error *err);
void hanse_feed_writer_release(struct hanse_feed_writer *writer);
/* Takes back what was added, unless finish was reached: the files are those that the manifest names, with the
 * bytes that it says. What cannot be taken back is cut off by the next writer. Only release may follow. */
void hanse_feed_writer_abandon(struct hanse_feed_writer *writer);
/* Goes on in the last block of the live segment instead of starting a new one (for own entries). */
HANSE_MUST_CHECK enum hanse_status hanse_feed_writer_continue_block(struct hanse_feed_writer *writer,
                                                                    struct hanse_error *err);
/* A frame as it came and its entries: kept as it is where it fits, else its entries are framed anew. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_writer_add_frame(struct hanse_feed_writer *writer,
                                                               const struct hanse_verified_frame *frame,
                                                               struct hanse_error *err);
/* Entries framed here; commitments must be filled for all of them. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_writer_add_entries(struct hanse_feed_writer *writer,
                                                                 const struct hanse_frame_entry *entries,
                                                                 size_t count, struct hanse_error *err);
/* Segments that were sealed since the writer opened made dense, partial tiles and the manifest, everything
 * durable. The checkpoint may follow. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_writer_finish(struct hanse_feed_writer *writer,
                                                            struct hanse_error *err);

/* The folders below a feed's. HANSE_IO, HANSE_DENIED, HANSE_LIMIT. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_make_folders(const char *dir, struct hanse_error *err);
/* Cuts off what lies beyond the checkpoint in the folder, as opening a writer does; nothing if nothing does.
 * Only a crash leaves such entries: where the checkpoint is missing, or is of fewer than the `known_size`
 * entries that it covered before, somebody took it away, and what it covered must not go too. Errors of
 * open. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_trim(const char *dir, uint64_t known_size,
                                                   struct hanse_error *err);

#endif
