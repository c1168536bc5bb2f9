/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for strategies, commitments and progress. */
#include "record/rule.h"

/* Number of CommitmentKind. */
enum { ACTION = 5 };

static bool objectives_differ(const struct hanse_part *strategy)
{
    return hanse_rule_ids_differ(strategy, "objectives", "id");
}

static bool indicator_is_named(const struct hanse_part *commitment)
{
    return hanse_rule_number(commitment, "kind") == ACTION || hanse_rule_count(commitment, "indicator") > 0;
}

static bool target_is_set(const struct hanse_part *commitment)
{
    const struct hanse_part *target = hanse_rule_child(commitment, "target", 0);
    bool measured = target != NULL && hanse_rule_count(target, "value") > 0;
    return hanse_rule_number(commitment, "kind") == ACTION
               ? target != NULL
               : measured || (target != NULL && hanse_rule_count(commitment, "change_millionths") > 0);
}

static bool years_are_ordered(const struct hanse_part *commitment)
{
    const struct hanse_part *baseline = hanse_rule_child(commitment, "baseline", 0);
    const struct hanse_part *target = hanse_rule_child(commitment, "target", 0);
    if (baseline == NULL || target == NULL)
        return true;
    int64_t first = hanse_rule_number(baseline, "year");
    int64_t last = hanse_rule_number(target, "year");
    return first == 0 || last == 0 || first < last;
}

static bool change_has_baseline(const struct hanse_part *commitment)
{
    return hanse_rule_count(commitment, "change_millionths") == 0 ||
           hanse_rule_count(commitment, "baseline") > 0;
}

static const struct hanse_rule strategy_rules[] = {
    HANSE_RULE_REQUIRED("strategy-title-required", "title", "the strategy has no title",
                        "give a title in at least one language"),
    HANSE_RULE_REQUIRED("strategy-owners-required", "owners", "nobody knows whose strategy it is",
                        "name at least one owner"),
    {"objective-ids-differ", false, "objectives", NULL, objectives_differ, "two objectives have one id",
     "give each its own, so that others can name it"},
};

static const struct hanse_rule objective_rules[] = {
    HANSE_RULE_REQUIRED("objective-id-required", "id", "nobody can refer to the objective",
                        "give it an id of its own within the strategy"),
    HANSE_RULE_REQUIRED("objective-statement-required", "statement", "the objective is empty",
                        "say what is to be reached"),
};

static const struct hanse_rule commitment_rules[] = {
    HANSE_RULE_REQUIRED("commitment-city-required", "city", "nobody knows who committed itself",
                        "name the city"),
    HANSE_RULE_REQUIRED("commitment-network-required", "network", "nobody knows which network it is about",
                        "name its record or code"),
    HANSE_RULE_REQUIRED("commitment-statement-required", "statement", "nobody knows to what",
                        "give the words of the declaration in at least one language"),
    HANSE_RULE_REQUIRED("commitment-kind-required", "kind", "nobody knows how to read the target",
                        "set kind, such as COMMITMENT_KIND_ABSOLUTE"),
    {"commitment-indicator-required", false, "indicator", NULL, indicator_is_named,
     "nobody knows what is measured", "name the indicator; or set kind to COMMITMENT_KIND_ACTION"},
    {"commitment-target-required", false, "target", NULL, target_is_set, "nobody knows by when and how much",
     "give target.year, and target.value or changeMillionths"},
    {"commitment-years-order", false, "target", NULL, years_are_ordered,
     "the target is not after the baseline", "mend the years"},
    {"commitment-baseline-missing", true, "baseline", NULL, change_has_baseline,
     "nobody knows against what it changes", "give baseline.year and its value"},
};

static const struct hanse_rule year_value_rules[] = {
    HANSE_RULE_REQUIRED("year-value-year-required", "year", "the value has no year", "give the year"),
    {"year-value-year-likely", true, "year", hanse_rule_is_likely_year, NULL,
     "the year is before 1800 or after 2200", "check the year"},
    {"year-value-form", false, "value", hanse_rule_is_decimal, NULL, "the value is no decimal number",
     "write digits with a point, and the unit in unit"},
};

static const struct hanse_rule progress_report_rules[] = {
    HANSE_RULE_REQUIRED("progress-commitment-required", "commitment",
                        "nobody knows which commitment it is about", "name the Commitment record"),
    HANSE_RULE_REQUIRED("progress-actual-required", "actual", "nobody knows how far it is",
                        "give actual.year and its value, or a notation key"),
};

const struct hanse_rule_group hanse_rules_commitment[] = {
    HANSE_RULE_GROUP("Strategy", strategy_rules),
    HANSE_RULE_GROUP("Objective", objective_rules),
    HANSE_RULE_GROUP("Commitment", commitment_rules),
    HANSE_RULE_GROUP("YearValue", year_value_rules),
    HANSE_RULE_GROUP("ProgressReport", progress_report_rules),
    {NULL, NULL, 0},
};
