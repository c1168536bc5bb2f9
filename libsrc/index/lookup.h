/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that people ask of the index, one at a time: what happened to a record, and what code was meant.
 * Errors as in index.h. */
#ifndef HANSE_INDEX_LOOKUP_H
#define HANSE_INDEX_LOOKUP_H

#include "index/index.h"

/* One PUT or WITHDRAW entry of a record, valid or not. */
struct hanse_index_revision {
    uint64_t revision;
    uint64_t entry_index;
    uint32_t operation;
    uint32_t verdict;
    uint32_t audience;
    uint64_t published_unix_s;
    uint32_t payload_state;
    bool current;
};
typedef enum hanse_status hanse_index_revision_visit(void *context,
                                                     const struct hanse_index_revision *revision,
                                                     struct hanse_error *err);
/* In log order. Walks over the feed's entries: there is no index by record, which a first sync would pay
 * for. */
HANSE_MUST_CHECK enum hanse_status hanse_index_record_entries(struct hanse_index *index, int64_t feed_id,
                                                              const uint8_t record_id[16],
                                                              hanse_index_revision_visit *visit,
                                                              void *context, struct hanse_error *err);

typedef enum hanse_status hanse_index_code_visit(void *context, const char *scheme, const char *value,
                                                 struct hanse_error *err);
/* A few identifiers with the same value, or of nearly the same scheme and a value that begins alike. */
HANSE_MUST_CHECK enum hanse_status hanse_index_identifier_near(struct hanse_index *index, const char *scheme,
                                                               const char *value,
                                                               hanse_index_code_visit *visit, void *context,
                                                               struct hanse_error *err);

#endif
