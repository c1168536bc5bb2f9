/* SPDX-License-Identifier: Apache-2.0 */
/* Reflection over the descriptors that protoc-c generates. */
#include "wire/schema.h"

#include <assert.h>
#include <string.h>

#include <hanse/v1/record.pb-c.h>
#include <protobuf-c/protobuf-c.h>

#include "wire/descriptor.h"

const struct hanse_schema *hanse_schema_record(void)
{
    return hanse_schema_of(&hanse__v1__record__descriptor);
}

const char *hanse_schema_name(const struct hanse_schema *schema)
{
    return hanse_descriptor_of(schema)->short_name;
}

size_t hanse_schema_field_count(const struct hanse_schema *schema)
{
    return hanse_descriptor_of(schema)->n_fields;
}

const struct hanse_field *hanse_schema_field(const struct hanse_schema *schema, size_t index)
{
    const ProtobufCMessageDescriptor *type = hanse_descriptor_of(schema);
    assert(index < type->n_fields);
    return hanse_field_of(&type->fields[index]);
}

/* "transactionDate" and "transaction_date" both give the latter; false if it cannot be a field's name. */
static bool snake_name(struct hanse_bytes name, char out[HANSE_FIELD_NAME_BYTES])
{
    size_t used = 0;
    for (size_t i = 0; i < name.size; i++) {
        char c = (char)name.data[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (c == '\0' || used + 3 > HANSE_FIELD_NAME_BYTES)
            return false;
        if (upper)
            out[used++] = '_';
        out[used++] = upper ? (char)(c - 'A' + 'a') : c;
    }
    out[used] = '\0';
    return true;
}

const struct hanse_field *hanse_schema_find(const struct hanse_schema *schema, struct hanse_bytes name)
{
    char snake[HANSE_FIELD_NAME_BYTES];
    if (!snake_name(name, snake))
        return NULL;
    return hanse_field_of(
        protobuf_c_message_descriptor_get_field_by_name(hanse_descriptor_of(schema), snake));
}

const struct hanse_field *hanse_schema_find_number(const struct hanse_schema *schema, uint32_t number)
{
    return hanse_field_of(protobuf_c_message_descriptor_get_field(hanse_descriptor_of(schema), number));
}

const char *hanse_field_name(const struct hanse_field *field)
{
    return hanse_field_descriptor_of(field)->name;
}

size_t hanse_field_json_name(const struct hanse_field *field, char out[HANSE_FIELD_NAME_BYTES])
{
    const char *snake = hanse_field_descriptor_of(field)->name;
    size_t used = 0;
    for (size_t i = 0; snake[i] != '\0' && used + 1 < HANSE_FIELD_NAME_BYTES; i++) {
        bool raise = snake[i] == '_' && snake[i + 1] >= 'a' && snake[i + 1] <= 'z';
        if (raise)
            i++;
        out[used++] = raise ? (char)(snake[i] - 'a' + 'A') : snake[i];
    }
    out[used] = '\0';
    return used;
}

uint32_t hanse_field_number(const struct hanse_field *field)
{
    return hanse_field_descriptor_of(field)->id;
}

enum hanse_field_kind hanse_field_kind_of(const struct hanse_field *field)
{
    switch (hanse_field_descriptor_of(field)->type) {
    case PROTOBUF_C_TYPE_BOOL:
        return HANSE_FIELD_BOOL;
    case PROTOBUF_C_TYPE_ENUM:
        return HANSE_FIELD_ENUM;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return HANSE_FIELD_INT32;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return HANSE_FIELD_INT64;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return HANSE_FIELD_UINT32;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return HANSE_FIELD_UINT64;
    case PROTOBUF_C_TYPE_STRING:
        return HANSE_FIELD_STRING;
    case PROTOBUF_C_TYPE_BYTES:
        return HANSE_FIELD_BYTES;
    case PROTOBUF_C_TYPE_MESSAGE:
        return HANSE_FIELD_MESSAGE;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    }
    assert(0 && "records have no floating point numbers");
    return HANSE_FIELD_BYTES;
}

bool hanse_field_is_repeated(const struct hanse_field *field)
{
    return hanse_field_descriptor_of(field)->label == PROTOBUF_C_LABEL_REPEATED;
}

const struct hanse_schema *hanse_field_message(const struct hanse_field *field)
{
    const ProtobufCFieldDescriptor *descriptor = hanse_field_descriptor_of(field);
    return descriptor->type == PROTOBUF_C_TYPE_MESSAGE ? hanse_schema_of(descriptor->descriptor) : NULL;
}

const char *hanse_field_enum_name(const struct hanse_field *field, int32_t number)
{
    const ProtobufCEnumDescriptor *type = hanse_field_descriptor_of(field)->descriptor;
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);
    return value != NULL ? value->name : NULL;
}

bool hanse_field_enum_number(const struct hanse_field *field, struct hanse_bytes name, int32_t *out)
{
    const ProtobufCEnumDescriptor *type = hanse_field_descriptor_of(field)->descriptor;
    for (unsigned i = 0; i < type->n_values; i++) {
        const char *candidate = type->values[i].name;
        if (strlen(candidate) == name.size && memcmp(candidate, name.data, name.size) == 0) {
            *out = type->values[i].value;
            return true;
        }
    }
    return false;
}

const char *hanse_field_enum_at(const struct hanse_field *field, size_t index)
{
    const ProtobufCEnumDescriptor *type = hanse_field_descriptor_of(field)->descriptor;
    return index < type->n_values ? type->values[index].name : NULL;
}
