/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts of several currencies: added up where RateTable records give a rate for each, else kept apart. */
#ifndef HANSE_REPORT_MONEY_H
#define HANSE_REPORT_MONEY_H

#include "report/maker.h"

/* Amounts that may be added up. */
struct hanse_purse {
    const struct hanse_maker *maker;
    const char *currency;
    bool converts; /* others are turned into it */
};

double hanse_money_number(const struct hanse_amount *amount);
/* One purse for all amounts of the list (their `amount` slot), or one for each currency; gives their number
 * and whether some cannot be turned into the others'. *out: the pool's. */
size_t hanse_money_purses(const struct hanse_maker *maker, struct hanse_fact_list list,
                          struct hanse_purse **out, bool *out_is_split);
/* An amount in the purse's currency as of a day; false if it does not belong there. `out_table` (NULL ok):
 * the RateTable that was used. */
bool hanse_money_take(const struct hanse_purse *purse, const struct hanse_amount *amount, int32_t day,
                      double *out, const struct hanse_fact **out_table);
/* Sets the currency of a figure, and says that amounts were turned into it or could not be. */
void hanse_money_mark(struct hanse_figure *figure, const struct hanse_purse *purse, bool is_split);

#endif
