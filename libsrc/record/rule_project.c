/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for projects, after the rule set of IATI 2.03 (numbers in the remedies are its own). */
#include "base/bytes.h"
#include "record/rule_code.h"

/* Numbers of ProjectDateType. */
enum { PLANNED_START = 1, ACTUAL_START = 2, PLANNED_END = 3, ACTUAL_END = 4 };

/* The first date of the type, 0 if there is none. */
static int64_t date_of(const struct hanse_part *project, int64_t type, bool last)
{
    for (size_t i = 0; i < hanse_rule_count(project, "dates"); i++) {
        const struct hanse_part *entry = hanse_rule_child(project, "dates", i);
        if (hanse_rule_number(entry, "type") == type)
            return hanse_rule_day(hanse_rule_child(entry, "date", 0), last);
    }
    return 0;
}

static bool has_start(const struct hanse_part *project)
{
    return date_of(project, PLANNED_START, false) != 0 || date_of(project, ACTUAL_START, false) != 0;
}

static bool is_ordered(int64_t start, int64_t end)
{
    return start == 0 || end == 0 || start <= end;
}

static bool dates_are_ordered(const struct hanse_part *project)
{
    return is_ordered(date_of(project, PLANNED_START, false), date_of(project, PLANNED_END, true)) &&
           is_ordered(date_of(project, ACTUAL_START, false), date_of(project, ACTUAL_END, true));
}

/* Of the scheme of sector `first`: true if it stands there once without share, or all shares make a whole. */
static bool shares_of_scheme_suit(const struct hanse_part *part, size_t first)
{
    struct hanse_bytes scheme = hanse_rule_text(hanse_rule_child(part, "sectors", first), "scheme");
    size_t codes = 0;
    size_t shares = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < hanse_rule_count(part, "sectors"); i++) {
        const struct hanse_part *sector = hanse_rule_child(part, "sectors", i);
        if (!hanse_bytes_equal(hanse_rule_text(sector, "scheme"), scheme))
            continue;
        codes++;
        shares += hanse_rule_count(sector, "shareMillionths");
        sum += hanse_rule_number(sector, "shareMillionths");
    }
    return (codes == 1 && shares == 0) || (shares == codes && sum == 1000000);
}

/* Each scheme is judged once. Their number is bounded, or as many schemes as sectors would take quadratic
 * time; no project has that many. */
static bool shares_suit(const struct hanse_part *part)
{
    enum { MAX_SCHEMES = 32 };
    struct hanse_bytes judged[MAX_SCHEMES];
    size_t count = 0;
    for (size_t i = 0; i < hanse_rule_count(part, "sectors"); i++) {
        struct hanse_bytes scheme = hanse_rule_text(hanse_rule_child(part, "sectors", i), "scheme");
        size_t known = 0;
        while (known < count && !hanse_bytes_equal(judged[known], scheme))
            known++;
        if (known < count)
            continue;
        if (count == MAX_SCHEMES || !shares_of_scheme_suit(part, i))
            return false;
        judged[count++] = scheme;
    }
    return true;
}

static bool has_sector(const struct hanse_part *project)
{
    size_t transactions = hanse_rule_count(project, "transactions");
    if (hanse_rule_count(project, "sectors") > 0)
        return true;
    for (size_t i = 0; i < transactions; i++)
        if (hanse_rule_count(hanse_rule_child(project, "transactions", i), "sectors") == 0)
            return false;
    return transactions > 0;
}

#define SHARES_RULE                                                                                          \
    {                                                                                                        \
        "sector-shares-sum", true, "sectors", NULL, shares_suit,                                             \
            "the shares of the sectors of one list do not add up to 1000000",                                \
            "give each sector of the list a share, together exactly 1000000; a single one needs none (IATI " \
            "2.1)"                                                                                           \
    }

/* A project counts by its actual start, else by the planned one. */
static bool project_codes_were_current(const struct hanse_part *project)
{
    int64_t start = date_of(project, ACTUAL_START, false);
    return hanse_rule_codes_were_current(project,
                                         start != 0 ? start : date_of(project, PLANNED_START, false));
}

static bool transaction_codes_were_current(const struct hanse_part *transaction)
{
    return hanse_rule_codes_were_current(transaction,
                                         hanse_rule_day(hanse_rule_child(transaction, "date", 0), false));
}

static const struct hanse_rule project_rules[] = {
    {"project-title-required", false, "title", NULL, NULL, "the project has no title",
     "give a title in at least one language"},
    {"project-status-required", false, "status", NULL, NULL, "nobody knows how far the project is",
     "set status, such as PROJECT_STATUS_IMPLEMENTATION"},
    {"project-start-required", false, "dates", NULL, has_start, "the project has no start",
     "add a date of type PROJECT_DATE_TYPE_PLANNED_START or PROJECT_DATE_TYPE_ACTUAL_START (IATI 6.11.1)"},
    {"project-dates-order", false, "dates", NULL, dates_are_ordered, "the project ends before it starts",
     "swap or mend the dates (IATI 11.1.2, 11.1.3)"},
    {"project-participants-required", false, "participants", NULL, NULL, "nobody takes part in the project",
     "add at least one participant"},
    {"project-codes-current", false, "sectors", NULL, project_codes_were_current,
     "a sector or type was withdrawn before the project began", "choose one that is in use"},
    SHARES_RULE,
    {"project-description-missing", true, "description", NULL, NULL, "the project has no description",
     "say in a few sentences what it is about"},
    {"project-sector-missing", true, "sectors", NULL, has_sector, "the project has no sector",
     "add a sector to the project or to all its transactions (IATI 6.2.2)"},
};

static const struct hanse_rule description_rules[] = {
    {"description-text-required", false, "text", NULL, NULL, "the description is empty",
     "write it or remove the element"},
};

static const struct hanse_rule project_date_rules[] = {
    {"project-date-type-required", false, "type", NULL, NULL, "nobody knows what happens at the date",
     "set type, such as PROJECT_DATE_TYPE_ACTUAL_START"},
    {"project-date-required", false, "date", NULL, NULL, "the date is missing",
     "give it or remove the element"},
};

static const struct hanse_rule participant_rules[] = {
    {"participant-actor-required", false, "actor", NULL, NULL, "the participant is nobody",
     "name a record, a code or at least a name (IATI 6.10.1)"},
    {"participant-role-required", false, "role", NULL, NULL, "nobody knows what the participant does",
     "set role, such as PARTICIPANT_ROLE_IMPLEMENTING"},
};

static bool period_is_closed(const struct hanse_part *budget)
{
    const struct hanse_part *period = hanse_rule_child(budget, "period", 0);
    return period == NULL || (hanse_rule_count(period, "start") > 0 && hanse_rule_count(period, "end") > 0);
}

/* Dates here are year * 10000 + month * 100 + day: the same day of the next year is 10000 more. */
static bool period_is_a_year(const struct hanse_part *budget)
{
    const struct hanse_part *period = hanse_rule_child(budget, "period", 0);
    int64_t start = hanse_rule_day(hanse_rule_child(period, "start", 0), false);
    int64_t end = hanse_rule_day(hanse_rule_child(period, "end", 0), true);
    return start == 0 || end == 0 || end <= start + 10000;
}

static const struct hanse_rule budget_rules[] = {
    {"budget-period-required", false, "period", NULL, NULL, "the budget has no period",
     "say from when to when"},
    {"budget-value-required", false, "value", NULL, NULL, "the budget has no amount", "give the amount"},
    {"budget-period-closed", false, "period", NULL, period_is_closed, "the budget's period is open",
     "give both its start and its end"},
    {"budget-period-one-year", false, "period", NULL, period_is_a_year, "the budget is for more than a year",
     "split it into budgets of at most one year (IATI 7.5.3)"},
};

static const struct hanse_rule transaction_rules[] = {
    {"transaction-type-required", false, "type", NULL, NULL, "nobody knows what kind of transaction it is",
     "set type, such as TRANSACTION_TYPE_DISBURSEMENT"},
    {"transaction-date-required", false, "date", NULL, NULL, "the transaction has no date", "give its date"},
    {"transaction-value-required", false, "value", NULL, NULL, "the transaction has no amount",
     "give the amount; what has none is a contribution"},
    {"transaction-codes-current", false, "sectors", NULL, transaction_codes_were_current,
     "a sector or type was withdrawn before the day of the transaction", "choose one that is in use"},
    SHARES_RULE,
};

static const struct hanse_rule contribution_rules[] = {
    {"contribution-party-required", false, "party", NULL, NULL, "nobody gives the contribution",
     "name who gives it"},
    {"contribution-kind-required", false, "kind", NULL, NULL, "nobody knows what is given",
     "set kind, such as CONTRIBUTION_KIND_STAFF_TIME"},
    {"contribution-quantity-form", false, "quantity", hanse_rule_is_decimal, NULL,
     "the quantity is no decimal number", "write digits with a point, and the unit in unit"},
};

static const struct hanse_rule result_rules[] = {
    {"result-type-required", false, "type", NULL, NULL, "nobody knows what kind of result it is",
     "set type, such as RESULT_TYPE_OUTCOME"},
    {"result-title-required", false, "title", NULL, NULL, "the result has no title",
     "give a title in at least one language"},
};

static const struct hanse_rule indicator_rules[] = {
    {"indicator-measure-required", false, "measure", NULL, NULL, "nobody knows what the values are",
     "set measure, such as INDICATOR_MEASURE_UNIT"},
    {"indicator-title-required", false, "title", NULL, NULL, "the indicator has no title",
     "give a title in at least one language"},
};

static const struct hanse_rule baseline_rules[] = {
    {"baseline-date-required", false, "date", NULL, NULL, "the baseline has no year",
     "give at least the year"},
};

static const struct hanse_rule indicator_period_rules[] = {
    {"indicator-period-required", false, "period", NULL, NULL, "nobody knows when the values hold",
     "give the period"},
};

static bool value_is_explained(const struct hanse_part *value)
{
    return hanse_rule_count(value, "value") + hanse_rule_count(value, "notation") +
               hanse_rule_count(value, "comment") >
           0;
}

static const struct hanse_rule indicator_value_rules[] = {
    {"indicator-value-missing", true, "value", NULL, value_is_explained,
     "there is no value and no reason why", "give the value, a notation key or a comment"},
};

static const struct hanse_rule dimension_rules[] = {
    {"dimension-name-required", false, "name", NULL, NULL, "the dimension has no name",
     "say what it splits by"},
    {"dimension-value-required", false, "value", NULL, NULL, "the dimension has no value",
     "say which part is counted"},
};

static const struct hanse_rule related_rules[] = {
    {"related-type-required", false, "type", NULL, NULL, "nobody knows how the projects are related",
     "set type, such as RELATION_TYPE_PARENT"},
    {"related-project-required", false, "project", NULL, NULL, "the related project is missing",
     "name the record or \"IATI-ACT:<identifier>\""},
};

static const struct hanse_rule condition_rules[] = {
    {"condition-type-required", false, "type", NULL, NULL, "nobody knows what kind of condition it is",
     "set type, such as CONDITION_TYPE_PERFORMANCE"},
    {"condition-text-required", false, "text", NULL, NULL, "the condition is empty",
     "write it or remove the element"},
};

const struct hanse_rule_group hanse_rules_project[] = {
    HANSE_RULE_GROUP("Project", project_rules),
    HANSE_RULE_GROUP("Description", description_rules),
    HANSE_RULE_GROUP("ProjectDate", project_date_rules),
    HANSE_RULE_GROUP("Participant", participant_rules),
    HANSE_RULE_GROUP("Budget", budget_rules),
    HANSE_RULE_GROUP("Transaction", transaction_rules),
    HANSE_RULE_GROUP("Contribution", contribution_rules),
    HANSE_RULE_GROUP("Result", result_rules),
    HANSE_RULE_GROUP("Indicator", indicator_rules),
    HANSE_RULE_GROUP("IndicatorBaseline", baseline_rules),
    HANSE_RULE_GROUP("IndicatorPeriod", indicator_period_rules),
    HANSE_RULE_GROUP("IndicatorValue", indicator_value_rules),
    HANSE_RULE_GROUP("Dimension", dimension_rules),
    HANSE_RULE_GROUP("RelatedProject", related_rules),
    HANSE_RULE_GROUP("Condition", condition_rules),
    {NULL, NULL, 0},
};
