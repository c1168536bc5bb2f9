/* SPDX-License-Identifier: Apache-2.0 */
/* Practices that others took over. Adopters say so themselves. */
#include <stdlib.h>

#include "report/figures.h"

enum { ADOPTION_PILOT = 3, ADOPTION_SCALED = 4, COUNTRIES = 26 * 26 };

static const char no_practice[] = "no Practice record is of a member";
static const char no_adoption[] = "no Adoption record is of a practice that is held here";

static bool is_of_scope(const struct hanse_maker *maker, uint32_t city)
{
    return maker->network == 0 || hanse_maker_member(maker, city) != NULL;
}

/* A practice of one city in the hands of another. */
struct way {
    uint32_t from;
    uint32_t to;
};

struct adoptions {
    struct way *ways;
    size_t count;
    size_t in_use; /* PILOT or SCALED */
    size_t with_benefit;
    size_t countries;
    int32_t *days;
    bool seen[COUNTRIES];
};

static void take_adoption(struct hanse_maker *maker, const struct hanse_fact *practice,
                          const struct hanse_fact *adoption, struct adoptions *all)
{
    uint32_t status = adoption->main.status;
    int32_t day = adoption->main.start != 0 ? adoption->main.start : adoption->published;
    const char *country = hanse_entity_get(&maker->facts->entities, adoption->main.other)->country;
    all->ways[all->count] = (struct way){.from = practice->main.subject, .to = adoption->main.other};
    all->days[all->count++] = day > practice->published ? day - practice->published : 0;
    all->with_benefit += adoption->main.text[0] != '\0' ? 1 : 0;
    if (status != ADOPTION_PILOT && status != ADOPTION_SCALED)
        return;
    all->in_use++;
    if (country[0] < 'A' || country[0] > 'Z' || country[1] < 'A' || country[1] > 'Z')
        return;
    size_t at = (size_t)(country[0] - 'A') * 26 + (size_t)(country[1] - 'A');
    all->countries += all->seen[at] ? 0 : 1;
    all->seen[at] = true;
}

static int by_ends(const void *a, const void *b)
{
    const struct way *x = a;
    const struct way *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

/* How many go the way. */
static size_t count_way(const struct adoptions *all, const struct way *way)
{
    size_t low = 0;
    size_t high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_ends(&all->ways[middle], way) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < all->count && by_ends(&all->ways[high], way) == 0;)
        high++;
    return high - low;
}

/* Twice the smaller way of each pair over all: each adoption that has one back counts. */
static size_t count_returned(struct adoptions *all)
{
    size_t returned = 0;
    size_t same;
    if (all->count > 1)
        qsort(all->ways, all->count, sizeof *all->ways, by_ends);
    for (size_t i = 0; i < all->count; i += same) {
        const struct way reverse = {.from = all->ways[i].to, .to = all->ways[i].from};
        size_t back = count_way(all, &reverse);
        same = count_way(all, &all->ways[i]);
        returned += same < back ? same : back;
    }
    return returned;
}

void hanse_figures_experience(struct hanse_maker *maker)
{
    struct hanse_figure figures[] = {
        hanse_figure_of(maker, "K1", "", "replications in use or on trial, for each practice", "number"),
        hanse_figure_of(maker, "K2", "", "half of the replications came after the practice within", "days"),
        hanse_figure_of(maker, "K3", "", "countries in which practices were replicated", "number"),
        hanse_figure_of(maker, "R5", "", "how even replication is between cities (1: as much in both ways)",
                        "index"),
        hanse_figure_of(maker, "R5", "origin-benefit", "replications from which the first city learned back",
                        "share"),
    };
    struct hanse_fact_list practices = hanse_facts_of(maker->facts, HANSE_KIND_PRACTICE);
    size_t room = hanse_facts_of(maker->facts, HANSE_KIND_ADOPTION).count + 1;
    struct adoptions all = {.ways = hanse_pool_alloc(maker->pool, room, sizeof *all.ways),
                            .days = hanse_pool_alloc(maker->pool, room, sizeof *all.days)};
    size_t own = 0;
    for (size_t i = 0; all.ways != NULL && all.days != NULL && i < practices.count; i++) {
        if (!is_of_scope(maker, practices.items[i]->main.subject))
            continue;
        struct hanse_fact_list list =
            hanse_facts_about(maker->facts, HANSE_KIND_ADOPTION, practices.items[i]->self);
        own++;
        hanse_figure_cite(&figures[0], practices.items[i]);
        for (size_t k = 0; k < list.count; k++) {
            if (!hanse_facts_is_own_word(maker->facts, list.items[k], list.items[k]->main.other))
                continue;
            take_adoption(maker, practices.items[i], list.items[k], &all);
            for (size_t f = 0; f < sizeof figures / sizeof *figures; f++)
                hanse_figure_cite(&figures[f], list.items[k]);
        }
    }
    const char *reason = all.count == 0 ? no_adoption : NULL;
    size_t returned = all.ways != NULL ? count_returned(&all) : 0;
    hanse_figure_ratio(&figures[0], (double)all.in_use, (double)own, own, no_practice);
    hanse_figure_value(&figures[1], hanse_maker_median(all.days, all.count), all.count, reason);
    hanse_figure_value(&figures[2], (double)all.countries, all.count, reason);
    hanse_figure_ratio(&figures[3], (double)returned, (double)all.count, all.count, no_adoption);
    hanse_figure_ratio(&figures[4], (double)all.with_benefit, (double)all.count, all.count, no_adoption);
}
