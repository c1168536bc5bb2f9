/* SPDX-License-Identifier: Apache-2.0 */
/* Records as proto3 JSON, written straight into a buffer. Recursion is as deep as the types of records are
 * nested. */
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/record.h"
#include "record/value.h"

struct writer {
    struct hanse_buffer out;
    struct hanse_error *err;
};

static enum hanse_status put_text(struct writer *writer, const char *text)
{
    return hanse_buffer_append_text(&writer->out, text, writer->err);
}

static const char *short_escape(uint8_t byte)
{
    switch (byte) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

static enum hanse_status put_escape(struct writer *writer, uint8_t byte)
{
    const char *escape = short_escape(byte);
    if (escape != NULL)
        return put_text(writer, escape);
    return hanse_buffer_append_format(&writer->out, writer->err, "\\u%04x", byte);
}

static enum hanse_status put_string(struct writer *writer, struct hanse_bytes text)
{
    enum hanse_status status = put_text(writer, "\"");
    size_t start = 0;
    for (size_t i = 0; status == HANSE_OK && i <= text.size; i++) {
        bool ends = i == text.size;
        if (!ends && text.data[i] >= 0x20 && text.data[i] != '"' && text.data[i] != '\\')
            continue;
        status = hanse_buffer_append(&writer->out, hanse_bytes_slice(text, start, i - start), writer->err);
        if (status == HANSE_OK && !ends)
            status = put_escape(writer, text.data[i]);
        start = i + 1;
    }
    return status == HANSE_OK ? put_text(writer, "\"") : status;
}

/* 64-bit numbers are strings since JavaScript would round them. */
static bool is_quoted(const struct hanse_field *field, const struct hanse_value *value)
{
    switch (value->kind) {
    case HANSE_FIELD_INT64:
    case HANSE_FIELD_UINT64:
    case HANSE_FIELD_BYTES:
        return true;
    case HANSE_FIELD_ENUM:
        return hanse_field_enum_name(field, (int32_t)value->as.integer) != NULL;
    default:
        return false;
    }
}

static enum hanse_status put_scalar(struct writer *writer, const struct hanse_part *part,
                                    const struct hanse_field *field, size_t index)
{
    struct hanse_value value;
    if (!hanse_part_get(part, field, index, &value))
        return put_text(writer, "null");
    if (value.kind == HANSE_FIELD_STRING)
        return put_string(writer, value.as.bytes);
    const char *quote = is_quoted(field, &value) ? "\"" : "";
    enum hanse_status status = put_text(writer, quote);
    if (status == HANSE_OK)
        status = hanse_value_append(field, &value, &writer->out, writer->err);
    return status == HANSE_OK ? put_text(writer, quote) : status;
}

/* Without printf, which would take most of the time of writing a record. */
static enum hanse_status put_name(struct writer *writer, const struct hanse_field *field)
{
    char quoted[HANSE_FIELD_NAME_BYTES + 3] = "\"";
    size_t size = 1 + hanse_field_json_name(field, quoted + 1);
    quoted[size++] = '"';
    quoted[size++] = ':';
    return hanse_buffer_append(&writer->out, hanse_bytes_of(quoted, size), writer->err);
}

static enum hanse_status put_part(struct writer *writer, const struct hanse_part *part);

static enum hanse_status put_field(struct writer *writer, const struct hanse_part *part,
                                   const struct hanse_field *field, size_t count)
{
    bool repeated = hanse_field_is_repeated(field);
    enum hanse_status status = put_name(writer, field);
    if (status == HANSE_OK && repeated)
        status = put_text(writer, "[");
    for (size_t i = 0; status == HANSE_OK && i < count; i++) {
        if (i > 0)
            status = put_text(writer, ",");
        if (status != HANSE_OK)
            return status;
        status = hanse_field_message(field) != NULL ? put_part(writer, hanse_part_child(part, field, i))
                                                    : put_scalar(writer, part, field, i);
    }
    return status == HANSE_OK && repeated ? put_text(writer, "]") : status;
}

static enum hanse_status put_part(struct writer *writer, const struct hanse_part *part)
{
    const struct hanse_schema *schema = hanse_part_schema(part);
    enum hanse_status status = put_text(writer, "{");
    bool first = true;
    for (size_t i = 0; status == HANSE_OK && i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *field = hanse_schema_field(schema, i);
        size_t count = hanse_part_count(part, field);
        if (count == 0)
            continue;
        if (!first)
            status = put_text(writer, ",");
        if (status == HANSE_OK)
            status = put_field(writer, part, field, count);
        first = false;
    }
    return status == HANSE_OK ? put_text(writer, "}") : status;
}

enum hanse_status hanse_record_json(const struct hanse_record *record, char **out, struct hanse_error *err)
{
    if (record == NULL || out == NULL)
        return hanse_fail_null("record or out", err);
    struct writer writer = {.err = err};
    hanse_buffer_init(&writer.out, HANSE_MAX_RECORD_JSON_BYTES);
    enum hanse_status status = put_part(&writer, hanse_message_root(record->message));
    if (status == HANSE_OK)
        status = hanse_buffer_detach_text(&writer.out, out, err);
    hanse_buffer_release(&writer.out);
    return status;
}
