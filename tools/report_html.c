/* SPDX-License-Identifier: Apache-2.0 */
/* The page: plots with their tables first, then all figures. */
#include "report_html.h"

#include <inttypes.h>
#include <string.h>

#include "output.h"
#include "report_output.h"
#include "report_plot.h"

/* Contrasts of text are above 7 to 1, those of bars above 3 to 1. */
static const char style[] =
    "<style>\n"
    ":root{color-scheme:light}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:1rem;max-width:60rem;font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;"
    "background:#fff}\n"
    "h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}\n"
    "h2{font-size:1.2rem;margin:2.5rem 0 .5rem;border-top:2px solid #1a1a1a;padding-top:.6rem}\n"
    "h3{font-size:1rem;margin:1.2rem 0 .3rem}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0}\n"
    "dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}\n"
    ".wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}\n"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}\n"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid #ccc}\n"
    "td.num,th.num{text-align:right}td.num,.day{white-space:nowrap}\n"
    ".why,.note{color:#4a4a4a;font-size:.9rem}\n"
    ".not{color:#4a4a4a}\n"
    "svg{display:block;width:100%;max-width:30rem;height:auto;margin:.5rem 0;font-size:14px}\n"
    "svg text{fill:#1a1a1a}svg .num{text-anchor:end;font-size:12px}svg .mid{text-anchor:middle}svg "
    ".light{fill:#fff}\n"
    "svg .small{font-size:12px}\n"
    ".back{fill:#e6e6e6;stroke:#767676;stroke-width:.5}.one{fill:#0b4f8a}.two{fill:#a34a00}.pale{fill:#"
    "cfe3f5}\n"
    ".frame{fill:none;stroke:#767676}\n"
    "@media print{body{max-width:none;font-size:10pt}h2{break-after:avoid}svg,tr{break-inside:avoid}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n"
    "</style>\n";

static void definition(FILE *out, const char *term, const char *text)
{
    (void)fprintf(out, "<dt>%s</dt><dd>", term);
    html_text(out, text, 0);
    (void)fputs("</dd>\n", out);
}

static void write_head(FILE *out, const struct hanse_report *report)
{
    const struct hanse_report_scope *scope = hanse_report_scope(report);
    const char *network = scope->network != NULL ? scope->network : "no network";
    char line[160];
    char as_of[21];
    output_time(scope->as_of_unix_s, as_of);
    (void)fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
                out);
    html_text(out, network, 0);
    (void)fprintf(out, ": indicators %s to %s</title>\n%s</head><body>\n<main>\n<h1><bdi>", scope->first_day,
                  scope->last_day, style);
    html_text(out, network, 0);
    (void)fputs("</bdi>: indicators</h1>\n<dl>\n", out);
    (void)snprintf(line, sizeof line, "%s to %s", scope->first_day, scope->last_day);
    definition(out, "Time", line);
    definition(out, "As of", as_of);
    (void)snprintf(line, sizeof line,
                   "%" PRIu64 " public, %" PRIu64 " for members, %" PRIu64 " not readable here",
                   scope->public_records, scope->network_records, scope->unread_records);
    definition(out, "Records", line);
    definition(out, "Audience",
               strcmp(scope->audience, "PUBLIC") == 0
                   ? "everybody: only public records were used"
                   : "members: some figures are made of records for members only");
    (void)fputs("</dl>\n", out);
}

static void write_indicator(FILE *out, const struct hanse_indicator *indicator)
{
    char value[64];
    report_value(indicator, value);
    (void)fprintf(out, "<tr><td>%s</td><td>", indicator->id);
    html_text(out, indicator->name, 0);
    if (indicator->currency[0] != '\0') {
        (void)fputs(", ", out);
        html_text(out, indicator->currency, 0);
    }
    if (indicator->reason != NULL || indicator->note != NULL) {
        (void)fputs("<br><span class=\"why\">", out);
        html_text(out, indicator->reason != NULL ? indicator->reason : indicator->note, 0);
        (void)fputs("</span>", out);
    }
    (void)fprintf(out, "</td><td class=\"num%s\">%s", indicator->computable ? "" : " not",
                  indicator->computable ? value : "not<br>computable");
    if (indicator->computable && indicator->denominator > 0 && strcmp(indicator->unit, "share") == 0) {
        (void)fprintf(out, "<br><span class=\"why\">%.10g of %.10g</span>", indicator->numerator,
                      indicator->denominator);
    }
    (void)fputs("</td></tr>\n", out);
}

/* Families of ids, in the order in which a secretariat would read them. */
static void write_indicators(FILE *out, const struct hanse_report *report)
{
    static const struct {
        char first;
        const char *title;
    } families[] = {
        {'G', "Presidency"},  {'H', "Money"},
        {'M', "Members"},     {'R', "Learning in both ways"},
        {'K', "Replication"}, {'P', "Cooperation"},
        {'S', "Objectives"},  {'D', "Division of work"},
        {'E', "Evaluation"},  {'B', "Commitments"},
        {'A', "Advocacy"},    {'T', "Openness"},
        {'C', "Contacts"},    {'Q', "Ready to be published elsewhere"},
    };
    (void)fputs("<h2>Figures</h2>\n<p class=\"note\">report.csv and report.json name the records behind each "
                "figure.</p>\n",
                out);
    for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
        (void)fprintf(
            out,
            "<table><caption>%s</caption><thead><tr><th>Id</th><th>What</th><th class=\"num\">Value</th>"
            "</tr></thead><tbody>\n",
            families[k].title);
        for (size_t i = 0; i < hanse_report_indicator_count(report); i++) {
            if (hanse_report_indicator(report, i)->id[0] == families[k].first) {
                write_indicator(out, hanse_report_indicator(report, i));
            }
        }
        (void)fputs("</tbody></table>\n", out);
    }
}

/* Every cell of the column is a number, which is set to the right. */
static bool is_numeric(const struct hanse_report_table *table, size_t column)
{
    for (size_t row = 0; row < table->row_count; row++) {
        const char *text = table->cells[row * table->column_count + column];
        if (text[0] == '\0' || text[strspn(text, "-.0123456789e+")] != '\0' ||
            strchr(text + 1, '-') != NULL) {
            return false;
        }
    }
    return true;
}

static void write_table(FILE *out, const struct hanse_report_table *table)
{
    (void)fputs("<h2>", out);
    html_text(out, table->title, 0);
    (void)fputs("</h2>\n", out);
    if (table->row_count == 0) {
        (void)fputs("<p class=\"note\">No record tells of it.</p>\n", out);
        return;
    }
    report_plot(out, table);
    (void)fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"", out);
    html_text(out, table->title, 0);
    (void)fputs(", table\"><table><thead><tr>", out);
    for (size_t i = 0; i < table->column_count; i++) {
        (void)fputs(is_numeric(table, i) ? "<th scope=\"col\" class=\"num\">" : "<th scope=\"col\">", out);
        html_text(out, table->columns[i], 0);
        (void)fputs("</th>", out);
    }
    (void)fputs("</tr></thead><tbody>\n", out);
    for (size_t row = 0; row < table->row_count; row++) {
        (void)fputs("<tr>", out);
        for (size_t i = 0; i < table->column_count; i++) {
            const char *text = table->cells[row * table->column_count + i];
            const char *class = is_numeric(table, i)                   ? " class=\"num\""
                                : strlen(text) == 10 && text[4] == '-' ? " class=\"day\""
                                                                       : "";
            (void)fprintf(out, "<td%s><bdi>", class);
            html_text(out, text, 0);
            (void)fputs("</bdi></td>", out);
        }
        (void)fputs("</tr>\n", out);
    }
    (void)fputs("</tbody></table></div>\n", out);
}

static void write_feeds(FILE *out, const struct hanse_report *report)
{
    (void)fputs("<h2>Made from</h2>\n<p class=\"note\">Each feed with the size and the root of its tree: "
                "with the same "
                "entries anybody gets the same figures.</p>\n<dl>\n",
                out);
    for (size_t i = 0; i < hanse_report_feed_count(report); i++) {
        const struct hanse_report_feed *feed = hanse_report_feed(report, i);
        char root[45];
        output_base64(feed->root, root);
        (void)fputs("<dt>", out);
        html_text(out, feed->origin, 0);
        (void)fprintf(out, "</dt><dd>%" PRIu64 " entries, root %s</dd>\n", feed->size, root);
    }
    (void)fputs("</dl>\n", out);
}

void report_html(FILE *out, const struct hanse_report *report)
{
    write_head(out, report);
    for (size_t i = 0; i < hanse_report_table_count(report); i++) {
        write_table(out, hanse_report_table(report, i));
    }
    write_indicators(out, report);
    write_feeds(out, report);
    (void)fputs("</main>\n</body></html>\n", out);
}
