/* SPDX-License-Identifier: Apache-2.0 */
#include "record/rule_code.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/code_list.h"

/* Indicators of the goals have no list here, but the target that each belongs to has: "11.6" of "11.6.1". */
static const struct hanse_code_list *list_of(const struct hanse_part *code, struct hanse_bytes *wanted)
{
    struct hanse_bytes scheme = hanse_rule_text(code, "scheme");
    *wanted = hanse_rule_text(code, "code");
    if (!hanse_bytes_equal_text(scheme, "SDG-IND"))
        return hanse_code_list_of(scheme);
    size_t dot = hanse_bytes_find(*wanted, hanse_bytes_find(*wanted, 0, '.') + 1, '.');
    *wanted = hanse_bytes_slice(*wanted, 0, dot);
    return hanse_code_list_of(hanse_bytes_of_text("SDG-TARGET"));
}

static bool has(const struct hanse_part *code, bool in_closed)
{
    struct hanse_bytes wanted;
    struct hanse_code found;
    const struct hanse_code_list *list = list_of(code, &wanted);
    return list == NULL || list->is_closed != in_closed || wanted.size == 0 ||
           hanse_code_list_find(list, wanted, &found);
}

bool hanse_rule_code_exists(const struct hanse_part *code)
{
    return has(code, true);
}

bool hanse_rule_code_is_listed(const struct hanse_part *code)
{
    return has(code, false);
}

static bool find_withdrawn(const struct hanse_part *code, struct hanse_code *out)
{
    struct hanse_bytes wanted;
    const struct hanse_code_list *list = list_of(code, &wanted);
    return list != NULL && hanse_code_list_find(list, wanted, out) && out->is_withdrawn;
}

bool hanse_rule_code_is_current(const struct hanse_part *code)
{
    struct hanse_code found;
    return !find_withdrawn(code, &found);
}

/* False if the list tells that its use ended before `day`. */
static bool was_current(const struct hanse_part *code, int64_t day)
{
    struct hanse_code found;
    if (!find_withdrawn(code, &found) || *found.withdrawn_on == '\0')
        return true;
    int64_t last = 0;
    for (const char *at = found.withdrawn_on; *at != '\0'; at++)
        last = *at == '-' ? last : last * 10 + (*at - '0');
    return day <= last;
}

static bool field_was_current(const struct hanse_part *part, const char *field, int64_t day)
{
    for (size_t i = 0; i < hanse_rule_count(part, field); i++)
        if (!was_current(hanse_rule_child(part, field, i), day))
            return false;
    return true;
}

bool hanse_rule_codes_were_current(const struct hanse_part *part, int64_t day)
{
    static const char *const fields[] = {"sectors", "flowType", "financeType", "aidTypes", "tiedStatus"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (!field_was_current(part, fields[i], day))
            return false;
    return true;
}

/* org-id.guide: the code of a register is country, hyphen, register; the second hyphen ends it. */
bool hanse_rule_register_is_listed(const struct hanse_part *identifier)
{
    if (!hanse_bytes_equal_text(hanse_rule_text(identifier, "scheme"), "ORGID"))
        return true;
    struct hanse_bytes value = hanse_rule_text(identifier, "value");
    size_t end = hanse_bytes_find(value, hanse_bytes_find(value, 0, '-') + 1, '-');
    struct hanse_code found;
    const struct hanse_code_list *list = hanse_code_list_of(hanse_bytes_of_text("ORGID-LIST"));
    return value.size == 0 || list == NULL ||
           hanse_code_list_find(list, hanse_bytes_slice(value, 0, end), &found);
}

static bool is_of(const char *scheme, const struct hanse_value *value)
{
    struct hanse_code found;
    const struct hanse_code_list *list = hanse_code_list_of(hanse_bytes_of_text(scheme));
    return list == NULL || hanse_code_list_find(list, value->as.bytes, &found);
}

/* ISO 3166-1 leaves AA, QM to QZ, XA to XZ and ZZ to those who need codes of their own. */
static bool is_users_country(struct hanse_bytes code)
{
    uint8_t first = code.data[0];
    uint8_t second = code.data[1];
    return first == 'X' || (first == 'Q' && second >= 'M') ||
           (first == second && (first == 'A' || first == 'Z'));
}

bool hanse_rule_is_country(const struct hanse_value *value)
{
    struct hanse_bytes text = value->as.bytes;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 'A' || text.data[i] > 'Z')
            return false;
    return text.size == 2 && (is_users_country(text) || is_of("ISO3166-1", value));
}

bool hanse_rule_currency_is_listed(const struct hanse_value *value)
{
    return !hanse_rule_is_currency(value) || is_of("ISO4217", value);
}

bool hanse_rule_is_of_codes(const struct hanse_rule *rule)
{
    static const char *const ids[] = {"code-exists", "project-codes-current", "transaction-codes-current"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (strcmp(rule->id, ids[i]) == 0)
            return true;
    return false;
}

const char *hanse_rule_code_remedy(const struct hanse_rule *rule, const struct hanse_part *part,
                                   char room[HANSE_RULE_REMEDY_BYTES])
{
    if (rule->part != hanse_rule_code_exists && rule->part != hanse_rule_code_is_listed)
        return rule->remedy;
    struct hanse_bytes wanted;
    const struct hanse_code_list *list = list_of(part, &wanted);
    const char *nearest = hanse_code_list_nearest(list, wanted);
    struct hanse_code found;
    if (nearest == NULL || !hanse_code_list_find(list, hanse_bytes_of_text(nearest), &found))
        return rule->remedy;
    (void)snprintf(room, HANSE_RULE_REMEDY_BYTES, "%s; the nearest is \"%s\": %s", rule->remedy, nearest,
                   found.name);
    return room;
}
