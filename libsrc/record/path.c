/* SPDX-License-Identifier: Apache-2.0 */
#include "record/path.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "record/value.h"

/* A message has room for so much besides the path. */
enum { MAX_NAMES_BYTES = 128, MAX_NEAR = 3, MAX_MISTAKES = 3 };

int hanse_record_path_shown(const char *text)
{
    return hanse_value_shown_bytes(hanse_bytes_of_text(text), 120);
}

static enum hanse_status refuse(const char *path, size_t offset, const char *what, struct hanse_error *err)
{
    return hanse_fail_at(err, HANSE_INVALID_ARGUMENT, offset, "path \"%.100s\" is refused: %s at byte %zu",
                         path, what, offset);
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t name_end(const char *path, size_t at)
{
    while (is_name_char(path[at]))
        at++;
    return at;
}

static struct hanse_bytes view(const char *path, size_t start, size_t end)
{
    return hanse_bytes_of(path + start, end - start);
}

static enum hanse_status parse_match(const char *path, size_t start, size_t end,
                                     struct hanse_record_step *step, struct hanse_error *err)
{
    const struct hanse_schema *element = hanse_field_message(step->field);
    size_t equals = name_end(path, start);
    if (equals == start || equals >= end || path[equals] != '=')
        return refuse(path, start, "the selector is none of a number, -, + and name=text", err);
    const struct hanse_field *field =
        element != NULL ? hanse_schema_find(element, view(path, start, equals)) : NULL;
    if (field == NULL)
        return refuse(path, start, "the selector names no field of the element", err);
    enum hanse_field_kind kind = hanse_field_kind_of(field);
    if (hanse_field_is_repeated(field) || kind == HANSE_FIELD_MESSAGE || kind == HANSE_FIELD_BYTES)
        return refuse(path, start, "the selector names a field that cannot be compared", err);
    step->selector = HANSE_SELECT_MATCH;
    step->match_field = field;
    return hanse_value_parse(field, view(path, equals + 1, end), NULL, &step->match, err);
}

static enum hanse_status parse_selector(const char *path, size_t start, size_t end,
                                        struct hanse_record_step *step, struct hanse_error *err)
{
    struct hanse_bytes text = view(path, start, end);
    uint64_t index = 0;
    if (!hanse_field_is_repeated(step->field))
        return refuse(path, start, "the field is not repeated and takes no selector", err);
    if (hanse_bytes_equal_text(text, "-")) {
        step->selector = HANSE_SELECT_LAST;
    } else if (hanse_bytes_equal_text(text, "+")) {
        step->selector = HANSE_SELECT_APPEND;
    } else if (hanse_decimal_decode(text, &index)) {
        step->selector = HANSE_SELECT_INDEX;
        step->index = index < HANSE_NO_ELEMENT ? (size_t)index : HANSE_NO_ELEMENT - 1;
    } else {
        return parse_match(path, start, end, step, err);
    }
    return HANSE_OK;
}

/* Fields of the schema that are spelled nearly so, best first, each after a space; gives how many. */
static size_t append_near(const struct hanse_schema *schema, struct hanse_bytes wanted, char *out,
                          size_t size)
{
    size_t used = 0;
    size_t found = 0;
    for (size_t mistakes = 1; mistakes <= MAX_MISTAKES && 2 * mistakes <= wanted.size; mistakes++) {
        for (size_t i = 0; i < hanse_schema_field_count(schema) && found < MAX_NEAR; i++) {
            char name[HANSE_FIELD_NAME_BYTES];
            (void)hanse_field_json_name(hanse_schema_field(schema, i), name);
            if (hanse_text_distance(wanted, hanse_bytes_of_text(name)) != mistakes)
                continue;
            used += (size_t)snprintf(out + used, size - used, " %s", name);
            found++;
        }
    }
    return found;
}

/* All fields, each after a space, if there is room for all. */
static bool append_all(const struct hanse_schema *schema, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < hanse_schema_field_count(schema) && used < size; i++) {
        char name[HANSE_FIELD_NAME_BYTES];
        (void)hanse_field_json_name(hanse_schema_field(schema, i), name);
        used += (size_t)snprintf(out + used, size - used, " %s", name);
    }
    return used < size;
}

static enum hanse_status refuse_name(const char *path, size_t start, size_t end,
                                     const struct hanse_schema *schema, struct hanse_error *err)
{
    char names[MAX_NAMES_BYTES] = "";
    char hint[MAX_NAMES_BYTES + 40] = "";
    if (append_near(schema, view(path, start, end), names, sizeof names) > 0)
        (void)snprintf(hint, sizeof hint, "did you mean%s", names);
    else if (append_all(schema, names, sizeof names))
        (void)snprintf(hint, sizeof hint, "it has%s", names);
    else
        (void)snprintf(hint, sizeof hint, "it has %zu, which docs/records.md lists",
                       hanse_schema_field_count(schema));
    return hanse_fail_at(
        err, HANSE_INVALID_ARGUMENT, start, "path \"%.*s\" is refused: %s has no field \"%.*s\"; %s",
        hanse_value_shown_bytes(hanse_bytes_of_text(path), 60), path, hanse_schema_name(schema),
        end - start < 40 ? (int)(end - start) : 40, path + start, hint);
}

/* One step at *at, which moves behind it. */
static enum hanse_status parse_step(const char *path, size_t *at, const struct hanse_schema *schema,
                                    struct hanse_record_step *step, struct hanse_error *err)
{
    size_t start = *at;
    size_t end = name_end(path, start);
    if (end == start)
        return refuse(path, start, "a name is missing", err);
    step->offset = start;
    step->selector = HANSE_SELECT_NONE;
    step->field = hanse_schema_find(schema, view(path, start, end));
    if (step->field == NULL)
        return refuse_name(path, start, end, schema, err);
    *at = end;
    if (path[end] != '[')
        return HANSE_OK;
    const char *close = strchr(path + end, ']');
    if (close == NULL)
        return refuse(path, end, "a selector does not end", err);
    *at = (size_t)(close - path) + 1;
    return parse_selector(path, end + 1, *at - 1, step, err);
}

/* The schema that the next step is looked up in. */
static enum hanse_status descend(const char *path, size_t at, const struct hanse_record_step *step,
                                 const struct hanse_schema **schema, struct hanse_error *err)
{
    if (path[at] != '.')
        return refuse(path, at, "neither . nor the end follows", err);
    if (hanse_field_message(step->field) == NULL)
        return refuse(path, step->offset, "the field is a scalar and has no fields", err);
    if (hanse_field_is_repeated(step->field) && step->selector == HANSE_SELECT_NONE)
        return refuse(path, step->offset,
                      "the field is repeated, say which element ([0], [-], [+], [name=text])", err);
    *schema = hanse_field_message(step->field);
    return HANSE_OK;
}

enum hanse_status hanse_record_path_parse(const char *text, struct hanse_record_path *out,
                                          struct hanse_error *err)
{
    const struct hanse_schema *schema = hanse_schema_record();
    size_t at = 0;
    out->text = text;
    out->count = 0;
    for (;;) {
        if (out->count == HANSE_MAX_RECORD_DEPTH)
            return refuse(text, at, "there are too many steps", err);
        struct hanse_record_step *step = &out->steps[out->count++];
        enum hanse_status status = parse_step(text, &at, schema, step, err);
        if (status != HANSE_OK || text[at] == '\0')
            return status;
        status = descend(text, at, step, &schema, err);
        if (status != HANSE_OK)
            return status;
        at++;
    }
}

static size_t find_match(const struct hanse_record_step *step, const struct hanse_part *part, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct hanse_value value;
        if (hanse_part_get(hanse_part_child(part, step->field, i), step->match_field, 0, &value) &&
            hanse_value_equal(&value, &step->match))
            return i;
    }
    return HANSE_NO_ELEMENT;
}

size_t hanse_record_step_find(const struct hanse_record_step *step, const struct hanse_part *part)
{
    size_t count = hanse_part_count(part, step->field);
    switch (step->selector) {
    case HANSE_SELECT_NONE:
        return count > 0 ? 0 : HANSE_NO_ELEMENT;
    case HANSE_SELECT_INDEX:
        return step->index < count ? step->index : HANSE_NO_ELEMENT;
    case HANSE_SELECT_LAST:
        return count > 0 ? count - 1 : HANSE_NO_ELEMENT;
    case HANSE_SELECT_MATCH:
        return find_match(step, part, count);
    case HANSE_SELECT_APPEND:
        break;
    }
    return HANSE_NO_ELEMENT;
}

struct hanse_record_place hanse_record_path_follow(const struct hanse_record_path *path,
                                                   struct hanse_part *root)
{
    struct hanse_record_place place = {.part = root};
    for (;;) {
        const struct hanse_record_step *step = &path->steps[place.step];
        place.element = hanse_record_step_find(step, place.part);
        if (place.element == HANSE_NO_ELEMENT || place.step + 1 == path->count)
            return place;
        place.part = hanse_part_child(place.part, step->field, place.element);
        place.step++;
    }
}
