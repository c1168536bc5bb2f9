/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for feed profiles, local governments, organisations and contact points. */
#include "base/bytes.h"
#include "record/rule.h"

static bool custodian_is_named(const struct hanse_part *profile)
{
    enum { CUSTODIAN = 2 };
    return hanse_rule_number(profile, "custody") != CUSTODIAN || hanse_rule_count(profile, "operator") > 0;
}

static const struct hanse_rule profile_rules[] = {
    {"profile-title-required", false, "title", NULL, NULL, "the feed has no title",
     "say whose feed it is, in at least one language"},
    {"profile-owner-kind-missing", true, "ownerKind", NULL, NULL, "nobody knows what kind of body speaks",
     "set ownerKind, such as OWNER_KIND_LOCAL_GOVERNMENT"},
    {"profile-custody-required", false, "custody", NULL, NULL, "nobody knows who holds the key",
     "set custody to CUSTODY_SELF or CUSTODY_CUSTODIAN"},
    {"profile-operator-required", false, "operator", NULL, custodian_is_named, "the custodian has no name",
     "set operator to who holds the key and runs the node"},
    {"profile-contact-missing", true, "contactUrl", NULL, NULL, "readers cannot ask anybody",
     "give an address of an office (mailto: or https:)"},
    {"profile-contact-form", false, "contactUrl", hanse_rule_is_url, NULL, "the contact is no URL",
     "use mailto:office@example.org or an https:// address"},
    {"website-form", true, "website", hanse_rule_is_url, NULL, "the website is no absolute URL",
     "write it in full, https:// included"},
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

static bool subdivision_suits(const struct hanse_part *government)
{
    struct hanse_bytes country = hanse_rule_text(government, "country");
    struct hanse_bytes subdivision = hanse_rule_text(government, "subdivision");
    if (subdivision.size == 0)
        return true;
    return subdivision.size >= 4 && subdivision.size <= 6 && subdivision.data[2] == '-' &&
           hanse_bytes_equal(hanse_bytes_slice(subdivision, 0, 2), country);
}

static const struct hanse_rule government_rules[] = {
    {"local-government-name-required", false, "name", NULL, NULL, "the local government has no name",
     "give its name in at least one language"},
    {"local-government-country-required", false, "country", NULL, NULL, "the local government has no country",
     "give the ISO 3166-1 code of two letters"},
    {"country-form", false, "country", hanse_rule_is_country, NULL, "the country is no ISO 3166-1 code",
     "use two capital letters such as \"JP\""},
    {"subdivision-form", false, "subdivision", NULL, subdivision_suits,
     "the subdivision is no ISO 3166-2 code of the country", "use a code such as \"JP-40\""},
    {"website-form", true, "website", hanse_rule_is_url, NULL, "the website is no absolute URL",
     "write it in full, https:// included"},
};

static const struct hanse_rule organisation_rules[] = {
    {"organisation-name-required", false, "name", NULL, NULL, "the organisation has no name",
     "give its name in at least one language"},
    {"country-form", false, "country", hanse_rule_is_country, NULL, "the country is no ISO 3166-1 code",
     "use two capital letters such as \"JP\""},
    {"website-form", true, "website", hanse_rule_is_url, NULL, "the website is no absolute URL",
     "write it in full, https:// included"},
};

static bool somebody_is_named(const struct hanse_part *contact)
{
    return hanse_rule_count(contact, "department") + hanse_rule_count(contact, "job_title") +
               hanse_rule_count(contact, "person_name") >
           0;
}

static bool can_be_reached(const struct hanse_part *contact)
{
    return hanse_rule_count(contact, "function_email") + hanse_rule_count(contact, "telephone") +
               hanse_rule_count(contact, "website") + hanse_rule_count(contact, "mailing_address") >
           0;
}

static const struct hanse_rule contact_rules[] = {
    HANSE_RULE_REQUIRED("contact-party-required", "party", "nobody knows whose contact it is",
                        "name the city or organisation"),
    {"contact-who-missing", true, "department", NULL, somebody_is_named, "nobody knows who is to be asked",
     "name the department or office; a person's name is not needed"},
    {"contact-way-missing", true, "functionEmail", NULL, can_be_reached, "nobody knows how to ask",
     "give the mailbox, telephone, website or address of the office"},
    {"contact-email-form", false, "functionEmail", hanse_rule_is_email, NULL,
     "the mailbox is no e-mail address", "write it as office@example.org, without a name beside it"},
    {"website-form", true, "website", hanse_rule_is_url, NULL, "the website is no absolute URL",
     "write it in full, https:// included"},
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

/* Others match a city by these, since names differ by language and spelling. */
static bool city_can_be_matched(const struct hanse_part *record)
{
    static const char *const schemes[] = {"UNLOCODE", "GEONAMES", "WIKIDATA", "JP-LGCODE", "ORGID"};
    const struct hanse_part *header = hanse_rule_child(record, "header", 0);
    if (hanse_rule_count(record, "localGovernment") == 0)
        return true;
    for (size_t i = 0; header != NULL && i < hanse_rule_count(header, "identifiers"); i++) {
        struct hanse_bytes scheme = hanse_rule_text(hanse_rule_child(header, "identifiers", i), "scheme");
        for (size_t k = 0; k < sizeof schemes / sizeof schemes[0]; k++)
            if (hanse_bytes_equal_text(scheme, schemes[k]))
                return true;
    }
    return false;
}

static const struct hanse_rule record_rules[] = {
    {"local-government-identifier-required", false, "header", NULL, city_can_be_matched,
     "the local government has no identifier by which others know it",
     "add an element to header.identifiers with scheme UNLOCODE, GEONAMES, WIKIDATA, JP-LGCODE or ORGID"},
};

const struct hanse_rule_group hanse_rules_actor[] = {
    HANSE_RULE_GROUP("FeedProfile", profile_rules),
    HANSE_RULE_GROUP("LocalGovernment", government_rules),
    HANSE_RULE_GROUP("Organisation", organisation_rules),
    HANSE_RULE_GROUP("ContactPoint", contact_rules),
    HANSE_RULE_GROUP("Record", record_rules),
    {NULL, NULL, 0},
};
