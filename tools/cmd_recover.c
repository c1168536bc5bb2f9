/* SPDX-License-Identifier: Apache-2.0 */
/* hanse recover: brings an own feed back from a mirror. */
#include <signal.h>

#include "args.h"
#include "sync_run.h"
#include "verbs.h"

static int recover(struct cli *cli, const char *url, const char *pin, const char *cacert)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    const char *origin;
    int code = cli_open_own(cli, &node, &origin);
    if (code != CLI_DONE) {
        return code;
    }
    const struct sync_run run = {.cli = cli, .node = node};
    const struct hanse_recover_options options = {
        .version = 1, .origin = origin, .url = url, .pin = pin, .cacert = cacert};
    return sync_run_recover(&run, &options);
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char *from = NULL;
    const char *pin = NULL;
    const char *cacert = NULL;
    const struct args_option options[] = {
        {"from", "URL", "a mirror of your feed: https://... or file:///...", &from, NULL},
        {"pin", "PIN", "sha256//... of the mirror's key, instead of a CA", &pin, NULL},
        {"cacert", "F", "PEM file of the authorities to trust for it", &cacert, NULL},
    };
    struct args args = {.verb = &verb_recover, .options = options, .option_count = 3};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (from == NULL) {
        cli_complain("anybody who follows your feed has a mirror of it; a copy on a disk is file:///...",
                     "--from URL is needed");
        return CLI_USAGE;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    return recover(cli, from, pin, cacert);
}

const struct verb verb_recover = {
    .name = "recover",
    .changes = "brings your own feed back from a mirror; keeps what is staged, changes no other feed",
    .synopsis = "--from URL [--pin PIN] [--cacert F]",
    .help = "For a node that was restored from a backup, or lost its public folder but not private/keys: "
            "every entry\n"
            "of the mirror is verified with your own key and stored. Then the node may publish again. Staged "
            "changes\n"
            "that the mirror shows to be published are dropped, the others stay.",
    .run = run,
};
