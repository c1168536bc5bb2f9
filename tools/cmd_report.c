/* SPDX-License-Identifier: Apache-2.0 */
/* hanse report: the indicators. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "args.h"
#include "report_html.h"
#include "report_output.h"
#include "verbs.h"

enum { DAY_S = 86400, MAX_YEAR = 9999 };

struct choices {
    const char *network;
    const char *year;
    const char *as_of;
    const char *language;
    const char *dir;
    bool csv;
    bool public_only;
};

/* A day means its end: what was published on it counts. */
static bool read_options(const struct choices *choices, struct hanse_report_options *out)
{
    uint64_t year = 0;
    *out = (struct hanse_report_options){.version = 1,
                                         .network = choices->network,
                                         .language = choices->language,
                                         .public_only = choices->public_only};
    if (choices->year != NULL && (!args_amount(choices->year, &year) || year > MAX_YEAR)) {
        cli_complain("a year looks like 2026", "'%s' is no year", choices->year);
        return false;
    }
    out->year = (uint32_t)year;
    if (choices->as_of == NULL) {
        return true;
    }
    if (!args_date(choices->as_of, &out->as_of_unix_s)) {
        cli_complain("a day looks like 2026-11-24", "'%s' is no day", choices->as_of);
        return false;
    }
    out->as_of_unix_s += strchr(choices->as_of, 'T') == NULL ? DAY_S - 1 : 0;
    return true;
}

typedef void report_writer(FILE *out, const struct hanse_report *report);

static int write_file(const char *dir, const char *name, report_writer *write,
                      const struct hanse_report *report)
{
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *out = size > 0 && (size_t)size < sizeof path ? fopen(path, "w") : NULL;
    bool is_written = false;
    if (out != NULL) {
        write(out, report);
        is_written = ferror(out) == 0;
        is_written = fclose(out) == 0 && is_written;
    }
    if (!is_written) {
        cli_complain("choose a folder that can be written", "'%s/%s' cannot be written: %s", dir, name,
                     strerror(errno));
        return CLI_FAILED;
    }
    (void)printf("%s\n", path);
    return CLI_DONE;
}

static int write_folder(const char *dir, const struct hanse_report *report)
{
    if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
        cli_complain("its parent must be there", "folder '%s' cannot be made: %s", dir, strerror(errno));
        return CLI_FAILED;
    }
    int code = write_file(dir, "report.html", report_html, report);
    if (code == CLI_DONE) {
        code = write_file(dir, "report.csv", report_csv, report);
    }
    return code == CLI_DONE ? write_file(dir, "report.json", report_json, report) : code;
}

static int show(const struct cli *cli, const struct choices *choices, const struct hanse_report *report)
{
    if (choices->dir != NULL) {
        return write_folder(choices->dir, report);
    }
    if (cli->json) {
        report_json(stdout, report);
    } else if (choices->csv) {
        report_csv(stdout, report);
    } else {
        report_print(stdout, report);
    }
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct choices choices = {.network = NULL};
    const struct args_option options[] = {
        {"network", "N", "full name, code, name or acronym; needed where records speak of several",
         &choices.network, NULL},
        {"year", "Y", "the calendar year to look at; the twelve months up to the day if not given",
         &choices.year, NULL},
        {"as-of", "DATE", "as it stood at the end of that day", &choices.as_of, NULL},
        {"lang", "L", "language of the names of cities, if they have it; en if not given", &choices.language,
         NULL},
        {"out", "DIR", "write report.html, report.csv and report.json into a folder", &choices.dir, NULL},
        {"csv", NULL, "print a line for each figure, for a spreadsheet", NULL, &choices.csv},
        {"public", NULL, "leave out what only members may see", NULL, &choices.public_only},
    };
    struct args args = {
        .verb = &verb_report, .options = options, .option_count = sizeof options / sizeof *options};
    struct hanse_report_options wanted;
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (!read_options(&choices, &wanted)) {
        return CLI_USAGE;
    }
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_report *report = NULL;
    struct hanse_error err;
    enum hanse_status status = hanse_report_make(node, &wanted, &report, &err);
    if (status != HANSE_OK) {
        return cli_fail_reading(&err, status == HANSE_INVALID_ARGUMENT && choices.network == NULL
                                          ? "choose one with --network, or another --year"
                                          : NULL);
    }
    code = show(cli, &choices, report);
    hanse_report_free(report);
    return code;
}

const struct verb verb_report = {
    .name = "report",
    .changes = "computes indicators from the records held here; changes nothing",
    .synopsis = "[--network N] [--year Y] [--as-of DATE] [--lang L] [--out DIR]",
    .help =
        "Who presides and for how long, where the money comes from, who learns from whom, whether what was\n"
        "done is evaluated, and more: docs/indicators.md has each formula. A figure that the records do not\n"
        "allow says why. With --json, and in the files of --out, each stands with the records behind it.",
    .run = run,
};
