/* SPDX-License-Identifier: Apache-2.0 */
/* hanse publish: appends what is staged and signs. */
#include <inttypes.h>
#include <stdbool.h>

#include <hanse/change.h>

#include "args.h"
#include "output.h"
#include "progress.h"
#include "verbs.h"

static void print_json(const char *origin, const struct hanse_publish_result *result)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "feed", origin);
    json_number(&json, "old_size", result->old_size);
    json_number(&json, "new_size", result->new_size);
    json_hash(&json, "root", result->root);
    json_number(&json, "held_back", result->held_back);
    json_end(&json);
}

static void print_text(const struct cli *cli, const char *origin, const struct hanse_publish_result *result)
{
    if (result->new_size == result->old_size) {
        char as[CLI_AS_BYTES];
        (void)printf("nothing%s is staged: %s stays at %" PRIu64 " entries\nnext: hanse %simport FILE\n",
                     result->held_back > 0 ? " else" : "", origin, result->old_size, cli_as(cli->origin, as));
        return;
    }
    char root[45];
    output_base64(result->root, root);
    (void)fputs("published ", stdout);
    output_count(stdout, result->new_size - result->old_size, "entry", "entries");
    (void)printf(": %s has %" PRIu64 " now\n", origin, result->new_size);
    output_field(stdout, "root", root);
    (void)printf("\nvisible wherever %s/public is served: by hanse serve, or by any web server\n", cli->dir);
}

static const char *advice_for(enum hanse_status status)
{
    if (status == HANSE_INVALID_RECORD) {
        return "nothing was published: mend that record, import it again, then publish";
    }
    if (status == HANSE_BEHIND) {
        return "nothing was published, what is staged stays: bring the feed back with 'hanse recover --from "
               "URL' (anybody\n"
               "       who follows it has a copy). If you are sure that this is the newest copy: 'hanse "
               "publish --offline'";
    }
    return NULL;
}

static int publish(const struct cli *cli, bool offline)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    const char *origin;
    int code = cli_open_own(cli, &node, &origin);
    if (code != CLI_DONE) {
        return code;
    }
    struct progress progress;
    progress_start(&progress);
    const struct hanse_publish_options options = {
        .version = 1, .origin = origin, .offline = offline, .progress = progress_tell, .context = &progress};
    if (offline) {
        cli_note("warning: not checked whether this is the newest copy of the node; two copies that publish "
                 "fork the feed");
    }
    struct hanse_publish_result result;
    struct hanse_error err;
    enum hanse_status status = hanse_publish(node, &options, &result, &err);
    progress_clear(&progress);
    if (status != HANSE_OK) {
        return cli_fail(&err, advice_for(status));
    }
    if (result.held_back > 0) {
        cli_note("%" PRIu64
                 " staged: data of persons, for the members of a network, to whom this version cannot send "
                 "yet; it stays staged ('hanse diff' shows it, 'hanse discard' drops it)",
                 result.held_back);
    }
    if (cli->json) {
        print_json(origin, &result);
    } else {
        print_text(cli, origin, &result);
    }
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    bool offline = false;
    const struct args_option options[] = {{"no-push", NULL, NULL, NULL, NULL},
                                          {"offline", NULL,
                                           "publish although nothing outside this node shows that it "
                                           "is the newest copy",
                                           NULL, &offline},
                                          {"yes", NULL, NULL, NULL, NULL}};
    struct args args = {.verb = &verb_publish, .options = options, .option_count = 3};
    int code;
    return args_read(&args, cli, argc, argv, &code) ? publish(cli, offline) : code;
}

const struct verb verb_publish = {
    .name = "publish",
    .changes = "appends what is staged to your feed and signs it, for good; changes no other feed",
    .synopsis = "[--offline]",
    .help = "What is published stays in the feed's history: a later revision replaces a record, it does not\n"
            "unsay it. After a failure everything is still staged, or everything is published.",
    .run = run,
};
