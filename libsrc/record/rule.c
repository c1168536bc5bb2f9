/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables of rules are made with. */
#include "record/rule.h"

#include <assert.h>

#include "base/bytes.h"

const struct hanse_rule_group *const hanse_rule_tables[] = {
    hanse_rules_account,     hanse_rules_actor,
    hanse_rules_commitment,  hanse_rules_common,
    hanse_rules_cooperation, hanse_rules_evaluation,
    hanse_rules_exchange,    hanse_rules_experience,
    hanse_rules_framework,   hanse_rules_network,
    hanse_rules_project,     hanse_rules_statement,
    hanse_rules_table,       NULL,
};

const struct hanse_field *hanse_rule_field(const struct hanse_part *part, const char *name)
{
    const struct hanse_field *field = hanse_schema_find(hanse_part_schema(part), hanse_bytes_of_text(name));
    assert(field != NULL);
    return field;
}

size_t hanse_rule_count(const struct hanse_part *part, const char *name)
{
    return hanse_part_count(part, hanse_rule_field(part, name));
}

const struct hanse_part *hanse_rule_child(const struct hanse_part *part, const char *name, size_t index)
{
    return part != NULL ? hanse_part_child(part, hanse_rule_field(part, name), index) : NULL;
}

struct hanse_bytes hanse_rule_text(const struct hanse_part *part, const char *name)
{
    struct hanse_value value;
    bool is_set = hanse_part_get(part, hanse_rule_field(part, name), 0, &value);
    return is_set ? value.as.bytes : (struct hanse_bytes){0};
}

int64_t hanse_rule_number(const struct hanse_part *part, const char *name)
{
    struct hanse_value value;
    if (!hanse_part_get(part, hanse_rule_field(part, name), 0, &value))
        return 0;
    if (value.kind != HANSE_FIELD_UINT32 && value.kind != HANSE_FIELD_UINT64)
        return value.as.integer;
    return value.as.natural <= INT64_MAX ? (int64_t)value.as.natural : INT64_MAX;
}

int64_t hanse_rule_day(const struct hanse_part *date, bool last)
{
    if (date == NULL || hanse_rule_number(date, "year") == 0)
        return 0;
    int64_t month = hanse_rule_number(date, "month");
    int64_t day = hanse_rule_number(date, "day");
    month = month == 0 ? (last ? 12 : 1) : month;
    day = day == 0 ? (last ? 31 : 1) : day;
    return hanse_rule_number(date, "year") * 10000 + month * 100 + day;
}

bool hanse_rule_same_ref(const struct hanse_part *a, const struct hanse_part *b)
{
    if (a == NULL || b == NULL || hanse_rule_text(a, "id").size == 0)
        return false;
    return hanse_bytes_equal(hanse_rule_text(a, "id"), hanse_rule_text(b, "id"));
}

bool hanse_rule_are_ordered(const struct hanse_part *part, const char *from, const char *to)
{
    return hanse_rule_count(part, to) == 0 || hanse_rule_number(part, from) <= hanse_rule_number(part, to);
}

/* Quadratic, so bounded: past as many elements as people write, the rest is not compared. */
bool hanse_rule_ids_differ(const struct hanse_part *part, const char *field, const char *id)
{
    enum { MAX_COMPARED = 256 };
    size_t count = hanse_rule_count(part, field);
    count = count < MAX_COMPARED ? count : MAX_COMPARED;
    for (size_t i = 1; i < count; i++) {
        struct hanse_bytes own = hanse_rule_text(hanse_rule_child(part, field, i), id);
        for (size_t k = 0; own.size > 0 && k < i; k++)
            if (hanse_bytes_equal(own, hanse_rule_text(hanse_rule_child(part, field, k), id)))
                return false;
    }
    return true;
}
