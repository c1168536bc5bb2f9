/* SPDX-License-Identifier: Apache-2.0 */
/* A report as text for people, as JSON and as a sheet. */
#ifndef HANSE_TOOLS_REPORT_OUTPUT_H
#define HANSE_TOOLS_REPORT_OUTPUT_H

#include <stdio.h>

#include <hanse/report.h>

void report_print(FILE *out, const struct hanse_report *report);
/* One object on one line: what the report is of, its feeds, indicators and tables. */
void report_json(FILE *out, const struct hanse_report *report);
/* RFC 4180: a line for each indicator. A cell that a spreadsheet would take for a formula is quoted with an
 * apostrophe. */
void report_csv(FILE *out, const struct hanse_report *report);

/* "0.25", "3", "1250000": at most six significant decimals; room for 32. */
void report_number(double number, char out[32]);
/* The value as people read it: "25 %", "12 days"; room for 64. */
void report_value(const struct hanse_indicator *indicator, char out[64]);

#endif
