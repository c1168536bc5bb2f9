/* SPDX-License-Identifier: Apache-2.0 */
/* What people type to find something, and what the full-text index is asked for it. */
#ifndef HANSE_INDEX_SEARCH_QUERY_H
#define HANSE_INDEX_SEARCH_QUERY_H

#include "base/arena.h"
#include "base/limits.h"
#include "index/tokenizer.h"

/* A word or a phrase: tokens that follow each other. */
struct hanse_search_term {
    size_t first; /* token */
    size_t count; /* at least 1 */
    bool prefix;  /* the last token may go on */
    bool excluded;
};

struct hanse_search_query {
    struct hanse_arena arena;
    struct hanse_bytes tokens[HANSE_MAX_SEARCH_TOKENS]; /* as the tokenizer gives them */
    size_t token_count;
    struct hanse_search_term terms[HANSE_MAX_SEARCH_TERMS];
    size_t term_count;
    size_t wanted_count; /* terms that are not excluded */
};

/* Reads `text`: words apart by spaces must all occur; "a phrase" in quotes (straight, curved, full-width);
 * -word and -"a phrase" must not occur; word* is the beginning of one. Any bytes are a query; what has no
 * letter and no digit in it asks for nothing. HANSE_LIMIT: more bytes, terms or tokens than the limits;
 * HANSE_NO_MEMORY. Released after failure too. */
HANSE_MUST_CHECK enum hanse_status hanse_search_query_parse(struct hanse_tokenizer *tokenizer,
                                                            struct hanse_bytes text,
                                                            struct hanse_search_query *out,
                                                            struct hanse_error *err);
void hanse_search_query_release(struct hanse_search_query *query);

/* Codes of which a row must have one. */
struct hanse_search_codes {
    const char *const *items; /* tokens as hanse_search_code_append makes them */
    size_t count;             /* at least 1 */
};
/* Appends to `out` the expression that the full-text index understands, without a NUL: the terms that are
 * wanted, one code of each of the `codes`, none of the excluded terms. Nothing is appended where nothing is
 * wanted and no code is given. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_search_query_write(const struct hanse_search_query *query,
                                                            const struct hanse_search_codes *codes,
                                                            size_t codes_count, struct hanse_buffer *out,
                                                            struct hanse_error *err);
/* The same for one term, wanted or not, in words and not in codes. */
HANSE_MUST_CHECK enum hanse_status hanse_search_query_write_term(const struct hanse_search_query *query,
                                                                 const struct hanse_search_term *term,
                                                                 struct hanse_buffer *out,
                                                                 struct hanse_error *err);
/* The same for the excluded terms alone: any of them. */
HANSE_MUST_CHECK enum hanse_status hanse_search_query_write_excluded(const struct hanse_search_query *query,
                                                                     struct hanse_buffer *out,
                                                                     struct hanse_error *err);

/* Appends a code such as "SDG-GOAL:11" as one token that no text contains: small letters and digits stay,
 * every other byte goes to the private use characters. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_search_code_append(struct hanse_bytes code, struct hanse_buffer *out,
                                                            struct hanse_error *err);

#endif
