/* SPDX-License-Identifier: Apache-2.0 */
/* hanse follow: adds a feed. */
#include <string.h>

#include <hanse/mirror.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

static const char *advice_for(enum hanse_status status)
{
    switch (status) {
    case HANSE_INVALID_ARGUMENT:
        return "take the address and the pin from the line that 'hanse serve' prints, the key from 'hanse "
               "key show'";
    case HANSE_EXISTS:
        return "'hanse feeds' shows what is followed; --name gives a feed another short name";
    default:
        return NULL;
    }
}

/* A quota that was given; NULL: none. */
static bool read_quota(const char *option, const char *text, uint64_t *out)
{
    if (text == NULL || args_amount(text, out)) {
        return true;
    }
    cli_complain("write a number from 1, with k, M, G or T behind it if you like: 20M are 20,000,000",
                 "%s: '%s' is no amount", option, text);
    return false;
}

/* A pin that is not given again is dropped, which nobody should find out at the next sync. */
static enum hanse_status note_pin(void *context, const struct hanse_feed_info *feed, struct hanse_error *err)
{
    const struct hanse_follow_options *options = context;
    (void)err;
    if (!feed->own && feed->pin != NULL && options->pin == NULL && feed->verifier_key != NULL &&
        strcmp(feed->verifier_key, options->verifier_key) == 0) {
        cli_note("the pin that was kept is dropped, as none was given: from now on an authority decides");
    }
    return HANSE_OK;
}

static int follow(const struct cli *cli, const struct hanse_follow_options *options)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    struct hanse_follow_options told = *options;
    if (hanse_feed_list(node, note_pin, &told, &err) != HANSE_OK ||
        hanse_feed_follow(node, options, &err) != HANSE_OK) {
        return cli_fail(&err, advice_for(err.status));
    }
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "key", options->verifier_key);
        json_text(&json, "url", options->url);
        json_text(&json, "name", options->name);
        json_limit(&json, "max_entries", options->max_entries);
        json_limit(&json, "max_bytes", options->max_bytes);
        json_end(&json);
        return CLI_DONE;
    }
    (void)fputs("following ", stdout);
    output_text(stdout, options->url);
    (void)puts("; nothing is fetched yet\nnext: hanse sync");
    return CLI_DONE;
}

static int add_mirror(const struct cli *cli, const char *feed, const struct hanse_follow_options *follow)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    const struct hanse_mirror_options options = {
        .version = 1, .feed = feed, .url = follow->url, .pin = follow->pin, .cacert = follow->cacert};
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    if (hanse_mirror_add(node, &options, &err) != HANSE_OK) {
        return cli_fail(&err,
                        err.status == HANSE_NOT_FOUND
                            ? "follow the feed at its own address first; 'hanse feeds' lists what is followed"
                            : NULL);
    }
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "feed", feed);
        json_text(&json, "mirror", options.url);
        json_end(&json);
        return CLI_DONE;
    }
    (void)fputs("asking ", stdout);
    output_text(stdout, options.url);
    (void)fputs(" for ", stdout);
    output_text(stdout, feed);
    (void)puts(" when its own address does not serve it");
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char *mirror_of = NULL;
    struct hanse_follow_options follow_options = {.version = 1};
    const char *max_entries = NULL;
    const char *max_bytes = NULL;
    const struct args_option options[] = {
        {"key", "VKEY", "the feed's key, from who publishes it", &follow_options.verifier_key, NULL},
        {"name", "N", "a short name for it; made from its origin if not given", &follow_options.name, NULL},
        {"pin", "PIN", "sha256//... of the server's key, instead of a CA", &follow_options.pin, NULL},
        {"cacert", "F", "PEM file of the authorities to trust for it", &follow_options.cacert, NULL},
        {"mirror-of", "FEED", "URL is another place where that feed lies, asked when the first fails",
         &mirror_of, NULL},
        {"max-entries", "N", "take no more entries than that", &max_entries, NULL},
        {"max-bytes", "SIZE", "take no more than that on the disk: 500k, 20M, 2G", &max_bytes, NULL},
    };
    struct args args = {.verb = &verb_follow, .options = options, .option_count = 7, .least = 1, .most = 1};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    follow_options.url = args.found[0];
    if (mirror_of != NULL && (follow_options.verifier_key != NULL || follow_options.name != NULL ||
                              max_entries != NULL || max_bytes != NULL)) {
        cli_complain("give them where the feed itself is followed",
                     "a mirror has the key, the name and the quota of its feed");
        return CLI_USAGE;
    }
    if (mirror_of != NULL) {
        return add_mirror(cli, mirror_of, &follow_options);
    }
    if (follow_options.verifier_key == NULL) {
        cli_complain(
            "ask who publishes it for the line that 'hanse key show' prints there, and give it with --key",
            "the feed's key is missing");
        return CLI_USAGE;
    }
    if (!read_quota("--max-entries", max_entries, &follow_options.max_entries) ||
        !read_quota("--max-bytes", max_bytes, &follow_options.max_bytes)) {
        return CLI_USAGE;
    }
    return follow(cli, &follow_options);
}

const struct verb verb_follow = {
    .name = "follow",
    .changes = "adds a feed of somebody else to this node; fetches nothing and changes nothing of yours",
    .synopsis = "URL (--key VKEY [--name N] [--max-entries N] [--max-bytes SIZE] | --mirror-of FEED)"
                " [--pin PIN] [--cacert F]",
    .help =
        "The key decides whose records are taken: get it by a way that you trust. With a pin the server's\n"
        "certificate needs no authority. A feed that would grow beyond its quota stays as it is. Following "
        "again\n"
        "with the same key sets address, pin, authorities and quota anew. Anybody who follows a feed has a "
        "mirror\n"
        "of it, at /<hex sha256(origin)>/ of their server or in a folder: it needs no trust, since all that\n"
        "comes from it is verified. 'hanse unfollow FEED --mirror URL' drops it again.",
    .run = run,
};
