/* SPDX-License-Identifier: Apache-2.0 */
/* Why nothing was found: a word that no record has, and one that may have been meant. */
#ifndef HANSE_NODE_QUERY_SEARCH_NEAR_H
#define HANSE_NODE_QUERY_SEARCH_NEAR_H

#include "index/search_query.h"
#include "node/search_set.h"

enum { HANSE_SEARCH_WORD_BYTES = 64 };

/* The first wanted word that occurs nowhere, as far as it fits, and the nearest word of one or two letters
 * difference with the same first letter, or "word*" if words go on behind it; "" where there is none. Errors
 * of search_set.h. */
HANSE_MUST_CHECK enum hanse_status hanse_search_find_absent(struct hanse_search_set *set,
                                                            const struct hanse_search_query *query,
                                                            char out_absent[HANSE_SEARCH_WORD_BYTES],
                                                            char out_near[HANSE_SEARCH_WORD_BYTES],
                                                            struct hanse_error *err);

#endif
