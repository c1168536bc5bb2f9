/* SPDX-License-Identifier: Apache-2.0 */
/* A row against the record that it names. Numbers of elements are those of the record here; higher ones are
 * appended. Elements go last, the deepest and those with the highest numbers first, so that none moves before
 * it is looked at. */
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "record/record.h"
#include "record/sheet_row.h"
#include "record/value.h"

struct change {
    struct hanse_sheet_row *row;
    struct hanse_record *record;
    bool *changed;
};

static bool is_found(const struct hanse_record_path *path, const struct hanse_record_place *place)
{
    return place->step + 1 == path->count && place->element != HANSE_NO_ELEMENT;
}

static struct hanse_record_place follow(const struct change *change, const struct hanse_record_path *path)
{
    return hanse_record_path_follow(path, hanse_message_root(change->record->message));
}

/* Elements of the map that the record has under the same number are there already. */
static void find_elements(const struct change *change)
{
    const struct hanse_column_map *map = change->row->map;
    for (size_t i = 0; i < map->mapping_count; i++) {
        struct hanse_record_path path = map->mappings[i].path;
        size_t count = path.count;
        for (size_t step = 0; step < count; step++) {
            path.count = step + 1;
            struct hanse_record_place place = follow(change, &path);
            struct hanse_sheet_node *node = &change->row->nodes[map->mappings[i].nodes[step]];
            if (!is_found(&path, &place) || path.steps[step].selector != HANSE_SELECT_INDEX)
                continue;
            node->is_made = true;
            node->index = place.element;
        }
    }
}

/* Spreadsheets drop the white space around a text and the CR of its lines. */
static bool is_same(struct hanse_bytes held, struct hanse_bytes cell)
{
    held = hanse_cell_trim(held);
    cell = hanse_cell_trim(cell);
    size_t at = 0;
    for (size_t i = 0; i < held.size; i++) {
        while (at < cell.size && cell.data[at] == '\r')
            at++;
        if (held.data[i] == '\r')
            continue;
        if (at == cell.size || cell.data[at++] != held.data[i])
            return false;
    }
    return at == cell.size;
}

static void mark_emptied(const struct change *change, const struct hanse_mapping *mapping)
{
    for (size_t i = 1; i < mapping->path.count; i++)
        change->row->nodes[mapping->nodes[i]].was_emptied = true;
}

/* Elements of lists of scalars wait until the others are looked at. */
static void take_away(struct change *change, const struct hanse_mapping *mapping,
                      const struct hanse_record_path *path, const struct hanse_record_place *place)
{
    const struct hanse_field *field = path->steps[path->count - 1].field;
    if (!hanse_field_is_repeated(field))
        hanse_part_clear(place->part, field);
    mark_emptied(change, mapping);
    hanse_record_changed(change->record);
    *change->changed = true;
}

/* `text` of size 0: no value. */
static enum hanse_status change_value(struct change *change, const struct hanse_mapping *mapping,
                                      const char *name, struct hanse_bytes text, struct hanse_error *err)
{
    struct hanse_record_path path = hanse_sheet_row_path(change->row, mapping, name);
    struct hanse_record_place place = follow(change, &path);
    const struct hanse_field *field = path.steps[path.count - 1].field;
    struct hanse_value value;
    bool is_there = is_found(&path, &place) && hanse_part_get(place.part, field, place.element, &value);
    enum hanse_status status = HANSE_OK;
    HANSE_SCOPED_BUFFER struct hanse_buffer held;
    hanse_buffer_init(&held, 2 * HANSE_MAX_RECORD_BYTES);
    if (is_there)
        status = hanse_value_append(field, &value, &held, err);
    if (status != HANSE_OK || (is_there && is_same(hanse_buffer_view(&held), text)) ||
        (!is_there && (text.size == 0 || (name != NULL && hanse_bytes_equal_text(text, "0")))))
        return status;
    if (text.size == 0) {
        take_away(change, mapping, &path, &place);
        return HANSE_OK;
    }
    status = hanse_sheet_row_set(change->row, mapping, name, text, change->record, err);
    *change->changed |= status == HANSE_OK;
    return status;
}

static struct hanse_bytes part_of(const struct hanse_cell_parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->count; i++)
        if (strcmp(parts->items[i].field, name) == 0)
            return hanse_bytes_of_text(parts->items[i].text);
    return hanse_bytes_of(NULL, 0);
}

static enum hanse_status apply(struct change *change, const struct hanse_mapping *mapping,
                               struct hanse_error *err)
{
    static const char *const names[][HANSE_CELL_PARTS] = {
        [HANSE_CELL_DATE] = {"year", "month", "day"}, [HANSE_CELL_MONEY] = {"units", "nanos", NULL}};
    struct hanse_cell_parts parts;
    if (mapping->form == HANSE_CELL_SCALAR)
        return change_value(change, mapping, NULL, hanse_sheet_row_mapped(change->row, mapping), err);
    enum hanse_status status = hanse_sheet_row_parts(change->row, mapping, &parts, err);
    for (size_t i = 0; status == HANSE_OK && i < HANSE_CELL_PARTS && names[mapping->form][i] != NULL; i++)
        status = change_value(change, mapping, names[mapping->form][i],
                              part_of(&parts, names[mapping->form][i]), err);
    return status;
}

static enum hanse_status judge_mapping(struct change *change, const struct hanse_mapping *mapping,
                                       struct hanse_sheet_told *told, struct hanse_error *err)
{
    struct hanse_sheet_row *row = change->row;
    struct hanse_error problem;
    bool is_constant = mapping->column == HANSE_NO_COLUMN;
    struct hanse_sheet_cell *cell = is_constant ? NULL : &row->cells[mapping->column];
    if (is_constant ? !hanse_sheet_row_wants(row, mapping)
                    : cell->is_bad || hanse_bytes_equal_text(cell->text, HANSE_CELL_KEEP))
        return HANSE_OK;
    enum hanse_status found = apply(change, mapping, &problem);
    if (cell != NULL)
        cell->is_bad = found != HANSE_OK;
    if (found == HANSE_LIMIT || found == HANSE_NOT_FOUND)
        found = hanse_fail_as(&problem, HANSE_INVALID_ARGUMENT); /* of this row alone */
    return hanse_sheet_judge(told, hanse_sheet_row_place(row, mapping->column, found, &problem), &problem,
                             err);
}

/* The node's path with the numbers of the record. */
static struct hanse_record_path path_of(const struct hanse_sheet_row *row, size_t node)
{
    struct hanse_record_path path = {0};
    for (size_t at = node; at != SIZE_MAX; at = row->map->nodes[at].parent)
        path.count++;
    size_t step = path.count;
    for (size_t at = node; at != SIZE_MAX; at = row->map->nodes[at].parent) {
        path.steps[--step] = row->map->nodes[at].step;
        if (row->nodes[at].is_made) {
            path.steps[step].selector = HANSE_SELECT_INDEX;
            path.steps[step].index = row->nodes[at].index;
        }
    }
    return path;
}

/* What tells an element apart is no value of it. */
static bool is_empty(const struct hanse_part *part, const struct hanse_field *told_apart_by)
{
    const struct hanse_schema *schema = hanse_part_schema(part);
    if (hanse_part_unknown_count(part) > 0)
        return false;
    for (size_t i = 0; i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *field = hanse_schema_field(schema, i);
        if (field != told_apart_by && hanse_part_count(part, field) > 0)
            return false;
    }
    return true;
}

/* Whether the first goes before the second. */
static bool goes_before(const struct hanse_record_path *first, const struct hanse_record_place *at_first,
                        const struct hanse_record_path *second, const struct hanse_record_place *at_second)
{
    return first->count != second->count ? first->count > second->count
                                         : at_first->element > at_second->element;
}

/* The emptied node that goes next; false if there is none. */
static bool find_emptied(const struct change *change, size_t *out, struct hanse_record_path *out_path,
                         struct hanse_record_place *out_place)
{
    bool found = false;
    for (size_t i = 0; i < change->row->map->node_count; i++) {
        if (!change->row->nodes[i].was_emptied)
            continue;
        struct hanse_record_path path = path_of(change->row, i);
        struct hanse_record_place place = follow(change, &path);
        if (found && !goes_before(&path, &place, out_path, out_place))
            continue;
        found = true;
        *out = i;
        *out_path = path;
        *out_place = place;
    }
    return found;
}

static void remove_emptied(struct change *change)
{
    size_t node = 0;
    struct hanse_record_path path;
    struct hanse_record_place place;
    while (find_emptied(change, &node, &path, &place)) {
        const struct hanse_record_step *step = &path.steps[path.count - 1];
        change->row->nodes[node].was_emptied = false;
        if (!is_found(&path, &place))
            continue;
        const struct hanse_part *child = hanse_field_message(step->field) != NULL
                                             ? hanse_part_child(place.part, step->field, place.element)
                                             : NULL;
        const struct hanse_field *match = step->selector == HANSE_SELECT_MATCH ? step->match_field : NULL;
        if (child != NULL ? is_empty(child, match) : hanse_field_is_repeated(step->field))
            hanse_part_remove(place.part, step->field, place.element);
    }
}

enum hanse_status hanse_sheet_row_change(struct hanse_sheet_row *row, struct hanse_sheet_told *told,
                                         struct hanse_record *record, bool *out_changed,
                                         struct hanse_error *err)
{
    bool changed = false;
    struct change change = {.row = row, .record = record, .changed = &changed};
    enum hanse_status status = hanse_sheet_row_fill(row, err);
    if (status == HANSE_OK)
        find_elements(&change);
    for (size_t i = 0; status == HANSE_OK && i < row->map->mapping_count; i++)
        status = judge_mapping(&change, &row->map->mappings[i], told, err);
    if (status != HANSE_OK)
        return status;
    remove_emptied(&change);
    *out_changed = changed;
    return HANSE_OK;
}
