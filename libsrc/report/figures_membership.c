/* SPDX-License-Identifier: Apache-2.0 */
/* Members: who is active, who gives, who comes and goes, what they get. */
#include <stdlib.h>

#include "report/figures.h"

enum { SERVICE_FINANCIAL = 4, SERVICE_POLITICAL = 5 };

static const char no_members[] = "no Membership record names a member on the last day";
static const char no_start[] = "no Membership record names a member on the day before the first";

static size_t count_members(const struct hanse_maker *maker)
{
    size_t count = 0;
    for (size_t i = 0; i < maker->member_count; i++)
        count += maker->members[i].is_member ? 1 : 0;
    return count;
}

static void count_active(struct hanse_maker *maker)
{
    struct hanse_figure active =
        hanse_figure_of(maker, "M1", "", "members that were active in the last 24 months", "share");
    struct hanse_figure givers = hanse_figure_of(
        maker, "M2", "", "active members from which others learned or that published a practice", "share");
    size_t acting = 0;
    size_t giving = 0;
    for (size_t i = 0; i < maker->member_count; i++) {
        const struct hanse_member *member = &maker->members[i];
        if (!member->is_member)
            continue;
        hanse_figure_cite(&active, member->membership);
        hanse_figure_cite(&active, member->act);
        acting += member->acts > 0 ? 1 : 0;
        giving += member->gives ? 1 : 0;
        if (member->acts > 0)
            hanse_figure_cite(&givers, member->gives ? member->gift : member->act);
    }
    size_t members = count_members(maker);
    hanse_figure_ratio(&active, (double)acting, (double)members, members, no_members);
    hanse_figure_ratio(&givers, (double)giving, (double)acting, acting, "no member was active");
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a;
    const uint32_t *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sum of (2 i - n - 1) x_i over ascending values, by n times their sum. */
static void count_gini(struct hanse_maker *maker)
{
    struct hanse_figure figure = hanse_figure_of(
        maker, "M2", "gini", "how unevenly participation is spread over members (0: evenly)", "index");
    uint32_t *counts = hanse_pool_alloc(maker->pool, maker->member_count + 1, sizeof *counts);
    size_t members = 0;
    double sum = 0;
    double weighted = 0;
    for (size_t i = 0; counts != NULL && i < maker->member_count; i++)
        if (maker->members[i].is_member)
            counts[members++] = maker->members[i].participations;
    if (members > 1)
        qsort(counts, members, sizeof *counts, by_number);
    for (size_t i = 0; i < members; i++) {
        sum += counts[i];
        weighted += (2 * (double)(i + 1) - (double)members - 1) * counts[i];
    }
    hanse_figure_ratio(&figure, weighted, (double)members * sum, members,
                       "no member took part in anything in the last 24 months");
}

static void count_churn(struct hanse_maker *maker)
{
    struct hanse_figure churn =
        hanse_figure_of(maker, "M3", "", "members that left, of those at the start", "share");
    struct hanse_figure growth =
        hanse_figure_of(maker, "M3", "net-growth", "members that joined less members that left", "number");
    struct hanse_figure tenure =
        hanse_figure_of(maker, "M3", "tenure", "half of the members have been in for longer than", "days");
    int32_t *days = hanse_pool_alloc(maker->pool, maker->member_count + 1, sizeof *days);
    size_t at_start = 0;
    size_t left = 0;
    size_t joined = 0;
    size_t members = 0;
    for (size_t i = 0; days != NULL && i < maker->member_count; i++) {
        const struct hanse_member *member = &maker->members[i];
        at_start += member->was_member ? 1 : 0;
        left += member->has_left ? 1 : 0;
        joined += member->has_joined ? 1 : 0;
        if (member->was_member || member->has_left || member->has_joined) {
            hanse_figure_cite(&churn, member->membership);
            hanse_figure_cite(&growth, member->membership);
        }
        if (member->is_member) {
            days[members++] = maker->last - member->start;
            hanse_figure_cite(&tenure, member->membership);
        }
    }
    hanse_figure_ratio(&churn, (double)left, (double)at_start, at_start, no_start);
    growth.indicator.numerator = (double)joined;
    growth.indicator.denominator = (double)left;
    hanse_figure_value(&growth, (double)joined - (double)left, joined + left,
                       maker->member_count > 0 ? NULL : no_members);
    hanse_figure_value(&tenure, hanse_maker_median(days, members), members, members > 0 ? NULL : no_members);
}

/* Services in a time that overlaps the window. */
static void count_services(struct hanse_maker *maker)
{
    struct hanse_figure figure = hanse_figure_of(
        maker, "M4", "", "members that got money or political support from the network", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_SERVICE_RECEIVED);
    size_t members = count_members(maker);
    size_t served = 0;
    size_t records = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct hanse_facet *service = &list.items[i]->main;
        const struct hanse_member *member = hanse_maker_member(maker, service->subject);
        if (service->network != maker->network || member == NULL || !member->is_member ||
            service->start > maker->last || (service->end != 0 && service->end < maker->first))
            continue;
        records++;
        if (service->type != SERVICE_FINANCIAL && service->type != SERVICE_POLITICAL)
            continue;
        hanse_figure_cite(&figure, list.items[i]);
        served += service->subject != last ? 1 : 0; /* the list is by member */
        last = service->subject;
    }
    hanse_figure_ratio(&figure, (double)served, records > 0 ? (double)members : 0, members,
                       members == 0 ? no_members : "no ServiceReceived record tells what members got");
}

static void list_members(struct hanse_maker *maker)
{
    static const char *const columns[] = {"member", "since", "last activity", "activities in 24 months",
                                          "gives"};
    size_t row = 0;
    const char **cells = hanse_maker_table(maker, "members", "What members did in the last 24 months",
                                           columns, sizeof columns / sizeof *columns, count_members(maker));
    for (size_t i = 0; cells != NULL && i < maker->member_count; i++) {
        const struct hanse_member *member = &maker->members[i];
        if (!member->is_member)
            continue;
        const char **cell = cells + row++ * (sizeof columns / sizeof *columns);
        cell[0] = hanse_entity_shown(&maker->facts->entities, member->entity);
        cell[1] = hanse_maker_day(maker, member->start);
        cell[2] = hanse_maker_day(maker, member->last_act);
        cell[3] = hanse_maker_number(maker, member->acts);
        cell[4] = member->gives ? "yes" : "no";
    }
}

void hanse_figures_membership(struct hanse_maker *maker)
{
    count_active(maker);
    count_gini(maker);
    count_churn(maker);
    count_services(maker);
    list_members(maker);
}
