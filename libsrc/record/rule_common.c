/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for the parts that all records are made of. */
#include "base/bytes.h"
#include "record/rule_code.h"

enum { SHA256_BYTES = 32, E7 = 10000000 };

static const struct hanse_rule text_rules[] = {
    {"text-required", false, "text", NULL, NULL, "the text is empty", "write the text or remove the element"},
    {"text-language-required", false, "language", NULL, NULL, "nobody knows which language the text is in",
     "give its BCP 47 tag such as \"ja\"; \"und\" if it cannot be known"},
    {"language-form", false, "language", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool date_exists(const struct hanse_part *date)
{
    int64_t year = hanse_rule_number(date, "year");
    int64_t month = hanse_rule_number(date, "month");
    int64_t day = hanse_rule_number(date, "day");
    if (year > 9999 || month > 12 || (month == 0 && day > 0))
        return false;
    return day == 0 || day <= days_in_month(year, month);
}

static const struct hanse_rule date_rules[] = {
    {"date-year-required", false, "year", NULL, NULL, "the date has no year", "give at least the year"},
    {"date-exists", false, "day", NULL, date_exists, "there is no such day",
     "use a day of the calendar; 0 stands for an unknown month or day"},
    {"date-year-likely", true, "year", hanse_rule_is_likely_year, NULL,
     "the year is before 1800 or after 2200", "check the year"},
};

static bool period_is_set(const struct hanse_part *period)
{
    return hanse_rule_count(period, "start") + hanse_rule_count(period, "end") > 0;
}

static bool period_is_ordered(const struct hanse_part *period)
{
    int64_t start = hanse_rule_day(hanse_rule_child(period, "start", 0), false);
    int64_t end = hanse_rule_day(hanse_rule_child(period, "end", 0), true);
    return start == 0 || end == 0 || start <= end;
}

static const struct hanse_rule period_rules[] = {
    {"period-empty", false, "start", NULL, period_is_set, "the period has neither start nor end",
     "give a date or remove the period"},
    {"period-order", false, "end", NULL, period_is_ordered, "the period ends before it starts",
     "swap or mend the dates"},
};

static bool nanos_suit(const struct hanse_part *money)
{
    int64_t units = hanse_rule_number(money, "units");
    int64_t nanos = hanse_rule_number(money, "nanos");
    bool same_sign = units == 0 || nanos == 0 || (units < 0) == (nanos < 0);
    return same_sign && nanos > -1000000000 && nanos < 1000000000;
}

static const struct hanse_rule money_rules[] = {
    {"money-currency-required", false, "currency", NULL, NULL, "the amount has no currency",
     "give the ISO 4217 code such as \"JPY\""},
    {"money-currency-form", false, "currency", hanse_rule_is_currency, NULL,
     "the currency is no ISO 4217 code", "use three capital letters such as \"JPY\""},
    {"money-currency-listed", true, "currency", hanse_rule_currency_is_listed, NULL,
     "the edition of ISO 4217 that is built in has no such currency",
     "look it up with `hanse codes ISO4217`; leave it if the code is newer"},
    {"money-nanos-range", false, "nanos", NULL, nanos_suit,
     "the fraction is a whole unit or has another sign",
     "use -999,999,999 to 999,999,999 with the sign of units"},
};

static const struct hanse_rule cost_rules[] = {
    HANSE_RULE_REQUIRED("cost-amount-required", "amount", "nobody knows how much it cost",
                        "give the amount or remove the element"),
};

static bool people_add_up(const struct hanse_part *people)
{
    int64_t counted = hanse_rule_number(people, "women") + hanse_rule_number(people, "men");
    return hanse_rule_count(people, "total") == 0 || counted <= hanse_rule_number(people, "total");
}

static const struct hanse_rule people_rules[] = {
    {"people-sum", false, "total", NULL, people_add_up, "there are more women and men than people",
     "mend the counts; who is counted as neither is the rest of the total"},
};

static bool identifier_has_form(const struct hanse_part *identifier)
{
    struct hanse_bytes value = hanse_rule_text(identifier, "value");
    return value.size == 0 || hanse_rule_is_identifier(hanse_rule_text(identifier, "scheme"), value);
}

static const struct hanse_rule identifier_rules[] = {
    {"identifier-scheme-required", false, "scheme", NULL, NULL, "nobody knows whose identifier it is",
     "name the register, such as UNLOCODE or ORGID"},
    {"identifier-value-required", false, "value", NULL, NULL, "the identifier is empty",
     "write it or remove the element"},
    {"identifier-form", false, "value", NULL, identifier_has_form,
     "the identifier does not have the form of its register, or its check digit is wrong",
     "copy it from the register again"},
    {"identifier-register-listed", true, "value", NULL, hanse_rule_register_is_listed,
     "org-id.guide lists no register that the identifier begins with",
     "begin with the code of the register, such as JP-JCN; `hanse codes ORGID-LIST` has them"},
};

static bool marker_is_rated(const struct hanse_part *code)
{
    if (!hanse_bytes_equal_text(hanse_rule_text(code, "scheme"), "DAC-MARKER"))
        return true;
    struct hanse_bytes rating = hanse_rule_text(code, "significance");
    return rating.size == 1 && rating.data[0] >= '0' && rating.data[0] <= '4';
}

static const struct hanse_rule coded_value_rules[] = {
    {"code-scheme-required", false, "scheme", NULL, NULL, "nobody knows which list the code is of",
     "name the list, such as DAC-5"},
    {"code-required", false, "code", NULL, NULL, "the code is empty", "write it or remove the element"},
    {"share-range", false, "shareMillionths", hanse_rule_is_share, NULL, "the share is more than all of it",
     "use millionths: 1000000 is 100 %"},
    {"code-exists", false, "code", NULL, hanse_rule_code_exists, "the list has no such code",
     "look it up with `hanse codes`"},
    {"code-listed", true, "code", NULL, hanse_rule_code_is_listed,
     "the edition of the list that is built in has no such code",
     "look it up with `hanse codes`; leave it if the code is newer"},
    {"code-current", true, "code", NULL, hanse_rule_code_is_current, "the code is withdrawn",
     "leave it in records of its time; for new ones look up another with `hanse codes`"},
    {"marker-significance-required", false, "significance", NULL, marker_is_rated,
     "the policy marker is not rated", "use \"0\" (examined, not targeted) to \"4\" (IATI 6.14.1)"},
};

static bool point_is_on_earth(const struct hanse_part *point)
{
    int64_t lat = hanse_rule_number(point, "lat_e7");
    int64_t lon = hanse_rule_number(point, "lon_e7");
    return lat >= -90LL * E7 && lat <= 90LL * E7 && lon >= -180LL * E7 && lon <= 180LL * E7;
}

static const struct hanse_rule geo_point_rules[] = {
    {"geo-range", false, "latE7", NULL, point_is_on_earth, "the point is not on Earth",
     "use degrees times 10,000,000, north and east positive"},
};

static bool ref_is_set(const struct hanse_part *ref)
{
    return hanse_rule_count(ref, "id") + hanse_rule_count(ref, "name") > 0;
}

static const struct hanse_rule ref_rules[] = {
    {"ref-empty", false, "id", NULL, ref_is_set, "the reference names nothing",
     "give a record's full name, a code such as \"UNLOCODE:JPKKJ\", or at least a name"},
};

static bool is_sha256(const struct hanse_value *value)
{
    return value->as.bytes.size == SHA256_BYTES;
}

static const struct hanse_rule document_rules[] = {
    {"document-url-required", false, "url", NULL, NULL, "the document has no address", "give its URL"},
    {"document-url-form", false, "url", hanse_rule_is_url, NULL, "the address is no absolute URL",
     "write it in full, https:// included, without spaces"},
    {"document-sha256-size", false, "sha256", is_sha256, NULL, "the digest does not have 32 bytes",
     "give the SHA-256 of the file or leave it out"},
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

static const struct hanse_rule header_rules[] = {
    {"language-form", false, "languages", hanse_rule_is_language, NULL, "the language is no BCP 47 tag",
     "use a tag such as \"en\", \"zh-Hant\" or \"pt-BR\""},
};

static const struct hanse_rule extension_rules[] = {
    {"extension-scheme-required", false, "scheme", NULL, NULL, "nobody knows what the content belongs to",
     "name its format, such as \"IATI-2.03\""},
};

const struct hanse_rule_group hanse_rules_common[] = {
    HANSE_RULE_GROUP("LocalizedText", text_rules),    HANSE_RULE_GROUP("Date", date_rules),
    HANSE_RULE_GROUP("Period", period_rules),         HANSE_RULE_GROUP("Money", money_rules),
    HANSE_RULE_GROUP("Identifier", identifier_rules), HANSE_RULE_GROUP("CodedValue", coded_value_rules),
    HANSE_RULE_GROUP("GeoPoint", geo_point_rules),    HANSE_RULE_GROUP("Ref", ref_rules),
    HANSE_RULE_GROUP("DocumentLink", document_rules), HANSE_RULE_GROUP("RecordHeader", header_rules),
    HANSE_RULE_GROUP("Extension", extension_rules),   HANSE_RULE_GROUP("Cost", cost_rules),
    HANSE_RULE_GROUP("People", people_rules),         {NULL, NULL, 0},
};
