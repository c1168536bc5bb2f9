/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4180: bytes into rows of fields, piece by piece. Memory is bounded by one row. */
#ifndef HANSE_RECORD_CSV_CSV_PARSER_H
#define HANSE_RECORD_CSV_CSV_PARSER_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/limits.h"

/* A row; its views live until the visitor returns. */
struct hanse_csv_row {
    const struct hanse_bytes *fields;
    size_t count;
    uint64_t line; /* in which it starts, from 1 */
    uint64_t offset;
    const char *problem;  /* NULL: none; static text. Then the fields may be wrong or missing. */
    size_t problem_field; /* from 1 */
    uint64_t problem_line;
};
typedef enum hanse_status hanse_csv_visit(void *context, const struct hanse_csv_row *row,
                                          struct hanse_error *err);

enum hanse_csv_state { HANSE_CSV_START, HANSE_CSV_BARE, HANSE_CSV_QUOTED, HANSE_CSV_QUOTE };

struct hanse_csv_parser {
    hanse_csv_visit *visit;
    void *context;
    struct hanse_buffer head; /* the first line, until it tells the separator */
    bool head_is_quoted;
    uint8_t separator; /* 0: not known yet */
    enum hanse_csv_state state;
    bool after_cr; /* a LF that follows belongs to it */
    struct hanse_buffer text;
    size_t starts[HANSE_MAX_SHEET_COLUMNS]; /* of the fields in `text` */
    struct hanse_bytes fields[HANSE_MAX_SHEET_COLUMNS];
    struct hanse_csv_row row; /* being read */
    bool was_quoted;          /* some field of it */
    bool is_dropped;          /* over a limit: the rest is only looked at for its end */
    uint64_t line;
    uint64_t quote_line; /* where the open quote stands */
    uint64_t position;
};

/* Fields end at a comma, a semicolon or a tab, whichever the first line has most of outside of quotes; rows
 * at LF, CR LF or CR. Lines without anything are left out. Release it in any case. */
void hanse_csv_parser_init(struct hanse_csv_parser *parser, hanse_csv_visit *visit, void *context);
void hanse_csv_parser_release(struct hanse_csv_parser *parser);
/* HANSE_MALFORMED: the first line is over HANSE_MAX_CSV_ROW_BYTES; HANSE_NO_MEMORY, what the visitor
 * returned.
 */
HANSE_MUST_CHECK enum hanse_status hanse_csv_parser_push(struct hanse_csv_parser *parser,
                                                         struct hanse_bytes piece, struct hanse_error *err);
/* The end of the input. HANSE_MALFORMED: a quote is open; else as push. */
HANSE_MUST_CHECK enum hanse_status hanse_csv_parser_end(struct hanse_csv_parser *parser,
                                                        struct hanse_error *err);

#endif
