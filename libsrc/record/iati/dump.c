/* SPDX-License-Identifier: Apache-2.0 */
#include "record/iati/dump.h"

#include <assert.h>
#include <stddef.h>

#include "record/iati/dump_internal.h"
#include "record/iati/tables.h"
#include "record/rule.h"

static enum hanse_status dump_each(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                   const struct hanse_iati_rule *rule)
{
    struct hanse_iati_place place = hanse_iati_dump_follow(part, rule->to);
    size_t count = place.part != NULL ? hanse_rule_count(place.part, place.field) : 0;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; status == HANSE_OK && i < count; i++) {
        status = hanse_iati_dump_open(dumper, rule->from);
        if (status == HANSE_OK)
            status = hanse_iati_dump(dumper, hanse_rule_child(place.part, place.field, i), rule->rules);
        if (status == HANSE_OK)
            status = hanse_iati_dump_close(dumper);
    }
    return status;
}

/* The element is there if its rules give something. */
static enum hanse_status dump_one(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                  const struct hanse_iati_rule *rule)
{
    const struct hanse_part *inside = hanse_iati_dump_part(part, rule->to);
    struct hanse_iati_element *parent = dumper->tree->current;
    struct hanse_iati_element *before = parent->last_child;
    if (inside == NULL)
        return HANSE_OK;
    enum hanse_status status = hanse_iati_dump_open(dumper, rule->from);
    struct hanse_iati_element *made = dumper->tree->current;
    if (status == HANSE_OK)
        status = hanse_iati_dump(dumper, inside, rule->rules);
    if (status == HANSE_OK)
        status = hanse_iati_dump_close(dumper);
    if (status != HANSE_OK || made->attributes != NULL || made->first_child != NULL)
        return status;
    parent->last_child = before;
    if (before == NULL)
        parent->first_child = NULL;
    else
        before->next = NULL;
    return HANSE_OK;
}

/* What an import only assumes is written by the rule before it. */
static enum hanse_status dump_nothing(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                      const struct hanse_iati_rule *rule)
{
    (void)dumper, (void)part, (void)rule;
    return HANSE_OK;
}

static hanse_iati_dump_rule *reverse_of(hanse_iati_apply *apply)
{
    static const struct {
        hanse_iati_apply *apply;
        hanse_iati_dump_rule *dump;
    } reverses[] = {
        {hanse_iati_put_string, hanse_iati_dump_string},
        {hanse_iati_put_number, hanse_iati_dump_number},
        {hanse_iati_put_budget_status, hanse_iati_dump_number},
        {hanse_iati_put_boolean, hanse_iati_dump_boolean},
        {hanse_iati_put_date, hanse_iati_dump_date},
        {hanse_iati_put_baseline_date, hanse_iati_dump_baseline_date},
        {hanse_iati_put_reference, hanse_iati_dump_reference},
        {hanse_iati_put_code, hanse_iati_dump_code},
        {hanse_iati_put_inherited_code, hanse_iati_dump_code},
        {hanse_iati_put_texts, hanse_iati_dump_texts},
        {hanse_iati_put_codes, hanse_iati_dump_codes},
        {hanse_iati_put_aid_types, hanse_iati_dump_aid_types},
        {hanse_iati_put_coded_reference, hanse_iati_dump_coded_reference},
        {hanse_iati_put_money, hanse_iati_dump_money},
        {hanse_iati_put_point, hanse_iati_dump_point},
        {hanse_iati_put_languages, hanse_iati_dump_languages},
        {hanse_iati_put_each, dump_each},
        {hanse_iati_put_one, dump_one},
        {hanse_iati_put_assumed_party, dump_nothing},
    };
    for (size_t i = 0; i < sizeof reverses / sizeof reverses[0]; i++)
        if (reverses[i].apply == apply)
            return reverses[i].dump;
    return NULL;
}

enum hanse_status hanse_iati_dump(struct hanse_iati_dumper *dumper, const struct hanse_part *part,
                                  const struct hanse_iati_rule *rules)
{
    enum hanse_status status = HANSE_OK;
    for (const struct hanse_iati_rule *rule = rules; status == HANSE_OK && rule->apply != NULL; rule++) {
        hanse_iati_dump_rule *dump = reverse_of(rule->apply);
        assert(dump != NULL); /* each rule of the tables can be read the other way */
        status = dump(dumper, part, rule);
    }
    return status;
}
