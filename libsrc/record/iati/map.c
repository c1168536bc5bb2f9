/* SPDX-License-Identifier: Apache-2.0 */
/* One activity into one record: the tables, the rules that are functions, and what no table can say. */
#include "record/iati/map.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "record/iati/tables.h"
#include "record/personal.h"

enum { FIELD_BYTES = 64, SCHEME_BYTES = 48, VOCABULARIES = 16, WHOLE_MILLIONTHS = 1000000 };

enum hanse_status hanse_iati_put_languages(struct hanse_iati_mapper *mapper,
                                           struct hanse_iati_element *element,
                                           const struct hanse_iati_rule *rule)
{
    enum hanse_status status = HANSE_OK;
    struct hanse_iati_element *child = hanse_iati_child(element, rule->from);
    for (; status == HANSE_OK && child != NULL; child = hanse_iati_sibling(child, rule->from)) {
        const char *code = hanse_iati_use_attribute(child, "code");
        char language[HANSE_IATI_LANGUAGE_BYTES];
        char field[FIELD_BYTES];
        (void)snprintf(field, sizeof field, "%s[+]", rule->to);
        if (code != NULL && !hanse_iati_language_parse(code, language))
            status = hanse_iati_bad_value(mapper, child, "code", code, "language");
        else if (code != NULL)
            status = hanse_iati_set(mapper, child, field, language);
    }
    return status;
}

enum hanse_status hanse_iati_put_baseline_date(struct hanse_iati_mapper *mapper,
                                               struct hanse_iati_element *element,
                                               const struct hanse_iati_rule *rule)
{
    const char *date = hanse_iati_use_attribute(element, "iso-date");
    const char *year = hanse_iati_use_attribute(element, "year");
    if (date != NULL)
        return hanse_iati_set_date(mapper, element, rule->to, "iso-date", date);
    static const struct hanse_iati_rule year_rule = {
        hanse_iati_put_number, "@year", "date.year", NULL, NULL, NULL};
    return year != NULL ? hanse_iati_put_number(mapper, element, &year_rule) : HANSE_OK;
}

enum hanse_status hanse_iati_put_updated(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                         const struct hanse_iati_rule *rule)
{
    const char *text = hanse_iati_use_attribute(element, "last-updated-datetime");
    uint64_t unix_s;
    if (text == NULL || hanse_iati_time_parse(text, &unix_s))
        return hanse_iati_put_time(mapper, element, rule);
    hanse_iati_warn(mapper, element, "last-updated-datetime", "iati-time-unknown",
                    "time of the last update is no xs:dateTime since 1970 and was left out",
                    "write it as YYYY-MM-DDThh:mm:ssZ");
    return HANSE_OK;
}

static enum hanse_status put_identifier(struct hanse_iati_mapper *mapper,
                                        const struct hanse_iati_element *element, const char *scheme,
                                        const char *value, bool primary)
{
    size_t before;
    enum hanse_status status = hanse_iati_append(mapper, element, "identifiers", &before);
    if (status != HANSE_OK)
        return status;
    status = hanse_iati_set(mapper, element, "scheme", scheme);
    if (status == HANSE_OK)
        status = hanse_iati_set(mapper, element, "value", value);
    if (status == HANSE_OK && primary)
        status = hanse_iati_set(mapper, element, "primary", "true");
    hanse_iati_leave(mapper, before);
    return status;
}

enum hanse_status hanse_iati_put_other_identifier(struct hanse_iati_mapper *mapper,
                                                  struct hanse_iati_element *element,
                                                  const struct hanse_iati_rule *rule)
{
    static const struct hanse_iati_rule superseded = {
        hanse_iati_put_reference, "@ref", "supersededIds[+]", NULL, "IATI-ACT:", NULL};
    enum hanse_status status = HANSE_OK;
    struct hanse_iati_element *child = hanse_iati_child(element, rule->from);
    for (; status == HANSE_OK && child != NULL; child = hanse_iati_sibling(child, rule->from)) {
        const char *value = hanse_iati_use_attribute(child, "ref");
        if (value == NULL)
            continue;
        const char *type = hanse_iati_use_attribute(child, "type");
        char scheme[SCHEME_BYTES];
        (void)snprintf(scheme, sizeof scheme, "IATI-OTHER%s%.16s", type != NULL ? "-" : "",
                       type != NULL ? type : "");
        bool previous = type != NULL && strcmp(type, "A3") == 0;
        status = previous ? hanse_iati_put_reference(mapper, child, &superseded)
                          : put_identifier(mapper, child, scheme, value, false);
    }
    return status;
}

enum hanse_status hanse_iati_put_budget_status(struct hanse_iati_mapper *mapper,
                                               struct hanse_iati_element *element,
                                               const struct hanse_iati_rule *rule)
{
    static const char indicative[] = "1"; /* what the standard says where the attribute is missing */
    if (hanse_iati_attribute(element, "status") != NULL)
        return hanse_iati_put_number(mapper, element, rule);
    return hanse_iati_set(mapper, element, rule->to, indicative);
}

enum hanse_status hanse_iati_put_inherited_code(struct hanse_iati_mapper *mapper,
                                                struct hanse_iati_element *element,
                                                const struct hanse_iati_rule *rule)
{
    char own[FIELD_BYTES];
    (void)snprintf(own, sizeof own, "%.*s", (int)strcspn(rule->from, "/"), rule->from);
    if (hanse_iati_child(element, own) != NULL)
        return hanse_iati_put_code(mapper, element, rule);
    char inherited[FIELD_BYTES];
    (void)snprintf(inherited, sizeof inherited, "default-%s", rule->from);
    struct hanse_iati_rule from_activity = *rule;
    from_activity.from = inherited;
    return hanse_iati_put_code(mapper, element->parent, &from_activity);
}

static const char *aid_vocabulary_of(const struct hanse_iati_element *element)
{
    const struct hanse_iati_attribute *attribute = hanse_iati_attribute(element, "vocabulary");
    return attribute != NULL && attribute->value[0] != '\0' ? attribute->value
                                                            : hanse_iati_aid_vocabulary.fallback;
}

static bool has_aid_type(const struct hanse_iati_element *transaction, const char *vocabulary)
{
    const struct hanse_iati_element *own = hanse_iati_child(transaction, "aid-type");
    for (; own != NULL; own = hanse_iati_sibling(own, "aid-type"))
        if (strcmp(aid_vocabulary_of(own), vocabulary) == 0)
            return true;
    return false;
}

/* The earmarking category has a field of its own in a transaction. */
static enum hanse_status put_aid_type(struct hanse_iati_mapper *mapper, struct hanse_iati_element *aid_type,
                                      const struct hanse_iati_rule *rule)
{
    static const struct hanse_iati_rule earmarking = {
        hanse_iati_put_number, "@code", "earmarking", NULL, NULL, NULL};
    if (strcmp(aid_vocabulary_of(aid_type), "2") != 0)
        return hanse_iati_put_coded(mapper, aid_type, rule);
    (void)hanse_iati_use_attribute(aid_type, "vocabulary");
    return hanse_iati_put_number(mapper, aid_type, &earmarking);
}

enum hanse_status hanse_iati_put_aid_types(struct hanse_iati_mapper *mapper,
                                           struct hanse_iati_element *element,
                                           const struct hanse_iati_rule *rule)
{
    enum hanse_status status = HANSE_OK;
    struct hanse_iati_element *own = hanse_iati_child(element, rule->from);
    for (; status == HANSE_OK && own != NULL; own = hanse_iati_sibling(own, rule->from))
        status = put_aid_type(mapper, own, rule);
    struct hanse_iati_element *inherited = hanse_iati_child(element->parent, "default-aid-type");
    for (; status == HANSE_OK && inherited != NULL;
         inherited = hanse_iati_sibling(inherited, "default-aid-type"))
        if (!has_aid_type(element, aid_vocabulary_of(inherited)))
            status = put_aid_type(mapper, inherited, rule);
    return status;
}

/* The standard assumes the reporting organisation where the giver of outgoing money or the taker of incoming
 * money is not named. */
enum hanse_status hanse_iati_put_assumed_party(struct hanse_iati_mapper *mapper,
                                               struct hanse_iati_element *element,
                                               const struct hanse_iati_rule *rule)
{
    const struct hanse_iati_element *type = hanse_iati_child(element, "transaction-type");
    const struct hanse_iati_attribute *code = type != NULL ? hanse_iati_attribute(type, "code") : NULL;
    struct hanse_iati_element *reporter = hanse_iati_child(element->parent, "reporting-org");
    if (hanse_iati_child(element, rule->from) != NULL || code == NULL || reporter == NULL)
        return HANSE_OK;
    bool incoming =
        strcmp(code->value, "1") == 0 || strcmp(code->value, "11") == 0 || strcmp(code->value, "13") == 0;
    if (incoming != (strcmp(rule->text, "receiver") == 0))
        return HANSE_OK;
    return hanse_iati_apply_rules(mapper, reporter, rule->rules);
}

/* Shares of one vocabulary, added up. */
struct share_sum {
    const char *vocabulary;
    uint64_t millionths;
    size_t codes;
    size_t shares;
};

static struct share_sum *sum_of(struct share_sum *sums, size_t *count, const char *vocabulary)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(sums[i].vocabulary, vocabulary) == 0)
            return &sums[i];
    if (*count == VOCABULARIES)
        return NULL;
    sums[*count] = (struct share_sum){.vocabulary = vocabulary};
    return &sums[(*count)++];
}

static void warn_of_sum(const struct hanse_iati_mapper *mapper, const struct hanse_iati_element *sector,
                        const struct share_sum *sum)
{
    char message[128];
    if (sum->shares == 0 && sum->codes > 1)
        (void)snprintf(message, sizeof message, "%zu sectors of vocabulary \"%.16s\" have no percentages",
                       sum->codes, sum->vocabulary);
    else if (sum->shares > 0 && sum->millionths != WHOLE_MILLIONTHS)
        (void)snprintf(message, sizeof message,
                       "sectors of vocabulary \"%.16s\" add up to %" PRIu64 ".%04" PRIu64 " %%",
                       sum->vocabulary, sum->millionths / 10000, sum->millionths % 10000);
    else
        return;
    hanse_iati_warn(mapper, sector, "percentage", "iati-percentage-sum", message,
                    "give every sector of a vocabulary a percentage so that they add up to 100");
}

static void check_shares(const struct hanse_iati_mapper *mapper, const struct hanse_iati_element *activity)
{
    struct share_sum sums[VOCABULARIES];
    size_t count = 0;
    const struct hanse_iati_element *first = hanse_iati_child(activity, "sector");
    for (const struct hanse_iati_element *at = first; at != NULL; at = hanse_iati_sibling(at, "sector")) {
        const struct hanse_iati_attribute *vocabulary = hanse_iati_attribute(at, "vocabulary");
        const struct hanse_iati_attribute *share = hanse_iati_attribute(at, "percentage");
        struct share_sum *sum = sum_of(sums, &count, vocabulary != NULL ? vocabulary->value : "1");
        uint32_t millionths;
        bool rounded;
        if (sum == NULL)
            continue;
        sum->codes++;
        if (share != NULL && hanse_iati_percentage_parse(share->value, &millionths, &rounded)) {
            sum->shares++;
            sum->millionths += millionths;
        }
    }
    for (size_t i = 0; i < count; i++)
        warn_of_sum(mapper, first, &sums[i]);
}

static enum hanse_status put_header(struct hanse_iati_mapper *mapper, struct hanse_iati_element *activity)
{
    struct hanse_iati_element *identifier = hanse_iati_child(activity, "iati-identifier");
    const char *value = identifier != NULL ? hanse_iati_use_text(identifier) : NULL;
    if (value == NULL)
        return hanse_fail(mapper->err, HANSE_MALFORMED, "activity at line %" PRIu64 " has no iati-identifier",
                          activity->line);
    size_t before = hanse_iati_enter(mapper, "header");
    enum hanse_status status = put_identifier(mapper, identifier, "IATI-ACT", value, true);
    if (status == HANSE_OK)
        status = hanse_iati_set(mapper, activity, "provenance[+].sourceScheme", mapper->scope->source_scheme);
    if (status == HANSE_OK)
        status = hanse_iati_set(mapper, activity, "provenance[-].method", "PROVENANCE_METHOD_IMPORT");
    if (status == HANSE_OK)
        status = hanse_iati_set(mapper, activity, "provenance[-].confidence", "CONFIDENCE_REPORTED");
    if (status == HANSE_OK)
        status = hanse_iati_apply_rules(mapper, activity, hanse_iati_header_rules);
    hanse_iati_leave(mapper, before);
    return status;
}

static enum hanse_status put_project(struct hanse_iati_mapper *mapper, struct hanse_iati_element *activity)
{
    size_t before = hanse_iati_enter(mapper, "project");
    enum hanse_status status = hanse_iati_apply_rules(mapper, activity, hanse_iati_project_rules);
    hanse_iati_leave(mapper, before);
    for (size_t i = 0; status == HANSE_OK && i < mapper->language_count; i++)
        status = hanse_iati_set(mapper, activity, "header.languages[+]", mapper->languages[i]);
    check_shares(mapper, activity);
    return status;
}

static void pass_on(void *context, const struct hanse_finding *finding)
{
    const struct hanse_iati_scope *scope = context;
    scope->sink->finding(scope->sink->context, scope->item, finding);
}

/* Serializing now tells whether the record is too large, while the activity can still be named. */
static enum hanse_status finish(struct hanse_iati_mapper *mapper)
{
    struct hanse_bytes bytes;
    enum hanse_status status = hanse_record_bytes(mapper->record, &bytes, mapper->err);
    if (status != HANSE_OK || mapper->scope->sink->finding == NULL)
        return status;
    struct hanse_iati_scope scope = *mapper->scope;
    return hanse_personal_scan(mapper->record, pass_on, &scope, mapper->err);
}

enum hanse_status hanse_iati_map(struct hanse_iati_element *activity, const struct hanse_iati_scope *scope,
                                 struct hanse_record **out, struct hanse_error *err)
{
    struct hanse_iati_mapper mapper = {.scope = scope, .err = err};
    (void)hanse_iati_use_attribute(activity, "xml:lang");
    mapper.currency = hanse_iati_use_attribute(activity, "default-currency");
    enum hanse_status status = hanse_record_new("Project", &mapper.record, err);
    if (status != HANSE_OK)
        return status;
    status = put_header(&mapper, activity);
    if (status == HANSE_OK)
        status = put_project(&mapper, activity);
    if (status == HANSE_OK)
        status = finish(&mapper);
    if (status != HANSE_OK) {
        hanse_record_free(mapper.record);
        return status;
    }
    *out = mapper.record;
    return HANSE_OK;
}
