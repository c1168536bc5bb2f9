/* SPDX-License-Identifier: Apache-2.0 */
/* Destroying what ERASE entries name: the payloads leave the segment files, their words those for searching
 * (docs/protocol.md, "Revisions and names"). A marker, private/erasing/<hex H(origin)>, stands from before
 * the index knows of an erasure until the files are without it, so that a crash in between only delays it. */
#ifndef HANSE_NODE_ERASURE_H
#define HANSE_NODE_ERASURE_H

#include "node/node_internal.h"

/* Durable when it returns. HANSE_IO, HANSE_DENIED, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_erasure_mark(struct hanse_node *node, const char *origin,
                                                      struct hanse_error *err);
/* If the feed is marked: writes the segments that hold erased payloads again without them, replaces the
 * manifest, removes the old files, empties the shards that have words of them, and removes the mark. Needs
 * the lock. Errors of hanse_segment_rewrite and hanse_search_forget, HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status hanse_erasure_apply(struct hanse_node *node, const char *origin,
                                                       struct hanse_error *err);

#endif
