/* SPDX-License-Identifier: Apache-2.0 */
#include "node/record_name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/near_name.h"
#include "node/uuid.h"

enum { MIN_PREFIX_DIGITS = 4, MAX_SCHEME_BYTES = 64 };

/* A name taken apart: either digits of an id or a code. */
struct name {
    const char *text;
    char origin[HANSE_MAX_ORIGIN_BYTES + 1]; /* of a full name; else empty */
    char digits[33];                         /* empty for a code */
    char scheme[MAX_SCHEME_BYTES];
    const char *value;
};

/* The digits of a UUID or of its beginning, hyphens left out; false if there are other characters or too few.
 */
static bool hex_digits(const char *text, char out[33])
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        if (*text == '-')
            continue;
        if (!isxdigit((unsigned char)*text) || count == 32)
            return false;
        out[count++] = (char)tolower((unsigned char)*text);
    }
    out[count] = '\0';
    return count >= MIN_PREFIX_DIGITS;
}

static enum hanse_status parse_full(struct name *name, struct hanse_error *err)
{
    const char *rest = name->text + strlen("hanse:");
    const char *slash = strrchr(rest, '/');
    if (slash == NULL || (size_t)(slash - rest) >= sizeof name->origin ||
        !hex_digits(slash + 1, name->digits))
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "\"%.200s\" is no full name, which is hanse:<origin>/<uuid>", name->text);
    (void)snprintf(name->origin, sizeof name->origin, "%.*s", (int)(slash - rest), rest);
    return HANSE_OK;
}

static enum hanse_status parse(const char *text, struct name *out, struct hanse_error *err)
{
    if (text == NULL)
        return hanse_fail_null("name", err);
    *out = (struct name){.text = text};
    if (strncmp(text, "hanse:", 6) == 0)
        return parse_full(out, err);
    if (hex_digits(text, out->digits))
        return HANSE_OK;
    out->digits[0] = '\0';
    const char *colon = strchr(text, ':');
    if (colon == NULL || colon == text || (size_t)(colon - text) >= sizeof out->scheme)
        return hanse_fail(
            err, HANSE_INVALID_ARGUMENT,
            "\"%.200s\" is neither an id (at least %d of its digits) nor a code such as UNLOCODE:JPKKJ", text,
            MIN_PREFIX_DIGITS);
    (void)snprintf(out->scheme, sizeof out->scheme, "%.*s", (int)(colon - text), text);
    out->value = colon + 1;
    return HANSE_OK;
}

static enum hanse_status keep_match(void *context, const struct hanse_index_record *record,
                                    struct hanse_error *err)
{
    (void)err;
    struct hanse_name_matches *matches = context;
    if (matches->origin != NULL && strcmp(matches->origin, record->origin) != 0)
        return HANSE_OK;
    matches->total++;
    if (matches->count < HANSE_MAX_NAME_MATCHES) {
        (void)snprintf(matches->origins[matches->count], sizeof matches->origins[0], "%s", record->origin);
        matches->items[matches->count] = *record;
        matches->items[matches->count].origin = matches->origins[matches->count];
        matches->count++;
    }
    return HANSE_OK;
}

static enum hanse_status find_published(struct hanse_node *node, const struct name *name, int64_t feed_id,
                                        struct hanse_name_matches *matches, struct hanse_error *err)
{
    return name->digits[0] != '\0'
               ? hanse_index_record_find_prefix(node->index, name->digits, keep_match, matches, err)
               : hanse_index_record_find_identifier(node->index, feed_id, name->scheme, name->value,
                                                    keep_match, matches, err);
}

static enum hanse_status fail_ambiguous(const char *name, size_t total, const uint8_t first[16],
                                        const uint8_t second[16], struct hanse_error *err)
{
    char one[HANSE_UUID_TEXT_BYTES];
    char other[HANSE_UUID_TEXT_BYTES];
    hanse_uuid_encode(first, one);
    hanse_uuid_encode(second, other);
    return hanse_fail(err, HANSE_INVALID_ARGUMENT, "\"%.64s\" is the beginning of %zu ids, such as %s and %s",
                      name, total, one, other);
}

/* `where` ends "no record ... is". */
static enum hanse_status fail_unknown(struct hanse_node *node, const struct name *name, const char *origin,
                                      const char *where, struct hanse_error *err)
{
    char near[HANSE_NEAR_NAME_BYTES];
    enum hanse_status status = name->digits[0] != '\0'
                                   ? hanse_near_ids(node, origin, name->digits, near, err)
                                   : hanse_near_codes(node, name->scheme, name->value, near, err);
    if (status != HANSE_OK)
        return status;
    return hanse_fail(err, HANSE_NOT_FOUND, "no record \"%.100s\" is %s%s%s", name->text, where,
                      near[0] != '\0' ? "; did you mean " : "", near);
}

enum hanse_status hanse_record_name_find(struct hanse_node *node, const char *text,
                                         struct hanse_name_matches *matches, struct hanse_error *err)
{
    struct name name;
    enum hanse_status status = parse(text, &name, err);
    matches->origin = name.origin[0] != '\0' ? name.origin : NULL;
    if (status == HANSE_OK)
        status = find_published(node, &name, 0, matches, err);
    matches->origin = NULL;
    if (status == HANSE_OK && matches->total == 0)
        status = fail_unknown(node, &name, name.origin[0] != '\0' ? name.origin : NULL, "held here", err);
    if (status == HANSE_OK && name.digits[0] != '\0' && matches->total > 1)
        status = fail_ambiguous(text, matches->total, matches->items[0].record_id,
                                matches->items[1].record_id, err);
    return status;
}

/* Different ids met so far: two are enough to be ambiguous. */
struct own_ids {
    uint8_t ids[2][16];
    size_t count;
};

static void add_id(struct own_ids *found, const uint8_t id[16])
{
    for (size_t i = 0; i < found->count && i < 2; i++)
        if (memcmp(found->ids[i], id, 16) == 0)
            return;
    if (found->count < 2)
        memcpy(found->ids[found->count], id, 16);
    found->count++;
}

static enum hanse_status keep_staged(void *context, const uint8_t id[16], struct hanse_error *err)
{
    (void)err;
    add_id(context, id);
    return HANSE_OK;
}

static enum hanse_status find_staged(struct hanse_node *node, const struct name *name, const char *origin,
                                     struct own_ids *found, struct hanse_error *err)
{
    if (name->digits[0] != '\0')
        return hanse_staging_find_prefix(node->staging, origin, name->digits, keep_staged, found, err);
    uint8_t id[16];
    enum hanse_status status =
        hanse_staging_find_identifier(node->staging, origin, name->scheme, name->value, id, err);
    if (status == HANSE_OK)
        add_id(found, id);
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}

/* The published ones of the feed; *out_other is a feed that has such a record too, or empty. A staged
 * withdrawal says no codes, so those of what it withdraws are looked for as well. */
static enum hanse_status find_own_published(struct hanse_node *node, const struct name *name,
                                            const char *origin, bool staged_only, struct own_ids *found,
                                            char out_other[HANSE_MAX_ORIGIN_BYTES + 1],
                                            struct hanse_error *err)
{
    struct hanse_name_matches *matches = hanse_alloc_zeroed(1, sizeof *matches);
    if (matches == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = find_published(node, name, 0, matches, err);
    for (size_t i = 0; i < matches->count && status == HANSE_OK; i++) {
        const struct hanse_index_record *record = &matches->items[i];
        struct hanse_staged_change staged;
        if (strcmp(record->origin, origin) != 0) {
            (void)snprintf(out_other, HANSE_MAX_ORIGIN_BYTES + 1, "%s", record->origin);
            continue;
        }
        if (staged_only)
            status = hanse_staging_get(node->staging, origin, record->record_id, &staged, err);
        if (status == HANSE_OK)
            add_id(found, record->record_id);
        if (status == HANSE_NOT_FOUND)
            status = HANSE_OK;
    }
    hanse_free(matches);
    return status;
}

static enum hanse_status find_own(struct hanse_node *node, const struct hanse_index_feed *feed,
                                  const struct name *name, bool staged_only, uint8_t out_record_id[16],
                                  struct hanse_error *err)
{
    struct own_ids found = {0};
    char other[HANSE_MAX_ORIGIN_BYTES + 1] = "";
    const char *origin = feed->origin;
    if (name->origin[0] != '\0' && strcmp(name->origin, origin) != 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "record \"%.160s\" is of another feed than \"%s\"",
                          name->text, origin);
    enum hanse_status status = find_staged(node, name, origin, &found, err);
    if (status == HANSE_OK)
        status = find_own_published(node, name, origin, staged_only, &found, other, err);
    if (status != HANSE_OK)
        return status;
    if (found.count > 1)
        return fail_ambiguous(name->text, found.count, found.ids[0], found.ids[1], err);
    if (found.count == 0 && other[0] != '\0')
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "record \"%.100s\" is of feed \"%s\", not of \"%s\"",
                          name->text, other, origin);
    if (found.count == 0)
        return fail_unknown(node, name, origin, staged_only ? "staged" : "in your feed", err);
    memcpy(out_record_id, found.ids[0], 16);
    return HANSE_OK;
}

enum hanse_status hanse_record_name_find_own(struct hanse_node *node, const struct hanse_index_feed *feed,
                                             const char *text, bool staged_only, uint8_t out_record_id[16],
                                             struct hanse_error *err)
{
    struct name name;
    struct hanse_error own; /* look-ups that find nothing fill it although nothing failed */
    enum hanse_status status = parse(text, &name, &own);
    if (status == HANSE_OK)
        status = find_own(node, feed, &name, staged_only, out_record_id, &own);
    if (status != HANSE_OK && err != NULL)
        *err = own;
    return status;
}
