/* SPDX-License-Identifier: Apache-2.0 */
/* Looking up codes, and finding them by words. */
#include <hanse/codes.h>

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "record/code_list.h"

/* A capital letter of ASCII or Latin-1 (C3 80 to C3 9E in UTF-8) as the small one: names are in English and
 * French. */
static uint8_t small_letter(const char *text, size_t at)
{
    uint8_t byte = (uint8_t)text[at];
    if (byte >= 'A' && byte <= 'Z')
        return (uint8_t)(byte + 0x20);
    bool is_latin = at > 0 && (uint8_t)text[at - 1] == 0xC3;
    return is_latin && byte >= 0x80 && byte <= 0x9E && byte != 0x97 ? (uint8_t)(byte + 0x20) : byte;
}

static bool begins_with(const char *text, const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\0' || small_letter(text, i) != small_letter(word, i))
            return false;
    return true;
}

static bool has_word(const char *text, const char *word, size_t size)
{
    for (; *text != '\0'; text++)
        if (begins_with(text, word, size))
            return true;
    return false;
}

static bool has_words(const struct hanse_code *code, const char *words)
{
    for (words += strspn(words, " "); *words != '\0'; words += strspn(words, " ")) {
        size_t size = strcspn(words, " ");
        if (!has_word(code->code, words, size) && !has_word(code->name, words, size) &&
            !has_word(code->name_fr, words, size) && !has_word(code->name_ja, words, size))
            return false;
        words += size;
    }
    return true;
}

bool hanse_codes_list(size_t index, struct hanse_codes_info *out)
{
    if (index >= hanse_code_table_count)
        return false;
    const struct hanse_code_list *list = &hanse_code_tables[index];
    *out = (struct hanse_codes_info){.scheme = list->scheme,
                                     .title = list->title,
                                     .version = list->version,
                                     .is_closed = list->is_closed,
                                     .count = list->count};
    return true;
}

/* The message names the scheme that is likely meant. HANSE_NOT_FOUND. */
static enum hanse_status no_scheme(const char *scheme, struct hanse_error *err)
{
    for (size_t i = 0; i < hanse_code_table_count; i++)
        if (has_word(hanse_code_tables[i].scheme, scheme, strlen(scheme)))
            return hanse_fail(err, HANSE_NOT_FOUND, "no code list \"%s\" is known; did you mean \"%s\"",
                              scheme, hanse_code_tables[i].scheme);
    return hanse_fail(err, HANSE_NOT_FOUND, "no code list \"%s\" is known", scheme);
}

enum hanse_status hanse_codes_get(const char *scheme, struct hanse_codes_info *out, struct hanse_error *err)
{
    if (scheme == NULL || out == NULL)
        return hanse_fail_null("scheme or out", err);
    struct hanse_codes_info info;
    size_t size = strlen(scheme);
    for (size_t i = 0; hanse_codes_list(i, &info); i++)
        if (strlen(info.scheme) == size && begins_with(info.scheme, scheme, size)) {
            *out = info;
            return HANSE_OK;
        }
    return no_scheme(scheme, err);
}

enum hanse_status hanse_codes_find(const char *scheme, const char *code, struct hanse_code *out,
                                   struct hanse_error *err)
{
    if (scheme == NULL || code == NULL || out == NULL)
        return hanse_fail_null("scheme, code or out", err);
    const struct hanse_code_list *list = hanse_code_list_of(hanse_bytes_of_text(scheme));
    if (list == NULL)
        return no_scheme(scheme, err);
    if (hanse_code_list_find(list, hanse_bytes_of_text(code), out))
        return HANSE_OK;
    const char *nearest = hanse_code_list_nearest(list, hanse_bytes_of_text(code));
    if (nearest == NULL)
        return hanse_fail(err, HANSE_NOT_FOUND, "%s has no code \"%s\"", scheme, code);
    return hanse_fail(err, HANSE_NOT_FOUND, "%s has no code \"%s\"; did you mean \"%s\"", scheme, code,
                      nearest);
}

static enum hanse_status search_list(const struct hanse_code_list *list, const char *words,
                                     hanse_code_visit *visit, void *context, struct hanse_error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        struct hanse_code code;
        hanse_code_list_get(list, i, &code);
        if (!has_words(&code, words))
            continue;
        enum hanse_status status = visit(context, &code, err);
        if (status != HANSE_OK)
            return status;
    }
    return HANSE_OK;
}

enum hanse_status hanse_codes_search(const char *scheme, const char *words, hanse_code_visit *visit,
                                     void *context, struct hanse_error *err)
{
    if (visit == NULL)
        return hanse_fail_null("visit", err);
    words = words != NULL ? words : "";
    struct hanse_codes_info info;
    enum hanse_status status = scheme != NULL ? hanse_codes_get(scheme, &info, err) : HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < hanse_code_table_count; i++)
        if (scheme == NULL || strcmp(hanse_code_tables[i].scheme, info.scheme) == 0)
            status = search_list(&hanse_code_tables[i], words, visit, context, err);
    return status;
}
