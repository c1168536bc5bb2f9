/* SPDX-License-Identifier: Apache-2.0 */
/* What a report keeps of a record: a few slots, which fact_table.c fills from the fields of each kind. */
#ifndef HANSE_REPORT_FACT_H
#define HANSE_REPORT_FACT_H

#include "record/record.h"
#include "report/entity.h"

struct hanse_amount {
    char currency[4]; /* "": there is no amount */
    int64_t units;
    int64_t nanos;
};

/* The slots of a record, or of an element of one of its lists. Days as in report/day.h. */
struct hanse_facet {
    uint32_t tag;     /* of the list in fact_table.h; 0: the record itself */
    uint32_t network; /* entities */
    uint32_t subject;
    uint32_t other;
    uint32_t third;
    int32_t start; /* first day that it may be */
    int32_t end;   /* last day that it may be */
    int32_t date;
    int32_t due;
    uint32_t type;
    uint32_t status;
    int64_t number; /* of a decimal text: in units of its twelfth decimal */
    bool has_quantity;
    int64_t quantity; /* millionths */
    const char *code; /* "" if unset */
    const char *text; /* "" if unset */
    struct hanse_amount amount;
    struct hanse_amount second;
};

struct hanse_fact {
    const char *id; /* hanse:<origin>/<uuid> */
    uint32_t kind;
    uint32_t self;        /* the entity that it is a record of */
    uint32_t publisher;   /* entity of its feed */
    int32_t published;    /* day of its first revision */
    uint64_t published_s; /* of the current one */
    uint32_t audience;    /* 0 PUBLIC, 1 NETWORK */
    bool repeats;         /* another fact of its kind tells of the same thing and counts for it */
    bool is_sound; /* Project: no rule of validation is broken; Organisation: it has a code of a register */
    struct hanse_facet main;
    const struct hanse_facet *parts;
    size_t part_count;
};

/* A record on its way into a report. */
struct hanse_report_input {
    const char *id;
    const char *origin;
    uint64_t first_published_unix_s;
    uint64_t published_unix_s;
    uint32_t audience;
    const struct hanse_record *record;
};

/* Reads the slots; names go to the entities. `language`: of the labels that people read. */
void hanse_fact_read(struct hanse_entities *entities, const struct hanse_report_input *input,
                     const char *language, struct hanse_fact *out);
/* "12.5" in units of its so many-th decimal, cut beyond that; false if it is no decimal number that fits. */
bool hanse_scaled_read(struct hanse_bytes text, int decimals, int64_t *out);

#endif
