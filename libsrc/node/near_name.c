/* SPDX-License-Identifier: Apache-2.0 */
#include "node/near_name.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "index/lookup.h"
#include "node/uuid.h"

/* Looking at a node's every record is for small ones: among many ids everything is near to something. */
enum { MAX_LOOKED_AT = 100000, MAX_NEAR = 2, ID_DIGITS = 32, MAX_MISTAKES = 2 };

struct near_search {
    const char *origin;
    const char *digits;
    size_t looked_at;
    size_t best; /* mistakes of those found */
    char found[MAX_NEAR][HANSE_NEAR_NAME_BYTES / MAX_NEAR - 4];
    size_t count;
};

/* Digits to change, add or leave out until `digits` are the beginning of the id. */
static size_t mistakes(const char *digits, const char id[ID_DIGITS + 1])
{
    size_t row[ID_DIGITS + 1];
    for (size_t j = 0; j <= ID_DIGITS; j++)
        row[j] = j;
    for (size_t i = 1; digits[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= ID_DIGITS; j++) {
            size_t best = diagonal + (digits[i - 1] != id[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    size_t least = row[0];
    for (size_t j = 1; j <= ID_DIGITS; j++)
        least = row[j] < least ? row[j] : least;
    return least;
}

static void keep(struct near_search *search, const char *text)
{
    for (size_t i = 0; i < search->count; i++)
        if (strcmp(search->found[i], text) == 0)
            return;
    if (search->count < MAX_NEAR && strlen(text) < sizeof search->found[0])
        (void)snprintf(search->found[search->count++], sizeof search->found[0], "%s", text);
}

static void look_at(struct near_search *search, const uint8_t id[16])
{
    char digits[ID_DIGITS + 1];
    char uuid[HANSE_UUID_TEXT_BYTES];
    hanse_hex_encode(hanse_bytes_of(id, 16), digits);
    size_t count = mistakes(search->digits, digits);
    if (count > search->best)
        return;
    if (count < search->best)
        search->count = 0;
    search->best = count;
    hanse_uuid_encode(id, uuid);
    keep(search, uuid);
}

static enum hanse_status look_at_record(void *context, const struct hanse_index_record *record,
                                        struct hanse_error *err)
{
    struct near_search *search = context;
    if (++search->looked_at > MAX_LOOKED_AT)
        return hanse_fail(err, HANSE_CANCELLED, "that was enough");
    if (search->origin == NULL || strcmp(search->origin, record->origin) == 0)
        look_at(search, record->record_id);
    return HANSE_OK;
}

static enum hanse_status look_at_staged(void *context, const uint8_t id[16], struct hanse_error *err)
{
    struct near_search *search = context;
    if (++search->looked_at > MAX_LOOKED_AT)
        return hanse_fail(err, HANSE_CANCELLED, "that was enough");
    look_at(search, id);
    return HANSE_OK;
}

static void join(const struct near_search *search, char out[HANSE_NEAR_NAME_BYTES])
{
    (void)snprintf(out, HANSE_NEAR_NAME_BYTES, "%s%s%s", search->count > 0 ? search->found[0] : "",
                   search->count > 1 ? " or " : "", search->count > 1 ? search->found[1] : "");
}

enum hanse_status hanse_near_ids(struct hanse_node *node, const char *origin, const char *digits,
                                 char out[HANSE_NEAR_NAME_BYTES], struct hanse_error *err)
{
    size_t given = strlen(digits);
    struct near_search search = {.origin = origin,
                                 .digits = digits,
                                 .best = given >= 8  ? MAX_MISTAKES
                                         : given > 4 ? 1
                                                     : 0};
    enum hanse_status status = hanse_index_record_find_prefix(node->index, "", look_at_record, &search, err);
    if (status == HANSE_OK && origin != NULL)
        status = hanse_staging_find_prefix(node->staging, origin, "", look_at_staged, &search, err);
    join(&search, out);
    return status == HANSE_CANCELLED ? HANSE_OK : status;
}

static enum hanse_status keep_code(void *context, const char *scheme, const char *value,
                                   struct hanse_error *err)
{
    (void)err;
    char code[HANSE_NEAR_NAME_BYTES];
    (void)snprintf(code, sizeof code, "%.60s:%.60s", scheme, value);
    keep(context, code);
    return HANSE_OK;
}

enum hanse_status hanse_near_codes(struct hanse_node *node, const char *scheme, const char *value,
                                   char out[HANSE_NEAR_NAME_BYTES], struct hanse_error *err)
{
    struct near_search search = {0};
    enum hanse_status status =
        hanse_index_identifier_near(node->index, scheme, value, keep_code, &search, err);
    join(&search, out);
    return status;
}
