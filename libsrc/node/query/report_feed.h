/* SPDX-License-Identifier: Apache-2.0 */
/* The records of one feed as they stood at a time, read into a report. */
#ifndef HANSE_NODE_QUERY_REPORT_FEED_H
#define HANSE_NODE_QUERY_REPORT_FEED_H

#include "node/held_item.h"
#include "report/report.h"

struct hanse_report_reading {
    struct hanse_node *node;
    struct hanse_report *report;
    struct hanse_open_feed open; /* to be closed at the end */
    uint64_t until_unix_s;       /* entries published until then */
    bool public_only;
};

/* Takes the newest revision of every record among the valid entries published until then, unless that is a
 * withdrawal; and the feed with the tree of the entries up to the last of them. Where the feed goes on in
 * another that is held here, records of both are one. HANSE_MISMATCH and the other errors of
 * hanse_held_item_fill and of the index. */
HANSE_MUST_CHECK enum hanse_status hanse_report_feed_read(struct hanse_report_reading *reading,
                                                          const char *origin, struct hanse_error *err);

#endif
