/* SPDX-License-Identifier: Apache-2.0 */
#include "record/json/json_locate.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"

enum { MAX_NESTING = 2 * HANSE_MAX_RECORD_DEPTH }; /* an array and an object a level */

void hanse_json_place_path(const struct hanse_json_place *place, char *out, size_t size)
{
    out[0] = '\0';
    if (place == NULL)
        return;
    hanse_json_place_path(place->parent, out, size);
    size_t used = strlen(out);
    if (place->name == NULL)
        (void)snprintf(out + used, size - used, "[%zu]", place->ordinal);
    else
        (void)snprintf(out + used, size - used, "%s%.40s", used > 0 ? "." : "", place->name);
}

static size_t skip_space(struct hanse_bytes text, size_t at)
{
    while (at < text.size && strchr(" \t\r\n", text.data[at]) != NULL && text.data[at] != '\0')
        at++;
    return at;
}

/* Behind the string that starts at `at`. */
static size_t skip_string(struct hanse_bytes text, size_t at)
{
    for (at++; at < text.size && text.data[at] != '"'; at++)
        if (text.data[at] == '\\')
            at++;
    return at + 1;
}

/* Behind a value, at what ends it in its object or array. */
static size_t skip_value(struct hanse_bytes text, size_t at)
{
    size_t depth = 0;
    while (at < text.size) {
        char c = (char)text.data[at];
        if (depth == 0 && (c == ',' || c == ']' || c == '}'))
            break;
        if (c == '"') {
            at = skip_string(text, at);
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at++;
    }
    return at;
}

/* From the opening bracket of an object or array to its member number `ordinal`; a name counts as part of it.
 */
static size_t enter(struct hanse_bytes text, size_t at, size_t ordinal)
{
    at++;
    for (size_t i = 0; i < ordinal && at < text.size; i++)
        at = skip_value(text, at) + 1;
    return skip_space(text, at);
}

size_t hanse_json_place_offset(const struct hanse_json_place *place, struct hanse_bytes text)
{
    if (place == NULL)
        return skip_space(text, 0);
    size_t at = hanse_json_place_offset(place->parent, text);
    if (place->parent != NULL && place->parent->name != NULL) {
        at = skip_space(text, skip_string(text, at));
        at = skip_space(text, at + 1); /* the colon */
    }
    return enter(text, at, place->ordinal);
}

enum hanse_status hanse_json_check_size(struct hanse_bytes text, struct hanse_error *err)
{
    if (text.size > HANSE_MAX_RECORD_JSON_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "JSON exceeds the limit of %u bytes: it has %zu",
                          HANSE_MAX_RECORD_JSON_BYTES, text.size);
    size_t values = 1;
    size_t depth = 0;
    for (size_t at = 0; at < text.size; at++) {
        char c = (char)text.data[at];
        bool opens = c == '{' || c == '[';
        if (c == '"')
            at = skip_string(text, at) - 1;
        depth += opens;
        depth -= (c == '}' || c == ']') && depth > 0;
        values += opens || c == ',' || c == ':';
        if (depth > MAX_NESTING)
            return hanse_fail_at(err, HANSE_LIMIT, at, "JSON exceeds the limit of %d nested values",
                                 MAX_NESTING);
        if (values > HANSE_MAX_RECORD_JSON_VALUES)
            return hanse_fail_at(err, HANSE_LIMIT, at, "JSON exceeds the limit of %u values",
                                 HANSE_MAX_RECORD_JSON_VALUES);
    }
    return HANSE_OK;
}
