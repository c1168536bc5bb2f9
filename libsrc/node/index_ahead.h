/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of one feed go into the index while more of them arrive, by a thread of its own. Nobody
 * believes them before hanse_index_ahead_finish: until then they are in an open transaction. Between begin
 * and finish or abandon nothing else may use the node's index. */
#ifndef HANSE_NODE_INDEX_AHEAD_H
#define HANSE_NODE_INDEX_AHEAD_H

#include "node/node_internal.h"

struct hanse_index_ahead;

/* HANSE_NO_MEMORY (threads too), and the errors of hanse_index_begin. */
HANSE_MUST_CHECK enum hanse_status hanse_index_ahead_begin(struct hanse_node *node, int64_t feed_id,
                                                           struct hanse_index_ahead **out,
                                                           struct hanse_error *err);
/* Copies what the index needs of a frame, and waits while too much is waiting. What goes wrong is told by
 * finish. */
void hanse_index_ahead_add(struct hanse_index_ahead *ahead, const struct hanse_verified_frame *frame);
/* Waits for the thread, moves the feed's row on to the state and commits. Frees in any case.
 * HANSE_UNSUPPORTED: an entry changes more than rows (ERASE, SUCCESSOR); HANSE_NO_MEMORY, and the errors of
 * the index. After a failure the index is unchanged and catches up from the files. */
HANSE_MUST_CHECK enum hanse_status hanse_index_ahead_finish(struct hanse_index_ahead *ahead,
                                                            const char *origin,
                                                            const struct hanse_feed_state *state,
                                                            const struct hanse_digest *root,
                                                            struct hanse_error *err);
/* Waits for the thread and leaves the index unchanged. NULL does nothing. */
void hanse_index_ahead_abandon(struct hanse_index_ahead *ahead);

#endif
