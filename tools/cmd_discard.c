/* SPDX-License-Identifier: Apache-2.0 */
/* hanse discard: drops staged changes. */
#include <stdint.h>

#include "args.h"
#include "change_output.h"
#include "verbs.h"

struct discard {
    const struct cli *cli;
    const char *origin;
};

static enum hanse_status print_json(const struct discard *discard, const struct hanse_staged *change,
                                    struct hanse_error *err)
{
    char *record = NULL;
    if (change->record != NULL) {
        enum hanse_status status = hanse_record_json(change->record, &record, err);
        if (status != HANSE_OK) {
            return status;
        }
    }
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "id", change->id);
    json_text(&json, "feed", discard->origin);
    json_text(&json, "kind", change->kind);
    json_text(&json, "operation", change->operation);
    json_text(&json, "reason", change->reason);
    json_raw(&json, "record", record);
    json_end(&json);
    hanse_free(record);
    return HANSE_OK;
}

static enum hanse_status visit(void *context, const struct hanse_staged *change, struct hanse_error *err)
{
    const struct discard *discard = context;
    if (discard->cli->json) {
        return print_json(discard, change, err);
    }
    (void)printf("%s of ", change->record != NULL ? "revision" : "withdrawal");
    enum hanse_status status = change_print_name(change, err);
    (void)fputc('\n', stdout);
    return status;
}

static int discard_changes(const struct cli *cli, const char *const *names, size_t count)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct discard discard = {.cli = cli};
    struct hanse_error err;
    uint64_t dropped = 0;
    int code = cli_open_own(cli, &node, &discard.origin);
    if (code != CLI_DONE) {
        return code;
    }
    if (hanse_staged_discard(node, discard.origin, names, count, visit, &discard, &dropped, &err) !=
        HANSE_OK) {
        int failed = cli_fail(&err, "'hanse diff' shows what is staged");
        cli_note("nothing was dropped");
        return failed;
    }
    if (!cli->json && dropped == 0) {
        (void)puts("nothing was staged");
    } else if (!cli->json) {
        output_count(stdout, dropped, "staged change", "staged changes");
        (void)puts(" dropped; what is published stays as it is");
    }
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    bool all = false;
    const struct args_option options[] = {
        {"all", NULL, "everything that is staged", NULL, &all},
    };
    struct args args = {.verb = &verb_discard, .options = options, .option_count = 1, .most = SIZE_MAX};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (all == (args.found_count > 0)) {
        cli_complain("usage: hanse discard ID...|--all; 'hanse diff' shows what is staged",
                     all ? "name the changes to drop, or give --all, not both"
                         : "name the changes to drop, or give --all");
        return CLI_USAGE;
    }
    return discard_changes(cli, all ? NULL : args.found, args.found_count);
}

const struct verb verb_discard = {
    .name = "discard",
    .changes = "drops staged changes for good; changes nothing that is published",
    .synopsis = "ID...|--all",
    .help =
        "Either everything named is dropped or, when one of the names is wrong, nothing. To be able to undo\n"
        "it, keep what --json prints: 'hanse import' takes those lines back (a withdrawal is staged anew).",
    .run = run,
};
