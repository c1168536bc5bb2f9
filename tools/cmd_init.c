/* SPDX-License-Identifier: Apache-2.0 */
/* hanse init: makes a node. */
#include "args.h"
#include "output.h"
#include "verbs.h"

static void print_made(const struct cli *cli, const char *origin, const char *key, bool titled, bool added)
{
    (void)printf(added ? "added a feed to the node in %s\n" : "made a node in %s\n", cli->dir);
    output_field(stdout, "feed", origin);
    output_field(stdout, "key", key);
    (void)printf(
        "\nThe origin %s names this feed for ever; the key may change.\n"
        "Should the feed have to go on under another name, it is ended with an entry that names its\n"
        "successor, and the successor's first entry names this feed.\n"
        "Give the key to those who follow the feed, by a way that they trust. Keep a safe copy of\n"
        "%s/private: it holds the secret keys.\n\nnext: ",
        origin, cli->dir);
    char as[CLI_AS_BYTES];
    (void)printf("hanse %simport FILE", cli_as(added ? origin : NULL, as));
    if (titled) {
        (void)printf(", then hanse %spublish", as);
    }
    (void)fputc('\n', stdout);
}

static void print_json(const struct cli *cli, const char *origin, const char *key)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "feed", origin);
    json_text(&json, "key", key);
    json_text(&json, "dir", cli->dir);
    json_end(&json);
}

/* What was made, as the node itself tells it. */
static int tell_node(const struct cli *cli, struct hanse_node *node, const char *origin, bool titled,
                     bool added)
{
    struct hanse_error err;
    char *key;
    if (hanse_node_verifier_key(node, origin, &key, &err) != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    if (cli->json) {
        print_json(cli, origin, key);
    } else {
        print_made(cli, origin, key, titled, added);
    }
    hanse_free(key);
    return CLI_DONE;
}

static int tell(const struct cli *cli, const char *origin, bool titled)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    return code == CLI_DONE ? tell_node(cli, node, origin, titled, false) : code;
}

static const char *advice_for(enum hanse_status status)
{
    if (status == HANSE_EXISTS) {
        return "'hanse status' tells about the node; --add makes one more feed in it, -C DIR a second node";
    }
    return NULL;
}

static int add_feed(const struct cli *cli, const struct hanse_init_options *init)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    if (hanse_node_add_feed(node, init, &err) != HANSE_OK) {
        return cli_fail(&err,
                        err.status == HANSE_EXISTS
                            ? "'hanse feeds' lists the feeds of this node; take another origin, or 'hanse "
                              "unfollow' the one that is followed"
                            : NULL);
    }
    return tell_node(cli, node, init->origin, init->title != NULL, true);
}

static int run(struct cli *cli, int argc, char **argv)
{
    bool add = false;
    struct hanse_init_options init = {.version = HANSE_INIT_OPTIONS_VERSION};
    const struct args_option options[] = {
        {"origin", "ORIGIN", "name of the feed for ever: host and path", &init.origin, NULL},
        {"title", "TEXT", "what people call it; stages its profile", &init.title, NULL},
        {"add", NULL, "one more feed for the node that is there", NULL, &add},
        {"language", "TAG", "language of the title, such as ja or pt-BR", &init.language, NULL},
    };
    struct args args = {.verb = &verb_init, .options = options, .option_count = 4};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (init.origin == NULL) {
        cli_complain("name the feed: hanse init --origin kitakyushu.example/hanse", "an origin is missing");
        return CLI_USAGE;
    }
    if (add) {
        return add_feed(cli, &init);
    }
    struct hanse_error err;
    if (hanse_node_init(cli->dir, &init, &err) != HANSE_OK) {
        return cli_fail(&err, advice_for(err.status));
    }
    return tell(cli, init.origin, init.title != NULL);
}

const struct verb verb_init = {
    .name = "init",
    .changes = "makes a node in a folder; changes nothing if there is one already",
    .synopsis = "[--add] --origin ORIGIN [--title TEXT] [--language TAG]",
    .help = "A node is a folder with your feed's keys (private/, readable by you alone), the feed itself\n"
            "(public/, to be served) and an index. The folder is that of -C DIR, and is made if needed.\n"
            "The origin names the feed for ever, so take a host name that stays yours. A node may hold "
            "several feeds of\n"
            "its own, such as those of members that a secretariat hosts: --add makes one more, with its own "
            "key;\n"
            "--as ORIGIN then chooses it for the verbs that change or publish something.",
    .run = run,
};
