/* SPDX-License-Identifier: Apache-2.0 */
/* hanse export: current records out, for other programs. */
#include <inttypes.h>
#include <string.h>

#include <hanse/csv_export.h>
#include <hanse/iati_export.h>

#include "args.h"
#include "item_output.h"
#include "verbs.h"

struct export
{
    struct hanse_iati_export *iati; /* NULL: another format */
    struct hanse_csv_export *csv;
    const char *kind;  /* of the first record */
    bool mixes_kinds;  /* another record is of another kind */
    uint64_t withheld; /* records whose content is not held here */
    uint64_t refused;  /* that the format does not take */
};

static enum hanse_status write_line(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct export *export = context;
    if (item->record == NULL) {
        export->withheld++;
        return HANSE_OK;
    }
    return item_json_line(stdout, item, err);
}

/* One project that IATI does not take does not keep the others back. */
static enum hanse_status write_activity(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct export *export = context;
    if (item->record == NULL) {
        export->withheld++;
        return HANSE_OK;
    }
    struct hanse_bytes xml;
    struct hanse_error problem;
    enum hanse_status status = hanse_iati_export_add(export->iati, item->record, &xml, &problem);
    if (status == HANSE_OK) {
        (void)fwrite(xml.data, 1, xml.size, stdout);
        return HANSE_OK;
    }
    if (status == HANSE_INVALID_RECORD || status == HANSE_LIMIT) {
        export->refused++;
        cli_note("%s is left out: %s", item->id, problem.message);
        return HANSE_OK;
    }
    *err = problem;
    return status;
}

static enum hanse_status note_kind(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct export *export = context;
    (void)err;
    const char *kind = hanse_kind_name(hanse_kind_number(item->kind)); /* that outlives the visit */
    export->mixes_kinds |= export->kind != NULL && kind != export->kind;
    export->kind = kind;
    return HANSE_OK;
}

static enum hanse_status survey(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct export *export = context;
    return item->record != NULL ? hanse_csv_export_survey(export->csv, item->record, err) : HANSE_OK;
}

static enum hanse_status write_row(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct export *export = context;
    struct hanse_bytes row;
    struct hanse_error problem;
    if (item->record == NULL) {
        export->withheld++;
        return HANSE_OK;
    }
    enum hanse_status status =
        hanse_csv_export_add(export->csv, item->id, item->revision, item->record, &row, &problem);
    if (status == HANSE_OK) {
        (void)fwrite(row.data, 1, row.size, stdout);
    } else if (status == HANSE_LIMIT) {
        export->refused++;
        cli_note("%s is left out: %s", item->id, problem.message);
        return HANSE_OK;
    } else {
        *err = problem;
    }
    return status;
}

static void print_loss(void *context, const char *path, uint64_t count)
{
    bool *any = context;
    if (!*any) {
        cli_note("not carried over, as the format has no place for it:");
    }
    *any = true;
    cli_note("  %8" PRIu64 "  %s", count, path);
}

static void print_notes(const struct export *export)
{
    bool any = false;
    if (export->iati != NULL) {
        hanse_iati_export_losses(export->iati, print_loss, &any);
    }
    if (export->csv != NULL) {
        hanse_csv_export_losses(export->csv, print_loss, &any);
    }
    if (export->withheld > 0) {
        cli_note("%" PRIu64 " records are left out: their content is not held here ('hanse list' shows them)",
                 export->withheld);
    }
}

static int fail_query(const struct hanse_error *err)
{
    const char *advice = "'hanse feeds' lists the feeds; kinds are named as 'hanse list' shows them";
    return cli_fail_reading(err, err->status == HANSE_NOT_FOUND ? advice : NULL);
}

static int export_records(const struct cli *cli, const struct hanse_query *query, struct export *export)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    if (export->iati != NULL) {
        (void)fputs(hanse_iati_export_head(), stdout);
    }
    struct hanse_error err;
    enum hanse_status status =
        hanse_query_list(node, query, export->iati != NULL ? write_activity : write_line, export, &err);
    if (status != HANSE_OK) {
        return fail_query(&err);
    }
    if (export->iati != NULL) {
        (void)fputs(hanse_iati_export_tail(), stdout);
    }
    print_notes(export);
    return export->refused > 0 ? CLI_INVALID_INPUT : CLI_DONE;
}

static int export_iati(const struct cli *cli, struct hanse_query *query,
                       const struct hanse_iati_export_options *options)
{
    if (query->kind != NULL && hanse_kind_number(query->kind) != hanse_kind_number("Project")) {
        cli_complain("leave --kind out", "IATI has activities only, no '%s'", query->kind);
        return CLI_USAGE;
    }
    query->kind = "Project";
    struct export export = {0};
    struct hanse_error err;
    if (hanse_iati_export_new(options, &export.iati, &err) != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    int code = export_records(cli, query, &export);
    hanse_iati_export_free(export.iati);
    return code;
}

static int write_table(struct hanse_node *node, const struct hanse_query *query, struct export *export)
{
    struct hanse_error err;
    struct hanse_bytes head;
    enum hanse_status status = hanse_query_list(node, query, survey, export, &err);
    if (status == HANSE_OK) {
        status = hanse_csv_export_head(export->csv, &head, &err);
    }
    if (status == HANSE_OK) {
        (void)fwrite(head.data, 1, head.size, stdout);
        status = hanse_query_list(node, query, write_row, export, &err);
    }
    if (status != HANSE_OK) {
        return fail_query(&err);
    }
    print_notes(export);
    return export->refused > 0 ? CLI_INVALID_INPUT : CLI_DONE;
}

/* A table is of one kind: the one that all records have, if none is named. */
static int choose_kind(struct hanse_node *node, struct hanse_query *query, struct export *export)
{
    struct hanse_error err;
    if (query->kind != NULL) {
        return CLI_DONE;
    }
    if (hanse_query_list(node, query, note_kind, export, &err) != HANSE_OK) {
        return fail_query(&err);
    }
    query->kind = export->kind;
    if (export->mixes_kinds || export->kind == NULL) {
        cli_complain("name one with --kind, such as --kind Project; 'hanse list' shows them",
                     "a table has records of one kind, and there are %s",
                     export->mixes_kinds ? "several here" : "none here");
        return CLI_USAGE;
    }
    return CLI_DONE;
}

static int export_csv(const struct cli *cli, struct hanse_query *query,
                      struct hanse_csv_export_options *options)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct export export = {0};
    struct hanse_error err;
    int code = cli_open(cli, &node);
    if (code == CLI_DONE) {
        code = choose_kind(node, query, &export);
    }
    if (code != CLI_DONE) {
        return code;
    }
    options->kind = query->kind;
    if (hanse_csv_export_new(options, &export.csv, &err) != HANSE_OK) {
        return fail_query(&err);
    }
    code = write_table(node, query, &export);
    hanse_csv_export_free(export.csv);
    return code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct hanse_query query = {.version = 1};
    struct hanse_iati_export_options iati = {.version = 1};
    struct hanse_csv_export_options csv = {.version = 1};
    const char *format = "jsonl";
    const struct args_option options[] = {
        {"format", "FORMAT", "jsonl: one record a line; iati: projects as IATI 2.03; csv: a table", &format,
         NULL},
        {"kind", "K", "records of this kind only, such as Project", &query.kind, NULL},
        {"feed", "ORIGIN", "records of this feed only; its short name will do", &query.feed, NULL},
        {"mark", NULL, "csv: begin with a byte order mark, which Excel needs to see UTF-8", NULL, &csv.mark},
        {"reporter", "REF", "iati: reporting organisation of projects that did not come from IATI",
         &iati.reporter_ref, NULL},
        {"reporter-type", "CODE", "iati: its code in the list OrganisationType", &iati.reporter_type, NULL},
        {"reporter-name", "TEXT", "iati: its name", &iati.reporter_name, NULL},
        {"reporter-language", "TAG", "iati: the language of its name", &iati.reporter_language, NULL},
    };
    struct args args = {
        .verb = &verb_export, .options = options, .option_count = sizeof options / sizeof options[0]};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (strcmp(format, "iati") == 0) {
        return export_iati(cli, &query, &iati);
    }
    if (strcmp(format, "csv") == 0) {
        return export_csv(cli, &query, &csv);
    }
    if (strcmp(format, "jsonl") != 0) {
        cli_complain("use --format jsonl, --format iati or --format csv",
                     "this version does not write the format '%s'", format);
        return CLI_USAGE;
    }
    struct export export = {0};
    return export_records(cli, &query, &export);
}

const struct verb verb_export = {
    .name = "export",
    .changes = "writes the current records to stdout; changes nothing",
    .synopsis = "[--format jsonl|iati|csv] [--kind K] [--feed ORIGIN] [--mark] [--reporter REF]",
    .help =
        "jsonl: each line is a JSON object with id, feed, revision, kind, published, audience and record.\n"
        "Fields that a newer version has added to a record are unknown here and cannot be written.\n"
        "iati: what IATI cannot carry is told on stderr; contact details are never written.\n"
        "csv: the records of one kind, with id and revision first; 'hanse import' takes the edited table "
        "back.",
    .run = run,
};
