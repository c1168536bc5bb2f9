/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/record_scan.h"

#include "base/bytes.h"
#include "base/error.h"
#include "wire/canonical_table.h"
#include "wire/message_scan.h"

enum { FIRST_BODY_NUMBER = 16 }; /* record.proto: from here on bodies only */

bool hanse_record_kind_is_known(uint32_t number)
{
    return number >= FIRST_BODY_NUMBER && hanse_schema_find_number(hanse_schema_record(), number) != NULL;
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

/* The number of the one body of a record whose form is sound. */
static enum hanse_status find_body(struct hanse_bytes record, uint32_t *out_kind, struct hanse_error *err)
{
    struct hanse_reader reader = hanse_reader_of(record);
    uint32_t kind = 0;
    while (hanse_reader_left(&reader) > 0) {
        size_t start = reader.position;
        uint64_t key = read_varint(&reader);
        skip_value(&reader, (unsigned)(key & 7));
        if (reader.failed)
            return hanse_fail_at(err, HANSE_MALFORMED, start, "record has bytes that are no field");
        uint32_t number = (uint32_t)(key >> 3);
        if (number < FIRST_BODY_NUMBER)
            continue;
        if (kind != 0)
            return hanse_fail_at(err, HANSE_MALFORMED, start, "record has more than one body");
        if ((key & 7) != HANSE_WIRE_SIZED)
            return hanse_fail_at(err, HANSE_MALFORMED, start, "body of the record is no message");
        kind = number;
    }
    if (kind == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, record.size, "record has no body");
    *out_kind = kind;
    return HANSE_OK;
}

enum hanse_status hanse_record_scan(struct hanse_bytes record, uint32_t *out_kind, struct hanse_error *err)
{
    enum hanse_status status = hanse_message_scan(hanse_schema_record(), record, err);
    return status == HANSE_OK ? find_body(record, out_kind, err) : status;
}
