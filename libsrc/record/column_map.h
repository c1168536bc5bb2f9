/* SPDX-License-Identifier: Apache-2.0 */
/* Which column of a table goes to which path of a record: read from a map (docs/manual.md has its grammar)
 * and from the names of columns that are paths themselves. */
#ifndef HANSE_RECORD_COLUMN_MAP_H
#define HANSE_RECORD_COLUMN_MAP_H

#include "base/arena.h"
#include "record/cell.h"
#include "record/path.h"

#define HANSE_NO_COLUMN SIZE_MAX

/* A text of the source and what to put in its place; an empty one leaves the field unset. */
struct hanse_column_word {
    struct hanse_column_word *next;
    struct hanse_bytes from;
    struct hanse_bytes to;
};

struct hanse_column {
    const char *name;
    struct hanse_column_word *words;
    const char *date_form; /* NULL: as hanse_cell_read_date reads it without one */
    size_t line;           /* of the map, that names it first; 0: the map does not */
    bool has_target;       /* some mapping reads it */
};

/* A step that mappings share: the message or element that they fill together. */
struct hanse_mapping_node {
    size_t parent; /* SIZE_MAX: none */
    struct hanse_record_step step;
    bool has_columns; /* a mapping that is no constant lies here or below */
    bool has_leaf;    /* a mapping ends here */
};

struct hanse_mapping {
    size_t column;               /* HANSE_NO_COLUMN: a constant */
    struct hanse_bytes constant; /* empty otherwise */
    enum hanse_cell_form form;
    struct hanse_record_path path;
    size_t nodes[HANSE_MAX_RECORD_DEPTH]; /* one a step */
};

struct hanse_column_map {
    struct hanse_arena arena; /* all texts, and what the arrays hold */
    struct hanse_column *columns;
    size_t column_count;
    struct hanse_mapping *mappings;
    size_t mapping_count;
    struct hanse_mapping_node *nodes;
    size_t node_count;
    size_t node_capacity;
    uint32_t kind; /* of the records; 0: no path has told yet */
};

/* `kind`: name of the records' kind; NULL: what the paths say. HANSE_INVALID_ARGUMENT: no such kind, the
 * message names those that there are; HANSE_NO_MEMORY. Release it in any case. */
HANSE_MUST_CHECK enum hanse_status hanse_column_map_begin(struct hanse_column_map *map, const char *kind,
                                                          struct hanse_error *err);
void hanse_column_map_release(struct hanse_column_map *map);

/* Reads the text of a map, which has to outlive it. HANSE_INVALID_ARGUMENT with the offset, the line and what
 * would do: a mistake in it; HANSE_LIMIT: over HANSE_MAX_COLUMN_MAP_BYTES, HANSE_MAX_COLUMN_MAPPINGS or
 * HANSE_MAX_SHEET_COLUMNS; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_column_map_read(struct hanse_column_map *map,
                                                         struct hanse_bytes text, struct hanse_error *err);
/* The column of that name, added if it is new. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_column_map_column(struct hanse_column_map *map,
                                                           struct hanse_bytes name, size_t *out,
                                                           struct hanse_error *err);
/* Sends a column, or a constant (HANSE_NO_COLUMN), to a path. HANSE_INVALID_ARGUMENT: no such path, it ends
 * at a message other than a Date or a Money, it is of another kind, something fills it already, the constant
 * does not suit; HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_column_map_add(struct hanse_column_map *map, size_t column,
                                                        struct hanse_bytes constant, struct hanse_bytes path,
                                                        struct hanse_error *err);
/* Whether a column's name is meant as a path: it begins with a field of a record and a point. */
bool hanse_column_is_path(const char *name);

#endif
