/* SPDX-License-Identifier: Apache-2.0 */
/* Standing ties: whether they are what CLAIR counts as sister cities, and whether anything happens. */
#include <string.h>

#include "report/figures.h"

enum {
    KIND_SISTER_CITY = 1,
    STATUS_ACTIVE = 2,
    EXCHANGE_HELD = 2,
    SUPPORT_COUNCIL_BUDGET = 3,
    QUIET_MONTHS = 24,
    CRITERIA = 3
};

static bool is_in_force(const struct hanse_maker *maker, const struct hanse_fact *instrument)
{
    return instrument != NULL && instrument->main.date != 0 && instrument->main.date <= maker->last &&
           (instrument->main.end == 0 || instrument->main.end >= maker->last);
}

static bool has_agreement(struct hanse_maker *maker, const struct hanse_fact *tie,
                          struct hanse_figure *figure)
{
    for (size_t i = 0; i < tie->part_count; i++) {
        if (tie->parts[i].tag != HANSE_PART_INSTRUMENT)
            continue;
        const struct hanse_fact *instrument =
            hanse_facts_find(maker->facts, HANSE_KIND_LEGAL_INSTRUMENT, tie->parts[i].subject);
        hanse_figure_cite(figure, instrument);
        if (is_in_force(maker, instrument))
            return true;
    }
    return false;
}

static bool has_fields(const struct hanse_fact *tie)
{
    const char *first = NULL;
    for (size_t i = 0; i < tie->part_count; i++) {
        if (tie->parts[i].tag != HANSE_PART_FIELD)
            continue;
        if (first != NULL && strcmp(first, tie->parts[i].code) != 0)
            return true;
        first = tie->parts[i].code;
    }
    return false;
}

/* A budget for the tie that was approved in the time, or holds in it. */
static bool has_budget(struct hanse_maker *maker, const struct hanse_fact *tie, struct hanse_figure *figure)
{
    struct hanse_fact_list list =
        hanse_facts_about(maker->facts, HANSE_KIND_INSTITUTIONAL_SUPPORT, tie->self);
    for (size_t i = 0; i < list.count; i++) {
        const struct hanse_facet *support = &list.items[i]->main;
        bool holds = support->start != 0 && support->start <= maker->last &&
                     (support->end == 0 || support->end >= maker->first);
        if (support->type != SUPPORT_COUNCIL_BUDGET ||
            (!holds && !hanse_maker_in_window(maker, support->date)))
            continue;
        hanse_figure_cite(figure, list.items[i]);
        return true;
    }
    return false;
}

static bool is_active(const struct hanse_maker *maker, const struct hanse_fact *tie)
{
    return tie->main.status == STATUS_ACTIVE && hanse_maker_is_of_members(maker, tie);
}

static void count_sister_cities(struct hanse_maker *maker)
{
    struct hanse_figure mean = hanse_figure_of(
        maker, "P1", "", "of agreement, several fields and council budget, sister ties have in the mean",
        "number");
    struct hanse_figure full =
        hanse_figure_of(maker, "P1", "all-three", "sister ties that have all three", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_COOPERATION);
    size_t ties = 0;
    size_t points = 0;
    size_t with_all = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct hanse_fact *tie = list.items[i];
        if (tie->main.type != KIND_SISTER_CITY || !is_active(maker, tie))
            continue;
        size_t own = (has_agreement(maker, tie, &mean) ? 1u : 0u) + (has_fields(tie) ? 1u : 0u) +
                     (has_budget(maker, tie, &mean) ? 1u : 0u);
        ties++;
        points += own;
        with_all += own == CRITERIA ? 1 : 0;
        hanse_figure_cite(&mean, tie);
        hanse_figure_cite(&full, tie);
    }
    static const char reason[] = "no Cooperation record is of an active sister tie";
    hanse_figure_ratio(&mean, (double)points, (double)ties, ties, reason);
    hanse_figure_ratio(&full, (double)with_all, (double)ties, ties, reason);
}

static bool is_quiet(const struct hanse_maker *maker, const struct hanse_fact *tie)
{
    int32_t since = hanse_day_add_months(maker->last, -QUIET_MONTHS);
    struct hanse_fact_list list = hanse_facts_about(maker->facts, HANSE_KIND_EXCHANGE, tie->self);
    for (size_t i = 0; i < list.count; i++) {
        const struct hanse_facet *exchange = &list.items[i]->main;
        int32_t day = exchange->end != 0 ? exchange->end : exchange->start;
        if (exchange->status == EXCHANGE_HELD && day > since && day <= maker->last)
            return false;
    }
    return tie->main.date <= since;
}

static void count_quiet(struct hanse_maker *maker)
{
    struct hanse_figure quiet = hanse_figure_of(
        maker, "P2", "", "active cooperation in which nothing happened for 24 months", "share");
    struct hanse_figure review = hanse_figure_of(maker, "P2", "review-passed",
                                                 "active cooperation past the day of its review", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_COOPERATION);
    size_t active = 0;
    size_t still = 0;
    size_t passed = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (!is_active(maker, list.items[i]))
            continue;
        active++;
        still += is_quiet(maker, list.items[i]) ? 1 : 0;
        passed += list.items[i]->main.due != 0 && list.items[i]->main.due < maker->last ? 1 : 0;
        hanse_figure_cite(&quiet, list.items[i]);
        hanse_figure_cite(&review, list.items[i]);
    }
    static const char reason[] = "no Cooperation record is of an active tie";
    hanse_figure_ratio(&quiet, (double)still, (double)active, active, reason);
    hanse_figure_ratio(&review, (double)passed, (double)active, active, reason);
}

void hanse_figures_cooperation(struct hanse_maker *maker)
{
    count_sister_cities(maker);
    count_quiet(maker);
}
