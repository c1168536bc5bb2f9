/* SPDX-License-Identifier: Apache-2.0 */
/* hanse unfollow: drops a feed that was followed. */
#include <inttypes.h>
#include <string.h>

#include <hanse/node.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

static void print_option(const char *name, const char *value)
{
    if (value != NULL) {
        (void)printf(" --%s '", name);
        output_text(stdout, value);
        (void)fputc('\'', stdout);
    }
}

static void print_quota(const char *name, uint64_t value)
{
    if (value > 0) {
        (void)printf(" --%s %" PRIu64, name, value);
    }
}

static void print_gone(void *context, const struct hanse_unfollowed *feed)
{
    const struct cli *cli = context;
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "feed", feed->origin);
        json_text(&json, "name", feed->name);
        json_text(&json, "url", feed->url);
        json_text(&json, "key", feed->verifier_key);
        json_text(&json, "pin", feed->pin);
        json_text(&json, "cacert", feed->cacert);
        json_number(&json, "size", feed->size);
        json_limit(&json, "max_entries", feed->max_entries);
        json_limit(&json, "max_bytes", feed->max_bytes);
        json_end(&json);
        return;
    }
    (void)fputs("no longer following ", stdout);
    output_text(stdout, feed->origin);
    (void)printf(": its %" PRIu64 " entries were removed from this node\nundo: hanse follow ", feed->size);
    output_text(stdout, feed->url != NULL ? feed->url : "URL");
    print_option("key", feed->verifier_key);
    print_option("name", feed->name);
    print_option("pin", feed->pin);
    print_option("cacert", feed->cacert);
    print_quota("max-entries", feed->max_entries);
    print_quota("max-bytes", feed->max_bytes);
    (void)fputc('\n', stdout);
}

struct nearest {
    const char *wanted;
    size_t distance;
    char name[160];
};

static void compare(struct nearest *nearest, const char *name)
{
    size_t distance = name != NULL ? args_distance(nearest->wanted, name) : SIZE_MAX;
    if (distance < nearest->distance) {
        nearest->distance = distance;
        (void)snprintf(nearest->name, sizeof nearest->name, "%s", name);
    }
}

static enum hanse_status look_at(void *context, const struct hanse_feed_info *feed, struct hanse_error *err)
{
    (void)err;
    if (!feed->own) {
        compare(context, feed->origin);
        compare(context, feed->name);
    }
    return HANSE_OK;
}

static int fail_unknown(struct hanse_node *node, const char *name, const struct hanse_error *err)
{
    struct nearest nearest = {.wanted = name, .distance = 4};
    struct hanse_error ignored;
    char advice[256] = "'hanse feeds' lists what is followed";
    if (hanse_feed_list(node, look_at, &nearest, &ignored) == HANSE_OK && nearest.name[0] != '\0') {
        (void)snprintf(advice, sizeof advice, "did you mean '%s'? 'hanse feeds' lists what is followed",
                       nearest.name);
    }
    return cli_fail(err, advice);
}

static int unfollow(struct cli *cli, const char *name)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct hanse_error err;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    switch (hanse_feed_unfollow(node, name, print_gone, cli, &err)) {
    case HANSE_OK:
        return CLI_DONE;
    case HANSE_NOT_FOUND:
        return fail_unknown(node, name, &err);
    case HANSE_INVALID_ARGUMENT:
        return cli_fail(&err,
                        "only feeds of others can be let go; 'hanse withdraw' takes records of yours back");
    default:
        return cli_fail(&err, NULL);
    }
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_unfollow, .least = 1, .most = 1};
    int code;
    return args_read(&args, cli, argc, argv, &code) ? unfollow(cli, args.found[0]) : code;
}

const struct verb verb_unfollow = {
    .name = "unfollow",
    .changes =
        "drops a followed feed and its files from this node; changes nothing of yours nor at its source",
    .synopsis = "FEED",
    .help = "FEED is its origin or short name. What it prints follows the feed again; its records then come "
            "with\n"
            "the next sync.",
    .run = run,
};
