/* SPDX-License-Identifier: Apache-2.0 */
/* Scalars of a record as attributes and texts of elements. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/iati/dump_internal.h"
#include "record/rule.h"

enum { NAME_BYTES = 64 };

struct hanse_iati_place hanse_iati_dump_follow(const struct hanse_part *part, const char *to)
{
    const char *dot;
    while (part != NULL && (dot = strchr(to, '.')) != NULL) {
        char step[NAME_BYTES];
        (void)snprintf(step, sizeof step, "%.*s", (int)(dot - to), to);
        part = hanse_rule_child(part, step, 0);
        to = dot + 1;
    }
    return (struct hanse_iati_place){part, to};
}

/* The part at a path that may be empty: the part itself. */
const struct hanse_part *hanse_iati_dump_part(const struct hanse_part *part, const char *to)
{
    if (to[0] == '\0')
        return part;
    struct hanse_iati_place place = hanse_iati_dump_follow(part, to);
    return place.part != NULL ? hanse_rule_child(place.part, place.field, 0) : NULL;
}

bool hanse_iati_dump_get(struct hanse_iati_place place, struct hanse_value *out)
{
    return place.part != NULL &&
           hanse_part_get(place.part, hanse_rule_field(place.part, place.field), 0, out);
}

struct hanse_bytes hanse_iati_dump_digits(int64_t value, char out[HANSE_IATI_NUMBER_BYTES])
{
    (void)snprintf(out, HANSE_IATI_NUMBER_BYTES, "%" PRId64, value);
    return hanse_bytes_of_text(out);
}

enum hanse_status hanse_iati_dump_open(struct hanse_iati_dumper *dumper, const char *name)
{
    return hanse_iati_tree_open(dumper->tree, NULL, name, 0, dumper->err);
}

enum hanse_status hanse_iati_dump_close(struct hanse_iati_dumper *dumper)
{
    return hanse_iati_tree_close(dumper->tree, dumper->err);
}

enum hanse_status hanse_iati_dump_attribute(struct hanse_iati_dumper *dumper, const char *name,
                                            struct hanse_bytes value)
{
    return value.size > 0 ? hanse_iati_tree_attribute(dumper->tree, NULL, name, value, dumper->err)
                          : HANSE_OK;
}

/* A value where a rule's `from` leads: "@name", "child", "child/@name". */
enum hanse_status hanse_iati_dump_put(struct hanse_iati_dumper *dumper, const char *from,
                                      struct hanse_bytes value)
{
    char child[NAME_BYTES];
    const char *attribute = strchr(from, '@');
    (void)snprintf(child, sizeof child, "%.*s", (int)strcspn(from, "/@"), from);
    if (value.size == 0)
        return HANSE_OK;
    enum hanse_status status = child[0] != '\0' ? hanse_iati_dump_open(dumper, child) : HANSE_OK;
    if (status == HANSE_OK)
        status = attribute != NULL ? hanse_iati_dump_attribute(dumper, attribute + 1, value)
                                   : hanse_iati_tree_text(dumper->tree, value, dumper->err);
    return status == HANSE_OK && child[0] != '\0' ? hanse_iati_dump_close(dumper) : status;
}

enum hanse_status hanse_iati_dump_string(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                         const struct hanse_iati_rule *rule)
{
    struct hanse_value value;
    return hanse_iati_dump_get(hanse_iati_dump_follow(part, rule->to), &value)
               ? hanse_iati_dump_put(dumper, rule->from, value.as.bytes)
               : HANSE_OK;
}

enum hanse_status hanse_iati_dump_number(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                         const struct hanse_iati_rule *rule)
{
    struct hanse_iati_place place = hanse_iati_dump_follow(part, rule->to);
    char text[HANSE_IATI_NUMBER_BYTES];
    if (place.part == NULL || hanse_rule_count(place.part, place.field) == 0)
        return HANSE_OK;
    return hanse_iati_dump_put(dumper, rule->from,
                               hanse_iati_dump_digits(hanse_rule_number(place.part, place.field), text));
}

enum hanse_status hanse_iati_dump_boolean(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                          const struct hanse_iati_rule *rule)
{
    struct hanse_value value;
    if (!hanse_iati_dump_get(hanse_iati_dump_follow(part, rule->to), &value))
        return HANSE_OK;
    return hanse_iati_dump_put(dumper, rule->from, hanse_bytes_of_text(value.as.integer != 0 ? "1" : "0"));
}

/* IATI has whole dates only; a year alone cannot be said. */
struct hanse_bytes hanse_iati_dump_day(const struct hanse_part *date, char out[HANSE_IATI_NUMBER_BYTES])
{
    out[0] = '\0';
    if (date != NULL && hanse_rule_number(date, "day") > 0)
        (void)snprintf(out, HANSE_IATI_NUMBER_BYTES, "%04" PRId64 "-%02" PRId64 "-%02" PRId64,
                       hanse_rule_number(date, "year"), hanse_rule_number(date, "month"),
                       hanse_rule_number(date, "day"));
    return hanse_bytes_of_text(out);
}

enum hanse_status hanse_iati_dump_date(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                       const struct hanse_iati_rule *rule)
{
    char text[HANSE_IATI_NUMBER_BYTES];
    return hanse_iati_dump_put(dumper, rule->from,
                               hanse_iati_dump_day(hanse_iati_dump_part(part, rule->to), text));
}

enum hanse_status hanse_iati_dump_baseline_date(struct hanse_iati_dumper *dumper,
                                                const struct hanse_part *part,
                                                const struct hanse_iati_rule *rule)
{
    const struct hanse_part *date = hanse_rule_child(part, rule->to, 0);
    char text[HANSE_IATI_NUMBER_BYTES];
    if (date == NULL || hanse_rule_number(date, "year") == 0)
        return HANSE_OK;
    enum hanse_status status = hanse_iati_dump_attribute(
        dumper, "year", hanse_iati_dump_digits(hanse_rule_number(date, "year"), text));
    return status == HANSE_OK ? hanse_iati_dump_attribute(dumper, "iso-date", hanse_iati_dump_day(date, text))
                              : status;
}

struct hanse_bytes hanse_iati_dump_after(struct hanse_bytes text, const char *prefix)
{
    size_t size = strlen(prefix);
    bool begins = text.size > size && memcmp(text.data, prefix, size) == 0;
    return begins ? hanse_bytes_slice(text, size, text.size) : (struct hanse_bytes){0};
}

enum hanse_status hanse_iati_dump_reference(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                            const struct hanse_iati_rule *rule)
{
    struct hanse_value value;
    if (!hanse_iati_dump_get(hanse_iati_dump_follow(part, rule->to), &value))
        return HANSE_OK;
    return hanse_iati_dump_put(dumper, rule->from, hanse_iati_dump_after(value.as.bytes, rule->text));
}

enum hanse_status hanse_iati_dump_code(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                       const struct hanse_iati_rule *rule)
{
    const struct hanse_part *code = hanse_iati_dump_part(part, rule->to);
    if (code == NULL || !hanse_bytes_equal_text(hanse_rule_text(code, "scheme"), rule->text))
        return HANSE_OK;
    return hanse_iati_dump_put(dumper, rule->from, hanse_rule_text(code, "code"));
}

enum hanse_status hanse_iati_dump_languages(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                            const struct hanse_iati_rule *rule)
{
    const struct hanse_field *field = hanse_rule_field(part, rule->to);
    enum hanse_status status = HANSE_OK;
    struct hanse_value value;
    for (size_t i = 0; status == HANSE_OK && hanse_part_get(part, field, i, &value); i++) {
        status = hanse_iati_dump_open(dumper, rule->from);
        if (status == HANSE_OK)
            status = hanse_iati_dump_attribute(dumper, "code", value.as.bytes);
        if (status == HANSE_OK)
            status = hanse_iati_dump_close(dumper);
    }
    return status;
}
