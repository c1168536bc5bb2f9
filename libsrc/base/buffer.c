/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

enum { FIRST_CAPACITY = 64, VARINT_MAX_BYTES = 10 };

void hanse_buffer_init(struct hanse_buffer *buffer, size_t max_bytes)
{
    *buffer = (struct hanse_buffer){.max_bytes = max_bytes};
}

void hanse_buffer_release(struct hanse_buffer *buffer)
{
    hanse_free(buffer->data);
    *buffer = (struct hanse_buffer){.max_bytes = buffer->max_bytes};
}

void hanse_buffer_clear(struct hanse_buffer *buffer)
{
    buffer->size = 0;
}

struct hanse_bytes hanse_buffer_view(const struct hanse_buffer *buffer)
{
    return hanse_bytes_of(buffer->data, buffer->size);
}

/* One byte more than the capacity is allocated: formatting and detaching write a NUL there, which then does
 * not count against max_bytes. */
static enum hanse_status grow(struct hanse_buffer *buffer, size_t capacity, struct hanse_error *err)
{
    uint8_t *grown = capacity < SIZE_MAX ? hanse_realloc(buffer->data, capacity + 1) : NULL;
    if (grown == NULL)
        return hanse_fail_memory(err);
    buffer->data = grown;
    buffer->capacity = capacity;
    return HANSE_OK;
}

enum hanse_status hanse_buffer_reserve(struct hanse_buffer *buffer, size_t more, struct hanse_error *err)
{
    if (more > buffer->max_bytes - buffer->size)
        return hanse_fail(err, HANSE_LIMIT, "buffer of at most %zu bytes would hold %zu more than its %zu",
                          buffer->max_bytes, more, buffer->size);
    size_t needed = buffer->size + more;
    if (needed <= buffer->capacity)
        return HANSE_OK;
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_CAPACITY;
    while (capacity < needed)
        capacity = capacity > buffer->max_bytes / 2 ? buffer->max_bytes : capacity * 2;
    if (capacity > buffer->max_bytes)
        capacity = buffer->max_bytes;
    return grow(buffer, capacity, err);
}

enum hanse_status hanse_buffer_append(struct hanse_buffer *buffer, struct hanse_bytes bytes,
                                      struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_reserve(buffer, bytes.size, err);
    if (status == HANSE_OK && bytes.size > 0) {
        memcpy(buffer->data + buffer->size, bytes.data, bytes.size);
        buffer->size += bytes.size;
    }
    return status;
}

enum hanse_status hanse_buffer_append_text(struct hanse_buffer *buffer, const char *text,
                                           struct hanse_error *err)
{
    return hanse_buffer_append(buffer, hanse_bytes_of_text(text), err);
}

enum hanse_status hanse_buffer_append_format(struct hanse_buffer *buffer, struct hanse_error *err,
                                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "format cannot be printed");
    enum hanse_status status = hanse_buffer_reserve(buffer, (size_t)length, err);
    if (status != HANSE_OK || length == 0)
        return status;
    va_start(arguments, format);
    (void)vsnprintf((char *)buffer->data + buffer->size, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->size += (size_t)length;
    return HANSE_OK;
}

enum hanse_status hanse_buffer_append_u8(struct hanse_buffer *buffer, uint8_t value, struct hanse_error *err)
{
    return hanse_buffer_append(buffer, hanse_bytes_of(&value, 1), err);
}

enum hanse_status hanse_buffer_append_be(struct hanse_buffer *buffer, uint64_t value, size_t width,
                                         struct hanse_error *err)
{
    uint8_t encoded[8];
    for (size_t i = 0; i < width; i++)
        encoded[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    return hanse_buffer_append(buffer, hanse_bytes_of(encoded, width), err);
}

enum hanse_status hanse_buffer_append_varint(struct hanse_buffer *buffer, uint64_t value,
                                             struct hanse_error *err)
{
    uint8_t encoded[VARINT_MAX_BYTES];
    size_t size = 0;
    do {
        encoded[size] = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        value >>= 7;
        size++;
    } while (value > 0);
    return hanse_buffer_append(buffer, hanse_bytes_of(encoded, size), err);
}

void hanse_buffer_drop_front(struct hanse_buffer *buffer, size_t count)
{
    if (count >= buffer->size) {
        buffer->size = 0;
        return;
    }
    if (count > 0) {
        memmove(buffer->data, buffer->data + count, buffer->size - count);
        buffer->size -= count;
    }
}

enum hanse_status hanse_buffer_detach_text(struct hanse_buffer *buffer, char **out, struct hanse_error *err)
{
    enum hanse_status status = buffer->data == NULL ? grow(buffer, 0, err) : HANSE_OK;
    if (status != HANSE_OK)
        return status;
    buffer->data[buffer->size] = '\0';
    *out = (char *)buffer->data;
    hanse_buffer_init(buffer, buffer->max_bytes);
    return HANSE_OK;
}
