/* SPDX-License-Identifier: Apache-2.0 */
#include "record/sheet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "record/column_map.h"
#include "record/line_set.h"
#include "record/sheet_row.h"
#include "record/value.h"

/* What an input holds of a column. */
struct sheet_column {
    bool in_header;
    uint64_t lost; /* cells that were not empty, without a target */
};

struct hanse_sheet {
    struct hanse_column_map map;
    struct hanse_sheet_row row;
    struct sheet_column *columns; /* as in the map */
    size_t key;                   /* column; HANSE_NO_COLUMN: none */
    size_t id;                    /* columns of an exported table, as key */
    size_t revision;
    struct hanse_line_set keys;
};

static enum hanse_status set_up(struct hanse_sheet *sheet, const struct hanse_sheet_options *options,
                                struct hanse_error *err)
{
    enum hanse_status status = hanse_column_map_begin(&sheet->map, options->kind, err);
    if (status == HANSE_OK)
        status = hanse_column_map_read(&sheet->map, options->map, err);
    if (status == HANSE_OK && options->key != NULL)
        status = hanse_column_map_column(&sheet->map, hanse_bytes_of_text(options->key), &sheet->key, err);
    if (status != HANSE_OK)
        return status;
    sheet->columns = hanse_alloc_zeroed(HANSE_MAX_SHEET_COLUMNS, sizeof *sheet->columns);
    if (sheet->columns == NULL)
        return hanse_fail_memory(err);
    return hanse_sheet_row_init(&sheet->row, &sheet->map, err);
}

enum hanse_status hanse_sheet_new(const struct hanse_sheet_options *options, struct hanse_sheet **out,
                                  struct hanse_error *err)
{
    struct hanse_sheet *sheet = hanse_alloc_zeroed(1, sizeof *sheet);
    if (sheet == NULL)
        return hanse_fail_memory(err);
    sheet->key = HANSE_NO_COLUMN;
    sheet->id = HANSE_NO_COLUMN;
    sheet->revision = HANSE_NO_COLUMN;
    hanse_line_set_init(&sheet->keys);
    enum hanse_status status = set_up(sheet, options, err);
    if (status == HANSE_OK)
        *out = sheet;
    else
        hanse_sheet_free(sheet);
    return status;
}

void hanse_sheet_free(struct hanse_sheet *sheet)
{
    if (sheet == NULL)
        return;
    hanse_sheet_row_release(&sheet->row);
    hanse_free(sheet->columns);
    hanse_line_set_release(&sheet->keys);
    hanse_column_map_release(&sheet->map);
    hanse_free(sheet);
}

enum hanse_status hanse_sheet_column(struct hanse_sheet *sheet, struct hanse_bytes name, size_t *out,
                                     struct hanse_error *err)
{
    return hanse_column_map_column(&sheet->map, name, out, err);
}

bool hanse_sheet_uses(const struct hanse_sheet *sheet, size_t column)
{
    return sheet->map.columns[column].has_target || column == sheet->key;
}

enum hanse_status hanse_sheet_without_header(const struct hanse_sheet *sheet, struct hanse_error *err)
{
    return sheet->map.kind != 0
               ? HANSE_OK
               : hanse_fail(err, HANSE_INVALID_ARGUMENT,
                            "no path tells the kind of the records: name it, such as Project");
}

static enum hanse_status fail_header(size_t position, const char *name, enum hanse_status status,
                                     struct hanse_error *err)
{
    if (status != HANSE_INVALID_ARGUMENT && status != HANSE_LIMIT)
        return status;
    status = hanse_fail_within(err, status, "column %zu \"%.60s\"", position, name);
    if (err != NULL)
        err->offset = HANSE_NO_OFFSET;
    return status == HANSE_INVALID_ARGUMENT && err != NULL ? hanse_fail_as(err, HANSE_MALFORMED) : status;
}

enum hanse_status hanse_sheet_header(struct hanse_sheet *sheet, struct hanse_bytes name, size_t position,
                                     size_t *out, struct hanse_error *err)
{
    char number[32];
    (void)snprintf(number, sizeof number, "column %zu", position);
    size_t at = 0;
    enum hanse_status status =
        hanse_column_map_column(&sheet->map, name.size > 0 ? name : hanse_bytes_of_text(number), &at, err);
    if (status != HANSE_OK)
        return status;
    const struct hanse_column *column = &sheet->map.columns[at];
    if (!column->has_target && hanse_column_is_path(column->name))
        status = hanse_column_map_add(&sheet->map, at, hanse_bytes_of(NULL, 0), name, err);
    if (status == HANSE_OK && column->has_target && sheet->columns[at].in_header)
        status = hanse_fail(err, HANSE_INVALID_ARGUMENT, "the header has this column twice");
    if (status != HANSE_OK)
        return fail_header(position, column->name, status, err);
    if (!hanse_sheet_uses(sheet, at) && strcmp(column->name, "id") == 0)
        sheet->id = at;
    if (!hanse_sheet_uses(sheet, at) && strcmp(column->name, "revision") == 0)
        sheet->revision = at;
    sheet->columns[at].in_header = true;
    *out = at;
    return HANSE_OK;
}

static enum hanse_status fail_lacking(const struct hanse_sheet *sheet, const char *what,
                                      struct hanse_error *err)
{
    char names[160] = "";
    size_t used = 0;
    for (size_t i = 0; i < sheet->map.column_count && used < sizeof names; i++)
        if (sheet->columns[i].in_header)
            used +=
                (size_t)snprintf(names + used, sizeof names - used, " \"%.40s\"", sheet->map.columns[i].name);
    names[hanse_value_shown_bytes(hanse_bytes_of_text(names), sizeof names)] = '\0';
    return hanse_fail_at(err, HANSE_MALFORMED, 0, "header %s; it has:%s", what, names);
}

static enum hanse_status check_header(const struct hanse_sheet *sheet, struct hanse_error *err)
{
    char what[120];
    bool goes_somewhere = false;
    for (size_t i = 0; i < sheet->map.column_count; i++) {
        const struct hanse_column *column = &sheet->map.columns[i];
        bool is_wanted = hanse_sheet_uses(sheet, i);
        goes_somewhere |= column->has_target && sheet->columns[i].in_header;
        if (!is_wanted || sheet->columns[i].in_header)
            continue;
        (void)snprintf(what, sizeof what, "lacks the column \"%.60s\" that the %s names", column->name,
                       column->line > 0 ? "map" : "key");
        return fail_lacking(sheet, what, err);
    }
    if (!goes_somewhere)
        return fail_lacking(sheet, "has no column that is a path or that a map sends to one", err);
    if (sheet->map.kind == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, 0,
                             "no path tells the kind of the records: name it, such as Project");
    return HANSE_OK;
}

enum hanse_status hanse_sheet_header_end(struct hanse_sheet *sheet, struct hanse_error *err)
{
    enum hanse_status status = check_header(sheet, err);
    for (size_t i = 0; i < sheet->map.column_count; i++)
        sheet->columns[i].in_header = false;
    return status;
}

void hanse_sheet_cell(struct hanse_sheet *sheet, size_t column, struct hanse_bytes text, size_t position)
{
    hanse_sheet_row_put(&sheet->row, column, text, position);
}

void hanse_sheet_drop_row(struct hanse_sheet *sheet)
{
    hanse_sheet_row_clear(&sheet->row);
}

/* Whether the row's key is good; *out is the key, hanse_free. */
static enum hanse_status take_key(struct hanse_sheet *sheet, uint64_t line, char **out,
                                  struct hanse_error *err)
{
    struct hanse_bytes text = hanse_sheet_row_text(&sheet->row, sheet->key);
    const char *name = sheet->map.columns[sheet->key].name;
    uint64_t earlier = 0;
    if (text.size == 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "key \"%.60s\" is empty", name);
    enum hanse_status status = hanse_line_set_add(&sheet->keys, text, line, &earlier, err);
    if (status == HANSE_OK && earlier != 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "key \"%.60s\" has the value \"%.*s\" in line %" PRIu64 " already", name,
                          hanse_value_shown_bytes(text, 60), (const char *)text.data, earlier);
    if (status != HANSE_OK)
        return status;
    *out = hanse_strndup((const char *)text.data, text.size);
    return *out != NULL ? HANSE_OK : hanse_fail_memory(err);
}

/* A column of another table may be called "id" too: names of records are told by how they begin. */
static bool has_name(const struct hanse_sheet *sheet)
{
    static const char scheme[] = "hanse:";
    return sheet->id != HANSE_NO_COLUMN &&
           hanse_bytes_equal_text(
               hanse_bytes_slice(hanse_sheet_row_text(&sheet->row, sheet->id), 0, sizeof scheme - 1), scheme);
}

static bool is_lost(const struct hanse_sheet *sheet, size_t column)
{
    bool is_name = (column == sheet->id || column == sheet->revision) && has_name(sheet);
    return !hanse_sheet_uses(sheet, column) && !is_name && hanse_sheet_row_text(&sheet->row, column).size > 0;
}

/* 0: the row does not say. */
static enum hanse_status read_revision(const struct hanse_sheet *sheet, uint64_t *out,
                                       struct hanse_error *err)
{
    struct hanse_bytes text = {0};
    *out = 0;
    if (sheet->revision != HANSE_NO_COLUMN)
        text = hanse_sheet_row_text(&sheet->row, sheet->revision);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || text.size > 18)
            return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                              "revision \"%.*s\" is no number: leave the column as it was exported",
                              hanse_value_shown_bytes(text, 60), (const char *)text.data);
        *out = *out * 10 + (uint64_t)(text.data[i] - '0');
    }
    return HANSE_OK;
}

static enum hanse_status check_kind(const struct hanse_sheet *sheet, const struct hanse_record *base,
                                    struct hanse_error *err)
{
    if (hanse_record_kind_number(base) == sheet->map.kind)
        return HANSE_OK;
    return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                      "row names a record of kind %s, and the records of this table are of kind %s",
                      hanse_record_kind(base), hanse_kind_name(sheet->map.kind));
}

/* The record that the row names, to be changed. *out NULL: there is none. */
static enum hanse_status find_base(struct hanse_sheet *sheet, struct hanse_sheet_told *told,
                                   struct hanse_record **out, struct hanse_error *err)
{
    struct hanse_error problem;
    uint64_t revision = 0;
    bool is_refused = false;
    enum hanse_status status =
        hanse_sheet_judge(told, read_revision(sheet, &revision, &problem), &problem, err);
    if (status != HANSE_OK || told->count > 0 || told->sink->base == NULL)
        return status;
    status = told->sink->base(told->sink->context, &told->item, revision, out, &is_refused, err);
    if (status == HANSE_OK && *out != NULL)
        status = hanse_sheet_judge(told, check_kind(sheet, *out, &problem), &problem, err);
    told->count += is_refused;
    return status;
}

static enum hanse_status make_record(struct hanse_sheet *sheet, struct hanse_sheet_told *told,
                                     struct hanse_record **record, struct hanse_error *err)
{
    bool is_changed = false;
    enum hanse_status status = has_name(sheet) ? find_base(sheet, told, record, err) : HANSE_OK;
    if (status != HANSE_OK || told->count > 0)
        return status;
    if (*record == NULL)
        return hanse_sheet_row_record(&sheet->row, told, record, err);
    status = hanse_sheet_row_change(&sheet->row, told, *record, &is_changed, err);
    told->item.unchanged = !is_changed;
    return status;
}

/* *out is the name as a text, hanse_free; NULL if the row has none. */
static enum hanse_status copy_name(const struct hanse_sheet *sheet, char **out, struct hanse_error *err)
{
    if (!has_name(sheet))
        return HANSE_OK;
    struct hanse_bytes name = hanse_sheet_row_text(&sheet->row, sheet->id);
    *out = hanse_strndup((const char *)name.data, name.size);
    return *out != NULL ? HANSE_OK : hanse_fail_memory(err);
}

static enum hanse_status end_row(struct hanse_sheet *sheet, const struct hanse_import_item *item,
                                 const struct hanse_import_sink *sink, struct hanse_error *err)
{
    struct hanse_sheet_told told = {.sink = sink, .item = *item};
    struct hanse_record *record = NULL;
    char *key = NULL;
    char *name = NULL;
    struct hanse_error problem;
    enum hanse_status status = hanse_sheet_row_check(&sheet->row, &told, err);
    if (status == HANSE_OK)
        status = copy_name(sheet, &name, err);
    if (name != NULL)
        told.item.id = name;
    if (status == HANSE_OK && sheet->key != HANSE_NO_COLUMN)
        status = hanse_sheet_judge(&told, take_key(sheet, item->line, &key, &problem), &problem, err);
    if (status == HANSE_OK)
        status = make_record(sheet, &told, &record, err);
    if (status == HANSE_OK && told.count == 0) {
        told.item.key = key;
        status = hanse_import_hand_over(sink, &told.item, record, err);
    } else {
        hanse_record_free(record);
    }
    hanse_free(key);
    hanse_free(name);
    return status;
}

enum hanse_status hanse_sheet_row(struct hanse_sheet *sheet, const struct hanse_import_item *item,
                                  const struct hanse_import_sink *sink, struct hanse_error *err)
{
    for (size_t i = 0; i < sheet->map.column_count; i++)
        if (is_lost(sheet, i))
            sheet->columns[i].lost++;
    enum hanse_status status = end_row(sheet, item, sink, err);
    hanse_sheet_row_clear(&sheet->row);
    return status;
}

enum hanse_status hanse_sheet_tell_losses(const struct hanse_sheet *sheet, struct hanse_loss_report *losses,
                                          struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < sheet->map.column_count; i++)
        if (sheet->columns[i].lost > 0)
            status = hanse_loss_report_add(losses, sheet->map.columns[i].name, sheet->columns[i].lost, err);
    return status;
}
