/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts the input into records and hands each over; memory is bounded by one record. A record is a line, or,
 * where a line leaves braces open, goes on with the lines below until they close or until a line begins with
 * a brace. */
#include "record/json/jsonl.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/json/envelope.h"
#include "record/json/json_row.h"

enum { CHUNK_BYTES = 65536, BYTE_ORDER_MARK_BYTES = 3 };

struct reader {
    const struct hanse_import_sink *sink;
    struct hanse_sheet *sheet;     /* of rows; NULL: the objects are records */
    struct hanse_buffer line;      /* what was read of the record so far */
    struct hanse_import_item item; /* of the record being read */
    uint64_t position;             /* bytes of the input that were consumed */
    uint64_t line_number;          /* of the line being read, from 1 */
    bool goes_on;                  /* the lines before left braces open */
    bool too_long;                 /* the rest of the record is thrown away */
    size_t scanned;                /* bytes of the record in which braces were counted */
    size_t depth;                  /* open ones */
    bool in_string;
};

/* Reads on to the end of what is there. True: braces or brackets are open, outside of strings. */
static bool is_open(struct reader *reader)
{
    struct hanse_bytes text = hanse_buffer_view(&reader->line);
    for (; reader->scanned < text.size; reader->scanned++) {
        uint8_t c = text.data[reader->scanned];
        if (reader->in_string && c == '\\')
            reader->scanned++;
        else if (c == '"')
            reader->in_string = !reader->in_string;
        else if (!reader->in_string && (c == '{' || c == '['))
            reader->depth++;
        else if (!reader->in_string && (c == '}' || c == ']') && reader->depth > 0)
            reader->depth--;
    }
    return reader->depth > 0 && !reader->in_string;
}

static void report_invalid(const struct reader *reader, const struct hanse_error *problem)
{
    if (reader->sink->invalid != NULL)
        reader->sink->invalid(reader->sink->context, &reader->item, problem);
}

/* Lack of memory ends the import, anything else is the record's own. `base` is where in the record lies what
 * was judged. */
static enum hanse_status judge(const struct reader *reader, struct hanse_error *problem, size_t base,
                               struct hanse_error *err)
{
    if (problem->status == HANSE_NO_MEMORY) {
        if (err != NULL)
            *err = *problem;
        return HANSE_NO_MEMORY;
    }
    problem->offset = reader->item.offset + base + (problem->offset != HANSE_NO_OFFSET ? problem->offset : 0);
    report_invalid(reader, problem);
    return HANSE_OK;
}

static enum hanse_status take_record(struct reader *reader, struct hanse_bytes line,
                                     const struct hanse_envelope *envelope, struct hanse_error *err)
{
    struct hanse_error problem;
    struct hanse_record *record = NULL;
    if (hanse_record_from_json(envelope->record, &record, &problem) == HANSE_OK)
        return hanse_import_hand_over(reader->sink, &reader->item, record, err);
    return judge(reader, &problem, (size_t)(envelope->record.data - line.data), err);
}

static enum hanse_status take_row(struct reader *reader, struct hanse_bytes line, struct hanse_error *err)
{
    struct hanse_error problem;
    struct hanse_json_row row;
    enum hanse_status status = hanse_json_row_open(line, reader->sheet, &row, &problem);
    if (status == HANSE_OK)
        status = hanse_sheet_row(reader->sheet, &reader->item, reader->sink, err);
    else
        status = judge(reader, &problem, 0, err);
    hanse_json_row_release(&row);
    return status;
}

static enum hanse_status take_line(struct reader *reader, struct hanse_bytes line, struct hanse_error *err)
{
    if (reader->sheet != NULL)
        return take_row(reader, line, err);
    struct hanse_error problem;
    struct hanse_envelope envelope;
    enum hanse_status status = hanse_envelope_open(line, &envelope, &problem);
    if (status != HANSE_OK)
        return judge(reader, &problem, 0, err);
    reader->item.id = envelope.id;
    status = take_record(reader, line, &envelope, err);
    hanse_free(envelope.id);
    return status;
}

static bool is_blank(struct hanse_bytes line)
{
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r' && line.data[i] != '\n')
            return false;
    return true;
}

/* A line that ends with a brace counts as complete unread: so do all lines of an export. */
static bool must_go_on(struct reader *reader)
{
    struct hanse_bytes text = hanse_buffer_view(&reader->line);
    size_t end = text.size;
    while (end > 0 && is_blank(hanse_bytes_slice(text, end - 1, 1)))
        end--;
    return !reader->too_long && end > 0 && (reader->goes_on || text.data[end - 1] != '}') && is_open(reader);
}

/* When the first line is complete: a source may hand the mark over byte by byte. */
static void drop_byte_order_mark(struct reader *reader)
{
    struct hanse_bytes line = hanse_buffer_view(&reader->line);
    if (reader->item.offset == 0 && line.size >= BYTE_ORDER_MARK_BYTES &&
        memcmp(line.data, "\xef\xbb\xbf", BYTE_ORDER_MARK_BYTES) == 0) {
        hanse_buffer_drop_front(&reader->line, BYTE_ORDER_MARK_BYTES);
        reader->item.offset = BYTE_ORDER_MARK_BYTES;
    }
}

/* Nothing of the present line was read yet. */
static bool begins_line(const struct reader *reader)
{
    struct hanse_bytes text = hanse_buffer_view(&reader->line);
    return text.size > 0 && text.data[text.size - 1] == '\n';
}

/* The record is complete; the next one starts at reader->position. */
static enum hanse_status end_record(struct reader *reader, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    struct hanse_bytes line = hanse_buffer_view(&reader->line);
    if (begins_line(reader))
        line = hanse_bytes_slice(line, 0, line.size - 1);
    reader->item.id = NULL;
    if (reader->too_long) {
        struct hanse_error problem;
        (void)hanse_fail_at(&problem, HANSE_LIMIT, reader->item.offset, "line has more than %u MiB",
                            HANSE_MAX_IMPORT_LINE_BYTES >> 20);
        report_invalid(reader, &problem);
    } else if (!is_blank(line)) {
        status = take_line(reader, line, err);
    }
    hanse_buffer_clear(&reader->line);
    reader->too_long = reader->goes_on = reader->in_string = false;
    reader->scanned = reader->depth = 0;
    reader->item.line = reader->line_number;
    reader->item.offset = reader->position;
    return status;
}

static enum hanse_status add_to_line(struct reader *reader, struct hanse_bytes part, struct hanse_error *err)
{
    if (reader->too_long || part.size > HANSE_MAX_IMPORT_LINE_BYTES - reader->line.size) {
        reader->too_long = true;
        hanse_buffer_clear(&reader->line);
        return HANSE_OK;
    }
    return hanse_buffer_append(&reader->line, part, err);
}

static enum hanse_status end_line(struct reader *reader, struct hanse_error *err)
{
    static const uint8_t line_end = '\n';
    reader->line_number++;
    drop_byte_order_mark(reader);
    reader->goes_on = must_go_on(reader);
    return reader->goes_on ? add_to_line(reader, hanse_bytes_of(&line_end, 1), err) : end_record(reader, err);
}

static enum hanse_status take_chunk(struct reader *reader, struct hanse_bytes chunk, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t at = 0; status == HANSE_OK && at < chunk.size;) {
        size_t end = hanse_bytes_find(chunk, at, '\n');
        bool ended = end < chunk.size;
        if (reader->goes_on && begins_line(reader) && chunk.data[at] == '{')
            status = end_record(reader, err);
        if (status == HANSE_OK)
            status = add_to_line(reader, hanse_bytes_slice(chunk, at, end - at), err);
        reader->position += end - at + (ended ? 1 : 0);
        if (status == HANSE_OK && ended)
            status = end_line(reader, err);
        at = end + 1;
    }
    return status;
}

static enum hanse_status run(struct reader *reader, struct hanse_source source, struct hanse_error *err)
{
    uint8_t chunk[CHUNK_BYTES];
    size_t size = 0;
    enum hanse_status status;
    do {
        status = source.read(source.context, chunk, sizeof chunk, &size, err);
        if (status == HANSE_OK)
            status = take_chunk(reader, hanse_bytes_of(chunk, size), err);
    } while (status == HANSE_OK && size > 0);
    drop_byte_order_mark(reader);
    return status == HANSE_OK ? end_record(reader, err) : status;
}

static enum hanse_status read_all(struct hanse_source source, struct hanse_sheet *sheet,
                                  const struct hanse_import_sink *sink, struct hanse_error *err)
{
    struct reader reader = {.sink = sink, .sheet = sheet, .item = {.line = 1}, .line_number = 1};
    hanse_buffer_init(&reader.line, HANSE_MAX_IMPORT_LINE_BYTES);
    enum hanse_status status = run(&reader, source, err);
    hanse_buffer_release(&reader.line);
    return status;
}

enum hanse_status hanse_jsonl_read(struct hanse_source source, const struct hanse_import_sink *sink,
                                   struct hanse_error *err)
{
    return read_all(source, NULL, sink, err);
}

enum hanse_status hanse_jsonl_read_rows(struct hanse_source source, struct hanse_sheet *sheet,
                                        const struct hanse_import_sink *sink, struct hanse_error *err)
{
    enum hanse_status status = hanse_sheet_without_header(sheet, err);
    return status == HANSE_OK ? read_all(source, sheet, sink, err) : status;
}
