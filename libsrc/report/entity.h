/* SPDX-License-Identifier: Apache-2.0 */
/* What records speak of: cities, organisations, networks, and records themselves. One entity has many names:
 * the full names of records of it, its codes in registers, or only what it is called. Names that mean the
 * same are united, so that a thing is counted once whoever calls it what.
 *
 * Nothing here fails but through the pool: entity 0 then, which is nobody. */
#ifndef HANSE_REPORT_ENTITY_H
#define HANSE_REPORT_ENTITY_H

#include "report/pool.h"

struct hanse_entity {
    const char *name;  /* one of them: a full name or a code */
    uint32_t above;    /* nearer to the root of its set; itself if it is the root */
    const char *label; /* what people call it; NULL: nobody says */
    uint32_t label_rank;
    char country[3];
    bool is_city; /* there is a LocalGovernment record of it */
};

struct hanse_entities {
    struct hanse_pool *pool;
    struct hanse_entity *items; /* the first is nobody */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* of a hash table over the names; a power of two */
    size_t slot_count;
};

void hanse_entities_init(struct hanse_entities *entities, struct hanse_pool *pool);
/* The entity with a name, made if it is new; 0 for the empty name. */
uint32_t hanse_entity_named(struct hanse_entities *entities, struct hanse_bytes name);
/* 0 if there is none. */
uint32_t hanse_entity_find(const struct hanse_entities *entities, struct hanse_bytes name);
/* The one that stands for all that are united with it. */
uint32_t hanse_entity_root(const struct hanse_entities *entities, uint32_t entity);
/* From here on both are one, with the better label of both. */
void hanse_entity_unite(struct hanse_entities *entities, uint32_t a, uint32_t b);
/* A higher rank replaces a label. */
void hanse_entity_label(struct hanse_entities *entities, uint32_t entity, struct hanse_bytes label,
                        uint32_t rank);
const struct hanse_entity *hanse_entity_get(const struct hanse_entities *entities, uint32_t entity);
/* Its label, else its name. */
const char *hanse_entity_shown(const struct hanse_entities *entities, uint32_t entity);

#endif
