/* SPDX-License-Identifier: Apache-2.0 */
/* A report from its facts. Pure: whoever has records can make one. */
#ifndef HANSE_REPORT_REPORT_H
#define HANSE_REPORT_REPORT_H

#include "report/maker.h"

struct hanse_report {
    struct hanse_facts facts; /* owns all memory of the report */
    struct hanse_maker maker;
    struct hanse_report_scope scope;
    struct hanse_report_feed *feeds;
    size_t feed_count;
    size_t feed_capacity;
};

/* `language` must outlive the report's making. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_report_new(const char *language, struct hanse_report **out,
                                                    struct hanse_error *err);
/* A feed whose entries were read; the origin is copied. */
void hanse_report_add_feed(struct hanse_report *report, const char *origin, uint64_t size,
                           const uint8_t root[32]);
/* After all facts and feeds: chooses the network and computes. `last`: day of the report. Errors of
 * hanse_report_make but those of reading. */
HANSE_MUST_CHECK enum hanse_status hanse_report_end(struct hanse_report *report, const char *network,
                                                    uint32_t year, int32_t last, struct hanse_error *err);

#endif
