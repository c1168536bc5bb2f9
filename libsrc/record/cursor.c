/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over every set scalar: a stack of open parts, as deep as records are. */
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/record.h"
#include "record/value.h"

/* A part that is being walked, and the element of it that comes next. */
struct level {
    const struct hanse_part *part;
    size_t field;     /* index in the part's schema */
    size_t element;   /* of that field */
    size_t path_size; /* of the part's own path */
};

struct hanse_record_cursor {
    struct level levels[HANSE_MAX_RECORD_DEPTH];
    size_t depth;
    struct hanse_buffer path;
    struct hanse_buffer value;
};

/* Far above what 16 names and indices take. */
enum { MAX_PATH_BYTES = 4096 };

enum hanse_status hanse_record_cursor_open(const struct hanse_record *record,
                                           struct hanse_record_cursor **out, struct hanse_error *err)
{
    if (record == NULL || out == NULL)
        return hanse_fail_null("record or out", err);
    struct hanse_record_cursor *cursor = hanse_alloc_zeroed(1, sizeof *cursor);
    if (cursor == NULL)
        return hanse_fail_memory(err);
    hanse_buffer_init(&cursor->path, MAX_PATH_BYTES);
    hanse_buffer_init(&cursor->value, 2 * HANSE_MAX_RECORD_BYTES);
    cursor->levels[cursor->depth++] = (struct level){.part = hanse_message_root(record->message)};
    *out = cursor;
    return HANSE_OK;
}

void hanse_record_cursor_close(struct hanse_record_cursor *cursor)
{
    if (cursor == NULL)
        return;
    hanse_buffer_release(&cursor->path);
    hanse_buffer_release(&cursor->value);
    hanse_free(cursor);
}

/* Puts the path of an element of the level's part behind the part's own. */
static enum hanse_status write_path(struct hanse_record_cursor *cursor, const struct level *level,
                                    const struct hanse_field *field, size_t element, struct hanse_error *err)
{
    char name[HANSE_FIELD_NAME_BYTES];
    size_t size = hanse_field_json_name(field, name);
    cursor->path.size = level->path_size;
    enum hanse_status status = HANSE_OK;
    if (level->path_size > 0)
        status = hanse_buffer_append_text(&cursor->path, ".", err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&cursor->path, hanse_bytes_of(name, size), err);
    if (status == HANSE_OK && hanse_field_is_repeated(field))
        status = hanse_buffer_append_format(&cursor->path, err, "[%zu]", element);
    return status;
}

/* Both texts end with a NUL that their sizes do not count. */
static enum hanse_status write_value(struct hanse_record_cursor *cursor, const struct hanse_field *field,
                                     const struct hanse_value *value, struct hanse_error *err)
{
    hanse_buffer_clear(&cursor->value);
    enum hanse_status status = hanse_value_append(field, value, &cursor->value, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_u8(&cursor->value, 0, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_u8(&cursor->path, 0, err);
    return status;
}

/* Moves to the next element that is there; false at the end of the part. */
static bool advance(struct level *level, const struct hanse_field **out)
{
    const struct hanse_schema *schema = hanse_part_schema(level->part);
    while (level->field < hanse_schema_field_count(schema)) {
        const struct hanse_field *field = hanse_schema_field(schema, level->field);
        if (level->element < hanse_part_count(level->part, field)) {
            *out = field;
            return true;
        }
        level->field++;
        level->element = 0;
    }
    return false;
}

enum hanse_status hanse_record_cursor_next(struct hanse_record_cursor *cursor, const char **out_path,
                                           const char **out_value, bool *out_is_text, struct hanse_error *err)
{
    if (cursor == NULL || out_path == NULL || out_value == NULL || out_is_text == NULL)
        return hanse_fail_null("cursor, out_path, out_value or out_is", err);
    while (cursor->depth > 0) {
        struct level *level = &cursor->levels[cursor->depth - 1];
        const struct hanse_field *field = NULL;
        if (!advance(level, &field)) {
            cursor->depth--;
            continue;
        }
        enum hanse_status status = write_path(cursor, level, field, level->element, err);
        if (status != HANSE_OK)
            return status;
        if (hanse_field_message(field) != NULL) {
            const struct hanse_part *child = hanse_part_child(level->part, field, level->element++);
            cursor->levels[cursor->depth++] = (struct level){.part = child, .path_size = cursor->path.size};
            continue;
        }
        struct hanse_value value = {0};
        (void)hanse_part_get(level->part, field, level->element, &value);
        status = write_value(cursor, field, &value, err);
        if (status != HANSE_OK)
            return status;
        level->element++;
        *out_path = (const char *)cursor->path.data;
        *out_value = (const char *)cursor->value.data;
        *out_is_text = value.kind == HANSE_FIELD_STRING;
        return HANSE_OK;
    }
    return hanse_fail(err, HANSE_NOT_FOUND, "the record has no further value");
}
