/* SPDX-License-Identifier: Apache-2.0 */
/* hanse feeds: lists the feeds of the node. */
#include <inttypes.h>
#include <string.h>

#include "args.h"
#include "feed_output.h"
#include "verbs.h"

static void print_quota(const struct hanse_feed_info *feed)
{
    char bytes[16];
    if (feed->max_entries == 0 && feed->max_bytes == 0) {
        return;
    }
    (void)fputs("    quota: ", stdout);
    if (feed->max_entries > 0) {
        output_count(stdout, feed->max_entries, "entry", "entries");
    }
    if (feed->max_bytes > 0) {
        output_bytes(feed->max_bytes, bytes);
        (void)printf("%s%s", feed->max_entries > 0 ? ", " : "", bytes);
    }
    (void)fputc('\n', stdout);
}

static enum hanse_status print_feed(void *context, const struct hanse_feed_info *feed,
                                    struct hanse_error *err)
{
    (void)err;
    const struct cli *cli = context;
    if (cli->json) {
        struct json json = {.out = stdout};
        feed_json(&json, NULL, feed);
        (void)fputc('\n', stdout);
        return HANSE_OK;
    }
    char called[320];
    bool named = feed->name != NULL && strcmp(feed->name, feed->origin) != 0;
    (void)snprintf(called, sizeof called, named ? "%s (%s)" : "%s", feed->origin, feed->name);
    output_column(stdout, called, 44, true);
    (void)printf(" %8" PRIu64 " %s  ", feed->size, feed->size == 1 ? "entry  " : "entries");
    if (feed->own) {
        (void)puts("yours");
        return HANSE_OK;
    }
    output_text(stdout, feed->url != NULL ? feed->url : "");
    (void)printf("  %s\n", feed->last_result != NULL ? feed->last_result : "not synced yet");
    print_quota(feed);
    return HANSE_OK;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_feeds};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    return hanse_feed_list(node, print_feed, cli, &err) == HANSE_OK ? CLI_DONE : cli_fail(&err, NULL);
}

const struct verb verb_feeds = {
    .name = "feeds",
    .changes = "lists your feeds and those you follow; changes nothing",
    .synopsis = "",
    .help = NULL,
    .run = run,
};
