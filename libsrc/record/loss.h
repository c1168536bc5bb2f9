/* SPDX-License-Identifier: Apache-2.0 */
/* What an import or export could not carry: paths in the foreign format, each with a count. */
#ifndef HANSE_RECORD_LOSS_H
#define HANSE_RECORD_LOSS_H

#include <stdint.h>

#include <hanse/status.h>

struct hanse_loss {
    char *path;
    uint64_t count;
};

/* Sorted by path (bytes). At most HANSE_MAX_LOSS_PATHS paths are told apart, later ones count as "other". */
struct hanse_loss_report {
    struct hanse_loss *items;
    size_t count;
    size_t capacity;
    uint64_t other;
};

void hanse_loss_report_init(struct hanse_loss_report *report);
void hanse_loss_report_release(struct hanse_loss_report *report);

/* One more loss at `path`; a path of more than HANSE_MAX_LOSS_PATH_BYTES counts as "other".
 * HANSE_NO_MEMORY: the report is unchanged. */
HANSE_MUST_CHECK enum hanse_status hanse_loss_report_add(struct hanse_loss_report *report, const char *path,
                                                         uint64_t count, struct hanse_error *err);
/* How often `path` was lost, 0 if never. "other" is what did not fit. */
uint64_t hanse_loss_report_count(const struct hanse_loss_report *report, const char *path);
uint64_t hanse_loss_report_total(const struct hanse_loss_report *report);

#endif
