/* SPDX-License-Identifier: Apache-2.0 */
/* An object of plain values as the row of a table. */
#ifndef HANSE_RECORD_JSON_JSON_ROW_H
#define HANSE_RECORD_JSON_JSON_ROW_H

#include "base/arena.h"
#include "record/sheet.h"

struct hanse_json_row {
    void *json;
    struct hanse_arena arena; /* texts of numbers */
};

/* Hands each member to the sheet as a cell: strings as they are, numbers in decimal, true and false as words,
 * null as empty. The cells are views of the row, which is to be released after hanse_sheet_row, in any case.
 * HANSE_MALFORMED with the offset: no JSON, no object, a member twice, an object or array where the map sends
 * the member to a path; HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_json_row_open(struct hanse_bytes line, struct hanse_sheet *sheet,
                                                       struct hanse_json_row *out, struct hanse_error *err);
void hanse_json_row_release(struct hanse_json_row *row);

#endif
