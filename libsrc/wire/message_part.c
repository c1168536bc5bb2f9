/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a part through reflection. */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "wire/descriptor.h"

const struct hanse_schema *hanse_part_schema(const struct hanse_part *part)
{
    return hanse_schema_of(hanse_struct_of(part)->descriptor);
}

size_t hanse_part_unknown_count(const struct hanse_part *part)
{
    return hanse_struct_of(part)->n_unknown_fields;
}

uint32_t hanse_part_unknown_number(const struct hanse_part *part, size_t index)
{
    assert(index < hanse_struct_of(part)->n_unknown_fields);
    return hanse_struct_of(part)->unknown_fields[index].tag;
}

bool hanse_part_unknown_is_sized(const struct hanse_part *part, size_t index)
{
    assert(index < hanse_struct_of(part)->n_unknown_fields);
    return hanse_struct_of(part)->unknown_fields[index].wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
}

/* Where the element is; NULL if it is not there. Scalars outside of any oneof are always somewhere. */
static const void *slot_of(const struct hanse_part *part, const ProtobufCFieldDescriptor *field, size_t index)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        bool there = index < *hanse_quantity_of(part, field);
        return there ? hanse_array_of(part, field) + index * hanse_descriptor_element_bytes(field->type)
                     : NULL;
    }
    if (index > 0 || (hanse_descriptor_in_oneof(field) && *hanse_case_of(part, field) != field->id))
        return NULL;
    return hanse_member_of(part, field);
}

static struct hanse_bytes text_at(const void *slot)
{
    const char *text = NULL;
    memcpy(&text, slot, sizeof text);
    return hanse_bytes_of_text(text);
}

static struct hanse_bytes bytes_at(const void *slot)
{
    ProtobufCBinaryData data;
    memcpy(&data, slot, sizeof data);
    return hanse_bytes_of(data.data, data.len);
}

static int32_t int32_at(const void *slot)
{
    int32_t number;
    memcpy(&number, slot, sizeof number);
    return number;
}

static int64_t int64_at(const void *slot)
{
    int64_t number;
    memcpy(&number, slot, sizeof number);
    return number;
}

static void read_slot(const void *slot, struct hanse_value *value)
{
    switch (value->kind) {
    case HANSE_FIELD_BOOL:
        value->as.integer = int32_at(slot) != 0;
        break;
    case HANSE_FIELD_ENUM:
    case HANSE_FIELD_INT32:
        value->as.integer = int32_at(slot);
        break;
    case HANSE_FIELD_INT64:
        value->as.integer = int64_at(slot);
        break;
    case HANSE_FIELD_UINT32:
        value->as.natural = (uint32_t)int32_at(slot);
        break;
    case HANSE_FIELD_UINT64:
        value->as.natural = (uint64_t)int64_at(slot);
        break;
    case HANSE_FIELD_STRING:
        value->as.bytes = text_at(slot);
        break;
    case HANSE_FIELD_BYTES:
        value->as.bytes = bytes_at(slot);
        break;
    case HANSE_FIELD_MESSAGE:
        break;
    }
}

static bool is_zero(const struct hanse_value *value)
{
    switch (value->kind) {
    case HANSE_FIELD_STRING:
    case HANSE_FIELD_BYTES:
        return value->as.bytes.size == 0;
    case HANSE_FIELD_UINT32:
    case HANSE_FIELD_UINT64:
        return value->as.natural == 0;
    default:
        return value->as.integer == 0;
    }
}

bool hanse_part_get(const struct hanse_part *part, const struct hanse_field *field, size_t index,
                    struct hanse_value *out)
{
    const ProtobufCFieldDescriptor *descriptor = hanse_field_descriptor_of(field);
    assert(descriptor->type != PROTOBUF_C_TYPE_MESSAGE);
    const void *slot = slot_of(part, descriptor, index);
    if (slot == NULL)
        return false;
    struct hanse_value value = {.kind = hanse_field_kind_of(field)};
    read_slot(slot, &value);
    bool zero_is_unset =
        descriptor->label != PROTOBUF_C_LABEL_REPEATED && !hanse_descriptor_in_oneof(descriptor);
    if (zero_is_unset && is_zero(&value))
        return false;
    *out = value;
    return true;
}

struct hanse_part *hanse_part_child(const struct hanse_part *part, const struct hanse_field *field,
                                    size_t index)
{
    const ProtobufCFieldDescriptor *descriptor = hanse_field_descriptor_of(field);
    assert(descriptor->type == PROTOBUF_C_TYPE_MESSAGE);
    const void *slot = slot_of(part, descriptor, index);
    ProtobufCMessage *child = NULL;
    if (slot != NULL)
        memcpy(&child, slot, sizeof child);
    return hanse_part_of(child);
}

size_t hanse_part_count(const struct hanse_part *part, const struct hanse_field *field)
{
    const ProtobufCFieldDescriptor *descriptor = hanse_field_descriptor_of(field);
    if (descriptor->label == PROTOBUF_C_LABEL_REPEATED)
        return *hanse_quantity_of(part, descriptor);
    struct hanse_value value;
    if (descriptor->type == PROTOBUF_C_TYPE_MESSAGE)
        return hanse_part_child(part, field, 0) != NULL;
    return hanse_part_get(part, field, 0, &value);
}
