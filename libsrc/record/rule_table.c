/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for code lists and other tables that records are read with. */
#include "record/rule.h"

static bool codes_differ(const struct hanse_part *list)
{
    return hanse_rule_ids_differ(list, "codes", "code");
}

static bool rate_is_positive(const struct hanse_value *value)
{
    struct hanse_bytes text = value->as.bytes;
    bool has_digit = false;
    for (size_t i = 0; i < text.size; i++)
        has_digit = has_digit || (text.data[i] >= '1' && text.data[i] <= '9');
    return hanse_rule_is_decimal(value) && text.data[0] != '-' && has_digit;
}

static const struct hanse_rule code_list_rules[] = {
    HANSE_RULE_REQUIRED("code-list-scheme-required", "scheme", "nobody knows which list it is",
                        "name the scheme as in the records"),
    HANSE_RULE_REQUIRED("code-list-version-required", "version", "nobody knows which edition it is",
                        "name the edition, such as 2026-03"),
    HANSE_RULE_REQUIRED("code-list-codes-required", "codes", "the list is empty", "add its codes"),
    {"code-list-codes-differ", false, "codes", NULL, codes_differ, "one code stands there twice",
     "remove one of the two"},
};

static const struct hanse_rule code_rules[] = {
    HANSE_RULE_REQUIRED("code-list-code-required", "code", "the code is empty",
                        "write it or remove the element"),
    HANSE_RULE_REQUIRED("code-list-label-required", "label", "nobody knows what the code means",
                        "give a label in at least one language"),
};

static const struct hanse_rule country_table_rules[] = {
    HANSE_RULE_REQUIRED("country-table-rows-required", "rows", "the table is empty",
                        "add a row for each country and year"),
};

static const struct hanse_rule country_year_rules[] = {
    HANSE_RULE_REQUIRED("country-year-country-required", "country", "the row has no country",
                        "give the ISO 3166-1 code of two letters"),
    {"country-form", false, "country", hanse_rule_is_country, NULL, "the country is no ISO 3166-1 code",
     "use two capital letters such as \"JP\""},
    HANSE_RULE_REQUIRED("country-year-year-required", "year", "the row has no year", "give the year"),
};

static const struct hanse_rule rate_table_rules[] = {
    HANSE_RULE_REQUIRED("rate-table-rates-required", "rates", "the table is empty",
                        "add a rate for each pair of currencies and date"),
};

static const struct hanse_rule fx_rate_rules[] = {
    HANSE_RULE_REQUIRED("rate-from-required", "from", "nobody knows from which currency",
                        "give the ISO 4217 code"),
    HANSE_RULE_REQUIRED("rate-to-required", "to", "nobody knows to which currency", "give the ISO 4217 code"),
    {"rate-currency-form", false, "from", hanse_rule_is_currency, NULL, "the currency is no ISO 4217 code",
     "use three capital letters such as \"JPY\""},
    {"rate-currency-form", false, "to", hanse_rule_is_currency, NULL, "the currency is no ISO 4217 code",
     "use three capital letters such as \"JPY\""},
    HANSE_RULE_REQUIRED("rate-date-required", "date", "nobody knows of which day the rate is",
                        "give at least the year"),
    HANSE_RULE_REQUIRED("rate-required", "rate", "there is no rate",
                        "give how many units of `to` one unit of `from` is"),
    {"rate-form", false, "rate", rate_is_positive, NULL, "the rate is no positive decimal number",
     "write digits with a point, such as \"163.25\""},
};

const struct hanse_rule_group hanse_rules_table[] = {
    HANSE_RULE_GROUP("CodeList", code_list_rules),
    HANSE_RULE_GROUP("Code", code_rules),
    HANSE_RULE_GROUP("CountryTable", country_table_rules),
    HANSE_RULE_GROUP("CountryYear", country_year_rules),
    HANSE_RULE_GROUP("RateTable", rate_table_rules),
    HANSE_RULE_GROUP("FxRate", fx_rate_rules),
    {NULL, NULL, 0},
};
