/* SPDX-License-Identifier: Apache-2.0 */
#include "index/search_query.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "index/search_text.h"

enum { FOLDED_BYTES = 4 * HANSE_MAX_SEARCH_BYTES + 64 };

struct parser {
    struct hanse_tokenizer *tokenizer;
    struct hanse_search_query *query;
    struct hanse_bytes text;
    size_t at;
    struct hanse_buffer folded;
};

static bool is_quote(uint32_t character)
{
    return character == '"' || character == 0xff02 || (character >= 0x201c && character <= 0x201f) ||
           character == 0xab || character == 0xbb;
}

static bool is_space(uint32_t character)
{
    return character <= ' ' || character == 0xa0 || character == 0x3000;
}

static bool is_minus(uint32_t character)
{
    return character == '-' || character == 0xff0d || character == 0x2212;
}

/* The character that comes next; NUL at the end. */
static uint32_t peek(const struct parser *parser, size_t *out_size)
{
    *out_size = 0;
    return parser->at < parser->text.size ? hanse_search_text_character(parser->text, parser->at, out_size)
                                          : 0;
}

static enum hanse_status keep_token(void *context, struct hanse_bytes token, size_t start, size_t end,
                                    struct hanse_error *err)
{
    struct hanse_search_query *query = context;
    (void)start;
    (void)end;
    if (query->token_count == HANSE_MAX_SEARCH_TOKENS)
        return hanse_fail(err, HANSE_LIMIT, "the words to look for are too many: look for fewer");
    const char *copy = hanse_arena_copy(&query->arena, token);
    if (copy == NULL)
        return hanse_fail_memory(err);
    query->tokens[query->token_count++] = hanse_bytes_of(copy, token.size);
    return HANSE_OK;
}

/* A word or phrase; one without letters and digits is none. */
static enum hanse_status add_term(struct parser *parser, struct hanse_bytes words, bool excluded, bool prefix,
                                  struct hanse_error *err)
{
    struct hanse_search_query *query = parser->query;
    struct hanse_search_term term = {.first = query->token_count, .excluded = excluded};
    bool open_end = false;
    hanse_buffer_clear(&parser->folded);
    enum hanse_status status =
        hanse_search_text_append(words, HANSE_SEARCH_TEXT_ASKED, &parser->folded, NULL, &open_end, err);
    if (status == HANSE_OK)
        status = hanse_tokenizer_run(parser->tokenizer, hanse_buffer_view(&parser->folded), keep_token, query,
                                     err);
    term.count = query->token_count - term.first;
    term.prefix = prefix || open_end;
    if (status != HANSE_OK || term.count == 0)
        return status;
    if (query->term_count == HANSE_MAX_SEARCH_TERMS)
        return hanse_fail(err, HANSE_LIMIT, "more than %u words to look for: look for fewer",
                          HANSE_MAX_SEARCH_TERMS);
    query->terms[query->term_count++] = term;
    query->wanted_count += excluded ? 0 : 1;
    return HANSE_OK;
}

/* Up to a character that ends it, which is not taken. */
static struct hanse_bytes take_until(struct parser *parser, bool (*ends)(uint32_t character))
{
    size_t start = parser->at;
    size_t size;
    while (parser->at < parser->text.size && !ends(peek(parser, &size)))
        parser->at += size;
    return hanse_bytes_slice(parser->text, start, parser->at - start);
}

static bool ends_word(uint32_t character)
{
    return is_space(character) || is_quote(character);
}

static bool take_star(struct parser *parser)
{
    size_t size;
    uint32_t character = peek(parser, &size);
    bool star = character == '*' || character == 0xff0a;
    parser->at += star ? size : 0;
    return star;
}

static enum hanse_status parse_term(struct parser *parser, struct hanse_error *err)
{
    size_t size;
    uint32_t character = peek(parser, &size);
    bool excluded = is_minus(character);
    if (excluded)
        parser->at += size;
    if (is_quote(peek(parser, &size))) {
        parser->at += size;
        struct hanse_bytes phrase = take_until(parser, is_quote);
        (void)peek(parser, &size);
        parser->at += size;
        return add_term(parser, phrase, excluded, take_star(parser), err);
    }
    struct hanse_bytes word = take_until(parser, ends_word);
    bool star = word.size > 0 && word.data[word.size - 1] == '*';
    bool wide_star = word.size >= 3 && memcmp(word.data + word.size - 3, "\xef\xbc\x8a", 3) == 0;
    return add_term(parser, word, excluded, star || wide_star, err);
}

enum hanse_status hanse_search_query_parse(struct hanse_tokenizer *tokenizer, struct hanse_bytes text,
                                           struct hanse_search_query *out, struct hanse_error *err)
{
    *out = (struct hanse_search_query){.token_count = 0};
    hanse_arena_init(&out->arena, SIZE_MAX);
    if (text.size > HANSE_MAX_SEARCH_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "the words to look for have %zu bytes, at most %u are allowed",
                          text.size, HANSE_MAX_SEARCH_BYTES);
    struct parser parser = {.tokenizer = tokenizer, .query = out, .text = text};
    hanse_buffer_init(&parser.folded, FOLDED_BYTES);
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK && parser.at < text.size) {
        size_t size;
        if (is_space(peek(&parser, &size)))
            parser.at += size;
        else
            status = parse_term(&parser, err);
    }
    hanse_buffer_release(&parser.folded);
    return status;
}

void hanse_search_query_release(struct hanse_search_query *query)
{
    hanse_arena_release(&query->arena);
}

/* "one two" *: tokens have no quotes in them. */
static enum hanse_status write_term(const struct hanse_search_query *query,
                                    const struct hanse_search_term *term, struct hanse_buffer *out,
                                    struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_text(out, "\"", err);
    for (size_t i = 0; i < term->count && status == HANSE_OK; i++) {
        if (i > 0)
            status = hanse_buffer_append_text(out, " ", err);
        if (status == HANSE_OK)
            status = hanse_buffer_append(out, query->tokens[term->first + i], err);
    }
    return status == HANSE_OK ? hanse_buffer_append_text(out, term->prefix ? "\"*" : "\"", err) : status;
}

static enum hanse_status write_terms(const struct hanse_search_query *query, bool excluded,
                                     struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_text(out, "{title body}:(", err);
    const char *between = "";
    for (size_t i = 0; i < query->term_count && status == HANSE_OK; i++) {
        if (query->terms[i].excluded != excluded)
            continue;
        status = hanse_buffer_append_text(out, between, err);
        if (status == HANSE_OK)
            status = write_term(query, &query->terms[i], out, err);
        between = excluded ? " OR " : " AND ";
    }
    return status == HANSE_OK ? hanse_buffer_append_text(out, ")", err) : status;
}

static enum hanse_status write_codes(const struct hanse_search_codes *codes, struct hanse_buffer *out,
                                     struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_text(out, "{code}:(", err);
    for (size_t i = 0; i < codes->count && status == HANSE_OK; i++)
        status = hanse_buffer_append_format(out, err, "%s\"%s\"", i > 0 ? " OR " : "", codes->items[i]);
    return status == HANSE_OK ? hanse_buffer_append_text(out, ")", err) : status;
}

enum hanse_status hanse_search_query_write(const struct hanse_search_query *query,
                                           const struct hanse_search_codes *codes, size_t codes_count,
                                           struct hanse_buffer *out, struct hanse_error *err)
{
    bool wanted = query->wanted_count > 0;
    if (!wanted && codes_count == 0)
        return HANSE_OK;
    enum hanse_status status = hanse_buffer_append_text(out, "(", err);
    if (status == HANSE_OK && wanted)
        status = write_terms(query, false, out, err);
    for (size_t i = 0; i < codes_count && status == HANSE_OK; i++) {
        if (wanted || i > 0)
            status = hanse_buffer_append_text(out, " AND ", err);
        if (status == HANSE_OK)
            status = write_codes(&codes[i], out, err);
    }
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(out, ")", err);
    if (status != HANSE_OK || query->wanted_count == query->term_count)
        return status;
    status = hanse_buffer_append_text(out, " NOT ", err);
    return status == HANSE_OK ? hanse_search_query_write_excluded(query, out, err) : status;
}

enum hanse_status hanse_search_query_write_term(const struct hanse_search_query *query,
                                                const struct hanse_search_term *term,
                                                struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_text(out, "{title body}:", err);
    return status == HANSE_OK ? write_term(query, term, out, err) : status;
}

enum hanse_status hanse_search_query_write_excluded(const struct hanse_search_query *query,
                                                    struct hanse_buffer *out, struct hanse_error *err)
{
    return query->wanted_count < query->term_count ? write_terms(query, true, out, err) : HANSE_OK;
}

enum hanse_status hanse_search_code_append(struct hanse_bytes code, struct hanse_buffer *out,
                                           struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < code.size && status == HANSE_OK; i++) {
        uint8_t byte = code.data[i];
        if (byte >= 'A' && byte <= 'Z')
            byte = (uint8_t)(byte - 'A' + 'a');
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        /* U+E000 to U+E0FF. */
        const uint8_t other[] = {0xee, (uint8_t)(0x80 | byte >> 6), (uint8_t)(0x80 | (byte & 0x3f))};
        status = hanse_buffer_append(out, plain ? hanse_bytes_of(&byte, 1) : hanse_bytes_of(other, 3), err);
    }
    return status;
}
