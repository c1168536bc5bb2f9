/* SPDX-License-Identifier: Apache-2.0 */
/* One row of a table: its cells, and the record that they make. For record/sheet.h. */
#ifndef HANSE_RECORD_SHEET_ROW_H
#define HANSE_RECORD_SHEET_ROW_H

#include "record/column_map.h"
#include "record/import.h"

struct hanse_sheet_cell {
    struct hanse_bytes text; /* without the white space around it */
    size_t position;
    bool is_bad; /* told; what else is wrong with it follows from that */
};
/* What the row has filled of a node of the map. */
struct hanse_sheet_node {
    bool is_filled; /* some cell at it or below has a text */
    bool is_made;
    size_t index;     /* of an element that is made */
    bool was_emptied; /* a value at it or below was taken away */
};

struct hanse_sheet_row {
    const struct hanse_column_map *map;
    struct hanse_sheet_cell *cells; /* of the map's columns */
    size_t cell_count;              /* those from here on are empty */
    struct hanse_sheet_node *nodes; /* of the map's nodes */
    size_t node_capacity;
};

/* Where mistakes of a row go: the first to sink->invalid, the others to sink->finding. */
struct hanse_sheet_told {
    const struct hanse_import_sink *sink;
    struct hanse_import_item item;
    size_t count;
};
/* Tells a problem of the row and gives HANSE_OK; HANSE_OK stays so, and what ends the import does: any status
 * but HANSE_INVALID_ARGUMENT. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_judge(struct hanse_sheet_told *told, enum hanse_status status,
                                                     const struct hanse_error *problem,
                                                     struct hanse_error *err);

/* HANSE_NO_MEMORY; release it in any case. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_row_init(struct hanse_sheet_row *row,
                                                        const struct hanse_column_map *map,
                                                        struct hanse_error *err);
void hanse_sheet_row_release(struct hanse_sheet_row *row);
void hanse_sheet_row_clear(struct hanse_sheet_row *row);
void hanse_sheet_row_put(struct hanse_sheet_row *row, size_t column, struct hanse_bytes text,
                         size_t position);
struct hanse_bytes hanse_sheet_row_text(const struct hanse_sheet_row *row, size_t column);
/* Tells of cells whose text cannot be one: no UTF-8, a NUL. What hanse_sheet_judge ends with. */
HANSE_MUST_CHECK enum hanse_status
hanse_sheet_row_check(struct hanse_sheet_row *row, struct hanse_sheet_told *told, struct hanse_error *err);
/* For hanse_sheet_row_record and hanse_sheet_row_change: the text of a mapping (a constant, the cell, or the
 * word for the cell; empty: it sets nothing) with the parts that its form takes it apart into, none for a
 * scalar; what the cells fill; whether the mapping is to be set; its path with the numbers that elements have
 * in the record; a value set, with the numbers of new elements remembered; the column's place before a
 * message. HANSE_INVALID_ARGUMENT: of the cell; HANSE_NO_MEMORY, HANSE_LIMIT. */
struct hanse_bytes hanse_sheet_row_mapped(const struct hanse_sheet_row *row,
                                          const struct hanse_mapping *mapping);
HANSE_MUST_CHECK enum hanse_status hanse_sheet_row_parts(const struct hanse_sheet_row *row,
                                                         const struct hanse_mapping *mapping,
                                                         struct hanse_cell_parts *out,
                                                         struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_sheet_row_fill(struct hanse_sheet_row *row, struct hanse_error *err);
bool hanse_sheet_row_wants(const struct hanse_sheet_row *row, const struct hanse_mapping *mapping);
struct hanse_record_path hanse_sheet_row_path(const struct hanse_sheet_row *row,
                                              const struct hanse_mapping *mapping, const char *field);
HANSE_MUST_CHECK enum hanse_status hanse_sheet_row_set(struct hanse_sheet_row *row,
                                                       const struct hanse_mapping *mapping, const char *field,
                                                       struct hanse_bytes text, struct hanse_record *record,
                                                       struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_sheet_row_place(const struct hanse_sheet_row *row, size_t column,
                                                         enum hanse_status status,
                                                         struct hanse_error *problem);
/* *out is the caller's, of no use if something was told. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_row_record(struct hanse_sheet_row *row,
                                                          struct hanse_sheet_told *told,
                                                          struct hanse_record **out, struct hanse_error *err);
/* Makes a record say what the row says: a value for each cell with a text, none for each empty one; elements
 * of lists that lose all of their values go. What the table has no column for stays, and a value that is the
 * cell's already is not touched. *out_changed: something was. Errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_row_change(struct hanse_sheet_row *row,
                                                          struct hanse_sheet_told *told,
                                                          struct hanse_record *record, bool *out_changed,
                                                          struct hanse_error *err);

#endif
