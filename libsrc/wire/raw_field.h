/* SPDX-License-Identifier: Apache-2.0 */
/* Protobuf fields one by one, as strict about their spelling as the canonical form is. */
#ifndef HANSE_WIRE_RAW_FIELD_H
#define HANSE_WIRE_RAW_FIELD_H

#include "base/bytes.h"

/* The next field of a message, read without a table. `value` is that of wire types 0, 1 and 5,
 * `content` that of 2. */
struct hanse_raw_field {
    uint32_t number;
    unsigned wire_type;
    uint64_t value;
    struct hanse_bytes content;
};
/* False, with the reader failed, if the bytes there are no field: a varint that is not in its shortest form,
 * a number outside 1 to 2^29 - 1, another wire type than 0, 1, 2 and 5, or an end too soon. */
bool hanse_raw_field_read(struct hanse_reader *reader, struct hanse_raw_field *out);

#endif
