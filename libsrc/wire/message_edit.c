/* SPDX-License-Identifier: Apache-2.0 */
/* Changing a part. Whatever can fail comes before the first change. */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "wire/message_memory.h"

enum hanse_status hanse_message_make(struct hanse_message *message, const struct hanse_schema *schema,
                                     struct hanse_part **out, struct hanse_error *err)
{
    const ProtobufCMessageDescriptor *type = hanse_descriptor_of(schema);
    ProtobufCMessage *made = NULL;
    enum hanse_status status = hanse_message_take(message, type->sizeof_message, &made, err);
    if (status != HANSE_OK)
        return status;
    type->message_init(made);
    *out = hanse_part_of(made);
    return HANSE_OK;
}

/* What a member or an element holds, ready to be copied there. */
union element {
    int32_t small;
    int64_t large;
    void *pointer;
    ProtobufCBinaryData bytes;
};

/* Puts the element at `index`, which is at most the count; the caller has made room. */
static void store(struct hanse_part *part, const ProtobufCFieldDescriptor *field, size_t index,
                  const union element *element)
{
    size_t size = hanse_descriptor_element_bytes(field->type);
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t *quantity = hanse_quantity_of(part, field);
        memcpy(hanse_array_of(part, field) + index * size, element, size);
        if (index == *quantity)
            ++*quantity;
        return;
    }
    if (hanse_descriptor_in_oneof(field))
        *hanse_case_of(part, field) = field->id;
    memcpy(hanse_member_of(part, field), element, size);
}

/* Room for an element at `index`, which is at most the count. */
static enum hanse_status make_room(struct hanse_message *message, struct hanse_part *part,
                                   const ProtobufCFieldDescriptor *field, size_t index,
                                   struct hanse_error *err)
{
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        assert(index == 0);
        return HANSE_OK;
    }
    assert(index <= *hanse_quantity_of(part, field));
    return index < *hanse_quantity_of(part, field) ? HANSE_OK : hanse_message_grow(message, part, field, err);
}

enum hanse_status hanse_message_attach(struct hanse_message *message, struct hanse_part *part,
                                       const struct hanse_field *field, struct hanse_part *child,
                                       struct hanse_error *err)
{
    const ProtobufCFieldDescriptor *descriptor = hanse_field_descriptor_of(field);
    assert(descriptor->descriptor == hanse_struct_of(child)->descriptor);
    size_t index = hanse_field_is_repeated(field) ? *hanse_quantity_of(part, descriptor) : 0;
    enum hanse_status status = make_room(message, part, descriptor, index, err);
    if (status == HANSE_OK)
        store(part, descriptor, index, &(union element){.pointer = child});
    return status;
}

static enum hanse_status check_text(struct hanse_bytes text, const struct hanse_field *field,
                                    struct hanse_error *err)
{
    size_t bad = hanse_utf8_check(text);
    if (bad < text.size)
        return hanse_fail_at(err, HANSE_INVALID_ARGUMENT, bad, "text of \"%s\" is not UTF-8",
                             hanse_field_name(field));
    bad = hanse_bytes_find(text, 0, 0);
    if (bad < text.size)
        return hanse_fail_at(err, HANSE_INVALID_ARGUMENT, bad, "text of \"%s\" holds a NUL",
                             hanse_field_name(field));
    return HANSE_OK;
}

static bool number_fits(const struct hanse_value *value)
{
    switch (value->kind) {
    case HANSE_FIELD_BOOL:
        return value->as.integer == 0 || value->as.integer == 1;
    case HANSE_FIELD_ENUM:
    case HANSE_FIELD_INT32:
        return value->as.integer >= INT32_MIN && value->as.integer <= INT32_MAX;
    case HANSE_FIELD_UINT32:
        return value->as.natural <= UINT32_MAX;
    default:
        return true;
    }
}

static void number_element(const struct hanse_value *value, union element *out)
{
    switch (value->kind) {
    case HANSE_FIELD_INT64:
        out->large = value->as.integer;
        break;
    case HANSE_FIELD_UINT64:
        out->large = (int64_t)value->as.natural;
        break;
    case HANSE_FIELD_UINT32:
        out->small = (int32_t)(uint32_t)value->as.natural;
        break;
    default:
        out->small = (int32_t)value->as.integer;
        break;
    }
}

static enum hanse_status make_element(struct hanse_message *message, const struct hanse_field *field,
                                      const struct hanse_value *value, union element *out,
                                      struct hanse_error *err)
{
    bool is_text = value->kind == HANSE_FIELD_STRING;
    if (!is_text && value->kind != HANSE_FIELD_BYTES) {
        if (!number_fits(value))
            return hanse_fail(err, HANSE_INVALID_ARGUMENT, "number is out of the range of \"%s\"",
                              hanse_field_name(field));
        number_element(value, out);
        return HANSE_OK;
    }
    enum hanse_status status = is_text ? check_text(value->as.bytes, field, err) : HANSE_OK;
    char *copy = NULL;
    if (status == HANSE_OK)
        status = hanse_message_copy(message, value->as.bytes, &copy, err);
    if (status != HANSE_OK)
        return status;
    if (is_text)
        out->pointer = copy;
    else
        out->bytes = (ProtobufCBinaryData){.len = value->as.bytes.size, .data = (uint8_t *)copy};
    return HANSE_OK;
}

enum hanse_status hanse_message_put(struct hanse_message *message, struct hanse_part *part,
                                    const struct hanse_field *field, size_t index,
                                    const struct hanse_value *value, struct hanse_error *err)
{
    assert(value->kind == hanse_field_kind_of(field) && value->kind != HANSE_FIELD_MESSAGE);
    union element element;
    enum hanse_status status = make_element(message, field, value, &element, err);
    if (status == HANSE_OK)
        status = make_room(message, part, hanse_field_descriptor_of(field), index, err);
    if (status == HANSE_OK)
        store(part, hanse_field_descriptor_of(field), index, &element);
    return status;
}

void hanse_part_clear(struct hanse_part *part, const struct hanse_field *field)
{
    const ProtobufCFieldDescriptor *descriptor = hanse_field_descriptor_of(field);
    if (descriptor->label == PROTOBUF_C_LABEL_REPEATED) {
        *hanse_quantity_of(part, descriptor) = 0;
        return;
    }
    if (hanse_descriptor_in_oneof(descriptor)) {
        if (*hanse_case_of(part, descriptor) != descriptor->id)
            return;
        *hanse_case_of(part, descriptor) = 0;
    }
    memset(hanse_member_of(part, descriptor), 0, hanse_descriptor_element_bytes(descriptor->type));
}

void hanse_part_remove(struct hanse_part *part, const struct hanse_field *field, size_t index)
{
    const ProtobufCFieldDescriptor *descriptor = hanse_field_descriptor_of(field);
    if (descriptor->label != PROTOBUF_C_LABEL_REPEATED) {
        hanse_part_clear(part, field);
        return;
    }
    size_t size = hanse_descriptor_element_bytes(descriptor->type);
    uint8_t *array = hanse_array_of(part, descriptor);
    size_t *quantity = hanse_quantity_of(part, descriptor);
    assert(index < *quantity);
    memmove(array + index * size, array + (index + 1) * size, (*quantity - index - 1) * size);
    --*quantity;
}
