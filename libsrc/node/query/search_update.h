/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing the shards up to the index: what arrived since goes in, what is no longer current goes out. */
#ifndef HANSE_NODE_QUERY_SEARCH_UPDATE_H
#define HANSE_NODE_QUERY_SEARCH_UPDATE_H

#include "node/search_set.h"

/* One step: up to some 20,000 entries go into the shard that is next, and are durable when it returns. The
 * lock is held, the set was opened writable. *out_done: entries that were taken; *out_current: nothing is
 * left to do. Records that cannot be read are left out: that is for `verify` to name. Errors of search_set.h
 * and of the index. */
HANSE_MUST_CHECK enum hanse_status hanse_search_step(struct hanse_node *node, struct hanse_search_set *set,
                                                     uint64_t *out_done, bool *out_current,
                                                     struct hanse_error *err);
/* Entries that the shards have not taken yet. */
HANSE_MUST_CHECK enum hanse_status hanse_search_backlog(struct hanse_node *node,
                                                        const struct hanse_search_set *set, uint64_t *out,
                                                        struct hanse_error *err);

#endif
