/* SPDX-License-Identifier: Apache-2.0 */
/* Making a report: every feed is read as it stood, then the indicators are computed. */
#include <hanse/report.h>

#include "base/clock.h"
#include "base/error.h"
#include "node/query/report_feed.h"

static enum hanse_status read_feed(void *context, const struct hanse_index_feed *feed,
                                   struct hanse_error *err)
{
    return hanse_report_feed_read(context, feed->origin, err);
}

static enum hanse_status make(struct hanse_node *node, const struct hanse_report_options *options,
                              struct hanse_report *report, struct hanse_error *err)
{
    uint64_t day_unix_s = options->as_of_unix_s != 0 ? options->as_of_unix_s : hanse_clock_unix_s();
    struct hanse_report_reading reading = {.node = node,
                                           .report = report,
                                           .until_unix_s = options->as_of_unix_s != 0 ? options->as_of_unix_s
                                                                                      : UINT64_MAX,
                                           .public_only = options->public_only};
    enum hanse_status status = hanse_index_feed_list(node->index, read_feed, &reading, err);
    hanse_open_feed_close(&reading.open);
    report->scope.as_of_unix_s = day_unix_s;
    if (status != HANSE_OK)
        return status;
    return hanse_report_end(report, options->network, options->year, hanse_day_of_unix(day_unix_s), err);
}

enum hanse_status hanse_report_make(struct hanse_node *node, const struct hanse_report_options *options,
                                    struct hanse_report **out, struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    struct hanse_report *report;
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of report need version 1");
    enum hanse_status status =
        hanse_report_new(options->language != NULL ? options->language : "en", &report, err);
    if (status != HANSE_OK)
        return status;
    status = make(node, options, report, err);
    if (status != HANSE_OK) {
        hanse_report_free(report);
        return status;
    }
    *out = report;
    return HANSE_OK;
}
