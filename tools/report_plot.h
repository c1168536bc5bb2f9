/* SPDX-License-Identifier: Apache-2.0 */
/* Plots of a report's tables, as SVG within a page. What a plot shows stands in its text too: colour alone
 * says nothing. */
#ifndef HANSE_TOOLS_REPORT_PLOT_H
#define HANSE_TOOLS_REPORT_PLOT_H

#include <stdio.h>

#include <hanse/report.h>

/* Text between tags or in an attribute: cut to `columns` (0: not at all), escaped, and with what could change
 * direction or steer shown as a code. */
void html_text(FILE *out, const char *text, size_t columns);

/* The plot of a table, by its id; nothing for one without rows. */
void report_plot(FILE *out, const struct hanse_report_table *table);

#endif
