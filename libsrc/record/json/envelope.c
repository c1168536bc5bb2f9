/* SPDX-License-Identifier: Apache-2.0 */
/* A scanner of one level of JSON; what it steps over is judged by who decodes it. */
#include "record/json/envelope.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

struct member {
    struct hanse_bytes name; /* between the quotes, escapes as written */
    struct hanse_bytes value;
    size_t offset; /* of the value in the line */
};

static size_t skip_space(struct hanse_bytes line, size_t at)
{
    while (at < line.size && memchr(" \t\r\n", line.data[at], 4) != NULL)
        at++;
    return at;
}

/* Past the string that starts at `at`; line.size + 1 if it does not end. */
static size_t skip_string(struct hanse_bytes line, size_t at)
{
    for (at++; at < line.size; at++) {
        if (line.data[at] == '\\')
            at++;
        else if (line.data[at] == '"')
            return at + 1;
    }
    return line.size + 1;
}

/* Past the value that starts at `at`: up to a comma or closing bracket of this level. */
static size_t skip_value(struct hanse_bytes line, size_t at)
{
    size_t depth = 0;
    while (at < line.size) {
        uint8_t byte = line.data[at];
        if (byte == '"') {
            at = skip_string(line, at);
            continue;
        }
        if (depth == 0 && (byte == ',' || byte == '}' || byte == ']'))
            return at;
        if (byte == '{' || byte == '[')
            depth++;
        else if (byte == '}' || byte == ']')
            depth--;
        at++;
    }
    return at;
}

static enum hanse_status fail_at(struct hanse_error *err, size_t at, const char *what)
{
    return hanse_fail_at(err, HANSE_MALFORMED, at, "JSON is malformed: %s", what);
}

/* The member that starts at *at, which then stands behind its value. */
static enum hanse_status next_member(struct hanse_bytes line, size_t *at, struct member *out,
                                     struct hanse_error *err)
{
    size_t name = skip_space(line, *at);
    if (name >= line.size || line.data[name] != '"')
        return fail_at(err, name, "a member name in quotes is missing");
    size_t after = skip_string(line, name);
    if (after > line.size)
        return fail_at(err, name, "a member name does not end");
    size_t colon = skip_space(line, after);
    if (colon >= line.size || line.data[colon] != ':')
        return fail_at(err, colon, "a colon is missing");
    size_t value = skip_space(line, colon + 1);
    size_t end = skip_value(line, value);
    if (end > line.size || end == value)
        return fail_at(err, value, "a value is missing or does not end");
    out->name = hanse_bytes_slice(line, name + 1, after - name - 2);
    out->value = hanse_bytes_slice(line, value, end - value);
    out->offset = value;
    *at = end;
    return HANSE_OK;
}

static void drop_json(json_t **value)
{
    json_decref(*value);
}

/* Members beside the record must be JSON, so that a broken line is never taken for a good one. */
static enum hanse_status check_member(const struct member *member, char **out_id, struct hanse_error *err)
{
    json_error_t problem;
    __attribute__((cleanup(drop_json))) json_t *value =
        json_loadb((const char *)member->value.data, member->value.size,
                   JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &problem);
    if (value == NULL)
        return hanse_fail_at(err, HANSE_MALFORMED, member->offset, "member \"%.*s\" is no JSON: \"%s\"",
                             (int)(member->name.size < 32 ? member->name.size : 32),
                             (const char *)member->name.data, problem.text);
    if (!hanse_bytes_equal_text(member->name, "id"))
        return HANSE_OK;
    if (*out_id != NULL)
        return fail_at(err, member->offset, "member \"id\" stands twice");
    if (!json_is_string(value) || json_string_length(value) == 0)
        return fail_at(err, member->offset, "member \"id\" is no text");
    *out_id = hanse_strdup(json_string_value(value));
    return *out_id != NULL ? HANSE_OK : hanse_fail_memory(err);
}

static bool is_record(const struct member *member)
{
    return hanse_bytes_equal_text(member->name, "record");
}

/* Whether "record" is a member. A line that breaks before is no envelope: its record decoder tells why. */
static bool has_record(struct hanse_bytes line, size_t at)
{
    struct member member;
    struct hanse_error ignored;
    while (next_member(line, &at, &member, &ignored) == HANSE_OK) {
        if (is_record(&member))
            return true;
        if (at >= line.size || line.data[at] != ',')
            return false;
        at++;
    }
    return false;
}

static enum hanse_status split(struct hanse_bytes line, size_t at, struct hanse_envelope *out,
                               struct hanse_error *err)
{
    for (;; at++) {
        struct member member;
        enum hanse_status status = next_member(line, &at, &member, err);
        if (status == HANSE_OK && is_record(&member)) {
            if (out->record.data != NULL)
                return fail_at(err, member.offset, "member \"record\" stands twice");
            out->record = member.value;
        } else if (status == HANSE_OK) {
            status = check_member(&member, &out->id, err);
        }
        if (status != HANSE_OK)
            return status;
        if (at >= line.size || line.data[at] != ',')
            break;
    }
    if (at >= line.size || line.data[at] != '}')
        return fail_at(err, at, "the object does not end");
    at = skip_space(line, at + 1);
    return at == line.size ? HANSE_OK : fail_at(err, at, "something follows the object");
}

enum hanse_status hanse_envelope_open(struct hanse_bytes line, struct hanse_envelope *out,
                                      struct hanse_error *err)
{
    size_t start = skip_space(line, 0);
    if (start == line.size || line.data[start] != '{')
        return fail_at(err, start, "a line holds one object");
    if (!has_record(line, start + 1)) {
        *out = (struct hanse_envelope){.record = line};
        return HANSE_OK;
    }
    struct hanse_envelope envelope = {0};
    enum hanse_status status = split(line, start + 1, &envelope, err);
    if (status == HANSE_OK)
        *out = envelope;
    else
        hanse_free(envelope.id);
    return status;
}
