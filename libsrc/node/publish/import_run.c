/* SPDX-License-Identifier: Apache-2.0 */
/* What an import does with each record: validates it, finds whose next revision it is, and stages it. */
#include "node/publish/import_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "node/held_item.h"
#include "node/publish/import_source.h"
#include "node/publish/stage.h"
#include "node/uuid.h"

enum { OBJECT_BYTES = 256 };

/* What the records are named in findings: their name in the file, or the line. */
static void object_name(const struct hanse_import_item *item, char out[OBJECT_BYTES])
{
    if (item->id != NULL)
        (void)snprintf(out, OBJECT_BYTES, "%.200s", item->id);
    else
        (void)snprintf(out, OBJECT_BYTES, "line %" PRIu64, item->line);
}

static void report(struct hanse_import_run *run, const struct hanse_import_item *item,
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
    struct hanse_import_run *run;
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
    struct hanse_import_run *run = context;
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

/* A fault of one record: it is left out, and the import goes on. */
static enum hanse_status refuse(struct hanse_import_run *run, const struct hanse_import_item *item,
                                const struct hanse_error *problem)
{
    run->result.read--; /* report_invalid counts it again */
    report_invalid(run, item, problem);
    return HANSE_OK;
}

static enum hanse_status validate(struct hanse_import_run *run, const struct hanse_import_item *item,
                                  struct hanse_record *record, struct hanse_error *err)
{
    struct validation validation = {.run = run, .item = item};
    return hanse_record_validate(record, report_validation, &validation, err);
}

/* Two items of one input must not be revisions of one record: the first would be lost without a word. */
static enum hanse_status check_once(struct hanse_import_run *run, const struct hanse_import_item *item,
                                    const uint8_t id[16], struct hanse_error *err)
{
    uint64_t earlier = 0;
    enum hanse_status status =
        hanse_line_set_add(&run->staged, hanse_bytes_of(id, 16), item->line, &earlier, err);
    if (status == HANSE_OK && earlier != 0)
        return hanse_fail(err, HANSE_INVALID_RECORD,
                          "record is that of line %" PRIu64 " too: they share an identifier", earlier);
    return status;
}

/* The id of a record with a mark: what the item names, else that of the record with the mark, else as
 * without one, else a new one. */
static enum hanse_status identify(struct hanse_import_run *run, const struct hanse_import_item *item,
                                  const char *mark, struct hanse_record *record, bool is_named,
                                  uint8_t id[16], struct hanse_error *err)
{
    bool found = is_named;
    enum hanse_status status = HANSE_OK;
    if (!found)
        status = hanse_stage_identify(run->node, run->feed, run->scheme, mark, record, id, &found, err);
    if (status == HANSE_OK && !found)
        status = hanse_uuid_make(hanse_clock_unix_ms(), id, err);
    return status == HANSE_OK ? check_once(run, item, id, err) : status;
}

static enum hanse_status stage(struct hanse_import_run *run, const struct hanse_import_item *item,
                               const char *mark, struct hanse_record *record, struct hanse_error *err)
{
    uint8_t named[16];
    uint8_t id[16];
    bool has_name = item->id != NULL && hanse_stage_parse_id(run->feed->feed.origin, item->id, named) &&
                    strncmp(item->id, "hanse:", 6) == 0;
    enum hanse_stage_outcome outcome = HANSE_STAGED;
    enum hanse_status status = HANSE_OK;
    if (mark != NULL)
        status = identify(run, item, mark, record, has_name, named, err);
    has_name |= mark != NULL;
    if (status == HANSE_OK)
        status = hanse_stage_record(run->node, run->feed, has_name ? named : NULL, record, &outcome, id, err);
    if (status == HANSE_OK && outcome == HANSE_STAGED)
        run->result.staged++;
    else if (status == HANSE_OK)
        run->result.unchanged++;
    return status;
}

/* *out_told: what makes the record invalid was reported. */
static enum hanse_status take(struct hanse_import_run *run, const struct hanse_import_item *item,
                              struct hanse_record *record, bool *out_told, struct hanse_error *err)
{
    char *mark = NULL;
    enum hanse_status status = hanse_import_source_mark(run, item->key, record, &mark, err);
    if (status == HANSE_OK) {
        status = validate(run, item, record, err);
        *out_told = status == HANSE_INVALID_RECORD;
    }
    if (status == HANSE_OK && run->node == NULL)
        run->result.staged++;
    else if (status == HANSE_OK)
        status = stage(run, item, mark, record, err);
    hanse_free(mark);
    return status;
}

struct refusal {
    const char *rule;
    const char *message;
    const char *remedy;
};

static void refuse_row(struct hanse_import_run *run, const struct hanse_import_item *item,
                       const struct refusal *why)
{
    const struct hanse_finding finding = {
        .severity = "error", .rule = why->rule, .path = "", .message = why->message, .remedy = why->remedy};
    run->result.read++;
    run->result.invalid++;
    report(run, item, &finding);
}

/* NULL: the row may change the record. */
static const struct refusal *judge_row(const struct hanse_index_record *record, uint64_t revision)
{
    static const struct refusal withdrawn = {"sheet-record-withdrawn", "record was withdrawn since",
                                             "take the row out, or put the record back first"};
    static const struct refusal outdated = {
        "sheet-revision-outdated", "record was changed since: the row was written from an earlier revision",
        "export the table again and make the change there"};
    static const struct refusal ahead = {"sheet-revision-unknown",
                                         "row has a revision that the record does not have",
                                         "leave the column as it was exported; sync or recover the node"};
    if (record->withdrawn)
        return &withdrawn;
    if (revision != 0 && revision != record->revision)
        return revision < record->revision ? &outdated : &ahead;
    return NULL;
}

/* The record as it is published now; what is staged of it is what the row may have staged before. */
static enum hanse_status read_base(struct hanse_import_run *run, const struct hanse_index_record *found,
                                   struct hanse_record **out, struct hanse_error *err)
{
    struct hanse_open_feed open = {0};
    struct hanse_held_item item;
    struct hanse_index_record kept = *found;
    kept.origin = run->feed->feed.origin;
    enum hanse_status status = hanse_held_item_fill(run->node, &open, &kept, &item, err);
    hanse_open_feed_close(&open);
    if (status == HANSE_OK)
        *out = item.record;
    return status;
}

static enum hanse_status find_base(struct hanse_import_run *run, const struct hanse_import_item *item,
                                   uint64_t revision, struct hanse_record **out,
                                   const struct refusal **refusal, struct hanse_error *err)
{
    static const struct refusal other = {"sheet-record-unknown",
                                         "row names a record that this feed does not have",
                                         "export your own feed alone; a new record has no id"};
    static const struct refusal twice = {"sheet-record-twice", "another row names the same record",
                                         "keep one of them; a new record has no id"};
    static const struct refusal gone = {"sheet-record-not-held", "content of the record is not held here",
                                        "sync first"};
    uint8_t id[16];
    uint64_t earlier = 0;
    struct hanse_index_record found;
    enum hanse_status status = HANSE_NOT_FOUND;
    if (hanse_stage_parse_id(run->feed->feed.origin, item->id, id))
        status = hanse_index_record_get(run->node->index, run->feed->feed.id, id, &found, err);
    if (status == HANSE_NOT_FOUND) {
        *refusal = &other;
        return HANSE_OK;
    }
    if (status == HANSE_OK)
        status = hanse_line_set_add(&run->rows, hanse_bytes_of(id, sizeof id), item->line, &earlier, err);
    if (status != HANSE_OK)
        return status;
    *refusal = earlier != 0 ? &twice : judge_row(&found, revision);
    if (*refusal != NULL)
        return HANSE_OK;
    status = read_base(run, &found, out, err);
    if (status == HANSE_OK && *out == NULL)
        *refusal = &gone;
    return status;
}

static enum hanse_status take_base(void *context, const struct hanse_import_item *item, uint64_t revision,
                                   struct hanse_record **out, bool *out_refused, struct hanse_error *err)
{
    struct hanse_import_run *run = context;
    const struct refusal *refusal = NULL;
    struct hanse_error found; /* as in take_record */
    if (run->node == NULL)
        return HANSE_OK;
    enum hanse_status status = find_base(run, item, revision, out, &refusal, &found);
    if (status != HANSE_OK && err != NULL)
        *err = found;
    if (refusal != NULL)
        refuse_row(run, item, refusal);
    *out_refused = refusal != NULL;
    return status;
}

static enum hanse_status judge(struct hanse_import_run *run, const struct hanse_import_item *item,
                               struct hanse_record *record, struct hanse_error *err)
{
    bool told = false;
    run->result.read++;
    /* A source marks its records, so that its rows may stage something all the same. */
    if (item->unchanged && run->options->from == NULL && item->key == NULL) {
        run->result.unchanged++;
        return HANSE_OK;
    }
    enum hanse_status status = take(run, item, record, &told, err);
    if (told) {
        run->result.invalid++;
        return HANSE_OK;
    }
    return status == HANSE_LIMIT || status == HANSE_INVALID_RECORD ? refuse(run, item, err) : status;
}

static enum hanse_status take_record(void *context, const struct hanse_import_item *item,
                                     struct hanse_record *record, struct hanse_error *err)
{
    struct hanse_error found; /* look-ups that find nothing fill it although nothing failed */
    enum hanse_status status = judge(context, item, record, &found);
    hanse_record_free(record);
    if (status != HANSE_OK && err != NULL)
        *err = found;
    return status;
}

struct hanse_import_sink hanse_import_run_sink(struct hanse_import_run *run)
{
    return (struct hanse_import_sink){.context = run,
                                      .record = take_record,
                                      .invalid = report_invalid,
                                      .finding = report_finding,
                                      .base = take_base};
}
