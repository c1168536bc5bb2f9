/* SPDX-License-Identifier: Apache-2.0 */
#include "record/csv/csv.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "record/cell.h"
#include "record/csv/csv_parser.h"
#include "record/csv/transcoder.h"

enum { CHUNK_BYTES = 16384 };

struct reader {
    struct hanse_sheet *sheet;
    const struct hanse_import_sink *sink;
    struct hanse_csv_parser parser;
    bool has_offsets;
    uint64_t mark_bytes;
    size_t columns[HANSE_MAX_SHEET_COLUMNS]; /* of the sheet, one a field */
    size_t column_count;                     /* 0: there was no header yet */
};

static enum hanse_status take_header(struct reader *reader, const struct hanse_csv_row *row,
                                     struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    if (row->problem != NULL)
        return hanse_fail(err, HANSE_MALFORMED, "header is refused: %s", row->problem);
    for (size_t i = 0; status == HANSE_OK && i < row->count; i++) {
        struct hanse_bytes name = hanse_cell_trim(row->fields[i]);
        if (hanse_utf8_check(name) < name.size || hanse_bytes_find(name, 0, 0) < name.size)
            return hanse_fail(err, HANSE_MALFORMED,
                              "column %zu has a name that is not in the encoding of the input: say which it "
                              "is, such as CP932",
                              i + 1);
        status = hanse_sheet_header(reader->sheet, name, i + 1, &reader->columns[i], err);
    }
    reader->column_count = row->count;
    return status == HANSE_OK ? hanse_sheet_header_end(reader->sheet, err) : status;
}

/* Tells of a row that does not fit its header; false if it does. */
static bool is_refused(const struct reader *reader, const struct hanse_csv_row *row,
                       const struct hanse_import_item *item)
{
    struct hanse_error problem;
    if (row->problem != NULL)
        (void)hanse_fail_at(&problem, HANSE_MALFORMED, item->offset, "line %" PRIu64 ", column %zu: %s",
                            row->problem_line, row->problem_field, row->problem);
    else if (row->count != reader->column_count)
        (void)hanse_fail_at(&problem, HANSE_MALFORMED, item->offset,
                            "row ends with column %zu, and the header has %zu", row->count,
                            reader->column_count);
    else
        return false;
    if (reader->sink->invalid != NULL)
        reader->sink->invalid(reader->sink->context, item, &problem);
    return true;
}

static enum hanse_status take_row(void *context, const struct hanse_csv_row *row, struct hanse_error *err)
{
    struct reader *reader = context;
    struct hanse_import_item item = {.line = row->line,
                                     .offset = reader->has_offsets ? row->offset + reader->mark_bytes
                                                                   : HANSE_NO_OFFSET};
    if (reader->column_count == 0)
        return take_header(reader, row, err);
    if (is_refused(reader, row, &item))
        return HANSE_OK;
    for (size_t i = 0; i < row->count; i++)
        hanse_sheet_cell(reader->sheet, reader->columns[i],
                         hanse_cell_activate(hanse_cell_trim(row->fields[i])), i + 1);
    return hanse_sheet_row(reader->sheet, &item, reader->sink, err);
}

static enum hanse_status read_rows(struct reader *reader, struct hanse_source text, struct hanse_error *err)
{
    uint8_t chunk[CHUNK_BYTES];
    size_t size = 0;
    enum hanse_status status;
    do {
        status = text.read(text.context, chunk, sizeof chunk, &size, err);
        if (status == HANSE_OK)
            status = hanse_csv_parser_push(&reader->parser, hanse_bytes_of(chunk, size), err);
    } while (status == HANSE_OK && size > 0);
    if (status == HANSE_OK)
        status = hanse_csv_parser_end(&reader->parser, err);
    if (status == HANSE_OK && reader->column_count == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "table has no header");
    return status;
}

enum hanse_status hanse_csv_read(struct hanse_source source, const char *encoding, struct hanse_sheet *sheet,
                                 const struct hanse_import_sink *sink, struct hanse_error *err)
{
    struct hanse_transcoder *transcoder = NULL;
    struct reader *reader = hanse_alloc_zeroed(1, sizeof *reader);
    if (reader == NULL)
        return hanse_fail_memory(err);
    reader->sheet = sheet;
    reader->sink = sink;
    hanse_csv_parser_init(&reader->parser, take_row, reader);
    enum hanse_status status = hanse_transcoder_open(source, encoding, &transcoder, err);
    if (status == HANSE_OK) {
        reader->has_offsets = hanse_transcoder_keeps_offsets(transcoder, &reader->mark_bytes);
        status = read_rows(reader, hanse_transcoder_source(transcoder), err);
    }
    hanse_transcoder_close(transcoder);
    hanse_csv_parser_release(&reader->parser);
    hanse_free(reader);
    return status;
}
