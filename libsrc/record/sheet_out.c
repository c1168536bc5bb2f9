/* SPDX-License-Identifier: Apache-2.0 */
/* One walk over a record serves both passes. Texts of a list go by their language, so that a column holds one
 * language; a Date and a Money are one cell each. */
#include "record/sheet_out.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/cell.h"
#include "record/record.h"
#include "record/value.h"

enum { MAX_PATH_BYTES = 4096 };

void hanse_sheet_out_init(struct hanse_sheet_out *it, uint32_t kind)
{
    *it = (struct hanse_sheet_out){.kind = kind};
    hanse_buffer_init(&it->text, 4 * HANSE_MAX_RECORD_BYTES);
    hanse_buffer_init(&it->path, MAX_PATH_BYTES);
    hanse_buffer_init(&it->order, MAX_PATH_BYTES);
    hanse_loss_report_init(&it->losses);
}

void hanse_sheet_out_release(struct hanse_sheet_out *it)
{
    for (size_t i = 0; i < it->count; i++) {
        hanse_free(it->columns[i].name);
        hanse_free(it->columns[i].order);
    }
    hanse_free(it->columns);
    hanse_buffer_release(&it->text);
    hanse_buffer_release(&it->path);
    hanse_buffer_release(&it->order);
    hanse_loss_report_release(&it->losses);
}

struct hanse_bytes hanse_sheet_out_cell(const struct hanse_sheet_out *it, size_t column)
{
    const struct hanse_sheet_out_column *at = &it->columns[column];
    return hanse_bytes_slice(hanse_buffer_view(&it->text), at->start, at->size);
}

/* Where the column of the present path is, or belongs. */
static size_t find_column(const struct hanse_sheet_out *it, bool *out_found)
{
    size_t low = 0;
    size_t high = it->count;
    *out_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct hanse_sheet_out_column *column = &it->columns[middle];
        int order = hanse_bytes_compare(hanse_bytes_of(column->order, column->order_size),
                                        hanse_buffer_view(&it->order));
        if (order == 0) {
            *out_found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum hanse_status make_room(struct hanse_sheet_out *it, struct hanse_error *err)
{
    if (it->count < it->capacity)
        return HANSE_OK;
    size_t capacity = it->capacity > 0 ? 2 * it->capacity : 64;
    struct hanse_sheet_out_column *grown = hanse_realloc(it->columns, capacity * sizeof *grown);
    if (grown == NULL)
        return hanse_fail_memory(err);
    it->columns = grown;
    it->capacity = capacity;
    return HANSE_OK;
}

static enum hanse_status add_column(struct hanse_sheet_out *it, size_t at, struct hanse_error *err)
{
    enum hanse_status status = make_room(it, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_sheet_out_column column = {.name = hanse_strndup((const char *)it->path.data, it->path.size),
                                            .order = hanse_alloc(it->order.size),
                                            .order_size = it->order.size};
    if (column.name == NULL || column.order == NULL) {
        hanse_free(column.name);
        hanse_free(column.order);
        return hanse_fail_memory(err);
    }
    memcpy(column.order, it->order.data, it->order.size);
    memmove(it->columns + at + 1, it->columns + at, (it->count - at) * sizeof *it->columns);
    it->columns[at] = column;
    it->count++;
    return HANSE_OK;
}

/* The present path without its selectors, and a further name. */
static enum hanse_status lose(struct hanse_sheet_out *it, const char *name, struct hanse_error *err)
{
    char path[HANSE_MAX_LOSS_PATH_BYTES + 2];
    size_t size = 0;
    bool inside = false;
    if (it->is_survey)
        return HANSE_OK;
    for (size_t i = 0; i < it->path.size && size + 1 < sizeof path; i++) {
        inside = inside || it->path.data[i] == '[';
        if (!inside)
            path[size++] = (char)it->path.data[i];
        inside = inside && it->path.data[i] != ']';
    }
    for (const char *at = name; *at != '\0' && size + 1 < sizeof path; at++)
        path[size++] = *at;
    path[size] = '\0';
    return hanse_loss_report_add(&it->losses, path, 1, err);
}

/* A value at the present path: it->text has it from `start` on. */
static enum hanse_status emit(struct hanse_sheet_out *it, size_t start, struct hanse_error *err)
{
    bool is_there = false;
    size_t at = find_column(it, &is_there);
    if (it->is_survey) {
        it->text.size = start;
        bool fits = it->path.size <= HANSE_MAX_COLUMN_NAME_BYTES && it->count < HANSE_MAX_COLUMN_MAPPINGS;
        return is_there || !fits ? HANSE_OK : add_column(it, at, err);
    }
    if (!is_there) {
        it->text.size = start;
        return lose(it, "", err);
    }
    it->columns[at].start = start;
    it->columns[at].size = it->text.size - start;
    return HANSE_OK;
}

static int64_t number_of(const struct hanse_part *part, const char *name)
{
    const struct hanse_field *field = hanse_schema_find(hanse_part_schema(part), hanse_bytes_of_text(name));
    struct hanse_value value;
    if (field == NULL || !hanse_part_get(part, field, 0, &value))
        return 0;
    bool is_natural = value.kind == HANSE_FIELD_UINT32 || value.kind == HANSE_FIELD_UINT64;
    return is_natural ? (int64_t)value.as.natural : value.as.integer;
}

/* A date whose year or month is missing before something else has no form in a cell. */
static enum hanse_status emit_date(struct hanse_sheet_out *it, const struct hanse_part *part,
                                   struct hanse_error *err)
{
    int64_t year = number_of(part, "year");
    int64_t month = number_of(part, "month");
    int64_t day = number_of(part, "day");
    size_t start = it->text.size;
    if (year < 1 || year > 9999 || month > 12 || day > 31 || (month == 0 && day > 0))
        return lose(it, "", err);
    enum hanse_status status = hanse_buffer_append_format(&it->text, err, "%04" PRId64, year);
    if (status == HANSE_OK && month > 0)
        status = hanse_buffer_append_format(&it->text, err, "-%02" PRId64, month);
    if (status == HANSE_OK && day > 0)
        status = hanse_buffer_append_format(&it->text, err, "-%02" PRId64, day);
    return status == HANSE_OK ? emit(it, start, err) : status;
}

/* Two decimals at least, and never three, which an import refuses. */
static enum hanse_status emit_money(struct hanse_sheet_out *it, const struct hanse_part *part,
                                    struct hanse_error *err)
{
    int64_t units = number_of(part, "units");
    int64_t nanos = number_of(part, "nanos");
    size_t start = it->text.size;
    int places = 9;
    if ((units < 0 && nanos > 0) || (units > 0 && nanos < 0) || nanos > 999999999 || nanos < -999999999 ||
        units > 999999999999999999 || units < -999999999999999999)
        return lose(it, "", err);
    bool is_negative = units < 0 || nanos < 0;
    uint64_t decimals = (uint64_t)(nanos < 0 ? -nanos : nanos);
    enum hanse_status status = hanse_buffer_append_format(
        &it->text, err, "%s%" PRIu64, is_negative ? "-" : "", (uint64_t)(units < 0 ? -units : units));
    while (places > 2 && decimals % 10 == 0) {
        decimals /= 10;
        places--;
    }
    if (places == 3) {
        decimals *= 10;
        places = 4;
    }
    if (status == HANSE_OK && decimals > 0)
        status = hanse_buffer_append_format(&it->text, err, ".%0*" PRIu64, places, decimals);
    return status == HANSE_OK ? emit(it, start, err) : status;
}

static enum hanse_status walk(struct hanse_sheet_out *it, const struct hanse_part *part,
                              const struct hanse_field *passed, struct hanse_error *err);

static enum hanse_status emit_scalar(struct hanse_sheet_out *it, const struct hanse_part *part,
                                     const struct hanse_field *field, size_t element, struct hanse_error *err)
{
    struct hanse_value value = {0};
    size_t start = it->text.size;
    (void)hanse_part_get(part, field, element, &value);
    enum hanse_status status = hanse_value_append(field, &value, &it->text, err);
    return status == HANSE_OK ? emit(it, start, err) : status;
}

static bool is_amount(const struct hanse_field *field)
{
    return strcmp(hanse_field_name(field), "units") == 0 || strcmp(hanse_field_name(field), "nanos") == 0;
}

/* The field that tells texts of a list apart; NULL: elements of the type go by number. */
static const struct hanse_field *language_field(const struct hanse_field *list)
{
    const struct hanse_schema *schema = hanse_field_message(list);
    return schema != NULL && hanse_field_is_repeated(list) &&
                   strcmp(hanse_schema_name(schema), "LocalizedText") == 0
               ? hanse_schema_find(schema, hanse_bytes_of_text("language"))
               : NULL;
}

/* False: it has none that a path can name, or an earlier text has the same. */
static bool find_language(const struct hanse_part *part, const struct hanse_field *list,
                          const struct hanse_field *field, size_t element, struct hanse_bytes *out)
{
    struct hanse_value value;
    struct hanse_value earlier;
    if (!hanse_part_get(hanse_part_child(part, list, element), field, 0, &value))
        return false;
    *out = value.as.bytes;
    for (size_t i = 0; i < out->size; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", out->data[i]) == NULL)
            return false;
    for (size_t i = 0; i < element; i++)
        if (hanse_part_get(hanse_part_child(part, list, i), field, 0, &earlier) &&
            hanse_bytes_equal(earlier.as.bytes, *out))
            return false;
    return out->size > 0;
}

static enum hanse_status append_step(struct hanse_sheet_out *it, const struct hanse_field *field,
                                     struct hanse_error *err)
{
    char name[HANSE_FIELD_NAME_BYTES];
    size_t size = hanse_field_json_name(field, name);
    enum hanse_status status = HANSE_OK;
    if (it->path.size > 0)
        status = hanse_buffer_append_text(&it->path, ".", err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&it->path, hanse_bytes_of(name, size), err);
    return status == HANSE_OK ? hanse_buffer_append_be(&it->order, hanse_field_number(field), 4, err)
                              : status;
}

static enum hanse_status append_language(struct hanse_sheet_out *it, struct hanse_bytes language,
                                         struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_format(&it->path, err, "[language=%.*s]",
                                                          (int)language.size, (const char *)language.data);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&it->order, language, err);
    return status == HANSE_OK ? hanse_buffer_append_u8(&it->order, 0, err) : status;
}

static enum hanse_status append_number(struct hanse_sheet_out *it, size_t element, struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_format(&it->path, err, "[%zu]", element);
    return status == HANSE_OK ? hanse_buffer_append_be(&it->order, element, 4, err) : status;
}

static enum hanse_status visit_message(struct hanse_sheet_out *it, const struct hanse_part *child,
                                       const struct hanse_field *passed, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    enum hanse_cell_form form = hanse_cell_form_of(hanse_part_schema(child));
    if (form == HANSE_CELL_DATE)
        return emit_date(it, child, err);
    if (form == HANSE_CELL_MONEY)
        status = emit_money(it, child, err);
    return status == HANSE_OK ? walk(it, child, passed, err) : status;
}

static enum hanse_status visit(struct hanse_sheet_out *it, const struct hanse_part *part,
                               const struct hanse_field *field, size_t element, struct hanse_error *err)
{
    const struct hanse_field *language = language_field(field);
    struct hanse_bytes tag = {0};
    enum hanse_status status = append_step(it, field, err);
    if (status != HANSE_OK)
        return status;
    if (strcmp(hanse_field_name(field), "extensions") == 0) /* another format's, in base64 */
        return lose(it, "", err);
    if (language != NULL && !find_language(part, field, language, element, &tag))
        return lose(it, ".text", err);
    if (language != NULL)
        status = append_language(it, tag, err);
    else if (hanse_field_is_repeated(field))
        status = append_number(it, element, err);
    if (status != HANSE_OK)
        return status;
    return hanse_field_message(field) != NULL
               ? visit_message(it, hanse_part_child(part, field, element), language, err)
               : emit_scalar(it, part, field, element, err);
}

static enum hanse_status walk(struct hanse_sheet_out *it, const struct hanse_part *part,
                              const struct hanse_field *passed, struct hanse_error *err)
{
    const struct hanse_schema *schema = hanse_part_schema(part);
    bool is_money = hanse_cell_form_of(schema) == HANSE_CELL_MONEY;
    size_t path_size = it->path.size;
    size_t order_size = it->order.size;
    enum hanse_status status = HANSE_OK;
    if (hanse_part_unknown_count(part) > 0)
        status = lose(it, path_size > 0 ? ".unknown" : "unknown", err);
    for (size_t i = 0; status == HANSE_OK && i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *field = hanse_schema_field(schema, i);
        if (field == passed || (is_money && is_amount(field)))
            continue;
        for (size_t e = 0; status == HANSE_OK && e < hanse_part_count(part, field); e++) {
            status = visit(it, part, field, e, err);
            it->path.size = path_size;
            it->order.size = order_size;
        }
    }
    return status;
}

static enum hanse_status begin(struct hanse_sheet_out *it, const struct hanse_record *record, bool is_survey,
                               struct hanse_error *err)
{
    if (hanse_record_kind_number(record) != it->kind)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "record is of kind %s, and the records of this table are of kind %s",
                          hanse_record_kind(record), hanse_kind_name(it->kind));
    it->is_survey = is_survey;
    hanse_buffer_clear(&it->text);
    hanse_buffer_clear(&it->path);
    hanse_buffer_clear(&it->order);
    for (size_t i = 0; i < it->count; i++)
        it->columns[i].size = 0;
    return walk(it, hanse_message_root(record->message), NULL, err);
}

enum hanse_status hanse_sheet_out_survey(struct hanse_sheet_out *it, const struct hanse_record *record,
                                         struct hanse_error *err)
{
    return begin(it, record, true, err);
}

enum hanse_status hanse_sheet_out_row(struct hanse_sheet_out *it, const struct hanse_record *record,
                                      struct hanse_error *err)
{
    return begin(it, record, false, err);
}
