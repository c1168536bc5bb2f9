/* SPDX-License-Identifier: Apache-2.0 */
/* hanse unfollow: drops a feed that was followed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <hanse/mirror.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

static void print_option(FILE *out, const char *name, const char *value)
{
    if (value != NULL) {
        (void)fprintf(out, " --%s '", name);
        output_text(out, value);
        (void)fputc('\'', out);
    }
}

static void print_quota(const char *name, uint64_t value)
{
    if (value > 0) {
        (void)printf(" --%s %" PRIu64, name, value);
    }
}

struct going {
    const struct cli *cli;
    const char *name;    /* as the user calls it */
    struct json mirrors; /* of the feed, told while it is still there */
    char *text;
    size_t size;
};

/* As an element of a list, or as the line that adds it again. */
static enum hanse_status keep_mirror(void *context, const struct hanse_mirror_info *mirror,
                                     struct hanse_error *err)
{
    (void)err;
    struct going *going = context;
    FILE *out = going->mirrors.out;
    if (going->cli->json) {
        json_open(&going->mirrors, NULL, '{');
        json_text(&going->mirrors, "url", mirror->url);
        json_text(&going->mirrors, "pin", mirror->pin);
        json_text(&going->mirrors, "cacert", mirror->cacert);
        json_close(&going->mirrors, '}');
        return HANSE_OK;
    }
    (void)fputs("      hanse follow ", out);
    output_text(out, mirror->url);
    print_option(out, "mirror-of", going->name);
    print_option(out, "pin", mirror->pin);
    print_option(out, "cacert", mirror->cacert);
    (void)fputc('\n', out);
    return HANSE_OK;
}

static void print_json(const struct going *going, const struct hanse_unfollowed *feed)
{
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
    json_open(&json, "mirrors", '[');
    (void)fputs(going->text, stdout);
    json_close(&json, ']');
    json_end(&json);
}

static void print_gone(void *context, const struct hanse_unfollowed *feed)
{
    const struct going *going = context;
    if (going->cli->json) {
        print_json(going, feed);
        return;
    }
    (void)fputs("no longer following ", stdout);
    output_text(stdout, feed->origin);
    (void)printf(": its %" PRIu64 " entries were removed from this node\nundo: hanse follow ", feed->size);
    output_text(stdout, feed->url != NULL ? feed->url : "URL");
    print_option(stdout, "key", feed->verifier_key);
    print_option(stdout, "name", feed->name);
    print_option(stdout, "pin", feed->pin);
    print_option(stdout, "cacert", feed->cacert);
    print_quota("max-entries", feed->max_entries);
    print_quota("max-bytes", feed->max_bytes);
    (void)printf("\n%s", going->text);
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

/* A feed that is not there has no mirrors: letting go of it tells that. */
static enum hanse_status let_go(struct hanse_node *node, struct going *going, struct hanse_error *err)
{
    enum hanse_status status = hanse_mirror_list(node, going->name, keep_mirror, going, err);
    bool written = fclose(going->mirrors.out) == 0;
    if (status != HANSE_OK && status != HANSE_NOT_FOUND) {
        return status;
    }
    if (!written) {
        err->status = HANSE_NO_MEMORY;
        (void)snprintf(err->message, sizeof err->message, "out of memory");
        return HANSE_NO_MEMORY;
    }
    return hanse_feed_unfollow(node, going->name, print_gone, going, err);
}

static int unfollow(struct cli *cli, const char *name)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct hanse_error err;
    struct going going = {.cli = cli, .name = name};
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    going.mirrors.out = open_memstream(&going.text, &going.size);
    if (going.mirrors.out == NULL) {
        cli_complain(NULL, "out of memory");
        return CLI_FAILED;
    }
    enum hanse_status status = let_go(node, &going, &err);
    free(going.text);
    switch (status) {
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

static int drop_mirror(struct cli *cli, const char *name, const char *url)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct hanse_error err;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    if (hanse_mirror_remove(node, name, url, &err) != HANSE_OK) {
        return cli_fail(&err, "'hanse feeds' lists feeds and their mirrors");
    }
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "feed", name);
        json_text(&json, "mirror", url);
        json_end(&json);
    } else {
        (void)fputs("no longer asking ", stdout);
        output_text(stdout, url);
        (void)fputc('\n', stdout);
    }
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char *mirror = NULL;
    const struct args_option options[] = {
        {"mirror", "URL", "drop only this mirror of the feed", &mirror, NULL},
    };
    struct args args = {.verb = &verb_unfollow, .options = options, .option_count = 1, .least = 1, .most = 1};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    return mirror != NULL ? drop_mirror(cli, args.found[0], mirror) : unfollow(cli, args.found[0]);
}

const struct verb verb_unfollow = {
    .name = "unfollow",
    .changes =
        "drops a followed feed and its files from this node; changes nothing of yours nor at its source",
    .synopsis = "FEED [--mirror URL]",
    .help = "FEED is its origin or short name. What it prints follows the feed again; its records then come "
            "with\n"
            "the next sync.",
    .run = run,
};
