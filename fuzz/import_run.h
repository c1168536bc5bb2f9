/* SPDX-License-Identifier: Apache-2.0 */
/* Runs an importer over bytes in pieces of one size, and tells everything that it said as one number. */
#ifndef HANSE_FUZZ_IMPORT_RUN_H
#define HANSE_FUZZ_IMPORT_RUN_H

#include "fuzz.h"

#include "record/import.h"
#include "record/loss.h"
#include "record/source.h"

struct import_run {
    struct hanse_bytes left;
    size_t piece;
    size_t size;
    uint64_t records;
    uint64_t invalid;
    uint64_t findings;
    uint64_t said; /* a hash over all of it */
    enum hanse_status status;
};

static void import_say(struct import_run *run, const void *data, size_t size)
{
    run->said = (run->said ^ fuzz_choice(hanse_bytes_of(data, size))) * 0x100000001b3u;
}

static void import_item(struct import_run *run, const struct hanse_import_item *item)
{
    FUZZ_CHECK(item->line > 0);
    FUZZ_CHECK(item->offset == HANSE_NO_OFFSET || item->offset <= run->size);
    import_say(run, &item->line, sizeof item->line);
    if (item->id != NULL) {
        struct hanse_bytes id = hanse_bytes_of_text(item->id);
        FUZZ_CHECK(hanse_utf8_check(id) == id.size);
        import_say(run, id.data, id.size);
    }
}

static enum hanse_status import_record(void *context, const struct hanse_import_item *item,
                                       struct hanse_record *record, struct hanse_error *err)
{
    struct import_run *run = context;
    struct hanse_bytes bytes;
    char *json = NULL;
    import_item(run, item);
    fuzz_must(hanse_record_bytes(record, &bytes, err));
    import_say(run, bytes.data, bytes.size);
    enum hanse_status status = hanse_record_validate(record, NULL, NULL, err);
    FUZZ_CHECK(status == HANSE_OK || status == HANSE_INVALID_RECORD);
    status = hanse_record_json(record, &json, err);
    FUZZ_CHECK(status == HANSE_OK || status == HANSE_LIMIT);
    hanse_free(json);
    hanse_record_free(record);
    run->records++;
    return HANSE_OK;
}

static void import_invalid(void *context, const struct hanse_import_item *item,
                           const struct hanse_error *problem)
{
    struct import_run *run = context;
    import_item(run, item);
    fuzz_check_failure(problem->status, problem, run->size);
    import_say(run, problem->message, strlen(problem->message));
    run->invalid++;
}

static void import_finding(void *context, const struct hanse_import_item *item,
                           const struct hanse_finding *finding)
{
    struct import_run *run = context;
    import_item(run, item);
    struct hanse_bytes message = hanse_bytes_of_text(finding->message);
    FUZZ_CHECK(hanse_utf8_check(message) == message.size);
    import_say(run, finding->rule, strlen(finding->rule));
    run->findings++;
}

static enum hanse_status import_read(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                     struct hanse_error *err)
{
    struct import_run *run = context;
    (void)err;
    size_t most = run->piece < size ? run->piece : size;
    struct hanse_bytes piece = hanse_bytes_slice(run->left, 0, most);
    if (piece.size > 0)
        memcpy(buffer, piece.data, piece.size);
    run->left = hanse_bytes_slice(run->left, piece.size, run->left.size);
    *out_read = piece.size;
    return HANSE_OK;
}

typedef enum hanse_status import_reader(struct hanse_source source, const struct hanse_import_sink *sink,
                                        struct hanse_error *err);

FUZZ_UNUSED static struct import_run import_run(import_reader *reader, struct hanse_bytes input, size_t piece)
{
    struct import_run run = {.left = input, .piece = piece, .size = input.size};
    const struct hanse_import_sink sink = {
        .context = &run, .record = import_record, .invalid = import_invalid, .finding = import_finding};
    struct hanse_error err;
    run.status = reader((struct hanse_source){.read = import_read, .context = &run}, &sink, &err);
    if (run.status != HANSE_OK)
        fuzz_check_failure(run.status, &err, input.size);
    return run;
}

/* However the bytes come, the same is said. Without `names_same_fault` a refused file that has two faults may
 * be refused for either. */
FUZZ_UNUSED static void import_check_pieces(import_reader *reader, struct hanse_bytes input,
                                            bool names_same_fault)
{
    struct import_run whole = import_run(reader, input, input.size + 1);
    struct import_run pieces = import_run(reader, input, fuzz_choice(input) % 61 + 1);
    bool both_refused = whole.status != HANSE_OK && pieces.status != HANSE_OK;
    FUZZ_CHECK(whole.status == pieces.status || (both_refused && !names_same_fault));
    FUZZ_CHECK(whole.records == pieces.records && whole.invalid == pieces.invalid);
    FUZZ_CHECK(whole.findings == pieces.findings && whole.said == pieces.said);
}

#endif
