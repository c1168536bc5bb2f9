/* SPDX-License-Identifier: Apache-2.0 */
#include "node/query/search_document.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "index/search_query.h"
#include "index/search_text.h"
#include "node/query/record_words.h"

enum { MAX_TEXT_BYTES = 4 << 20, MAX_WIDE_BYTES = 600 };

void hanse_search_document_init(struct hanse_search_document *document)
{
    hanse_buffer_init(&document->title, MAX_TEXT_BYTES);
    hanse_buffer_init(&document->body, MAX_TEXT_BYTES);
    hanse_buffer_init(&document->code, MAX_TEXT_BYTES);
}

void hanse_search_document_release(struct hanse_search_document *document)
{
    hanse_buffer_release(&document->title);
    hanse_buffer_release(&document->body);
    hanse_buffer_release(&document->code);
}

/* The texts of a record of 1 MiB fit, whatever they are; codes may repeat themselves without end. */
static enum hanse_status full_is_enough(enum hanse_status status)
{
    return status == HANSE_LIMIT ? HANSE_OK : status;
}

static enum hanse_status add_text(void *context, const struct hanse_record_text *text,
                                  struct hanse_error *err)
{
    struct hanse_search_document *document = context;
    struct hanse_buffer *to = text->is_title ? &document->title : &document->body;
    return full_is_enough(hanse_search_text_append(hanse_bytes_of_text(text->text), HANSE_SEARCH_TEXT_HELD,
                                                   to, NULL, NULL, err));
}

static enum hanse_status add_code(void *context, const char *code, struct hanse_error *err)
{
    struct hanse_search_document *document = context;
    enum hanse_status status = hanse_search_code_append(hanse_bytes_of_text(code), &document->code, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(&document->code, " ", err);
    return full_is_enough(status);
}

static enum hanse_status widen_code(void *context, const char *code, struct hanse_error *err)
{
    return hanse_search_code_widen(code, add_code, context, err);
}

enum hanse_status hanse_search_document_fill(struct hanse_search_document *document,
                                             const struct hanse_record *record, struct hanse_error *err)
{
    hanse_buffer_clear(&document->title);
    hanse_buffer_clear(&document->body);
    hanse_buffer_clear(&document->code);
    const struct hanse_record_words words = {.text = add_text, .code = widen_code, .context = document};
    return hanse_record_words_walk(record, &words, err);
}

struct widening {
    hanse_search_code_visit *visit;
    void *context;
};

static enum hanse_status tell(const struct widening *to, const char *scheme, const char *value, size_t size,
                              struct hanse_error *err)
{
    char code[MAX_WIDE_BYTES];
    (void)snprintf(code, sizeof code, "%s:%.*s", scheme, (int)size, value);
    return to->visit(to->context, code, err);
}

/* A scheme whose codes begin with those of a broader one: their first `size` characters, or as many parts
 * between dots. */
static const struct {
    const char *scheme;
    const char *broader;
    size_t size;
    size_t parts;
} broader_codes[] = {
    {"SDG-TARGET", "SDG-GOAL", 0, 1}, {"SDG-IND", "SDG-TARGET", 0, 2}, {"SDG-IND", "SDG-GOAL", 0, 1},
    {"DAC-5", "DAC-3", 3, 0},         {"UNLOCODE", "COUNTRY", 2, 0},   {"ISO3166-1", "COUNTRY", 2, 0},
    {"ISO3166-2", "COUNTRY", 2, 0},
};

static size_t parts_size(const char *value, size_t parts)
{
    size_t size = 0;
    for (; parts > 0 && value[size] != '\0'; parts--)
        size += strcspn(value + size, ".") + (parts > 1);
    return size < strlen(value) ? size : strlen(value);
}

static enum hanse_status tell_broader(const struct widening *to, const char *scheme, const char *value,
                                      struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < sizeof broader_codes / sizeof broader_codes[0] && status == HANSE_OK; i++) {
        if (strcmp(broader_codes[i].scheme, scheme) != 0)
            continue;
        size_t size =
            broader_codes[i].size > 0 ? broader_codes[i].size : parts_size(value, broader_codes[i].parts);
        status = tell(to, broader_codes[i].broader, value, size, err);
    }
    return status;
}

/* "11.6.1" is within "11.6" and "11" of its own scheme. */
static enum hanse_status tell_parents(const struct widening *to, const char *scheme, const char *value,
                                      struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (const char *dot = strchr(value, '.'); dot != NULL && status == HANSE_OK; dot = strchr(dot + 1, '.'))
        status = tell(to, scheme, value, (size_t)(dot - value), err);
    return status;
}

enum hanse_status hanse_search_code_widen(const char *code, hanse_search_code_visit *visit, void *context,
                                          struct hanse_error *err)
{
    char scheme[64];
    const char *colon = strchr(code, ':');
    enum hanse_status status = visit(context, code, err);
    if (status != HANSE_OK || colon == NULL || (size_t)(colon - code) >= sizeof scheme ||
        strncmp(code, "hanse:", 6) == 0)
        return status;
    (void)snprintf(scheme, sizeof scheme, "%.*s", (int)(colon - code), code);
    const struct widening to = {visit, context};
    status = tell_parents(&to, scheme, colon + 1, err);
    return status == HANSE_OK ? tell_broader(&to, scheme, colon + 1, err) : status;
}
