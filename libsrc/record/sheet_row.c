/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of elements in a map only tell them apart: a row makes those that it has something for, in the
 * order in which the map names them. */
#include "record/sheet_row.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "record/cell.h"
#include "record/record.h"

enum hanse_status hanse_sheet_judge(struct hanse_sheet_told *told, enum hanse_status status,
                                    const struct hanse_error *problem, struct hanse_error *err)
{
    if (status == HANSE_OK)
        return HANSE_OK;
    if (status != HANSE_INVALID_ARGUMENT) {
        if (err != NULL)
            *err = *problem;
        return status;
    }
    struct hanse_error malformed = *problem;
    malformed.status = HANSE_MALFORMED;
    malformed.offset = told->item.offset;
    const struct hanse_finding finding = {.severity = "error",
                                          .rule = hanse_status_name(HANSE_MALFORMED),
                                          .path = "",
                                          .message = malformed.message,
                                          .remedy = "mend it in the source and import again"};
    const struct hanse_import_sink *sink = told->sink;
    if (told->count == 0 && sink->invalid != NULL)
        sink->invalid(sink->context, &told->item, &malformed);
    else if (told->count > 0 && sink->finding != NULL)
        sink->finding(sink->context, &told->item, &finding);
    told->count++;
    return HANSE_OK;
}

enum hanse_status hanse_sheet_row_init(struct hanse_sheet_row *row, const struct hanse_column_map *map,
                                       struct hanse_error *err)
{
    *row = (struct hanse_sheet_row){.map = map};
    row->cells = hanse_alloc_zeroed(HANSE_MAX_SHEET_COLUMNS, sizeof *row->cells);
    return row->cells != NULL ? HANSE_OK : hanse_fail_memory(err);
}

void hanse_sheet_row_release(struct hanse_sheet_row *row)
{
    hanse_free(row->cells);
    hanse_free(row->nodes);
    *row = (struct hanse_sheet_row){0};
}

void hanse_sheet_row_clear(struct hanse_sheet_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        row->cells[i] = (struct hanse_sheet_cell){0};
    row->cell_count = 0;
}

void hanse_sheet_row_put(struct hanse_sheet_row *row, size_t column, struct hanse_bytes text, size_t position)
{
    row->cells[column] = (struct hanse_sheet_cell){.text = hanse_cell_trim(text), .position = position};
    if (column >= row->cell_count)
        row->cell_count = column + 1;
}

struct hanse_bytes hanse_sheet_row_text(const struct hanse_sheet_row *row, size_t column)
{
    return row->cells[column].text;
}

/* Puts the column's place before the message. */
enum hanse_status hanse_sheet_row_place(const struct hanse_sheet_row *row, size_t column,
                                        enum hanse_status status, struct hanse_error *problem)
{
    if (status != HANSE_INVALID_ARGUMENT || column == HANSE_NO_COLUMN)
        return status;
    const char *name = row->map->columns[column].name;
    if (row->cells[column].position > 0)
        return hanse_fail_within(problem, status, "column %zu \"%.60s\"", row->cells[column].position, name);
    return hanse_fail_within(problem, status, "\"%.60s\"", name);
}

static enum hanse_status check_text(struct hanse_bytes text, struct hanse_error *err)
{
    if (hanse_bytes_find(text, 0, 0) < text.size)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "text holds a NUL");
    if (hanse_utf8_check(text) < text.size)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "text is not in the encoding of the input: say which it is, such as CP932");
    return HANSE_OK;
}

enum hanse_status hanse_sheet_row_check(struct hanse_sheet_row *row, struct hanse_sheet_told *told,
                                        struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < row->cell_count; i++) {
        struct hanse_error problem;
        enum hanse_status found =
            hanse_sheet_row_place(row, i, check_text(row->cells[i].text, &problem), &problem);
        row->cells[i].is_bad = found != HANSE_OK;
        status = hanse_sheet_judge(told, found, &problem, err);
    }
    return status;
}

struct hanse_bytes hanse_sheet_row_mapped(const struct hanse_sheet_row *row,
                                          const struct hanse_mapping *mapping)
{
    if (mapping->column == HANSE_NO_COLUMN)
        return mapping->constant;
    struct hanse_bytes text = row->cells[mapping->column].text;
    const struct hanse_column_word *word = row->map->columns[mapping->column].words;
    while (word != NULL && !hanse_bytes_equal(word->from, text))
        word = word->next;
    text = word != NULL ? word->to : text;
    return hanse_bytes_equal_text(text, HANSE_CELL_KEEP) ? hanse_bytes_of(NULL, 0) : text;
}

enum hanse_status hanse_sheet_row_fill(struct hanse_sheet_row *row, struct hanse_error *err)
{
    const struct hanse_column_map *map = row->map;
    if (map->node_count > row->node_capacity) {
        struct hanse_sheet_node *nodes = hanse_realloc(row->nodes, map->node_count * sizeof *nodes);
        if (nodes == NULL)
            return hanse_fail_memory(err);
        row->nodes = nodes;
        row->node_capacity = map->node_count;
    }
    if (map->node_count > 0)
        memset(row->nodes, 0, map->node_count * sizeof *row->nodes);
    for (size_t i = 0; i < map->mapping_count; i++) {
        const struct hanse_mapping *mapping = &map->mappings[i];
        bool fills = mapping->column != HANSE_NO_COLUMN && hanse_sheet_row_mapped(row, mapping).size > 0;
        for (size_t step = 0; fills && step < mapping->path.count; step++)
            row->nodes[mapping->nodes[step]].is_filled = true;
    }
    return HANSE_OK;
}

/* A constant says something about its message: nothing, where columns are to fill that and all are empty. The
 * body and the header are always there. */
bool hanse_sheet_row_wants(const struct hanse_sheet_row *row, const struct hanse_mapping *mapping)
{
    if (hanse_sheet_row_mapped(row, mapping).size == 0)
        return false;
    if (mapping->column != HANSE_NO_COLUMN || mapping->path.count < 3)
        return true;
    size_t message = mapping->nodes[mapping->path.count - 2];
    return !row->map->nodes[message].has_columns || row->nodes[message].is_filled;
}

static bool is_element(const struct hanse_record_step *step)
{
    return step->selector == HANSE_SELECT_INDEX || step->selector == HANSE_SELECT_APPEND;
}

/* Gives the numbers that the elements have in this record; those that are not made yet are appended. */
static void resolve(const struct hanse_sheet_row *row, const struct hanse_mapping *mapping,
                    struct hanse_record_path *path)
{
    for (size_t i = 0; i < mapping->path.count; i++) {
        const struct hanse_sheet_node *node = &row->nodes[mapping->nodes[i]];
        if (!is_element(&mapping->path.steps[i]))
            continue;
        path->steps[i].selector = node->is_made ? HANSE_SELECT_INDEX : HANSE_SELECT_APPEND;
        path->steps[i].index = node->index;
    }
}

/* Remembers the numbers of the elements that were appended: each is the last of its list. */
static void remember(struct hanse_sheet_row *row, const struct hanse_mapping *mapping,
                     struct hanse_record_path *path, const struct hanse_record *record)
{
    for (size_t i = 0; i < mapping->path.count; i++) {
        struct hanse_sheet_node *node = &row->nodes[mapping->nodes[i]];
        if (path->steps[i].selector != HANSE_SELECT_APPEND)
            continue;
        struct hanse_record_path list = *path;
        list.count = i + 1;
        list.steps[i].selector = HANSE_SELECT_LAST;
        struct hanse_record_place place =
            hanse_record_path_follow(&list, hanse_message_root(record->message));
        node->is_made = true;
        node->index = place.element;
        path->steps[i].selector = HANSE_SELECT_INDEX;
        path->steps[i].index = place.element;
    }
}

struct hanse_record_path hanse_sheet_row_path(const struct hanse_sheet_row *row,
                                              const struct hanse_mapping *mapping, const char *field)
{
    struct hanse_record_path path = mapping->path;
    resolve(row, mapping, &path);
    if (field != NULL) {
        const struct hanse_schema *schema = hanse_field_message(path.steps[path.count - 1].field);
        path.steps[path.count++] =
            (struct hanse_record_step){.field = hanse_schema_find(schema, hanse_bytes_of_text(field))};
    }
    return path;
}

enum hanse_status hanse_sheet_row_set(struct hanse_sheet_row *row, const struct hanse_mapping *mapping,
                                      const char *field, struct hanse_bytes text, struct hanse_record *record,
                                      struct hanse_error *err)
{
    struct hanse_record_path path = hanse_sheet_row_path(row, mapping, field);
    enum hanse_status status = hanse_record_path_set(record, &path, text, err);
    if (status == HANSE_OK)
        remember(row, mapping, &path, record);
    return status;
}

enum hanse_status hanse_sheet_row_parts(const struct hanse_sheet_row *row,
                                        const struct hanse_mapping *mapping, struct hanse_cell_parts *out,
                                        struct hanse_error *err)
{
    struct hanse_bytes text = hanse_sheet_row_mapped(row, mapping);
    const char *form =
        mapping->column != HANSE_NO_COLUMN ? row->map->columns[mapping->column].date_form : NULL;
    out->count = 0;
    if (text.size == 0 || mapping->form == HANSE_CELL_SCALAR)
        return HANSE_OK;
    return mapping->form == HANSE_CELL_DATE ? hanse_cell_read_date(text, form, out, err)
                                            : hanse_cell_read_money(text, out, err);
}

static enum hanse_status apply(struct hanse_sheet_row *row, const struct hanse_mapping *mapping,
                               struct hanse_record *record, struct hanse_error *err)
{
    struct hanse_cell_parts parts;
    if (mapping->form == HANSE_CELL_SCALAR)
        return hanse_sheet_row_set(row, mapping, NULL, hanse_sheet_row_mapped(row, mapping), record, err);
    enum hanse_status status = hanse_sheet_row_parts(row, mapping, &parts, err);
    for (size_t i = 0; status == HANSE_OK && i < parts.count; i++)
        status = hanse_sheet_row_set(row, mapping, parts.items[i].field,
                                     hanse_bytes_of_text(parts.items[i].text), record, err);
    return status;
}

enum hanse_status hanse_sheet_row_record(struct hanse_sheet_row *row, struct hanse_sheet_told *told,
                                         struct hanse_record **out, struct hanse_error *err)
{
    struct hanse_record *record = NULL;
    enum hanse_status status = hanse_sheet_row_fill(row, err);
    if (status == HANSE_OK)
        status = hanse_record_new(hanse_kind_name(row->map->kind), &record, err);
    for (size_t i = 0; status == HANSE_OK && i < row->map->mapping_count; i++) {
        const struct hanse_mapping *mapping = &row->map->mappings[i];
        struct hanse_error problem;
        struct hanse_sheet_cell *cell =
            mapping->column != HANSE_NO_COLUMN ? &row->cells[mapping->column] : NULL;
        bool is_used = hanse_sheet_row_wants(row, mapping) && (cell == NULL || !cell->is_bad);
        enum hanse_status found = is_used ? apply(row, mapping, record, &problem) : HANSE_OK;
        if (cell != NULL)
            cell->is_bad = cell->is_bad || found != HANSE_OK;
        if (found == HANSE_LIMIT || found == HANSE_NOT_FOUND)
            found = hanse_fail_as(&problem, HANSE_INVALID_ARGUMENT); /* of this row alone */
        status = hanse_sheet_judge(told, hanse_sheet_row_place(row, mapping->column, found, &problem),
                                   &problem, err);
    }
    if (status == HANSE_OK)
        *out = record;
    else
        hanse_record_free(record);
    return status;
}
