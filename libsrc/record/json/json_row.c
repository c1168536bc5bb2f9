/* SPDX-License-Identifier: Apache-2.0 */
#include "record/json/json_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/json/json_locate.h"

enum { NUMBER_BYTES = 32 };

/* The shortest decimal that reads as the same number. */
static void write_real(double number, char out[NUMBER_BYTES])
{
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(out, NUMBER_BYTES, "%.*g", digits, number);
        if (strtod(out, NULL) >= number && strtod(out, NULL) <= number)
            return;
    }
}

static enum hanse_status number_text(struct hanse_json_row *row, const json_t *value, struct hanse_bytes *out,
                                     struct hanse_error *err)
{
    char *text = hanse_arena_alloc(&row->arena, NUMBER_BYTES);
    if (text == NULL)
        return hanse_fail_memory(err);
    if (json_is_integer(value))
        (void)snprintf(text, NUMBER_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else
        write_real(json_real_value(value), text);
    *out = hanse_bytes_of_text(text);
    return HANSE_OK;
}

static enum hanse_status text_of(struct hanse_json_row *row, const json_t *value, struct hanse_bytes *out,
                                 struct hanse_error *err)
{
    *out = hanse_bytes_of(NULL, 0);
    switch (json_typeof(value)) {
    case JSON_STRING:
        *out = hanse_bytes_of(json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        return number_text(row, value, out, err);
    case JSON_TRUE:
    case JSON_FALSE:
        *out = hanse_bytes_of_text(json_is_true(value) ? "true" : "false");
        break;
    case JSON_OBJECT:
    case JSON_ARRAY:
        *out = hanse_bytes_of_text("..."); /* something that is lost */
        break;
    case JSON_NULL:
        break;
    }
    return HANSE_OK;
}

static enum hanse_status take_member(struct hanse_json_row *row, struct hanse_sheet *sheet, const char *name,
                                     const json_t *value, struct hanse_error *err)
{
    size_t column = 0;
    struct hanse_bytes text;
    enum hanse_status status = hanse_sheet_column(sheet, hanse_bytes_of_text(name), &column, err);
    if (status == HANSE_OK && (json_is_object(value) || json_is_array(value)) &&
        hanse_sheet_uses(sheet, column))
        return hanse_fail_at(err, HANSE_MALFORMED, 0,
                             "member \"%.60s\" is refused: an object or array cannot go to a path", name);
    if (status == HANSE_OK)
        status = text_of(row, value, &text, err);
    if (status == HANSE_OK)
        hanse_sheet_cell(sheet, column, text, 0);
    return status;
}

enum hanse_status hanse_json_row_open(struct hanse_bytes line, struct hanse_sheet *sheet,
                                      struct hanse_json_row *out, struct hanse_error *err)
{
    *out = (struct hanse_json_row){0};
    hanse_arena_init(&out->arena, HANSE_MAX_IMPORT_LINE_BYTES * 4);
    enum hanse_status status = hanse_json_check_size(line, err);
    if (status != HANSE_OK)
        return status;
    json_error_t error;
    out->json = json_loadb((const char *)line.data, line.size, JSON_REJECT_DUPLICATES, &error);
    if (out->json == NULL && json_error_code(&error) == json_error_out_of_memory)
        return hanse_fail_memory(err);
    if (out->json == NULL)
        return hanse_fail_at(err, HANSE_MALFORMED, error.position > 0 ? (uint64_t)error.position : 0,
                             "JSON is malformed: %s", error.text);
    if (!json_is_object((json_t *)out->json))
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "JSON is refused: a row is an object");
    for (void *at = json_object_iter(out->json); status == HANSE_OK && at != NULL;
         at = json_object_iter_next(out->json, at))
        status = take_member(out, sheet, json_object_iter_key(at), json_object_iter_value(at), err);
    if (status != HANSE_OK)
        hanse_sheet_drop_row(sheet);
    return status;
}

void hanse_json_row_release(struct hanse_json_row *row)
{
    json_decref(row->json);
    hanse_arena_release(&row->arena);
}
