/* SPDX-License-Identifier: Apache-2.0 */
/* hanse key: the key that others need to follow the feed, and the next one. */
#include <inttypes.h>
#include <string.h>

#include <hanse/key.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

static int show(const struct cli *cli)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    const char *origin;
    int code = cli_open_own(cli, &node, &origin);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    char *key;
    if (hanse_node_verifier_key(node, origin, &key, &err) != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "feed", origin);
        json_text(&json, "key", key);
        json_end(&json);
    } else {
        (void)puts(key);
    }
    hanse_free(key);
    return CLI_DONE;
}

static void rotation_json(const struct hanse_key_rotation *rotation)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "feed", rotation->feed);
    json_text(&json, "old_key", rotation->old_key);
    json_text(&json, "new_key", rotation->new_key);
    json_text(&json, "retired_file", rotation->retired_file);
    json_number(&json, "old_size", rotation->old_size);
    json_number(&json, "new_size", rotation->new_size);
    json_hash(&json, "root", rotation->root);
    json_bool(&json, "dry_run", rotation->new_key == NULL);
    json_end(&json);
}

static void print_rotation(const struct hanse_key_rotation *rotation)
{
    if (rotation->new_key == NULL) {
        (void)printf("nothing was changed; 'hanse key rotate' would append entry %" PRIu64
                     " with a new key to %s\n",
                     rotation->old_size, rotation->feed);
        output_field(stdout, "old key", rotation->old_key);
        return;
    }
    (void)printf("%s has a new key since entry %" PRIu64 "\n", rotation->feed, rotation->old_size);
    output_field(stdout, "new key", rotation->new_key);
    output_field(stdout, "old key", rotation->old_key);
    (void)printf("\nFollowers go over to it by themselves at their next sync; give the new key to those who\n"
                 "begin. Make a new safe copy of private/keys now. The old secret key lies in\n"
                 "%s:\nit signs nothing any more that followers take. Destroy it and its copies when this\n"
                 "change is served: who knows only the old key can still be deceived with it.\n",
                 rotation->retired_file);
}

static void visit_rotation(void *context, const struct hanse_key_rotation *rotation)
{
    const struct cli *cli = context;
    (cli->json ? rotation_json : print_rotation)(rotation);
}

static int rotate(struct cli *cli, bool dry_run)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    const char *origin;
    int code = cli_open_own(cli, &node, &origin);
    if (code != CLI_DONE) {
        return code;
    }
    const struct hanse_key_rotate_options options = {.version = 1, .origin = origin, .dry_run = dry_run};
    struct hanse_error err;
    switch (hanse_key_rotate(node, &options, visit_rotation, cli, &err)) {
    case HANSE_OK:
        return CLI_DONE;
    case HANSE_INVALID_ARGUMENT:
        (void)cli_fail(&err, "nothing was changed");
        return CLI_FAILED;
    case HANSE_BEHIND:
        return cli_fail(&err,
                        "the key was not changed: bring the feed back with 'hanse recover --from URL' first");
    case HANSE_BAD_SIGNATURE:
        return cli_fail(&err, "the key was not changed");
    default:
        return cli_fail(&err, NULL);
    }
}

static int run(struct cli *cli, int argc, char **argv)
{
    bool dry_run = false;
    const struct args_option options[] = {
        {"dry-run", NULL, "rotate: look whether it could be done, change nothing", NULL, &dry_run},
    };
    struct args args = {.verb = &verb_key, .options = options, .option_count = 1, .least = 1, .most = 1};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (strcmp(args.found[0], "rotate") == 0) {
        return rotate(cli, dry_run);
    }
    if (strcmp(args.found[0], "show") == 0 && !dry_run) {
        return show(cli);
    }
    cli_complain("usage: hanse key show, or hanse key rotate [--dry-run]", "key has no '%s'",
                 dry_run ? "show --dry-run" : args.found[0]);
    return CLI_USAGE;
}

const struct verb verb_key = {
    .name = "key",
    .changes = "shows the public key of your feed and changes nothing, or replaces it (rotate)",
    .synopsis = "show | rotate [--dry-run]",
    .help =
        "show prints the key alone on one line and changes nothing. Give it to those who follow the feed, by "
        "a\n"
        "way that they trust: with it they tell your records from anybody else's.\n"
        "rotate makes a new key and publishes an entry that names it, signed by the old and the new key; "
        "what is\n"
        "staged stays staged. Followers go over to it by themselves. Do it when the old key may be known to\n"
        "others, when who held it leaves, and every few years.",
    .run = run,
};
