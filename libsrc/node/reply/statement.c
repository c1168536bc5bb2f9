/* SPDX-License-Identifier: Apache-2.0 */
#include "node/reply/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hanse/query.h>
#include <hanse/staged.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/record_name.h"

/* Where the statements of a kind say what. */
struct form {
    const char *kind;
    const char *about;
    const char *text;
    const char *party;
    const char *until; /* NULL: none */
    const char *body;  /* of revision and commitment; NULL: none */
};
static const struct form forms[] = {
    {"Confirmation", "confirmation.record.id", "confirmation.remarks[0].text", "confirmation.party.id", NULL,
     "confirmation"},
    {"Correction", "correction.record.id", "correction.reason[0].text", "correction.proposer.id", NULL,
     "correction"},
    {"InformationAnswer", "informationAnswer.request.id", "informationAnswer.reason[0].text",
     "informationAnswer.respondent.id", "informationAnswer.until", NULL},
};
enum { FORM_COUNT = sizeof forms / sizeof *forms };

enum hanse_status hanse_record_take_day(const struct hanse_record *record, const char *path,
                                        struct hanse_arena *arena, const char **out, struct hanse_error *err)
{
    static const char *const parts[] = {"year", "month", "day"};
    const char *texts[3] = {NULL, NULL, NULL};
    char day[32];
    size_t size = 0;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < 3 && status == HANSE_OK; i++) {
        char step[128];
        (void)snprintf(step, sizeof step, "%s.%s", path, parts[i]);
        status = hanse_record_take(record, step, arena, &texts[i], err);
    }
    *out = NULL;
    for (size_t i = 0; i < 3 && status == HANSE_OK && texts[i] != NULL; i++)
        size += (size_t)snprintf(day + size, sizeof day - size, i == 0 ? "%04lu" : "-%02lu",
                                 strtoul(texts[i], NULL, 10) % 10000);
    return status == HANSE_OK && size > 0 ? hanse_arena_take(arena, day, out, err) : status;
}

static enum hanse_status grow(struct hanse_statements *all, struct hanse_error *err)
{
    size_t room = all->room == 0 ? 64 : 2 * all->room;
    if (all->count < all->room)
        return HANSE_OK;
    if (room * sizeof *all->items > HANSE_MAX_STATEMENT_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "the node holds more than %zu statements about records",
                          all->room);
    void *items = hanse_realloc(all->items, room * sizeof *all->items);
    if (items == NULL)
        return hanse_fail_memory(err);
    all->items = items;
    all->room = room;
    return HANSE_OK;
}

/* Revision and commitment of what the statement is about. */
static enum hanse_status read_meant(struct hanse_statements *all, const struct form *form,
                                    const struct hanse_record *record, struct hanse_statement *out,
                                    struct hanse_error *err)
{
    char path[64];
    const char *revision = NULL;
    (void)snprintf(path, sizeof path, "%s.revision", form->body);
    enum hanse_status status = hanse_record_take(record, path, &all->arena, &revision, err);
    (void)snprintf(path, sizeof path, "%s.commitment", form->body);
    if (status == HANSE_OK)
        status = hanse_record_take(record, path, &all->arena, &out->hash, err);
    if (status == HANSE_OK && revision != NULL)
        out->revision = strtoull(revision, NULL, 10);
    return status;
}

/* A verdict that is unknown here says nothing that could be counted: `kind` stays 0. */
static enum hanse_status read_verdict(struct hanse_statements *all, const struct hanse_record *record,
                                      struct hanse_statement *out, struct hanse_error *err)
{
    static const char *const verdicts[] = {"CONFIRMATION_VERDICT_CONFIRMED",
                                           "CONFIRMATION_VERDICT_CONFIRMED_IN_PART",
                                           "CONFIRMATION_VERDICT_DISPUTED"};
    const char *verdict = NULL;
    size_t paths = 0;
    enum hanse_status status = hanse_record_take(record, "confirmation.verdict", &all->arena, &verdict, err);
    if (status == HANSE_OK)
        status = hanse_record_count(record, "confirmation.paths", &paths, err);
    for (int i = 0; i < 3 && status == HANSE_OK && verdict != NULL; i++)
        if (strcmp(verdict, verdicts[i]) == 0)
            out->kind = (enum hanse_statement_kind)((int)HANSE_STATEMENT_CONFIRMED + i);
    if (out->kind == HANSE_STATEMENT_CONFIRMED && paths > 0)
        out->kind = HANSE_STATEMENT_IN_PART;
    return status;
}

static enum hanse_status read_answer(struct hanse_statements *all, const struct hanse_record *record,
                                     struct hanse_statement *out, struct hanse_error *err)
{
    static const char prefix[] = "ANSWER_STATUS_";
    const char *word = NULL;
    enum hanse_status status = hanse_record_take(record, "informationAnswer.status", &all->arena, &word, err);
    if (status == HANSE_OK && word != NULL)
        out->status = strncmp(word, prefix, sizeof prefix - 1) == 0 ? word + sizeof prefix - 1 : word;
    out->kind = HANSE_STATEMENT_ANSWER;
    return status;
}

static enum hanse_status fill(struct hanse_statements *all, const struct form *form,
                              const struct hanse_record *record, struct hanse_statement *out,
                              struct hanse_error *err)
{
    struct hanse_arena *arena = &all->arena;
    enum hanse_status status = hanse_record_take(record, form->about, arena, &out->about, err);
    if (status == HANSE_OK)
        status = hanse_record_take(record, form->text, arena, &out->text, err);
    if (status == HANSE_OK)
        status = hanse_record_take(record, form->party, arena, &out->party, err);
    if (status == HANSE_OK && form->until != NULL)
        status = hanse_record_take_day(record, form->until, arena, &out->until, err);
    if (status == HANSE_OK && form->body != NULL)
        status = read_meant(all, form, record, out, err);
    if (status != HANSE_OK)
        return status;
    if (form == &forms[0])
        return read_verdict(all, record, out, err);
    if (form == &forms[2])
        return read_answer(all, record, out, err);
    out->kind = HANSE_STATEMENT_CORRECTION;
    return HANSE_OK;
}

static const struct form *find_form(const char *kind)
{
    for (size_t i = 0; i < FORM_COUNT; i++)
        if (strcmp(forms[i].kind, kind) == 0)
            return &forms[i];
    return NULL;
}

/* Adds what a record says; nothing for records that name nothing. */
static enum hanse_status add(struct hanse_statements *all, const char *kind, const char *id,
                             const char *origin, const struct hanse_record *record, uint64_t revision,
                             uint64_t published_unix_s, struct hanse_error *err)
{
    const struct form *form = find_form(kind);
    struct hanse_statement made = {.own_number = revision, .published_unix_s = published_unix_s};
    if (form == NULL || record == NULL)
        return HANSE_OK;
    enum hanse_status status = grow(all, err);
    if (status == HANSE_OK)
        status = hanse_arena_take(&all->arena, id, &made.id, err);
    if (status == HANSE_OK)
        status = hanse_arena_take(&all->arena, origin, &made.origin, err);
    if (status == HANSE_OK)
        status = fill(all, form, record, &made, err);
    if (status == HANSE_OK && made.about != NULL && made.kind != 0)
        all->items[all->count++] = made;
    return status;
}

static enum hanse_status take_item(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    return add(context, item->kind, item->id, item->origin, item->record, item->revision,
               item->published_unix_s, err);
}

struct staging_walk {
    struct hanse_statements *all;
    const char *origin;
};

/* What is staged takes the place of what is published, be it a withdrawal. */
static enum hanse_status take_staged(void *context, const struct hanse_staged *change,
                                     struct hanse_error *err)
{
    struct staging_walk *walk = context;
    struct hanse_statements *all = walk->all;
    if (find_form(change->kind) == NULL)
        return HANSE_OK;
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].id, change->id) == 0)
            all->items[i--] = all->items[--all->count];
    return add(all, change->kind, change->id, walk->origin, change->record, 0, change->staged_unix_s, err);
}

static int compare(const void *a, const void *b)
{
    const struct hanse_statement *left = a;
    const struct hanse_statement *right = b;
    int order = strcmp(left->about, right->about);
    if (order == 0)
        order = strcmp(left->origin, right->origin);
    if (order == 0)
        order = (left->published_unix_s > right->published_unix_s) -
                (left->published_unix_s < right->published_unix_s);
    return order != 0 ? order : strcmp(left->id, right->id);
}

static void sort(struct hanse_statements *all)
{
    if (all->count > 1)
        qsort(all->items, all->count, sizeof *all->items, compare);
}

enum hanse_status hanse_statements_load(struct hanse_node *node, bool staged_too,
                                        struct hanse_statements *out, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    *out = (struct hanse_statements){0};
    hanse_arena_init(&out->arena, HANSE_MAX_STATEMENT_BYTES);
    for (size_t i = 0; i < FORM_COUNT && status == HANSE_OK; i++) {
        struct hanse_query query = {.version = 1, .kind = forms[i].kind};
        status = hanse_query_list(node, &query, take_item, out, err);
    }
    for (size_t i = 0; staged_too && i < node->own_count && status == HANSE_OK; i++) {
        struct staging_walk walk = {out, node->own_origins[i]};
        status = hanse_staged_list(node, node->own_origins[i], take_staged, &walk, err);
    }
    if (status == HANSE_OK)
        sort(out);
    return status;
}

/* One direction of a link. */
static enum hanse_status add_link(struct hanse_statements *all, enum hanse_statement_kind kind,
                                  const char *id, const char *about, struct hanse_error *err)
{
    struct hanse_statement made = {.kind = kind};
    char origin[HANSE_MAX_ORIGIN_BYTES + 1];
    const char *slash = strrchr(id, '/');
    if (strncmp(id, "hanse:", 6) != 0 || slash == NULL || (size_t)(slash - id) - 6 >= sizeof origin)
        return HANSE_OK;
    (void)snprintf(origin, sizeof origin, "%.*s", (int)(slash - id) - 6, id + 6);
    enum hanse_status status = grow(all, err);
    if (status == HANSE_OK)
        status = hanse_arena_take(&all->arena, origin, &made.origin, err);
    if (status == HANSE_OK)
        status = hanse_arena_take(&all->arena, id, &made.id, err);
    if (status == HANSE_OK)
        status = hanse_arena_take(&all->arena, about, &made.about, err);
    if (status == HANSE_OK)
        all->items[all->count++] = made;
    return status;
}

static enum hanse_status take_links(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct hanse_statements *all = context;
    size_t count = 0;
    enum hanse_status status = HANSE_OK;
    if (item->record != NULL)
        status = hanse_record_count(item->record, "header.sameAs", &count, err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++) {
        char path[48];
        const char *other = NULL;
        (void)snprintf(path, sizeof path, "header.sameAs[%zu].id", i);
        status = hanse_record_take(item->record, path, &all->arena, &other, err);
        if (status == HANSE_OK && other != NULL && strcmp(other, item->id) != 0)
            status = add_link(all, HANSE_STATEMENT_SAME, item->id, other, err);
    }
    return status;
}

/* Whether a name is that of a current record of this kind. */
static enum hanse_status is_held(struct hanse_node *node, const char *name, uint32_t kind, bool *out,
                                 struct hanse_error *err)
{
    struct hanse_error own; /* a record that is not held is no failure */
    struct hanse_name_matches *matches = hanse_alloc_zeroed(1, sizeof *matches);
    if (matches == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = hanse_record_name_find(node, name, matches, &own);
    *out = status == HANSE_OK && matches->items[0].kind == kind && !matches->items[0].withdrawn;
    hanse_free(matches);
    return status == HANSE_OK || status == HANSE_NOT_FOUND || status == HANSE_INVALID_ARGUMENT
               ? HANSE_OK
               : hanse_fail(err, status, "%s", own.message);
}

enum hanse_status hanse_statements_add_links(struct hanse_node *node, struct hanse_statements *statements,
                                             struct hanse_error *err)
{
    static const char *const kinds[] = {"Cooperation", "Exchange"};
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == HANSE_OK; i++) {
        struct hanse_query query = {.version = 1, .kind = kinds[i]};
        size_t first = statements->count;
        status = hanse_query_list(node, &query, take_links, statements, err);
        size_t beyond = statements->count;
        for (size_t at = first; at < beyond && status == HANSE_OK; at++) {
            struct hanse_statement link = statements->items[at];
            bool held = false;
            status = is_held(node, link.about, hanse_kind_number(kinds[i]), &held, err);
            if (status == HANSE_OK && held)
                status = add_link(statements, HANSE_STATEMENT_SAME_BACK, link.about, link.id, err);
            else
                statements->items[at].kind = 0; /* counts for nothing */
        }
    }
    if (status == HANSE_OK)
        sort(statements);
    return status;
}

void hanse_statements_release(struct hanse_statements *statements)
{
    hanse_arena_release(&statements->arena);
    hanse_free(statements->items);
    *statements = (struct hanse_statements){0};
}

const struct hanse_statement *hanse_statements_about(const struct hanse_statements *statements,
                                                     const char *about, size_t *out_count)
{
    size_t low = 0;
    size_t high = statements->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(statements->items[middle].about, about) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < statements->count && strcmp(statements->items[end].about, about) == 0)
        end++;
    *out_count = end - low;
    return end > low ? &statements->items[low] : NULL;
}
