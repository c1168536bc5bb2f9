/* SPDX-License-Identifier: Apache-2.0 */
/* Collects what names the owners of own feeds and their records, then shows it by urgency. */
#include <hanse/inbox.h>

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "node/reply/statement.h"

struct inbox {
    struct hanse_node *node;
    const char *origin; /* NULL: every own feed */
    struct hanse_arena arena;
    struct hanse_voices voices;
    struct hanse_statements statements;
    struct hanse_inbox_item *items;
    size_t count;
    size_t room;
    char today[21];
};

static void release(struct inbox *inbox)
{
    hanse_arena_release(&inbox->arena);
    hanse_voices_release(&inbox->voices);
    hanse_statements_release(&inbox->statements);
    hanse_free(inbox->items);
}

static enum hanse_status add(struct inbox *inbox, const struct hanse_inbox_item *item,
                             struct hanse_error *err)
{
    if (inbox->count == inbox->room) {
        size_t room = inbox->room == 0 ? 64 : 2 * inbox->room;
        if (room * sizeof *inbox->items > HANSE_MAX_STATEMENT_BYTES)
            return hanse_fail(err, HANSE_LIMIT, "the inbox holds more than %zu records", inbox->room);
        void *items = hanse_realloc(inbox->items, room * sizeof *inbox->items);
        if (items == NULL)
            return hanse_fail_memory(err);
        inbox->items = items;
        inbox->room = room;
    }
    struct hanse_inbox_item *made = &inbox->items[inbox->count];
    *made = *item;
    enum hanse_status status = hanse_arena_take(&inbox->arena, item->id, &made->id, err);
    if (status == HANSE_OK)
        status = hanse_arena_take(&inbox->arena, item->origin, &made->origin, err);
    inbox->count += status == HANSE_OK;
    return status;
}

static bool is_meant(const struct inbox *inbox, const struct hanse_voice *voice)
{
    return voice->own && (inbox->origin == NULL || strcmp(inbox->origin, voice->origin) == 0);
}

/* What an own feed says about a record: an answer, or how it is confirmed or disputed. */
static const struct hanse_statement *own_statement(const struct inbox *inbox, const char *origin,
                                                   const char *about, bool answers)
{
    size_t count = 0;
    const struct hanse_statement *found = hanse_statements_about(&inbox->statements, about, &count);
    for (size_t i = count; i > 0; i--)
        if (strcmp(found[i - 1].origin, origin) == 0 &&
            (answers ? found[i - 1].kind == HANSE_STATEMENT_ANSWER
                     : found[i - 1].kind <= HANSE_STATEMENT_DISPUTED))
            return &found[i - 1];
    return NULL;
}

/* For one own feed that the record names. */
static enum hanse_status take_for(struct inbox *inbox, const struct hanse_voice *voice,
                                  const struct hanse_item *item, bool request, struct hanse_error *err)
{
    const struct hanse_statement *said = own_statement(inbox, voice->origin, item->id, request);
    struct hanse_inbox_item made = {.kind = request ? HANSE_INBOX_REQUEST : HANSE_INBOX_CLAIM,
                                    .id = item->id,
                                    .origin = item->origin,
                                    .to = voice->origin,
                                    .party = voice->party,
                                    .answered = said != NULL ? said->id : NULL,
                                    .revision = item->revision,
                                    .published_unix_s = item->published_unix_s};
    bool ended = said != NULL;
    if (said != NULL && request)
        ended = said->status == NULL || strcmp(said->status, "LATER") != 0;
    if (said != NULL && !request)
        ended = said->revision == 0 || said->revision >= item->revision;
    if (ended)
        return HANSE_OK;
    enum hanse_status status = HANSE_OK;
    if (request)
        status = hanse_record_take_day(item->record, "informationRequest.due", &inbox->arena, &made.due, err);
    if (request && said != NULL && said->until != NULL)
        made.due = said->until;
    made.late = made.due != NULL && strncmp(inbox->today, made.due, strlen(made.due)) > 0;
    return status == HANSE_OK ? add(inbox, &made, err) : status;
}

static enum hanse_status take_item(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct inbox *inbox = context;
    bool request = strcmp(item->kind, "InformationRequest") == 0;
    enum hanse_status status = HANSE_OK;
    if (item->record == NULL)
        return HANSE_OK;
    for (size_t i = 0; i < inbox->voices.count && status == HANSE_OK; i++) {
        const struct hanse_voice *voice = &inbox->voices.items[i];
        bool named = false;
        if (!is_meant(inbox, voice) || strcmp(voice->origin, item->origin) == 0)
            continue;
        status = hanse_record_names(item->record, &voice->names, &named, err);
        if (status == HANSE_OK && named)
            status = take_for(inbox, voice, item, request, err);
    }
    return status;
}

/* The own record that a dispute or correction is about, if it still is as it was then. */
struct subject {
    const struct inbox *inbox;
    const struct hanse_statement *statement;
    const struct hanse_voice *voice; /* NULL: nothing to answer */
    const char *about;
    struct hanse_arena *arena;
};

static enum hanse_status see_subject(void *context, const struct hanse_item *item,
                                     const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    struct subject *subject = context;
    const struct hanse_statement *said = subject->statement;
    const struct hanse_voice *voice = hanse_voices_get(&subject->inbox->voices, item->origin);
    if (voice == NULL || !is_meant(subject->inbox, voice) || item->withdrawn ||
        strcmp(said->origin, item->origin) == 0 || (said->revision != 0 && said->revision < item->revision))
        return HANSE_OK;
    subject->voice = voice;
    return hanse_arena_take(subject->arena, item->id, &subject->about, err);
}

static enum hanse_status take_statement(struct inbox *inbox, const struct hanse_statement *said,
                                        struct hanse_error *err)
{
    struct hanse_error own; /* about a record that is not held here: not for us */
    struct subject subject = {.inbox = inbox, .statement = said, .arena = &inbox->arena};
    enum hanse_status status = hanse_query_show(inbox->node, said->about, see_subject, &subject, &own);
    if (status != HANSE_OK && status != HANSE_NOT_FOUND && status != HANSE_INVALID_ARGUMENT)
        return hanse_fail(err, status, "%s", own.message);
    if (subject.voice == NULL || own_statement(inbox, subject.voice->origin, said->id, false) != NULL)
        return HANSE_OK;
    struct hanse_inbox_item made = {.kind = said->kind == HANSE_STATEMENT_DISPUTED ? HANSE_INBOX_DISPUTE
                                                                                   : HANSE_INBOX_CORRECTION,
                                    .id = said->id,
                                    .origin = said->origin,
                                    .to = subject.voice->origin,
                                    .about = subject.about,
                                    .party = subject.voice->party,
                                    .said = said->text,
                                    .revision = said->own_number,
                                    .published_unix_s = said->published_unix_s};
    return add(inbox, &made, err);
}

static enum hanse_status collect(struct inbox *inbox, struct hanse_error *err)
{
    static const char *const kinds[] = {"InformationRequest", "Cooperation", "Exchange"};
    enum hanse_status status = hanse_voices_load(inbox->node, &inbox->voices, err);
    if (status == HANSE_OK)
        status = hanse_voices_name(inbox->node, &inbox->voices, err);
    if (status == HANSE_OK)
        status = hanse_statements_load(inbox->node, true, &inbox->statements, err);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == HANSE_OK; i++) {
        struct hanse_query query = {.version = 1, .kind = kinds[i]};
        status = hanse_query_list(inbox->node, &query, take_item, inbox, err);
    }
    for (size_t i = 0; i < inbox->statements.count && status == HANSE_OK; i++) {
        const struct hanse_statement *said = &inbox->statements.items[i];
        if (said->kind == HANSE_STATEMENT_DISPUTED || said->kind == HANSE_STATEMENT_CORRECTION)
            status = take_statement(inbox, said, err);
    }
    return status;
}

static int urgency(const struct hanse_inbox_item *item)
{
    if (item->kind == HANSE_INBOX_REQUEST)
        return item->due != NULL ? 0 : 3;
    return item->kind == HANSE_INBOX_DISPUTE ? 1 : item->kind == HANSE_INBOX_CORRECTION ? 2 : 4;
}

static int compare(const void *a, const void *b)
{
    const struct hanse_inbox_item *left = a;
    const struct hanse_inbox_item *right = b;
    int order = urgency(left) - urgency(right);
    if (order == 0 && left->due != NULL && right->due != NULL)
        order = strcmp(left->due, right->due);
    if (order == 0)
        order = (left->published_unix_s > right->published_unix_s) -
                (left->published_unix_s < right->published_unix_s);
    return order != 0 ? order : strcmp(left->id, right->id);
}

struct showing {
    const struct hanse_inbox_item *item;
    hanse_inbox_visit *visit;
    void *context;
};

static enum hanse_status show_item(void *context, const struct hanse_item *item,
                                   const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    struct showing *showing = context;
    struct hanse_inbox_item shown = *showing->item;
    shown.record = item->record;
    return showing->visit(showing->context, &shown, err);
}

enum hanse_status hanse_inbox_list(struct hanse_node *node, const char *origin, hanse_inbox_visit *visit,
                                   void *context, struct hanse_error *err)
{
    if (node == NULL || visit == NULL)
        return hanse_fail_null("node or visit", err);
    __attribute__((cleanup(release))) struct inbox inbox = {.node = node, .origin = origin};
    hanse_arena_init(&inbox.arena, HANSE_MAX_STATEMENT_BYTES);
    hanse_time_encode(hanse_clock_unix_s(), inbox.today);
    enum hanse_status status = HANSE_OK;
    if (origin != NULL)
        status = hanse_node_own_origin(node, origin, &inbox.origin, err);
    if (status == HANSE_OK)
        status = collect(&inbox, err);
    if (status == HANSE_OK && inbox.count > 1)
        qsort(inbox.items, inbox.count, sizeof *inbox.items, compare);
    for (size_t i = 0; i < inbox.count && status == HANSE_OK; i++) {
        struct showing showing = {&inbox.items[i], visit, context};
        status = hanse_query_show(node, inbox.items[i].id, show_item, &showing, err);
    }
    return status;
}
