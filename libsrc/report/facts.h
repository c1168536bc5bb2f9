/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that a report is made of: add every record, end, then ask. Pure: no disk, no clock. */
#ifndef HANSE_REPORT_FACTS_H
#define HANSE_REPORT_FACTS_H

#include "report/fact.h"
#include "report/fact_table.h"

struct hanse_fact_list {
    const struct hanse_fact **items;
    size_t count;
};

struct hanse_facts {
    struct hanse_pool pool;
    struct hanse_entities entities;
    const char *language; /* of labels */
    struct hanse_fact **items;
    size_t count;
    size_t capacity;
    struct hanse_fact_list by_kind[HANSE_KIND_BEYOND]; /* each by its subject, then by id; after the end */
    const struct hanse_fact **of_entity;               /* facts by their self */
    uint64_t audiences[2];                             /* records read: PUBLIC, NETWORK */
};

/* `language` must outlive the facts. Released after a failure too. */
void hanse_facts_init(struct hanse_facts *facts, const char *language);
void hanse_facts_release(struct hanse_facts *facts);
/* Of kinds that no indicator knows, only the names are kept. */
void hanse_facts_add(struct hanse_facts *facts, const struct hanse_report_input *input);
/* Both names are of one thing: a feed went on under another origin. */
void hanse_facts_alias(struct hanse_facts *facts, const char *a, const char *b);
/* Decides which names mean the same and which facts repeat others. HANSE_LIMIT, HANSE_NO_MEMORY, also for
 * what was added. */
HANSE_MUST_CHECK enum hanse_status hanse_facts_end(struct hanse_facts *facts, struct hanse_error *err);

/* Facts of a kind that do not repeat others. */
struct hanse_fact_list hanse_facts_of(const struct hanse_facts *facts, uint32_t kind);
/* Those whose subject is the entity. */
struct hanse_fact_list hanse_facts_about(const struct hanse_facts *facts, uint32_t kind, uint32_t entity);
/* The fact of the kind that is about the entity itself; NULL if there is none. */
const struct hanse_fact *hanse_facts_find(const struct hanse_facts *facts, uint32_t kind, uint32_t entity);
/* The facts of the kind with this self, those that repeat it included. */
struct hanse_fact_list hanse_facts_same(const struct hanse_facts *facts, const struct hanse_fact *fact);
/* The feed of the fact is that of the party, as far as the feed's profile says whose it is: nobody states
 * another's act. */
bool hanse_facts_is_own_word(const struct hanse_facts *facts, const struct hanse_fact *fact, uint32_t party);

#endif
