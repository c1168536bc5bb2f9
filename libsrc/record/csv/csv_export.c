/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as CSV after RFC 4180: commas, CR LF, UTF-8. */
#include <hanse/csv_export.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "record/cell.h"
#include "record/record.h"
#include "record/sheet_out.h"

struct hanse_csv_export {
    struct hanse_sheet_out sheet;
    struct hanse_buffer line;
    bool mark;
};

enum hanse_status hanse_csv_export_new(const struct hanse_csv_export_options *options,
                                       struct hanse_csv_export **out, struct hanse_error *err)
{
    if (out == NULL)
        return hanse_fail_null("out", err);
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of an export need version 1");
    if (options->kind == NULL)
        return hanse_fail_null("kind", err);
    uint32_t kind = hanse_kind_number(options->kind);
    if (kind == 0)
        return hanse_kind_fail(options->kind, err);
    struct hanse_csv_export *it = hanse_alloc(sizeof *it);
    if (it == NULL)
        return hanse_fail_memory(err);
    *it = (struct hanse_csv_export){.mark = options->mark};
    hanse_sheet_out_init(&it->sheet, kind);
    hanse_buffer_init(&it->line, HANSE_MAX_CSV_ROW_BYTES);
    *out = it;
    return HANSE_OK;
}

void hanse_csv_export_free(struct hanse_csv_export *it)
{
    if (it == NULL)
        return;
    hanse_sheet_out_release(&it->sheet);
    hanse_buffer_release(&it->line);
    hanse_free(it);
}

enum hanse_status hanse_csv_export_survey(struct hanse_csv_export *it, const struct hanse_record *record,
                                          struct hanse_error *err)
{
    if (it == NULL || record == NULL)
        return hanse_fail_null("export or record", err);
    return hanse_sheet_out_survey(&it->sheet, record, err);
}

static bool needs_quotes(struct hanse_bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (memchr("\",;\t\r\n", text.data[i], 6) != NULL)
            return true;
    return false;
}

static enum hanse_status append_quoted(struct hanse_buffer *line, struct hanse_bytes text,
                                       struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_text(line, "\"", err);
    while (status == HANSE_OK && text.size > 0) {
        size_t end = hanse_bytes_find(text, 0, '"');
        status = hanse_buffer_append(line, hanse_bytes_slice(text, 0, end), err);
        if (status == HANSE_OK && end < text.size)
            status = hanse_buffer_append_text(line, "\"\"", err);
        text = hanse_bytes_slice(text, end < text.size ? end + 1 : end, text.size);
    }
    return status == HANSE_OK ? hanse_buffer_append_text(line, "\"", err) : status;
}

static enum hanse_status append_cell(struct hanse_buffer *line, struct hanse_bytes text,
                                     struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer inert;
    hanse_buffer_init(&inert, HANSE_MAX_CSV_ROW_BYTES);
    enum hanse_status status = HANSE_OK;
    if (hanse_cell_is_active(text)) {
        status = hanse_buffer_append_text(&inert, "'", err);
        if (status == HANSE_OK)
            status = hanse_buffer_append(&inert, text, err);
        text = hanse_buffer_view(&inert);
    }
    if (status != HANSE_OK)
        return status;
    return needs_quotes(text) ? append_quoted(line, text, err) : hanse_buffer_append(line, text, err);
}

enum hanse_status hanse_csv_export_head(struct hanse_csv_export *it, struct hanse_bytes *out,
                                        struct hanse_error *err)
{
    if (it == NULL || out == NULL)
        return hanse_fail_null("export or out", err);
    hanse_buffer_clear(&it->line);
    enum hanse_status status =
        hanse_buffer_append_text(&it->line, it->mark ? "\xef\xbb\xbfid,revision" : "id,revision", err);
    for (size_t i = 0; status == HANSE_OK && i < it->sheet.count; i++) {
        status = hanse_buffer_append_text(&it->line, ",", err);
        if (status == HANSE_OK)
            status = append_cell(&it->line, hanse_bytes_of_text(it->sheet.columns[i].name), err);
    }
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(&it->line, "\r\n", err);
    if (status == HANSE_OK)
        *out = hanse_buffer_view(&it->line);
    return status;
}

static enum hanse_status append_row(struct hanse_csv_export *it, const char *id, uint64_t revision,
                                    struct hanse_error *err)
{
    hanse_buffer_clear(&it->line);
    enum hanse_status status = append_cell(&it->line, hanse_bytes_of_text(id), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(&it->line, err, ",%" PRIu64, revision);
    for (size_t i = 0; status == HANSE_OK && i < it->sheet.count; i++) {
        status = hanse_buffer_append_text(&it->line, ",", err);
        if (status == HANSE_OK)
            status = append_cell(&it->line, hanse_sheet_out_cell(&it->sheet, i), err);
    }
    return status == HANSE_OK ? hanse_buffer_append_text(&it->line, "\r\n", err) : status;
}

enum hanse_status hanse_csv_export_add(struct hanse_csv_export *it, const char *id, uint64_t revision,
                                       const struct hanse_record *record, struct hanse_bytes *out,
                                       struct hanse_error *err)
{
    if (it == NULL || id == NULL || record == NULL || out == NULL)
        return hanse_fail_null("export, id, record or out", err);
    enum hanse_status status = hanse_sheet_out_row(&it->sheet, record, err);
    if (status == HANSE_OK)
        status = append_row(it, id, revision, err);
    if (status == HANSE_OK)
        *out = hanse_buffer_view(&it->line);
    return status;
}

void hanse_csv_export_losses(const struct hanse_csv_export *it, hanse_loss_visit *visit, void *context)
{
    if (it == NULL || visit == NULL)
        return;
    const struct hanse_loss_report *losses = &it->sheet.losses;
    for (size_t i = 0; i < losses->count; i++)
        visit(context, losses->items[i].path, losses->items[i].count);
    if (losses->other > 0)
        visit(context, "other", losses->other);
}
