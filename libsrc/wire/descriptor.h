/* SPDX-License-Identifier: Apache-2.0 */
/* What hanse_schema, hanse_field and hanse_part are inside of this folder: protobuf-c's own structs under
 * names that the rest of the library may see. Included by wire/ only. */
#ifndef HANSE_WIRE_DESCRIPTOR_H
#define HANSE_WIRE_DESCRIPTOR_H

#include <stdbool.h>
#include <string.h>

#include <protobuf-c/protobuf-c.h>

#include "wire/message.h"

static inline const struct hanse_schema *hanse_schema_of(const ProtobufCMessageDescriptor *type)
{
    return (const struct hanse_schema *)type;
}

static inline const ProtobufCMessageDescriptor *hanse_descriptor_of(const struct hanse_schema *schema)
{
    return (const ProtobufCMessageDescriptor *)schema;
}

static inline const struct hanse_field *hanse_field_of(const ProtobufCFieldDescriptor *field)
{
    return (const struct hanse_field *)field;
}

static inline const ProtobufCFieldDescriptor *hanse_field_descriptor_of(const struct hanse_field *field)
{
    return (const ProtobufCFieldDescriptor *)field;
}

static inline bool hanse_descriptor_in_oneof(const ProtobufCFieldDescriptor *field)
{
    return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

static inline ProtobufCMessage *hanse_struct_of(const struct hanse_part *part)
{
    return (ProtobufCMessage *)part;
}

static inline struct hanse_part *hanse_part_of(ProtobufCMessage *message)
{
    return (struct hanse_part *)message;
}

/* The field's member of the part's struct. */
static inline void *hanse_member_of(const struct hanse_part *part, const ProtobufCFieldDescriptor *field)
{
    return (uint8_t *)hanse_struct_of(part) + field->offset;
}

/* Of a repeated field: how many elements its array has. */
static inline size_t *hanse_quantity_of(const struct hanse_part *part, const ProtobufCFieldDescriptor *field)
{
    return (void *)((uint8_t *)hanse_struct_of(part) + field->quantifier_offset);
}

/* Of a oneof: the number of the member that is set, 0 if none. */
static inline uint32_t *hanse_case_of(const struct hanse_part *part, const ProtobufCFieldDescriptor *field)
{
    return (void *)((uint8_t *)hanse_struct_of(part) + field->quantifier_offset);
}

/* The array of a repeated field, NULL if it never had one. Copied bytewise: its type is that of the generated
 * struct. */
static inline uint8_t *hanse_array_of(const struct hanse_part *part, const ProtobufCFieldDescriptor *field)
{
    uint8_t *array;
    memcpy(&array, hanse_member_of(part, field), sizeof array);
    return array;
}

/* Bytes that an element of an array, or a singular member, takes. */
size_t hanse_descriptor_element_bytes(ProtobufCType type);

#endif
