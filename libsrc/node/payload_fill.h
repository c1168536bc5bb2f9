/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads that came late, and putting them into a feed's files and the index. */
#ifndef HANSE_NODE_PAYLOAD_FILL_H
#define HANSE_NODE_PAYLOAD_FILL_H

#include "node/node_internal.h"

struct hanse_late_payload {
    uint64_t index;
    struct hanse_bytes payload;
};

/* Rewrites the segments that hold the entries, replaces the manifest, then tells the index: in that order, so
 * that a crash leaves payloads that the index still calls missing, never the reverse. Each payload must hash
 * to its entry's commitment (HANSE_MISMATCH otherwise, nothing is changed then). `late` ascends by index.
 * *out_live_changed: the last segment is another file now. HANSE_IO, HANSE_NO_MEMORY and the errors of
 * hanse_segment_rewrite. */
HANSE_MUST_CHECK enum hanse_status hanse_payload_fill(struct hanse_node *node,
                                                      const struct hanse_feed_row *row,
                                                      const struct hanse_late_payload *late, size_t count,
                                                      bool *out_live_changed, struct hanse_error *err);

#endif
