/* SPDX-License-Identifier: Apache-2.0 */
/* City, country and theme of a search, as tokens of the codes that records have. */
#ifndef HANSE_NODE_QUERY_SEARCH_FILTER_H
#define HANSE_NODE_QUERY_SEARCH_FILTER_H

#include <hanse/search.h>

#include "index/search_query.h"
#include "node/node_internal.h"

enum { HANSE_MAX_CITY_CODES = 64 };

struct hanse_search_filter {
    struct hanse_arena arena;
    const char *city[HANSE_MAX_CITY_CODES]; /* tokens; any of them will do */
    const char *country;
    const char *theme;
    struct hanse_search_codes codes[3]; /* those that were given */
    size_t codes_count;
};

/* HANSE_INVALID_ARGUMENT: no code, no country; HANSE_NOT_FOUND: no city of that id; errors of reading.
 * Released after failure too. */
HANSE_MUST_CHECK enum hanse_status hanse_search_filter_read(struct hanse_node *node,
                                                            const struct hanse_search *search,
                                                            struct hanse_search_filter *out,
                                                            struct hanse_error *err);
void hanse_search_filter_release(struct hanse_search_filter *filter);

#endif
