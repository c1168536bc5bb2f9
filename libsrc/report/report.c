/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "report/figures.h"

enum { MONTHS_A_YEAR = 12 };

enum hanse_status hanse_report_new(const char *language, struct hanse_report **out, struct hanse_error *err)
{
    struct hanse_report *report = hanse_alloc_zeroed(1, sizeof *report);
    if (report == NULL)
        return hanse_fail_memory(err);
    hanse_facts_init(&report->facts, language);
    *out = report;
    return HANSE_OK;
}

void hanse_report_free(struct hanse_report *report)
{
    if (report == NULL)
        return;
    hanse_facts_release(&report->facts);
    hanse_free(report);
}

void hanse_report_add_feed(struct hanse_report *report, const char *origin, uint64_t size,
                           const uint8_t root[32])
{
    struct hanse_report_feed *feeds = hanse_pool_grow(&report->facts.pool, report->feeds, report->feed_count,
                                                      &report->feed_capacity, sizeof *feeds);
    if (feeds == NULL)
        return;
    report->feeds = feeds;
    feeds[report->feed_count] = (struct hanse_report_feed){
        .origin = hanse_pool_text(&report->facts.pool, hanse_bytes_of_text(origin)), .size = size};
    memcpy(feeds[report->feed_count++].root, root, sizeof feeds->root);
}

/* Networks that records are of or speak of as such, each once; gives their number. */
static size_t find_networks(struct hanse_report *report, uint32_t **out)
{
    static const uint32_t kinds[] = {HANSE_KIND_NETWORK, HANSE_KIND_MEMBERSHIP, HANSE_KIND_POST,
                                     HANSE_KIND_INCOME_RECORD};
    struct hanse_facts *facts = &report->facts;
    uint32_t *found = hanse_pool_alloc(&facts->pool, facts->count + 1, sizeof *found);
    bool *seen = hanse_pool_alloc(&facts->pool, facts->entities.count, sizeof *seen);
    size_t count = 0;
    *out = found;
    for (size_t k = 0; found != NULL && seen != NULL && k < sizeof kinds / sizeof *kinds; k++) {
        struct hanse_fact_list list = hanse_facts_of(facts, kinds[k]);
        for (size_t i = 0; i < list.count; i++) {
            uint32_t network =
                kinds[k] == HANSE_KIND_NETWORK ? list.items[i]->self : list.items[i]->main.network;
            if (network == 0 || seen[network])
                continue;
            seen[network] = true;
            found[count++] = network;
        }
    }
    return count;
}

static bool is_called(const struct hanse_facts *facts, uint32_t network, const char *name)
{
    const struct hanse_fact *record = hanse_facts_find(facts, HANSE_KIND_NETWORK, network);
    return strcmp(hanse_entity_shown(&facts->entities, network), name) == 0 ||
           (record != NULL && strcmp(record->main.code, name) == 0) ||
           hanse_entity_root(&facts->entities,
                             hanse_entity_find(&facts->entities, hanse_bytes_of_text(name))) == network;
}

static enum hanse_status name_several(const struct hanse_facts *facts, const uint32_t *networks, size_t count,
                                      struct hanse_error *err)
{
    char names[300] = "";
    size_t used = 0;
    for (size_t i = 0; i < count && used < sizeof names; i++) {
        int size = snprintf(names + used, sizeof names - used, "%s\"%.60s\"", i > 0 ? ", " : "",
                            hanse_entity_shown(&facts->entities, networks[i]));
        used += size > 0 ? (size_t)size : 0;
    }
    return hanse_fail(err, HANSE_INVALID_ARGUMENT, "network is not chosen: records speak of %s", names);
}

static enum hanse_status choose_network(struct hanse_report *report, const char *name,
                                        struct hanse_error *err)
{
    uint32_t *networks;
    size_t count = find_networks(report, &networks);
    enum hanse_status status = hanse_pool_check(&report->facts.pool, err);
    if (status != HANSE_OK)
        return status;
    if (name == NULL && count > 1)
        return name_several(&report->facts, networks, count, err);
    if (name == NULL) {
        report->maker.network = count == 1 ? networks[0] : 0;
        return HANSE_OK;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_called(&report->facts, networks[i], name))
            continue;
        report->maker.network = networks[i];
        return HANSE_OK;
    }
    return hanse_fail(err, HANSE_NOT_FOUND, "no network is called \"%.100s\"", name);
}

static enum hanse_status choose_window(struct hanse_maker *maker, uint32_t year, int32_t last,
                                       struct hanse_error *err)
{
    if (year > 9999)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "year %u is none of the calendar: use 1 to 9999",
                          year);
    maker->first = year != 0 ? hanse_day_of((int)year, 1, 1) : hanse_day_add_months(last, -MONTHS_A_YEAR) + 1;
    maker->last = year != 0 ? hanse_day_of((int)year, 12, 31) : last;
    maker->last = maker->last < last ? maker->last : last;
    if (maker->first > last)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "year %u has not begun on the day of the report",
                          year);
    return HANSE_OK;
}

static void fill_scope(struct hanse_report *report)
{
    struct hanse_maker *maker = &report->maker;
    struct hanse_report_scope *scope = &report->scope;
    scope->first_day = hanse_maker_day(maker, maker->first);
    scope->last_day = hanse_maker_day(maker, maker->last);
    scope->public_records = report->facts.audiences[0];
    scope->network_records = report->facts.audiences[1];
    scope->audience = scope->network_records > 0 ? "NETWORK" : "PUBLIC";
    if (maker->network == 0)
        return;
    const struct hanse_fact *record = hanse_facts_find(&report->facts, HANSE_KIND_NETWORK, maker->network);
    scope->network = hanse_entity_shown(&report->facts.entities, maker->network);
    scope->network_id =
        record != NULL ? record->id : hanse_entity_get(&report->facts.entities, maker->network)->name;
}

static int by_id(const void *a, const void *b)
{
    const struct hanse_indicator *x = a;
    const struct hanse_indicator *y = b;
    int order = strcmp(x->id, y->id);
    order = order != 0 ? order : strcmp(x->currency, y->currency);
    return order != 0 ? order : strcmp(x->part, y->part);
}

enum hanse_status hanse_report_end(struct hanse_report *report, const char *network, uint32_t year,
                                   int32_t last, struct hanse_error *err)
{
    struct hanse_maker *maker = &report->maker;
    *maker = (struct hanse_maker){.facts = &report->facts, .pool = &report->facts.pool};
    enum hanse_status status = hanse_facts_end(&report->facts, err);
    if (status == HANSE_OK)
        status = choose_window(maker, year, last, err);
    if (status == HANSE_OK)
        status = choose_network(report, network, err);
    if (status != HANSE_OK)
        return status;
    hanse_maker_read_members(maker);
    hanse_figures_rotation(maker);
    hanse_figures_funding(maker);
    hanse_figures_fees(maker);
    hanse_figures_flows(maker);
    hanse_figures_evaluation(maker);
    hanse_figures_requests(maker);
    hanse_figures_disclosure(maker);
    hanse_figures_contacts(maker);
    hanse_figures_membership(maker);
    hanse_figures_commitment(maker);
    hanse_figures_ground(maker);
    hanse_figures_cooperation(maker);
    hanse_figures_experience(maker);
    hanse_figures_advocacy(maker);
    fill_scope(report);
    if (maker->indicator_count > 1)
        qsort(maker->indicators, maker->indicator_count, sizeof *maker->indicators, by_id);
    return hanse_pool_check(&report->facts.pool, err);
}

const struct hanse_report_scope *hanse_report_scope(const struct hanse_report *report)
{
    return &report->scope;
}

size_t hanse_report_feed_count(const struct hanse_report *report)
{
    return report->feed_count;
}

const struct hanse_report_feed *hanse_report_feed(const struct hanse_report *report, size_t index)
{
    return index < report->feed_count ? &report->feeds[index] : NULL;
}

size_t hanse_report_indicator_count(const struct hanse_report *report)
{
    return report->maker.indicator_count;
}

const struct hanse_indicator *hanse_report_indicator(const struct hanse_report *report, size_t index)
{
    return index < report->maker.indicator_count ? &report->maker.indicators[index] : NULL;
}

size_t hanse_report_table_count(const struct hanse_report *report)
{
    return report->maker.table_count;
}

const struct hanse_report_table *hanse_report_table(const struct hanse_report *report, size_t index)
{
    return index < report->maker.table_count ? &report->maker.tables[index] : NULL;
}
