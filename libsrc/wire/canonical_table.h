/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that say what a message looks like on the wire and in a struct; canonical_decode and
 * canonical_encode work by them. */
#ifndef HANSE_WIRE_CANONICAL_TABLE_H
#define HANSE_WIRE_CANONICAL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum { HANSE_WIRE_VARINT = 0, HANSE_WIRE_64 = 1, HANSE_WIRE_SIZED = 2, HANSE_WIRE_32 = 5 };

enum hanse_canonical_type {
    HANSE_CANONICAL_UINT32, /* uint32 and enum; uint32_t */
    HANSE_CANONICAL_UINT64,
    HANSE_CANONICAL_FIXED64, /* uint64_t */
    HANSE_CANONICAL_BOOL,
    HANSE_CANONICAL_BYTES,   /* bytes and string; struct hanse_bytes */
    HANSE_CANONICAL_MESSAGE, /* its fields lie in the same struct; `offset` is a bool that says it is there */
    HANSE_CANONICAL_BYTES_LIST,  /* pointer to struct hanse_bytes */
    HANSE_CANONICAL_MESSAGE_LIST /* pointer to structs of message->struct_bytes */
};

struct hanse_canonical_message;

struct hanse_canonical_field {
    uint32_t number;
    enum hanse_canonical_type type;
    size_t offset;                                 /* in the struct */
    const struct hanse_canonical_message *message; /* MESSAGE and MESSAGE_LIST */
    size_t count_offset;                           /* lists: of the size_t beside the pointer */
    size_t max_count;                              /* lists */
    bool ascending; /* lists: strictly, bytes by memcmp, messages by the uint64_t that they start with */
};

struct hanse_canonical_message {
    const char *name; /* for messages to people */
    const struct hanse_canonical_field *fields;
    size_t field_count;  /* ascending by number */
    size_t struct_bytes; /* list elements only */
};

static inline unsigned hanse_canonical_wire_type_of(enum hanse_canonical_type type)
{
    switch (type) {
    case HANSE_CANONICAL_UINT32:
    case HANSE_CANONICAL_UINT64:
    case HANSE_CANONICAL_BOOL:
        return HANSE_WIRE_VARINT;
    case HANSE_CANONICAL_FIXED64:
        return HANSE_WIRE_64;
    case HANSE_CANONICAL_BYTES:
    case HANSE_CANONICAL_MESSAGE:
    case HANSE_CANONICAL_BYTES_LIST:
    case HANSE_CANONICAL_MESSAGE_LIST:
        break;
    }
    return HANSE_WIRE_SIZED;
}

static inline bool hanse_canonical_is_list(const struct hanse_canonical_field *field)
{
    return field->type == HANSE_CANONICAL_BYTES_LIST || field->type == HANSE_CANONICAL_MESSAGE_LIST;
}

static inline size_t hanse_canonical_element_bytes(const struct hanse_canonical_field *field)
{
    return field->type == HANSE_CANONICAL_BYTES_LIST ? sizeof(struct hanse_bytes)
                                                     : field->message->struct_bytes;
}

/* Negative, 0 or positive, in the order that canonical lists have. */
static inline int hanse_canonical_compare(const struct hanse_canonical_field *field, const void *a,
                                          const void *b)
{
    if (field->type == HANSE_CANONICAL_BYTES_LIST) {
        const struct hanse_bytes *left = a;
        const struct hanse_bytes *right = b;
        return hanse_bytes_compare(*left, *right);
    }
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

#endif
