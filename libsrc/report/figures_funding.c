/* SPDX-License-Identifier: Apache-2.0 */
/* Where the network's money comes from, and how much it depends on few. */
#include <string.h>

#include "report/figures.h"
#include "report/money.h"

enum {
    SOURCE_FEE = 1,
    SOURCE_HOST_CITY = 2,
    SOURCE_IN_KIND = 11,
    SOURCE_BEYOND = 13,
    STATUS_RECEIVED = 3,
    EARMARK_NONE = 1
};

static const char no_income[] =
    "no IncomeRecord tells of money received in a fiscal year that began in the time";
static const char *const source_names[SOURCE_BEYOND] = {
    "not said",          "membership fee",   "host city",  "national government", "ODA agency",
    "multilateral",      "development bank", "foundation", "private sector",      "service revenue",
    "member, voluntary", "in kind",          "other"};

struct income {
    struct hanse_maker *maker;
    struct hanse_fact_list records; /* by source */
    const struct hanse_purse *purse;
    bool is_split;
    double total;
    double by_type[SOURCE_BEYOND];
    double unearmarked;
    double top;
    double payer_squares;
    size_t payers;
    size_t count;
};

static struct hanse_fact_list find_income(struct hanse_maker *maker)
{
    struct hanse_fact_list all = hanse_facts_of(maker->facts, HANSE_KIND_INCOME_RECORD);
    struct hanse_fact_list found = {.items =
                                        hanse_pool_alloc(maker->pool, all.count + 1, sizeof *found.items)};
    for (size_t i = 0; found.items != NULL && i < all.count; i++) {
        const struct hanse_facet *income = &all.items[i]->main;
        if (income->network == maker->network && income->status == STATUS_RECEIVED &&
            hanse_maker_in_window(maker, income->start))
            found.items[found.count++] = all.items[i];
    }
    return found;
}

static void end_payer(struct income *income, double sum)
{
    income->payers++;
    income->payer_squares += sum * sum;
    income->top = sum > income->top ? sum : income->top;
}

static void add_up(struct income *income)
{
    uint32_t payer = 0;
    double sum = 0;
    for (size_t i = 0; i < income->records.count; i++) {
        const struct hanse_facet *record = &income->records.items[i]->main;
        double amount;
        if (!hanse_money_take(income->purse, &record->amount, record->end, &amount, NULL))
            continue;
        if (income->count++ > 0 && record->subject != payer) {
            end_payer(income, sum);
            sum = 0;
        }
        payer = record->subject;
        sum += amount;
        income->total += amount;
        income->by_type[record->type < SOURCE_BEYOND ? record->type : 0] += amount;
        income->unearmarked += record->number == EARMARK_NONE ? amount : 0;
    }
    if (income->count > 0)
        end_payer(income, sum);
}

static struct hanse_figure start(const struct income *income, const char *id, const char *part,
                                 const char *name, const char *unit)
{
    struct hanse_figure figure = hanse_figure_of(income->maker, id, part, name, unit);
    for (size_t i = 0; i < income->records.count; i++) {
        const struct hanse_fact *record = income->records.items[i];
        const struct hanse_fact *table = NULL;
        double amount;
        if (hanse_money_take(income->purse, &record->main.amount, record->main.end, &amount, &table)) {
            hanse_figure_cite(&figure, record);
            hanse_figure_cite(&figure, table);
        }
    }
    hanse_money_mark(&figure, income->purse, income->is_split);
    return figure;
}

static void share(const struct income *income, const char *part, const char *name, double amount)
{
    struct hanse_figure figure = start(income, "H3", part, name, "share");
    hanse_figure_ratio(&figure, amount, income->total, income->count, no_income);
}

static void count_concentration(const struct income *income)
{
    struct hanse_figure payers =
        start(income, "H1", "", "how far income comes from one payer (1: all of it)", "index");
    struct hanse_figure types =
        start(income, "H1", "source-types", "how far income is of one type (1: all of it)", "index");
    struct hanse_figure effective =
        start(income, "H2", "", "number of equal payers that would be as concentrated", "number");
    struct hanse_figure normalised =
        start(income, "H2", "normalised",
              "concentration of payers, from 0 (all pay the same) to 1 (one pays)", "index");
    double squared = income->total * income->total;
    double type_squares = 0;
    for (size_t i = 0; i < SOURCE_BEYOND; i++)
        type_squares += income->by_type[i] * income->by_type[i];
    hanse_figure_ratio(&payers, income->payer_squares, squared, income->count, no_income);
    hanse_figure_ratio(&types, type_squares, squared, income->count, no_income);
    hanse_figure_ratio(&effective, squared, income->payer_squares, income->payers, no_income);
    double even = income->payers > 0 ? 1 / (double)income->payers : 1;
    double index = squared > 0 ? income->payer_squares / squared : 0;
    hanse_figure_ratio(&normalised, index - even, income->payers > 1 ? 1 - even : 0, income->payers,
                       squared > 0 ? "there is one payer alone" : no_income);
}

static void list_types(const struct income *income, size_t purses)
{
    static const char *const columns[] = {"source", "currency", "amount", "share"};
    size_t rows = 0;
    for (size_t i = 0; i < SOURCE_BEYOND; i++)
        rows += income->by_type[i] != 0 ? 1 : 0;
    const char **cell = hanse_maker_table(income->maker, "funding",
                                          purses > 1 ? "Where the money came from, in one currency"
                                                     : "Where the money came from",
                                          columns, 4, rows);
    for (size_t i = 0; cell != NULL && i < SOURCE_BEYOND; i++) {
        if (income->by_type[i] == 0)
            continue;
        *cell++ = source_names[i];
        *cell++ = income->purse->currency;
        *cell++ = hanse_maker_number(income->maker, income->by_type[i]);
        *cell++ = hanse_pool_format(income->maker->pool, "%.4f", income->by_type[i] / income->total);
    }
}

void hanse_figures_funding(struct hanse_maker *maker)
{
    static const struct hanse_purse none = {.currency = ""};
    struct hanse_purse *purses;
    struct income whole = {.maker = maker, .records = find_income(maker), .purse = &none};
    size_t count = hanse_money_purses(maker, whole.records, &purses, &whole.is_split);
    for (size_t i = 0; i < (count > 0 ? count : 1); i++) {
        struct income income = whole;
        income.purse = count > 0 ? &purses[i] : &none;
        add_up(&income);
        count_concentration(&income);
        share(&income, "", "share of the largest payer", income.top);
        share(&income, "fee-share", "share of membership fees", income.by_type[SOURCE_FEE]);
        share(&income, "unearmarked-share", "share that is not earmarked", income.unearmarked);
        share(&income, "host-city-share", "share of the host city", income.by_type[SOURCE_HOST_CITY]);
        share(&income, "in-kind-share", "share that is given in kind", income.by_type[SOURCE_IN_KIND]);
        list_types(&income, count);
    }
}
