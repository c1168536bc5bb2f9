/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a segment again under a new generation: to make a sealed one dense, to put missing payloads in. */
#ifndef HANSE_NODE_FILES_SEGMENT_REWRITE_H
#define HANSE_NODE_FILES_SEGMENT_REWRITE_H

#include <stdbool.h>

#include "feed/frame.h"
#include "wire/manifest.h"

/* Called for each entry in order; may give it a payload or take it away. What it points to must live until it
 * returns. */
typedef enum hanse_status hanse_entry_edit(void *context, uint64_t index, struct hanse_frame_entry *entry,
                                           struct hanse_error *err);

/* Copies the entries of `segment` of the feed in `dir` into a new file of full blocks; it is durable when it
 * returns, the old file stays. *segment (its blocks from hanse_alloc) describes the new file then; unchanged
 * on failure. `edit` NULL: as they are. Errors of hanse_frame_decode, HANSE_IO, HANSE_NO_MEMORY,
 * HANSE_CRYPTO, and those of edit. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_rewrite(const char *dir, struct hanse_segment *segment,
                                                         hanse_entry_edit *edit, void *context,
                                                         struct hanse_error *err);
/* The same with the entries below `size` only, for a cut within a frame; what is left is not sealed. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_rewrite_part(const char *dir, struct hanse_segment *segment,
                                                              uint64_t size, struct hanse_error *err);
/* Whether the file has many more frames than blocks, so that writing it again pays. HANSE_IO,
 * HANSE_MALFORMED. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_is_sparse(const char *dir,
                                                           const struct hanse_segment *segment, bool *out,
                                                           struct hanse_error *err);

#endif
