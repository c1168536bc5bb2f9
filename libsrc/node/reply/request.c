/* SPDX-License-Identifier: Apache-2.0 */
/* Holds the addressees of a request against the answers that feeds have published. */
#include <hanse/request.h>

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "node/reply/statement.h"

struct request {
    struct hanse_node *node;
    const char *id;
    const char *origin;
    const char *due;
    struct hanse_request_row *rows;
    size_t count;
    struct hanse_arena arena;
    struct hanse_voices voices;
    struct hanse_statements statements;
    char today[21];
};

static void release(struct request *request)
{
    hanse_free(request->rows);
    hanse_arena_release(&request->arena);
    hanse_voices_release(&request->voices);
    hanse_statements_release(&request->statements);
}

static enum hanse_status take_recipients(struct request *request, const struct hanse_record *record,
                                         struct hanse_error *err)
{
    enum hanse_status status =
        hanse_record_count(record, "informationRequest.recipients", &request->count, err);
    if (status == HANSE_OK && request->count > 0) {
        request->rows = hanse_alloc_zeroed(request->count, sizeof *request->rows);
        if (request->rows == NULL)
            return hanse_fail_memory(err);
    }
    for (size_t i = 0; i < request->count && status == HANSE_OK; i++) {
        struct hanse_request_row *row = &request->rows[i];
        char path[80];
        (void)snprintf(path, sizeof path, "informationRequest.recipients[%zu].id", i);
        status = hanse_record_take(record, path, &request->arena, &row->recipient, err);
        (void)snprintf(path, sizeof path, "informationRequest.recipients[%zu].name[0].text", i);
        if (status == HANSE_OK)
            status = hanse_record_take(record, path, &request->arena, &row->name, err);
    }
    return status;
}

static enum hanse_status see_request(void *context, const struct hanse_item *item,
                                     const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    struct request *request = context;
    if (request->id != NULL || strcmp(item->kind, "InformationRequest") != 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "record \"%s\" is no InformationRequest, or not the only one", item->id);
    if (item->record == NULL)
        return hanse_fail(err, HANSE_NOT_FOUND, "content of record \"%s\" is not held here", item->id);
    enum hanse_status status = hanse_arena_take(&request->arena, item->id, &request->id, err);
    if (status == HANSE_OK)
        status = hanse_arena_take(&request->arena, item->origin, &request->origin, err);
    if (status == HANSE_OK)
        status = hanse_record_take_day(item->record, "informationRequest.due", &request->arena, &request->due,
                                       err);
    return status == HANSE_OK ? take_recipients(request, item->record, err) : status;
}

static bool is_over(const struct request *request, const char *day)
{
    return day != NULL && strncmp(request->today, day, strlen(day)) > 0;
}

/* Whether a statement answers for an addressee: in its own feed, or as who asked tells it. */
static bool answers_for(const struct request *request, const struct hanse_statement *said,
                        const struct hanse_request_row *row)
{
    const struct hanse_voice *speaker = hanse_voices_get(&request->voices, said->origin);
    if (said->kind != HANSE_STATEMENT_ANSWER || row->recipient == NULL || said->party == NULL)
        return false;
    if (speaker != NULL && hanse_name_set_has(&speaker->names, row->recipient))
        return hanse_name_set_has(&speaker->names, said->party);
    return strcmp(said->origin, request->origin) == 0 && strcmp(said->party, row->recipient) == 0;
}

static const char *state_of(const struct request *request, const struct hanse_statement *said)
{
    static const char *const words[][2] = {
        {"COMPLETE", "answered"}, {"PARTIAL", "partial"}, {"DECLINED", "declined"}};
    if (said == NULL)
        return is_over(request, request->due) ? "late" : "silent";
    for (size_t i = 0; i < sizeof words / sizeof *words && said->status != NULL; i++)
        if (strcmp(said->status, words[i][0]) == 0)
            return words[i][1];
    return is_over(request, said->until) ? "late" : "later";
}

/* The addressee's own word goes before what is told of it, a later one before an earlier one. */
static void judge(const struct request *request, struct hanse_request_row *row)
{
    size_t count = 0;
    const struct hanse_statement *best = NULL;
    const struct hanse_statement *said = hanse_statements_about(&request->statements, request->id, &count);
    const struct hanse_voice *voice =
        row->recipient != NULL ? hanse_voices_find(&request->voices, row->recipient) : NULL;
    for (size_t i = 0; i < count; i++) {
        bool own = strcmp(said[i].origin, request->origin) != 0;
        bool best_own = best != NULL && strcmp(best->origin, request->origin) != 0;
        if (answers_for(request, &said[i], row) && (own || !best_own))
            best = &said[i];
    }
    row->state = state_of(request, best);
    row->feed = voice != NULL ? voice->origin : NULL;
    if (best == NULL)
        return;
    row->answer = best->id;
    row->until = strcmp(row->state, "later") == 0 || strcmp(row->state, "late") == 0 ? best->until : NULL;
    row->said = best->text;
    row->answered_unix_s = best->published_unix_s;
    row->told = row->feed == NULL || strcmp(best->origin, row->feed) != 0;
}

enum hanse_status hanse_request_list(struct hanse_node *node, const char *name, hanse_request_visit *visit,
                                     void *context, struct hanse_error *err)
{
    if (node == NULL || name == NULL || visit == NULL)
        return hanse_fail_null("node, name or visit", err);
    __attribute__((cleanup(release))) struct request request = {.node = node};
    hanse_arena_init(&request.arena, HANSE_MAX_STATEMENT_BYTES);
    hanse_time_encode(hanse_clock_unix_s(), request.today);
    enum hanse_status status = hanse_query_show(node, name, see_request, &request, err);
    if (status == HANSE_OK)
        status = hanse_voices_load(node, &request.voices, err);
    if (status == HANSE_OK)
        status = hanse_voices_name(node, &request.voices, err);
    if (status == HANSE_OK)
        status = hanse_statements_load(node, false, &request.statements, err);
    for (size_t i = 0; i < request.count && status == HANSE_OK; i++) {
        judge(&request, &request.rows[i]);
        status = visit(context, &request.rows[i], err);
    }
    return status;
}
