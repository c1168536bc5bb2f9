/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

void hanse_facts_init(struct hanse_facts *facts, const char *language)
{
    *facts = (struct hanse_facts){.language = language};
    hanse_pool_init(&facts->pool);
    hanse_entities_init(&facts->entities, &facts->pool);
}

void hanse_facts_release(struct hanse_facts *facts)
{
    hanse_pool_release(&facts->pool);
}

void hanse_facts_add(struct hanse_facts *facts, const struct hanse_report_input *input)
{
    if (input->record->kind >= HANSE_KIND_BEYOND || facts->pool.failed)
        return;
    struct hanse_fact **items = hanse_pool_grow(&facts->pool, facts->items, facts->count, &facts->capacity,
                                                sizeof(struct hanse_fact *));
    struct hanse_fact *fact = hanse_pool_alloc(&facts->pool, 1, sizeof *fact);
    if (items == NULL || fact == NULL)
        return;
    facts->items = items;
    hanse_fact_read(&facts->entities, input, facts->language, fact);
    if (fact->kind == HANSE_KIND_PROJECT)
        fact->is_sound = hanse_record_validate(input->record, NULL, NULL, NULL) == HANSE_OK;
    items[facts->count++] = fact;
    facts->audiences[input->audience == 0 ? 0 : 1]++;
}

void hanse_facts_alias(struct hanse_facts *facts, const char *a, const char *b)
{
    hanse_entity_unite(&facts->entities, hanse_entity_named(&facts->entities, hanse_bytes_of_text(a)),
                       hanse_entity_named(&facts->entities, hanse_bytes_of_text(b)));
}

/* A thing that is only called by a name is the city or organisation with that label, if there is one alone.
 */
static int by_label(const void *a, const void *b)
{
    const struct hanse_entity *const *x = a;
    const struct hanse_entity *const *y = b;
    int order = strcmp((*x)->label, (*y)->label);
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

static void unite_labels(struct hanse_facts *facts)
{
    struct hanse_entities *entities = &facts->entities;
    const struct hanse_entity **known = hanse_pool_alloc(&facts->pool, entities->count, sizeof *known);
    size_t count = 0;
    for (size_t i = 1; known != NULL && i < entities->count; i++) {
        const struct hanse_entity *item = &entities->items[i];
        if (item->above == i && item->label != NULL && strncmp(item->name, "name:", 5) != 0)
            known[count++] = item;
    }
    if (known == NULL || count == 0)
        return;
    qsort(known, count, sizeof *known, by_label);
    for (size_t i = 1; i < entities->count; i++) {
        const struct hanse_entity *item = &entities->items[i];
        if (strncmp(item->name, "name:", 5) != 0 || item->above != i)
            continue;
        const struct hanse_entity asked = {.label = item->name + 5};
        size_t low = 0;
        size_t high = count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (strcmp(known[middle]->label, asked.label) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        bool is_one = low < count && strcmp(known[low]->label, asked.label) == 0 &&
                      (low + 1 == count || strcmp(known[low + 1]->label, asked.label) != 0);
        if (is_one)
            hanse_entity_unite(entities, (uint32_t)i, (uint32_t)(known[low] - entities->items));
    }
}

static void root_facet(const struct hanse_entities *entities, struct hanse_facet *facet)
{
    facet->network = hanse_entity_root(entities, facet->network);
    facet->subject = hanse_entity_root(entities, facet->subject);
    facet->other = hanse_entity_root(entities, facet->other);
    facet->third = hanse_entity_root(entities, facet->third);
}

static void root_fact(const struct hanse_entities *entities, struct hanse_fact *fact)
{
    fact->self = hanse_entity_root(entities, fact->self);
    root_facet(entities, &fact->main);
    struct hanse_facet *parts = (struct hanse_facet *)(uintptr_t)fact->parts;
    for (size_t i = 0; i < fact->part_count; i++)
        root_facet(entities, &parts[i]);
}

/* Of facts of one thing the one that was published last comes first: it counts. */
static int by_self(const void *a, const void *b)
{
    const struct hanse_fact *const *x = a;
    const struct hanse_fact *const *y = b;
    if ((*x)->self != (*y)->self)
        return (*x)->self < (*y)->self ? -1 : 1;
    if ((*x)->kind != (*y)->kind)
        return (*x)->kind < (*y)->kind ? -1 : 1;
    if ((*x)->published_s != (*y)->published_s)
        return (*x)->published_s > (*y)->published_s ? -1 : 1;
    return strcmp((*x)->id, (*y)->id);
}

static int by_subject(const void *a, const void *b)
{
    const struct hanse_fact *const *x = a;
    const struct hanse_fact *const *y = b;
    if ((*x)->main.subject != (*y)->main.subject)
        return (*x)->main.subject < (*y)->main.subject ? -1 : 1;
    return strcmp((*x)->id, (*y)->id);
}

static void sort_kinds(struct hanse_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        facts->by_kind[facts->items[i]->kind].count += facts->items[i]->repeats ? 0 : 1;
    for (size_t kind = 0; kind < HANSE_KIND_BEYOND; kind++) {
        struct hanse_fact_list *list = &facts->by_kind[kind];
        if (list->count > 0)
            list->items = hanse_pool_alloc(&facts->pool, list->count, sizeof *list->items);
        list->count = 0;
    }
    for (size_t i = 0; i < facts->count && !facts->pool.failed; i++) {
        struct hanse_fact_list *list = &facts->by_kind[facts->items[i]->kind];
        if (!facts->items[i]->repeats)
            list->items[list->count++] = facts->items[i];
    }
    for (size_t kind = 0; kind < HANSE_KIND_BEYOND; kind++)
        if (facts->by_kind[kind].count > 1)
            qsort(facts->by_kind[kind].items, facts->by_kind[kind].count, sizeof(struct hanse_fact *),
                  by_subject);
}

enum hanse_status hanse_facts_end(struct hanse_facts *facts, struct hanse_error *err)
{
    unite_labels(facts);
    facts->of_entity = hanse_pool_alloc(&facts->pool, facts->count + 1, sizeof *facts->of_entity);
    enum hanse_status status = hanse_pool_check(&facts->pool, err);
    if (status != HANSE_OK)
        return status;
    for (size_t i = 0; i < facts->count; i++) {
        root_fact(&facts->entities, facts->items[i]);
        facts->of_entity[i] = facts->items[i];
    }
    if (facts->count > 1)
        qsort(facts->of_entity, facts->count, sizeof *facts->of_entity, by_self);
    for (size_t i = 1; i < facts->count; i++) {
        struct hanse_fact *fact = (struct hanse_fact *)(uintptr_t)facts->of_entity[i];
        const struct hanse_fact *before = facts->of_entity[i - 1];
        fact->repeats = before->self == fact->self && before->kind == fact->kind;
    }
    sort_kinds(facts);
    return hanse_pool_check(&facts->pool, err);
}

struct hanse_fact_list hanse_facts_of(const struct hanse_facts *facts, uint32_t kind)
{
    return facts->by_kind[kind];
}

struct hanse_fact_list hanse_facts_about(const struct hanse_facts *facts, uint32_t kind, uint32_t entity)
{
    struct hanse_fact_list all = facts->by_kind[kind];
    size_t low = 0;
    size_t high = all.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all.items[middle]->main.subject < entity)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < all.count && all.items[high]->main.subject == entity;)
        high++;
    return (struct hanse_fact_list){.items = all.items != NULL ? all.items + low : NULL, .count = high - low};
}

/* Where the facts of an entity and kind begin, or would. */
static size_t first_of(const struct hanse_facts *facts, uint32_t kind, uint32_t entity)
{
    size_t low = 0;
    size_t high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct hanse_fact *fact = facts->of_entity[middle];
        if (fact->self < entity || (fact->self == entity && fact->kind < kind))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const struct hanse_facts *facts, size_t at, uint32_t kind, uint32_t entity)
{
    return at < facts->count && facts->of_entity[at]->self == entity && facts->of_entity[at]->kind == kind;
}

const struct hanse_fact *hanse_facts_find(const struct hanse_facts *facts, uint32_t kind, uint32_t entity)
{
    size_t at = first_of(facts, kind, entity);
    return entity != 0 && is_of(facts, at, kind, entity) ? facts->of_entity[at] : NULL;
}

struct hanse_fact_list hanse_facts_same(const struct hanse_facts *facts, const struct hanse_fact *fact)
{
    size_t at = first_of(facts, fact->kind, fact->self);
    struct hanse_fact_list list = {.items = facts->of_entity + at};
    while (is_of(facts, at + list.count, fact->kind, fact->self))
        list.count++;
    return list;
}

bool hanse_facts_is_own_word(const struct hanse_facts *facts, const struct hanse_fact *fact, uint32_t party)
{
    struct hanse_fact_list profiles = facts->by_kind[HANSE_KIND_FEED_PROFILE];
    for (size_t i = 0; i < profiles.count; i++)
        if (profiles.items[i]->publisher == fact->publisher && profiles.items[i]->main.subject != 0)
            return profiles.items[i]->main.subject == party;
    return true;
}
