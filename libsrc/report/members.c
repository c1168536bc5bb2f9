/* SPDX-License-Identifier: Apache-2.0 */
/* Who was a member when, and what members did: part of maker.h. */
#include <stdlib.h>

#include "report/maker.h"

enum { ADJACENT_DAYS = 31, ACTIVE_MONTHS = 24, EXCHANGE_HELD = 2 };

static int by_member(const void *a, const void *b)
{
    const struct hanse_fact *const *x = a;
    const struct hanse_fact *const *y = b;
    if ((*x)->main.subject != (*y)->main.subject)
        return (*x)->main.subject < (*y)->main.subject ? -1 : 1;
    return ((*x)->main.start > (*y)->main.start) - ((*x)->main.start < (*y)->main.start);
}

/* Ends what goes on, when the next time of the same member begins late, or none does. */
static void end_time(const struct hanse_maker *maker, struct hanse_member *member)
{
    bool is_open = member->end == 0 || member->end >= maker->first;
    member->was_member = member->was_member || (member->start < maker->first && is_open);
    member->has_joined = member->has_joined || hanse_maker_in_window(maker, member->start);
    member->has_left = member->end != 0 && hanse_maker_in_window(maker, member->end);
    member->is_member = member->end == 0 || member->end >= maker->last;
}

static void take_membership(struct hanse_maker *maker, const struct hanse_fact *fact)
{
    struct hanse_member *member = maker->member_count > 0 ? &maker->members[maker->member_count - 1] : NULL;
    bool is_new = member == NULL || member->entity != fact->main.subject;
    if (is_new) {
        member = &maker->members[maker->member_count++];
        *member = (struct hanse_member){.entity = fact->main.subject, .start = fact->main.start};
        maker->member_of[member->entity] = (uint32_t)maker->member_count;
    } else if (member->end != 0 && fact->main.start > member->end + ADJACENT_DAYS) {
        end_time(maker, member);
        member->start = fact->main.start;
    } else if (member->end == 0 || (fact->main.end != 0 && fact->main.end < member->end)) {
        return; /* within the time that is there already */
    }
    member->end = fact->main.end;
    member->reason = fact->main.type;
    member->membership = fact;
}

static void read_memberships(struct hanse_maker *maker)
{
    struct hanse_fact_list all = hanse_facts_of(maker->facts, HANSE_KIND_MEMBERSHIP);
    const struct hanse_fact **own = hanse_pool_alloc(maker->pool, all.count + 1, sizeof *own);
    maker->members = hanse_pool_alloc(maker->pool, all.count + 1, sizeof *maker->members);
    maker->member_of = hanse_pool_alloc(maker->pool, maker->facts->entities.count, sizeof *maker->member_of);
    size_t count = 0;
    if (maker->pool->failed)
        return;
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i]->main.network == maker->network && all.items[i]->main.start <= maker->last)
            own[count++] = all.items[i];
    if (count > 1)
        qsort(own, count, sizeof *own, by_member);
    for (size_t i = 0; i < count; i++) {
        bool is_next =
            maker->member_count > 0 && maker->members[maker->member_count - 1].entity != own[i]->main.subject;
        if (is_next)
            end_time(maker, &maker->members[maker->member_count - 1]);
        take_membership(maker, own[i]);
    }
    if (maker->member_count > 0)
        end_time(maker, &maker->members[maker->member_count - 1]);
}

/* The member did something on the day, as the fact says; NULL: nobody that counts, or too long ago. */
static struct hanse_member *act(struct hanse_maker *maker, uint32_t entity, int32_t day,
                                const struct hanse_fact *fact)
{
    struct hanse_member *member = hanse_maker_member(maker, entity);
    if (member == NULL || day > maker->last || day <= hanse_day_add_months(maker->last, -ACTIVE_MONTHS))
        return NULL;
    member->acts++;
    if (day >= member->last_act) {
        member->last_act = day;
        member->act = fact;
    }
    return member;
}

static void take_exchange(struct hanse_maker *maker, const struct hanse_fact *fact)
{
    int32_t day = fact->main.end != 0 ? fact->main.end : fact->main.start;
    if (fact->main.status != EXCHANGE_HELD || !hanse_maker_is_of_network(maker, fact->main.network))
        return;
    for (size_t i = 0; i < fact->part_count; i++) {
        const struct hanse_facet *flow = &fact->parts[i];
        struct hanse_member *giver = act(maker, flow->subject, day, fact);
        if (giver != NULL) {
            giver->gives = true;
            giver->gift = fact;
        }
        (void)act(maker, flow->other, day, fact);
    }
}

static void take_participation(struct hanse_maker *maker, const struct hanse_fact *fact)
{
    if (!hanse_maker_is_of_network(maker, fact->main.network))
        return;
    struct hanse_member *member = act(maker, fact->main.subject, fact->main.date, fact);
    if (member != NULL)
        member->participations++;
}

static void take_practice(struct hanse_maker *maker, const struct hanse_fact *fact)
{
    struct hanse_member *member = act(maker, fact->main.subject, fact->published, fact);
    if (member == NULL)
        return;
    member->gives = true;
    member->gift = fact;
}

static void take_progress(struct hanse_maker *maker, const struct hanse_fact *fact)
{
    const struct hanse_fact *commitment =
        hanse_facts_find(maker->facts, HANSE_KIND_COMMITMENT, fact->main.subject);
    if (commitment != NULL)
        (void)act(maker, commitment->main.subject, fact->published, fact);
}

void hanse_maker_read_members(struct hanse_maker *maker)
{
    static const struct {
        uint32_t kind;
        void (*take)(struct hanse_maker *maker, const struct hanse_fact *fact);
    } acts[] = {
        {HANSE_KIND_PARTICIPATION, take_participation},
        {HANSE_KIND_EXCHANGE, take_exchange},
        {HANSE_KIND_PRACTICE, take_practice},
        {HANSE_KIND_PROGRESS_REPORT, take_progress},
    };
    read_memberships(maker);
    for (size_t k = 0; k < sizeof acts / sizeof *acts && !maker->pool->failed; k++) {
        struct hanse_fact_list list = hanse_facts_of(maker->facts, acts[k].kind);
        for (size_t i = 0; i < list.count; i++)
            acts[k].take(maker, list.items[i]);
    }
}
