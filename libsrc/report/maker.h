/* SPDX-License-Identifier: Apache-2.0 */
/* Where indicators come from: what is looked at, and how a figure is put down. What fails, fails in the pool
 * of the facts, which is asked at the end. */
#ifndef HANSE_REPORT_MAKER_H
#define HANSE_REPORT_MAKER_H

#include <hanse/report.h>

#include "report/day.h"
#include "report/facts.h"

struct hanse_member {
    uint32_t entity;
    int32_t start;    /* of the time that goes on, or of the last */
    int32_t end;      /* 0: goes on */
    bool is_member;   /* on the last day */
    bool was_member;  /* on the day before the first */
    bool has_joined;  /* in the window */
    bool has_left;    /* in the window */
    uint32_t reason;  /* LeavingReason */
    int32_t last_act; /* within 24 months; 0: none */
    uint32_t acts;
    uint32_t participations;
    bool gives;
    const struct hanse_fact *membership;
    const struct hanse_fact *act;  /* the last one */
    const struct hanse_fact *gift; /* by which it gave */
};

struct hanse_maker {
    struct hanse_facts *facts;
    struct hanse_pool *pool;
    uint32_t network; /* entity; 0: no record speaks of one */
    int32_t first;    /* the window */
    int32_t last;
    struct hanse_member *members; /* everybody who was one until the last day */
    size_t member_count;
    uint32_t *member_of; /* by entity: index + 1 */
    struct hanse_indicator *indicators;
    size_t indicator_count;
    size_t indicator_capacity;
    struct hanse_report_table *tables;
    size_t table_count;
    size_t table_capacity;
};

/* An indicator that is being put together. */
struct hanse_figure {
    struct hanse_maker *maker;
    struct hanse_indicator indicator;
    const char **records;
    size_t record_capacity;
};

/* `id`, `part`, `name` and `unit` are constants, or of the pool. */
struct hanse_figure hanse_figure_of(struct hanse_maker *maker, const char *id, const char *part,
                                    const char *name, const char *unit);
/* A record that is behind it. NULL does nothing. */
void hanse_figure_cite(struct hanse_figure *figure, const struct hanse_fact *fact);
/* Ends it with numerator / denominator, or with `reason` where the denominator is 0. */
void hanse_figure_ratio(struct hanse_figure *figure, double numerator, double denominator, uint64_t count,
                        const char *reason);
/* Ends it with a value that is no ratio; `reason` (NULL: there is one) why there is none. */
void hanse_figure_value(struct hanse_figure *figure, double value, uint64_t count, const char *reason);

/* The member, NULL if it never was one. */
struct hanse_member *hanse_maker_member(const struct hanse_maker *maker, uint32_t entity);
/* Reads the memberships of the network, and what their members did. */
void hanse_maker_read_members(struct hanse_maker *maker);
bool hanse_maker_in_window(const struct hanse_maker *maker, int32_t day);
/* The fact names the network, or none. */
bool hanse_maker_is_of_network(const struct hanse_maker *maker, uint32_t network);
/* A party of the project, or of another fact with parties, is a member or the network; all are where there is
 * no network. */
bool hanse_maker_is_of_members(const struct hanse_maker *maker, const struct hanse_fact *fact);
/* Median of values, which are put in order; 0 for none. */
double hanse_maker_median(int32_t *values, size_t count);

/* A table with `row_count` rows whose cells are to be filled; NULL once the pool has failed. */
const char **hanse_maker_table(struct hanse_maker *maker, const char *id, const char *title,
                               const char *const *columns, size_t column_count, size_t row_count);
/* A day and a number as cells. */
const char *hanse_maker_day(struct hanse_maker *maker, int32_t day);
const char *hanse_maker_number(struct hanse_maker *maker, double number);

#endif
