/* SPDX-License-Identifier: Apache-2.0 */
/* hanse validate: checks records in files. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <hanse/change.h>

#include "args.h"
#include "finding_output.h"
#include "output.h"
#include "progress.h"
#include "table.h"
#include "verbs.h"

enum { MAX_ONE_RECORD_BYTES = 16 << 20 };

struct validate {
    const struct cli *cli;
    struct table table;
    const char *source;
    struct progress progress;
    struct finding_tally tally;
    struct hanse_import_result sum;
};

/* Memory first, then the rest of the file. */
struct input {
    FILE *file;
    const uint8_t *head;
    size_t left;
};

static enum hanse_status read_input(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                    struct hanse_error *err)
{
    struct input *input = context;
    if (input->left > 0) {
        *out_read = input->left < size ? input->left : size;
        memcpy(buffer, input->head, *out_read);
        input->head += *out_read;
        input->left -= *out_read;
        return HANSE_OK;
    }
    *out_read = fread(buffer, 1, size, input->file);
    if (*out_read == 0 && ferror(input->file)) {
        *err = (struct hanse_error){.status = HANSE_IO, .library_code = errno, .offset = HANSE_NO_OFFSET};
        (void)snprintf(err->message, sizeof err->message, "reading the input failed: %s", strerror(errno));
        return HANSE_IO;
    }
    return HANSE_OK;
}

static void report(void *context, const struct hanse_import_finding *finding)
{
    struct validate *validate = context;
    if (!validate->cli->json && !finding_tally_add(&validate->tally, finding)) {
        return;
    }
    progress_clear(&validate->progress);
    finding_print(stdout, validate->cli->json, validate->source, finding);
}

static bool tell_progress(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct validate *validate = context;
    return progress_tell(&validate->progress, what, done, total, unit);
}

static void report_of_record(void *context, const struct hanse_finding *finding)
{
    const struct hanse_import_finding told = {.severity = finding->severity,
                                              .rule = finding->rule,
                                              .offset = HANSE_NO_OFFSET,
                                              .object = "record",
                                              .path = finding->path,
                                              .message = finding->message,
                                              .remedy = finding->remedy};
    report(context, &told);
}

/* A file with one record in it whose JSON takes several lines, as 'hanse put' reads it: its first line is a
 * brace. */
static bool is_one_record(const uint8_t *data, size_t size)
{
    size_t end = 0;
    while (end < size && data[end] != '\n') {
        end++;
    }
    while (end > 0 && (data[end - 1] == '\r' || data[end - 1] == ' ')) {
        end--;
    }
    return end == 1 && data[0] == '{';
}

static int check_one(struct validate *validate, const uint8_t *data, size_t size)
{
    struct hanse_error err;
    struct hanse_record *record = NULL;
    char *id = NULL;
    enum hanse_status status = hanse_record_from_any((struct hanse_bytes){data, size}, &record, &id, &err);
    if (status == HANSE_OK) {
        status = hanse_record_validate(record, report_of_record, validate, &err);
    } else if (status == HANSE_MALFORMED || status == HANSE_LIMIT) {
        const struct hanse_import_finding told = {.severity = "error",
                                                  .rule = hanse_status_name(status),
                                                  .offset = err.offset,
                                                  .object = "record",
                                                  .path = "",
                                                  .message = err.message,
                                                  .remedy = "mend it in the file"};
        report(validate, &told);
        status = HANSE_INVALID_RECORD;
    }
    hanse_record_free(record);
    hanse_free(id);
    if (status != HANSE_OK && status != HANSE_INVALID_RECORD) {
        return cli_fail(&err, NULL);
    }
    validate->sum.read++;
    validate->sum.staged += status == HANSE_OK;
    validate->sum.invalid += status != HANSE_OK;
    return status == HANSE_OK ? CLI_DONE : CLI_INVALID_INPUT;
}

static int check_many(struct validate *validate, struct input *input)
{
    struct hanse_import_options options = {
        .version = 1,
        .source = validate->source,
        .read = read_input,
        .read_context = input,
        .report = report,
        .progress = tell_progress,
        .context = validate,
    };
    table_apply(&validate->table, &options);
    struct hanse_import_result result;
    struct hanse_error err;
    progress_start(&validate->progress);
    enum hanse_status status = hanse_validate(&options, &result, &err);
    progress_clear(&validate->progress);
    if (status != HANSE_OK) {
        const char *advice = status == HANSE_MALFORMED
                                 ? "the file cannot be read as a whole: mend it, or export it anew"
                                 : table_advice(status);
        int code = cli_fail(&err, advice);
        return code == CLI_USAGE ? code : CLI_FAILED;
    }
    validate->sum.read += result.read;
    validate->sum.staged += result.staged;
    validate->sum.invalid += result.invalid;
    return result.invalid > 0 ? CLI_INVALID_INPUT : CLI_DONE;
}

static int check_stream(struct validate *validate, FILE *file)
{
    uint8_t *head = malloc(MAX_ONE_RECORD_BYTES);
    if (head == NULL) {
        cli_complain(NULL, "memory ran out");
        return CLI_FAILED;
    }
    size_t size = fread(head, 1, MAX_ONE_RECORD_BYTES, file);
    struct input input = {.file = file, .head = head, .left = size};
    bool one = validate->table.format == NULL && feof(file) && is_one_record(head, size);
    int code = one ? check_one(validate, head, size) : check_many(validate, &input);
    free(head);
    return code;
}

static int check_file(struct validate *validate, const char *name)
{
    bool standard = strcmp(name, "-") == 0;
    validate->source = standard ? "standard input" : name;
    FILE *file = standard ? stdin : fopen(name, "rb");
    if (file == NULL) {
        cli_complain("name a file that can be read, or - for standard input", "opening '%s' failed: %s", name,
                     strerror(errno));
        return CLI_FAILED;
    }
    int code = check_stream(validate, file);
    if (!standard) {
        (void)fclose(file);
    }
    return code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct validate validate = {.cli = cli};
    const struct args_option options[] = {
        TABLE_OPTIONS(&validate.table),
    };
    struct args args = {.verb = &verb_validate,
                        .options = options,
                        .option_count = TABLE_OPTION_COUNT,
                        .least = 1,
                        .most = SIZE_MAX};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    code = table_load(&validate.table);
    if (code != CLI_DONE) {
        return code;
    }
    for (size_t i = 0; i < args.found_count; i++) {
        code = cli_worse(code, check_file(&validate, args.found[i]));
    }
    table_release(&validate.table);
    finding_tally_print(stdout, &validate.tally);
    if (!cli->json && (code != CLI_FAILED || validate.sum.read > 0)) {
        output_count(stdout, validate.sum.read, "record", "records");
        (void)printf(": %" PRIu64 " valid, %" PRIu64 " invalid; nothing was staged\n", validate.sum.staged,
                     validate.sum.invalid);
    }
    return code;
}

const struct verb verb_validate = {
    .name = "validate",
    .changes = "checks records in files: what is wrong, where, and how to mend it; changes nothing",
    .synopsis = "FILE...|- [--format FORMAT] [--kind K] [--map FILE] [--key COLUMN] [--encoding E]",
    .help =
        "Reads what 'hanse import' and 'hanse put' read; needs no node. One finding a line; a warning alone\n"
        "leaves a record valid. The exit code is 5 if some record is invalid.",
    .run = run,
};
