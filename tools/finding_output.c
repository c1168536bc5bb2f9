/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of validation, as import, put, edit and validate print them. */
#include "finding_output.h"

#include <inttypes.h>
#include <string.h>

#include "output.h"

static void finding_json(FILE *out, const char *source, const struct hanse_import_finding *finding)
{
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_text(&json, "severity", finding->severity);
    json_text(&json, "rule", finding->rule);
    json_text(&json, "object", finding->object);
    json_text(&json, "path", finding->path);
    json_text(&json, "message", finding->message);
    json_text(&json, "remedy", finding->remedy);
    json_text(&json, "source", source);
    if (finding->line != 0) {
        json_number(&json, "line", finding->line);
    }
    if (finding->offset != HANSE_NO_OFFSET) {
        json_number(&json, "offset", finding->offset);
    }
    json_end(&json);
}

static void print_part(FILE *out, const char *before, const char *text, const char *after)
{
    if (text != NULL && *text != '\0') {
        (void)fputs(before, out);
        output_text(out, text);
        (void)fputs(after, out);
    }
}

static void finding_text(FILE *out, const char *source, const struct hanse_import_finding *finding)
{
    print_part(out, "", source, ":");
    if (finding->line != 0) {
        (void)fprintf(out, "%" PRIu64 ":", finding->line);
    }
    print_part(out, source != NULL ? " " : "", finding->severity, ":");
    /* An object without a name is its line, which stands there already. */
    if (finding->line == 0 || finding->object == NULL || strncmp(finding->object, "line ", 5) != 0) {
        print_part(out, " ", finding->object, ":");
    }
    print_part(out, " ", finding->path, ":");
    print_part(out, " ", finding->message, "");
    print_part(out, " [", finding->rule, "]");
    if (finding->offset != HANSE_NO_OFFSET) {
        (void)fprintf(out, " at byte %" PRIu64, finding->offset);
    }
    print_part(out, "; ", finding->remedy, "");
    (void)fputc('\n', out);
}

void finding_print(FILE *out, bool json, const char *source, const struct hanse_import_finding *finding)
{
    if (json) {
        finding_json(out, source, finding);
    } else {
        finding_text(out, source, finding);
    }
}

bool finding_tally_add(struct finding_tally *tally, const struct hanse_import_finding *finding)
{
    if (strcmp(finding->severity, "warning") != 0) {
        return true;
    }
    size_t at = 0;
    while (at < tally->count && strcmp(tally->rules[at].name, finding->rule) != 0) {
        at++;
    }
    if (at == FINDING_TALLY_RULES || strlen(finding->rule) >= sizeof tally->rules[0].name) {
        return true;
    }
    if (at == tally->count) {
        (void)snprintf(tally->rules[at].name, sizeof tally->rules[at].name, "%s", finding->rule);
        tally->count++;
    }
    return ++tally->rules[at].seen <= FINDING_TALLY_SHOWN;
}

void finding_tally_print(FILE *out, const struct finding_tally *tally)
{
    for (size_t i = 0; i < tally->count; i++) {
        if (tally->rules[i].seen > FINDING_TALLY_SHOWN) {
            (void)fprintf(out, "warning: %" PRIu64 " more like the %d above [%s]; --json tells each\n",
                          tally->rules[i].seen - FINDING_TALLY_SHOWN, FINDING_TALLY_SHOWN,
                          tally->rules[i].name);
        }
    }
}

static void print_record_finding(void *context, const struct hanse_finding *finding)
{
    struct finding_printer *printer = context;
    const struct hanse_import_finding told = {.severity = finding->severity,
                                              .rule = finding->rule,
                                              .offset = HANSE_NO_OFFSET,
                                              .object = printer->object,
                                              .path = finding->path,
                                              .message = finding->message,
                                              .remedy = finding->remedy};
    finding_print(stderr, printer->json, printer->source, &told);
}

enum hanse_status finding_check(struct finding_printer *printer, const struct hanse_record *record,
                                struct hanse_error *err)
{
    return hanse_record_validate(record, print_record_finding, printer, err);
}
