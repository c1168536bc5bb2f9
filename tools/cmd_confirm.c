/* SPDX-License-Identifier: Apache-2.0 */
/* hanse confirm: says that another's record is right. */
#include <stdlib.h>

#include "args.h"
#include "reply_run.h"
#include "verbs.h"

static int confirm(struct cli *cli, int argc, char **argv, const char **paths)
{
    struct hanse_reply_options options = {.paths = paths};
    const char *rest = NULL;
    const struct args_option table[] = {
        {"part", "PATH", "only this part of the record is confirmed; may stand more than once", &rest, NULL},
        {"remark", "TEXT", "what to say about it", &options.text, NULL},
        {"language", "TAG", "language of the remark, such as ja or pt-BR", &options.language, NULL},
    };
    struct args args = {.verb = &verb_confirm, .options = table, .option_count = 3, .least = 1, .most = 1};
    int code;
    options.count = args_take_all(&argc, argv, "part", paths);
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    options.name = args.found[0];
    options.verdict = options.count > 0 ? "in-part" : "confirmed";
    return reply_run(cli, hanse_reply_confirm, &options, "confirmed");
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char **paths = calloc((size_t)argc, sizeof *paths);
    if (paths == NULL) {
        cli_complain(NULL, "memory ran out");
        return CLI_FAILED;
    }
    int code = confirm(cli, argc, argv, paths);
    free(paths);
    return code;
}

const struct verb verb_confirm = {
    .name = "confirm",
    .changes = "stages a record of yours that another's record is right; publishes nothing",
    .synopsis = "ID [--part PATH]... [--remark TEXT] [--language TAG]",
    .help =
        "It counts for the revision that is current now: when the other changes the record, it shows as\n"
        "confirmed and changed since. Who confirms is the owner in your feed's profile. Confirming again\n"
        "renews what you said before, also a dispute.",
    .run = run,
};
