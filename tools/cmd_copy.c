/* SPDX-License-Identifier: Apache-2.0 */
/* hanse copy: feeds onto a disk or stick. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hanse/copy.h>

#include "args.h"
#include "output.h"
#include "progress.h"
#include "verbs.h"

struct copy {
    const struct cli *cli;
    struct progress progress;
    uint64_t count;
    int code;
};

static void print_json(const struct hanse_copy_result *result)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "feed", result->origin);
    json_text(&json, "dir", result->dir);
    json_number(&json, "size", result->size);
    json_number(&json, "files", result->files);
    json_number(&json, "bytes", result->bytes);
    json_text(&json, "key", result->verifier_key);
    json_text(&json, "result", result->status == HANSE_OK ? "ok" : hanse_status_name(result->status));
    json_text(&json, "message", result->message);
    json_end(&json);
}

static void print_text(const struct hanse_copy_result *result)
{
    output_text(stdout, result->origin);
    if (result->status != HANSE_OK) {
        (void)printf(": not copied (%s): ", hanse_status_name(result->status));
        output_text(stdout, result->message);
        (void)fputc('\n', stdout);
        return;
    }
    char bytes[16];
    output_bytes(result->bytes, bytes);
    (void)printf(": %" PRIu64 " entries, verified; ", result->size);
    output_count(stdout, result->files, "file", "files");
    (void)printf(" (%s) written\n  hanse follow file://", bytes);
    output_text(stdout, result->dir);
    (void)printf("/ --key '%s'\n", result->verifier_key);
}

/* What is stored here and cannot be read is as little verified as what was altered. */
static int exit_of(enum hanse_status status)
{
    return status == HANSE_MALFORMED || status == HANSE_TRUNCATED ? CLI_UNVERIFIED : cli_exit_of(status);
}

static void visit(void *context, const struct hanse_copy_result *result)
{
    struct copy *copy = context;
    progress_clear(&copy->progress);
    copy->count++;
    copy->code = cli_worse(copy->code, exit_of(result->status));
    if (copy->cli->json) {
        print_json(result);
    } else {
        print_text(result);
    }
}

static bool tell_progress(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    struct copy *copy = context;
    return progress_tell(&copy->progress, what, done, total, unit);
}

static int copy_feeds(const struct cli *cli, const char *dir, const char *const *feeds, size_t count)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct hanse_error err;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct copy copy = {.cli = cli, .code = CLI_DONE};
    progress_start(&copy.progress);
    const struct hanse_copy_options options = {.version = 1,
                                               .dir = dir,
                                               .feeds = count > 0 ? feeds : NULL,
                                               .feed_count = count,
                                               .visit = visit,
                                               .progress = tell_progress,
                                               .context = &copy};
    enum hanse_status status = hanse_copy(node, &options, &err);
    progress_clear(&copy.progress);
    /* What is wrong with a feed was told in its line. */
    if (status != HANSE_OK && (copy.code == CLI_DONE || copy.count == 0)) {
        return cli_fail(&err, status == HANSE_NOT_FOUND ? "'hanse feeds' lists the feeds" : NULL);
    }
    if (status == HANSE_OK && copy.count == 0 && !cli->json) {
        (void)puts("no feed is held here yet: nothing was copied");
    }
    return copy.code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char *to = NULL;
    const struct args_option options[] = {
        {"to", "DIR", "the folder to copy to, such as that of a stick; is made if need be", &to, NULL},
    };
    struct args args = {.verb = &verb_copy, .options = options, .option_count = 1, .most = SIZE_MAX};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (to == NULL) {
        cli_complain("usage: hanse copy --to DIR [FEED...]", "say with --to where to");
        return CLI_USAGE;
    }
    /* Others are told where it lies: from the root of the file system. */
    char here[4096] = "";
    char *absolute = NULL;
    if (*to != '/' && getcwd(here, sizeof here) != NULL) {
        size_t size = strlen(here) + strlen(to) + 2;
        absolute = malloc(size);
        if (absolute != NULL) {
            (void)snprintf(absolute, size, "%s/%s", here, to);
        }
    }
    char *path = absolute != NULL ? absolute : strdup(to);
    if (path == NULL) {
        cli_complain(NULL, "memory ran out");
        return CLI_FAILED;
    }
    for (size_t size = strlen(path); size > 1 && path[size - 1] == '/'; size--) {
        path[size - 1] = '\0';
    }
    code = copy_feeds(cli, path, args.found, args.found_count);
    free(path);
    return code;
}

const struct verb verb_copy = {
    .name = "copy",
    .changes = "copies feeds to a disk or stick, each verified; changes nothing in this node",
    .synopsis = "--to DIR [FEED...]",
    .help =
        "Each feed lies in DIR under the hex SHA-256 of its origin; the printed line follows it from there.\n"
        "Without FEED every feed is copied. Run it again to bring the copy up to date, or to go on after it\n"
        "was cut off: until the end of a feed its older copy stays readable. A newer copy is left alone.",
    .run = run,
};
