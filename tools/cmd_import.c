/* SPDX-License-Identifier: Apache-2.0 */
/* hanse import: validates and stages records from files. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <hanse/change.h>

#include "args.h"
#include "finding_output.h"
#include "input.h"
#include "output.h"
#include "progress.h"
#include "table.h"
#include "verbs.h"

/* A path of the source that has no place in a record; kept until all files are read. */
struct loss {
    struct loss *next;
    uint64_t count;
    char path[];
};

struct import {
    const struct cli *cli;
    struct hanse_node *node;
    struct table table;
    bool dry_run;
    const char *from; /* --source */
    bool complete;
    uint64_t max_withdraw; /* 0: not given */
    bool single_transaction;
    const char *source; /* the file being read */
    const char **rest;  /* files that the same import goes on with */
    size_t rest_count;
    FILE *file;
    struct progress progress;
    struct finding_tally tally;
    struct hanse_import_result sum;
    struct loss *losses; /* sorted by path */
    bool out_of_memory;
};

static enum hanse_status read_file(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                   struct hanse_error *err)
{
    const struct import *import = context;
    FILE *file = import->file;
    size_t count = fread(buffer, 1, size, file);
    if (count == 0 && ferror(file)) {
        if (err != NULL) {
            *err = (struct hanse_error){.status = HANSE_IO, .library_code = errno, .offset = HANSE_NO_OFFSET};
            (void)snprintf(err->message, sizeof err->message, "reading the input failed: %s",
                           strerror(errno));
        }
        return HANSE_IO;
    }
    *out_read = count;
    return HANSE_OK;
}

static void report(void *context, const struct hanse_import_finding *finding)
{
    struct import *import = context;
    if (!import->cli->json && !finding_tally_add(&import->tally, finding)) {
        return;
    }
    progress_clear(&import->progress);
    finding_print(stderr, import->cli->json, import->source, finding);
}

static void add_loss(void *context, const char *path, uint64_t count)
{
    struct import *import = context;
    struct loss **place = &import->losses;
    while (*place != NULL && strcmp((*place)->path, path) < 0) {
        place = &(*place)->next;
    }
    if (*place != NULL && strcmp((*place)->path, path) == 0) {
        (*place)->count += count;
        return;
    }
    size_t size = strlen(path) + 1;
    struct loss *loss = malloc(sizeof *loss + size);
    if (loss == NULL) {
        import->out_of_memory = true;
        return;
    }
    loss->next = *place;
    loss->count = count;
    memcpy(loss->path, path, size);
    *place = loss;
}

static void free_losses(struct import *import)
{
    while (import->losses != NULL) {
        struct loss *next = import->losses->next;
        free(import->losses);
        import->losses = next;
    }
}

static bool tell_progress(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct import *import = context;
    return progress_tell(&import->progress, what, done, total, unit);
}

static void close_file(struct import *import)
{
    if (import->file != NULL && import->file != stdin) {
        (void)fclose(import->file);
    }
    import->file = NULL;
}

/* False with errno: it cannot be read. */
static bool open_file(struct import *import, const char *name)
{
    bool standard = strcmp(name, "-") == 0;
    close_file(import);
    import->source = input_name(name);
    import->file = standard ? stdin : fopen(name, "rb");
    return import->file != NULL;
}

static bool next_file(void *context, const char **out_source, struct hanse_error *err)
{
    struct import *import = context;
    if (import->rest_count == 0) {
        return false;
    }
    const char *name = *import->rest++;
    import->rest_count--;
    if (open_file(import, name)) {
        *out_source = import->source;
        return true;
    }
    *err = (struct hanse_error){.status = HANSE_IO, .library_code = errno, .offset = HANSE_NO_OFFSET};
    (void)snprintf(err->message, sizeof err->message, "opening \"%.200s\" failed: %s", name, strerror(errno));
    return false;
}

static const char *advice_for(enum hanse_status status, bool complete)
{
    switch (status) {
    case HANSE_LIMIT:
        return complete
                   ? "nothing was staged: look at the input; if it is right, say how many with --max-withdraw"
                   : NULL;
    case HANSE_MALFORMED:
        return "nothing of this file was staged: mend it there, or export it anew, and import it again";
    case HANSE_CANCELLED:
        return "nothing of this file was staged";
    default:
        return table_advice(status);
    }
}

static struct hanse_import_options options_of(struct import *import)
{
    struct hanse_import_options options = {
        .version = 1,
        .origin = import->cli->origin,
        .source = import->source,
        .dry_run = import->dry_run,
        .read = read_file,
        .read_context = import,
        .report = report,
        .loss = add_loss,
        .progress = tell_progress,
        .context = import,
        .from = import->from,
        .complete = import->complete,
        .max_withdraw = import->max_withdraw,
        .single_transaction = import->single_transaction,
        .next = next_file,
    };
    table_apply(&import->table, &options);
    return options;
}

static void start_progress(struct import *import)
{
    struct stat info;
    progress_start(&import->progress);
    if (import->rest_count == 0 && fstat(fileno(import->file), &info) == 0 && S_ISREG(info.st_mode) &&
        info.st_size > 0) {
        import->progress.total_bytes = (uint64_t)info.st_size;
    }
}

/* The open file, and with it the rest. */
static int import_stream(struct import *import)
{
    const struct hanse_import_options options = options_of(import);
    struct hanse_import_result result;
    struct hanse_error err;
    start_progress(import);
    enum hanse_status status = hanse_import(import->node, &options, &result, &err);
    progress_clear(&import->progress);
    if (status != HANSE_OK) {
        int code = cli_fail(&err, advice_for(status, import->complete));
        return code == CLI_USAGE ? code : CLI_FAILED;
    }
    import->sum.read += result.read;
    import->sum.staged += result.staged;
    import->sum.unchanged += result.unchanged;
    import->sum.invalid += result.invalid;
    import->sum.withdrawn += result.withdrawn;
    return result.invalid > 0 ? CLI_INVALID_INPUT : CLI_DONE;
}

/* `rest`: files that belong to the same step. */
static int import_file(struct import *import, const char *name, const char **rest, size_t rest_count)
{
    import->rest = rest;
    import->rest_count = rest_count;
    if (!open_file(import, name)) {
        cli_complain("name a file that can be read, or - for standard input", "opening '%s' failed: %s", name,
                     strerror(errno));
        return CLI_FAILED;
    }
    int code = import_stream(import);
    close_file(import);
    return code;
}

static void print_json(const struct import *import)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_number(&json, "read", import->sum.read);
    json_number(&json, "staged", import->sum.staged);
    json_number(&json, "unchanged", import->sum.unchanged);
    json_number(&json, "invalid", import->sum.invalid);
    json_number(&json, "withdrawn", import->sum.withdrawn);
    json_open(&json, "losses", '[');
    for (const struct loss *loss = import->losses; loss != NULL; loss = loss->next) {
        json_open(&json, NULL, '{');
        json_text(&json, "path", loss->path);
        json_number(&json, "count", loss->count);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_bool(&json, "dry_run", import->dry_run);
    json_end(&json);
}

static void print_text(const struct import *import)
{
    const struct hanse_import_result *sum = &import->sum;
    (void)printf("read %" PRIu64 " records: %" PRIu64 " %s, %" PRIu64 " unchanged, %" PRIu64 " invalid\n",
                 sum->read, sum->staged, import->dry_run ? "would be staged" : "staged", sum->unchanged,
                 sum->invalid);
    if (import->complete && sum->invalid > 0) {
        (void)puts("nothing was withdrawn, as some records are invalid");
    } else if (import->complete) {
        output_count(stdout, sum->withdrawn, "record that the source no longer has",
                     "records that the source no longer has");
        (void)printf(" %s withdrawn\n", import->dry_run ? "would be" : "will be");
    }
    if (import->single_transaction && sum->invalid > 0) {
        (void)puts("nothing was staged, as some records are invalid");
    }
    if (import->losses != NULL) {
        (void)puts("not carried over, as records have no place for it:");
    }
    for (const struct loss *loss = import->losses; loss != NULL; loss = loss->next) {
        (void)printf("  %8" PRIu64 "  ", loss->count);
        output_text(stdout, loss->path);
        (void)fputc('\n', stdout);
    }
    if (import->dry_run) {
        (void)puts("nothing was staged: this was a dry run");
    } else if (sum->staged + sum->withdrawn > 0) {
        char as[CLI_AS_BYTES];
        (void)printf("next: hanse %spublish\n", cli_as(import->cli->origin, as));
    }
}

static int import_all(struct import *import, const struct args *args)
{
    int code = CLI_DONE;
    bool together = import->complete || import->single_transaction;
    for (size_t i = 0; i < args->found_count; i += together ? args->found_count : 1) {
        size_t rest_count = together ? args->found_count - 1 : 0;
        code = cli_worse(code, import_file(import, args->found[i], args->found + 1, rest_count));
    }
    finding_tally_print(stderr, &import->tally);
    if (import->cli->json) {
        print_json(import);
    } else {
        print_text(import);
    }
    if (import->out_of_memory) {
        cli_complain("the records are staged; import once more to see the whole report",
                     "memory ran out: the loss report is not complete");
        code = cli_worse(code, CLI_FAILED);
    }
    free_losses(import);
    return code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct import import = {.cli = cli};
    const char *max_withdraw = NULL;
    const struct args_option options[] = {
        TABLE_OPTIONS(&import.table),
        {"dry-run", NULL, "validate and count, stage nothing", NULL, &import.dry_run},
        {"source", "NAME", "what the records come from; told to everybody", &import.from, NULL},
        {"complete", NULL, "all that the source has: withdraw what it no longer has", NULL, &import.complete},
        {"max-withdraw", "N", "at most so many; a tenth of them, or 3, if not given", &max_withdraw, NULL},
        {"single-transaction", NULL, "one invalid record, and nothing is staged", NULL,
         &import.single_transaction},
    };
    struct args args = {.verb = &verb_import,
                        .options = options,
                        .option_count = TABLE_OPTION_COUNT + 5,
                        .least = 1,
                        .most = SIZE_MAX};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (max_withdraw != NULL && !args_amount(max_withdraw, &import.max_withdraw)) {
        cli_complain("give a number of records, such as --max-withdraw 20", "'%s' is no number",
                     max_withdraw);
        return CLI_USAGE;
    }
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    import.node = node;
    code = table_load(&import.table);
    if (code == CLI_DONE) {
        code = import_all(&import, &args);
    }
    table_release(&import.table);
    return code;
}

const struct verb verb_import = {
    .name = "import",
    .changes = "validates records from files and stages them; publishes nothing",
    .synopsis =
        "FILE...|- [--format FORMAT] [--kind K] [--map FILE] [--key COLUMN] [--encoding E] [--source NAME]"
        " [--complete [--max-withdraw N]] [--single-transaction] [--dry-run]",
    .help =
        "A record that is there already with the same content stages nothing. Invalid records are listed on\n"
        "stderr and left out, the others are kept; then the exit code is 5. What the input says and records\n"
        "have no place for is counted in a loss report. Contact details of people are not taken over.",
    .run = run,
};
