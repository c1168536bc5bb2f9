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

static enum hanse_status print_mirror(void *context, const struct hanse_mirror_info *mirror,
                                      struct hanse_error *err)
{
    (void)context;
    (void)err;
    (void)fputs("    mirror: ", stdout);
    output_text(stdout, mirror->url);
    (void)printf("  %s\n", mirror->last_result != NULL ? mirror->last_result : "not asked yet");
    return HANSE_OK;
}

struct listing {
    const struct cli *cli;
    struct hanse_node *node;
};

static enum hanse_status print_feed(void *context, const struct hanse_feed_info *feed,
                                    struct hanse_error *err)
{
    const struct listing *listing = context;
    if (listing->cli->json) {
        struct json json = {.out = stdout};
        (void)feed_json(&json, NULL, listing->node, feed);
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
    const char *result = feed->url_result != NULL ? feed->url_result : feed->last_result;
    (void)printf("  %s\n", result != NULL ? result : "not synced yet");
    print_quota(feed);
    return hanse_mirror_list(listing->node, feed->origin, print_mirror, NULL, err);
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
    struct listing listing = {.cli = cli, .node = node};
    return hanse_feed_list(node, print_feed, &listing, &err) == HANSE_OK ? CLI_DONE : cli_fail(&err, NULL);
}

const struct verb verb_feeds = {
    .name = "feeds",
    .changes = "lists your feeds and those you follow; changes nothing",
    .synopsis = "",
    .help = NULL,
    .run = run,
};
