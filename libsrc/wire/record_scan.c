/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/record_scan.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "hanse/v1/record.pb-c.h"
#include "wire/canonical_table.h"

enum { FIRST_BODY_NUMBER = 16 }; /* record.proto: from here on bodies only */

bool hanse_record_kind_is_known(uint32_t number)
{
    return number >= FIRST_BODY_NUMBER &&
           protobuf_c_message_descriptor_get_field(&hanse__v1__record__descriptor, number) != NULL;
}

/* Records need not be canonical: any length of varint will do. */
static uint64_t read_varint(struct hanse_reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = hanse_reader_u8(reader);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    reader->failed = true;
    return 0;
}

static void skip_value(struct hanse_reader *reader, unsigned wire_type)
{
    if (wire_type == HANSE_WIRE_VARINT)
        (void)read_varint(reader);
    else if (wire_type == HANSE_WIRE_SIZED)
        (void)hanse_reader_take(reader, read_varint(reader));
    else if (wire_type == HANSE_WIRE_64)
        (void)hanse_reader_take(reader, 8);
    else if (wire_type == HANSE_WIRE_32)
        (void)hanse_reader_take(reader, 4);
    else
        reader->failed = true;
}

enum hanse_status hanse_record_scan(struct hanse_bytes record, uint32_t *out_kind, struct hanse_error *err)
{
    if (record.size > HANSE_MAX_RECORD_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_MAX_RECORD_BYTES, "record has %zu bytes, more than %u",
                             record.size, HANSE_MAX_RECORD_BYTES);
    struct hanse_reader reader = hanse_reader_of(record);
    uint32_t kind = 0;
    while (hanse_reader_left(&reader) > 0) {
        size_t start = reader.position;
        uint64_t key = read_varint(&reader);
        skip_value(&reader, (unsigned)(key & 7));
        if (reader.failed || key >> 3 == 0 || key > UINT32_MAX)
            return hanse_fail_at(err, HANSE_MALFORMED, start, "record has bytes that are no field");
        uint32_t number = (uint32_t)(key >> 3);
        if (number >= FIRST_BODY_NUMBER && kind != 0)
            return hanse_fail_at(err, HANSE_MALFORMED, start, "record has more than one body");
        if (number >= FIRST_BODY_NUMBER && (key & 7) != HANSE_WIRE_SIZED)
            return hanse_fail_at(err, HANSE_MALFORMED, start, "body of the record is no message");
        if (number >= FIRST_BODY_NUMBER)
            kind = number;
    }
    if (kind == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, record.size, "record has no body");
    *out_kind = kind;
    return HANSE_OK;
}
