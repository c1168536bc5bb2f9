/* SPDX-License-Identifier: Apache-2.0 */
#include "report/money.h"

#include <string.h>

#define RATE_SCALE 1e12

double hanse_money_number(const struct hanse_amount *amount)
{
    return (double)amount->units + (double)amount->nanos / 1e9;
}

/* The newest rate up to the day, else the first after it. */
static bool is_nearer(int32_t candidate, int32_t best, int32_t day)
{
    if (best == 0)
        return true;
    if ((candidate <= day) != (best <= day))
        return candidate <= day;
    return candidate <= day ? candidate > best : candidate < best;
}

static bool find_rate(const struct hanse_maker *maker, const char *from, const char *to, int32_t day,
                      double *out, const struct hanse_fact **out_table)
{
    struct hanse_fact_list tables = hanse_facts_of(maker->facts, HANSE_KIND_RATE_TABLE);
    int32_t best = 0;
    for (size_t i = 0; i < tables.count; i++) {
        for (size_t k = 0; k < tables.items[i]->part_count; k++) {
            const struct hanse_facet *rate = &tables.items[i]->parts[k];
            bool is_straight = strcmp(rate->code, from) == 0 && strcmp(rate->text, to) == 0;
            bool is_inverse = strcmp(rate->code, to) == 0 && strcmp(rate->text, from) == 0;
            if (rate->number <= 0 || rate->date == 0 || (!is_straight && !is_inverse) ||
                !is_nearer(rate->date, best, day))
                continue;
            best = rate->date;
            *out = is_straight ? (double)rate->number / RATE_SCALE : RATE_SCALE / (double)rate->number;
            if (out_table != NULL)
                *out_table = tables.items[i];
        }
    }
    return best != 0;
}

bool hanse_money_take(const struct hanse_purse *purse, const struct hanse_amount *amount, int32_t day,
                      double *out, const struct hanse_fact **out_table)
{
    double rate = 1;
    if (amount->currency[0] == '\0')
        return false;
    bool is_same = strcmp(amount->currency, purse->currency) == 0;
    if (!is_same && (!purse->converts ||
                     !find_rate(purse->maker, amount->currency, purse->currency, day, &rate, out_table)))
        return false;
    *out = hanse_money_number(amount) * rate;
    return true;
}

/* Currencies in use, and of how many amounts each is. */
struct currency {
    const char *code;
    size_t count;
};

static size_t count_currencies(struct hanse_fact_list list, struct currency *out, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        const char *code = list.items[i]->main.amount.currency;
        size_t at = 0;
        while (at < count && strcmp(out[at].code, code) != 0)
            at++;
        if (code[0] == '\0' || at == room)
            continue;
        if (at == count)
            out[count++] = (struct currency){.code = code};
        out[at].count++;
    }
    return count;
}

size_t hanse_money_purses(const struct hanse_maker *maker, struct hanse_fact_list list,
                          struct hanse_purse **out, bool *out_is_split)
{
    enum { MAX_CURRENCIES = 64 };
    struct currency used[MAX_CURRENCIES];
    size_t count = count_currencies(list, used, MAX_CURRENCIES);
    struct hanse_purse *purses = hanse_pool_alloc(maker->pool, count + 1, sizeof *purses);
    *out_is_split = false;
    *out = purses;
    if (purses == NULL || count == 0)
        return 0;
    size_t most = 0;
    for (size_t i = 1; i < count; i++)
        if (used[i].count > used[most].count ||
            (used[i].count == used[most].count && strcmp(used[i].code, used[most].code) < 0))
            most = i;
    purses[0] = (struct hanse_purse){.maker = maker, .currency = used[most].code, .converts = count > 1};
    double amount;
    for (size_t i = 0; i < list.count && !*out_is_split; i++)
        *out_is_split = list.items[i]->main.amount.currency[0] != '\0' &&
                        !hanse_money_take(&purses[0], &list.items[i]->main.amount, list.items[i]->main.end,
                                          &amount, NULL);
    for (size_t i = 0; *out_is_split && i < count; i++)
        purses[i] = (struct hanse_purse){.maker = maker, .currency = used[i].code};
    return *out_is_split ? count : 1;
}

void hanse_money_mark(struct hanse_figure *figure, const struct hanse_purse *purse, bool is_split)
{
    figure->indicator.currency = purse->currency;
    if (is_split)
        figure->indicator.note =
            "amounts in this currency only: no RateTable record turns the others into it";
    else if (purse->converts)
        figure->indicator.note = "other currencies are turned into this one by the RateTable records";
}
