/* SPDX-License-Identifier: Apache-2.0 */
/* hanse put: stages one record. */
#include <stdlib.h>
#include <string.h>

#include <hanse/staged.h>

#include "args.h"
#include "change_output.h"
#include "finding_output.h"
#include "input.h"
#include "verbs.h"

enum { MAX_INPUT_BYTES = 16 << 20 };

struct put {
    struct cli *cli;
    const char *file;
    const char *name; /* of the record whose next revision it is; NULL: as the file says */
    struct hanse_node *node;
    struct hanse_record *record;
    char *id;
};

static void release(struct put *put)
{
    hanse_record_free(put->record);
    hanse_free(put->id);
    hanse_node_close(put->node);
}

static int read_record(struct put *put)
{
    uint8_t *data;
    size_t size;
    struct hanse_error err;
    int code =
        input_read(put->file, MAX_INPUT_BYTES, "give one record; 'hanse import' takes many", &data, &size);
    if (code != CLI_DONE) {
        return code;
    }
    enum hanse_status status =
        hanse_record_from_any((struct hanse_bytes){data, size}, &put->record, &put->id, &err);
    free(data);
    if (status == HANSE_OK) {
        return CLI_DONE;
    }
    if (status == HANSE_NO_MEMORY) {
        return cli_fail(&err, NULL);
    }
    struct hanse_import_finding finding = {.severity = "error",
                                           .rule = hanse_status_name(status),
                                           .offset = err.offset,
                                           .message = err.message,
                                           .remedy = "mend it and put it again; 'hanse show ID --json' shows "
                                                     "what a record looks like"};
    finding_print(stderr, put->cli->json, input_name(put->file), &finding);
    return CLI_INVALID_INPUT;
}

/* An id in the file counts if it is of the own feed; the record of another feed becomes one of our own. */
static int choose_id(struct put *put, const char *origin)
{
    struct hanse_error err;
    if (put->name != NULL) {
        hanse_free(put->id);
        put->id = NULL;
        enum hanse_status status = hanse_staged_get(put->node, origin, put->name, &put->id, NULL, &err);
        return status == HANSE_OK ? CLI_DONE : cli_fail(&err, "'hanse list' shows the ids of your records");
    }
    size_t size = strlen(origin);
    if (put->id != NULL && strncmp(put->id, "hanse:", 6) == 0 &&
        (strncmp(put->id + 6, origin, size) != 0 || put->id[6 + size] != '/')) {
        cli_note("%s is of another feed: this becomes a record of your own", put->id);
        hanse_free(put->id);
        put->id = NULL;
    }
    return CLI_DONE;
}

static int stage(struct put *put, const char *origin)
{
    struct hanse_error err;
    enum hanse_stage_outcome outcome;
    char *id = NULL;
    if (hanse_stage_put(put->node, origin, put->id, put->record, &outcome, &id, &err) != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    if (put->cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "id", id);
        json_text(&json, "feed", origin);
        json_text(&json, "outcome", change_outcome(outcome));
        json_end(&json);
    } else {
        (void)puts(id);
        if (outcome == HANSE_STAGE_UNCHANGED) {
            cli_note("the record says this already: nothing is staged for it");
        } else {
            change_print_next(put->cli, id);
        }
    }
    hanse_free(id);
    return CLI_DONE;
}

static int put_file(struct put *put)
{
    const char *origin;
    struct hanse_error err;
    int code = cli_open_own(put->cli, &put->node, &origin);
    if (code == CLI_DONE) {
        code = read_record(put);
    }
    if (code == CLI_DONE) {
        code = choose_id(put, origin);
    }
    if (code != CLI_DONE) {
        return code;
    }
    struct finding_printer printer = {.json = put->cli->json, .source = input_name(put->file)};
    enum hanse_status status = finding_check(&printer, put->record, &err);
    if (status == HANSE_INVALID_RECORD) {
        return CLI_INVALID_INPUT;
    }
    return status == HANSE_OK ? stage(put, origin) : cli_fail(&err, NULL);
}

static int run(struct cli *cli, int argc, char **argv)
{
    __attribute__((cleanup(release))) struct put put = {.cli = cli};
    const struct args_option options[] = {
        {"id", "ID", "the record of yours that it is the next revision of", &put.name, NULL},
    };
    struct args args = {.verb = &verb_put, .options = options, .option_count = 1, .least = 1, .most = 1};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    put.file = args.found[0];
    return put_file(&put);
}

const struct verb verb_put = {
    .name = "put",
    .changes = "stages one record, new or changed; publishes nothing",
    .synopsis = "FILE|- [--id ID]",
    .help =
        "The file holds one record: as JSON on one or many lines, as a line of 'hanse export', or as the\n"
        "bytes of a hanse.v1.Record. It is the next revision of the record that the line or --id names,\n"
        "else of your record of the same kind that carries one of its identifiers; else it is new.\n"
        "Prints the record's full name, alone on one line. 'hanse discard' undoes it.",
    .run = run,
};
