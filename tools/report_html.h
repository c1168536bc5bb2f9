/* SPDX-License-Identifier: Apache-2.0 */
/* A report as one page that needs nothing else: no script, no other file. */
#ifndef HANSE_TOOLS_REPORT_HTML_H
#define HANSE_TOOLS_REPORT_HTML_H

#include <stdio.h>

#include <hanse/report.h>

void report_html(FILE *out, const struct hanse_report *report);

#endif
