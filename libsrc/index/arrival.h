/* SPDX-License-Identifier: Apache-2.0 */
/* In which order things came into the index, whatever their feeds say of when they were published
 * (docs/index.md, "arrival"). Errors as in index.h. */
#ifndef HANSE_INDEX_ARRIVAL_H
#define HANSE_INDEX_ARRIVAL_H

#include "index/index.h"

enum { HANSE_INDEX_TOKEN_BYTES = 8 };
/* What tells this index from one that was made anew. */
HANSE_MUST_CHECK enum hanse_status
hanse_index_token(struct hanse_index *index, uint8_t out[HANSE_INDEX_TOKEN_BYTES], struct hanse_error *err);
/* The highest sequence that was ever given; 0: none. */
HANSE_MUST_CHECK enum hanse_status hanse_index_arrival_last(struct hanse_index *index, uint64_t *out,
                                                            struct hanse_error *err);

/* Entries [first, beyond) of a feed that came together; or a feed that was removed: `origin` is set then, and
 * lives until the next call. */
struct hanse_index_arrival {
    uint64_t sequence;
    int64_t feed_id;
    uint64_t first;
    uint64_t beyond;
    const char *origin;
};
/* The first with this sequence or a higher one. HANSE_NOT_FOUND. */
HANSE_MUST_CHECK enum hanse_status hanse_index_arrival_next(struct hanse_index *index, uint64_t sequence,
                                                            struct hanse_index_arrival *out,
                                                            struct hanse_error *err);

/* How many entries arrived with the sequences [first, beyond). */
HANSE_MUST_CHECK enum hanse_status hanse_index_arrival_entries(struct hanse_index *index, uint64_t first,
                                                               uint64_t beyond, uint64_t *out,
                                                               struct hanse_error *err);

/* An entry as it stands now. */
struct hanse_index_range_entry {
    struct hanse_index_record record; /* kind, revision and the rest are the entry's own */
    uint32_t operation;
    uint32_t verdict;
    bool has_record_id;
    bool current;
};
typedef enum hanse_status hanse_index_range_visit(void *context, const struct hanse_index_range_entry *entry,
                                                  struct hanse_error *err);
/* The entries [first, beyond) of a feed in log order. The visitor may read the index. */
HANSE_MUST_CHECK enum hanse_status hanse_index_entry_range(struct hanse_index *index, int64_t feed_id,
                                                           uint64_t first, uint64_t beyond,
                                                           hanse_index_range_visit *visit, void *context,
                                                           struct hanse_error *err);

#endif
