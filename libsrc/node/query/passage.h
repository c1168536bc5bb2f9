/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a record's texts that shows best why it was found. */
#ifndef HANSE_NODE_QUERY_PASSAGE_H
#define HANSE_NODE_QUERY_PASSAGE_H

#include <hanse/search.h>

#include "index/search_query.h"

enum { HANSE_MAX_PASSAGE_MARKS = 32, HANSE_MAX_LANGUAGE_BYTES = 64 };

struct hanse_passage {
    struct hanse_buffer text; /* NUL-ended, on one line; empty: no text has a word of the query */
    char language[HANSE_MAX_LANGUAGE_BYTES];
    struct hanse_search_mark marks[HANSE_MAX_PASSAGE_MARKS];
    size_t mark_count;
};

void hanse_passage_init(struct hanse_passage *passage);
void hanse_passage_release(struct hanse_passage *passage);
/* In the place of what it held: of the text in which most words occur, the first stretch with most of them.
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_passage_find(struct hanse_passage *passage,
                                                      struct hanse_tokenizer *tokenizer,
                                                      const struct hanse_search_query *query,
                                                      const struct hanse_record *record,
                                                      struct hanse_error *err);

#endif
