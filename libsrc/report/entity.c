/* SPDX-License-Identifier: Apache-2.0 */
#include "report/entity.h"

#include <string.h>

#include "base/bytes.h"

enum { FIRST_SLOTS = 1024 };

static uint64_t hash_of(const struct hanse_entities *entities, struct hanse_bytes name)
{
    /* The seed differs from run to run, so that names cannot be made to collide; no order depends on it. */
    uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)(uintptr_t)entities->pool;
    for (size_t i = 0; i < name.size; i++)
        hash = (hash ^ name.data[i]) * 0x100000001b3u;
    return hash ^ (hash >> 29);
}

/* The slot of the name, or the free one where it belongs. */
static size_t slot_of(const struct hanse_entities *entities, struct hanse_bytes name)
{
    size_t mask = entities->slot_count - 1;
    size_t slot = (size_t)hash_of(entities, name) & mask;
    while (entities->slots[slot] != 0 &&
           !hanse_bytes_equal_text(name, entities->items[entities->slots[slot]].name))
        slot = (slot + 1) & mask;
    return slot;
}

static void widen(struct hanse_entities *entities)
{
    size_t slot_count = entities->slot_count * 2;
    uint32_t *slots = hanse_pool_alloc(entities->pool, slot_count, sizeof *slots);
    if (slots == NULL)
        return;
    entities->slots = slots;
    entities->slot_count = slot_count;
    for (uint32_t i = 1; i < entities->count; i++)
        slots[slot_of(entities, hanse_bytes_of_text(entities->items[i].name))] = i;
}

static uint32_t append(struct hanse_entities *entities, struct hanse_bytes name)
{
    struct hanse_entity *items =
        hanse_pool_grow(entities->pool, entities->items, entities->count, &entities->capacity, sizeof *items);
    const char *copy = hanse_pool_text(entities->pool, name);
    if (items == NULL || entities->pool->failed || entities->count >= UINT32_MAX)
        return 0;
    uint32_t entity = (uint32_t)entities->count++;
    entities->items = items;
    items[entity] = (struct hanse_entity){.name = copy, .above = entity};
    return entity;
}

void hanse_entities_init(struct hanse_entities *entities, struct hanse_pool *pool)
{
    *entities = (struct hanse_entities){.pool = pool, .slot_count = FIRST_SLOTS};
    entities->slots = hanse_pool_alloc(pool, FIRST_SLOTS, sizeof *entities->slots);
    (void)append(entities, (struct hanse_bytes){0});
}

uint32_t hanse_entity_find(const struct hanse_entities *entities, struct hanse_bytes name)
{
    return name.size == 0 || entities->slots == NULL ? 0 : entities->slots[slot_of(entities, name)];
}

uint32_t hanse_entity_named(struct hanse_entities *entities, struct hanse_bytes name)
{
    uint32_t entity = hanse_entity_find(entities, name);
    if (entity != 0 || name.size == 0 || entities->pool->failed)
        return entity;
    if (entities->count * 2 > entities->slot_count)
        widen(entities);
    entity = append(entities, name);
    if (entity != 0)
        entities->slots[slot_of(entities, name)] = entity;
    return entity;
}

uint32_t hanse_entity_root(const struct hanse_entities *entities, uint32_t entity)
{
    while (entity != 0 && entities->items[entity].above != entity)
        entity = entities->items[entity].above;
    return entity;
}

/* The root, with the way to it halved, so that no chain grows long. */
static uint32_t shorten(struct hanse_entities *entities, uint32_t entity)
{
    struct hanse_entity *items = entities->items;
    while (entity != 0 && items[entity].above != entity)
        entity = items[entity].above = items[items[entity].above].above;
    return entity;
}

void hanse_entity_unite(struct hanse_entities *entities, uint32_t a, uint32_t b)
{
    a = shorten(entities, a);
    b = shorten(entities, b);
    if (a == 0 || b == 0 || a == b)
        return;
    /* The older one stands for both, whatever the order in which they are united. */
    struct hanse_entity *root = &entities->items[a < b ? a : b];
    struct hanse_entity *other = &entities->items[a < b ? b : a];
    other->above = a < b ? a : b;
    root->is_city = root->is_city || other->is_city;
    if (root->country[0] == '\0')
        memcpy(root->country, other->country, sizeof root->country);
    if (other->label != NULL && (root->label == NULL || other->label_rank > root->label_rank)) {
        root->label = other->label;
        root->label_rank = other->label_rank;
    }
}

void hanse_entity_label(struct hanse_entities *entities, uint32_t entity, struct hanse_bytes label,
                        uint32_t rank)
{
    entity = hanse_entity_root(entities, entity);
    if (entity == 0 || label.size == 0)
        return;
    struct hanse_entity *item = &entities->items[entity];
    if (item->label != NULL && rank <= item->label_rank)
        return;
    item->label = hanse_pool_text(entities->pool, label);
    item->label_rank = rank;
}

const struct hanse_entity *hanse_entity_get(const struct hanse_entities *entities, uint32_t entity)
{
    return &entities->items[hanse_entity_root(entities, entity)];
}

const char *hanse_entity_shown(const struct hanse_entities *entities, uint32_t entity)
{
    const struct hanse_entity *item = hanse_entity_get(entities, entity);
    if (item->label != NULL)
        return item->label;
    return strncmp(item->name, "name:", 5) == 0 ? item->name + 5 : item->name;
}
