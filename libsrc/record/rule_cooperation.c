/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for ties between cities. */
#include "record/rule.h"

/* Number of CooperationStatus. */
enum { ENDED = 6 };

static bool has_two_parties(const struct hanse_part *cooperation)
{
    return hanse_rule_count(cooperation, "parties") >= 2;
}

static bool parties_differ(const struct hanse_part *cooperation)
{
    enum { MAX_COMPARED = 256 }; /* or as many parties as fit would take quadratic time */
    size_t count = hanse_rule_count(cooperation, "parties");
    for (size_t i = 1; i < count && i < MAX_COMPARED; i++) {
        const struct hanse_part *actor =
            hanse_rule_child(hanse_rule_child(cooperation, "parties", i), "actor", 0);
        for (size_t k = 0; k < i; k++)
            if (hanse_rule_same_ref(
                    actor, hanse_rule_child(hanse_rule_child(cooperation, "parties", k), "actor", 0)))
                return false;
    }
    return true;
}

static bool end_is_known(const struct hanse_part *cooperation)
{
    const struct hanse_part *period = hanse_rule_child(cooperation, "period", 0);
    return hanse_rule_number(cooperation, "status") != ENDED ||
           (period != NULL && hanse_rule_count(period, "end") > 0);
}

static const struct hanse_rule cooperation_rules[] = {
    HANSE_RULE_REQUIRED("cooperation-kind-required", "kind", "nobody knows what kind of tie it is",
                        "set kind, such as COOPERATION_KIND_SISTER_CITY"),
    HANSE_RULE_REQUIRED("cooperation-status-required", "status", "nobody knows whether the tie is alive",
                        "set status, such as COOPERATION_STATUS_ACTIVE"),
    {"cooperation-parties-two", false, "parties", NULL, has_two_parties, "a tie has at least two parties",
     "add the other party"},
    {"cooperation-parties-differ", false, "parties", NULL, parties_differ, "one party stands there twice",
     "remove one of the two"},
    {"cooperation-end-missing", true, "period", NULL, end_is_known, "the tie has ended and nobody knows when",
     "give period.end, at least the year"},
};

static const struct hanse_rule party_rules[] = {
    HANSE_RULE_REQUIRED("cooperation-party-actor-required", "actor", "the party has no name",
                        "name its record, a code such as \"UNLOCODE:JPKKJ\", or at least a name"),
};

const struct hanse_rule_group hanse_rules_cooperation[] = {
    HANSE_RULE_GROUP("Cooperation", cooperation_rules),
    HANSE_RULE_GROUP("CooperationParty", party_rules),
    {NULL, NULL, 0},
};
