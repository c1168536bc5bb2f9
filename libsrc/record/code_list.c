/* SPDX-License-Identifier: Apache-2.0 */
#include "record/code_list.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

/* The last row that is not above the wanted one, in [0, count); SIZE_MAX if all are above. */
static size_t row_of(const struct hanse_code_list *list, struct hanse_bytes code)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *held = list->text + list->starts[middle];
        if (hanse_bytes_compare(hanse_bytes_of_text(held), code) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* Halving over a hundred lists takes as long as the hash of a name, and needs no table. */
const struct hanse_code_list *hanse_code_list_of(struct hanse_bytes scheme)
{
    size_t low = 0;
    size_t high = hanse_code_table_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = hanse_bytes_compare(hanse_bytes_of_text(hanse_code_tables[middle].scheme), scheme);
        if (order == 0)
            return &hanse_code_tables[middle];
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}

static const char *next_field(const char *field)
{
    return field + strlen(field) + 1;
}

void hanse_code_list_get(const struct hanse_code_list *list, size_t index, struct hanse_code *out)
{
    static const char withdrawn[] = "withdrawn ";
    const char *code = list->text + list->starts[index];
    const char *status = next_field(code);
    const char *name = next_field(status);
    const char *name_fr = next_field(name);
    *out = (struct hanse_code){
        .scheme = list->scheme,
        .code = code,
        .name = name,
        .name_fr = name_fr,
        .name_ja = next_field(name_fr),
        .is_withdrawn = *status != '\0',
        .withdrawn_on = strlen(status) >= sizeof withdrawn ? status + sizeof withdrawn - 1 : "",
    };
}

bool hanse_code_list_find(const struct hanse_code_list *list, struct hanse_bytes code, struct hanse_code *out)
{
    size_t row = row_of(list, code);
    if (row == SIZE_MAX || !hanse_bytes_equal_text(code, list->text + list->starts[row]))
        return false;
    hanse_code_list_get(list, row, out);
    return true;
}

const char *hanse_code_list_nearest(const struct hanse_code_list *list, struct hanse_bytes code)
{
    const char *nearest = NULL;
    size_t least = code.size < 3 ? 2 : code.size / 3 + 1;
    for (size_t i = 0; i < list->count; i++) {
        struct hanse_code held;
        hanse_code_list_get(list, i, &held);
        size_t mistakes = hanse_text_distance(code, hanse_bytes_of_text(held.code));
        if (mistakes < least && !held.is_withdrawn) {
            least = mistakes;
            nearest = held.code;
        }
    }
    return nearest;
}
