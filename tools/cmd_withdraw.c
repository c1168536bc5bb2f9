/* SPDX-License-Identifier: Apache-2.0 */
/* hanse withdraw: stages that a record is no longer current. */
#include <hanse/change.h>

#include "args.h"
#include "change_output.h"
#include "verbs.h"

static void print_json(const char *origin, const char *id, const char *reason,
                       enum hanse_stage_outcome outcome)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "id", id);
    json_text(&json, "feed", origin);
    json_text(&json, "outcome", change_outcome(outcome));
    json_text(&json, "reason", reason);
    json_end(&json);
}

static void print_text(const struct cli *cli, const char *id, enum hanse_stage_outcome outcome)
{
    if (outcome == HANSE_STAGE_UNCHANGED) {
        (void)printf("%s is withdrawn already: nothing changed\n", id);
        return;
    }
    (void)printf("staged: the withdrawal of %s\n", id);
    if (outcome == HANSE_STAGE_REPLACED) {
        cli_note("a revision of it was staged and not published: the withdrawal took its place");
    }
    change_print_next(cli, id);
}

static const char *advice_for(enum hanse_status status)
{
    if (status == HANSE_NOT_FOUND) {
        return "'hanse list' shows your records and their ids";
    }
    if (status == HANSE_INVALID_ARGUMENT) {
        return "usage: hanse withdraw ID --reason R; 'hanse discard ID' drops what is staged and not "
               "published";
    }
    return NULL;
}

static int withdraw(const struct cli *cli, const char *name, const char *reason)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    const char *origin;
    int code = cli_open_own(cli, &node, &origin);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    enum hanse_stage_outcome outcome;
    char *id = NULL;
    if (hanse_stage_withdraw(node, origin, name, reason, &outcome, &id, &err) != HANSE_OK) {
        return cli_fail(&err, advice_for(err.status));
    }
    if (cli->json) {
        print_json(origin, id, reason, outcome);
    } else {
        print_text(cli, id, outcome);
    }
    hanse_free(id);
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char *reason = NULL;
    const struct args_option options[] = {
        {"reason", "R", "error, merged, no-longer, privacy or legal", &reason, NULL},
    };
    struct args args = {.verb = &verb_withdraw, .options = options, .option_count = 1, .least = 1, .most = 1};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (reason == NULL) {
        cli_complain("give one with --reason: error (it was wrong), merged (it lives on in another record), "
                     "no-longer\n       (it was right and no longer holds), privacy, legal",
                     "a reason is missing");
        return CLI_USAGE;
    }
    return withdraw(cli, args.found[0], reason);
}

const struct verb verb_withdraw = {
    .name = "withdraw",
    .changes = "stages that a record of yours is no longer current; publishes nothing, deletes nothing",
    .synopsis = "ID --reason R",
    .help = "Reasons: error (it was wrong or published by mistake), merged (it lives on in another record),\n"
            "no-longer (it was right and no longer holds), privacy, legal. Earlier revisions stay in the\n"
            "feed's history. 'hanse discard ID' undoes it before it is published; afterwards 'hanse put'\n"
            "brings the record back.",
    .run = run,
};
