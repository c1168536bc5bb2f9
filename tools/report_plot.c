/* SPDX-License-Identifier: Apache-2.0 */
/* Bars, a time line and a matrix. */
#include "report_plot.h"

#include <stdlib.h>
#include <string.h>

#include "output.h"

enum { WIDTH = 400, ROW = 44, LABEL_COLUMNS = 22, MAX_ROWS = 40, MAX_CITIES = 12, CELL = 34, MARGIN = 26 };

void html_text(FILE *out, const char *text, size_t columns)
{
    char *shown = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&shown, &size);
    if (memory == NULL) {
        return;
    }
    if (columns > 0) {
        output_column(memory, text, columns, false);
    } else {
        output_text(memory, text);
    }
    bool is_whole = fclose(memory) == 0;
    for (const char *c = is_whole ? shown : ""; *c != '\0'; c++) {
        const char *escaped = *c == '&'   ? "&amp;"
                              : *c == '<' ? "&lt;"
                              : *c == '>' ? "&gt;"
                              : *c == '"' ? "&quot;"
                                          : NULL;
        if (escaped != NULL) {
            (void)fputs(escaped, out);
        } else {
            (void)fputc(*c, out);
        }
    }
    free(shown);
}

static const char *cell(const struct hanse_report_table *table, size_t row, size_t column)
{
    return table->cells[row * table->column_count + column];
}

static double number(const struct hanse_report_table *table, size_t row, size_t column)
{
    return strtod(cell(table, row, column), NULL);
}

static size_t shown_rows(const struct hanse_report_table *table)
{
    return table->row_count < MAX_ROWS ? table->row_count : MAX_ROWS;
}

static void open_svg(FILE *out, const struct hanse_report_table *table, size_t height)
{
    (void)fprintf(out, "<svg viewBox=\"0 0 %d %zu\" role=\"img\" aria-label=\"", WIDTH, height);
    html_text(out, table->title, 0);
    (void)fputs("; the table below has the numbers\">\n", out);
}

static void close_svg(FILE *out, const struct hanse_report_table *table, size_t shown)
{
    (void)fputs("</svg>\n", out);
    if (shown < table->row_count) {
        (void)fprintf(out, "<p class=\"note\">The first %zu of %zu; the table has all.</p>\n", shown,
                      table->row_count);
    }
}

/* The line of text above a bar: what it is on the left, how much on the right. */
static void label(FILE *out, size_t row, const char *name, const char *value)
{
    (void)fprintf(out, "<text x=\"0\" y=\"%zu\">", row * ROW + 16);
    html_text(out, name, LABEL_COLUMNS);
    (void)fprintf(out, "</text><text class=\"num\" x=\"%d\" y=\"%zu\">", WIDTH, row * ROW + 16);
    html_text(out, value, 0);
    (void)fputs("</text>\n", out);
}

static void bar(FILE *out, size_t row, const char *class, double from, double share)
{
    (void)fprintf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%zu\" width=\"%.1f\" height=\"14\"/>\n", class,
                  from * WIDTH, row * ROW + 22, share * WIDTH);
}

/* "2024-03-01" as a number that grows evenly enough for a picture. */
static double time_of(const char *day)
{
    int year = 0;
    int month = 1;
    int of_month = 1;
    (void)sscanf(day, "%d-%d-%d", &year, &month, &of_month);
    return year + (month - 1) / 12.0 + (of_month - 1) / 372.0;
}

static void plot_rotation(FILE *out, const struct hanse_report_table *table)
{
    size_t rows = shown_rows(table);
    double first = time_of(cell(table, 0, 1));
    double last = first + 0.1;
    for (size_t i = 0; i < rows; i++) {
        double end = cell(table, i, 2)[0] != '\0'
                         ? time_of(cell(table, i, 2))
                         : time_of(cell(table, i, 1)) + number(table, i, 3) / 365.2425;
        last = end > last ? end : last;
    }
    open_svg(out, table, rows * ROW + 20);
    for (size_t i = 0; i < rows; i++) {
        char span[64];
        double start = time_of(cell(table, i, 1));
        bool goes_on = cell(table, i, 2)[0] == '\0';
        (void)snprintf(span, sizeof span, "%.10s \xE2\x80\x93 %.10s", cell(table, i, 1),
                       goes_on ? "today" : cell(table, i, 2));
        label(out, i, cell(table, i, 0), span);
        bar(out, i, "back", 0, 1);
        bar(out, i, i % 2 == 0 ? "one" : "two", (start - first) / (last - first),
            number(table, i, 3) / 365.2425 / (last - first));
    }
    (void)fprintf(out,
                  "<text x=\"0\" y=\"%zu\">%.4s</text><text class=\"num\" x=\"%d\" y=\"%zu\">%d</text>\n",
                  rows * ROW + 14, cell(table, 0, 1), WIDTH, rows * ROW + 14, (int)last);
    close_svg(out, table, rows);
}

static double most_of(const struct hanse_report_table *table, size_t column)
{
    double most = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        most = number(table, i, column) > most ? number(table, i, column) : most;
    }
    return most > 0 ? most : 1;
}

static void plot_funding(FILE *out, const struct hanse_report_table *table)
{
    size_t rows = shown_rows(table);
    open_svg(out, table, rows * ROW);
    for (size_t i = 0; i < rows; i++) {
        char value[96];
        double share = number(table, i, 3);
        (void)snprintf(value, sizeof value, "%.1f %%, %s %s", share * 100, cell(table, i, 2),
                       cell(table, i, 1));
        label(out, i, cell(table, i, 0), value);
        bar(out, i, "back", 0, 1);
        bar(out, i, "one", 0, share > 0 && share < 1 ? share : share >= 1 ? 1 : 0);
    }
    close_svg(out, table, rows);
}

/* Bars of one column; what the next one says stands beside the number. */
static void plot_counts(FILE *out, const struct hanse_report_table *table, size_t column, const char *what,
                        const char *yes, const char *no)
{
    size_t rows = shown_rows(table);
    double most = most_of(table, column);
    open_svg(out, table, rows * ROW);
    for (size_t i = 0; i < rows; i++) {
        char value[128];
        bool is_yes = strcmp(cell(table, i, column + 1), "yes") == 0;
        const char *remark = is_yes ? yes : no;
        (void)snprintf(value, sizeof value, "%s %s%s%s", cell(table, i, column), what,
                       remark[0] != '\0' ? ", " : "", remark);
        label(out, i, cell(table, i, 0), value);
        bar(out, i, "back", 0, 1);
        bar(out, i, is_yes ? "one" : "two", 0, number(table, i, column) / most);
    }
    close_svg(out, table, rows);
}

static void plot_evaluation(FILE *out, const struct hanse_report_table *table)
{
    size_t rows = shown_rows(table);
    double most = most_of(table, 1);
    open_svg(out, table, rows * ROW);
    for (size_t i = 0; i < rows; i++) {
        char value[96];
        (void)snprintf(value, sizeof value, "%s of %s evaluated", cell(table, i, 2), cell(table, i, 1));
        label(out, i, cell(table, i, 0), value);
        bar(out, i, "back", 0, number(table, i, 1) / most);
        bar(out, i, "one", 0, number(table, i, 2) / most);
    }
    close_svg(out, table, rows);
}

/* Cities in the order in which the table names them. */
static size_t city_at(const char **cities, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(cities[i], name) == 0) {
            return i;
        }
    }
    if (*count == MAX_CITIES) {
        return MAX_CITIES;
    }
    cities[*count] = name;
    return (*count)++;
}

/* Rows give, columns learn; numbers name the columns. */
static void plot_flows(FILE *out, const struct hanse_report_table *table)
{
    const char *cities[MAX_CITIES];
    size_t count = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        (void)city_at(cities, &count, cell(table, i, 0));
        (void)city_at(cities, &count, cell(table, i, 1));
    }
    size_t size = (WIDTH - 150) / (count > 0 ? count : 1);
    size = size < CELL ? size : CELL;
    double most = most_of(table, 2);
    open_svg(out, table, MARGIN + count * size + 6);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "<text x=\"0\" y=\"%zu\">%zu ", MARGIN + i * size + size * 2 / 3, i + 1);
        html_text(out, cities[i], 15);
        (void)fprintf(out, "</text><text class=\"mid\" x=\"%zu\" y=\"16\">%zu</text>\n",
                      150 + i * size + size / 2, i + 1);
    }
    (void)fprintf(out, "<rect class=\"frame\" x=\"150\" y=\"%d\" width=\"%zu\" height=\"%zu\"/>\n", MARGIN,
                  count * size, count * size);
    for (size_t i = 0; i < table->row_count; i++) {
        size_t from = city_at(cities, &count, cell(table, i, 0));
        size_t to = city_at(cities, &count, cell(table, i, 1));
        if (from == MAX_CITIES || to == MAX_CITIES) {
            continue;
        }
        double days = number(table, i, 2);
        char shown[32];
        (void)snprintf(shown, sizeof shown, size < CELL ? "%.0f" : "%.4g", days);
        bool is_dark = days > most / 2;
        (void)fprintf(out,
                      "<rect class=\"%s\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%zu\"/>"
                      "<text class=\"mid small%s\" x=\"%zu\" y=\"%zu\">%s</text>\n",
                      is_dark ? "one" : "pale", 150 + to * size + 1, MARGIN + from * size + 1, size - 2,
                      size - 2, is_dark ? " light" : "", 150 + to * size + size / 2,
                      MARGIN + from * size + size * 2 / 3, shown);
    }
    (void)fputs(
        "</svg>\n<p class=\"note\">Person-days; rows give, columns learn. A field without a number has "
        "no flow.</p>\n",
        out);
}

void report_plot(FILE *out, const struct hanse_report_table *table)
{
    if (table->row_count == 0) {
        return;
    }
    if (strcmp(table->id, "rotation") == 0) {
        plot_rotation(out, table);
    } else if (strcmp(table->id, "funding") == 0) {
        plot_funding(out, table);
    } else if (strcmp(table->id, "flows") == 0) {
        plot_flows(out, table);
    } else if (strcmp(table->id, "evaluation") == 0) {
        plot_evaluation(out, table);
    } else if (strcmp(table->id, "contacts") == 0) {
        plot_counts(out, table, 1, "contacts", "two departments", "single point of failure");
    } else if (strcmp(table->id, "members") == 0) {
        plot_counts(out, table, 3, "activities", "gives", "");
    }
}
