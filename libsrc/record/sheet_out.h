/* SPDX-License-Identifier: Apache-2.0 */
/* Records into rows of a table, the reverse of record/sheet.h. Writers of formats survey all records for the
 * columns, then ask for one row after the other. */
#ifndef HANSE_RECORD_SHEET_OUT_H
#define HANSE_RECORD_SHEET_OUT_H

#include <stdbool.h>

#include <hanse/record.h>

#include "base/buffer.h"
#include "record/loss.h"
#include "wire/message.h"

struct hanse_sheet_out_column {
    char *name;     /* the path */
    uint8_t *order; /* bytes by which the columns are sorted: as the fields are numbered */
    size_t order_size;
    size_t start; /* the row's cell in `text` */
    size_t size;
};

struct hanse_sheet_out {
    uint32_t kind;
    struct hanse_sheet_out_column *columns; /* sorted; HANSE_MAX_COLUMN_MAPPINGS of them at most */
    size_t count;
    size_t capacity;
    struct hanse_buffer text; /* of the row */
    struct hanse_loss_report losses;
    bool is_survey;
    struct hanse_buffer path; /* of the value that is visited */
    struct hanse_buffer order;
};

/* Release it in any case. */
void hanse_sheet_out_init(struct hanse_sheet_out *it, uint32_t kind);
void hanse_sheet_out_release(struct hanse_sheet_out *it);
/* Adds the columns that the record needs. HANSE_INVALID_ARGUMENT: another kind; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_sheet_out_survey(struct hanse_sheet_out *it,
                                                          const struct hanse_record *record,
                                                          struct hanse_error *err);
/* Fills the cells, and counts what has none. HANSE_LIMIT: too large; else as above. */
HANSE_MUST_CHECK enum hanse_status
hanse_sheet_out_row(struct hanse_sheet_out *it, const struct hanse_record *record, struct hanse_error *err);
/* Of the row, empty where the record has nothing; lives until the next one. */
struct hanse_bytes hanse_sheet_out_cell(const struct hanse_sheet_out *it, size_t column);

#endif
