/* SPDX-License-Identifier: Apache-2.0 */
#include "node/query/passage.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "index/search_text.h"
#include "node/query/record_words.h"

/* Bytes, since columns are the business of who shows it. */
enum {
    PASSAGE_BYTES = 240,
    BEFORE_BYTES = 60,
    MAX_MATCHES = 256,
    MAX_TOKENS = 1 << 17,
    MAX_FOLDED_BYTES = 4 << 20,
    FIRST_OF_RUNS = 0xe00 /* U+0E00 and above have scripts without spaces */
};

/* A term of the query found in a text, as bytes [start, end) of it. */
struct match {
    size_t start;
    size_t end;
    size_t term;
};

struct token {
    struct hanse_bytes folded;
    size_t start; /* in the text made ready */
    size_t end;
};

struct search {
    struct hanse_passage *passage;
    struct hanse_tokenizer *tokenizer;
    const struct hanse_search_query *query;
    struct hanse_buffer folded;
    struct hanse_buffer places;
    struct hanse_arena arena;
    struct hanse_buffer tokens; /* of struct token */
    struct match matches[MAX_MATCHES];
    size_t match_count;
    unsigned best_worth; /* of the text that the passage is of; 0: none yet */
};

void hanse_passage_init(struct hanse_passage *passage)
{
    *passage = (struct hanse_passage){.mark_count = 0};
    hanse_buffer_init(&passage->text, PASSAGE_BYTES + 64);
}

void hanse_passage_release(struct hanse_passage *passage)
{
    hanse_buffer_release(&passage->text);
}

static enum hanse_status keep_token(void *context, struct hanse_bytes folded, size_t start, size_t end,
                                    struct hanse_error *err)
{
    struct search *search = context;
    const char *copy = hanse_arena_copy(&search->arena, folded);
    const struct token token = {hanse_bytes_of(copy, folded.size), start, end};
    if (copy == NULL)
        return hanse_fail_memory(err);
    return hanse_buffer_append(&search->tokens, hanse_bytes_of(&token, sizeof token), err);
}

static struct token token_at(const struct search *search, size_t at)
{
    struct token token;
    memcpy(&token, search->tokens.data + at * sizeof token, sizeof token);
    return token;
}

static size_t token_count(const struct search *search)
{
    return search->tokens.size / sizeof(struct token);
}

static bool matches_at(const struct search *search, const struct hanse_search_term *term, size_t at)
{
    if (term->count > token_count(search) - at)
        return false;
    for (size_t i = 0; i < term->count; i++) {
        struct hanse_bytes wanted = search->query->tokens[term->first + i];
        struct hanse_bytes held = token_at(search, at + i).folded;
        bool prefix = term->prefix && i + 1 == term->count;
        if (prefix)
            held = hanse_bytes_slice(held, 0, wanted.size);
        if (!hanse_bytes_equal(held, wanted))
            return false;
    }
    return true;
}

static size_t place_of(const struct search *search, size_t at)
{
    uint32_t place;
    memcpy(&place, search->places.data + at * sizeof place, sizeof place);
    return place;
}

/* From the first byte of its first character to the last of its last. The beginning of a word marks the word;
 * in a script without spaces a pair is none, and only what was asked for is marked. */
static struct match match_of(const struct search *search, struct hanse_bytes text, size_t first, size_t last,
                             size_t term)
{
    size_t size;
    size_t start = token_at(search, last).start;
    size_t end = place_of(search, token_at(search, last).end - 1);
    if (search->query->terms[term].prefix &&
        hanse_search_text_character(token_at(search, last).folded, 0, &size) >= FIRST_OF_RUNS)
        end = place_of(search, start);
    (void)hanse_search_text_character(text, end, &size);
    return (struct match){place_of(search, token_at(search, first).start), end + size, term};
}

static void find_matches(struct search *search, struct hanse_bytes text)
{
    size_t count = token_count(search);
    search->match_count = 0;
    for (size_t at = 0; at < count; at++) {
        for (size_t i = 0; i < search->query->term_count; i++) {
            const struct hanse_search_term *term = &search->query->terms[i];
            if (term->excluded || search->match_count == MAX_MATCHES || !matches_at(search, term, at))
                continue;
            search->matches[search->match_count++] = match_of(search, text, at, at + term->count - 1, i);
        }
    }
}

/* How many different terms begin within some bytes of a match. */
static unsigned count_terms(const struct search *search, size_t first, size_t bytes)
{
    uint32_t seen = 0;
    unsigned count = 0;
    for (size_t i = first; i < search->match_count; i++) {
        if (search->matches[i].start - search->matches[first].start > bytes)
            break;
        count += (seen >> search->matches[i].term & 1) == 0;
        seen |= 1u << search->matches[i].term;
    }
    return count;
}
_Static_assert(HANSE_MAX_SEARCH_TERMS <= 32, "a bit for each term");

static bool is_boundary(struct hanse_bytes text, size_t at)
{
    return at >= text.size || (text.data[at] & 0xc0) != 0x80;
}

/* Where to cut before `match`: at a space if there is one near, never within a character. */
static size_t find_start(struct hanse_bytes text, size_t match)
{
    if (match <= BEFORE_BYTES)
        return 0;
    size_t start = match - BEFORE_BYTES;
    for (size_t at = start; at < match; at++)
        if (text.data[at] == ' ')
            return at + 1;
    while (!is_boundary(text, start))
        start++;
    return start;
}

static size_t find_end(struct hanse_bytes text, size_t start, size_t least)
{
    if (text.size - start <= PASSAGE_BYTES)
        return text.size;
    size_t end = start + PASSAGE_BYTES;
    for (size_t at = end; at > end - BEFORE_BYTES && at > least; at--)
        if (text.data[at] == ' ')
            return at;
    while (!is_boundary(text, end))
        end--;
    return end;
}

/* Matches come in the order of their start; those that overlap become one mark. */
static void add_mark(struct hanse_passage *passage, size_t start, size_t end)
{
    struct hanse_search_mark *last =
        passage->mark_count > 0 ? &passage->marks[passage->mark_count - 1] : NULL;
    if (last != NULL && start <= last->start + last->size) {
        if (end > last->start + last->size)
            last->size = end - last->start;
    } else if (passage->mark_count < HANSE_MAX_PASSAGE_MARKS) {
        passage->marks[passage->mark_count++] = (struct hanse_search_mark){start, end - start};
    }
}

static enum hanse_status write_passage(struct search *search, struct hanse_bytes text, size_t first,
                                       struct hanse_error *err)
{
    struct hanse_passage *passage = search->passage;
    size_t start = find_start(text, search->matches[first].start);
    size_t end = find_end(text, start, search->matches[first].end);
    hanse_buffer_clear(&passage->text);
    passage->mark_count = 0;
    enum hanse_status status = hanse_buffer_append_text(&passage->text, start > 0 ? "\u2026" : "", err);
    size_t shift = passage->text.size;
    if (status == HANSE_OK)
        status = hanse_buffer_append(&passage->text, hanse_bytes_slice(text, start, end - start), err);
    for (size_t i = shift; i < passage->text.size; i++)
        if (passage->text.data[i] < ' ')
            passage->text.data[i] = ' ';
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(&passage->text, end < text.size ? "\u2026" : "", err);
    for (size_t i = 0; i < search->match_count && status == HANSE_OK; i++)
        if (search->matches[i].start >= start && search->matches[i].end <= end)
            add_mark(passage, search->matches[i].start - start + shift,
                     search->matches[i].end - start + shift);
    return status == HANSE_OK ? hanse_buffer_append_u8(&passage->text, 0, err) : status;
}

static enum hanse_status tokenize(struct search *search, struct hanse_bytes text, struct hanse_error *err)
{
    hanse_buffer_clear(&search->folded);
    hanse_buffer_clear(&search->places);
    hanse_buffer_clear(&search->tokens);
    hanse_arena_reset(&search->arena);
    enum hanse_status status =
        hanse_search_text_append(text, HANSE_SEARCH_TEXT_HELD, &search->folded, &search->places, NULL, err);
    if (status == HANSE_OK)
        status = hanse_tokenizer_run(search->tokenizer, hanse_buffer_view(&search->folded), keep_token,
                                     search, err);
    return status == HANSE_LIMIT ? HANSE_OK : status; /* what comes behind so many tokens is not looked at */
}

/* Most words win; of two texts with as many it is the one that is no title, which is shown anyway. */
static enum hanse_status try_text(void *context, const struct hanse_record_text *candidate,
                                  struct hanse_error *err)
{
    struct search *search = context;
    struct hanse_bytes text = hanse_bytes_of_text(candidate->text);
    enum hanse_status status = tokenize(search, text, err);
    if (status != HANSE_OK)
        return status;
    find_matches(search, text);
    size_t best = 0;
    unsigned most = 0;
    for (size_t i = 0; i < search->match_count; i++) {
        unsigned count = count_terms(search, i, PASSAGE_BYTES - BEFORE_BYTES);
        best = count > most ? i : best;
        most = count > most ? count : most;
    }
    unsigned worth = most == 0 ? 0 : 2 * most + (candidate->is_title ? 0 : 1);
    if (worth <= search->best_worth)
        return HANSE_OK;
    search->best_worth = worth;
    (void)snprintf(search->passage->language, sizeof search->passage->language, "%s", candidate->language);
    return write_passage(search, text, best, err);
}

enum hanse_status hanse_passage_find(struct hanse_passage *passage, struct hanse_tokenizer *tokenizer,
                                     const struct hanse_search_query *query,
                                     const struct hanse_record *record, struct hanse_error *err)
{
    struct search *search = hanse_alloc_zeroed(1, sizeof *search);
    if (search == NULL)
        return hanse_fail_memory(err);
    search->passage = passage;
    search->tokenizer = tokenizer;
    search->query = query;
    hanse_buffer_init(&search->folded, MAX_FOLDED_BYTES);
    hanse_buffer_init(&search->places, MAX_FOLDED_BYTES * sizeof(uint32_t));
    hanse_buffer_init(&search->tokens, MAX_TOKENS * sizeof(struct token));
    hanse_arena_init(&search->arena, SIZE_MAX);
    hanse_buffer_clear(&passage->text);
    passage->mark_count = 0;
    passage->language[0] = '\0';
    const struct hanse_record_words words = {.text = try_text, .context = search};
    enum hanse_status status =
        query->wanted_count > 0 ? hanse_record_words_walk(record, &words, err) : HANSE_OK;
    hanse_buffer_release(&search->folded);
    hanse_buffer_release(&search->places);
    hanse_buffer_release(&search->tokens);
    hanse_arena_release(&search->arena);
    hanse_free(search);
    return status;
}
