/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/canonical_decode.h"

#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "wire/raw_field.h"

static void *slot_of(void *object, size_t offset)
{
    return (uint8_t *)object + offset;
}

/* What stays the same in one decode. */
struct walk {
    struct hanse_bytes whole;
    struct hanse_arena *arena;
    bool unknown;
    struct hanse_error *err;
};

/* One message on the walk. */
struct level {
    const struct hanse_canonical_message *table;
    struct hanse_reader reader;
    void *object;
};

static enum hanse_status decode_message(struct walk *walk, const struct hanse_canonical_message *table,
                                        struct hanse_bytes bytes, void *object);

static enum hanse_status fail_field(const struct walk *walk, const struct level *level, size_t position,
                                    uint32_t number, const char *what)
{
    uint64_t offset = (uint64_t)(level->reader.bytes.data - walk->whole.data) + position;
    return hanse_fail_at(walk->err, HANSE_MALFORMED, offset, "field %u of the %s %s", number,
                         level->table->name, what);
}

static enum hanse_status fail_bytes(const struct walk *walk, const struct level *level, size_t position)
{
    uint64_t offset = (uint64_t)(level->reader.bytes.data - walk->whole.data) + position;
    return hanse_fail_at(walk->err, HANSE_MALFORMED, offset,
                         "the %s has bytes that are no field in canonical form", level->table->name);
}

static enum hanse_status store_number(const struct walk *walk, const struct level *level, size_t start,
                                      const struct hanse_canonical_field *field, uint64_t value)
{
    void *slot = slot_of(level->object, field->offset);
    if (value == 0)
        return fail_field(walk, level, start, field->number, "has its default value");
    if (field->type == HANSE_CANONICAL_UINT32) {
        uint32_t *number = slot;
        if (value > UINT32_MAX)
            return fail_field(walk, level, start, field->number, "does not fit 32 bits");
        *number = (uint32_t)value;
    } else if (field->type == HANSE_CANONICAL_BOOL) {
        bool *truth = slot;
        if (value > 1)
            return fail_field(walk, level, start, field->number, "is neither true nor false");
        *truth = true;
    } else {
        uint64_t *number = slot;
        *number = value;
    }
    return HANSE_OK;
}

static enum hanse_status store_content(struct walk *walk, const struct level *level, size_t start,
                                       const struct hanse_canonical_field *field, struct hanse_bytes content)
{
    void *slot = slot_of(level->object, field->offset);
    if (content.size == 0)
        return fail_field(walk, level, start, field->number, "has its default value");
    if (field->type == HANSE_CANONICAL_MESSAGE) {
        bool *there = slot;
        *there = true;
        return decode_message(walk, field->message, content, level->object);
    }
    struct hanse_bytes *bytes = slot;
    *bytes = content;
    return HANSE_OK;
}

/* How many elements of the list stand together, the first one already read and the reader behind it. */
static size_t count_elements(struct hanse_reader reader, uint32_t number)
{
    size_t count = 1;
    struct hanse_raw_field raw;
    while (hanse_reader_left(&reader) > 0 && hanse_raw_field_read(&reader, &raw) && raw.number == number &&
           raw.wire_type == HANSE_WIRE_SIZED)
        count++;
    return count;
}

static enum hanse_status store_list(struct walk *walk, struct level *level, size_t start,
                                    const struct hanse_canonical_field *field, struct hanse_raw_field raw)
{
    size_t count = count_elements(level->reader, field->number);
    if (count > field->max_count)
        return hanse_fail(walk->err, HANSE_LIMIT, "field %u of the %s has %zu elements, more than %zu",
                          field->number, level->table->name, count, field->max_count);
    size_t size = hanse_canonical_element_bytes(field);
    size_t total;
    uint8_t *elements = hanse_mul_size(count, size, &total) ? hanse_arena_alloc(walk->arena, total) : NULL;
    if (elements == NULL)
        return hanse_fail_memory(walk->err);
    memset(elements, 0, total);
    memcpy(slot_of(level->object, field->offset), &elements, sizeof elements);
    memcpy(slot_of(level->object, field->count_offset), &count, sizeof count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            start = level->reader.position;
            if (!hanse_raw_field_read(&level->reader, &raw))
                return fail_bytes(walk, level, start);
        }
        void *element = elements + i * size;
        enum hanse_status status = HANSE_OK;
        if (field->type == HANSE_CANONICAL_BYTES_LIST)
            memcpy(element, &raw.content, sizeof raw.content);
        else
            status = decode_message(walk, field->message, raw.content, element);
        if (status != HANSE_OK)
            return status;
        if (i > 0 && field->ascending &&
            hanse_canonical_compare(field, elements + (i - 1) * size, element) >= 0)
            return fail_field(walk, level, start, field->number, "is not in ascending order");
    }
    return HANSE_OK;
}

static enum hanse_status store_field(struct walk *walk, struct level *level, size_t start,
                                     const struct hanse_canonical_field *field,
                                     const struct hanse_raw_field *raw)
{
    if (raw->wire_type != hanse_canonical_wire_type_of(field->type))
        return fail_field(walk, level, start, raw->number, "has the wrong wire type");
    if (hanse_canonical_is_list(field))
        return store_list(walk, level, start, field, *raw);
    if (raw->wire_type == HANSE_WIRE_SIZED)
        return store_content(walk, level, start, field, raw->content);
    return store_number(walk, level, start, field, raw->value);
}

static enum hanse_status decode_message(struct walk *walk, const struct hanse_canonical_message *table,
                                        struct hanse_bytes bytes, void *object)
{
    struct level level = {.table = table, .reader = hanse_reader_of(bytes), .object = object};
    const struct hanse_canonical_field *field = table->fields;
    const struct hanse_canonical_field *end = table->fields + table->field_count;
    uint32_t last = 0;
    while (hanse_reader_left(&level.reader) > 0) {
        size_t start = level.reader.position;
        struct hanse_raw_field raw;
        if (!hanse_raw_field_read(&level.reader, &raw))
            return fail_bytes(walk, &level, start);
        if (raw.number < last)
            return fail_field(walk, &level, start, raw.number, "stands behind a higher one");
        while (field < end && field->number < raw.number)
            field++;
        if (field == end || field->number != raw.number) {
            walk->unknown = true;
        } else if (raw.number == last) {
            return fail_field(walk, &level, start, raw.number, "occurs twice");
        } else {
            enum hanse_status status = store_field(walk, &level, start, field, &raw);
            if (status != HANSE_OK)
                return status;
        }
        last = raw.number;
    }
    return HANSE_OK;
}

enum hanse_status hanse_canonical_decode(const struct hanse_canonical_message *table,
                                         struct hanse_bytes bytes, struct hanse_arena *arena, void *object,
                                         bool *out_unknown, struct hanse_error *err)
{
    struct walk walk = {.whole = bytes, .arena = arena, .err = err};
    enum hanse_status status = decode_message(&walk, table, bytes, object);
    if (status == HANSE_OK)
        *out_unknown = walk.unknown;
    return status;
}
