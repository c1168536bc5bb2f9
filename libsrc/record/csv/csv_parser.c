/* SPDX-License-Identifier: Apache-2.0 */
#include "record/csv/csv_parser.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

static const char separators[] = ",;\t";

void hanse_csv_parser_init(struct hanse_csv_parser *parser, hanse_csv_visit *visit, void *context)
{
    *parser = (struct hanse_csv_parser){
        .visit = visit, .context = context, .line = 1, .row = {.line = 1}, .quote_line = 1};
    hanse_buffer_init(&parser->head, HANSE_MAX_CSV_ROW_BYTES);
    hanse_buffer_init(&parser->text, HANSE_MAX_CSV_ROW_BYTES);
}

void hanse_csv_parser_release(struct hanse_csv_parser *parser)
{
    hanse_buffer_release(&parser->head);
    hanse_buffer_release(&parser->text);
}

static void tell_problem(struct hanse_csv_parser *parser, const char *problem)
{
    if (parser->row.problem != NULL)
        return;
    parser->row.problem = problem;
    parser->row.problem_field = parser->row.count;
    parser->row.problem_line = parser->line;
}

static void drop_row(struct hanse_csv_parser *parser, const char *problem)
{
    tell_problem(parser, problem);
    parser->is_dropped = true;
    hanse_buffer_clear(&parser->text);
}

static enum hanse_status add_text(struct hanse_csv_parser *parser, struct hanse_bytes text,
                                  struct hanse_error *err)
{
    if (parser->is_dropped)
        return HANSE_OK;
    if (text.size > HANSE_MAX_CSV_ROW_BYTES - parser->text.size) {
        drop_row(parser, "row is over the limit of 8 MiB");
        return HANSE_OK;
    }
    return hanse_buffer_append(&parser->text, text, err);
}

static void begin_field(struct hanse_csv_parser *parser)
{
    if (parser->row.count == HANSE_MAX_SHEET_COLUMNS)
        drop_row(parser, "row is over the limit of 4096 columns");
    else
        parser->starts[parser->row.count++] = parser->text.size;
}

static enum hanse_status hand_over(struct hanse_csv_parser *parser, struct hanse_error *err)
{
    struct hanse_bytes text = hanse_buffer_view(&parser->text);
    struct hanse_csv_row *row = &parser->row;
    if (parser->is_dropped)
        row->count = 0;
    for (size_t i = 0; i < row->count; i++) {
        size_t end = i + 1 < row->count ? parser->starts[i + 1] : text.size;
        parser->fields[i] = hanse_bytes_slice(text, parser->starts[i], end - parser->starts[i]);
    }
    row->fields = parser->fields;
    bool is_blank = row->count == 1 && text.size == 0 && !parser->was_quoted && row->problem == NULL;
    return is_blank ? HANSE_OK : parser->visit(parser->context, row, err);
}

/* `position` is behind the end of the row. */
static enum hanse_status end_row(struct hanse_csv_parser *parser, struct hanse_error *err)
{
    if (parser->state == HANSE_CSV_START)
        begin_field(parser);
    enum hanse_status status = hand_over(parser, err);
    parser->line++;
    parser->row = (struct hanse_csv_row){.line = parser->line, .offset = parser->position};
    parser->state = HANSE_CSV_START;
    parser->was_quoted = false;
    parser->is_dropped = false;
    hanse_buffer_clear(&parser->text);
    return status;
}

static bool is_row_end(uint8_t byte)
{
    return byte == '\n' || byte == '\r';
}

/* A byte that means something outside of quotes; *out_taken stays false for text. */
static enum hanse_status take_mark(struct hanse_csv_parser *parser, uint8_t byte, bool *out_taken,
                                   struct hanse_error *err)
{
    *out_taken = true;
    if (byte == parser->separator) {
        if (parser->state == HANSE_CSV_START)
            begin_field(parser);
        parser->state = HANSE_CSV_START;
        return HANSE_OK;
    }
    if (is_row_end(byte)) {
        parser->after_cr = byte == '\r';
        return end_row(parser, err);
    }
    if (byte == '"' && parser->state == HANSE_CSV_START) {
        begin_field(parser);
        parser->state = HANSE_CSV_QUOTED;
        parser->quote_line = parser->line;
        parser->was_quoted = true;
        return HANSE_OK;
    }
    *out_taken = false;
    return HANSE_OK;
}

/* Text up to the next byte that may mean something; at least one byte. */
static size_t run_size(const struct hanse_csv_parser *parser, struct hanse_bytes left)
{
    size_t size = 1;
    while (size < left.size && left.data[size] != parser->separator && left.data[size] != '"' &&
           !is_row_end(left.data[size]))
        size++;
    return size;
}

static enum hanse_status take_bare(struct hanse_csv_parser *parser, struct hanse_bytes left, size_t *out_size,
                                   struct hanse_error *err)
{
    if (parser->state == HANSE_CSV_START)
        begin_field(parser);
    if (parser->state == HANSE_CSV_QUOTE)
        tell_problem(parser, "something follows the quote that ends the field: double quotes inside of it");
    else if (left.data[0] == '"')
        tell_problem(parser, "a quote stands in a field without quotes: put the field in quotes, double it");
    parser->state = HANSE_CSV_BARE;
    *out_size = run_size(parser, left);
    return add_text(parser, hanse_bytes_slice(left, 0, *out_size), err);
}

static enum hanse_status take_quoted(struct hanse_csv_parser *parser, struct hanse_bytes left,
                                     size_t *out_size, struct hanse_error *err)
{
    size_t size = hanse_bytes_find(left, 0, '"');
    for (size_t i = 0; i < size; i++)
        parser->line += left.data[i] == '\n';
    enum hanse_status status = add_text(parser, hanse_bytes_slice(left, 0, size), err);
    *out_size = size;
    if (size < left.size) {
        parser->state = HANSE_CSV_QUOTE;
        (*out_size)++;
    }
    return status;
}

/* What the next bytes are in the state that there is. */
static enum hanse_status take_some(struct hanse_csv_parser *parser, struct hanse_bytes left, size_t *out_size,
                                   struct hanse_error *err)
{
    uint8_t byte = left.data[0];
    *out_size = 1;
    if (parser->state == HANSE_CSV_QUOTED)
        return take_quoted(parser, left, out_size, err);
    if (parser->after_cr && byte == '\n') {
        parser->after_cr = false;
        parser->row.offset++;
        return HANSE_OK;
    }
    parser->after_cr = false;
    if (parser->state == HANSE_CSV_QUOTE && byte == '"') {
        parser->state = HANSE_CSV_QUOTED;
        return add_text(parser, hanse_bytes_slice(left, 0, 1), err);
    }
    bool is_mark = false;
    parser->position++; /* a row that ends here starts behind the byte */
    enum hanse_status status = take_mark(parser, byte, &is_mark, err);
    parser->position--;
    return status == HANSE_OK && !is_mark ? take_bare(parser, left, out_size, err) : status;
}

static enum hanse_status take_all(struct hanse_csv_parser *parser, struct hanse_bytes piece,
                                  struct hanse_error *err)
{
    while (piece.size > 0) {
        size_t size = 0;
        enum hanse_status status = take_some(parser, piece, &size, err);
        if (status != HANSE_OK)
            return status;
        parser->position += size;
        piece = hanse_bytes_slice(piece, size, piece.size);
    }
    return HANSE_OK;
}

/* The separator that the first line has most of; a comma where it has none. */
static uint8_t find_separator(struct hanse_bytes line)
{
    size_t counts[sizeof separators - 1] = {0};
    bool is_quoted = false;
    for (size_t i = 0; i < line.size; i++) {
        const char *found = line.data[i] != 0 ? strchr(separators, line.data[i]) : NULL;
        is_quoted ^= line.data[i] == '"';
        if (found != NULL && !is_quoted)
            counts[found - separators]++;
    }
    size_t best = 0;
    for (size_t i = 1; i < sizeof counts / sizeof counts[0]; i++)
        best = counts[i] > counts[best] ? i : best;
    return (uint8_t)separators[best];
}

/* How much of the piece belongs to the first line that is not blank; *out_ended if that line ends in it. */
static size_t head_part(struct hanse_csv_parser *parser, struct hanse_bytes piece, bool *out_ended)
{
    bool has_text = parser->head.size > 0;
    *out_ended = false;
    for (size_t i = 0; i < piece.size; i++) {
        parser->head_is_quoted ^= piece.data[i] == '"';
        *out_ended = has_text && !parser->head_is_quoted && is_row_end(piece.data[i]);
        has_text = has_text || !is_row_end(piece.data[i]);
        if (*out_ended)
            return i + 1;
    }
    return piece.size;
}

static enum hanse_status end_head(struct hanse_csv_parser *parser, struct hanse_error *err)
{
    parser->separator = find_separator(hanse_buffer_view(&parser->head));
    enum hanse_status status = take_all(parser, hanse_buffer_view(&parser->head), err);
    hanse_buffer_release(&parser->head);
    return status;
}

enum hanse_status hanse_csv_parser_push(struct hanse_csv_parser *parser, struct hanse_bytes piece,
                                        struct hanse_error *err)
{
    if (parser->separator != 0)
        return take_all(parser, piece, err);
    bool has_ended = false;
    size_t size = head_part(parser, piece, &has_ended);
    enum hanse_status status = hanse_buffer_append(&parser->head, hanse_bytes_slice(piece, 0, size), err);
    if (status == HANSE_LIMIT)
        return hanse_fail(err, HANSE_MALFORMED, "table has no end of its first line within %u MiB",
                          HANSE_MAX_CSV_ROW_BYTES >> 20);
    if (status == HANSE_OK && has_ended)
        status = end_head(parser, err);
    return status == HANSE_OK && has_ended ? take_all(parser, hanse_bytes_slice(piece, size, piece.size), err)
                                           : status;
}

enum hanse_status hanse_csv_parser_end(struct hanse_csv_parser *parser, struct hanse_error *err)
{
    enum hanse_status status = parser->separator == 0 ? end_head(parser, err) : HANSE_OK;
    if (status == HANSE_OK && parser->state == HANSE_CSV_QUOTED)
        return hanse_fail(err, HANSE_MALFORMED,
                          "table ends within quotes: those of line %" PRIu64 ", field %zu are not closed",
                          parser->quote_line, parser->row.count);
    if (status == HANSE_OK && (parser->state != HANSE_CSV_START || parser->row.count > 0))
        status = end_row(parser, err);
    return status;
}
