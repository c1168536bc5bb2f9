/* SPDX-License-Identifier: Apache-2.0 */
/* Ending an unfollow that a crash cut off. While one is under way private/unfollowing/<hex H(origin)> stands
 * with the origin in it: from before anything is taken away until nothing of the feed is left. */
#ifndef HANSE_NODE_UNFOLLOW_H
#define HANSE_NODE_UNFOLLOW_H

#include "node/node_internal.h"

/* Takes the rest of such feeds away. Needs the lock. HANSE_IO, HANSE_DENIED, HANSE_LOCKED, HANSE_NO_MEMORY.
 */
HANSE_MUST_CHECK enum hanse_status hanse_unfollow_finish(struct hanse_node *node, struct hanse_error *err);

#endif
