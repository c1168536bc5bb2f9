/* SPDX-License-Identifier: Apache-2.0 */
/* Columns, paths and the steps that paths share. Arrays are of their full size from the start: they come out
 * of one arena, and few limits bound them. */
#include "record/column_map.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "record/cell.h"
#include "record/record.h"
#include "record/value.h"

enum { ARENA_BYTES = 32 << 20, FIRST_NODES = 64 };

static enum hanse_status refuse_kind(const char *kind, struct hanse_error *err)
{
    char names[200] = "";
    size_t used = 0;
    const struct hanse_schema *schema = hanse_schema_record();
    for (size_t i = 0; i < hanse_schema_field_count(schema) && used < sizeof names; i++) {
        const char *name = hanse_kind_name(hanse_field_number(hanse_schema_field(schema, i)));
        if (name != NULL)
            used += (size_t)snprintf(names + used, sizeof names - used, " %s", name);
    }
    return hanse_fail(err, HANSE_INVALID_ARGUMENT, "kind \"%.40s\" is not known; known are:%s", kind, names);
}

enum hanse_status hanse_column_map_begin(struct hanse_column_map *map, const char *kind,
                                         struct hanse_error *err)
{
    *map = (struct hanse_column_map){.kind = hanse_kind_number(kind)};
    hanse_arena_init(&map->arena, ARENA_BYTES);
    if (kind != NULL && map->kind == 0)
        return refuse_kind(kind, err);
    map->columns = hanse_arena_alloc(&map->arena, HANSE_MAX_SHEET_COLUMNS * sizeof *map->columns);
    map->mappings = hanse_arena_alloc(&map->arena, HANSE_MAX_COLUMN_MAPPINGS * sizeof *map->mappings);
    return map->columns != NULL && map->mappings != NULL ? HANSE_OK : hanse_fail_memory(err);
}

void hanse_column_map_release(struct hanse_column_map *map)
{
    hanse_arena_release(&map->arena);
    *map = (struct hanse_column_map){0};
}

enum hanse_status hanse_column_map_column(struct hanse_column_map *map, struct hanse_bytes name, size_t *out,
                                          struct hanse_error *err)
{
    for (size_t i = 0; i < map->column_count; i++) {
        if (hanse_bytes_equal_text(name, map->columns[i].name)) {
            *out = i;
            return HANSE_OK;
        }
    }
    if (name.size > HANSE_MAX_COLUMN_NAME_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "name of a column has more than %u bytes",
                          HANSE_MAX_COLUMN_NAME_BYTES);
    if (map->column_count == HANSE_MAX_SHEET_COLUMNS)
        return hanse_fail(err, HANSE_LIMIT, "table has more than %u columns", HANSE_MAX_SHEET_COLUMNS);
    char *copy = hanse_arena_copy(&map->arena, name);
    if (copy == NULL)
        return hanse_fail_memory(err);
    *out = map->column_count++;
    map->columns[*out] = (struct hanse_column){.name = copy};
    return HANSE_OK;
}

bool hanse_column_is_path(const char *name)
{
    size_t end = strcspn(name, ".");
    return name[end] == '.' && hanse_schema_find(hanse_schema_record(), hanse_bytes_of(name, end)) != NULL;
}

static enum hanse_status refuse(const struct hanse_record_path *path, const char *what,
                                struct hanse_error *err)
{
    return hanse_fail(err, HANSE_INVALID_ARGUMENT, "path \"%.*s\" is refused: %s",
                      hanse_record_path_shown(path->text), path->text, what);
}

static enum hanse_status refuse_message(const struct hanse_record_path *path,
                                        const struct hanse_schema *schema, struct hanse_error *err)
{
    char what[200];
    int used = snprintf(what, sizeof what, "it is a %s, name one of its fields:", hanse_schema_name(schema));
    for (size_t i = 0; i < hanse_schema_field_count(schema) && (size_t)used < sizeof what; i++) {
        char name[HANSE_FIELD_NAME_BYTES];
        (void)hanse_field_json_name(hanse_schema_field(schema, i), name);
        used += snprintf(what + used, sizeof what - (size_t)used, " %s", name);
    }
    return refuse(path, what, err);
}

static enum hanse_status find_form(const struct hanse_record_path *path, enum hanse_cell_form *out,
                                   struct hanse_error *err)
{
    const struct hanse_record_step *last = &path->steps[path->count - 1];
    const struct hanse_schema *schema = hanse_field_message(last->field);
    for (size_t i = 0; i < path->count; i++)
        if (path->steps[i].selector == HANSE_SELECT_LAST)
            return refuse(path, "[-] may be another element in each row, take a number", err);
    if (hanse_field_is_repeated(last->field) && last->selector == HANSE_SELECT_NONE)
        return refuse(path, "the field is repeated, say which element ([0], [1], [+])", err);
    *out = hanse_cell_form_of(schema);
    return *out == HANSE_CELL_SCALAR && schema != NULL ? refuse_message(path, schema, err) : HANSE_OK;
}

static enum hanse_status check_kind(const struct hanse_column_map *map, const struct hanse_record_path *path,
                                    uint32_t *out, struct hanse_error *err)
{
    uint32_t number = hanse_field_number(path->steps[0].field);
    *out = number >= HANSE_FIRST_KIND ? number : map->kind;
    if (number < HANSE_FIRST_KIND || map->kind == 0 || map->kind == number)
        return HANSE_OK;
    char what[120];
    (void)snprintf(what, sizeof what, "it is of a %s, and the records of this table are of kind %s",
                   hanse_kind_name(number), hanse_kind_name(map->kind));
    return refuse(path, what, err);
}

static enum hanse_status check_constant(const struct hanse_mapping *mapping, struct hanse_error *err)
{
    struct hanse_cell_parts parts;
    if (mapping->column != HANSE_NO_COLUMN)
        return HANSE_OK;
    if (mapping->form == HANSE_CELL_DATE)
        return hanse_cell_read_date(mapping->constant, NULL, &parts, err);
    if (mapping->form == HANSE_CELL_MONEY)
        return hanse_cell_read_money(mapping->constant, &parts, err);
    HANSE_SCOPED_BUFFER struct hanse_buffer scratch;
    hanse_buffer_init(&scratch, HANSE_MAX_COLUMN_MAP_BYTES);
    struct hanse_value value;
    return hanse_value_read(mapping->path.steps[mapping->path.count - 1].field, mapping->constant, &scratch,
                            &value, err);
}

static bool is_same_step(const struct hanse_record_step *a, const struct hanse_record_step *b)
{
    if (a->field != b->field || a->selector != b->selector)
        return false;
    if (a->selector == HANSE_SELECT_INDEX)
        return a->index == b->index;
    return a->selector != HANSE_SELECT_MATCH ||
           (a->match_field == b->match_field && hanse_value_equal(&a->match, &b->match));
}

/* [+] is an element of its own at each place; map->node_count if the step is new. */
static size_t find_node(const struct hanse_column_map *map, size_t parent,
                        const struct hanse_record_step *step)
{
    size_t at = 0;
    while (at < map->node_count &&
           (step->selector == HANSE_SELECT_APPEND || map->nodes[at].parent != parent ||
            !is_same_step(&map->nodes[at].step, step)))
        at++;
    return at;
}

static enum hanse_status add_node(struct hanse_column_map *map, size_t parent,
                                  const struct hanse_record_step *step, struct hanse_error *err)
{
    if (map->node_count == map->node_capacity) {
        size_t capacity = map->node_capacity > 0 ? 2 * map->node_capacity : FIRST_NODES;
        struct hanse_mapping_node *nodes = hanse_arena_alloc(&map->arena, capacity * sizeof *nodes);
        if (nodes == NULL)
            return hanse_fail_memory(err);
        if (map->node_count > 0)
            memcpy(nodes, map->nodes, map->node_count * sizeof *nodes);
        map->nodes = nodes;
        map->node_capacity = capacity;
    }
    map->nodes[map->node_count++] = (struct hanse_mapping_node){.parent = parent, .step = *step};
    return HANSE_OK;
}

static enum hanse_status find_nodes(struct hanse_column_map *map, struct hanse_mapping *mapping,
                                    struct hanse_error *err)
{
    size_t parent = SIZE_MAX;
    for (size_t i = 0; i < mapping->path.count; i++) {
        size_t at = find_node(map, parent, &mapping->path.steps[i]);
        enum hanse_status status =
            at == map->node_count ? add_node(map, parent, &mapping->path.steps[i], err) : HANSE_OK;
        if (status != HANSE_OK)
            return status;
        mapping->nodes[i] = at;
        parent = at;
    }
    if (map->nodes[parent].has_leaf)
        return refuse(&mapping->path, "something else fills it already", err);
    map->nodes[parent].has_leaf = true;
    for (size_t i = 0; i < mapping->path.count && mapping->column != HANSE_NO_COLUMN; i++)
        map->nodes[mapping->nodes[i]].has_columns = true;
    return HANSE_OK;
}

enum hanse_status hanse_column_map_add(struct hanse_column_map *map, size_t column,
                                       struct hanse_bytes constant, struct hanse_bytes path,
                                       struct hanse_error *err)
{
    if (map->mapping_count == HANSE_MAX_COLUMN_MAPPINGS)
        return hanse_fail(err, HANSE_LIMIT, "map has more than %u paths", HANSE_MAX_COLUMN_MAPPINGS);
    struct hanse_mapping *mapping = &map->mappings[map->mapping_count];
    *mapping = (struct hanse_mapping){.column = column, .constant = constant};
    uint32_t kind = 0;
    const char *text = hanse_arena_copy(&map->arena, path);
    if (text == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = hanse_record_path_parse(text, &mapping->path, err);
    if (status == HANSE_OK)
        status = find_form(&mapping->path, &mapping->form, err);
    if (status == HANSE_OK)
        status = check_kind(map, &mapping->path, &kind, err);
    if (status == HANSE_OK)
        status = check_constant(mapping, err);
    if (status == HANSE_OK)
        status = find_nodes(map, mapping, err);
    if (status != HANSE_OK)
        return status;
    map->kind = kind;
    map->mapping_count++;
    if (column != HANSE_NO_COLUMN)
        map->columns[column].has_target = true;
    return HANSE_OK;
}
