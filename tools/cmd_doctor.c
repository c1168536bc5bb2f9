/* SPDX-License-Identifier: Apache-2.0 */
/* hanse doctor: why does it not work? */
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include <hanse/doctor.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

struct consultation {
    const struct cli *cli;
    uint64_t errors;
    uint64_t warnings;
};

static void print_json(const struct hanse_doctor_finding *finding)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "severity", finding->severity);
    json_text(&json, "rule", finding->rule);
    json_text(&json, "object", finding->object);
    json_text(&json, "path", finding->path);
    json_text(&json, "message", finding->message);
    json_text(&json, "remedy", finding->remedy);
    json_end(&json);
}

static void print_text(const struct hanse_doctor_finding *finding)
{
    (void)printf("%s [%s] ", finding->severity, finding->rule);
    output_text(stdout, finding->object);
    if (finding->path[0] != '\0' && strcmp(finding->path, finding->object) != 0) {
        (void)fputs(": ", stdout);
        output_text(stdout, finding->path);
    }
    (void)fputs("\n  ", stdout);
    output_text(stdout, finding->message);
    (void)fputs("\n  -> ", stdout);
    output_text(stdout, finding->remedy);
    (void)fputc('\n', stdout);
}

static void visit(void *context, const struct hanse_doctor_finding *finding)
{
    struct consultation *consultation = context;
    if (strcmp(finding->severity, "error") == 0) {
        consultation->errors++;
    } else {
        consultation->warnings++;
    }
    if (consultation->cli->json) {
        print_json(finding);
    } else {
        print_text(finding);
    }
    /* What comes next may take a while. */
    (void)fflush(stdout);
}

static void print_end(const struct consultation *consultation)
{
    if (consultation->errors == 0 && consultation->warnings == 0) {
        (void)puts("nothing is wrong");
        return;
    }
    output_count(stdout, consultation->errors, "error", "errors");
    (void)fputs(", ", stdout);
    output_count(stdout, consultation->warnings, "warning", "warnings");
    (void)puts(consultation->errors > 1 ? "; mend the first error first, then run doctor again" : "");
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct consultation consultation = {.cli = cli};
    struct hanse_doctor_options doctor_options = {.version = 1, .visit = visit, .context = &consultation};
    const struct args_option options[] = {
        {"offline", NULL, "ask no server of the feeds that you follow", NULL, &doctor_options.offline},
        {"tls-cert", "F", "the certificate that you give to serve", &doctor_options.tls_cert, NULL},
        {"tls-key", "F", "its key", &doctor_options.tls_key, NULL},
    };
    struct args args = {.verb = &verb_doctor, .options = options, .option_count = 3};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if ((doctor_options.tls_cert == NULL) != (doctor_options.tls_key == NULL)) {
        cli_complain("give both --tls-cert and --tls-key, or neither",
                     "one of certificate and key is missing");
        return CLI_USAGE;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    struct hanse_error err;
    if (hanse_doctor(cli->dir, &doctor_options, &err) != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    if (!cli->json) {
        print_end(&consultation);
    }
    return consultation.errors > 0 ? CLI_FAILED : CLI_DONE;
}

const struct verb verb_doctor = {
    .name = "doctor",
    .changes = "looks for what keeps this node from working, and says how to mend it; changes nothing",
    .synopsis = "[--offline] [--tls-cert F --tls-key F]",
    .help =
        "Looks at the node's format, the clock, the disk, permissions, databases, keys, whether this is the "
        "newest\n"
        "copy, the certificate of serve, and the way to each feed that you follow. The first error is the "
        "one "
        "to\n"
        "mend first. Exit code 0: no error (there may be warnings), 1: something is wrong.",
    .run = run,
};
