/* SPDX-License-Identifier: Apache-2.0 */
/* A report as text for people, as JSON and as a sheet. */
#include "report_output.h"

#include <inttypes.h>
#include <string.h>

#include "output.h"

enum { ID_COLUMNS = 4, NAME_COLUMNS = 72, VALUE_COLUMNS = 16 };

void report_number(double number, char out[32])
{
    (void)snprintf(out, 32, "%.6f", number);
    size_t size = strlen(out);
    while (size > 1 && out[size - 1] == '0') {
        size--;
    }
    size -= out[size - 1] == '.' ? 1 : 0;
    out[size] = '\0';
    if (strcmp(out, "-0") == 0) {
        (void)snprintf(out, 32, "0");
    }
}

void report_value(const struct hanse_indicator *indicator, char out[64])
{
    bool is_share = strcmp(indicator->unit, "share") == 0;
    bool is_days = strcmp(indicator->unit, "days") == 0;
    if (!indicator->computable) {
        (void)snprintf(out, 64, "not computable");
    } else if (is_share) {
        (void)snprintf(out, 64, "%.1f %%", indicator->value * 100);
    } else if (is_days) {
        (void)snprintf(out, 64, "%.10g days", indicator->value);
    } else {
        (void)snprintf(out, 64, "%.4g", indicator->value);
    }
}

/* A reason that has just been read is not said again. */
static void print_indicator(FILE *out, const struct hanse_indicator *indicator, const char *last_reason)
{
    char value[64];
    report_value(indicator, value);
    output_column(out, indicator->id, ID_COLUMNS, true);
    output_column(out, indicator->name, NAME_COLUMNS, true);
    (void)fprintf(out, " %*s", VALUE_COLUMNS, value);
    if (indicator->currency[0] != '\0') {
        (void)fprintf(out, "  %s", indicator->currency);
    }
    if (indicator->computable && indicator->denominator > 0 && strcmp(indicator->unit, "share") == 0) {
        (void)fprintf(out, "  (%.10g of %.10g)", indicator->numerator, indicator->denominator);
    }
    (void)fputc('\n', out);
    if (indicator->reason != NULL && indicator->reason != last_reason) {
        (void)fprintf(out, "%*s%s\n", ID_COLUMNS, "", indicator->reason);
    }
}

void report_print(FILE *out, const struct hanse_report *report)
{
    const struct hanse_report_scope *scope = hanse_report_scope(report);
    char as_of[21];
    output_time(scope->as_of_unix_s, as_of);
    (void)fprintf(out, "%-12s", "network");
    output_text(out, scope->network != NULL ? scope->network : "none that records speak of");
    (void)fprintf(out, "\n%-12s%s to %s\n", "time", scope->first_day, scope->last_day);
    (void)fprintf(out, "%-12s%s\n", "as of", as_of);
    (void)fprintf(out, "%-12s%s: %" PRIu64 " public, %" PRIu64 " for members\n", "records", scope->audience,
                  scope->public_records, scope->network_records);
    for (size_t i = 0; i < hanse_report_feed_count(report); i++) {
        const struct hanse_report_feed *feed = hanse_report_feed(report, i);
        (void)fprintf(out, "%-12s", i == 0 ? "checkpoints" : "");
        output_text(out, feed->origin);
        (void)fprintf(out, " at %" PRIu64 "\n", feed->size);
    }
    (void)fputc('\n', out);
    const char *last_reason = NULL;
    for (size_t i = 0; i < hanse_report_indicator_count(report); i++) {
        const struct hanse_indicator *indicator = hanse_report_indicator(report, i);
        print_indicator(out, indicator, last_reason);
        last_reason = indicator->reason;
    }
}

static void json_decimal(struct json *json, const char *name, double number)
{
    char text[32];
    report_number(number, text);
    json_raw(json, name, text);
}

static void json_scope(struct json *json, const struct hanse_report_scope *scope)
{
    json_text(json, "network", scope->network);
    json_text(json, "network_id", scope->network_id);
    json_text(json, "first_day", scope->first_day);
    json_text(json, "last_day", scope->last_day);
    json_time(json, "as_of", scope->as_of_unix_s);
    json_text(json, "audience", scope->audience);
    json_number(json, "public_records", scope->public_records);
    json_number(json, "network_records", scope->network_records);
    json_number(json, "unread_records", scope->unread_records);
}

static void json_feeds(struct json *json, const struct hanse_report *report)
{
    json_open(json, "feeds", '[');
    for (size_t i = 0; i < hanse_report_feed_count(report); i++) {
        const struct hanse_report_feed *feed = hanse_report_feed(report, i);
        json_open(json, NULL, '{');
        json_text(json, "origin", feed->origin);
        json_number(json, "size", feed->size);
        json_hash(json, "root", feed->root);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void json_indicator(struct json *json, const struct hanse_indicator *indicator)
{
    json_open(json, NULL, '{');
    json_text(json, "id", indicator->id);
    json_text(json, "part", indicator->part[0] != '\0' ? indicator->part : NULL);
    json_text(json, "name", indicator->name);
    json_text(json, "unit", indicator->unit);
    json_text(json, "currency", indicator->currency[0] != '\0' ? indicator->currency : NULL);
    if (indicator->computable) {
        json_decimal(json, "value", indicator->value);
    } else {
        json_raw(json, "value", NULL);
    }
    json_text(json, "status", indicator->computable ? "OK" : "NOT_COMPUTABLE");
    json_text(json, "reason", indicator->reason);
    json_text(json, "note", indicator->note);
    json_decimal(json, "numerator", indicator->numerator);
    json_decimal(json, "denominator", indicator->denominator);
    json_number(json, "count", indicator->count);
    json_text(json, "audience", indicator->audience);
    json_open(json, "records", '[');
    for (size_t i = 0; i < indicator->record_count; i++) {
        json_text(json, NULL, indicator->records[i]);
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void json_table(struct json *json, const struct hanse_report_table *table)
{
    json_open(json, NULL, '{');
    json_text(json, "id", table->id);
    json_text(json, "title", table->title);
    json_open(json, "columns", '[');
    for (size_t i = 0; i < table->column_count; i++) {
        json_text(json, NULL, table->columns[i]);
    }
    json_close(json, ']');
    json_open(json, "rows", '[');
    for (size_t row = 0; row < table->row_count; row++) {
        json_open(json, NULL, '[');
        for (size_t i = 0; i < table->column_count; i++) {
            json_text(json, NULL, table->cells[row * table->column_count + i]);
        }
        json_close(json, ']');
    }
    json_close(json, ']');
    json_close(json, '}');
}

void report_json(FILE *out, const struct hanse_report *report)
{
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_scope(&json, hanse_report_scope(report));
    json_feeds(&json, report);
    json_open(&json, "indicators", '[');
    for (size_t i = 0; i < hanse_report_indicator_count(report); i++) {
        json_indicator(&json, hanse_report_indicator(report, i));
    }
    json_close(&json, ']');
    json_open(&json, "tables", '[');
    for (size_t i = 0; i < hanse_report_table_count(report); i++) {
        json_table(&json, hanse_report_table(report, i));
    }
    json_close(&json, ']');
    json_end(&json);
}

static void csv_cell(FILE *out, const char *text, bool is_last)
{
    bool is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool is_quoted = is_formula || strpbrk(text, ",\"\r\n") != NULL;
    (void)fputs(is_quoted ? "\"" : "", out);
    (void)fputs(is_formula ? "'" : "", out);
    for (; *text != '\0'; text++) {
        (void)fputs(*text == '"' ? "\"" : "", out);
        (void)fputc(*text, out);
    }
    (void)fputs(is_quoted ? "\"" : "", out);
    (void)fputs(is_last ? "\r\n" : ",", out);
}

void report_csv(FILE *out, const struct hanse_report *report)
{
    (void)fputs(
        "id,part,name,unit,currency,value,status,reason,numerator,denominator,count,audience,records\r\n",
        out);
    for (size_t i = 0; i < hanse_report_indicator_count(report); i++) {
        const struct hanse_indicator *indicator = hanse_report_indicator(report, i);
        char numbers[3][32];
        report_number(indicator->value, numbers[0]);
        report_number(indicator->numerator, numbers[1]);
        report_number(indicator->denominator, numbers[2]);
        csv_cell(out, indicator->id, false);
        csv_cell(out, indicator->part, false);
        csv_cell(out, indicator->name, false);
        csv_cell(out, indicator->unit, false);
        csv_cell(out, indicator->currency, false);
        /* A negative number is no formula. */
        (void)fprintf(out, "%s,", indicator->computable ? numbers[0] : "");
        csv_cell(out, indicator->computable ? "OK" : "NOT_COMPUTABLE", false);
        csv_cell(out, indicator->reason != NULL ? indicator->reason : "", false);
        (void)fprintf(out, "%s,%s,%" PRIu64 ",", numbers[1], numbers[2], indicator->count);
        csv_cell(out, indicator->audience, false);
        for (size_t k = 0; k < indicator->record_count; k++) {
            (void)fprintf(out, "%s%s", k > 0 ? " " : "", indicator->records[k]);
        }
        (void)fputs("\r\n", out);
    }
}
