/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of fixed form as elements: texts, codes, money, points. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/iati/dump_internal.h"
#include "record/iati/tables.h"
#include "record/rule.h"

enum {
    NUMBER_BYTES = HANSE_IATI_NUMBER_BYTES,
    NAME_BYTES = 64,
    MILLIONTHS_PER_PERCENT = 10000,
    E7 = 10000000
};

/* A text whose language nobody knows has no tag: it is either in an activity without one, or the second text
 * of a language, which an import marks so again. */
static enum hanse_status dump_narrative(struct hanse_iati_dumper *dumper, const struct hanse_part *text,
                                        bool *has_default)
{
    struct hanse_bytes language = hanse_rule_text(text, "language");
    bool is_default = dumper->language != NULL && hanse_bytes_equal_text(language, dumper->language);
    bool is_unknown = hanse_bytes_equal_text(language, "und") && (dumper->language == NULL || *has_default);
    enum hanse_status status = hanse_iati_dump_open(dumper, "narrative");
    if (status == HANSE_OK && !is_default && !is_unknown)
        status = hanse_iati_dump_attribute(dumper, "xml:lang", language);
    if (status == HANSE_OK)
        status = hanse_iati_tree_text(dumper->tree, hanse_rule_text(text, "text"), dumper->err);
    *has_default = *has_default || is_default;
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

static enum hanse_status dump_narratives(struct hanse_iati_dumper *dumper, struct hanse_iati_place place)
{
    enum hanse_status status = HANSE_OK;
    bool has_default = false;
    size_t count = place.part != NULL ? hanse_rule_count(place.part, place.field) : 0;
    for (size_t i = 0; status == HANSE_OK && i < count; i++)
        status = dump_narrative(dumper, hanse_rule_child(place.part, place.field, i), &has_default);
    return status;
}

enum hanse_status hanse_iati_dump_texts(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                        const struct hanse_iati_rule *rule)
{
    struct hanse_iati_place place = hanse_iati_dump_follow(part, rule->to);
    if (strcmp(rule->from, ".") == 0)
        return dump_narratives(dumper, place);
    if (place.part == NULL || hanse_rule_count(place.part, place.field) == 0)
        return HANSE_OK;
    enum hanse_status status = hanse_iati_dump_open(dumper, rule->from);
    if (status == HANSE_OK)
        status = dump_narratives(dumper, place);
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

/* The code of the vocabulary that a scheme stands for; a scheme that IATI does not know is the reporter's
 * own. */
static struct hanse_bytes vocabulary_of(const struct hanse_iati_vocabulary *vocabulary,
                                        struct hanse_bytes scheme)
{
    char prefix[NAME_BYTES];
    for (const char *const(*pair)[2] = vocabulary->schemes; (*pair)[0] != NULL; pair++)
        if (hanse_bytes_equal_text(scheme, (*pair)[1]))
            return hanse_bytes_of_text((*pair)[0]);
    (void)snprintf(prefix, sizeof prefix, "%s-", vocabulary->prefix);
    struct hanse_bytes own = hanse_iati_dump_after(scheme, prefix);
    return own.size > 0 || vocabulary->fallback[0] == '\0' ? own : hanse_bytes_of_text("99");
}

static enum hanse_status dump_share(struct hanse_iati_dumper *dumper, const struct hanse_part *code)
{
    char text[NUMBER_BYTES];
    if (hanse_rule_count(code, "share_millionths") == 0)
        return HANSE_OK;
    int64_t share = hanse_rule_number(code, "share_millionths");
    int size = snprintf(text, sizeof text, "%" PRId64 ".%04" PRId64, share / MILLIONTHS_PER_PERCENT,
                        share % MILLIONTHS_PER_PERCENT);
    while (size > 0 && text[size - 1] == '0')
        text[--size] = '\0';
    if (size > 0 && text[size - 1] == '.')
        text[--size] = '\0';
    return hanse_iati_dump_attribute(dumper, "percentage", hanse_bytes_of_text(text));
}

static enum hanse_status dump_coded(struct hanse_iati_dumper *dumper, const struct hanse_part *code,
                                    const struct hanse_iati_rule *rule)
{
    struct hanse_bytes vocabulary = vocabulary_of(rule->vocabulary, hanse_rule_text(code, "scheme"));
    enum hanse_status status = hanse_iati_dump_open(dumper, rule->from);
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "vocabulary", vocabulary);
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "vocabulary-uri", hanse_rule_text(code, "scheme_uri"));
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "code", hanse_rule_text(code, "code"));
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "significance", hanse_rule_text(code, "significance"));
    if (status == HANSE_OK)
        status = dump_share(dumper, code);
    if (status == HANSE_OK)
        status = dump_narratives(dumper, (struct hanse_iati_place){code, "label"});
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

enum hanse_status hanse_iati_dump_codes(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                        const struct hanse_iati_rule *rule)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < hanse_rule_count(part, rule->to); i++)
        status = dump_coded(dumper, hanse_rule_child(part, rule->to, i), rule);
    return status;
}

enum hanse_status hanse_iati_dump_coded_reference(struct hanse_iati_dumper *dumper,
                                                  const struct hanse_part *part,
                                                  const struct hanse_iati_rule *rule)
{
    struct hanse_value value;
    if (!hanse_iati_dump_get(hanse_iati_dump_follow(part, rule->to), &value))
        return HANSE_OK;
    size_t colon = hanse_bytes_find(value.as.bytes, 0, ':');
    struct hanse_bytes scheme = hanse_bytes_slice(value.as.bytes, 0, colon);
    if (colon + 1 >= value.as.bytes.size)
        return HANSE_OK;
    enum hanse_status status = hanse_iati_dump_open(dumper, rule->from);
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "vocabulary", vocabulary_of(rule->vocabulary, scheme));
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "code",
                                           hanse_bytes_slice(value.as.bytes, colon + 1, value.as.bytes.size));
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

/* Digits of a number in units of 1 / scale, without zeros at the end. */
static struct hanse_bytes decimal(int64_t whole, int64_t fraction, int digits, char out[NUMBER_BYTES])
{
    bool negative = whole < 0 || fraction < 0;
    uint64_t size_of_whole = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;
    int size = snprintf(out, NUMBER_BYTES, "%s%" PRIu64, negative ? "-" : "", size_of_whole);
    if (fraction == 0 || size < 0)
        return hanse_bytes_of_text(out);
    (void)snprintf(out + size, NUMBER_BYTES - (size_t)size, ".%0*" PRId64, digits,
                   fraction < 0 ? -fraction : fraction);
    for (size_t end = strlen(out); out[end - 1] == '0'; end--)
        out[end - 1] = '\0';
    return hanse_bytes_of_text(out);
}

enum hanse_status hanse_iati_dump_money(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                        const struct hanse_iati_rule *rule)
{
    const struct hanse_part *money = hanse_rule_child(part, rule->to, 0);
    char text[NUMBER_BYTES];
    if (money == NULL)
        return HANSE_OK;
    enum hanse_status status = hanse_iati_dump_open(dumper, rule->from);
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "currency", hanse_rule_text(money, "currency"));
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(
            dumper, "value-date", hanse_iati_dump_day(hanse_rule_child(money, "value_date", 0), text));
    if (status == HANSE_OK)
        status = hanse_iati_tree_text(
            dumper->tree,
            decimal(hanse_rule_number(money, "units"), hanse_rule_number(money, "nanos"), 9, text),
            dumper->err);
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}

enum hanse_status hanse_iati_dump_point(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                        const struct hanse_iati_rule *rule)
{
    static const char wgs84[] = "http://www.opengis.net/def/crs/EPSG/0/4326";
    static const struct hanse_iati_rule exactness = {
        hanse_iati_put_number, "exactness/@code", "exactness", NULL, NULL, NULL};
    const struct hanse_part *point = hanse_rule_child(part, rule->to, 0);
    if (point == NULL)
        return HANSE_OK;
    char lat[NUMBER_BYTES];
    char lon[NUMBER_BYTES];
    char pos[2 * NUMBER_BYTES];
    (void)decimal(hanse_rule_number(point, "lat_e7") / E7, hanse_rule_number(point, "lat_e7") % E7, 7, lat);
    (void)decimal(hanse_rule_number(point, "lon_e7") / E7, hanse_rule_number(point, "lon_e7") % E7, 7, lon);
    (void)snprintf(pos, sizeof pos, "%s %s", lat, lon);
    enum hanse_status status = hanse_iati_dump_open(dumper, rule->from);
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "srsName", hanse_bytes_of_text(wgs84));
    if (status == HANSE_OK)
        status = hanse_iati_dump_put(dumper, "pos", hanse_bytes_of_text(pos));
    if (status == HANSE_OK)
        status = hanse_iati_dump_close(dumper);
    return status == HANSE_OK ? hanse_iati_dump_number(dumper, point, &exactness) : status;
}

/* In a transaction the earmarking stands among the types of aid. */
enum hanse_status hanse_iati_dump_aid_types(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                            const struct hanse_iati_rule *rule)
{
    char text[NUMBER_BYTES];
    enum hanse_status status = hanse_iati_dump_codes(dumper, part, rule);
    if (status != HANSE_OK || hanse_rule_count(part, "earmarking") == 0)
        return status;
    status = hanse_iati_dump_open(dumper, rule->from);
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(dumper, "vocabulary", hanse_bytes_of_text("2"));
    if (status == HANSE_OK)
        status = hanse_iati_dump_attribute(
            dumper, "code", hanse_iati_dump_digits(hanse_rule_number(part, "earmarking"), text));
    return status == HANSE_OK ? hanse_iati_dump_close(dumper) : status;
}
