/* SPDX-License-Identifier: Apache-2.0 */
#include "node/query/search_filter.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/held_item.h"
#include "node/record_name.h"

enum { MAX_TOKEN_BYTES = 2048 };

/* The names of one city, found out one from the other. */
struct city {
    struct hanse_node *node;
    struct hanse_open_feed open;
    struct hanse_arena *arena;
    const char *codes[HANSE_MAX_CITY_CODES];
    size_t count;
};

static enum hanse_status make_token(struct hanse_arena *arena, const char *code, const char **out,
                                    struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer token;
    hanse_buffer_init(&token, MAX_TOKEN_BYTES);
    enum hanse_status status = hanse_search_code_append(hanse_bytes_of_text(code), &token, err);
    if (status != HANSE_OK)
        return status;
    *out = hanse_arena_copy(arena, hanse_buffer_view(&token));
    return *out != NULL ? HANSE_OK : hanse_fail_memory(err);
}

/* More names than there is room for would be somebody's mistake; they are left out. */
static enum hanse_status add_code(struct city *city, const char *code, struct hanse_error *err)
{
    for (size_t i = 0; i < city->count; i++)
        if (strcmp(city->codes[i], code) == 0)
            return HANSE_OK;
    if (city->count == HANSE_MAX_CITY_CODES)
        return HANSE_OK;
    const char *copy = hanse_arena_copy(city->arena, hanse_bytes_of_text(code));
    if (copy == NULL)
        return hanse_fail_memory(err);
    city->codes[city->count++] = copy;
    return HANSE_OK;
}

/* A text of element `at` of a list of the header; *out is the caller's, NULL if there is none. */
static enum hanse_status get(const struct hanse_record *record, const char *list, size_t at, const char *name,
                             char **out, struct hanse_error *err)
{
    char path[64];
    *out = NULL;
    (void)snprintf(path, sizeof path, "header.%s[%zu].%s", list, at, name);
    enum hanse_status status = hanse_record_get(record, path, out, err);
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}

static enum hanse_status add_identifier(struct city *city, const struct hanse_record *record, size_t at,
                                        struct hanse_error *err)
{
    char *scheme = NULL;
    char *value = NULL;
    char code[512];
    enum hanse_status status = get(record, "identifiers", at, "scheme", &scheme, err);
    if (status == HANSE_OK)
        status = get(record, "identifiers", at, "value", &value, err);
    if (status == HANSE_OK && scheme != NULL && value != NULL) {
        (void)snprintf(code, sizeof code, "%.64s:%.400s", scheme, value);
        status = add_code(city, code, err);
    }
    hanse_free(scheme);
    hanse_free(value);
    return status;
}

static enum hanse_status add_same_as(struct city *city, const struct hanse_record *record, size_t at,
                                     struct hanse_error *err)
{
    char *id = NULL;
    enum hanse_status status = get(record, "sameAs", at, "id", &id, err);
    if (status == HANSE_OK && id != NULL)
        status = add_code(city, id, err);
    hanse_free(id);
    return status;
}

static enum hanse_status add_names(struct city *city, const struct hanse_record *record,
                                   struct hanse_error *err)
{
    size_t identifiers = 0;
    size_t others = 0;
    enum hanse_status status = hanse_record_count(record, "header.identifiers", &identifiers, err);
    if (status == HANSE_OK)
        status = hanse_record_count(record, "header.sameAs", &others, err);
    for (size_t i = 0; i < identifiers && status == HANSE_OK; i++)
        status = add_identifier(city, record, i, err);
    for (size_t i = 0; i < others && status == HANSE_OK; i++)
        status = add_same_as(city, record, i, err);
    return status;
}

/* Every name that a local government's own record gives it. */
static enum hanse_status add_record(struct city *city, const struct hanse_index_record *found,
                                    struct hanse_error *err)
{
    struct hanse_held_item item = {0};
    if (found->kind != hanse_kind_number("LocalGovernment") || found->withdrawn)
        return HANSE_OK;
    enum hanse_status status = hanse_held_item_fill_again(city->node, &city->open, found, &item, err);
    if (status == HANSE_OK)
        status = add_code(city, item.id, err);
    if (status == HANSE_OK && item.record != NULL)
        status = add_names(city, item.record, err);
    hanse_record_free(item.record);
    return status;
}

/* What the name means here; nothing, if no record has it: others may refer to it all the same. */
static enum hanse_status follow_name(struct city *city, const char *name, bool must_be,
                                     struct hanse_error *err)
{
    struct hanse_name_matches *matches = hanse_alloc_zeroed(1, sizeof *matches);
    if (matches == NULL)
        return hanse_fail_memory(err);
    struct hanse_error unknown;
    enum hanse_status status = hanse_record_name_find(city->node, name, matches, &unknown);
    bool nothing = !must_be && (status == HANSE_NOT_FOUND || status == HANSE_INVALID_ARGUMENT);
    if (nothing)
        status = HANSE_OK;
    else if (status != HANSE_OK && err != NULL)
        *err = unknown;
    for (size_t i = 0; i < matches->count && status == HANSE_OK && !nothing; i++)
        status = add_record(city, &matches->items[i], err);
    hanse_free(matches);
    return status;
}

static enum hanse_status find_city(struct hanse_node *node, const char *name,
                                   struct hanse_search_filter *filter, struct hanse_error *err)
{
    struct city city = {.node = node, .arena = &filter->arena};
    bool is_code = strchr(name, ':') != NULL;
    enum hanse_status status = is_code ? add_code(&city, name, err) : follow_name(&city, name, true, err);
    if (status == HANSE_INVALID_ARGUMENT && !is_code)
        status = hanse_fail(
            err, status,
            "\"%.100s\" is no code of a city such as UNLOCODE:JPKKJ; look for its name among the words",
            name);
    for (size_t i = 0; i < city.count && status == HANSE_OK; i++)
        status = follow_name(&city, city.codes[i], false, err);
    hanse_open_feed_close(&city.open);
    if (status == HANSE_OK && city.count == 0)
        status = hanse_fail(err, HANSE_NOT_FOUND, "record \"%.100s\" is not of a city", name);
    for (size_t i = 0; i < city.count && status == HANSE_OK; i++)
        status = make_token(&filter->arena, city.codes[i], &filter->city[i], err);
    filter->codes[filter->codes_count++] = (struct hanse_search_codes){filter->city, city.count};
    return status;
}

static enum hanse_status read_country(const char *country, struct hanse_search_filter *filter,
                                      struct hanse_error *err)
{
    char code[16];
    bool two_letters = strlen(country) == 2 && strspn(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                               "abcdefghijklmnopqrstuvwxyz") == 2;
    if (!two_letters)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "\"%.64s\" is no country: it has two letters, such as JP", country);
    (void)snprintf(code, sizeof code, "COUNTRY:%s", country);
    filter->codes[filter->codes_count++] = (struct hanse_search_codes){&filter->country, 1};
    return make_token(&filter->arena, code, &filter->country, err);
}

static enum hanse_status read_theme(const char *theme, struct hanse_search_filter *filter,
                                    struct hanse_error *err)
{
    const char *colon = strchr(theme, ':');
    if (colon == NULL || colon == theme || colon[1] == '\0' || strlen(theme) > 512)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "\"%.100s\" is no theme: it is SCHEME:CODE, such as SDG-GOAL:11", theme);
    filter->codes[filter->codes_count++] = (struct hanse_search_codes){&filter->theme, 1};
    return make_token(&filter->arena, theme, &filter->theme, err);
}

enum hanse_status hanse_search_filter_read(struct hanse_node *node, const struct hanse_search *search,
                                           struct hanse_search_filter *out, struct hanse_error *err)
{
    *out = (struct hanse_search_filter){.codes_count = 0};
    hanse_arena_init(&out->arena, 1u << 20);
    enum hanse_status status = HANSE_OK;
    if (search->city != NULL)
        status = find_city(node, search->city, out, err);
    if (status == HANSE_OK && search->country != NULL)
        status = read_country(search->country, out, err);
    if (status == HANSE_OK && search->theme != NULL)
        status = read_theme(search->theme, out, err);
    return status;
}

void hanse_search_filter_release(struct hanse_search_filter *filter)
{
    hanse_arena_release(&filter->arena);
}
