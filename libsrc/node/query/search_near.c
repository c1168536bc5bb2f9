/* SPDX-License-Identifier: Apache-2.0 */
#include "node/query/search_near.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "index/search_text.h"
#include "index/shard_search.h"

enum { MAX_WORDS = 20000, BEGINNING_BYTES = 8, SHORT_BYTES = 5 };

struct near_word {
    struct hanse_bytes wanted;
    char *out;
    size_t least; /* mistakes of the nearest so far */
    uint64_t documents;
};

/* A word that goes on where the wanted one ends is asked for by its beginning. */
static bool begins_with(struct hanse_bytes word, struct hanse_bytes beginning)
{
    return word.size > beginning.size && memcmp(word.data, beginning.data, beginning.size) == 0;
}

static enum hanse_status try_word(void *context, const char *word, uint64_t documents,
                                  struct hanse_error *err)
{
    struct near_word *near = context;
    struct hanse_bytes held = hanse_bytes_of_text(word);
    (void)err;
    if (held.size >= HANSE_SEARCH_WORD_BYTES)
        return HANSE_OK;
    bool goes_on = begins_with(held, near->wanted);
    size_t mistakes = goes_on ? 0 : hanse_text_distance(near->wanted, held);
    if (mistakes > near->least || (mistakes == near->least && documents <= near->documents))
        return HANSE_OK;
    near->least = mistakes;
    near->documents = documents;
    (void)snprintf(near->out, HANSE_SEARCH_WORD_BYTES, "%.*s%s",
                   (int)(goes_on ? near->wanted.size : held.size), word, goes_on ? "*" : "");
    return HANSE_OK;
}

/* Words in pairs of characters have no letters to mistype. */
static enum hanse_status find_near(struct hanse_search_set *set, struct hanse_bytes wanted,
                                   char out[HANSE_SEARCH_WORD_BYTES], struct hanse_error *err)
{
    size_t size;
    char beginning[BEGINNING_BYTES];
    struct near_word near = {.wanted = wanted, .out = out, .least = wanted.size < SHORT_BYTES ? 1 : 2};
    enum hanse_status status = HANSE_OK;
    if (wanted.size < 3 || hanse_search_text_character(wanted, 0, &size) >= 0xe00)
        return HANSE_OK;
    (void)snprintf(beginning, sizeof beginning, "%.*s", (int)size, (const char *)wanted.data);
    for (size_t i = 0; i < set->count && status == HANSE_OK; i++)
        status = hanse_shard_words(set->shards[i], beginning, MAX_WORDS, try_word, &near, err);
    return status;
}

static enum hanse_status note_one(void *context, const struct hanse_shard_hit *hit, struct hanse_error *err)
{
    (void)hit;
    (void)err;
    *(bool *)context = true;
    return HANSE_OK;
}

static enum hanse_status occurs(struct hanse_search_set *set, const char *expression, bool *out,
                                struct hanse_error *err)
{
    const struct hanse_shard_search search = {.expression = expression, .before_unix_s = UINT64_MAX};
    enum hanse_status status = HANSE_OK;
    *out = false;
    for (size_t i = 0; i < set->count && status == HANSE_OK && !*out; i++)
        status = hanse_shard_find(set->shards[i], &search, false, 1, note_one, out, err);
    return status;
}

/* The tokens of a term as they were typed, but for case: pairs of characters share one. */
static void join_tokens(const struct hanse_search_query *query, const struct hanse_search_term *term,
                        char out[HANSE_SEARCH_WORD_BYTES])
{
    size_t used = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < term->count; i++) {
        struct hanse_bytes token = query->tokens[term->first + i];
        size_t size;
        bool pairs = i > 0 && last >= 0xe00 && hanse_search_text_character(token, 0, &size) == last;
        struct hanse_bytes rest = hanse_bytes_slice(token, pairs ? size : 0, token.size);
        if (used + rest.size + 2 > HANSE_SEARCH_WORD_BYTES)
            return;
        used += (size_t)snprintf(out + used, HANSE_SEARCH_WORD_BYTES - used, "%s%.*s",
                                 i > 0 && !pairs ? " " : "", (int)rest.size, (const char *)rest.data);
        for (size_t at = 0; at < token.size; at += size)
            last = hanse_search_text_character(token, at, &size);
    }
}

enum hanse_status hanse_search_find_absent(struct hanse_search_set *set,
                                           const struct hanse_search_query *query,
                                           char out_absent[HANSE_SEARCH_WORD_BYTES],
                                           char out_near[HANSE_SEARCH_WORD_BYTES], struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer expression;
    hanse_buffer_init(&expression, 64u << 10);
    for (size_t i = 0; i < query->term_count; i++) {
        const struct hanse_search_term *term = &query->terms[i];
        bool found = true;
        if (term->excluded)
            continue;
        hanse_buffer_clear(&expression);
        enum hanse_status status = hanse_search_query_write_term(query, term, &expression, err);
        if (status == HANSE_OK)
            status = hanse_buffer_append_u8(&expression, 0, err);
        if (status == HANSE_OK)
            status = occurs(set, (const char *)expression.data, &found, err);
        if (status != HANSE_OK)
            return status;
        if (found)
            continue;
        join_tokens(query, term, out_absent);
        return term->count == 1 ? find_near(set, query->tokens[term->first], out_near, err) : HANSE_OK;
    }
    return HANSE_OK;
}
