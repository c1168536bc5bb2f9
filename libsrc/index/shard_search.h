/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for words in a shard. Errors as in shard.h. */
#ifndef HANSE_INDEX_SHARD_SEARCH_H
#define HANSE_INDEX_SHARD_SEARCH_H

#include "index/shard.h"

struct hanse_shard_search {
    const char *expression; /* of search_query.h; NULL: every document */
    const char *excluded; /* those that match this are left out; NULL: none. Only where expression is NULL */
    uint32_t kind;        /* 0: all */
    int64_t feed_id;      /* 0: all */
    uint64_t since_unix_s;
    uint64_t before_unix_s; /* UINT64_MAX: no end */
};
struct hanse_shard_hit {
    int64_t feed_id;
    uint64_t entry_index;
    uint8_t record_id[16];
    uint64_t published_unix_s;
    uint32_t score; /* 0 to 1000; 0 where nobody asked for an order */
};
typedef enum hanse_status hanse_shard_visit(void *context, const struct hanse_shard_hit *hit,
                                            struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_shard_count(struct hanse_shard *shard,
                                                     const struct hanse_shard_search *search, uint64_t *out,
                                                     struct hanse_error *err);
/* The best `max` if they are to be ranked, which needs an expression; else those that came last. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_find(struct hanse_shard *shard,
                                                    const struct hanse_shard_search *search, bool ranked,
                                                    size_t max, hanse_shard_visit *visit, void *context,
                                                    struct hanse_error *err);

typedef enum hanse_status hanse_shard_word_visit(void *context, const char *word, uint64_t documents,
                                                 struct hanse_error *err);
/* Words that begin with `beginning`, in the order of their bytes, at most `max`, and in how many documents
 * each is, current or not. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_words(struct hanse_shard *shard, const char *beginning,
                                                     size_t max, hanse_shard_word_visit *visit, void *context,
                                                     struct hanse_error *err);

#endif
