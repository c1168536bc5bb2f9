/* SPDX-License-Identifier: Apache-2.0 */
/* Targets that cities declared before the network, and whether they are on their way there. */
#include "report/figures.h"

#include "base/bytes.h"

enum { KIND_ACTION = 5, DECIMALS = 6, MILLION = 1000000 };

static const char none_declared[] = "no Commitment record was declared before the network";

static bool read_number(const char *text, double *out)
{
    int64_t millionths;
    if (!hanse_scaled_read(hanse_bytes_of_text(text), DECIMALS, &millionths))
        return false;
    *out = (double)millionths / MILLION;
    return true;
}

/* The newest progress with a number, until the last day. */
static const struct hanse_fact *find_progress(const struct hanse_maker *maker,
                                              const struct hanse_fact *commitment)
{
    struct hanse_fact_list list =
        hanse_facts_about(maker->facts, HANSE_KIND_PROGRESS_REPORT, commitment->self);
    const struct hanse_fact *found = NULL;
    double number;
    for (size_t i = 0; i < list.count; i++)
        if (read_number(list.items[i]->main.code, &number) && list.items[i]->published <= maker->last &&
            (found == NULL || list.items[i]->main.start > found->main.start))
            found = list.items[i];
    return found;
}

struct way {
    double baseline;
    double target;
    double actual;
    double elapsed; /* years from the baseline to the report */
    double total;   /* years from the baseline to the target */
};

static bool read_way(const struct hanse_fact *commitment, const struct hanse_fact *progress, struct way *way)
{
    const struct hanse_facet *main = &commitment->main;
    int32_t change = (int32_t)main->status;
    if (main->type == KIND_ACTION || !read_number(main->code, &way->baseline) ||
        !read_number(progress->main.code, &way->actual))
        return false;
    if (!read_number(main->text, &way->target)) {
        if (change == 0)
            return false;
        way->target = way->baseline * (1 + (double)change / MILLION);
    }
    way->elapsed = (double)progress->main.start - main->start;
    way->total = (double)main->end - main->start;
    return way->total > 0 && way->elapsed >= 0 &&
           (way->baseline > way->target || way->baseline < way->target);
}

static bool is_on_track(const struct way *way)
{
    double share = way->elapsed < way->total ? way->elapsed / way->total : 1;
    return (way->baseline - way->actual) / (way->baseline - way->target) >= share - 1e-9;
}

/* Reports that were due in the window, one each so many months after the declaration. */
static size_t count_due(const struct hanse_maker *maker, const struct hanse_fact *commitment)
{
    size_t due = 0;
    int32_t start = commitment->main.date;
    int64_t months = commitment->main.number;
    if (start == 0 || months <= 0 || months > 1200)
        return 0;
    for (int64_t at = months; at < 2400; at += months) {
        int32_t day = hanse_day_add_months(start, (int)at);
        if (day == 0 || day > maker->last || hanse_day_year(day) > (int)commitment->main.end)
            break;
        due += day >= maker->first ? 1 : 0;
    }
    return due;
}

static size_t count_received(const struct hanse_maker *maker, const struct hanse_fact *commitment,
                             struct hanse_figure *figure)
{
    struct hanse_fact_list list =
        hanse_facts_about(maker->facts, HANSE_KIND_PROGRESS_REPORT, commitment->self);
    size_t received = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct hanse_fact *report = list.items[i];
        int32_t day = report->main.due != 0 ? report->main.due : report->published;
        if (report->published > maker->last || !hanse_maker_in_window(maker, day))
            continue;
        received++;
        hanse_figure_cite(figure, report);
    }
    return received;
}

void hanse_figures_commitment(struct hanse_maker *maker)
{
    struct hanse_figure track =
        hanse_figure_of(maker, "B1", "", "commitments that are on their way to the target in time", "share");
    struct hanse_figure reports =
        hanse_figure_of(maker, "B2", "", "progress reports received, of those that were due", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_COMMITMENT);
    size_t declared = 0;
    size_t measured = 0;
    size_t on_track = 0;
    size_t all_due = 0;
    size_t all_received = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct hanse_fact *commitment = list.items[i];
        const struct hanse_fact *progress = find_progress(maker, commitment);
        struct way way;
        if (commitment->main.network != maker->network)
            continue;
        declared++;
        if (progress != NULL && read_way(commitment, progress, &way)) {
            measured++;
            on_track += is_on_track(&way) ? 1 : 0;
            hanse_figure_cite(&track, commitment);
            hanse_figure_cite(&track, progress);
        }
        size_t due = count_due(maker, commitment);
        if (due == 0)
            continue;
        hanse_figure_cite(&reports, commitment);
        size_t received = count_received(maker, commitment, &reports);
        all_due += due;
        all_received += received < due ? received : due;
    }
    hanse_figure_ratio(&track, (double)on_track, (double)measured, declared,
                       declared == 0 ? none_declared
                                     : "no commitment has numbers for baseline, target and progress");
    hanse_figure_ratio(&reports, (double)all_received, (double)all_due, declared,
                       declared == 0 ? none_declared : "no report was due in the time");
}
