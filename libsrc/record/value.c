/* SPDX-License-Identifier: Apache-2.0 */
#include "record/value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

enum hanse_status hanse_value_append(const struct hanse_field *field, const struct hanse_value *value,
                                     struct hanse_buffer *out, struct hanse_error *err)
{
    const char *name = NULL;
    switch (value->kind) {
    case HANSE_FIELD_BOOL:
        return hanse_buffer_append_text(out, value->as.integer != 0 ? "true" : "false", err);
    case HANSE_FIELD_ENUM:
        name = hanse_field_enum_name(field, (int32_t)value->as.integer);
        if (name != NULL)
            return hanse_buffer_append_text(out, name, err);
        return hanse_buffer_append_format(out, err, "%" PRId64, value->as.integer);
    case HANSE_FIELD_INT32:
    case HANSE_FIELD_INT64:
        return hanse_buffer_append_format(out, err, "%" PRId64, value->as.integer);
    case HANSE_FIELD_UINT32:
    case HANSE_FIELD_UINT64:
        return hanse_buffer_append_format(out, err, "%" PRIu64, value->as.natural);
    case HANSE_FIELD_BYTES:
        return hanse_base64_encode(value->as.bytes, out, err);
    case HANSE_FIELD_STRING:
    case HANSE_FIELD_MESSAGE:
        break;
    }
    return hanse_buffer_append(out, value->as.bytes, err);
}

int hanse_value_shown_bytes(struct hanse_bytes text, size_t max_bytes)
{
    return (int)hanse_utf8_check(hanse_bytes_slice(text, 0, max_bytes));
}

static enum hanse_status refuse(const struct hanse_field *field, struct hanse_bytes text, const char *wanted,
                                struct hanse_error *err)
{
    return hanse_fail(err, HANSE_INVALID_ARGUMENT, "value \"%.*s\" does not suit \"%s\": %s",
                      hanse_value_shown_bytes(text, 60), text.size > 0 ? (const char *)text.data : "",
                      hanse_field_name(field), wanted);
}

static bool parse_natural(struct hanse_bytes text, uint64_t max, uint64_t *out)
{
    return hanse_decimal_decode(text, out) && *out <= max;
}

/* Decimal with an optional minus; "-0" is no spelling of zero. */
static bool parse_integer(struct hanse_bytes text, int64_t max, int64_t *out)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    uint64_t size = 0;
    if (!hanse_decimal_decode(hanse_bytes_slice(text, negative ? 1 : 0, text.size), &size) ||
        size > (uint64_t)max + negative || (negative && size == 0))
        return false;
    *out = negative ? -(int64_t)(size - 1) - 1 : (int64_t)size;
    return true;
}

static bool parse_bool(struct hanse_bytes text, int64_t *out)
{
    *out = hanse_bytes_equal_text(text, "true");
    return *out != 0 || hanse_bytes_equal_text(text, "false");
}

static enum hanse_status refuse_enum(const struct hanse_field *field, struct hanse_bytes text,
                                     struct hanse_error *err)
{
    char names[HANSE_ERROR_MESSAGE_BYTES] = "use one of";
    size_t used = strlen(names);
    const char *name = NULL;
    /* The first name is the zero that means unset. */
    for (size_t i = 1; (name = hanse_field_enum_at(field, i)) != NULL && used + 1 < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, " %s", name);
    return refuse(field, text, names, err);
}

static enum hanse_status parse_enum(const struct hanse_field *field, struct hanse_bytes text,
                                    struct hanse_value *value, struct hanse_error *err)
{
    int32_t number = 0;
    if (hanse_field_enum_number(field, text, &number)) {
        value->as.integer = number;
        return HANSE_OK;
    }
    return parse_integer(text, INT32_MAX, &value->as.integer) ? HANSE_OK : refuse_enum(field, text, err);
}

static enum hanse_status parse_bytes(const struct hanse_field *field, struct hanse_bytes text,
                                     struct hanse_buffer *scratch, struct hanse_value *value,
                                     struct hanse_error *err)
{
    hanse_buffer_clear(scratch);
    enum hanse_status status = hanse_base64_decode(text, scratch, err);
    if (status == HANSE_MALFORMED)
        return refuse(field, text, "use base64 with padding", err);
    value->as.bytes = hanse_buffer_view(scratch);
    return status;
}

enum hanse_status hanse_value_parse(const struct hanse_field *field, struct hanse_bytes text,
                                    struct hanse_buffer *scratch, struct hanse_value *out,
                                    struct hanse_error *err)
{
    struct hanse_value value = {.kind = hanse_field_kind_of(field)};
    enum hanse_status status = HANSE_OK;
    const char *wanted = NULL;
    switch (value.kind) {
    case HANSE_FIELD_BOOL:
        wanted = parse_bool(text, &value.as.integer) ? NULL : "use true or false";
        break;
    case HANSE_FIELD_INT32:
        wanted = parse_integer(text, INT32_MAX, &value.as.integer) ? NULL : "use a whole number of 32 bits";
        break;
    case HANSE_FIELD_INT64:
        wanted = parse_integer(text, INT64_MAX, &value.as.integer) ? NULL : "use a whole number of 64 bits";
        break;
    case HANSE_FIELD_UINT32:
        wanted = parse_natural(text, UINT32_MAX, &value.as.natural)
                     ? NULL
                     : "use a whole number from 0 to 4294967295";
        break;
    case HANSE_FIELD_UINT64:
        wanted = parse_natural(text, UINT64_MAX, &value.as.natural) ? NULL : "use a whole number from 0 on";
        break;
    case HANSE_FIELD_ENUM:
        status = parse_enum(field, text, &value, err);
        break;
    case HANSE_FIELD_BYTES:
        status = parse_bytes(field, text, scratch, &value, err);
        break;
    case HANSE_FIELD_STRING:
        value.as.bytes = text;
        break;
    case HANSE_FIELD_MESSAGE:
        wanted = "it is a message, name one of its fields";
        break;
    }
    if (wanted != NULL)
        return refuse(field, text, wanted, err);
    if (status == HANSE_OK)
        *out = value;
    return status;
}

/* Without the zeros before its first digit, but for the last one; a sign stays. */
static struct hanse_bytes without_zeros(struct hanse_bytes text, uint8_t digits[32])
{
    size_t sign = text.size > 0 && text.data[0] == '-';
    size_t at = sign;
    while (at + 1 < text.size && text.data[at] == '0' && text.data[at + 1] >= '0' && text.data[at + 1] <= '9')
        at++;
    if (at == sign || text.size - at >= 32)
        return text;
    digits[0] = '-';
    memcpy(digits + sign, text.data + at, text.size - at);
    return hanse_bytes_of(digits, sign + text.size - at);
}

/* The largest number of a part of a date; 0: the field is none. */
static unsigned calendar_limit(const struct hanse_field *field)
{
    static const struct {
        const char *name;
        unsigned most;
    } parts[] = {{"year", 9999}, {"month", 12}, {"day", 31}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(hanse_field_name(field), parts[i].name) == 0)
            return parts[i].most;
    return 0;
}

static enum hanse_status read_natural(const struct hanse_field *field, struct hanse_bytes text,
                                      struct hanse_value *out, struct hanse_error *err)
{
    unsigned most = calendar_limit(field);
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "use a whole number from 1 to %u, or 0 where it is not known",
                   most);
    if (!parse_natural(text, most, &out->as.natural))
        return refuse(field, text, wanted, err);
    return HANSE_OK;
}

enum hanse_status hanse_value_read(const struct hanse_field *field, struct hanse_bytes text,
                                   struct hanse_buffer *scratch, struct hanse_value *out,
                                   struct hanse_error *err)
{
    uint8_t digits[32];
    struct hanse_value value = {.kind = hanse_field_kind_of(field)};
    enum hanse_status status;
    if (value.kind == HANSE_FIELD_STRING || value.kind == HANSE_FIELD_BYTES)
        return hanse_value_parse(field, text, scratch, out, err);
    struct hanse_bytes number = without_zeros(text, digits);
    if (value.kind == HANSE_FIELD_UINT32 && calendar_limit(field) > 0)
        status = read_natural(field, number, &value, err);
    else
        status = hanse_value_parse(field, number, scratch, &value, err);
    if (status == HANSE_OK && value.kind == HANSE_FIELD_ENUM &&
        hanse_field_enum_name(field, (int32_t)value.as.integer) == NULL)
        status = refuse_enum(field, text, err);
    if (status == HANSE_OK)
        *out = value;
    return status;
}

bool hanse_value_equal(const struct hanse_value *a, const struct hanse_value *b)
{
    switch (a->kind) {
    case HANSE_FIELD_STRING:
    case HANSE_FIELD_BYTES:
        return hanse_bytes_equal(a->as.bytes, b->as.bytes);
    case HANSE_FIELD_UINT32:
    case HANSE_FIELD_UINT64:
        return a->as.natural == b->as.natural;
    default:
        return a->as.integer == b->as.integer;
    }
}
