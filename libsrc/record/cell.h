/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and amounts of money as cells of tables hold them, taken apart into the fields of a record. */
#ifndef HANSE_RECORD_CELL_H
#define HANSE_RECORD_CELL_H

#include <stdbool.h>

#include <hanse/status.h>

#include "wire/schema.h"

/* What the text of a cell becomes. */
enum hanse_cell_form { HANSE_CELL_SCALAR, HANSE_CELL_DATE, HANSE_CELL_MONEY };
/* By the message of the field that it fills; SCALAR for every other one and for NULL. */
enum hanse_cell_form hanse_cell_form_of(const struct hanse_schema *schema);

/* A scalar to set below the path of the message. */
struct hanse_cell_part {
    const char *field; /* static */
    char text[24];
};
#define HANSE_CELL_PARTS 3
struct hanse_cell_parts {
    size_t count;
    struct hanse_cell_part items[HANSE_CELL_PARTS];
};

/* The cell's text without the white space around it. */
struct hanse_bytes hanse_cell_trim(struct hanse_bytes text);
/* Whether a spreadsheet may take the text for a formula: behind any apostrophes it begins with one of = + -
 * @, a tab or a CR. */
bool hanse_cell_is_active(struct hanse_bytes text);
/* What a cell of CSV says: an active text loses the first of its apostrophes, which only kept it inert. */
struct hanse_bytes hanse_cell_activate(struct hanse_bytes text);
/* The cell says nothing about what its path holds. */
#define HANSE_CELL_KEEP "{keep}"
/* A Date: "2026-11-24", "2026-11" or "2026"; with a form what the form says. HANSE_INVALID_ARGUMENT. */
HANSE_MUST_CHECK enum hanse_status hanse_cell_read_date(struct hanse_bytes text, const char *form,
                                                        struct hanse_cell_parts *out,
                                                        struct hanse_error *err);
/* A form has YYYY once, MM and DD at most once, DD only with MM, and between them what is neither a letter
 * nor a digit: "DD.MM.YYYY", "YYYY/MM/DD". */
bool hanse_cell_is_date_form(const char *form);
/* The units and nanos of a Money: digits with an optional minus, and after a point or comma one, two or four
 * to nine decimal places. Three are refused: they may be thousands. HANSE_INVALID_ARGUMENT. */
HANSE_MUST_CHECK enum hanse_status
hanse_cell_read_money(struct hanse_bytes text, struct hanse_cell_parts *out, struct hanse_error *err);

#endif
