/* SPDX-License-Identifier: Apache-2.0 */
/* What of a record is words for people, and what is codes: judged by the names of fields that all kinds share
 * (proto/hanse/v1/common.proto), so that kinds to come need nothing here. */
#ifndef HANSE_NODE_QUERY_RECORD_WORDS_H
#define HANSE_NODE_QUERY_RECORD_WORDS_H

#include <stdbool.h>

#include <hanse/record.h>

/* Texts live until the visitor returns. */
struct hanse_record_text {
    const char *text;
    const char *language; /* BCP 47; "" where the field has none */
    bool is_title;        /* a title, name or acronym of the record itself */
};
typedef enum hanse_status hanse_record_text_visit(void *context, const struct hanse_record_text *text,
                                                  struct hanse_error *err);
/* "SDG-GOAL:11", "UNLOCODE:JPKKJ", "COUNTRY:JP", "hanse:<origin>/<uuid>": codes that the record has, and the
 * places, parties and records that it refers to. One may come more than once. */
typedef enum hanse_status hanse_record_code_visit(void *context, const char *code, struct hanse_error *err);

struct hanse_record_words {
    hanse_record_text_visit *text; /* NULL: none */
    hanse_record_code_visit *code; /* NULL: none */
    void *context;
};
/* In field order. HANSE_NO_MEMORY, or what a visitor returns. */
HANSE_MUST_CHECK enum hanse_status hanse_record_words_walk(const struct hanse_record *record,
                                                           const struct hanse_record_words *words,
                                                           struct hanse_error *err);

#endif
