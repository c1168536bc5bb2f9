/* SPDX-License-Identifier: Apache-2.0 */
/* Which element and attribute of IATI 2.03 becomes which field. What is not named here is a loss. */
#include "record/iati/tables.h"

#include <stddef.h>

#define RULES_END                                                                                            \
    {                                                                                                        \
        .apply = NULL                                                                                        \
    }
#define PAIRS_END                                                                                            \
    {                                                                                                        \
        NULL, NULL                                                                                           \
    }

static const char *const sector_schemes[][2] = {
    {"1", "DAC-5"},    {"2", "DAC-3"},      {"3", "COFOG"},   {"4", "NACE"},   {"5", "NTEE"},
    {"7", "SDG-GOAL"}, {"8", "SDG-TARGET"}, {"9", "SDG-IND"}, {"11", "NAICS"}, PAIRS_END,
};
static const struct hanse_iati_vocabulary sector_vocabulary = {"1", "IATI-SECTOR", sector_schemes};

static const char *const tag_schemes[][2] = {
    {"1", "AGROVOC"}, {"2", "SDG-GOAL"}, {"3", "SDG-TARGET"}, PAIRS_END};
static const struct hanse_iati_vocabulary tag_vocabulary = {"99", "IATI-TAG", tag_schemes};

static const char *const marker_schemes[][2] = {{"1", "DAC-MARKER"}, PAIRS_END};
static const struct hanse_iati_vocabulary marker_vocabulary = {"1", "IATI-MARKER", marker_schemes};

static const char *const aid_schemes[][2] = {{"1", "DAC-AID"},
                                             {"2", "IATI-EARMARK"},
                                             {"3", "IATI-EARMARK-MODALITY"},
                                             {"4", "IATI-CASH-VOUCHER"},
                                             PAIRS_END};
const struct hanse_iati_vocabulary hanse_iati_aid_vocabulary = {"1", "IATI-AID", aid_schemes};

static const char *const place_schemes[][2] = {{"A1", "GAUL"},     {"A3", "GADM"}, {"A4", "ISO3166-1"},
                                               {"G1", "GEONAMES"}, {"G2", "OSM"},  PAIRS_END};
static const struct hanse_iati_vocabulary place_vocabulary = {"G1", "IATI-GEO", place_schemes};

static const char *const indicator_schemes[][2] = {{"9", "SDG-IND"}, PAIRS_END};
static const struct hanse_iati_vocabulary indicator_vocabulary = {"99", "IATI-INDICATOR", indicator_schemes};

static const char *const result_schemes[][2] = {PAIRS_END};
static const struct hanse_iati_vocabulary result_vocabulary = {"99", "IATI-RESULT", result_schemes};

static const char *const document_schemes[][2] = {{"", "IATI-DOC"}, PAIRS_END};
static const struct hanse_iati_vocabulary document_vocabulary = {"", "IATI-DOC", document_schemes};

static const struct hanse_iati_rule description_rules[] = {
    {hanse_iati_put_number, "@type", "type", NULL, NULL, NULL},
    {hanse_iati_put_texts, ".", "text", NULL, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule date_rules[] = {
    {hanse_iati_put_number, "@type", "type", NULL, NULL, NULL},
    {hanse_iati_put_date, "@iso-date", "date", NULL, NULL, NULL},
    {hanse_iati_put_texts, ".", "note", NULL, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule participant_rules[] = {
    {hanse_iati_put_reference, "@ref", "actor.id", NULL, "IATI-ORG:", NULL},
    {hanse_iati_put_texts, ".", "actor.name", NULL, NULL, NULL},
    {hanse_iati_put_number, "@role", "role", NULL, NULL, NULL},
    {hanse_iati_put_string, "@activity-id", "activityId", NULL, NULL, NULL},
    {hanse_iati_put_code, "@type", "orgType", NULL, "IATI-ORGTYPE", NULL},
    {hanse_iati_put_code, "@crs-channel-code", "channel", NULL, "DAC-CHANNEL", NULL},
    RULES_END,
};

static const struct hanse_iati_rule location_rules[] = {
    {hanse_iati_put_string, "@ref", "ref", NULL, NULL, NULL},
    {hanse_iati_put_coded_reference, "location-id", "place.id", NULL, NULL, &place_vocabulary},
    {hanse_iati_put_point, "point", "point", NULL, NULL, NULL},
    {hanse_iati_put_number, "location-reach/@code", "reach", NULL, NULL, NULL},
    {hanse_iati_put_number, "location-class/@code", "locationClass", NULL, NULL, NULL},
    {hanse_iati_put_texts, "name", "name", NULL, NULL, NULL},
    {hanse_iati_put_texts, "description", "description", NULL, NULL, NULL},
    {hanse_iati_put_texts, "activity-description", "activityDescription", NULL, NULL, NULL},
    {hanse_iati_put_codes, "administrative", "administrative", NULL, NULL, &place_vocabulary},
    {hanse_iati_put_code, "feature-designation/@code", "feature", NULL, "GEONAMES-FEATURE", NULL},
    RULES_END,
};

static const struct hanse_iati_rule budget_rules[] = {
    {hanse_iati_put_number, "@type", "type", NULL, NULL, NULL},
    {hanse_iati_put_budget_status, "@status", "status", NULL, NULL, NULL},
    {hanse_iati_put_date, "period-start/@iso-date", "period.start", NULL, NULL, NULL},
    {hanse_iati_put_date, "period-end/@iso-date", "period.end", NULL, NULL, NULL},
    {hanse_iati_put_money, "value", "value", NULL, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule provider_rules[] = {
    {hanse_iati_put_reference, "@ref", "provider.id", NULL, "IATI-ORG:", NULL},
    {hanse_iati_put_texts, ".", "provider.name", NULL, NULL, NULL},
    {hanse_iati_put_string, "@provider-activity-id", "providerActivityId", NULL, NULL, NULL},
    {hanse_iati_put_code, "@type", "providerType", NULL, "IATI-ORGTYPE", NULL},
    RULES_END,
};

static const struct hanse_iati_rule receiver_rules[] = {
    {hanse_iati_put_reference, "@ref", "receiver.id", NULL, "IATI-ORG:", NULL},
    {hanse_iati_put_texts, ".", "receiver.name", NULL, NULL, NULL},
    {hanse_iati_put_string, "@receiver-activity-id", "receiverActivityId", NULL, NULL, NULL},
    {hanse_iati_put_code, "@type", "receiverType", NULL, "IATI-ORGTYPE", NULL},
    RULES_END,
};

static const struct hanse_iati_rule transaction_rules[] = {
    {hanse_iati_put_string, "@ref", "ref", NULL, NULL, NULL},
    {hanse_iati_put_number, "transaction-type/@code", "type", NULL, NULL, NULL},
    {hanse_iati_put_date, "transaction-date/@iso-date", "date", NULL, NULL, NULL},
    {hanse_iati_put_money, "value", "value", NULL, NULL, NULL},
    {hanse_iati_put_texts, "description", "description", NULL, NULL, NULL},
    {hanse_iati_put_one, "provider-org", "", provider_rules, NULL, NULL},
    {hanse_iati_put_one, "receiver-org", "", receiver_rules, NULL, NULL},
    {hanse_iati_put_assumed_party, "provider-org", "", provider_rules, "provider", NULL},
    {hanse_iati_put_assumed_party, "receiver-org", "", receiver_rules, "receiver", NULL},
    {hanse_iati_put_code, "disbursement-channel/@code", "disbursementChannel", NULL, "IATI-DISBURSEMENT",
     NULL},
    {hanse_iati_put_codes, "sector", "sectors", NULL, NULL, &sector_vocabulary},
    {hanse_iati_put_inherited_code, "flow-type/@code", "flowType", NULL, "DAC-FLOW", NULL},
    {hanse_iati_put_inherited_code, "finance-type/@code", "financeType", NULL, "DAC-FIN", NULL},
    {hanse_iati_put_inherited_code, "tied-status/@code", "tiedStatus", NULL, "IATI-TIED", NULL},
    {hanse_iati_put_aid_types, "aid-type", "aidTypes", NULL, NULL, &hanse_iati_aid_vocabulary},
    RULES_END,
};

static const struct hanse_iati_rule document_rules[] = {
    {hanse_iati_put_string, "@url", "url", NULL, NULL, NULL},
    {hanse_iati_put_string, "@format", "mediaType", NULL, NULL, NULL},
    {hanse_iati_put_texts, "title", "title", NULL, NULL, NULL},
    {hanse_iati_put_texts, "description", "description", NULL, NULL, NULL},
    {hanse_iati_put_codes, "category", "categories", NULL, NULL, &document_vocabulary},
    {hanse_iati_put_languages, "language", "languages", NULL, NULL, NULL},
    {hanse_iati_put_date, "document-date/@iso-date", "date", NULL, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule related_rules[] = {
    {hanse_iati_put_number, "@type", "type", NULL, NULL, NULL},
    {hanse_iati_put_reference, "@ref", "project.id", NULL, "IATI-ACT:", NULL},
    RULES_END,
};

static const struct hanse_iati_rule condition_rules[] = {
    {hanse_iati_put_number, "@type", "type", NULL, NULL, NULL},
    {hanse_iati_put_texts, ".", "text", NULL, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule conditions_rules[] = {
    {hanse_iati_put_boolean, "@attached", "conditionsAttached", NULL, NULL, NULL},
    {hanse_iati_put_each, "condition", "conditions", condition_rules, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule dimension_rules[] = {
    {hanse_iati_put_string, "@name", "name", NULL, NULL, NULL},
    {hanse_iati_put_string, "@value", "value", NULL, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule baseline_rules[] = {
    {hanse_iati_put_baseline_date, "@iso-date", "date", NULL, NULL, NULL},
    {hanse_iati_put_string, "@value", "value.value", NULL, NULL, NULL},
    {hanse_iati_put_texts, "comment", "value.comment", NULL, NULL, NULL},
    {hanse_iati_put_each, "dimension", "value.dimensions", dimension_rules, NULL, NULL},
    {hanse_iati_put_each, "document-link", "value.documents", document_rules, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule value_rules[] = {
    {hanse_iati_put_string, "@value", "value", NULL, NULL, NULL},
    {hanse_iati_put_texts, "comment", "comment", NULL, NULL, NULL},
    {hanse_iati_put_each, "dimension", "dimensions", dimension_rules, NULL, NULL},
    {hanse_iati_put_each, "document-link", "documents", document_rules, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule period_rules[] = {
    {hanse_iati_put_date, "period-start/@iso-date", "period.start", NULL, NULL, NULL},
    {hanse_iati_put_date, "period-end/@iso-date", "period.end", NULL, NULL, NULL},
    {hanse_iati_put_each, "target", "targets", value_rules, NULL, NULL},
    {hanse_iati_put_each, "actual", "actuals", value_rules, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule indicator_rules[] = {
    {hanse_iati_put_number, "@measure", "measure", NULL, NULL, NULL},
    {hanse_iati_put_boolean, "@ascending", "ascending", NULL, NULL, NULL},
    {hanse_iati_put_boolean, "@aggregation-status", "aggregation", NULL, NULL, NULL},
    {hanse_iati_put_texts, "title", "title", NULL, NULL, NULL},
    {hanse_iati_put_texts, "description", "description", NULL, NULL, NULL},
    {hanse_iati_put_codes, "reference", "refs", NULL, NULL, &indicator_vocabulary},
    {hanse_iati_put_each, "baseline", "baselines", baseline_rules, NULL, NULL},
    {hanse_iati_put_each, "period", "periods", period_rules, NULL, NULL},
    {hanse_iati_put_each, "document-link", "documents", document_rules, NULL, NULL},
    RULES_END,
};

static const struct hanse_iati_rule result_rules[] = {
    {hanse_iati_put_number, "@type", "type", NULL, NULL, NULL},
    {hanse_iati_put_boolean, "@aggregation-status", "aggregation", NULL, NULL, NULL},
    {hanse_iati_put_texts, "title", "title", NULL, NULL, NULL},
    {hanse_iati_put_texts, "description", "description", NULL, NULL, NULL},
    {hanse_iati_put_each, "indicator", "indicators", indicator_rules, NULL, NULL},
    {hanse_iati_put_each, "document-link", "documents", document_rules, NULL, NULL},
    {hanse_iati_put_codes, "reference", "refs", NULL, NULL, &result_vocabulary},
    RULES_END,
};

const struct hanse_iati_rule hanse_iati_project_rules[] = {
    {hanse_iati_put_texts, "title", "title", NULL, NULL, NULL},
    {hanse_iati_put_each, "description", "description", description_rules, NULL, NULL},
    {hanse_iati_put_number, "activity-status/@code", "status", NULL, NULL, NULL},
    {hanse_iati_put_each, "activity-date", "dates", date_rules, NULL, NULL},
    {hanse_iati_put_number, "activity-scope/@code", "scope", NULL, NULL, NULL},
    {hanse_iati_put_each, "participating-org", "participants", participant_rules, NULL, NULL},
    {hanse_iati_put_each, "location", "locations", location_rules, NULL, NULL},
    {hanse_iati_put_codes, "sector", "sectors", NULL, NULL, &sector_vocabulary},
    {hanse_iati_put_codes, "tag", "tags", NULL, NULL, &tag_vocabulary},
    {hanse_iati_put_codes, "policy-marker", "markers", NULL, NULL, &marker_vocabulary},
    {hanse_iati_put_number, "collaboration-type/@code", "collaboration", NULL, NULL, NULL},
    {hanse_iati_put_code, "default-flow-type/@code", "flowType", NULL, "DAC-FLOW", NULL},
    {hanse_iati_put_code, "default-finance-type/@code", "financeType", NULL, "DAC-FIN", NULL},
    {hanse_iati_put_codes, "default-aid-type", "aidTypes", NULL, NULL, &hanse_iati_aid_vocabulary},
    {hanse_iati_put_code, "default-tied-status/@code", "tiedStatus", NULL, "IATI-TIED", NULL},
    {hanse_iati_put_each, "budget", "budgets", budget_rules, NULL, NULL},
    {hanse_iati_put_each, "transaction", "transactions", transaction_rules, NULL, NULL},
    {hanse_iati_put_each, "document-link", "documents", document_rules, NULL, NULL},
    {hanse_iati_put_each, "related-activity", "related", related_rules, NULL, NULL},
    {hanse_iati_put_one, "conditions", "", conditions_rules, NULL, NULL},
    {hanse_iati_put_each, "result", "results", result_rules, NULL, NULL},
    RULES_END,
};

const struct hanse_iati_rule hanse_iati_publisher_rules[] = {
    {hanse_iati_put_reference, "@ref", "publisher.id", NULL, "IATI-ORG:", NULL},
    {hanse_iati_put_texts, ".", "publisher.name", NULL, NULL, NULL},
    {hanse_iati_put_boolean, "@secondary-reporter", "secondaryReporter", NULL, NULL, NULL},
    {hanse_iati_put_code, "@type", "publisherType", NULL, "IATI-ORGTYPE", NULL},
    RULES_END,
};

const struct hanse_iati_rule hanse_iati_header_rules[] = {
    {hanse_iati_put_other_identifier, "other-identifier", "", NULL, NULL, NULL},
    {hanse_iati_put_updated, "@last-updated-datetime", "updatedUnixS", NULL, NULL, NULL},
    {hanse_iati_put_one, "reporting-org", "provenance[-]", hanse_iati_publisher_rules, NULL, NULL},
    RULES_END,
};
