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
    return hanse_rule_are_ordered(part, "population_from", "population_to");
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

static const struct hanse_rule adoption_rules[] = {
    HANSE_RULE_REQUIRED("adoption-practice-required", "practice", "nobody knows what was taken over",
                        "name the Practice record"),
    HANSE_RULE_REQUIRED("adoption-adopter-required", "adopter", "nobody knows who took it over",
                        "name the city"),
    HANSE_RULE_REQUIRED("adoption-status-required", "status", "nobody knows how far it is",
                        "set status, such as ADOPTION_STATUS_PILOT"),
};

static const struct hanse_rule learning_need_rules[] = {
    HANSE_RULE_REQUIRED("learning-need-city-required", "city", "nobody knows who wants to learn",
                        "name the city"),
    HANSE_RULE_REQUIRED("learning-need-themes-required", "themes", "nobody can find it by theme",
                        "add at least one theme, such as SDG-TARGET 11.6"),
    HANSE_RULE_REQUIRED("learning-need-text-required", "text", "nobody knows what it is about",
                        "say in a few sentences what the city wants to learn"),
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

static const struct hanse_rule expertise_offer_rules[] = {
    HANSE_RULE_REQUIRED("expertise-offer-city-required", "city", "nobody knows who can teach",
                        "name the city"),
    HANSE_RULE_REQUIRED("expertise-offer-themes-required", "themes", "nobody can find it by theme",
                        "add at least one theme, such as SDG-TARGET 11.6"),
    HANSE_RULE_REQUIRED("expertise-offer-text-required", "text", "nobody knows what it is about",
                        "say in a few sentences what the city can teach"),
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

const struct hanse_rule_group hanse_rules_experience[] = {
    HANSE_RULE_GROUP("Practice", practice_rules),
    HANSE_RULE_GROUP("PracticeStep", step_rules),
    HANSE_RULE_GROUP("PracticePartner", partner_rules),
    HANSE_RULE_GROUP("Transferability", transferability_rules),
    HANSE_RULE_GROUP("Award", award_rules),
    HANSE_RULE_GROUP("Adoption", adoption_rules),
    HANSE_RULE_GROUP("LearningNeed", learning_need_rules),
    HANSE_RULE_GROUP("ExpertiseOffer", expertise_offer_rules),
    {NULL, NULL, 0},
};
