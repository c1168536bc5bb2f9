/* SPDX-License-Identifier: Apache-2.0 */
/* Judges what other feeds say of a record: who is a party, who holds which key, which revision was meant. */
#include <hanse/standing.h>

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "node/reply/statement.h"

struct hanse_standing {
    struct hanse_voices voices;
    struct hanse_statements statements;
    bool by_code; /* some statement names a record by a code */
};

void hanse_standing_close(struct hanse_standing *standing)
{
    if (standing == NULL)
        return;
    hanse_voices_release(&standing->voices);
    hanse_statements_release(&standing->statements);
    hanse_free(standing);
}

enum hanse_status hanse_standing_open(struct hanse_node *node, struct hanse_standing **out,
                                      struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    struct hanse_standing *made = hanse_alloc_zeroed(1, sizeof *made);
    if (made == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = hanse_voices_load(node, &made->voices, err);
    if (status == HANSE_OK)
        status = hanse_statements_load(node, false, &made->statements, err);
    if (status == HANSE_OK)
        status = hanse_statements_add_links(node, &made->statements, err);
    if (status == HANSE_OK && made->statements.count > 0) /* names are for judging statements */
        status = hanse_voices_name(node, &made->voices, err);
    for (size_t i = 0; i < made->statements.count && status == HANSE_OK; i++)
        made->by_code = made->by_code || strncmp(made->statements.items[i].about, "hanse:", 6) != 0;
    if (status == HANSE_OK)
        *out = made;
    else
        hanse_standing_close(made);
    return status;
}

/* Whether the statement means the very bytes that are held; one without a commitment means the revision. */
static enum hanse_status commitment_fits(const struct hanse_statement *said, const struct hanse_item *item,
                                         bool *out, struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    struct hanse_error own; /* bytes of another size are no failure */
    hanse_buffer_init(&bytes, 32);
    *out = said->hash == NULL || item->commitment == NULL;
    if (*out)
        return HANSE_OK;
    enum hanse_status status =
        hanse_base64_decode(hanse_bytes_of(said->hash, strlen(said->hash)), &bytes, &own);
    if (status == HANSE_NO_MEMORY)
        return hanse_fail_memory(err);
    *out = status == HANSE_OK && bytes.size == 32 && memcmp(bytes.data, item->commitment, 32) == 0;
    return HANSE_OK;
}

static bool is_independent(const struct hanse_standing *standing, const struct hanse_voice *speaker,
                           const struct hanse_item *item)
{
    const struct hanse_voice *claimant = hanse_voices_get(&standing->voices, item->origin);
    if (speaker == NULL)
        return false;
    return claimant != NULL ? !hanse_voices_share_holder(speaker, claimant) : !speaker->custodian;
}

/* NULL: nothing that its feed says of the record; what a claimant names as the same confirms nothing. */
static const char *word_of(enum hanse_statement_kind kind)
{
    static const char *const words[] = {NULL,         "confirmed", "confirmed-in-part", "disputed",
                                        "correction", NULL,        "same-as",           NULL};
    return words[kind];
}

static enum hanse_status weigh(const struct hanse_standing *standing, const struct hanse_item *item,
                               const struct hanse_statement *said, struct hanse_standing_reply *out,
                               struct hanse_error *err)
{
    const struct hanse_voice *speaker = hanse_voices_get(&standing->voices, said->origin);
    *out = (struct hanse_standing_reply){.what = word_of(said->kind),
                                         .id = said->id,
                                         .origin = said->origin,
                                         .text = said->text,
                                         .revision = said->revision,
                                         .published_unix_s = said->published_unix_s};
    bool fits = false;
    enum hanse_status status = commitment_fits(said, item, &fits, err);
    if (status != HANSE_OK)
        return status;
    out->current = said->revision == 0 || (said->revision == item->revision && fits);
    out->independent = is_independent(standing, speaker, item);
    return speaker != NULL && item->record != NULL
               ? hanse_record_names(item->record, &speaker->names, &out->party, err)
               : HANSE_OK;
}

static enum hanse_status visit_about(const struct hanse_standing *standing, const struct hanse_item *item,
                                     const char *about, hanse_standing_visit *visit, void *context,
                                     struct hanse_error *err)
{
    size_t count = 0;
    const struct hanse_statement *said = hanse_statements_about(&standing->statements, about, &count);
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < count && status == HANSE_OK; i++) {
        struct hanse_standing_reply reply;
        if (word_of(said[i].kind) == NULL || strcmp(said[i].origin, item->origin) == 0)
            continue;
        status = weigh(standing, item, &said[i], &reply, err);
        if (status == HANSE_OK)
            status = visit(context, &reply, err);
    }
    return status;
}

enum hanse_status hanse_standing_list(const struct hanse_standing *standing, const struct hanse_item *item,
                                      hanse_standing_visit *visit, void *context, struct hanse_error *err)
{
    if (standing == NULL || item == NULL || visit == NULL)
        return hanse_fail_null("standing, item or visit", err);
    size_t count = 0;
    enum hanse_status status = visit_about(standing, item, item->id, visit, context, err);
    if (status == HANSE_OK && standing->by_code && item->record != NULL)
        status = hanse_record_count(item->record, "header.identifiers", &count, err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++) {
        char code[HANSE_CODE_BYTES];
        status = hanse_record_code(item->record, i, code, err);
        if (status == HANSE_OK && code[0] != '\0')
            status = visit_about(standing, item, code, visit, context, err);
    }
    return status;
}

/* The states, from what says least to what says most. */
enum state { CLAIMED, ATTESTED, CHANGED, IN_PART, CONFIRMED, DISPUTED };

static enum state state_of(const struct hanse_standing_reply *reply)
{
    bool disputes = strcmp(reply->what, "disputed") == 0;
    if (strcmp(reply->what, "correction") == 0)
        return CLAIMED;
    if (!reply->party)
        return reply->current && reply->independent && !disputes && strcmp(reply->what, "same-as") != 0
                   ? ATTESTED
                   : CLAIMED;
    if (disputes)
        return reply->current ? DISPUTED : CLAIMED;
    if (!reply->independent)
        return CLAIMED;
    if (!reply->current)
        return CHANGED;
    return strcmp(reply->what, "confirmed-in-part") == 0 ? IN_PART : CONFIRMED;
}

static enum hanse_status take_most(void *context, const struct hanse_standing_reply *reply,
                                   struct hanse_error *err)
{
    (void)err;
    enum state *most = context;
    enum state state = state_of(reply);
    *most = state > *most ? state : *most;
    return HANSE_OK;
}

/* What the record itself names as the same; of two that name each other the lesser name counts. */
static const char *find_same(const struct hanse_standing *standing, const struct hanse_item *item)
{
    size_t count = 0;
    bool named_back = false;
    const char *found = NULL;
    const struct hanse_statement *said = hanse_statements_about(&standing->statements, item->id, &count);
    for (size_t i = 0; i < count; i++)
        if (said[i].kind == HANSE_STATEMENT_SAME_BACK && found == NULL)
            found = said[i].id;
    for (size_t i = 0; i < count && found != NULL; i++)
        named_back = named_back || (said[i].kind == HANSE_STATEMENT_SAME && strcmp(said[i].id, found) == 0);
    return found == NULL || (named_back && strcmp(item->id, found) < 0) ? NULL : found;
}

enum hanse_status hanse_standing_judge(const struct hanse_standing *standing, const struct hanse_item *item,
                                       struct hanse_standing_facts *out, struct hanse_error *err)
{
    if (standing == NULL || item == NULL || out == NULL)
        return hanse_fail_null("standing, item or out", err);
    static const char *const words[] = {"claimed",           "attested",  "changed-since",
                                        "confirmed-in-part", "confirmed", "disputed"};
    const struct hanse_voice *voice = hanse_voices_get(&standing->voices, item->origin);
    enum state most = CLAIMED;
    enum hanse_status status = hanse_standing_list(standing, item, take_most, &most, err);
    if (status != HANSE_OK)
        return status;
    *out = (struct hanse_standing_facts){.state = words[most],
                                         .custody = voice == NULL      ? "unknown"
                                                    : voice->custodian ? "custodian"
                                                                       : "self",
                                         .operator_id =
                                             voice != NULL && voice->custodian ? voice->operator_id : NULL,
                                         .same_as = find_same(standing, item)};
    return HANSE_OK;
}
