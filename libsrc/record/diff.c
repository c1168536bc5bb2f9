/* SPDX-License-Identifier: Apache-2.0 */
/* What changed from one record to another, scalar by scalar. */
#include <stdlib.h>
#include <string.h>

#include <hanse/record.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"

struct scalar {
    const char *path;
    const char *value;
};

/* The scalars of a record in field order, and the same sorted by path. */
struct scalars {
    struct scalar *items;
    struct scalar *sorted;
    size_t count;
    size_t capacity;
    struct hanse_arena texts;
};

static void release(struct scalars *scalars)
{
    hanse_free(scalars->items);
    hanse_free(scalars->sorted);
    hanse_arena_release(&scalars->texts);
}

static enum hanse_status add(struct scalars *to, const char *path, const char *value, struct hanse_error *err)
{
    if (to->count == to->capacity) {
        size_t capacity = to->capacity > 0 ? 2 * to->capacity : 64;
        struct scalar *grown = hanse_realloc(to->items, capacity * sizeof *grown);
        if (grown == NULL)
            return hanse_fail_memory(err);
        to->items = grown;
        to->capacity = capacity;
    }
    struct scalar kept = {.path = hanse_arena_copy(&to->texts, hanse_bytes_of_text(path)),
                          .value = hanse_arena_copy(&to->texts, hanse_bytes_of_text(value))};
    if (kept.path == NULL || kept.value == NULL)
        return hanse_fail_memory(err);
    to->items[to->count++] = kept;
    return HANSE_OK;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct scalar *)a)->path, ((const struct scalar *)b)->path);
}

static enum hanse_status collect(const struct hanse_record *record, struct scalars *out,
                                 struct hanse_error *err)
{
    struct hanse_record_cursor *cursor = NULL;
    struct hanse_error end;
    const char *path;
    const char *value;
    bool is_text;
    hanse_arena_init(&out->texts, SIZE_MAX);
    if (record == NULL)
        return HANSE_OK;
    enum hanse_status status = hanse_record_cursor_open(record, &cursor, err);
    if (status != HANSE_OK)
        return status;
    while ((status = hanse_record_cursor_next(cursor, &path, &value, &is_text, &end)) == HANSE_OK)
        if ((status = add(out, path, value, &end)) != HANSE_OK)
            break;
    hanse_record_cursor_close(cursor);
    if (status == HANSE_NOT_FOUND && out->count > 0) {
        out->sorted = hanse_alloc(out->count * sizeof *out->sorted);
        status = out->sorted != NULL ? HANSE_NOT_FOUND : hanse_fail_memory(&end);
    }
    if (status != HANSE_NOT_FOUND) {
        if (err != NULL)
            *err = end;
        return status;
    }
    if (out->count > 0) {
        memcpy(out->sorted, out->items, out->count * sizeof *out->sorted);
        qsort(out->sorted, out->count, sizeof *out->sorted, by_path);
    }
    return HANSE_OK;
}

static bool has(const struct scalars *scalars, const struct scalar *wanted)
{
    return scalars->count > 0 &&
           bsearch(wanted, scalars->sorted, scalars->count, sizeof *wanted, by_path) != NULL;
}

/* Both are in field order: what only one has is told where it stands, until the same path is met. */
static enum hanse_status compare(const struct scalars *old, const struct scalars *new,
                                 hanse_difference_visit *visit, void *context, struct hanse_error *err)
{
    size_t i = 0;
    size_t j = 0;
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK && (i < old->count || j < new->count)) {
        const struct scalar *before = i < old->count ? &old->items[i] : NULL;
        const struct scalar *after = j < new->count ? &new->items[j] : NULL;
        struct hanse_difference difference = {0};
        if (before != NULL && after != NULL && strcmp(before->path, after->path) == 0) {
            difference = (struct hanse_difference){before->path, before->value, after->value};
            i++;
            j++;
        } else if (before != NULL && (after == NULL || !has(new, before))) {
            difference = (struct hanse_difference){before->path, before->value, NULL};
            i++;
        } else {
            difference = (struct hanse_difference){after->path, NULL, after->value};
            j++;
        }
        bool same = difference.old_value != NULL && difference.new_value != NULL &&
                    strcmp(difference.old_value, difference.new_value) == 0;
        if (!same)
            status = visit(context, &difference, err);
    }
    return status;
}

enum hanse_status hanse_record_diff(const struct hanse_record *old_record,
                                    const struct hanse_record *new_record, hanse_difference_visit *visit,
                                    void *context, struct hanse_error *err)
{
    if (visit == NULL)
        return hanse_fail_null("visit", err);
    __attribute__((cleanup(release))) struct scalars old = {0};
    __attribute__((cleanup(release))) struct scalars new = {0};
    enum hanse_status status = collect(old_record, &old, err);
    if (status == HANSE_OK)
        status = collect(new_record, &new, err);
    return status == HANSE_OK ? compare(&old, &new, visit, context, err) : status;
}
