/* SPDX-License-Identifier: Apache-2.0 */
/* Which records a name means: a full name `hanse:<origin>/<uuid>`, the unique beginning of an id, or
 * `SCHEME:VALUE` of an identifier. */
#ifndef HANSE_NODE_RECORD_NAME_H
#define HANSE_NODE_RECORD_NAME_H

#include "node/node_internal.h"

enum { HANSE_MAX_NAME_MATCHES = 16 };

/* What a name matched, copied: the index's views die. */
struct hanse_name_matches {
    struct hanse_index_record items[HANSE_MAX_NAME_MATCHES];
    char origins[HANSE_MAX_NAME_MATCHES][HANSE_MAX_ORIGIN_BYTES + 1];
    size_t count;
    size_t total;       /* those for which there was no room included */
    const char *origin; /* only of this feed; NULL: all */
};

/* Published records of every feed; *matches starts as zeroes. One match, unless a code is that of records of
 * several feeds. HANSE_NOT_FOUND: none, the message names near ones; HANSE_INVALID_ARGUMENT: no name, or the
 * beginning of several ids; errors of the index. */
HANSE_MUST_CHECK enum hanse_status hanse_record_name_find(struct hanse_node *node, const char *name,
                                                          struct hanse_name_matches *matches,
                                                          struct hanse_error *err);
/* The one record of an own feed, published or staged (`staged_only`: staged). Errors as above;
 * HANSE_INVALID_ARGUMENT also if it is a record of another feed. */
HANSE_MUST_CHECK enum hanse_status
hanse_record_name_find_own(struct hanse_node *node, const struct hanse_index_feed *feed, const char *name,
                           bool staged_only, uint8_t out_record_id[16], struct hanse_error *err);

#endif
