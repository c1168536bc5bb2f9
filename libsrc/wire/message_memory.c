/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of a message. Arrays that grow double, so that appending n elements costs O(n); how much room they
 * have stands before their first element. Arrays that protobuf-c made while decoding have no such place: the
 * first growth after decoding replaces them all, and messages that are only read pay nothing. */
#include "wire/message_memory.h"

#include <stdalign.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"

struct room {
    alignas(max_align_t) size_t elements;
};

bool hanse_message_exceeds_cap(const struct hanse_message *message, size_t size)
{
    return size > message->arena.max_bytes - message->arena.used_bytes;
}

enum hanse_status hanse_message_fail_cap(struct hanse_error *err)
{
    return hanse_fail(err, HANSE_LIMIT, "record exceeds the limit of %u bytes of memory",
                      HANSE_MAX_RECORD_MEMORY_BYTES);
}

enum hanse_status hanse_message_take(struct hanse_message *message, size_t size, void *out,
                                     struct hanse_error *err)
{
    if (hanse_message_exceeds_cap(message, size))
        return hanse_message_fail_cap(err);
    void *memory = hanse_arena_alloc(&message->arena, size);
    if (memory == NULL)
        return hanse_fail_memory(err);
    memcpy(out, &memory, sizeof memory);
    return HANSE_OK;
}

enum hanse_status hanse_message_copy(struct hanse_message *message, struct hanse_bytes bytes, char **out,
                                     struct hanse_error *err)
{
    char *copy = NULL;
    enum hanse_status status = hanse_message_take(message, bytes.size + 1, &copy, err);
    if (status != HANSE_OK)
        return status;
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    copy[bytes.size] = '\0';
    *out = copy;
    return HANSE_OK;
}

size_t hanse_descriptor_element_bytes(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return sizeof(int64_t);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    default:
        return sizeof(int32_t);
    }
}

/* Puts the elements of a repeated field into a new array that has room for `elements`. */
static enum hanse_status move_array(struct hanse_message *message, struct hanse_part *part,
                                    const ProtobufCFieldDescriptor *field, size_t elements,
                                    struct hanse_error *err)
{
    size_t size = hanse_descriptor_element_bytes(field->type);
    if (elements > HANSE_MAX_RECORD_MEMORY_BYTES / size)
        return hanse_message_fail_cap(err);
    struct room *room = NULL;
    enum hanse_status status = hanse_message_take(message, sizeof *room + elements * size, &room, err);
    if (status != HANSE_OK)
        return status;
    room->elements = elements;
    const uint8_t *old = hanse_array_of(part, field);
    void *array = room + 1;
    if (old != NULL)
        memcpy(array, old, *hanse_quantity_of(part, field) * size);
    memcpy(hanse_member_of(part, field), &array, sizeof array);
    return HANSE_OK;
}

static enum hanse_status make_growable(struct hanse_message *message, struct hanse_part *part,
                                       struct hanse_error *err);

/* Recursion is bounded: what was decoded is at most HANSE_MAX_RECORD_DEPTH levels deep. */
static enum hanse_status make_field_growable(struct hanse_message *message, struct hanse_part *part,
                                             const ProtobufCFieldDescriptor *field, struct hanse_error *err)
{
    size_t quantity = 1;
    enum hanse_status status = HANSE_OK;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        quantity = *hanse_quantity_of(part, field);
        if (quantity > 0)
            status = move_array(message, part, field, quantity, err);
        else
            memset(hanse_member_of(part, field), 0, sizeof(void *));
    }
    for (size_t i = 0; status == HANSE_OK && field->type == PROTOBUF_C_TYPE_MESSAGE && i < quantity; i++) {
        struct hanse_part *child = hanse_part_child(part, hanse_field_of(field), i);
        if (child != NULL)
            status = make_growable(message, child, err);
    }
    return status;
}

static enum hanse_status make_growable(struct hanse_message *message, struct hanse_part *part,
                                       struct hanse_error *err)
{
    const ProtobufCMessageDescriptor *type = hanse_struct_of(part)->descriptor;
    enum hanse_status status = HANSE_OK;
    for (unsigned i = 0; status == HANSE_OK && i < type->n_fields; i++)
        status = make_field_growable(message, part, &type->fields[i], err);
    return status;
}

enum hanse_status hanse_message_grow(struct hanse_message *message, struct hanse_part *part,
                                     const ProtobufCFieldDescriptor *field, struct hanse_error *err)
{
    enum { FIRST_ROOM = 4 };
    if (!message->can_grow) {
        enum hanse_status status = make_growable(message, hanse_part_of(message->root), err);
        if (status != HANSE_OK)
            return status;
        message->can_grow = true;
    }
    size_t quantity = *hanse_quantity_of(part, field);
    const uint8_t *array = hanse_array_of(part, field);
    size_t elements = 0;
    if (array != NULL)
        memcpy(&elements, array - sizeof(struct room), sizeof elements);
    if (quantity < elements)
        return HANSE_OK;
    return move_array(message, part, field, elements > 0 ? 2 * elements : FIRST_ROOM, err);
}
