/* SPDX-License-Identifier: Apache-2.0 */
/* Whether more than one person keeps a cooperation going. */
#include <string.h>

#include "report/figures.h"

enum { STALE_DAYS = 365, COOPERATION_ACTIVE = 2 };

static const char no_contacts[] =
    "no ContactPoint record is held: contacts are for the members of a network, not for everybody";

struct contacts {
    struct hanse_fact_list list; /* of one party */
    size_t active;
    size_t departments; /* different ones: 2 stands for two and more */
};

static bool is_active(const struct hanse_maker *maker, const struct hanse_fact *contact)
{
    return contact->main.start <= maker->last && (contact->main.end == 0 || contact->main.end >= maker->last);
}

static struct contacts contacts_of(const struct hanse_maker *maker, uint32_t party)
{
    struct contacts found = {.list = hanse_facts_about(maker->facts, HANSE_KIND_CONTACT_POINT, party)};
    const char *department = "";
    for (size_t i = 0; i < found.list.count; i++) {
        const char *own = found.list.items[i]->main.text;
        if (!is_active(maker, found.list.items[i]))
            continue;
        found.active++;
        if (own[0] == '\0')
            continue;
        if (found.departments == 0)
            department = own;
        if (found.departments < 2 && (found.departments == 0 || strcmp(own, department) != 0))
            found.departments++;
    }
    return found;
}

/* Members of the network; where there is none, local governments that are parties of active cooperation. */
static size_t find_parties(struct hanse_maker *maker, uint32_t **out)
{
    size_t room = maker->member_count + 1;
    struct hanse_fact_list ties = hanse_facts_of(maker->facts, HANSE_KIND_COOPERATION);
    for (size_t i = 0; i < ties.count; i++)
        room += ties.items[i]->part_count;
    uint32_t *parties = hanse_pool_alloc(maker->pool, room, sizeof *parties);
    bool *seen = hanse_pool_alloc(maker->pool, maker->facts->entities.count, sizeof *seen);
    size_t count = 0;
    *out = parties;
    for (size_t i = 0; parties != NULL && seen != NULL && i < maker->member_count; i++)
        if (maker->members[i].is_member)
            parties[count++] = maker->members[i].entity;
    for (size_t i = 0; maker->network == 0 && seen != NULL && parties != NULL && i < ties.count; i++) {
        for (size_t k = 0; k < ties.items[i]->part_count; k++) {
            uint32_t party = ties.items[i]->parts[k].subject;
            if (ties.items[i]->main.status != COOPERATION_ACTIVE ||
                ties.items[i]->parts[k].tag != HANSE_PART_PARTY || seen[party] ||
                !hanse_entity_get(&maker->facts->entities, party)->is_city)
                continue;
            seen[party] = true;
            parties[count++] = party;
        }
    }
    return count;
}

static void count_redundancy(struct hanse_maker *maker, const uint32_t *parties, size_t count)
{
    static const char *const columns[] = {"city", "contacts", "in two departments or more"};
    struct hanse_figure figure = hanse_figure_of(
        maker, "C1", "", "cities with two contacts or more in two departments or more", "share");
    bool has_contacts = hanse_facts_of(maker->facts, HANSE_KIND_CONTACT_POINT).count > 0;
    size_t rows = has_contacts ? count : 0;
    const char **cell = hanse_maker_table(maker, "contacts", "Contacts of each city", columns, 3, rows);
    size_t redundant = 0;
    for (size_t i = 0; cell != NULL && i < rows; i++) {
        struct contacts found = contacts_of(maker, parties[i]);
        redundant += found.departments > 1 ? 1 : 0;
        for (size_t k = 0; k < found.list.count; k++)
            hanse_figure_cite(&figure, found.list.items[k]);
        *cell++ = hanse_entity_shown(&maker->facts->entities, parties[i]);
        *cell++ = hanse_maker_number(maker, (double)found.active);
        *cell++ = found.departments > 1 ? "yes" : "no";
    }
    hanse_figure_ratio(&figure, (double)redundant, has_contacts ? (double)count : 0, count,
                       count == 0 ? "no city is a member or a party of an active cooperation" : no_contacts);
}

static void count_stale(struct hanse_maker *maker)
{
    struct hanse_figure stale =
        hanse_figure_of(maker, "C2", "", "contacts that nobody has confirmed for a year", "share");
    struct hanse_figure gap =
        hanse_figure_of(maker, "C2", "hand-over", "half of the hand-overs left a gap of at most", "days");
    struct hanse_fact_list list = hanse_facts_of(maker->facts, HANSE_KIND_CONTACT_POINT);
    int32_t *gaps = hanse_pool_alloc(maker->pool, list.count + 1, sizeof *gaps);
    size_t active = 0;
    size_t old = 0;
    size_t handed = 0;
    for (size_t i = 0; gaps != NULL && i < list.count; i++) {
        const struct hanse_fact *contact = list.items[i];
        const struct hanse_fact *before =
            hanse_facts_find(maker->facts, HANSE_KIND_CONTACT_POINT, contact->main.other);
        if (is_active(maker, contact)) {
            active++;
            old += contact->main.date == 0 || contact->main.date < maker->last - STALE_DAYS ? 1 : 0;
            hanse_figure_cite(&stale, contact);
        }
        if (before == NULL || before->main.end == 0 || contact->main.start == 0)
            continue;
        gaps[handed++] =
            contact->main.start > before->main.end + 1 ? contact->main.start - before->main.end - 1 : 0;
        hanse_figure_cite(&gap, contact);
        hanse_figure_cite(&gap, before);
    }
    hanse_figure_ratio(&stale, (double)old, (double)active, active, no_contacts);
    hanse_figure_value(&gap, hanse_maker_median(gaps, handed), handed,
                       handed > 0    ? NULL
                       : active == 0 ? no_contacts
                                     : "no contact says whose successor it is");
}

void hanse_figures_contacts(struct hanse_maker *maker)
{
    uint32_t *parties;
    size_t count = find_parties(maker, &parties);
    count_redundancy(maker, parties, count);
    count_stale(maker);
}
