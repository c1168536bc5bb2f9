/* SPDX-License-Identifier: Apache-2.0 */
/* hanse key show: the key that others need to follow the feed. */
#include <string.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

static int show(const struct cli *cli)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    const char *origin;
    int code = cli_open_own(cli, &node, &origin);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    char *key;
    if (hanse_node_verifier_key(node, origin, &key, &err) != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "feed", origin);
        json_text(&json, "key", key);
        json_end(&json);
    } else {
        (void)puts(key);
    }
    hanse_free(key);
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_key, .least = 1, .most = 1};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (strcmp(args.found[0], "show") == 0) {
        return show(cli);
    }
    bool later = strcmp(args.found[0], "rotate") == 0;
    cli_complain("usage: hanse key show", later ? "this version cannot '%s' keys yet" : "key has no '%s'",
                 args.found[0]);
    return CLI_USAGE;
}

const struct verb verb_key = {
    .name = "key",
    .changes = "prints the public key of your feed; changes nothing",
    .synopsis = "show",
    .help =
        "The key stands alone on one line. Give it to those who follow the feed, by a way that they trust:\n"
        "with it they tell your records from anybody else's.",
    .run = run,
};
