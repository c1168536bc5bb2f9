/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of fixed form: texts with their language, codes with their scheme, money, points. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "record/iati/rule.h"

enum {
    SCHEME_BYTES = 96,
    FIELD_BYTES = 64,
    REFERENCE_BYTES = 256,
    LANGUAGES_COMPARED = 32,
    CURRENCY_LETTERS = 3
};

/* The nearest xml:lang from the element upwards, then the root's; "und" where nobody states one. */
static void language_of(const struct hanse_iati_mapper *mapper, struct hanse_iati_element *narrative,
                        char out[HANSE_IATI_LANGUAGE_BYTES])
{
    const char *stated = NULL;
    for (struct hanse_iati_element *at = narrative; at != NULL && stated == NULL; at = at->parent)
        stated = hanse_iati_use_attribute(at, "xml:lang");
    if (stated == NULL)
        stated = mapper->scope->language;
    if (stated != NULL && hanse_iati_language_parse(stated, out))
        return;
    if (stated != NULL)
        hanse_iati_warn(mapper, narrative, "xml:lang", "iati-language-unknown",
                        "language is no tag of BCP 47; the text is marked \"und\"",
                        "write a code such as \"en\" or \"zh-Hant\"");
    (void)snprintf(out, HANSE_IATI_LANGUAGE_BYTES, "und");
}

static void remember_language(struct hanse_iati_mapper *mapper, const char *language)
{
    if (strcmp(language, "und") == 0)
        return;
    for (size_t i = 0; i < mapper->language_count; i++)
        if (strcmp(mapper->languages[i], language) == 0)
            return;
    if (mapper->language_count < HANSE_IATI_MAPPER_LANGUAGES)
        (void)snprintf(mapper->languages[mapper->language_count++], HANSE_IATI_LANGUAGE_BYTES, "%s",
                       language);
}

static enum hanse_status put_text(struct hanse_iati_mapper *mapper, struct hanse_iati_element *narrative,
                                  const char *field, const char *text, const char *language)
{
    char path[FIELD_BYTES];
    (void)snprintf(path, sizeof path, "%s[+].text", field);
    enum hanse_status status = hanse_iati_set(mapper, narrative, path, text);
    (void)snprintf(path, sizeof path, "%s[-].language", field);
    return status == HANSE_OK ? hanse_iati_set(mapper, narrative, path, language) : status;
}

/* One list holds one text a language. A second text of a language is most often an untagged one in another
 * language, which the default of the activity does not fit. */
static void tell_apart(const struct hanse_iati_mapper *mapper, const struct hanse_iati_element *narrative,
                       char (*seen)[HANSE_IATI_LANGUAGE_BYTES], size_t *count,
                       char language[HANSE_IATI_LANGUAGE_BYTES])
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(seen[i], language) != 0)
            continue;
        hanse_iati_warn(mapper, narrative, NULL, "iati-language-repeated",
                        "two texts have the same language; the later one is marked \"und\"",
                        "state the language of each narrative with xml:lang");
        (void)snprintf(language, HANSE_IATI_LANGUAGE_BYTES, "und");
        return;
    }
    if (*count < LANGUAGES_COMPARED)
        memcpy(seen[(*count)++], language, HANSE_IATI_LANGUAGE_BYTES);
}

static enum hanse_status put_narratives(struct hanse_iati_mapper *mapper, struct hanse_iati_element *parent,
                                        const char *field)
{
    char seen[LANGUAGES_COMPARED][HANSE_IATI_LANGUAGE_BYTES];
    size_t count = 0;
    enum hanse_status status = HANSE_OK;
    struct hanse_iati_element *narrative = hanse_iati_child(parent, "narrative");
    for (; status == HANSE_OK && narrative != NULL; narrative = hanse_iati_sibling(narrative, "narrative")) {
        char language[HANSE_IATI_LANGUAGE_BYTES] = "";
        const char *text = hanse_iati_use_text(narrative);
        language_of(mapper, narrative, language);
        if (text == NULL)
            continue;
        tell_apart(mapper, narrative, seen, &count, language);
        remember_language(mapper, language);
        status = put_text(mapper, narrative, field, text, language);
    }
    return status;
}

enum hanse_status hanse_iati_put_texts(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                       const struct hanse_iati_rule *rule)
{
    struct hanse_iati_element *parent =
        strcmp(rule->from, ".") == 0 ? element : hanse_iati_child(element, rule->from);
    if (parent == NULL)
        return HANSE_OK;
    parent->used = parent->used || parent->text[0] == '\0';
    return put_narratives(mapper, parent, rule->to);
}

static void scheme_of(const struct hanse_iati_vocabulary *vocabulary, const char *stated,
                      char out[SCHEME_BYTES])
{
    const char *code = stated != NULL ? stated : vocabulary->fallback;
    for (const char *const(*pair)[2] = vocabulary->schemes; (*pair)[0] != NULL; pair++) {
        if (strcmp((*pair)[0], code) == 0) {
            (void)snprintf(out, SCHEME_BYTES, "%s", (*pair)[1]);
            return;
        }
    }
    (void)snprintf(out, SCHEME_BYTES, "%s-%.32s", vocabulary->prefix, code);
}

static enum hanse_status put_share(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element)
{
    const char *percentage = hanse_iati_use_attribute(element, "percentage");
    uint32_t millionths;
    bool rounded;
    if (percentage == NULL)
        return HANSE_OK;
    if (!hanse_iati_percentage_parse(percentage, &millionths, &rounded))
        return hanse_iati_bad_value(mapper, element, "percentage", percentage, "percentage from 0 to 100");
    if (rounded)
        hanse_iati_warn(mapper, element, "percentage", "iati-number-rounded",
                        "percentage has more than four decimals and was rounded",
                        "write percentages with at most four decimals");
    char number[16];
    (void)snprintf(number, sizeof number, "%" PRIu32, millionths);
    return hanse_iati_set(mapper, element, "shareMillionths", number);
}

static enum hanse_status put_optional(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                      const char *field, const char *attribute)
{
    const char *value = hanse_iati_use_attribute(element, attribute);
    return value != NULL ? hanse_iati_set(mapper, element, field, value) : HANSE_OK;
}

enum hanse_status hanse_iati_put_coded(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                       const struct hanse_iati_rule *rule)
{
    const char *code = hanse_iati_use_attribute(element, "code");
    if (code == NULL) /* without a code the rest says nothing and stays a loss */
        return HANSE_OK;
    char scheme[SCHEME_BYTES];
    scheme_of(rule->vocabulary, hanse_iati_use_attribute(element, "vocabulary"), scheme);
    size_t before;
    enum hanse_status status = hanse_iati_append(mapper, element, rule->to, &before);
    if (status != HANSE_OK)
        return status;
    status = hanse_iati_set(mapper, element, "scheme", scheme);
    if (status == HANSE_OK)
        status = hanse_iati_set(mapper, element, "code", code);
    if (status == HANSE_OK)
        status = put_optional(mapper, element, "schemeUri", "vocabulary-uri");
    if (status == HANSE_OK)
        status = put_optional(mapper, element, "significance", "significance");
    if (status == HANSE_OK)
        status = put_share(mapper, element);
    if (status == HANSE_OK)
        status = put_narratives(mapper, element, "label");
    hanse_iati_leave(mapper, before);
    return status;
}

enum hanse_status hanse_iati_put_codes(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                       const struct hanse_iati_rule *rule)
{
    enum hanse_status status = HANSE_OK;
    struct hanse_iati_element *child = hanse_iati_child(element, rule->from);
    for (; status == HANSE_OK && child != NULL; child = hanse_iati_sibling(child, rule->from))
        status = hanse_iati_put_coded(mapper, child, rule);
    return status;
}

enum hanse_status hanse_iati_put_coded_reference(struct hanse_iati_mapper *mapper,
                                                 struct hanse_iati_element *element,
                                                 const struct hanse_iati_rule *rule)
{
    struct hanse_iati_element *child = hanse_iati_child(element, rule->from);
    const char *code = child != NULL ? hanse_iati_use_attribute(child, "code") : NULL;
    if (code == NULL)
        return HANSE_OK;
    char reference[SCHEME_BYTES + REFERENCE_BYTES];
    scheme_of(rule->vocabulary, hanse_iati_use_attribute(child, "vocabulary"), reference);
    size_t size = strlen(reference);
    int wrote = snprintf(reference + size, REFERENCE_BYTES, ":%s", code);
    if (wrote < 0 || wrote >= REFERENCE_BYTES)
        return hanse_iati_bad_value(mapper, child, "code", code, "code of at most 250 bytes");
    return hanse_iati_set(mapper, child, rule->to, reference);
}

static enum hanse_status put_currency(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element)
{
    const char *stated = hanse_iati_use_attribute(element, "currency");
    if (stated == NULL)
        stated = mapper->currency;
    if (stated == NULL)
        return hanse_fail(mapper->err, HANSE_MALFORMED,
                          "amount has no currency and the activity no default-currency: line %" PRIu64,
                          element->line);
    char currency[CURRENCY_LETTERS + 1] = "";
    size_t letters = 0;
    for (; letters < CURRENCY_LETTERS; letters++) {
        char c = stated[letters];
        currency[letters] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (currency[letters] < 'A' || currency[letters] > 'Z')
            break;
    }
    if (letters < CURRENCY_LETTERS || stated[letters] != '\0')
        return hanse_iati_bad_value(mapper, element, "currency", stated, "currency of ISO 4217");
    return hanse_iati_set(mapper, element, "currency", currency);
}

static enum hanse_status put_amount(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element)
{
    const char *text = hanse_iati_use_text(element);
    struct hanse_iati_decimal amount;
    if (text == NULL || !hanse_iati_decimal_parse(text, &amount))
        return hanse_iati_bad_value(mapper, element, NULL, text != NULL ? text : "",
                                    "amount (digits with a decimal point)");
    if (amount.rounded)
        hanse_iati_warn(mapper, element, NULL, "iati-number-rounded",
                        "amount has more than nine decimals and was rounded",
                        "write amounts with at most nine decimals");
    char number[32];
    (void)snprintf(number, sizeof number, "%" PRId64, amount.whole);
    enum hanse_status status = hanse_iati_set(mapper, element, "units", number);
    if (status != HANSE_OK || amount.nanos == 0)
        return status;
    (void)snprintf(number, sizeof number, "%" PRId32, amount.nanos);
    return hanse_iati_set(mapper, element, "nanos", number);
}

enum hanse_status hanse_iati_put_money(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                       const struct hanse_iati_rule *rule)
{
    struct hanse_iati_element *value = hanse_iati_child(element, rule->from);
    if (value == NULL)
        return HANSE_OK;
    size_t before = hanse_iati_enter(mapper, rule->to);
    enum hanse_status status = put_currency(mapper, value);
    if (status == HANSE_OK)
        status = put_amount(mapper, value);
    const char *date = hanse_iati_use_attribute(value, "value-date");
    if (status == HANSE_OK && date != NULL)
        status = hanse_iati_set_date(mapper, value, "valueDate", "value-date", date);
    hanse_iati_leave(mapper, before);
    return status;
}

enum hanse_status hanse_iati_put_point(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                       const struct hanse_iati_rule *rule)
{
    struct hanse_iati_element *point = hanse_iati_child(element, rule->from);
    struct hanse_iati_element *pos = point != NULL ? hanse_iati_child(point, "pos") : NULL;
    if (pos == NULL || pos->text[0] == '\0')
        return HANSE_OK;
    const struct hanse_iati_attribute *system = hanse_iati_attribute(point, "srsName");
    if (system != NULL && system->value[0] != '\0' && strstr(system->value, "4326") == NULL)
        return HANSE_OK; /* other coordinates than WGS 84 have no field: a loss */
    (void)hanse_iati_use_attribute(point, "srsName");
    static const struct hanse_iati_rule exactness = {
        hanse_iati_put_number, "exactness/@code", "exactness", NULL, NULL, NULL};
    int32_t lat_e7;
    int32_t lon_e7;
    const char *text = hanse_iati_use_text(pos);
    if (!hanse_iati_point_parse(text, &lat_e7, &lon_e7))
        return hanse_iati_bad_value(mapper, pos, NULL, text, "latitude and longitude in degrees");
    char number[16];
    size_t before = hanse_iati_enter(mapper, rule->to);
    (void)snprintf(number, sizeof number, "%" PRId32, lat_e7);
    enum hanse_status status = hanse_iati_set(mapper, pos, "latE7", number);
    (void)snprintf(number, sizeof number, "%" PRId32, lon_e7);
    if (status == HANSE_OK)
        status = hanse_iati_set(mapper, pos, "lonE7", number);
    if (status == HANSE_OK)
        status = hanse_iati_put_number(mapper, element, &exactness);
    hanse_iati_leave(mapper, before);
    return status;
}
