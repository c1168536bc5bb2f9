/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for the money of networks. */
#include "base/bytes.h"
#include "record/rule.h"

static bool same_currency(const struct hanse_part *a, const struct hanse_part *b)
{
    struct hanse_bytes one = a != NULL ? hanse_rule_text(a, "currency") : (struct hanse_bytes){0};
    struct hanse_bytes other = b != NULL ? hanse_rule_text(b, "currency") : (struct hanse_bytes){0};
    return one.size == 0 || other.size == 0 || hanse_bytes_equal(one, other);
}

static bool fee_has_one_currency(const struct hanse_part *fee)
{
    const struct hanse_part *invoiced = hanse_rule_child(fee, "invoiced", 0);
    for (size_t i = 0; i < hanse_rule_count(fee, "payments"); i++)
        if (!same_currency(invoiced, hanse_rule_child(hanse_rule_child(fee, "payments", i), "amount", 0)))
            return false;
    return same_currency(invoiced, hanse_rule_child(fee, "waived", 0));
}

static bool waiver_is_explained(const struct hanse_part *fee)
{
    return hanse_rule_count(fee, "waived") == 0 || hanse_rule_count(fee, "waiver_reason") > 0;
}

static bool band_is_ordered(const struct hanse_part *band)
{
    return hanse_rule_are_ordered(band, "population_from", "population_to");
}

static bool line_has_one_side(const struct hanse_part *line)
{
    return hanse_rule_count(line, "source_type") + hanse_rule_count(line, "category") == 1;
}

static const struct hanse_rule fee_schedule_rules[] = {
    HANSE_RULE_REQUIRED("fee-schedule-fiscal-year-required", "fiscalYear", "nobody knows which year it is",
                        "give the first and the last day of the fiscal year"),
    HANSE_RULE_REQUIRED("fee-schedule-bands-required", "bands", "the schedule has no band",
                        "add at least one band with its amount"),
};

static const struct hanse_rule fee_band_rules[] = {
    HANSE_RULE_REQUIRED("fee-band-amount-required", "amount", "nobody knows what is charged",
                        "give the amount of a year"),
    {"fee-band-population-order", false, "populationTo", NULL, band_is_ordered,
     "the band ends before it starts", "swap or mend the numbers of residents"},
};

static const struct hanse_rule fee_record_rules[] = {
    HANSE_RULE_REQUIRED("fee-membership-required", "membership", "nobody knows whose fee it is",
                        "name the Membership record"),
    HANSE_RULE_REQUIRED("fee-fiscal-year-required", "fiscalYear", "nobody knows which year it is",
                        "give the first and the last day of the fiscal year"),
    HANSE_RULE_REQUIRED("fee-invoiced-required", "invoiced", "nobody knows what was charged",
                        "give the invoiced amount; 0 where nothing was"),
    {"fee-currency-one", false, "payments", NULL, fee_has_one_currency,
     "fee and payments are in different currencies", "give the amounts in the currency of the invoice"},
    {"fee-waiver-reason-missing", true, "waiverReason", NULL, waiver_is_explained,
     "a fee was waived and nobody says why", "write in waiverReason why"},
};

static const struct hanse_rule fee_payment_rules[] = {
    HANSE_RULE_REQUIRED("fee-payment-amount-required", "amount", "nobody knows what was paid",
                        "give the amount"),
    HANSE_RULE_REQUIRED("fee-payment-date-required", "date", "nobody knows when it was paid",
                        "give at least the year"),
};

static const struct hanse_rule income_record_rules[] = {
    HANSE_RULE_REQUIRED("income-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("income-fiscal-year-required", "fiscalYear", "nobody knows which year it is",
                        "give the first and the last day of the fiscal year"),
    HANSE_RULE_REQUIRED("income-source-required", "source", "nobody knows who pays",
                        "name who pays, or what kind of payers together"),
    HANSE_RULE_REQUIRED("income-source-type-required", "sourceType", "nobody knows what kind of source it is",
                        "set sourceType, such as INCOME_SOURCE_FOUNDATION"),
    HANSE_RULE_REQUIRED("income-amount-required", "amount", "nobody knows how much it is",
                        "give the amount; of income in kind its estimated value"),
    HANSE_RULE_REQUIRED("income-status-required", "status", "nobody knows whether the money came",
                        "set status, such as INCOME_STATUS_RECEIVED"),
};

static const struct hanse_rule expenditure_record_rules[] = {
    HANSE_RULE_REQUIRED("expenditure-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("expenditure-fiscal-year-required", "fiscalYear", "nobody knows which year it is",
                        "give the first and the last day of the fiscal year"),
    HANSE_RULE_REQUIRED("expenditure-category-required", "category",
                        "nobody knows what the money was spent on",
                        "set category, such as EXPENDITURE_CATEGORY_EVENTS"),
    HANSE_RULE_REQUIRED("expenditure-amount-required", "amount", "nobody knows how much it is",
                        "give the amount"),
};

static const struct hanse_rule network_budget_rules[] = {
    HANSE_RULE_REQUIRED("network-budget-network-required", "network",
                        "nobody knows which network it is about", "name its record or code"),
    HANSE_RULE_REQUIRED("network-budget-fiscal-year-required", "fiscalYear", "nobody knows which year it is",
                        "give the first and the last day of the fiscal year"),
    HANSE_RULE_REQUIRED("network-budget-status-required", "status",
                        "nobody knows whether the budget is approved",
                        "set status, such as NETWORK_BUDGET_STATUS_APPROVED"),
    HANSE_RULE_REQUIRED("network-budget-lines-required", "lines", "the budget is empty",
                        "add a line for each source and each category"),
};

static const struct hanse_rule budget_line_rules[] = {
    HANSE_RULE_REQUIRED("budget-line-amount-required", "amount", "the line has no amount", "give the amount"),
    {"budget-line-side", false, "sourceType", NULL, line_has_one_side,
     "the line is neither income nor expenditure, or both", "set either sourceType or category"},
};

const struct hanse_rule_group hanse_rules_account[] = {
    HANSE_RULE_GROUP("FeeSchedule", fee_schedule_rules),
    HANSE_RULE_GROUP("FeeBand", fee_band_rules),
    HANSE_RULE_GROUP("FeeRecord", fee_record_rules),
    HANSE_RULE_GROUP("FeePayment", fee_payment_rules),
    HANSE_RULE_GROUP("IncomeRecord", income_record_rules),
    HANSE_RULE_GROUP("ExpenditureRecord", expenditure_record_rules),
    HANSE_RULE_GROUP("NetworkBudget", network_budget_rules),
    HANSE_RULE_GROUP("BudgetLine", budget_line_rules),
    {NULL, NULL, 0},
};
