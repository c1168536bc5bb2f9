/* SPDX-License-Identifier: Apache-2.0 */
#include "report/maker.h"

#include <stdlib.h>
#include <string.h>

struct hanse_figure hanse_figure_of(struct hanse_maker *maker, const char *id, const char *part,
                                    const char *name, const char *unit)
{
    return (struct hanse_figure){
        .maker = maker,
        .indicator = {
            .id = id, .part = part, .name = name, .unit = unit, .currency = "", .audience = "PUBLIC"}};
}

void hanse_figure_cite(struct hanse_figure *figure, const struct hanse_fact *fact)
{
    struct hanse_indicator *indicator = &figure->indicator;
    if (fact == NULL)
        return;
    const char **records = hanse_pool_grow(figure->maker->pool, figure->records, indicator->record_count,
                                           &figure->record_capacity, sizeof *records);
    if (records == NULL)
        return;
    figure->records = records;
    records[indicator->record_count++] = fact->id;
    if (fact->audience != 0)
        indicator->audience = "NETWORK";
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names are interned: equal ones are the same pointer. */
static void sort_records(struct hanse_figure *figure)
{
    struct hanse_indicator *indicator = &figure->indicator;
    size_t kept = 0;
    if (indicator->record_count > 1)
        qsort(figure->records, indicator->record_count, sizeof *figure->records, by_text);
    for (size_t i = 0; i < indicator->record_count; i++)
        if (kept == 0 || figure->records[kept - 1] != figure->records[i])
            figure->records[kept++] = figure->records[i];
    indicator->record_count = kept;
    indicator->records = figure->records;
}

static void put_down(struct hanse_figure *figure)
{
    struct hanse_maker *maker = figure->maker;
    struct hanse_indicator *indicators =
        hanse_pool_grow(maker->pool, maker->indicators, maker->indicator_count, &maker->indicator_capacity,
                        sizeof *indicators);
    if (indicators == NULL)
        return;
    sort_records(figure);
    maker->indicators = indicators;
    indicators[maker->indicator_count++] = figure->indicator;
}

void hanse_figure_value(struct hanse_figure *figure, double value, uint64_t count, const char *reason)
{
    figure->indicator.computable = reason == NULL;
    figure->indicator.reason = reason;
    figure->indicator.value = reason == NULL ? value : 0;
    figure->indicator.count = count;
    put_down(figure);
}

void hanse_figure_ratio(struct hanse_figure *figure, double numerator, double denominator, uint64_t count,
                        const char *reason)
{
    bool is_computable = denominator > 0 || denominator < 0;
    figure->indicator.numerator = numerator;
    figure->indicator.denominator = denominator;
    hanse_figure_value(figure, is_computable ? numerator / denominator : 0, count,
                       is_computable ? NULL : reason);
}

struct hanse_member *hanse_maker_member(const struct hanse_maker *maker, uint32_t entity)
{
    uint32_t at =
        entity < maker->facts->entities.count && maker->member_of != NULL ? maker->member_of[entity] : 0;
    return at > 0 ? &maker->members[at - 1] : NULL;
}

bool hanse_maker_in_window(const struct hanse_maker *maker, int32_t day)
{
    return day >= maker->first && day <= maker->last;
}

bool hanse_maker_is_of_network(const struct hanse_maker *maker, uint32_t network)
{
    return network == 0 || network == maker->network;
}

bool hanse_maker_is_of_members(const struct hanse_maker *maker, const struct hanse_fact *fact)
{
    if (maker->network == 0)
        return true;
    for (size_t i = 0; i < fact->part_count; i++)
        if (fact->parts[i].tag == HANSE_PART_PARTY &&
            (fact->parts[i].subject == maker->network ||
             hanse_maker_member(maker, fact->parts[i].subject) != NULL))
            return true;
    return false;
}

static int by_number(const void *a, const void *b)
{
    const int32_t *x = a;
    const int32_t *y = b;
    return (*x > *y) - (*x < *y);
}

double hanse_maker_median(int32_t *values, size_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, by_number);
    return ((double)values[(count - 1) / 2] + (double)values[count / 2]) / 2;
}

const char **hanse_maker_table(struct hanse_maker *maker, const char *id, const char *title,
                               const char *const *columns, size_t column_count, size_t row_count)
{
    struct hanse_report_table *tables = hanse_pool_grow(maker->pool, maker->tables, maker->table_count,
                                                        &maker->table_capacity, sizeof *tables);
    const char **cells = hanse_pool_alloc(maker->pool, column_count * row_count + 1, sizeof *cells);
    if (tables == NULL || cells == NULL)
        return NULL;
    maker->tables = tables;
    tables[maker->table_count++] = (struct hanse_report_table){.id = id,
                                                               .title = title,
                                                               .columns = columns,
                                                               .column_count = column_count,
                                                               .cells = cells,
                                                               .row_count = row_count};
    return cells;
}

const char *hanse_maker_day(struct hanse_maker *maker, int32_t day)
{
    char text[16];
    hanse_day_text(day, text);
    return hanse_pool_format(maker->pool, "%s", text);
}

const char *hanse_maker_number(struct hanse_maker *maker, double number)
{
    return hanse_pool_format(maker->pool, "%.10g", number);
}
