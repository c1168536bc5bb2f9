/* SPDX-License-Identifier: Apache-2.0 */
/* From foreign input into staging, in one step. */
#include "record/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/stage.h"
#include "record/detect.h"
#include "record/iati/reader.h"
#include "record/json/jsonl.h"

enum { HEAD_BYTES = 4096, OBJECT_BYTES = 256 };

struct import_run {
    struct hanse_node *node; /* NULL: nothing is to be staged */
    const struct hanse_import_options *options;
    const struct hanse_feed_row *feed;
    struct hanse_import_result result;
    uint8_t head[HEAD_BYTES]; /* read to judge the format, given to the reader first */
    size_t head_size;
    size_t head_given;
    uint64_t bytes_read;
};

/* What the records are named in findings: their name in the file, or the line. */
static void object_name(const struct hanse_import_item *item, char out[OBJECT_BYTES])
{
    if (item->id != NULL)
        (void)snprintf(out, OBJECT_BYTES, "%.200s", item->id);
    else
        (void)snprintf(out, OBJECT_BYTES, "line %" PRIu64, item->line);
}

static void report(struct import_run *run, const struct hanse_import_item *item,
                   const struct hanse_finding *finding)
{
    if (run->options->report == NULL)
        return;
    char object[OBJECT_BYTES];
    object_name(item, object);
    struct hanse_import_finding told = {.severity = finding->severity,
                                        .rule = finding->rule,
                                        .line = item->line,
                                        .offset = item->offset,
                                        .object = object,
                                        .path = finding->path,
                                        .message = finding->message,
                                        .remedy = finding->remedy};
    run->options->report(run->options->context, &told);
}

struct validation {
    struct import_run *run;
    const struct hanse_import_item *item;
};

static void report_validation(void *context, const struct hanse_finding *finding)
{
    struct validation *validation = context;
    report(validation->run, validation->item, finding);
}

static void report_finding(void *context, const struct hanse_import_item *item,
                           const struct hanse_finding *finding)
{
    report(context, item, finding);
}

static void report_invalid(void *context, const struct hanse_import_item *item,
                           const struct hanse_error *problem)
{
    struct import_run *run = context;
    run->result.read++;
    run->result.invalid++;
    struct hanse_finding finding = {.severity = "error",
                                    .rule = hanse_status_name(problem->status),
                                    .path = "",
                                    .message = problem->message,
                                    .remedy = "mend it in the source and import again"};
    struct hanse_import_item at = *item;
    if (problem->offset != HANSE_NO_OFFSET)
        at.offset = problem->offset;
    report(run, &at, &finding);
}

static enum hanse_status stage(struct import_run *run, const struct hanse_import_item *item,
                               struct hanse_record *record, struct hanse_error *err)
{
    struct validation validation = {.run = run, .item = item};
    run->result.read++;
    enum hanse_status status = hanse_record_validate(record, report_validation, &validation, err);
    if (status == HANSE_INVALID_RECORD) {
        run->result.invalid++;
        return HANSE_OK;
    }
    if (run->node == NULL) {
        run->result.staged += status == HANSE_OK;
        return status;
    }
    uint8_t named[16];
    uint8_t id[16];
    bool has_name = item->id != NULL && hanse_stage_parse_id(run->feed->feed.origin, item->id, named) &&
                    strncmp(item->id, "hanse:", 6) == 0;
    enum hanse_stage_outcome outcome = HANSE_STAGED;
    if (status == HANSE_OK)
        status = hanse_stage_record(run->node, run->feed, has_name ? named : NULL, record, &outcome, id, err);
    if (status == HANSE_LIMIT || status == HANSE_INVALID_RECORD) {
        struct hanse_error problem = {.status = status, .offset = HANSE_NO_OFFSET};
        (void)snprintf(problem.message, sizeof problem.message, "%s",
                       err != NULL ? err->message : "over a limit");
        run->result.read--;
        report_invalid(run, item, &problem);
        return HANSE_OK;
    }
    if (status == HANSE_OK && outcome == HANSE_STAGED)
        run->result.staged++;
    else if (status == HANSE_OK)
        run->result.unchanged++;
    return status;
}

static enum hanse_status take_record(void *context, const struct hanse_import_item *item,
                                     struct hanse_record *record, struct hanse_error *err)
{
    struct hanse_error found; /* look-ups that find nothing fill it although nothing failed */
    enum hanse_status status = stage(context, item, record, &found);
    hanse_record_free(record);
    if (status != HANSE_OK && err != NULL)
        *err = found;
    return status;
}

static enum hanse_status read_source(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                     struct hanse_error *err)
{
    struct import_run *run = context;
    const struct hanse_import_options *options = run->options;
    enum hanse_status status = HANSE_OK;
    if (run->head_given < run->head_size) {
        size_t left = run->head_size - run->head_given;
        *out_read = left < size ? left : size;
        memcpy(buffer, run->head + run->head_given, *out_read);
        run->head_given += *out_read;
    } else {
        status = options->read(options->read_context, buffer, size, out_read, err);
    }
    if (status != HANSE_OK)
        return status;
    run->bytes_read += *out_read;
    if (options->progress != NULL &&
        !options->progress(options->context, "reading", run->bytes_read, 0, "bytes"))
        return hanse_fail(err, HANSE_CANCELLED, "import was cancelled");
    return HANSE_OK;
}

static enum hanse_status read_head(struct import_run *run, struct hanse_error *err)
{
    size_t got = 1;
    enum hanse_status status = HANSE_OK;
    while (run->head_size < HEAD_BYTES && got > 0 && status == HANSE_OK) {
        status = run->options->read(run->options->read_context, run->head + run->head_size,
                                    HEAD_BYTES - run->head_size, &got, err);
        if (status == HANSE_OK)
            run->head_size += got;
    }
    return status;
}

static enum hanse_status choose_format(struct import_run *run, enum hanse_format *out,
                                       struct hanse_error *err)
{
    const char *name = run->options->format;
    if (name == NULL)
        return hanse_format_detect(hanse_bytes_of(run->head, run->head_size), out, err);
    for (int format = HANSE_FORMAT_IATI; format <= HANSE_FORMAT_JSONL; format++) {
        if (strcmp(name, hanse_format_name((enum hanse_format)format)) == 0) {
            *out = (enum hanse_format)format;
            return HANSE_OK;
        }
    }
    return hanse_fail(err, HANSE_UNSUPPORTED, "format \"%.32s\" is not known; known are: iati, jsonl", name);
}

static enum hanse_status read_records(struct import_run *run, struct hanse_loss_report *losses,
                                      struct hanse_error *err)
{
    struct hanse_source source = {.read = read_source, .context = run};
    struct hanse_import_sink sink = {
        .context = run, .record = take_record, .invalid = report_invalid, .finding = report_finding};
    enum hanse_format format = HANSE_FORMAT_JSONL;
    enum hanse_status status = read_head(run, err);
    if (status == HANSE_OK)
        status = choose_format(run, &format, err);
    if (status != HANSE_OK)
        return status;
    status = format == HANSE_FORMAT_IATI ? hanse_iati_read(source, &sink, losses, err)
                                         : hanse_jsonl_read(source, &sink, err);
    /* A word for sources that are asked again; this input is just broken. */
    return status == HANSE_TRUNCATED ? hanse_fail_as(err, HANSE_MALFORMED) : status;
}

static enum hanse_status check_options(const struct hanse_import_options *options, struct hanse_error *err)
{
    if (options == NULL || options->version != 1 || options->read == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "options of import need version 1 and a read function");
    return HANSE_OK;
}

static enum hanse_status name_source(const struct hanse_import_options *options, enum hanse_status status,
                                     struct hanse_error *err)
{
    return options->source != NULL ? hanse_fail_within(err, status, "\"%.128s\"", options->source) : status;
}

static void tell_losses(const struct hanse_import_options *options, const struct hanse_loss_report *losses)
{
    for (size_t i = 0; i < losses->count && options->loss != NULL; i++)
        options->loss(options->context, losses->items[i].path, losses->items[i].count);
    if (losses->other > 0 && options->loss != NULL)
        options->loss(options->context, "other", losses->other);
}

enum hanse_status hanse_import(struct hanse_node *node, const struct hanse_import_options *options,
                               struct hanse_import_result *out, struct hanse_error *err)
{
    enum hanse_status status = check_options(options, err);
    if (status != HANSE_OK)
        return status;
    struct import_run run = {.node = node, .options = options};
    const char *origin = NULL;
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    HANSE_SCOPED_ROW struct hanse_feed_row feed = {0};
    struct hanse_loss_report losses __attribute__((cleanup(hanse_loss_report_release)));
    hanse_loss_report_init(&losses);
    run.feed = &feed;
    status = hanse_node_own_origin(node, options->origin, &origin, err);
    if (status == HANSE_OK)
        status = hanse_stage_begin(node, origin, &lock, &feed, err);
    if (status != HANSE_OK)
        return status;
    status = read_records(&run, &losses, err);
    if (status == HANSE_OK && !options->dry_run)
        status = hanse_staging_commit(node->staging, err);
    else
        hanse_staging_rollback(node->staging);
    if (status != HANSE_OK) {
        hanse_staging_rollback(node->staging);
        return name_source(options, status, err);
    }
    tell_losses(options, &losses);
    *out = run.result;
    return HANSE_OK;
}

enum hanse_status hanse_validate(const struct hanse_import_options *options, struct hanse_import_result *out,
                                 struct hanse_error *err)
{
    enum hanse_status status = check_options(options, err);
    if (status != HANSE_OK)
        return status;
    struct import_run run = {.options = options};
    struct hanse_loss_report losses __attribute__((cleanup(hanse_loss_report_release)));
    hanse_loss_report_init(&losses);
    status = read_records(&run, &losses, err);
    if (status != HANSE_OK)
        return name_source(options, status, err);
    tell_losses(options, &losses);
    *out = run.result;
    return HANSE_OK;
}
