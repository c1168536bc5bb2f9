/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds that go on under another origin (docs/protocol.md, "Successor"): which records of the old one are
 * superseded. */
#ifndef HANSE_NODE_SUCCESSION_H
#define HANSE_NODE_SUCCESSION_H

#include "node/node_internal.h"

/* What was found out about the old feed that was asked about last. */
struct hanse_succession {
    int64_t old_feed_id; /* 0: none yet */
    int64_t new_feed_id; /* 0: not linked to a feed that is held here */
};

/* Whether the feed that `record` is in has ended, is linked by both sides' statements to one that is held
 * here, and that one has the record too. Errors of reading; HANSE_OK with false for what is not linked. */
HANSE_MUST_CHECK enum hanse_status hanse_succession_check(struct hanse_node *node,
                                                          struct hanse_succession *known,
                                                          const struct hanse_index_record *record, bool *out,
                                                          struct hanse_error *err);

#endif
