/* SPDX-License-Identifier: Apache-2.0 */
/* hanse changes: what arrived after a cursor. */
#include <inttypes.h>

#include <hanse/arrival.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

struct changes {
    const struct cli *cli;
    uint64_t count;
};

static enum hanse_status print_json(const struct hanse_arrival *arrival, struct hanse_error *err)
{
    char *record = NULL;
    if (arrival->record != NULL) {
        enum hanse_status status = hanse_record_json(arrival->record, &record, err);
        if (status != HANSE_OK) {
            return status;
        }
    }
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "cursor", arrival->cursor);
    json_text(&json, "change", arrival->change);
    json_text(&json, "feed", arrival->origin);
    json_text(&json, "id", arrival->id);
    if (arrival->id != NULL) {
        json_number(&json, "revision", arrival->revision);
        json_number(&json, "entry", arrival->entry_index);
        json_text(&json, "kind", arrival->kind);
        json_time(&json, "published", arrival->published_unix_s);
        json_text(&json, "audience", arrival->audience);
        json_bool(&json, "current", arrival->current);
        json_text(&json, "reason", arrival->reason);
        json_text(&json, "payload", arrival->payload_state);
        json_raw(&json, "record", record);
    }
    json_end(&json);
    hanse_free(record);
    return HANSE_OK;
}

static void print_text(const struct hanse_arrival *arrival)
{
    (void)printf("%s  %-8s  ", arrival->cursor, arrival->change);
    if (arrival->id == NULL) {
        output_text(stdout, arrival->origin);
        (void)fputc('\n', stdout);
        return;
    }
    output_text(stdout, arrival->kind);
    (void)fputc(' ', stdout);
    output_text(stdout, arrival->id);
    (void)printf(" revision %" PRIu64 "\n", arrival->revision);
}

static enum hanse_status visit(void *context, const struct hanse_arrival *arrival, struct hanse_error *err)
{
    struct changes *changes = context;
    changes->count++;
    if (changes->cli->json) {
        return print_json(arrival, err);
    }
    print_text(arrival);
    return HANSE_OK;
}

static int show_changes(const struct cli *cli, const char *after)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct changes changes = {.cli = cli};
    struct hanse_error err;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    enum hanse_status status = hanse_arrival_list(node, after, visit, &changes, &err);
    if (status != HANSE_OK) {
        return cli_fail_reading(&err, status == HANSE_INVALID_ARGUMENT
                                          ? "start again without --after: everything comes once more"
                                          : NULL);
    }
    if (!cli->json && changes.count == 0) {
        cli_note("nothing has arrived since");
    }
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char *after = NULL;
    const struct args_option options[] = {
        {"after", "CURSOR", "of the last line that was taken; from the beginning if not given", &after, NULL},
    };
    struct args args = {.verb = &verb_changes, .options = options, .option_count = 1};
    int code;
    return args_read(&args, cli, argc, argv, &code) ? show_changes(cli, after) : code;
}

const struct verb verb_changes = {
    .name = "changes",
    .changes = "prints what arrived after a cursor, in the order of its arrival; changes nothing",
    .synopsis = "[--after CURSOR]",
    .help =
        "For keeping another database in step. Each line begins with the cursor that stands behind it: keep\n"
        "it together with what you made of the line. put: a revision; withdraw: the record is no longer\n"
        "current; erase: forget the content of that revision; unfollow: forget everything of that feed.\n"
        "Feeds that were followed late come when they come, whatever their dates. A line may come again,\n"
        "none is ever left out. With --json the whole record stands in the line.",
    .run = run,
};
