/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a manifest and the segments it lists agree (docs/protocol.md, "Segment files and manifest"). */
#ifndef HANSE_NODE_FILES_VERIFY_MANIFEST_H
#define HANSE_NODE_FILES_VERIFY_MANIFEST_H

#include "node/files/feed_store.h"

/* Walks the frames of each segment without inflating them. That it ends where the checkpoint does is not
 * asked: either may be older. HANSE_MISMATCH, HANSE_TRUNCATED, HANSE_MALFORMED: they do not agree;
 * HANSE_NOT_FOUND: a segment is not there; HANSE_IO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_manifest_verify(const struct hanse_feed_store *store,
                                                         struct hanse_error *err);

#endif
