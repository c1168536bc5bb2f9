/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over serialized protobuf with a stack of open messages. */
#include "wire/message_scan.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/descriptor.h"

enum {
    SEEN_WORDS = 2,
    TAG_BYTES = 5,    /* a tag has 32 bits */
    LENGTH_BYTES = 5, /* protobuf-c reads no more */
    VARINT_BYTES = 10
};

/* A message that is open: where it ends and which of its fields were there already. */
struct frame {
    const ProtobufCMessageDescriptor *type;
    size_t end;
    uint64_t seen[SEEN_WORDS];
};

struct scan {
    struct hanse_bytes bytes;
    size_t position;
    struct frame frames[HANSE_MAX_RECORD_DEPTH];
    size_t depth; /* open frames, at least 1 while scanning */
    struct hanse_error *err;
};

static struct frame *top(struct scan *scan)
{
    return &scan->frames[scan->depth - 1];
}

static enum hanse_status broken(struct scan *scan, size_t offset, const ProtobufCFieldDescriptor *field,
                                const char *what)
{
    return hanse_fail_at(scan->err, HANSE_MALFORMED, offset, "record is malformed: field \"%s\" of %s %s",
                         field != NULL ? field->name : "?", top(scan)->type->short_name, what);
}

/* LEB128 before `end`, at most `max_bytes` and 64 bits long; need not be the shortest form. */
static bool read_varint(struct scan *scan, size_t end, size_t max_bytes, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < max_bytes && scan->position + i < end; i++) {
        uint8_t byte = scan->bytes.data[scan->position + i];
        if (i == VARINT_BYTES - 1 && byte > 1)
            return false;
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            scan->position += i + 1;
            *out = value;
            return true;
        }
    }
    return false;
}

static enum hanse_status read_tag(struct scan *scan, uint32_t *number, uint32_t *wire_type)
{
    size_t start = scan->position;
    uint64_t tag = 0;
    if (!read_varint(scan, top(scan)->end, TAG_BYTES, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
        return hanse_fail_at(scan->err, HANSE_MALFORMED, start, "record is malformed: broken tag in %s",
                             top(scan)->type->short_name);
    *number = (uint32_t)(tag >> 3);
    *wire_type = (uint32_t)(tag & 7);
    return HANSE_OK;
}

static uint32_t wire_type_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return PROTOBUF_C_WIRE_TYPE_32BIT;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return PROTOBUF_C_WIRE_TYPE_64BIT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    default:
        return PROTOBUF_C_WIRE_TYPE_VARINT;
    }
}

/* Decoders cut off what does not fit, each in its own way. */
static bool fits(ProtobufCType type, uint64_t value)
{
    switch (type) {
    case PROTOBUF_C_TYPE_BOOL:
        return value <= 1;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_SINT32:
        return value <= UINT32_MAX;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_ENUM:
        return value <= INT32_MAX || value >= UINT64_MAX - INT32_MAX;
    default:
        return true;
    }
}

static enum hanse_status scan_varint(struct scan *scan, size_t end, const ProtobufCFieldDescriptor *field)
{
    size_t start = scan->position;
    uint64_t value = 0;
    if (!read_varint(scan, end, VARINT_BYTES, &value))
        return broken(scan, start, field, "has a broken number");
    if (field != NULL && !fits(field->type, value))
        return broken(scan, start, field, "has a number out of range");
    return HANSE_OK;
}

static enum hanse_status scan_fixed(struct scan *scan, size_t end, size_t size,
                                    const ProtobufCFieldDescriptor *field)
{
    if (end - scan->position < size)
        return broken(scan, scan->position, field, "ends early");
    scan->position += size;
    return HANSE_OK;
}

static enum hanse_status scan_number(struct scan *scan, size_t end, uint32_t wire_type,
                                     const ProtobufCFieldDescriptor *field)
{
    switch (wire_type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        return scan_varint(scan, end, field);
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        return scan_fixed(scan, end, 8, field);
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        return scan_fixed(scan, end, 4, field);
    default:
        return broken(scan, scan->position, field, "has a wire type that records do not use");
    }
}

/* A field that must not repeat, and members of its oneof, may come once. */
static enum hanse_status mark_seen(struct scan *scan, size_t offset, const ProtobufCFieldDescriptor *field)
{
    struct frame *frame = top(scan);
    const ProtobufCMessageDescriptor *type = frame->type;
    size_t index = (size_t)(field - type->fields);
    assert(type->n_fields <= 64 * SEEN_WORDS);
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return HANSE_OK;
    if ((frame->seen[index / 64] >> index % 64 & 1) != 0)
        return broken(scan, offset, field, "is there twice");
    frame->seen[index / 64] |= (uint64_t)1 << index % 64;
    for (size_t i = 0; hanse_descriptor_in_oneof(field) && i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &type->fields[i];
        if (i != index && hanse_descriptor_in_oneof(other) &&
            other->quantifier_offset == field->quantifier_offset && (frame->seen[i / 64] >> i % 64 & 1) != 0)
            return broken(scan, offset, field, "excludes another that is there");
    }
    return HANSE_OK;
}

static enum hanse_status open_message(struct scan *scan, size_t end, const ProtobufCFieldDescriptor *field)
{
    if (scan->depth == HANSE_MAX_RECORD_DEPTH)
        return hanse_fail_at(scan->err, HANSE_LIMIT, scan->position,
                             "record exceeds the limit of %u levels at field \"%s\"", HANSE_MAX_RECORD_DEPTH,
                             field->name);
    scan->frames[scan->depth++] = (struct frame){.type = field->descriptor, .end = end};
    return HANSE_OK;
}

static enum hanse_status scan_text(struct scan *scan, size_t size, const ProtobufCFieldDescriptor *field)
{
    struct hanse_bytes text = hanse_bytes_slice(scan->bytes, scan->position, size);
    size_t bad = hanse_utf8_check(text);
    if (bad < size)
        return broken(scan, scan->position + bad, field, "is not UTF-8");
    bad = hanse_bytes_find(text, 0, 0);
    if (bad < size)
        return broken(scan, scan->position + bad, field, "holds a NUL");
    scan->position += size;
    return HANSE_OK;
}

static enum hanse_status scan_packed(struct scan *scan, size_t end, const ProtobufCFieldDescriptor *field)
{
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK && scan->position < end)
        status = scan_number(scan, end, wire_type_of(field->type), field);
    return status;
}

static enum hanse_status scan_sized(struct scan *scan, const ProtobufCFieldDescriptor *field)
{
    size_t start = scan->position;
    size_t end = top(scan)->end;
    uint64_t size = 0;
    if (!read_varint(scan, end, LENGTH_BYTES, &size) || size > end - scan->position) {
        scan->position = start;
        return broken(scan, start, field, "ends early");
    }
    if (field != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE)
        return open_message(scan, scan->position + (size_t)size, field);
    if (field != NULL && field->type == PROTOBUF_C_TYPE_STRING)
        return scan_text(scan, (size_t)size, field);
    if (field != NULL && field->type != PROTOBUF_C_TYPE_BYTES)
        return scan_packed(scan, scan->position + (size_t)size, field);
    scan->position += (size_t)size;
    return HANSE_OK;
}

static enum hanse_status scan_field(struct scan *scan)
{
    size_t start = scan->position;
    uint32_t number = 0;
    uint32_t wire_type = 0;
    enum hanse_status status = read_tag(scan, &number, &wire_type);
    if (status != HANSE_OK)
        return status;
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(top(scan)->type, number);
    bool sized = wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    if (field != NULL) {
        bool packed = sized && field->label == PROTOBUF_C_LABEL_REPEATED;
        if (wire_type != wire_type_of(field->type) && !packed)
            return broken(scan, start, field, "has the wire type of another type");
        status = mark_seen(scan, start, field);
    }
    if (status != HANSE_OK)
        return status;
    return sized ? scan_sized(scan, field) : scan_number(scan, top(scan)->end, wire_type, field);
}

enum hanse_status hanse_message_scan(const struct hanse_schema *schema, struct hanse_bytes bytes,
                                     struct hanse_error *err)
{
    if (bytes.size > HANSE_MAX_RECORD_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "record exceeds the limit of %u bytes: it has %zu",
                          HANSE_MAX_RECORD_BYTES, bytes.size);
    struct scan scan;
    scan.bytes = bytes;
    scan.position = 0;
    scan.err = err;
    scan.frames[0] = (struct frame){.type = hanse_descriptor_of(schema), .end = bytes.size};
    scan.depth = 1;
    while (scan.depth > 0) {
        if (scan.position == top(&scan)->end) {
            scan.depth--;
            continue;
        }
        enum hanse_status status = scan_field(&scan);
        if (status != HANSE_OK)
            return status;
    }
    return HANSE_OK;
}
