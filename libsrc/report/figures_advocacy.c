/* SPDX-License-Identifier: Apache-2.0 */
/* What a network asks of others, and whether what is published can go further. */
#include "report/figures.h"

enum { OUTCOME_PARTIAL = 3, OUTCOME_ADOPTED = 4 };

static void count_advocacy(struct hanse_maker *maker)
{
    struct hanse_figure outcome =
        hanse_figure_of(maker, "A1", "", "concluded advocacy that was followed, in part at least", "share");
    struct hanse_figure signing =
        hanse_figure_of(maker, "A2", "", "members that signed in the time", "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_ADVOCACY);
    bool *signs = hanse_pool_alloc(maker->pool, maker->member_count + 1, sizeof *signs);
    size_t concluded = 0;
    size_t followed = 0;
    size_t signatures = 0;
    size_t members = 0;
    size_t asked = 0;
    for (size_t i = 0; signs != NULL && i < list.count; i++) {
        const struct hanse_facet *main = &list.items[i]->main;
        if (main->network != maker->network || main->start > maker->last)
            continue;
        if (main->status != 0) {
            concluded++;
            followed += main->status == OUTCOME_PARTIAL || main->status == OUTCOME_ADOPTED ? 1 : 0;
            hanse_figure_cite(&outcome, list.items[i]);
        }
        if (main->end != 0 && main->end < maker->first)
            continue;
        asked++;
        hanse_figure_cite(&signing, list.items[i]);
        for (size_t k = 0; k < list.items[i]->part_count; k++) {
            const struct hanse_member *member = hanse_maker_member(maker, list.items[i]->parts[k].subject);
            if (member == NULL || !member->is_member || signs[member - maker->members])
                continue;
            signs[member - maker->members] = true;
            signatures++;
        }
    }
    for (size_t i = 0; i < maker->member_count; i++)
        members += maker->members[i].is_member ? 1 : 0;
    hanse_figure_ratio(&outcome, (double)followed, (double)concluded, concluded,
                       "no Advocacy record of the network has an outcome");
    hanse_figure_ratio(&signing, (double)signatures, asked > 0 ? (double)members : 0, asked,
                       "no Advocacy record of the network is of the time, or it has no members");
}

static void count_sound(struct hanse_maker *maker, uint32_t kind, const char *id, const char *name,
                        const char *reason)
{
    struct hanse_figure figure = hanse_figure_of(maker, id, "", name, "share");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, kind);
    size_t all = 0;
    size_t sound = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (kind == HANSE_KIND_PROJECT && !hanse_maker_is_of_members(maker, list.items[i]))
            continue;
        all++;
        sound += list.items[i]->is_sound ? 1 : 0;
        hanse_figure_cite(&figure, list.items[i]);
    }
    hanse_figure_ratio(&figure, (double)sound, (double)all, all, reason);
}

void hanse_figures_advocacy(struct hanse_maker *maker)
{
    count_advocacy(maker);
    count_sound(maker, HANSE_KIND_PROJECT, "Q1", "projects that break no rule of IATI",
                "no Project record has a member as participant");
    count_sound(maker, HANSE_KIND_ORGANISATION, "Q2", "organisations with a code of a register",
                "no Organisation record is held");
}
