/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for exchanges and events. */
#include "record/rule.h"

/* Number of ExchangeStatus. */
enum { HELD = 2 };

static bool something_was_learned(const struct hanse_part *exchange)
{
    size_t flows = hanse_rule_count(exchange, "flows");
    for (size_t i = 0; i < flows; i++)
        if (hanse_rule_count(hanse_rule_child(exchange, "flows", i), "learning") > 0)
            return true;
    return hanse_rule_number(exchange, "status") != HELD;
}

static const struct hanse_rule exchange_rules[] = {
    HANSE_RULE_REQUIRED("exchange-mode-required", "mode", "nobody knows what kind of exchange it is",
                        "set mode, such as EXCHANGE_MODE_STUDY_VISIT"),
    HANSE_RULE_REQUIRED("exchange-status-required", "status", "nobody knows whether it took place",
                        "set status to EXCHANGE_STATUS_PLANNED, _HELD or _CANCELLED"),
    HANSE_RULE_REQUIRED("exchange-period-required", "period", "nobody knows when it is",
                        "give the first day, at least the year"),
    HANSE_RULE_REQUIRED("exchange-flows-required", "flows", "nobody knows who gave something to whom",
                        "add a flow for each direction: who gave, who received"),
    {"exchange-learning-missing", true, "flows", NULL, something_was_learned,
     "the exchange was held and nobody says what was learned",
     "write in a flow what the receiving side learned"},
};

static bool ends_differ(const struct hanse_part *flow)
{
    return !hanse_rule_same_ref(hanse_rule_child(flow, "from", 0), hanse_rule_child(flow, "to", 0));
}

static const struct hanse_rule flow_rules[] = {
    HANSE_RULE_REQUIRED("flow-from-required", "from", "nobody knows who gave", "name who gave"),
    HANSE_RULE_REQUIRED("flow-to-required", "to", "nobody knows who received", "name who received"),
    {"flow-ends-differ", false, "to", NULL, ends_differ, "giver and receiver are the same",
     "name the other side, or remove the flow"},
    {"flow-person-days-form", false, "personDays", hanse_rule_is_decimal, NULL,
     "the person-days are no decimal number", "write digits with a point, such as \"12.5\""},
};

static bool times_are_ordered(const struct hanse_part *event)
{
    return hanse_rule_are_ordered(event, "starts_unix_s", "ends_unix_s");
}

static const struct hanse_rule event_rules[] = {
    HANSE_RULE_REQUIRED("event-title-required", "title", "the event has no title",
                        "give a title in at least one language"),
    HANSE_RULE_REQUIRED("event-kind-required", "kind", "nobody knows what kind of event it is",
                        "set kind, such as EVENT_KIND_GENERAL_ASSEMBLY"),
    HANSE_RULE_REQUIRED("event-status-required", "status", "nobody knows whether it took place",
                        "set status, such as EVENT_STATUS_HELD"),
    HANSE_RULE_REQUIRED("event-period-required", "period", "nobody knows when the event is",
                        "give the first day, at least the year"),
    {"event-times-order", false, "endsUnixS", NULL, times_are_ordered, "the event ends before it starts",
     "swap or mend the times"},
    {"event-registration-form", false, "registrationUrl", hanse_rule_is_url, NULL,
     "the address to register at is no absolute URL", "write it in full, https:// included"},
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

const struct hanse_rule_group hanse_rules_exchange[] = {
    HANSE_RULE_GROUP("Exchange", exchange_rules),
    HANSE_RULE_GROUP("ExchangeFlow", flow_rules),
    HANSE_RULE_GROUP("Event", event_rules),
    {NULL, NULL, 0},
};
