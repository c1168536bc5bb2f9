/* SPDX-License-Identifier: Apache-2.0 */
/* hanse export: current records out, for other programs. */
#include <inttypes.h>
#include <string.h>

#include "args.h"
#include "item_output.h"
#include "verbs.h"

static enum hanse_status visit(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    uint64_t *left_out = context;
    if (item->record == NULL) {
        ++*left_out;
        return HANSE_OK;
    }
    return item_json_line(stdout, item, err);
}

static int export_records(const struct cli *cli, const struct hanse_query *query)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    uint64_t left_out = 0;
    struct hanse_error err;
    enum hanse_status status = hanse_query_list(node, query, visit, &left_out, &err);
    if (status != HANSE_OK) {
        const char *advice = "'hanse feeds' lists the feeds; kinds are named as 'hanse list' shows them";
        return cli_fail_reading(&err, status == HANSE_NOT_FOUND ? advice : NULL);
    }
    if (left_out > 0) {
        cli_note("%" PRIu64 " records are left out: their content is not held here ('hanse list' shows them)",
                 left_out);
    }
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct hanse_query query = {.version = 1};
    const char *format = "jsonl";
    const struct args_option options[] = {
        {"format", "FORMAT", "jsonl: one record a line", &format, NULL},
        {"kind", "K", "records of this kind only, such as Project", &query.kind, NULL},
        {"feed", "ORIGIN", "records of this feed only; its short name will do", &query.feed, NULL},
    };
    struct args args = {.verb = &verb_export, .options = options, .option_count = 3};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (strcmp(format, "jsonl") != 0) {
        cli_complain("use --format jsonl", "this version does not write the format '%s'", format);
        return CLI_USAGE;
    }
    return export_records(cli, &query);
}

const struct verb verb_export = {
    .name = "export",
    .changes = "writes the current records to stdout; changes nothing",
    .synopsis = "[--format jsonl] [--kind K] [--feed ORIGIN]",
    .help = "Each line is a JSON object with id, feed, revision, kind, published, audience and record. "
            "Fields that\n"
            "a newer version has added to a record are unknown here and cannot be written.",
    .run = run,
};
