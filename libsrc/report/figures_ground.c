/* SPDX-License-Identifier: Apache-2.0 */
/* On which ground projects stand: objectives that they serve, and who answers for which function. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "report/figures.h"

enum { ACCOUNTABLE = 1 };

static const char no_objective[] = "no Strategy record has objectives";
static const char no_function[] = "no DivisionOfWork record says who does what";

/* Marks the objectives that projects name; gives the number of projects, and of those that name one. */
static size_t mark_objectives(struct hanse_maker *maker, bool *marked, struct hanse_figure *figure,
                              size_t *out_linked)
{
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_PROJECT);
    size_t projects = 0;
    for (size_t i = 0; i < list.count; i++) {
        bool is_linked = false;
        if (!hanse_maker_is_of_members(maker, list.items[i]))
            continue;
        for (size_t k = 0; k < list.items[i]->part_count; k++) {
            const struct hanse_facet *part = &list.items[i]->parts[k];
            if (part->tag != HANSE_PART_OBJECTIVE)
                continue;
            is_linked = true;
            marked[part->subject] = true;
        }
        projects++;
        *out_linked += is_linked ? 1 : 0;
        hanse_figure_cite(figure, list.items[i]);
    }
    return projects;
}

static void count_objectives(struct hanse_maker *maker)
{
    struct hanse_figure linked =
        hanse_figure_of(maker, "S1", "", "projects that serve an objective", "share");
    struct hanse_figure measured =
        hanse_figure_of(maker, "S2", "", "objectives with a baseline and a target", "share");
    struct hanse_figure idle = hanse_figure_of(maker, "S3", "", "objectives that no project serves", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_STRATEGY);
    bool *marked = hanse_pool_alloc(maker->pool, maker->facts->entities.count, sizeof *marked);
    size_t with_objective = 0;
    size_t objectives = 0;
    size_t with_target = 0;
    size_t unserved = 0;
    if (marked == NULL)
        return;
    size_t projects = mark_objectives(maker, marked, &linked, &with_objective);
    for (size_t i = 0; i < list.count; i++) {
        for (size_t k = 0; k < list.items[i]->part_count; k++) {
            const struct hanse_facet *objective = &list.items[i]->parts[k];
            const char *name = hanse_pool_format(maker->pool, "%s#%s", list.items[i]->id, objective->code);
            uint32_t entity =
                hanse_entity_root(&maker->facts->entities,
                                  hanse_entity_find(&maker->facts->entities, hanse_bytes_of_text(name)));
            objectives++;
            with_target += objective->text[0] != '\0' && objective->has_quantity ? 1 : 0;
            unserved += entity == 0 || !marked[entity] ? 1 : 0;
        }
        hanse_figure_cite(&measured, list.items[i]);
        hanse_figure_cite(&idle, list.items[i]);
    }
    hanse_figure_ratio(&linked, (double)with_objective, (double)projects, projects,
                       "no Project record has a member as participant");
    hanse_figure_ratio(&measured, (double)with_target, (double)objectives, objectives, no_objective);
    hanse_figure_ratio(&idle, (double)unserved, (double)objectives, objectives, no_objective);
}

struct clarity {
    size_t functions;
    size_t clear;    /* one answers for it */
    size_t gaps;     /* nobody does */
    size_t overlaps; /* more than one */
    size_t assignments;
    size_t with_basis;
};

static int by_code(const void *a, const void *b)
{
    const struct hanse_facet *const *x = a;
    const struct hanse_facet *const *y = b;
    return strcmp((*x)->code, (*y)->code);
}

static void take_division(struct hanse_maker *maker, const struct hanse_fact *division,
                          struct clarity *clarity)
{
    const struct hanse_facet **sorted =
        hanse_pool_alloc(maker->pool, division->part_count + 1, sizeof *sorted);
    if (sorted == NULL)
        return;
    for (size_t i = 0; i < division->part_count; i++) {
        sorted[i] = &division->parts[i];
        clarity->assignments++;
        clarity->with_basis += division->parts[i].other != 0 ? 1 : 0;
    }
    if (division->part_count > 1)
        qsort(sorted, division->part_count, sizeof *sorted, by_code);
    for (size_t i = 0; i < division->part_count;) {
        size_t first = i;
        size_t accountable = 0;
        for (; i < division->part_count && by_code(&sorted[first], &sorted[i]) == 0; i++)
            accountable += sorted[i]->type == ACCOUNTABLE ? 1 : 0;
        clarity->functions++;
        clarity->clear += accountable == 1 ? 1 : 0;
        clarity->gaps += accountable == 0 ? 1 : 0;
        clarity->overlaps += accountable > 1 ? 1 : 0;
    }
}

static void count_clarity(struct hanse_maker *maker)
{
    struct hanse_figure figures[] = {
        hanse_figure_of(maker, "D1", "", "functions for which exactly one answers", "share"),
        hanse_figure_of(maker, "D1", "gaps", "functions for which nobody answers", "share"),
        hanse_figure_of(maker, "D1", "overlaps", "functions for which several answer", "share"),
        hanse_figure_of(maker, "D1", "legal-basis", "assignments with a legal basis", "share"),
    };
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_DIVISION_OF_WORK);
    struct clarity all = {.functions = 0};
    for (size_t i = 0; i < list.count; i++) {
        take_division(maker, list.items[i], &all);
        for (size_t k = 0; k < 4; k++)
            hanse_figure_cite(&figures[k], list.items[i]);
    }
    double functions = (double)all.functions;
    hanse_figure_ratio(&figures[0], (double)all.clear, functions, all.functions, no_function);
    hanse_figure_ratio(&figures[1], (double)all.gaps, functions, all.functions, no_function);
    hanse_figure_ratio(&figures[2], (double)all.overlaps, functions, all.functions, no_function);
    hanse_figure_ratio(&figures[3], (double)all.with_basis, (double)all.assignments, all.assignments,
                       no_function);
}

void hanse_figures_ground(struct hanse_maker *maker)
{
    count_objectives(maker);
    count_clarity(maker);
}
