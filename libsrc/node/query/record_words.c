/* SPDX-License-Identifier: Apache-2.0 */
#include "node/query/record_words.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"

enum { MAX_PARENT_BYTES = 4096, MAX_CODE_BYTES = 512 };

/* The fields of one message come one after the other: what was read of a text or of a code waits for those
 * that may follow. */
struct walk {
    const struct hanse_record_words *words;
    struct hanse_buffer text; /* with its NUL; empty: none waits */
    char text_parent[MAX_PARENT_BYTES];
    bool is_title;
    char code[MAX_CODE_BYTES]; /* "SCHEME:VALUE"; "SCHEME:" while its value is awaited */
    size_t scheme_size;        /* with the colon; 0: none waits */
    char code_parent[MAX_PARENT_BYTES];
};

/* A path taken apart: "project.tags[0].code" is within "project.tags[0]", and its leaf is "code". */
struct place {
    const char *path;
    size_t parent_size;
    char leaf[64]; /* without an index */
};

static struct place place_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    struct place place = {.path = path, .parent_size = dot != NULL ? (size_t)(dot - path) : 0};
    const char *leaf = dot != NULL ? dot + 1 : path;
    (void)snprintf(place.leaf, sizeof place.leaf, "%.*s", (int)strcspn(leaf, "["), leaf);
    return place;
}

static bool has_leaf(const struct place *place, const char *const *leaves, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(place->leaf, leaves[i]) == 0)
            return true;
    return false;
}

static bool is_parent(const struct place *place, const char *parent)
{
    return strlen(parent) == place->parent_size && memcmp(place->path, parent, place->parent_size) == 0;
}

static bool is_within(const char *path, const char *parent)
{
    size_t size = strlen(parent);
    return strncmp(path, parent, size) == 0 && path[size] == '.';
}

/* The header tells of the record, not what the record tells; extensions are not for people. */
static bool has_texts(const char *path)
{
    return !is_within(path, "header") && strncmp(path, "extensions", 10) != 0;
}

static bool has_codes(const char *path)
{
    return has_texts(path) || strncmp(path, "header.identifiers[", 19) == 0 ||
           strncmp(path, "header.sameAs[", 14) == 0;
}

/* "project.title[0].text", "organisation.acronym": one step below the body. */
static bool names_record(const char *path)
{
    static const char *const names[] = {"title[", "name[", "acronym"};
    const char *dot = strchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strncmp(dot + 1, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static enum hanse_status end_text(struct walk *walk, const char *language, struct hanse_error *err)
{
    if (walk->text.size == 0)
        return HANSE_OK;
    const struct hanse_record_text text = {
        .text = (const char *)walk->text.data, .language = language, .is_title = walk->is_title};
    enum hanse_status status = walk->words->text(walk->words->context, &text, err);
    hanse_buffer_clear(&walk->text);
    return status;
}

static enum hanse_status end_code(struct walk *walk, struct hanse_error *err)
{
    bool has_value = walk->scheme_size > 0 && walk->code[walk->scheme_size] != '\0';
    walk->scheme_size = 0;
    return has_value ? walk->words->code(walk->words->context, walk->code, err) : HANSE_OK;
}

static enum hanse_status take_text(struct walk *walk, const struct place *place, const char *value,
                                   struct hanse_error *err)
{
    static const char *const leaves[] = {"text", "note", "acronym", "name", "title", "label"};
    enum hanse_status status = HANSE_OK;
    if (strcmp(place->leaf, "language") == 0 && is_parent(place, walk->text_parent))
        return end_text(walk, value, err);
    status = end_text(walk, "", err);
    if (status != HANSE_OK || !has_texts(place->path) ||
        !has_leaf(place, leaves, sizeof leaves / sizeof leaves[0]))
        return status;
    (void)snprintf(walk->text_parent, sizeof walk->text_parent, "%.*s", (int)place->parent_size, place->path);
    walk->is_title = names_record(place->path);
    return hanse_buffer_append(&walk->text, hanse_bytes_of(value, strlen(value) + 1), err);
}

/* A marker with significance 0 says that the theme was looked for and is not there. */
static enum hanse_status take_coded_value(struct walk *walk, const struct place *place, const char *value,
                                          struct hanse_error *err)
{
    static const char *const values[] = {"code", "value"};
    if (strcmp(place->leaf, "scheme") == 0) {
        enum hanse_status status = end_code(walk, err);
        int size = snprintf(walk->code, sizeof walk->code, "%s:", value);
        walk->scheme_size = size > 0 && (size_t)size < sizeof walk->code ? (size_t)size : 0;
        (void)snprintf(walk->code_parent, sizeof walk->code_parent, "%.*s", (int)place->parent_size,
                       place->path);
        return status;
    }
    if (walk->scheme_size == 0 || !is_parent(place, walk->code_parent))
        return HANSE_OK;
    if (has_leaf(place, values, sizeof values / sizeof values[0]))
        (void)snprintf(walk->code + walk->scheme_size, sizeof walk->code - walk->scheme_size, "%s", value);
    if (strcmp(place->leaf, "significance") == 0 && strcmp(value, "0") == 0)
        walk->scheme_size = 0;
    return HANSE_OK;
}

static enum hanse_status take_code(struct walk *walk, const struct place *place, const char *value,
                                   struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    if (walk->scheme_size > 0 && !is_within(place->path, walk->code_parent))
        status = end_code(walk, err);
    if (status != HANSE_OK || !has_codes(place->path))
        return status;
    if (strcmp(place->leaf, "id") == 0 && strchr(value, ':') != NULL)
        return walk->words->code(walk->words->context, value, err);
    if (strcmp(place->leaf, "country") != 0)
        return take_coded_value(walk, place, value, err);
    char country[32];
    (void)snprintf(country, sizeof country, "COUNTRY:%.20s", value);
    return walk->words->code(walk->words->context, country, err);
}

static enum hanse_status walk_cursor(struct walk *walk, struct hanse_record_cursor *cursor,
                                     struct hanse_error *err)
{
    for (;;) {
        const char *path;
        const char *value;
        bool is_text;
        struct hanse_error ended;
        enum hanse_status status = hanse_record_cursor_next(cursor, &path, &value, &is_text, &ended);
        if (status == HANSE_NOT_FOUND)
            return HANSE_OK;
        if (status != HANSE_OK)
            return hanse_fail_memory(err);
        if (!is_text)
            continue;
        struct place place = place_of(path);
        if (walk->words->text != NULL)
            status = take_text(walk, &place, value, err);
        if (status == HANSE_OK && walk->words->code != NULL)
            status = take_code(walk, &place, value, err);
        if (status != HANSE_OK)
            return status;
    }
}

enum hanse_status hanse_record_words_walk(const struct hanse_record *record,
                                          const struct hanse_record_words *words, struct hanse_error *err)
{
    struct hanse_record_cursor *cursor;
    struct walk walk = {.words = words, .scheme_size = 0};
    enum hanse_status status = hanse_record_cursor_open(record, &cursor, err);
    if (status != HANSE_OK)
        return status;
    hanse_buffer_init(&walk.text, HANSE_MAX_RECORD_BYTES + 1);
    status = walk_cursor(&walk, cursor, err);
    if (status == HANSE_OK)
        status = end_text(&walk, "", err);
    if (status == HANSE_OK)
        status = end_code(&walk, err);
    hanse_buffer_release(&walk.text);
    hanse_record_cursor_close(cursor);
    return status;
}
