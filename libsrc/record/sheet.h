/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a table into records, one a row, as a map and the names of columns say. Readers of formats name the
 * columns, hand over cells, and end rows. */
#ifndef HANSE_RECORD_SHEET_H
#define HANSE_RECORD_SHEET_H

#include <stdbool.h>

#include "record/import.h"
#include "record/loss.h"

struct hanse_sheet;

struct hanse_sheet_options {
    const char *kind;       /* of the records; NULL: the paths say */
    struct hanse_bytes map; /* its text, which has to outlive the sheet; empty: none */
    const char *key;        /* name of the column that tells records apart; NULL: none */
};

/* HANSE_INVALID_ARGUMENT with the line of the map and what would do, HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_new(const struct hanse_sheet_options *options,
                                                   struct hanse_sheet **out, struct hanse_error *err);
/* NULL does nothing. */
void hanse_sheet_free(struct hanse_sheet *sheet);

/* The next column of a header, which may be a path itself. `out` gets its number for hanse_sheet_cell.
 * HANSE_MALFORMED: a path with a mistake, of another kind, or a column with a target for the second time;
 * HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_header(struct hanse_sheet *sheet, struct hanse_bytes name,
                                                      size_t position, size_t *out, struct hanse_error *err);
/* After the header. HANSE_MALFORMED: it lacks a column that the map or the key names, or nothing of it goes
 * anywhere; the message names what it has. Starts the header of the next input. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_header_end(struct hanse_sheet *sheet, struct hanse_error *err);
/* Where there is no header, before the first row. HANSE_INVALID_ARGUMENT: no path tells the kind. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_without_header(const struct hanse_sheet *sheet,
                                                              struct hanse_error *err);
/* Whether some path or the key takes what the column has. */
bool hanse_sheet_uses(const struct hanse_sheet *sheet, size_t column);
/* The column of a named value, where there is no header. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_column(struct hanse_sheet *sheet, struct hanse_bytes name,
                                                      size_t *out, struct hanse_error *err);

/* A cell of the row; its text must live until the row ends. `position` in the row is for messages, 0:
 * unknown.
 */
void hanse_sheet_cell(struct hanse_sheet *sheet, size_t column, struct hanse_bytes text, size_t position);
/* Makes the record and hands it to the sink; what a cell or the row has wrong goes to sink->invalid, and each
 * further mistake to sink->finding as an error. `item` needs no key. HANSE_NO_MEMORY, HANSE_LIMIT (over
 * HANSE_MAX_IMPORT_KEYS), HANSE_CRYPTO, whatever the sink returned. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_row(struct hanse_sheet *sheet,
                                                   const struct hanse_import_item *item,
                                                   const struct hanse_import_sink *sink,
                                                   struct hanse_error *err);
/* Forgets the cells of a row that is not to be. */
void hanse_sheet_drop_row(struct hanse_sheet *sheet);
/* Adds for each column without a target how many of its cells were not empty. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_tell_losses(const struct hanse_sheet *sheet,
                                                           struct hanse_loss_report *losses,
                                                           struct hanse_error *err);

#endif
