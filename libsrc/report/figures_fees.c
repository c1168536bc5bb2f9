/* SPDX-License-Identifier: Apache-2.0 */
/* Membership fees: what of them comes in, what is late, and who leaves for them. */
#include <string.h>

#include "report/figures.h"
#include "report/money.h"

enum { LEFT_FOR_FEE = 1, AGES = 3 };

static const char no_fees[] = "no FeeRecord tells of fees invoiced for a year that began in the time";
static const int32_t age_days[AGES] = {90, 365, INT32_MAX};
static const char *const age_parts[AGES] = {"arrears-90-days", "arrears-one-year", "arrears-older"};
static const char *const age_names[AGES] = {"unpaid and due for up to 90 days, of what was invoiced",
                                            "unpaid and due for 91 to 365 days, of what was invoiced",
                                            "unpaid and due for over a year, of what was invoiced"};

struct fees {
    double invoiced;
    double paid;
    double waived;
    double late[AGES];
    size_t count;
};

/* Of memberships of the network. An unknown membership is nobody's. */
static struct hanse_fact_list find_fees(struct hanse_maker *maker)
{
    struct hanse_fact_list all = hanse_facts_of(maker->facts, HANSE_KIND_FEE_RECORD);
    struct hanse_fact_list found = {.items =
                                        hanse_pool_alloc(maker->pool, all.count + 1, sizeof *found.items)};
    for (size_t i = 0; found.items != NULL && i < all.count; i++) {
        const struct hanse_fact *membership =
            hanse_facts_find(maker->facts, HANSE_KIND_MEMBERSHIP, all.items[i]->main.subject);
        if (membership != NULL && membership->main.network == maker->network &&
            hanse_maker_in_window(maker, all.items[i]->main.start))
            found.items[found.count++] = all.items[i];
    }
    return found;
}

/* Payments until the last day; those in another currency than the invoice break a rule, and do not count. */
static double paid_of(const struct hanse_maker *maker, const struct hanse_fact *fee,
                      const struct hanse_purse *purse)
{
    double paid = 0;
    for (size_t i = 0; i < fee->part_count; i++) {
        double amount;
        const struct hanse_facet *payment = &fee->parts[i];
        if (payment->date <= maker->last &&
            strcmp(payment->amount.currency, fee->main.amount.currency) == 0 &&
            hanse_money_take(purse, &payment->amount, fee->main.end, &amount, NULL))
            paid += amount;
    }
    return paid;
}

static void add_fee(const struct hanse_maker *maker, const struct hanse_fact *fee,
                    const struct hanse_purse *purse, struct fees *fees)
{
    double invoiced;
    double waived = 0;
    if (!hanse_money_take(purse, &fee->main.amount, fee->main.end, &invoiced, NULL))
        return;
    (void)hanse_money_take(purse, &fee->main.second, fee->main.end, &waived, NULL);
    double paid = paid_of(maker, fee, purse);
    double open = invoiced - waived - paid;
    fees->count++;
    fees->invoiced += invoiced;
    fees->paid += paid;
    fees->waived += waived;
    int32_t age = maker->last - fee->main.due;
    for (size_t i = 0; fee->main.due != 0 && age > 0 && open > 0 && i < AGES; i++) {
        if (age > age_days[i])
            continue;
        fees->late[i] += open;
        break;
    }
}

static void put_share(struct hanse_maker *maker, struct hanse_fact_list list, const struct hanse_purse *purse,
                      bool is_split, const char *part, const char *name, double amount,
                      const struct fees *fees)
{
    struct hanse_figure figure = hanse_figure_of(maker, "H4", part, name, "share");
    double taken;
    for (size_t i = 0; i < list.count; i++)
        if (hanse_money_take(purse, &list.items[i]->main.amount, list.items[i]->main.end, &taken, NULL))
            hanse_figure_cite(&figure, list.items[i]);
    hanse_money_mark(&figure, purse, is_split);
    hanse_figure_ratio(&figure, amount, fees->invoiced, fees->count, no_fees);
}

static void count_leavers(struct hanse_maker *maker)
{
    struct hanse_figure figure = hanse_figure_of(maker, "H4", "left-for-fee",
                                                 "members that left for the fee, of all that left", "share");
    size_t left = 0;
    size_t for_fee = 0;
    for (size_t i = 0; i < maker->member_count; i++) {
        if (!maker->members[i].has_left)
            continue;
        left++;
        for_fee += maker->members[i].reason == LEFT_FOR_FEE ? 1 : 0;
        hanse_figure_cite(&figure, maker->members[i].membership);
    }
    hanse_figure_ratio(&figure, (double)for_fee, (double)left, left, "no member left in the time");
}

void hanse_figures_fees(struct hanse_maker *maker)
{
    static const struct hanse_purse none = {.currency = ""};
    struct hanse_purse *purses;
    bool is_split;
    struct hanse_fact_list list = find_fees(maker);
    size_t count = hanse_money_purses(maker, list, &purses, &is_split);
    for (size_t i = 0; i < (count > 0 ? count : 1); i++) {
        struct fees fees = {.count = 0};
        const struct hanse_purse *purse = count > 0 ? &purses[i] : &none;
        for (size_t k = 0; k < list.count; k++)
            add_fee(maker, list.items[k], purse, &fees);
        put_share(maker, list, purse, is_split, "", "fees paid, of what was invoiced", fees.paid, &fees);
        for (size_t k = 0; k < AGES; k++)
            put_share(maker, list, purse, is_split, age_parts[k], age_names[k], fees.late[k], &fees);
        put_share(maker, list, purse, is_split, "waived", "fees waived, of what was invoiced", fees.waived,
                  &fees);
    }
    count_leavers(maker);
}
