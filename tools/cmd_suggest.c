/* SPDX-License-Identifier: Apache-2.0 */
/* hanse suggest: says what should stand in another's record. */
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "reply_run.h"
#include "verbs.h"

/* Splits "PATH=VALUE" in place: `paths` holds what was given, and then the paths. */
static bool split(char **copies, const char **paths, const char **values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *equals = args_find_equals(paths[i]);
        if (equals == NULL || equals == paths[i]) {
            cli_complain("write it as --set project.status=PROJECT_STATUS_CLOSED", "'%s' is not PATH=VALUE",
                         paths[i]);
            return false;
        }
        values[i] = equals + 1;
        copies[i] = strndup(paths[i], (size_t)(equals - paths[i]));
        if (copies[i] == NULL) {
            cli_complain(NULL, "memory ran out");
            return false;
        }
        paths[i] = copies[i];
    }
    return true;
}

static int suggest(struct cli *cli, int argc, char **argv, const char **paths, const char **values,
                   char **copies)
{
    struct hanse_reply_options options = {.paths = paths, .values = values};
    const char *rest = NULL;
    const struct args_option table[] = {
        {"set", "PATH=VALUE", "what should stand there; may stand more than once", &rest, NULL},
        {"reason", "TEXT", "how you know", &options.text, NULL},
        {"language", "TAG", "language of the reason, such as ja or pt-BR", &options.language, NULL},
    };
    struct args args = {.verb = &verb_suggest, .options = table, .option_count = 3, .least = 1, .most = 1};
    int code;
    options.count = args_take_all(&argc, argv, "set", paths);
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (options.count == 0 || options.text == NULL || options.text[0] == '\0') {
        cli_complain("usage: hanse suggest ID --set PATH=VALUE --reason TEXT", "%s is missing",
                     options.count == 0 ? "a value" : "a reason");
        return CLI_USAGE;
    }
    if (!split(copies, paths, values, options.count)) {
        return CLI_USAGE;
    }
    options.name = args.found[0];
    return reply_run(cli, hanse_reply_suggest, &options, "suggested to change");
}

static int run(struct cli *cli, int argc, char **argv)
{
    size_t room = (size_t)argc;
    const char **texts = calloc(2 * room, sizeof *texts);
    char **copies = calloc(room, sizeof *copies);
    int code = CLI_FAILED;
    if (texts != NULL && copies != NULL) {
        code = suggest(cli, argc, argv, texts, texts + room, copies);
    } else {
        cli_complain(NULL, "memory ran out");
    }
    for (size_t i = 0; copies != NULL && i < room; i++) {
        free(copies[i]);
    }
    free(copies);
    free(texts);
    return code;
}

const struct verb verb_suggest = {
    .name = "suggest",
    .changes = "stages a record of yours that proposes a change to another's record; publishes nothing",
    .synopsis = "ID --set PATH=VALUE... --reason TEXT [--language TAG]",
    .help =
        "Paths are those that 'hanse show ID' prints. The other sees it in 'hanse inbox' and takes it over\n"
        "or not. Suggesting again replaces what you suggested before.",
    .run = run,
};
