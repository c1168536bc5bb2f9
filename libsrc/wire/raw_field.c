/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/raw_field.h"

#include "wire/canonical_table.h"

enum { MAX_FIELD_NUMBER = (1 << 29) - 1 };

static uint64_t read_le(struct hanse_reader *reader, size_t width)
{
    struct hanse_bytes taken = hanse_reader_take(reader, width);
    uint64_t value = 0;
    for (size_t i = 0; i < taken.size; i++)
        value |= (uint64_t)taken.data[i] << (8 * i);
    return value;
}

bool hanse_raw_field_read(struct hanse_reader *reader, struct hanse_raw_field *out)
{
    uint64_t key = hanse_reader_varint(reader);
    uint64_t number = key >> 3;
    if (reader->failed || number == 0 || number > MAX_FIELD_NUMBER) {
        reader->failed = true;
        return false;
    }
    out->number = (uint32_t)number;
    out->wire_type = (unsigned)(key & 7);
    out->value = 0;
    out->content = hanse_bytes_of(NULL, 0);
    if (out->wire_type == HANSE_WIRE_VARINT)
        out->value = hanse_reader_varint(reader);
    else if (out->wire_type == HANSE_WIRE_SIZED)
        out->content = hanse_reader_take(reader, hanse_reader_varint(reader));
    else if (out->wire_type == HANSE_WIRE_64)
        out->value = read_le(reader, 8);
    else if (out->wire_type == HANSE_WIRE_32)
        out->value = read_le(reader, 4);
    else
        reader->failed = true;
    return !reader->failed;
}
