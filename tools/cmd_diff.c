/* SPDX-License-Identifier: Apache-2.0 */
/* hanse diff: what is staged against what is published. */
#include <inttypes.h>
#include <string.h>

#include "args.h"
#include "change_output.h"
#include "verbs.h"

struct diff {
    const struct cli *cli;
    const char *origin;
    uint64_t count;
};

static void print_heading(const struct hanse_staged *change)
{
    if (change->record == NULL) {
        (void)printf("\n  withdrawn, reason %s; revision %" PRIu64 " stays in the history\n",
                     change->reason != NULL ? change->reason : "?", change->revision);
    } else if (change->revision == 0) {
        (void)puts("\n  new");
    } else {
        (void)printf("\n  revision %" PRIu64 "%s -> %" PRIu64 "\n", change->revision,
                     change->published_withdrawn ? " (withdrawn)" : "", change->revision + 1);
    }
}

static enum hanse_status print_change(const struct hanse_staged *change, struct hanse_error *err)
{
    enum hanse_status status = change_print_name(change, err);
    if (status != HANSE_OK) {
        return status;
    }
    print_heading(change);
    return change->record != NULL ? change_print_diff(change->published, change->record, err) : HANSE_OK;
}

static enum hanse_status print_json(const struct diff *diff, const struct hanse_staged *change,
                                    struct hanse_error *err)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "id", change->id);
    json_text(&json, "feed", diff->origin);
    json_text(&json, "kind", change->kind);
    json_text(&json, "operation", change->operation);
    json_text(&json, "reason", change->reason);
    json_number(&json, "revision", change->revision);
    json_bool(&json, "withdrawn", change->published_withdrawn);
    json_time(&json, "published", change->published_unix_s);
    json_time(&json, "staged", change->staged_unix_s);
    enum hanse_status status = change_json_diff(&json, change->published, change->record, err);
    json_end(&json);
    return status;
}

static enum hanse_status visit(void *context, const struct hanse_staged *change, struct hanse_error *err)
{
    struct diff *diff = context;
    diff->count++;
    return diff->cli->json ? print_json(diff, change, err) : print_change(change, err);
}

static int show_diff(const struct cli *cli)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct diff diff = {.cli = cli};
    struct hanse_error err;
    int code = cli_open_own(cli, &node, &diff.origin);
    if (code != CLI_DONE) {
        return code;
    }
    if (hanse_staged_list(node, diff.origin, visit, &diff, &err) != HANSE_OK) {
        return cli_fail_reading(&err, NULL);
    }
    if (cli->json) {
        return CLI_DONE;
    }
    if (diff.count == 0) {
        (void)puts("nothing is staged: what you have is what is published");
        return CLI_DONE;
    }
    output_count(stdout, diff.count, "change is", "changes are");
    char as[CLI_AS_BYTES];
    (void)printf(" staged\nnext: hanse %spublish, or hanse %sdiscard ID\n", cli_as(cli->origin, as), as);
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_diff};
    int code;
    return args_read(&args, cli, argc, argv, &code) ? show_diff(cli) : code;
}

const struct verb verb_diff = {
    .name = "diff",
    .changes = "shows what is staged against what is published, value by value; changes nothing",
    .synopsis = "",
    .help =
        "~ a value that changes, + one that comes, - one that goes. Elements of lists are compared by their\n"
        "place. With --json each line is one change: id, operation, and \"changes\" with path, old and new.",
    .run = run,
};
