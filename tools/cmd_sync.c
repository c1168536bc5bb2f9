/* SPDX-License-Identifier: Apache-2.0 */
/* hanse sync: fetches and verifies what is new. */
#include <signal.h>

#include "args.h"
#include "sync_run.h"
#include "verbs.h"

static int run(struct cli *cli, int argc, char **argv)
{
    const char *max_stale = NULL;
    const struct args_option options[] = {
        {"max-stale", "TIME", "how long a feed may be out of reach: 90s, 5m, 12h, 7d (default)", &max_stale,
         NULL},
    };
    struct args args = {.verb = &verb_sync, .options = options, .option_count = 1, .most = SIZE_MAX};
    struct sync_run sync = {.cli = cli, .max_stale_s = SYNC_MAX_STALE_S};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (max_stale != NULL && !args_duration(max_stale, &sync.max_stale_s)) {
        cli_complain("write a number and s, m, h or d, such as 12h", "'%s' is no time span", max_stale);
        return CLI_USAGE;
    }
    /* A server that hangs up is an outcome of one feed, not the end of the program. */
    (void)signal(SIGPIPE, SIG_IGN);
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    sync.node = node;
    sync.feeds = args.found_count > 0 ? args.found : NULL;
    sync.feed_count = args.found_count;
    return sync_run(&sync);
}

const struct verb verb_sync = {
    .name = "sync",
    .changes = "fetches and verifies what is new in feeds you follow; changes nothing of yours",
    .synopsis = "[FEED...] [--max-stale TIME]",
    .help =
        "Without a name all feeds are synced. A feed that fails keeps what was verified before, and never\n"
        "stops the others. Exit code 3: something is signed wrongly or does not match what was signed.\n"
        "Exit code 4: a feed was out of reach for longer than --max-stale, or has never been reached.",
    .run = run,
};
