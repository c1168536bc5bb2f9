/* SPDX-License-Identifier: Apache-2.0 */
/* From foreign input into staging, in one step. */
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/publish/import_source.h"
#include "node/publish/stage.h"
#include "record/csv/csv.h"
#include "record/detect.h"
#include "record/iati/reader.h"
#include "record/json/jsonl.h"
#include "record/sheet.h"

enum { HEAD_BYTES = 4096 };

/* An import with where it reads from. */
struct reading {
    struct hanse_import_run run;
    struct hanse_loss_report losses;
    struct hanse_sheet *sheet; /* of a table */
    uint8_t head[HEAD_BYTES];  /* read to judge the format, given to the reader first */
    size_t head_size;
    size_t head_given;
    uint64_t bytes_read;
    const char *source; /* name of the present input, for messages */
};

static enum hanse_status read_source(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                     struct hanse_error *err)
{
    struct reading *reading = context;
    const struct hanse_import_options *options = reading->run.options;
    enum hanse_status status = HANSE_OK;
    if (reading->head_given < reading->head_size) {
        size_t left = reading->head_size - reading->head_given;
        *out_read = left < size ? left : size;
        memcpy(buffer, reading->head + reading->head_given, *out_read);
        reading->head_given += *out_read;
    } else {
        status = options->read(options->read_context, buffer, size, out_read, err);
    }
    if (status != HANSE_OK)
        return status;
    reading->bytes_read += *out_read;
    if (options->progress != NULL &&
        !options->progress(options->context, "reading", reading->bytes_read, 0, "bytes"))
        return hanse_fail(err, HANSE_CANCELLED, "import was cancelled");
    return HANSE_OK;
}

static enum hanse_status read_head(struct reading *reading, struct hanse_error *err)
{
    size_t got = 1;
    enum hanse_status status = HANSE_OK;
    while (reading->head_size < HEAD_BYTES && got > 0 && status == HANSE_OK) {
        status =
            reading->run.options->read(reading->run.options->read_context, reading->head + reading->head_size,
                                       HEAD_BYTES - reading->head_size, &got, err);
        if (status == HANSE_OK)
            reading->head_size += got;
    }
    return status;
}

static enum hanse_status choose_format(const struct reading *reading, enum hanse_format *out,
                                       struct hanse_error *err)
{
    const char *name = reading->run.options->format;
    if (name == NULL)
        return hanse_format_detect(hanse_bytes_of(reading->head, reading->head_size), out, err);
    for (int format = HANSE_FORMAT_IATI; format <= HANSE_FORMAT_CSV; format++) {
        if (strcmp(name, hanse_format_name((enum hanse_format)format)) == 0) {
            *out = (enum hanse_format)format;
            return HANSE_OK;
        }
    }
    return hanse_fail(err, HANSE_UNSUPPORTED, "format \"%.32s\" is not known; known are: iati, jsonl, csv",
                      name);
}

/* Options that would be passed over in silence. Objects are rows where there is a map. */
static enum hanse_status check_suits(const struct hanse_import_options *options, enum hanse_format format,
                                     struct hanse_error *err)
{
    bool is_csv = format == HANSE_FORMAT_CSV;
    bool is_table = is_csv || (format == HANSE_FORMAT_JSONL && options->map.size > 0);
    const char *what = NULL;
    if (!is_table)
        what = options->map.size > 0   ? "map"
               : options->key != NULL  ? "key column"
               : options->kind != NULL ? "kind"
                                       : NULL;
    if (what != NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "a %s is for tables: csv, and jsonl with a map", what);
    if (options->encoding != NULL && !is_csv)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "an encoding is for csv, and the input is %s",
                          hanse_format_name(format));
    return HANSE_OK;
}

/* Inputs that are imported together share the sheet, and with it the keys. */
static enum hanse_status make_sheet(struct reading *reading, struct hanse_error *err)
{
    const struct hanse_import_options *options = reading->run.options;
    const struct hanse_sheet_options table = {
        .kind = options->kind, .map = options->map, .key = options->key};
    return reading->sheet == NULL ? hanse_sheet_new(&table, &reading->sheet, err) : HANSE_OK;
}

static enum hanse_status read_csv(struct reading *reading, struct hanse_source source,
                                  const struct hanse_import_sink *sink, struct hanse_error *err)
{
    enum hanse_status status = make_sheet(reading, err);
    return status == HANSE_OK
               ? hanse_csv_read(source, reading->run.options->encoding, reading->sheet, sink, err)
               : status;
}

static enum hanse_status read_jsonl(struct reading *reading, struct hanse_source source,
                                    const struct hanse_import_sink *sink, struct hanse_error *err)
{
    if (reading->run.options->map.size == 0)
        return hanse_jsonl_read(source, sink, err);
    enum hanse_status status = make_sheet(reading, err);
    return status == HANSE_OK ? hanse_jsonl_read_rows(source, reading->sheet, sink, err) : status;
}

static enum hanse_status read_format(struct reading *reading, enum hanse_format format,
                                     struct hanse_error *err)
{
    struct hanse_source source = {.read = read_source, .context = reading};
    const struct hanse_import_sink sink = hanse_import_run_sink(&reading->run);
    enum hanse_status status = HANSE_OK;
    switch (format) {
    case HANSE_FORMAT_IATI:
        status = hanse_iati_read(source, &sink, &reading->losses, err);
        break;
    case HANSE_FORMAT_JSONL:
        status = read_jsonl(reading, source, &sink, err);
        break;
    case HANSE_FORMAT_CSV:
        status = read_csv(reading, source, &sink, err);
        break;
    }
    /* A word for sources that are asked again; this input is just broken. */
    return status == HANSE_TRUNCATED ? hanse_fail_as(err, HANSE_MALFORMED) : status;
}

static enum hanse_status read_input(struct reading *reading, struct hanse_error *err)
{
    enum hanse_format format = HANSE_FORMAT_JSONL;
    reading->head_size = 0;
    reading->head_given = 0;
    enum hanse_status status = read_head(reading, err);
    if (status == HANSE_OK)
        status = choose_format(reading, &format, err);
    if (status == HANSE_OK)
        status = check_suits(reading->run.options, format, err);
    if (status == HANSE_OK)
        status = read_format(reading, format, err);
    return status != HANSE_OK && reading->source != NULL
               ? hanse_fail_within(err, status, "\"%.128s\"", reading->source)
               : status;
}

/* *out: there is another input, and it is the present one. */
static enum hanse_status go_on(struct reading *reading, bool *out, struct hanse_error *err)
{
    const struct hanse_import_options *options = reading->run.options;
    struct hanse_error problem = {.status = HANSE_OK};
    *out = options->next != NULL && options->next(options->read_context, &reading->source, &problem);
    if (!*out && problem.status != HANSE_OK && err != NULL)
        *err = problem;
    return *out ? HANSE_OK : problem.status;
}

static enum hanse_status read_records(struct reading *reading, struct hanse_error *err)
{
    bool again = true;
    enum hanse_status status = hanse_import_source_scheme(reading->run.options, reading->run.scheme, err);
    while (status == HANSE_OK && again) {
        status = read_input(reading, err);
        if (status == HANSE_OK)
            status = go_on(reading, &again, err);
    }
    if (status == HANSE_OK && reading->sheet != NULL)
        status = hanse_sheet_tell_losses(reading->sheet, &reading->losses, err);
    return status;
}

static enum hanse_status check_options(const struct hanse_import_options *options, struct hanse_error *err)
{
    if (options == NULL || options->version != 1 || options->read == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "options of import need version 1 and a read function");
    return HANSE_OK;
}

static void tell_losses(const struct hanse_import_options *options, const struct hanse_loss_report *losses)
{
    for (size_t i = 0; i < losses->count && options->loss != NULL; i++)
        options->loss(options->context, losses->items[i].path, losses->items[i].count);
    if (losses->other > 0 && options->loss != NULL)
        options->loss(options->context, "other", losses->other);
}

static void reading_init(struct reading *reading, const struct hanse_import_options *options)
{
    *reading = (struct reading){.run = {.options = options}, .source = options->source};
    hanse_line_set_init(&reading->run.staged);
    hanse_line_set_init(&reading->run.rows);
    hanse_loss_report_init(&reading->losses);
}

static void reading_release(struct reading *reading)
{
    hanse_sheet_free(reading->sheet);
    hanse_loss_report_release(&reading->losses);
    hanse_line_set_release(&reading->run.staged);
    hanse_line_set_release(&reading->run.rows);
}

/* What the whole input leads to, once all of it is read. */
static enum hanse_status conclude(struct reading *reading, bool *out_commit, struct hanse_error *err)
{
    const struct hanse_import_options *options = reading->run.options;
    bool is_whole = reading->run.result.invalid == 0;
    *out_commit = !options->dry_run && (is_whole || !options->single_transaction);
    if (!is_whole && options->single_transaction)
        reading->run.result.staged = 0;
    return options->complete && is_whole ? hanse_import_source_complete(&reading->run, err) : HANSE_OK;
}

enum hanse_status hanse_import(struct hanse_node *node, const struct hanse_import_options *options,
                               struct hanse_import_result *out, struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    enum hanse_status status = check_options(options, err);
    if (status != HANSE_OK)
        return status;
    const char *origin = NULL;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_ROW struct hanse_feed_row feed = {0};
    struct reading reading __attribute__((cleanup(reading_release)));
    reading_init(&reading, options);
    reading.run.node = node;
    reading.run.feed = &feed;
    status = hanse_node_own_origin(node, options->origin, &origin, err);
    if (status == HANSE_OK)
        status = hanse_stage_begin(node, origin, &lock, &feed, err);
    if (status != HANSE_OK)
        return status;
    bool commit = false;
    status = read_records(&reading, err);
    if (status == HANSE_OK)
        status = conclude(&reading, &commit, err);
    if (status == HANSE_OK && commit)
        status = hanse_staging_commit(node->staging, err);
    if (status != HANSE_OK || !commit)
        hanse_staging_rollback(node->staging);
    if (status != HANSE_OK)
        return status;
    tell_losses(options, &reading.losses);
    *out = reading.run.result;
    return HANSE_OK;
}

enum hanse_status hanse_validate(const struct hanse_import_options *options, struct hanse_import_result *out,
                                 struct hanse_error *err)
{
    if (out == NULL)
        return hanse_fail_null("out", err);
    enum hanse_status status = check_options(options, err);
    if (status != HANSE_OK)
        return status;
    struct reading reading __attribute__((cleanup(reading_release)));
    reading_init(&reading, options);
    status = read_records(&reading, err);
    if (status != HANSE_OK)
        return status;
    tell_losses(options, &reading.losses);
    *out = reading.run.result;
    return HANSE_OK;
}
