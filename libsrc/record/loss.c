/* SPDX-License-Identifier: Apache-2.0 */
/* A sorted array: few distinct paths, many additions, read in order. */
#include "record/loss.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"

enum { FIRST_CAPACITY = 32 };
static const char OTHER[] = "other";

void hanse_loss_report_init(struct hanse_loss_report *report)
{
    *report = (struct hanse_loss_report){0};
}

void hanse_loss_report_release(struct hanse_loss_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        hanse_free(report->items[i].path);
    hanse_free(report->items);
    hanse_loss_report_init(report);
}

/* Position of `path`, or where it would be inserted. */
static size_t position_of(const struct hanse_loss_report *report, const char *path, bool *out_found)
{
    size_t low = 0;
    size_t high = report->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(report->items[middle].path, path);
        if (order == 0) {
            *out_found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *out_found = false;
    return low;
}

static enum hanse_status make_room(struct hanse_loss_report *report, struct hanse_error *err)
{
    if (report->count < report->capacity)
        return HANSE_OK;
    size_t capacity = report->capacity > 0 ? report->capacity * 2 : FIRST_CAPACITY;
    struct hanse_loss *grown = hanse_realloc(report->items, capacity * sizeof *grown);
    if (grown == NULL)
        return hanse_fail_memory(err);
    report->items = grown;
    report->capacity = capacity;
    return HANSE_OK;
}

static enum hanse_status insert(struct hanse_loss_report *report, size_t at, const char *path, uint64_t count,
                                struct hanse_error *err)
{
    enum hanse_status status = make_room(report, err);
    if (status != HANSE_OK)
        return status;
    char *copy = hanse_strdup(path);
    if (copy == NULL)
        return hanse_fail_memory(err);
    memmove(report->items + at + 1, report->items + at, (report->count - at) * sizeof *report->items);
    report->items[at] = (struct hanse_loss){.path = copy, .count = count};
    report->count++;
    return HANSE_OK;
}

enum hanse_status hanse_loss_report_add(struct hanse_loss_report *report, const char *path, uint64_t count,
                                        struct hanse_error *err)
{
    bool found;
    size_t at = position_of(report, path, &found);
    if (found) {
        report->items[at].count += count;
        return HANSE_OK;
    }
    if (report->count == HANSE_MAX_LOSS_PATHS || strlen(path) > HANSE_MAX_LOSS_PATH_BYTES) {
        report->other += count;
        return HANSE_OK;
    }
    return insert(report, at, path, count, err);
}

uint64_t hanse_loss_report_count(const struct hanse_loss_report *report, const char *path)
{
    bool found;
    size_t at = position_of(report, path, &found);
    if (found)
        return report->items[at].count;
    return strcmp(path, OTHER) == 0 ? report->other : 0;
}

uint64_t hanse_loss_report_total(const struct hanse_loss_report *report)
{
    uint64_t total = report->other;
    for (size_t i = 0; i < report->count; i++)
        total += report->items[i].count;
    return total;
}
