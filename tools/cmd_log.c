/* SPDX-License-Identifier: Apache-2.0 */
/* hanse log: the revisions of a record. */
#include <inttypes.h>
#include <string.h>

#include <hanse/query.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

struct log {
    const struct cli *cli;
    char id[256]; /* whose revisions are being printed */
};

static void print_json(const struct hanse_revision *revision)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "id", revision->id);
    json_text(&json, "feed", revision->origin);
    json_bool(&json, "staged", revision->staged);
    json_number(&json, "revision", revision->revision);
    if (revision->staged) {
        json_raw(&json, "entry", NULL);
    } else {
        json_number(&json, "entry", revision->entry_index);
    }
    json_text(&json, "operation", revision->operation);
    json_text(&json, "reason", revision->reason);
    json_text(&json, "verdict", revision->verdict);
    json_bool(&json, "current", revision->current);
    json_time(&json, "published", revision->published_unix_s);
    json_text(&json, "audience", revision->audience);
    json_text(&json, "payload", revision->payload_state);
    json_end(&json);
}

static void print_text(struct log *log, const struct hanse_revision *revision)
{
    if (strcmp(log->id, revision->id) != 0) {
        (void)snprintf(log->id, sizeof log->id, "%s", revision->id);
        output_text(stdout, revision->id);
        (void)fputc('\n', stdout);
    }
    char moment[21];
    output_time(revision->published_unix_s, moment);
    (void)printf("  revision %" PRIu64 "  %s  %-8s  ", revision->revision, moment, revision->operation);
    if (revision->staged) {
        (void)fputs("staged, not published", stdout);
    } else {
        (void)printf("entry %" PRIu64 "  %s", revision->entry_index, revision->verdict);
    }
    if (revision->reason != NULL) {
        (void)printf(", reason %s", revision->reason);
    }
    bool told =
        strcmp(revision->payload_state, "present") != 0 && strcmp(revision->payload_state, "none") != 0;
    if (told) {
        (void)printf(", content %s", revision->payload_state);
    }
    (void)puts(revision->current ? ", current" : "");
}

static enum hanse_status visit(void *context, const struct hanse_revision *revision, struct hanse_error *err)
{
    (void)err;
    struct log *log = context;
    if (log->cli->json) {
        print_json(revision);
    } else {
        print_text(log, revision);
    }
    return HANSE_OK;
}

static int show_log(struct cli *cli, const char *name)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct log log = {.cli = cli};
    struct hanse_error err;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    enum hanse_status status = hanse_query_log(node, name, visit, &log, &err);
    if (status == HANSE_OK) {
        return CLI_DONE;
    }
    bool named = status == HANSE_NOT_FOUND || status == HANSE_INVALID_ARGUMENT;
    return cli_fail_reading(&err, named ? "'hanse list' shows the records of this node and their ids" : NULL);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_log, .least = 1, .most = 1};
    int code;
    return args_read(&args, cli, argc, argv, &code) ? show_log(cli, args.found[0]) : code;
}

const struct verb verb_log = {
    .name = "log",
    .changes = "shows the revisions of a record, published and staged, oldest first; changes nothing",
    .synopsis = "ID",
    .help =
        "ID as for 'hanse show'. An invalid revision breaks a rule of the protocol: it counts, but is never\n"
        "current. The entry is the place in the feed.",
    .run = run,
};
