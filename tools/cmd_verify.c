/* SPDX-License-Identifier: Apache-2.0 */
/* hanse verify: re-reads and recomputes everything. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include <hanse/verify.h>

#include "args.h"
#include "output.h"
#include "progress.h"
#include "proof_output.h"
#include "verbs.h"

struct verify {
    const struct cli *cli;
    struct progress progress;
    uint64_t bad; /* feeds that are not well */
};

/* NULL: the copy was refused before there was one. */
static const char *tell_root(const struct hanse_verify_result *result, char out[45])
{
    static const uint8_t none[sizeof result->root];
    if (memcmp(result->root, none, sizeof none) == 0) {
        return NULL;
    }
    output_base64(result->root, out);
    return out;
}

static void print_json(const struct hanse_verify_result *result)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "feed", result->feed);
    json_number(&json, "size", result->size);
    char root[45];
    json_text(&json, "root", tell_root(result, root));
    json_number(&json, "entries", result->entries);
    json_number(&json, "payloads", result->payloads);
    json_number(&json, "withheld", result->withheld);
    json_number(&json, "erased", result->erased);
    json_number(&json, "invalid", result->invalid);
    json_text(&json, "result", result->result);
    json_text(&json, "message", result->message);
    json_end(&json);
}

static void print_text(const struct hanse_verify_result *result)
{
    char text[45];
    const char *root = tell_root(result, text);
    output_text(stdout, result->feed != NULL ? result->feed : "?");
    (void)printf("\n  %-12s %s\n", "result", result->result);
    (void)printf("  %-12s %" PRIu64 " of %" PRIu64 " read\n", "entries", result->entries, result->size);
    (void)printf("  %-12s %" PRIu64 " hashed, %" PRIu64 " withheld, %" PRIu64 " erased\n", "payloads",
                 result->payloads, result->withheld, result->erased);
    if (result->invalid > 0) {
        (void)printf("  %-12s %" PRIu64 " entries break a rule and have no effect\n", "invalid",
                     result->invalid);
    }
    if (root != NULL) {
        output_field(stdout, "root", root);
    }
}

static void visit(void *context, const struct hanse_verify_result *result)
{
    struct verify *verify = context;
    progress_clear(&verify->progress);
    if (verify->cli->json) {
        print_json(result);
    } else {
        print_text(result);
    }
    if (strcmp(result->result, "ok") != 0) {
        verify->bad++;
        cli_complain("don't use this copy: sync it again from its origin, or ask who publishes it",
                     "%s: %s: %s", result->feed != NULL ? result->feed : "?", result->result,
                     result->message != NULL ? result->message : "");
    }
}

static bool tell_progress(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct verify *verify = context;
    return progress_tell(&verify->progress, what, done, total, unit);
}

static int exit_of(const struct verify *verify, enum hanse_status status, const struct hanse_error *err)
{
    if (status == HANSE_OK) {
        return CLI_DONE;
    }
    int code = cli_exit_of(status);
    /* Stored bytes that break off or cannot be read are as little verified as altered ones. */
    if (status == HANSE_TRUNCATED || status == HANSE_MALFORMED || verify->bad > 0) {
        code = CLI_UNVERIFIED;
    }
    if (verify->bad == 0) {
        (void)cli_fail(err, NULL);
    }
    return code;
}

static int verify_dir(struct verify *verify, const struct hanse_verify_options *options, const char *dir)
{
    struct hanse_error err;
    enum hanse_status status = hanse_verify_dir(dir, options, &err);
    progress_clear(&verify->progress);
    return exit_of(verify, status, &err);
}

static int verify_node(struct verify *verify, const struct hanse_verify_options *options, const char *feed)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(verify->cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    enum hanse_status status = hanse_verify_node(node, feed, options, &err);
    progress_clear(&verify->progress);
    if (status == HANSE_NOT_FOUND && verify->bad == 0) {
        return cli_fail(&err, "name a feed of 'hanse feeds', or a folder that holds a file named checkpoint");
    }
    return exit_of(verify, status, &err);
}

/* A folder with a checkpoint holds a feed. */
static bool holds_feed(const char *path)
{
    char name[4096];
    struct stat info;
    int size = snprintf(name, sizeof name, "%s/checkpoint", path);
    return size > 0 && (size_t)size < sizeof name && stat(name, &info) == 0 && S_ISREG(info.st_mode);
}

static bool is_node(const char *path)
{
    char name[4096];
    struct stat info;
    int size = snprintf(name, sizeof name, "%s/private/format", path);
    return size > 0 && (size_t)size < sizeof name && stat(name, &info) == 0;
}

static bool is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct verify verify = {.cli = cli};
    struct hanse_verify_options verify_options = {
        .version = 1, .visit = visit, .progress = tell_progress, .context = &verify};
    const struct args_option options[] = {
        {"key", "VKEY", "for a folder or a proof: the key that must have signed",
         &verify_options.verifier_key, NULL},
    };
    struct args args = {.verb = &verb_verify, .options = options, .option_count = 1, .most = 1};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    const char *what = args.found_count == 1 ? args.found[0] : NULL;
    progress_start(&verify.progress);
    if (what != NULL && holds_feed(what)) {
        return verify_dir(&verify, &verify_options, what);
    }
    if (what != NULL && is_file(what)) {
        return proof_check_file(cli, what, verify_options.verifier_key);
    }
    if (verify_options.verifier_key != NULL) {
        cli_complain(
            "give it with a folder that holds a feed, or a proof; a node knows the keys of its feeds",
            "--key is for a folder or a proof");
        return CLI_USAGE;
    }
    if (what != NULL && is_node(what) && !is_node(cli->dir)) {
        cli_complain("its folder goes before the verb: hanse -C DIR verify", "'%s' is a node", what);
        return CLI_USAGE;
    }
    return verify_node(&verify, &verify_options, what);
}

const struct verb verb_verify = {
    .name = "verify",
    .changes = "re-reads feeds and recomputes every hash and signature; changes nothing",
    .synopsis = "[FEED|DIR|PROOF] [--key VKEY]",
    .help = "Without a name all feeds of the node are verified. DIR is a folder that holds one feed: public/ "
            "of a\n"
            "node, a mirror, a copy on a stick; without --key it must be signed by the key of its own first\n"
            "entry. PROOF is a file that 'hanse check' takes, too. Exit code 3: something does not match "
            "what was signed.",
    .run = run,
};
