/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <string.h>

struct hanse_bytes hanse_bytes_of(const void *data, size_t size)
{
    return (struct hanse_bytes){.data = data, .size = size};
}

struct hanse_bytes hanse_bytes_of_text(const char *text)
{
    return hanse_bytes_of(text, text != NULL ? strlen(text) : 0);
}

bool hanse_bytes_equal(struct hanse_bytes a, struct hanse_bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool hanse_bytes_equal_text(struct hanse_bytes a, const char *text)
{
    return hanse_bytes_equal(a, hanse_bytes_of_text(text));
}

int hanse_bytes_compare(struct hanse_bytes a, struct hanse_bytes b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared > 0 ? memcmp(a.data, b.data, shared) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

struct hanse_bytes hanse_bytes_slice(struct hanse_bytes whole, size_t start, size_t count)
{
    if (start > whole.size)
        start = whole.size;
    if (count > whole.size - start)
        count = whole.size - start;
    return hanse_bytes_of(count > 0 ? whole.data + start : NULL, count);
}

size_t hanse_bytes_find(struct hanse_bytes whole, size_t start, uint8_t byte)
{
    if (start >= whole.size)
        return whole.size;
    const uint8_t *found = memchr(whole.data + start, byte, whole.size - start);
    return found != NULL ? (size_t)(found - whole.data) : whole.size;
}

struct hanse_reader hanse_reader_of(struct hanse_bytes bytes)
{
    return (struct hanse_reader){.bytes = bytes};
}

size_t hanse_reader_left(const struct hanse_reader *reader)
{
    return reader->failed ? 0 : reader->bytes.size - reader->position;
}

struct hanse_bytes hanse_reader_take(struct hanse_reader *reader, uint64_t size)
{
    if (reader->failed || size > reader->bytes.size - reader->position) {
        reader->failed = true;
        return hanse_bytes_of(NULL, 0);
    }
    struct hanse_bytes taken = hanse_bytes_slice(reader->bytes, reader->position, (size_t)size);
    reader->position += (size_t)size;
    return taken;
}

static uint64_t read_be(struct hanse_reader *reader, size_t width)
{
    struct hanse_bytes taken = hanse_reader_take(reader, width);
    uint64_t value = 0;
    for (size_t i = 0; i < taken.size; i++)
        value = value << 8 | taken.data[i];
    return value;
}

uint8_t hanse_reader_u8(struct hanse_reader *reader)
{
    return (uint8_t)read_be(reader, 1);
}

uint16_t hanse_reader_u16_be(struct hanse_reader *reader)
{
    return (uint16_t)read_be(reader, 2);
}

uint32_t hanse_reader_u32_be(struct hanse_reader *reader)
{
    return (uint32_t)read_be(reader, 4);
}

uint64_t hanse_reader_u64_be(struct hanse_reader *reader)
{
    return read_be(reader, 8);
}

uint64_t hanse_reader_varint(struct hanse_reader *reader)
{
    if (reader->failed)
        return 0;
    uint64_t value = 0;
    size_t at = reader->position;
    for (unsigned shift = 0; shift < 64 && at < reader->bytes.size; shift += 7) {
        uint8_t byte = reader->bytes.data[at++];
        bool too_many_bits = shift == 63 && byte > 1;
        bool not_shortest = shift > 0 && byte == 0;
        if (too_many_bits || not_shortest)
            break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            reader->position = at;
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

bool hanse_reader_done(const struct hanse_reader *reader)
{
    return !reader->failed && reader->position == reader->bytes.size;
}
