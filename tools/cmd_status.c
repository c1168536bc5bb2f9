/* SPDX-License-Identifier: Apache-2.0 */
/* hanse status: where everything stands, and what to do next. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "feed_output.h"
#include "verbs.h"

/* What the visits add up to, for the advice at the end. */
struct tally {
    const struct cli *cli;
    struct hanse_node *node;
    uint64_t own_records;
    uint64_t own_feeds;
    uint64_t staged;
    char publish[CLI_AS_BYTES + 16]; /* the command for the first own feed that has something staged */
    size_t followed;
    size_t never_synced;
    struct json *json;
};

enum { STALE_AFTER_S = 7 * 24 * 60 * 60 };

static void print_size(const char *label, const struct hanse_feed_info *feed)
{
    (void)printf("  %-12s ", label);
    if (feed->size == 0) {
        (void)puts("nothing yet");
        return;
    }
    char root[45];
    output_base64(feed->root, root);
    output_count(stdout, feed->records, "record", "records");
    (void)fputs(" in ", stdout);
    output_count(stdout, feed->size, "entry", "entries");
    (void)printf(", root %s\n", root);
}

static void print_own(const struct cli *cli, const struct hanse_feed_info *feed)
{
    (void)fputs("your feed ", stdout);
    output_text(stdout, feed->origin);
    (void)fputc('\n', stdout);
    print_size("published", feed);
    (void)printf("  %-12s ", "staged");
    output_count(stdout, feed->staged, "change", "changes");
    (void)printf("\n  %-12s where %s/public is served\n", "visible", cli->dir);
    if (feed->successor_origin != NULL) {
        output_field(stdout, "goes on as", feed->successor_origin);
    }
}

static bool is_old(uint64_t last_success_unix_s)
{
    time_t now = time(NULL);
    return now > 0 && last_success_unix_s + STALE_AFTER_S < (uint64_t)now;
}

static void print_followed(const struct hanse_feed_info *feed)
{
    char moment[64];
    feed_moment(feed->last_success_unix_s, moment);
    (void)fputs("following ", stdout);
    output_text(stdout, feed->origin);
    if (feed->name != NULL && strcmp(feed->name, feed->origin) != 0) {
        (void)fputs(" (", stdout);
        output_text(stdout, feed->name);
        (void)fputc(')', stdout);
    }
    (void)fputc('\n', stdout);
    print_size("verified", feed);
    output_field(stdout, "last sync", moment);
    bool bad = feed->last_result != NULL && strcmp(feed->last_result, "updated") != 0 &&
               strcmp(feed->last_result, "current") != 0;
    if (bad) {
        (void)printf("  %-12s %s: ", "warning", feed->last_result);
        output_text(stdout, feed->last_message != NULL ? feed->last_message : "");
        (void)fputc('\n', stdout);
    } else if (feed->last_success_unix_s != 0 && is_old(feed->last_success_unix_s)) {
        output_field(stdout, "warning", "not synced for more than a week");
    }
    bool by_mirror = !bad && feed->url_result != NULL && strcmp(feed->url_result, feed->last_result) != 0;
    if (by_mirror) {
        (void)printf("  %-12s its own address is %s: ", "warning", feed->url_result);
        output_text(stdout, feed->url_message != NULL ? feed->url_message : "");
        (void)fputc('\n', stdout);
    }
    if (feed->missing > 0) {
        (void)printf("  %-12s %" PRIu64 " payloads are missing\n", "warning", feed->missing);
    }
    if (feed->successor_origin != NULL) {
        output_field(stdout, "goes on as", feed->successor_origin);
    }
}

static enum hanse_status visit(void *context, const struct hanse_feed_info *feed, struct hanse_error *err)
{
    (void)err;
    struct tally *tally = context;
    if (feed->own) {
        tally->own_records += feed->records;
        if (feed->staged > 0 && tally->staged == 0) {
            char as[CLI_AS_BYTES];
            (void)snprintf(tally->publish, sizeof tally->publish, "hanse %spublish",
                           cli_as(tally->own_feeds > 0 ? feed->origin : NULL, as));
        }
        tally->staged += feed->staged;
        tally->own_feeds++;
    } else {
        tally->followed++;
        tally->never_synced += feed->last_success_unix_s == 0;
    }
    if (tally->json != NULL) {
        (void)feed_json(tally->json, NULL, tally->node, feed);
    } else if (feed->own) {
        print_own(tally->cli, feed);
    } else {
        print_followed(feed);
    }
    return HANSE_OK;
}

static const char *next_step(const struct tally *tally)
{
    if (tally->staged > 0) {
        return tally->publish;
    }
    if (tally->never_synced > 0) {
        return "hanse sync";
    }
    if (tally->own_records == 0) {
        return "hanse import FILE";
    }
    return tally->followed == 0 ? "hanse serve, or hanse follow URL --key VKEY"
                                : "hanse serve, or hanse sync";
}

static int status_json(const struct cli *cli, struct hanse_node *node)
{
    struct json json = {.out = stdout};
    struct tally tally = {.cli = cli, .node = node, .json = &json};
    struct hanse_error err;
    json_open(&json, NULL, '{');
    json_text(&json, "dir", hanse_node_dir(node));
    json_open(&json, "feeds", '[');
    enum hanse_status status = hanse_feed_list(node, visit, &tally, &err);
    json_close(&json, ']');
    json_number(&json, "staged", tally.staged);
    json_text(&json, "next", next_step(&tally));
    json_end(&json);
    return status == HANSE_OK ? CLI_DONE : cli_fail(&err, NULL);
}

static int status_text(const struct cli *cli, struct hanse_node *node)
{
    struct tally tally = {.cli = cli, .node = node};
    struct hanse_error err;
    if (hanse_feed_list(node, visit, &tally, &err) != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    (void)printf("next: %s\n", next_step(&tally));
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_status};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    return cli->json ? status_json(cli, node) : status_text(cli, node);
}

const struct verb verb_status = {
    .name = "status",
    .changes = "tells what is staged, published and followed, and what to do next; changes nothing",
    .synopsis = "",
    .help = NULL,
    .run = run,
};
