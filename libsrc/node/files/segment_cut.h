/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting a segment back to what a checkpoint covers, and clearing files that no manifest names. */
#ifndef HANSE_NODE_FILES_SEGMENT_CUT_H
#define HANSE_NODE_FILES_SEGMENT_CUT_H

#include "wire/manifest.h"

/* Makes `segment` of the feed in `dir` end with entry size - 1: where its file holds more, the part that
 * stays is copied under a new generation (durable before it returns) and *segment says so. Nothing to cut:
 * nothing changes. HANSE_TRUNCATED: the file is shorter than the manifest says; HANSE_MALFORMED, HANSE_IO,
 * HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_cut(const char *dir, struct hanse_segment *segment,
                                                     uint64_t size, struct hanse_error *err);
/* Removes segment files that are not among `segments`, if they begin at or beyond `size` (nothing signed
 * covers them), are temporary ones that a crash left, or are older than the 24 hours for which a replaced
 * file stays. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_remove_strays(const char *dir,
                                                               const struct hanse_segment *segments,
                                                               size_t count, uint64_t size,
                                                               struct hanse_error *err);
/* Removes all segment files that are not among `segments`, however young; durable when it returns. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_remove_replaced(const char *dir,
                                                                 const struct hanse_segment *segments,
                                                                 size_t count, struct hanse_error *err);

#endif
