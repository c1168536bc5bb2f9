/* SPDX-License-Identifier: Apache-2.0 */
/* A first pass without a buffer gives the size, which stands before each message. */
#include "wire/canonical_encode.h"

#include <string.h>

#include "base/error.h"

static const void *const_slot_of(const void *object, size_t offset)
{
    return (const uint8_t *)object + offset;
}

static size_t varint_bytes(uint64_t value)
{
    size_t size = 1;
    for (; value > 0x7f; value >>= 7)
        size++;
    return size;
}

static uint64_t key_of(const struct hanse_canonical_field *field)
{
    return (uint64_t)field->number << 3 | hanse_canonical_wire_type_of(field->type);
}

static size_t message_bytes(const struct hanse_canonical_message *table, const void *object);

static uint64_t number_in(const struct hanse_canonical_field *field, const void *slot)
{
    if (field->type == HANSE_CANONICAL_BOOL) {
        const bool *truth = slot;
        return *truth ? 1 : 0;
    }
    if (field->type == HANSE_CANONICAL_UINT32) {
        const uint32_t *number = slot;
        return *number;
    }
    const uint64_t *number = slot;
    return *number;
}

static size_t content_bytes(const struct hanse_canonical_field *field, const void *element)
{
    if (field->type == HANSE_CANONICAL_MESSAGE || field->type == HANSE_CANONICAL_MESSAGE_LIST)
        return message_bytes(field->message, element);
    const struct hanse_bytes *bytes = element;
    return bytes->size;
}

/* A singular message shares the struct of the one that holds it; everything else lies at its offset. */
static const void *element_of(const struct hanse_canonical_field *field, const void *object)
{
    return field->type == HANSE_CANONICAL_MESSAGE ? object : const_slot_of(object, field->offset);
}

static const uint8_t *list_of(const struct hanse_canonical_field *field, const void *object,
                              size_t *out_count)
{
    const uint8_t *elements;
    memcpy(&elements, const_slot_of(object, field->offset), sizeof elements);
    memcpy(out_count, const_slot_of(object, field->count_offset), sizeof *out_count);
    return elements;
}

static size_t field_bytes(const struct hanse_canonical_field *field, const void *object)
{
    size_t key_bytes = varint_bytes(key_of(field));
    const void *element = element_of(field, object);
    if (hanse_canonical_is_list(field)) {
        size_t count;
        size_t sum = 0;
        const uint8_t *elements = list_of(field, object, &count);
        for (size_t i = 0; i < count; i++) {
            size_t size = content_bytes(field, elements + i * hanse_canonical_element_bytes(field));
            sum += key_bytes + varint_bytes(size) + size;
        }
        return sum;
    }
    if (hanse_canonical_wire_type_of(field->type) == HANSE_WIRE_SIZED) {
        size_t size = content_bytes(field, element);
        return size > 0 ? key_bytes + varint_bytes(size) + size : 0;
    }
    uint64_t value = number_in(field, element);
    if (value == 0)
        return 0;
    return key_bytes + (field->type == HANSE_CANONICAL_FIXED64 ? 8 : varint_bytes(value));
}

static size_t message_bytes(const struct hanse_canonical_message *table, const void *object)
{
    size_t sum = 0;
    for (size_t i = 0; i < table->field_count; i++)
        sum += field_bytes(&table->fields[i], object);
    return sum;
}

static void put_varint(struct hanse_buffer *out, uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        out->data[out->size++] = (uint8_t)(value | 0x80);
    out->data[out->size++] = (uint8_t)value;
}

static void put_message(const struct hanse_canonical_message *table, const void *object,
                        struct hanse_buffer *out);

static void put_sized(const struct hanse_canonical_field *field, const void *element,
                      struct hanse_buffer *out)
{
    put_varint(out, key_of(field));
    put_varint(out, content_bytes(field, element));
    if (field->type == HANSE_CANONICAL_MESSAGE || field->type == HANSE_CANONICAL_MESSAGE_LIST) {
        put_message(field->message, element, out);
        return;
    }
    const struct hanse_bytes *bytes = element;
    if (bytes->size > 0)
        memcpy(out->data + out->size, bytes->data, bytes->size);
    out->size += bytes->size;
}

static void put_number(const struct hanse_canonical_field *field, uint64_t value, struct hanse_buffer *out)
{
    put_varint(out, key_of(field));
    if (field->type != HANSE_CANONICAL_FIXED64) {
        put_varint(out, value);
        return;
    }
    for (unsigned i = 0; i < 8; i++)
        out->data[out->size++] = (uint8_t)(value >> (8 * i));
}

/* The room for everything is there: field_bytes counted it. */
static void put_field(const struct hanse_canonical_field *field, const void *object, struct hanse_buffer *out)
{
    if (field_bytes(field, object) == 0)
        return;
    const void *element = element_of(field, object);
    if (hanse_canonical_is_list(field)) {
        size_t count;
        const uint8_t *elements = list_of(field, object, &count);
        for (size_t i = 0; i < count; i++)
            put_sized(field, elements + i * hanse_canonical_element_bytes(field), out);
    } else if (hanse_canonical_wire_type_of(field->type) == HANSE_WIRE_SIZED) {
        put_sized(field, element, out);
    } else {
        put_number(field, number_in(field, element), out);
    }
}

static void put_message(const struct hanse_canonical_message *table, const void *object,
                        struct hanse_buffer *out)
{
    for (size_t i = 0; i < table->field_count; i++)
        put_field(&table->fields[i], object, out);
}

static enum hanse_status check_list(const struct hanse_canonical_message *table,
                                    const struct hanse_canonical_field *field, const void *object,
                                    struct hanse_error *err)
{
    size_t count;
    const uint8_t *elements = list_of(field, object, &count);
    size_t size = hanse_canonical_element_bytes(field);
    if (count > field->max_count)
        return hanse_fail(err, HANSE_LIMIT, "field %u of the %s has %zu elements, more than %zu",
                          field->number, table->name, count, field->max_count);
    for (size_t i = 1; field->ascending && i < count; i++)
        if (hanse_canonical_compare(field, elements + (i - 1) * size, elements + i * size) >= 0)
            return hanse_fail(err, HANSE_INVALID_ARGUMENT, "field %u of the %s is not in ascending order",
                              field->number, table->name);
    return HANSE_OK;
}

static enum hanse_status check_message(const struct hanse_canonical_message *table, const void *object,
                                       struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < table->field_count && status == HANSE_OK; i++) {
        const struct hanse_canonical_field *field = &table->fields[i];
        if (hanse_canonical_is_list(field))
            status = check_list(table, field, object, err);
        else if (field->type == HANSE_CANONICAL_MESSAGE)
            status = check_message(field->message, object, err);
    }
    return status;
}

enum hanse_status hanse_canonical_encode(const struct hanse_canonical_message *table, const void *object,
                                         struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = check_message(table, object, err);
    if (status == HANSE_OK)
        status = hanse_buffer_reserve(out, message_bytes(table, object), err);
    if (status == HANSE_OK)
        put_message(table, object, out);
    return status;
}
