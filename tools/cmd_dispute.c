/* SPDX-License-Identifier: Apache-2.0 */
/* hanse dispute: says that another's record is wrong. */
#include <stdlib.h>

#include "args.h"
#include "reply_run.h"
#include "verbs.h"

static int dispute(struct cli *cli, int argc, char **argv, const char **paths)
{
    struct hanse_reply_options options = {.paths = paths, .verdict = "disputed"};
    const char *rest = NULL;
    const struct args_option table[] = {
        {"reason", "TEXT", "what is wrong", &options.text, NULL},
        {"part", "PATH", "only this part of the record is wrong; may stand more than once", &rest, NULL},
        {"language", "TAG", "language of the reason, such as ja or pt-BR", &options.language, NULL},
    };
    struct args args = {.verb = &verb_dispute, .options = table, .option_count = 3, .least = 1, .most = 1};
    int code;
    options.count = args_take_all(&argc, argv, "part", paths);
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (options.text == NULL || options.text[0] == '\0') {
        cli_complain("say what is wrong: --reason TEXT", "a reason is missing");
        return CLI_USAGE;
    }
    options.name = args.found[0];
    return reply_run(cli, hanse_reply_confirm, &options, "disputed");
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char **paths = calloc((size_t)argc, sizeof *paths);
    if (paths == NULL) {
        cli_complain(NULL, "memory ran out");
        return CLI_FAILED;
    }
    int code = dispute(cli, argc, argv, paths);
    free(paths);
    return code;
}

const struct verb verb_dispute = {
    .name = "dispute",
    .changes = "stages a record of yours that another's record is wrong; publishes nothing",
    .synopsis = "ID --reason TEXT [--part PATH]... [--language TAG]",
    .help = "The other's record stays as it is: who reads it sees both. To refuse a dispute or a suggestion "
            "about\n"
            "a record of yours, dispute that. 'hanse suggest' says what should stand there instead.",
    .run = run,
};
