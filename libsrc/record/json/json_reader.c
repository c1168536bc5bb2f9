/* SPDX-License-Identifier: Apache-2.0 */
/* Records from proto3 JSON, strictly. jansson reads the text; the members are then put into a message one by
 * one. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/json/json_locate.h"
#include "record/record.h"
#include "record/value.h"

struct reader {
    struct hanse_bytes text;
    struct hanse_message *message;
    struct hanse_buffer scratch;
    struct hanse_error *err;
};

static void release_json(json_t **json)
{
    json_decref(*json);
}

/* HANSE_MALFORMED with the offset and the path of the member. */
static enum hanse_status refuse(struct reader *reader, const struct hanse_json_place *place, const char *what)
{
    char path[160];
    hanse_json_place_path(place, path, sizeof path);
    return hanse_fail_at(reader->err, HANSE_MALFORMED, hanse_json_place_offset(place, reader->text),
                         "JSON is refused at \"%s\": %s", path, what);
}

/* What a lower function found wrong with the value, with the place that only we know. */
static enum hanse_status pass_on(struct reader *reader, const struct hanse_json_place *place,
                                 const struct hanse_error *inner)
{
    if (inner->status == HANSE_INVALID_ARGUMENT)
        return refuse(reader, place, inner->message);
    if (reader->err != NULL)
        *reader->err = *inner;
    return inner->status;
}

static enum hanse_status put(struct reader *reader, const struct hanse_json_place *place,
                             struct hanse_part *part, const struct hanse_field *field,
                             const struct hanse_value *value)
{
    struct hanse_error inner;
    size_t index = hanse_field_is_repeated(field) ? hanse_part_count(part, field) : 0;
    enum hanse_status status = hanse_message_put(reader->message, part, field, index, value, &inner);
    return status == HANSE_OK ? HANSE_OK : pass_on(reader, place, &inner);
}

static enum hanse_status read_integer(struct reader *reader, const struct hanse_json_place *place,
                                      struct hanse_part *part, const struct hanse_field *field,
                                      json_int_t number)
{
    struct hanse_value value = {.kind = hanse_field_kind_of(field)};
    switch (value.kind) {
    case HANSE_FIELD_UINT32:
    case HANSE_FIELD_UINT64:
        if (number < 0)
            return refuse(reader, place, "the number must not be negative");
        value.as.natural = (uint64_t)number;
        break;
    case HANSE_FIELD_ENUM:
    case HANSE_FIELD_INT32:
    case HANSE_FIELD_INT64:
        value.as.integer = number;
        break;
    default:
        return refuse(reader, place, "a number stands where none belongs");
    }
    return put(reader, place, part, field, &value);
}

static enum hanse_status read_string(struct reader *reader, const struct hanse_json_place *place,
                                     struct hanse_part *part, const struct hanse_field *field,
                                     struct hanse_bytes text)
{
    enum hanse_field_kind kind = hanse_field_kind_of(field);
    if (kind == HANSE_FIELD_BOOL)
        return refuse(reader, place, "a string stands where true or false belongs");
    if (kind == HANSE_FIELD_ENUM && text.size > 0 && (text.data[0] <= '9'))
        return refuse(reader, place, "a number of an enum stands in quotes");
    struct hanse_error inner;
    struct hanse_value value;
    enum hanse_status status = hanse_value_parse(field, text, &reader->scratch, &value, &inner);
    return status == HANSE_OK ? put(reader, place, part, field, &value) : pass_on(reader, place, &inner);
}

static enum hanse_status read_bool(struct reader *reader, const struct hanse_json_place *place,
                                   struct hanse_part *part, const struct hanse_field *field, bool truth)
{
    struct hanse_value value = {.kind = HANSE_FIELD_BOOL, .as.integer = truth};
    if (hanse_field_kind_of(field) != HANSE_FIELD_BOOL)
        return refuse(reader, place, "true or false stands where it does not belong");
    return put(reader, place, part, field, &value);
}

static enum hanse_status read_scalar(struct reader *reader, const struct hanse_json_place *place,
                                     struct hanse_part *part, const struct hanse_field *field, json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_STRING:
        return read_string(reader, place, part, field,
                           hanse_bytes_of(json_string_value(json), json_string_length(json)));
    case JSON_INTEGER:
        return read_integer(reader, place, part, field, json_integer_value(json));
    case JSON_TRUE:
    case JSON_FALSE:
        return read_bool(reader, place, part, field, json_is_true(json));
    case JSON_REAL:
        return refuse(reader, place, "a number has a fraction or an exponent");
    case JSON_NULL:
        return refuse(reader, place, "null stands where an element belongs");
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return refuse(reader, place, "an object or array stands where a single value belongs");
}

static enum hanse_status read_object(struct reader *reader, const struct hanse_json_place *place,
                                     struct hanse_part *part, json_t *json);

/* One element of a repeated field, or the value of a singular one. */
static enum hanse_status read_value(struct reader *reader, const struct hanse_json_place *place,
                                    struct hanse_part *part, const struct hanse_field *field, json_t *json)
{
    if (hanse_field_message(field) == NULL)
        return read_scalar(reader, place, part, field, json);
    if (!json_is_object(json))
        return refuse(reader, place, "an object belongs here");
    struct hanse_error inner;
    struct hanse_part *made = NULL;
    enum hanse_status status = hanse_message_make(reader->message, hanse_field_message(field), &made, &inner);
    if (status == HANSE_OK)
        status = hanse_message_attach(reader->message, part, field, made, &inner);
    return status == HANSE_OK ? read_object(reader, place, made, json) : pass_on(reader, place, &inner);
}

static enum hanse_status read_array(struct reader *reader, const struct hanse_json_place *place,
                                    struct hanse_part *part, const struct hanse_field *field, json_t *json)
{
    if (!json_is_array(json))
        return refuse(reader, place, "an array belongs here");
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < json_array_size(json); i++) {
        struct hanse_json_place element = {.parent = place, .ordinal = i};
        status = read_value(reader, &element, part, field, json_array_get(json, i));
    }
    return status;
}

/* Both spellings of a name are accepted, but only one of them in an object, and no mixture of them. */
static enum hanse_status find_field(struct reader *reader, const struct hanse_json_place *place,
                                    const struct hanse_schema *schema, json_t *object,
                                    const struct hanse_field **out)
{
    const struct hanse_field *field = hanse_schema_find(schema, hanse_bytes_of_text(place->name));
    char name[HANSE_FIELD_NAME_BYTES];
    if (field != NULL)
        (void)hanse_field_json_name(field, name);
    bool is_camel = field != NULL && strcmp(place->name, name) == 0;
    if (field == NULL || (!is_camel && strcmp(place->name, hanse_field_name(field)) != 0))
        return refuse(reader, place, "there is no such field");
    if (!is_camel && json_object_get(object, name) != NULL)
        return refuse(reader, place, "the field is there twice, in two spellings");
    *out = field;
    return HANSE_OK;
}

static bool is_second_body(const struct hanse_part *part, const struct hanse_field *field)
{
    const struct hanse_schema *schema = hanse_part_schema(part);
    for (size_t i = 0; i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *other = hanse_schema_field(schema, i);
        if (other != field && hanse_field_number(other) >= HANSE_FIRST_KIND &&
            hanse_part_count(part, other) > 0)
            return true;
    }
    return false;
}

static enum hanse_status read_member(struct reader *reader, const struct hanse_json_place *place,
                                     struct hanse_part *part, json_t *object, json_t *json)
{
    const struct hanse_field *field = NULL;
    const struct hanse_schema *schema = hanse_part_schema(part);
    enum hanse_status status = find_field(reader, place, schema, object, &field);
    if (status != HANSE_OK || json_is_null(json))
        return status;
    if (hanse_field_is_repeated(field))
        return read_array(reader, place, part, field, json);
    bool is_body = schema == hanse_schema_record() && hanse_field_number(field) >= HANSE_FIRST_KIND;
    if (is_body && is_second_body(part, field))
        return refuse(reader, place, "the record has a body of another kind already");
    return read_value(reader, place, part, field, json);
}

static enum hanse_status read_object(struct reader *reader, const struct hanse_json_place *place,
                                     struct hanse_part *part, json_t *json)
{
    struct hanse_json_place member = {.parent = place};
    enum hanse_status status = HANSE_OK;
    for (void *at = json_object_iter(json); status == HANSE_OK && at != NULL;
         at = json_object_iter_next(json, at)) {
        member.name = json_object_iter_key(at);
        status = read_member(reader, &member, part, json, json_object_iter_value(at));
        member.ordinal++;
    }
    return status;
}

/* The parser's position is where it stopped: behind the token that is wrong. */
static enum hanse_status fail_parse(const json_error_t *error, struct hanse_error *err)
{
    uint64_t offset = error->position > 0 ? (uint64_t)error->position : 0;
    switch (json_error_code(error)) {
    case json_error_out_of_memory:
        return hanse_fail_memory(err);
    case json_error_stack_overflow:
        return hanse_fail(err, HANSE_LIMIT, "JSON exceeds the limit of nested values");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return hanse_fail_at(err, HANSE_MALFORMED, offset, "JSON is malformed: a string holds a NUL");
    default:
        return hanse_fail_at(err, HANSE_MALFORMED, offset, "JSON is malformed: %s", error->text);
    }
}

static enum hanse_status read_message(struct reader *reader, json_t *json)
{
    hanse_buffer_init(&reader->scratch, HANSE_MAX_RECORD_BYTES);
    enum hanse_status status = hanse_message_new(hanse_schema_record(), &reader->message, reader->err);
    if (status == HANSE_OK)
        status = read_object(reader, NULL, hanse_message_root(reader->message), json);
    hanse_buffer_release(&reader->scratch);
    if (status != HANSE_OK) {
        hanse_message_free(reader->message);
        reader->message = NULL;
    }
    return status;
}

enum hanse_status hanse_record_from_json(struct hanse_bytes json, struct hanse_record **out,
                                         struct hanse_error *err)
{
    if (out == NULL)
        return hanse_fail_null("out", err);
    enum hanse_status status = hanse_json_check_size(json, err);
    if (status != HANSE_OK)
        return status;
    json_error_t error;
    __attribute__((cleanup(release_json))) json_t *root =
        json_loadb(json.size > 0 ? (const char *)json.data : "", json.size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        return fail_parse(&error, err);
    if (!json_is_object(root))
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "JSON is refused: a record is an object");
    struct reader reader = {.text = json, .err = err};
    status = read_message(&reader, root);
    return status == HANSE_OK ? hanse_record_wrap(reader.message, out, err) : status;
}
