/* SPDX-License-Identifier: Apache-2.0 */
/* The shards of a node's full-text index, private/search/<n>.sqlite (docs/index.md). Errors of index/shard.h,
 * HANSE_IO, HANSE_DENIED, HANSE_NO_MEMORY. */
#ifndef HANSE_NODE_SEARCH_SET_H
#define HANSE_NODE_SEARCH_SET_H

#include "base/limits.h"
#include "index/shard.h"
#include "node/node_internal.h"
#include "wire/header.h"

struct hanse_search_set {
    struct hanse_path dir;
    bool read_only;          /* nothing is removed or made */
    uint64_t most_documents; /* of a shard before it is sealed */
    uint8_t token[HANSE_INDEX_TOKEN_BYTES];
    size_t count;
    uint64_t numbers[HANSE_MAX_SHARDS]; /* ascending */
    struct hanse_shard *shards[HANSE_MAX_SHARDS];
};

/* The lock of who writes or opens shards, held until hanse_file_close(lock). HANSE_LOCKED after ten seconds.
 */
HANSE_MUST_CHECK enum hanse_status hanse_search_set_lock(struct hanse_node *node, struct hanse_file *lock,
                                                         struct hanse_error *err);
/* Opens what is there; with `writable`, for which the lock is needed, removes what is damaged or of another
 * index. Closed after failure too. HANSE_LIMIT: more shards than the limit; HANSE_UNSUPPORTED: of a newer
 * version. */
HANSE_MUST_CHECK enum hanse_status hanse_search_set_open(struct hanse_node *node, bool writable,
                                                         struct hanse_search_set *out,
                                                         struct hanse_error *err);
void hanse_search_set_close(struct hanse_search_set *set);
#define HANSE_SCOPED_SEARCH_SET __attribute__((cleanup(hanse_search_set_close)))

/* Which shard takes what comes next: the first whose interval is not done, after closing gaps and making a
 * new one where the last is sealed. Needs the lock, and a set that was opened writable. */
HANSE_MUST_CHECK enum hanse_status hanse_search_set_next(struct hanse_search_set *set, size_t *out,
                                                         struct hanse_error *err);
/* Whether every shard has taken all arrivals up to the sequence `last`. */
bool hanse_search_set_is_current(const struct hanse_search_set *set, uint64_t last);
/* Closes a shard and removes its file. */
HANSE_MUST_CHECK enum hanse_status hanse_search_set_remove(struct hanse_search_set *set, size_t at,
                                                           struct hanse_error *err);
/* Empties shards of which most is dead, and joins small neighbours. Needs the lock. */
HANSE_MUST_CHECK enum hanse_status hanse_search_set_tidy(struct hanse_search_set *set,
                                                         struct hanse_error *err);

/* What was erased leaves the disk: each shard that has words of one of these entries is emptied. Takes the
 * lock. */
HANSE_MUST_CHECK enum hanse_status hanse_search_forget(struct hanse_node *node, int64_t feed_id,
                                                       const struct hanse_index_range *ranges, size_t count,
                                                       struct hanse_error *err);

#endif
