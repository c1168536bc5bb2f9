/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for practices: enough said that another city can use them. */
#include "record/rule.h"

/* Numbers of PracticeStatus and PracticeOutcome. */
enum { IMPLEMENTED = 3, MIXED = 2 };

static bool outcome_is_known(const struct hanse_part *practice)
{
    return hanse_rule_number(practice, "status") < IMPLEMENTED || hanse_rule_count(practice, "outcome") > 0;
}

static bool failure_teaches(const struct hanse_part *practice)
{
    return hanse_rule_number(practice, "outcome") < MIXED || hanse_rule_count(practice, "lessons") > 0;
}

static const struct hanse_rule practice_rules[] = {
    HANSE_RULE_REQUIRED("practice-title-required", "title", "the practice has no title",
                        "give a title in at least one language"),
    HANSE_RULE_REQUIRED("practice-city-required", "city", "nobody knows whose practice it is",
                        "name the city by its record or a code such as \"UNLOCODE:JPKKJ\""),
    HANSE_RULE_REQUIRED("practice-themes-required", "themes", "nobody can find the practice by theme",
                        "add at least one theme, such as SDG-TARGET 11.6"),
    HANSE_RULE_REQUIRED("practice-summary-required", "summary", "nobody knows what the practice is",
                        "say in a few sentences what was done and what came of it"),
    {"practice-outcome-missing", true, "outcome", NULL, outcome_is_known,
     "the practice is in operation or over, and nobody says whether it works",
     "set outcome; PRACTICE_OUTCOME_UNSUCCESSFUL helps others as much"},
    {"practice-lessons-missing", true, "lessons", NULL, failure_teaches,
     "it did not work as meant, and nobody says why", "write in lessons what you would do otherwise"},
};

static const struct hanse_rule step_rules[] = {
    HANSE_RULE_REQUIRED("practice-step-text-required", "text", "the step is empty",
                        "write it or remove the element"),
};

static const struct hanse_rule partner_rules[] = {
    HANSE_RULE_REQUIRED("practice-partner-required", "partner", "the partner has no name",
                        "name it or remove the element"),
};

static bool sizes_are_ordered(const struct hanse_part *part)
{
    return hanse_rule_count(part, "population_to") == 0 ||
           hanse_rule_number(part, "population_from") <= hanse_rule_number(part, "population_to");
}

static const struct hanse_rule transferability_rules[] = {
    {"transferability-population-order", false, "populationTo", NULL, sizes_are_ordered,
     "the largest city is smaller than the smallest", "swap or mend the numbers of residents"},
};

static const struct hanse_rule award_rules[] = {
    HANSE_RULE_REQUIRED("award-title-required", "title", "the award has no name", "name the award"),
    {"award-url-form", true, "url", hanse_rule_is_url, NULL, "the address is no absolute URL",
     "write it in full, https:// included"},
};

const struct hanse_rule_group hanse_rules_experience[] = {
    HANSE_RULE_GROUP("Practice", practice_rules),
    HANSE_RULE_GROUP("PracticeStep", step_rules),
    HANSE_RULE_GROUP("PracticePartner", partner_rules),
    HANSE_RULE_GROUP("Transferability", transferability_rules),
    HANSE_RULE_GROUP("Award", award_rules),
    {NULL, NULL, 0},
};
