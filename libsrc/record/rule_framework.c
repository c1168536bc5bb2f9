/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for law, funding programmes, division of work and support at home. */
#include "base/bytes.h"
#include "record/rule.h"

/* Number of Responsibility. */
enum { ACCOUNTABLE = 1 };

static const struct hanse_part *accountable_function(const struct hanse_part *division, size_t index)
{
    const struct hanse_part *assignment = hanse_rule_child(division, "assignments", index);
    bool accountable = hanse_rule_number(assignment, "responsibility") == ACCOUNTABLE;
    return accountable ? hanse_rule_child(assignment, "function", 0) : NULL;
}

/* Quadratic, so bounded: past as many assignments as people write, the rest is not compared. */
static bool one_is_accountable(const struct hanse_part *division)
{
    enum { MAX_COMPARED = 256 };
    size_t count = hanse_rule_count(division, "assignments");
    for (size_t i = 1; i < count && i < MAX_COMPARED; i++) {
        const struct hanse_part *function = accountable_function(division, i);
        for (size_t k = 0; function != NULL && k < i; k++) {
            const struct hanse_part *other = accountable_function(division, k);
            if (other != NULL &&
                hanse_bytes_equal(hanse_rule_text(function, "scheme"), hanse_rule_text(other, "scheme")) &&
                hanse_bytes_equal(hanse_rule_text(function, "code"), hanse_rule_text(other, "code")))
                return false;
        }
    }
    return true;
}

static const struct hanse_rule legal_instrument_rules[] = {
    HANSE_RULE_REQUIRED("instrument-type-required", "type", "nobody knows what kind of instrument it is",
                        "set type, such as INSTRUMENT_TYPE_MEMORANDUM"),
    HANSE_RULE_REQUIRED("instrument-title-required", "title", "the instrument has no title",
                        "give a title in at least one language"),
};

static const struct hanse_rule signatory_rules[] = {
    HANSE_RULE_REQUIRED("signatory-party-required", "party", "nobody knows who signed",
                        "name the city or organisation, not a person"),
};

static const struct hanse_rule funding_programme_rules[] = {
    HANSE_RULE_REQUIRED("programme-name-required", "name", "the programme has no name",
                        "give its name in at least one language"),
    HANSE_RULE_REQUIRED("programme-operator-required", "operator", "nobody knows who decides on applications",
                        "name the operator"),
    {"country-form", false, "eligibleCountries", hanse_rule_is_country, NULL,
     "the country is no ISO 3166-1 code", "use two capital letters such as \"JP\""},
    {"programme-share-range", false, "costShareMillionths", hanse_rule_is_share, NULL,
     "the share is more than all of it", "use millionths: 1000000 is 100 %"},
    {"programme-call-form", true, "callUrl", hanse_rule_is_url, NULL,
     "the address of the call is no absolute URL", "write it in full, https:// included"},
};

static const struct hanse_rule division_of_work_rules[] = {
    HANSE_RULE_REQUIRED("division-assignments-required", "assignments", "nobody does anything",
                        "add an assignment for each function"),
    {"country-form", false, "country", hanse_rule_is_country, NULL, "the country is no ISO 3166-1 code",
     "use two capital letters such as \"JP\""},
    {"division-one-accountable", true, "assignments", NULL, one_is_accountable, "two answer for one function",
     "leave one RESPONSIBILITY_ACCOUNTABLE for each function"},
};

static const struct hanse_rule assignment_rules[] = {
    HANSE_RULE_REQUIRED("assignment-function-required", "function", "nobody knows what is to be done",
                        "name the function, such as C2C-FUNCTION planning"),
    HANSE_RULE_REQUIRED("assignment-actor-required", "actor", "nobody knows who is to do it", "name who"),
    HANSE_RULE_REQUIRED("assignment-responsibility-required", "responsibility", "nobody knows as what",
                        "set responsibility, such as RESPONSIBILITY_ACCOUNTABLE"),
    HANSE_RULE_REQUIRED("assignment-level-required", "actorLevel",
                        "nobody knows at which level of government",
                        "set actorLevel, such as GOVERNMENT_LEVEL_LOCAL"),
};

static const struct hanse_rule institutional_support_rules[] = {
    HANSE_RULE_REQUIRED("support-subject-required", "subject", "nobody knows where",
                        "name the local government"),
    HANSE_RULE_REQUIRED("support-kind-required", "kind", "nobody knows what kind of support it is",
                        "set kind, such as INSTITUTIONAL_SUPPORT_KIND_COUNCIL_RESOLUTION"),
    HANSE_RULE_REQUIRED("support-date-required", "date", "nobody knows since when", "give at least the year"),
    {"support-approval-range", false, "approvalMillionths", hanse_rule_is_share, NULL,
     "more than everybody approves", "use millionths: 1000000 is 100 %"},
};

const struct hanse_rule_group hanse_rules_framework[] = {
    HANSE_RULE_GROUP("LegalInstrument", legal_instrument_rules),
    HANSE_RULE_GROUP("Signatory", signatory_rules),
    HANSE_RULE_GROUP("FundingProgramme", funding_programme_rules),
    HANSE_RULE_GROUP("DivisionOfWork", division_of_work_rules),
    HANSE_RULE_GROUP("Assignment", assignment_rules),
    HANSE_RULE_GROUP("InstitutionalSupport", institutional_support_rules),
    {NULL, NULL, 0},
};
