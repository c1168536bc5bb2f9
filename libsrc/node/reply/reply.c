/* SPDX-License-Identifier: Apache-2.0 */
/* Confirmations and corrections of others' records, staged in an own feed. */
#include <hanse/reply.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <hanse/query.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "node/reply/statement.h"

/* A reply in the making. */
struct reply {
    struct hanse_node *node;
    const struct hanse_reply_options *options;
    const char *origin;
    bool corrects;
    size_t matches;
    char *about; /* what is replied to */
    struct hanse_record *target;
    uint64_t revision;
    struct hanse_digest commitment;
    struct hanse_voices voices;
    struct hanse_statements statements;
    const struct hanse_voice *voice; /* who replies */
    struct hanse_record *record;     /* the reply */
    bool is_party;
};

static void release(struct reply *reply)
{
    hanse_free(reply->about);
    hanse_record_free(reply->target);
    hanse_record_free(reply->record);
    hanse_voices_release(&reply->voices);
    hanse_statements_release(&reply->statements);
}

void hanse_reply_result_release(struct hanse_reply_result *result)
{
    hanse_free(result->id);
    hanse_free(result->about);
    *result = (struct hanse_reply_result){0};
}

static enum hanse_status copy_record(struct hanse_record *from, struct hanse_record **out,
                                     struct hanse_error *err)
{
    struct hanse_bytes bytes;
    enum hanse_status status = hanse_record_bytes(from, &bytes, err);
    return status == HANSE_OK ? hanse_record_from_bytes(bytes, out, err) : status;
}

static enum hanse_status see_target(void *context, const struct hanse_item *item,
                                    const struct hanse_item_origin *from, struct hanse_error *err)
{
    struct reply *reply = context;
    if (reply->matches++ > 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "code \"%.100s\" is of several records: name one by its full name",
                          reply->options->name);
    if (strcmp(item->origin, reply->origin) == 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "record \"%s\" is of your own feed: edit it",
                          item->id);
    if (item->withdrawn)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "record \"%s\" is withdrawn", item->id);
    if (item->record == NULL)
        return hanse_fail(err, HANSE_NOT_FOUND, "content of record \"%s\" is not held here", item->id);
    reply->revision = item->revision;
    memcpy(reply->commitment.bytes, from->commitment, sizeof reply->commitment.bytes);
    reply->about = hanse_strdup(item->id);
    return reply->about != NULL ? copy_record(item->record, &reply->target, err) : hanse_fail_memory(err);
}

/* What is replied to, and who replies. */
static enum hanse_status look_up(struct reply *reply, struct hanse_error *err)
{
    const struct hanse_reply_options *options = reply->options;
    enum hanse_status status = hanse_node_own_origin(reply->node, options->origin, &reply->origin, err);
    if (status == HANSE_OK)
        status = hanse_query_show(reply->node, options->name, see_target, reply, err);
    if (status == HANSE_OK)
        status = hanse_voices_load(reply->node, &reply->voices, err);
    if (status == HANSE_OK)
        status = hanse_voices_name(reply->node, &reply->voices, err);
    if (status == HANSE_OK)
        status = hanse_statements_load(reply->node, true, &reply->statements, err);
    if (status != HANSE_OK)
        return status;
    reply->voice = hanse_voices_get(&reply->voices, reply->origin);
    if (reply->voice == NULL)
        return hanse_fail(err, HANSE_NOT_FOUND,
                          "feed \"%s\" has published no profile: nobody would know who replies",
                          reply->origin);
    return hanse_record_names(reply->target, &reply->voice->names, &reply->is_party, err);
}

static enum hanse_status set(struct reply *reply, const char *field, const char *value,
                             struct hanse_error *err)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s.%s", reply->corrects ? "correction" : "confirmation", field);
    return value != NULL ? hanse_record_set(reply->record, path, value, err) : HANSE_OK;
}

static enum hanse_status set_meant(struct reply *reply, struct hanse_error *err)
{
    char number[21];
    HANSE_SCOPED_BUFFER struct hanse_buffer hash;
    hanse_buffer_init(&hash, 64);
    (void)snprintf(number, sizeof number, "%" PRIu64, reply->revision);
    enum hanse_status status = set(reply, "record.id", reply->about, err);
    if (status == HANSE_OK)
        status = set(reply, "revision", number, err);
    if (status == HANSE_OK)
        status = hanse_base64_encode(hanse_digest_view(&reply->commitment), &hash, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_u8(&hash, 0, err);
    return status == HANSE_OK ? set(reply, "commitment", (const char *)hash.data, err) : status;
}

static enum hanse_status set_text(struct reply *reply, const char *field, struct hanse_error *err)
{
    const struct hanse_reply_options *options = reply->options;
    char path[64];
    if (options->text == NULL || options->text[0] == '\0')
        return HANSE_OK;
    (void)snprintf(path, sizeof path, "%s[+].text", field);
    enum hanse_status status = set(reply, path, options->text, err);
    (void)snprintf(path, sizeof path, "%s[0].language", field);
    return status == HANSE_OK ? set(reply, path, options->language != NULL ? options->language : "und", err)
                              : status;
}

static enum hanse_status set_date(struct reply *reply, struct hanse_error *err)
{
    static const struct {
        const char *field;
        int at;
        int size;
    } parts[] = {{"date.year", 0, 4}, {"date.month", 5, 2}, {"date.day", 8, 2}};
    char now[21];
    enum hanse_status status = HANSE_OK;
    hanse_time_encode(hanse_clock_unix_s(), now);
    for (size_t i = 0; i < 3 && status == HANSE_OK; i++) {
        char number[8];
        const char *digits = now + parts[i].at + (now[parts[i].at] == '0');
        (void)snprintf(number, sizeof number, "%.*s", (int)(now + parts[i].at + parts[i].size - digits),
                       digits);
        status = set(reply, parts[i].field, number, err);
    }
    return status;
}

/* A path must lead somewhere in the record, so that others know what is meant. */
static enum hanse_status check_path(struct reply *reply, const char *path, struct hanse_error *err)
{
    size_t count = 0;
    return hanse_record_count(reply->target, path, &count, err);
}

static enum hanse_status make_confirmation(struct reply *reply, struct hanse_error *err)
{
    static const struct {
        const char *word;
        const char *name;
    } verdicts[] = {{"confirmed", "CONFIRMATION_VERDICT_CONFIRMED"},
                    {"in-part", "CONFIRMATION_VERDICT_CONFIRMED_IN_PART"},
                    {"disputed", "CONFIRMATION_VERDICT_DISPUTED"}};
    const struct hanse_reply_options *options = reply->options;
    const char *verdict = NULL;
    for (size_t i = 0; i < 3 && options->verdict != NULL; i++)
        if (strcmp(verdicts[i].word, options->verdict) == 0)
            verdict = verdicts[i].name;
    if (verdict == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "verdict is \"%.32s\": it needs confirmed, in-part or disputed",
                          options->verdict != NULL ? options->verdict : "");
    if (options->verdict[0] == 'd' && (options->text == NULL || options->text[0] == '\0'))
        return hanse_fail(err, HANSE_INVALID_RECORD, "a dispute of \"%s\" needs a reason", reply->about);
    enum hanse_status status = hanse_record_new("Confirmation", &reply->record, err);
    if (status == HANSE_OK)
        status = set_meant(reply, err);
    if (status == HANSE_OK)
        status = set(reply, "verdict", verdict, err);
    if (status == HANSE_OK)
        status = set(reply, "party.id", reply->voice->party, err);
    for (size_t i = 0; i < options->count && status == HANSE_OK; i++) {
        status = check_path(reply, options->paths[i], err);
        if (status == HANSE_OK)
            status = set(reply, "paths[+]", options->paths[i], err);
    }
    if (status == HANSE_OK)
        status = set_text(reply, "remarks", err);
    return status == HANSE_OK ? set_date(reply, err) : status;
}

/* One change: what stands there, and what the record would take in its place. */
static enum hanse_status add_change(struct reply *reply, struct hanse_record *changed, size_t i,
                                    struct hanse_error *err)
{
    const char *path = reply->options->paths[i];
    const char *value = reply->options->values[i];
    char *old = NULL;
    enum hanse_status status = hanse_record_get(reply->target, path, &old, err);
    if (status == HANSE_OK || status == HANSE_NOT_FOUND || strstr(path, "[+]") != NULL)
        status = hanse_record_set(changed, path, value, err);
    if (status == HANSE_OK)
        status = set(reply, "changes[+].path", path, err);
    if (status == HANSE_OK)
        status = set(reply, "changes[-].oldValue", old, err);
    if (status == HANSE_OK)
        status = set(reply, "changes[-].newValue", value, err);
    hanse_free(old);
    return status;
}

static enum hanse_status make_correction(struct reply *reply, struct hanse_error *err)
{
    struct hanse_record *changed = NULL;
    enum hanse_status status = hanse_record_new("Correction", &reply->record, err);
    if (status == HANSE_OK)
        status = copy_record(reply->target, &changed, err);
    if (status == HANSE_OK)
        status = set_meant(reply, err);
    for (size_t i = 0; i < reply->options->count && status == HANSE_OK; i++)
        status = add_change(reply, changed, i, err);
    hanse_record_free(changed);
    if (status == HANSE_OK)
        status = set_text(reply, "reason", err);
    return status == HANSE_OK ? set(reply, "proposer.id", reply->voice->party, err) : status;
}

/* The reply that the feed has about the record already, NULL if there is none. */
static const char *earlier_reply(const struct reply *reply)
{
    size_t count = 0;
    const struct hanse_statement *found = hanse_statements_about(&reply->statements, reply->about, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(found[i].origin, reply->origin) == 0 &&
            (reply->corrects ? found[i].kind == HANSE_STATEMENT_CORRECTION
                             : found[i].kind <= HANSE_STATEMENT_DISPUTED))
            return found[i].id;
    return NULL;
}

static enum hanse_status give(struct hanse_node *node, const struct hanse_reply_options *options,
                              bool corrects, struct hanse_reply_result *out, struct hanse_error *err)
{
    __attribute__((cleanup(release))) struct reply reply = {
        .node = node, .options = options, .corrects = corrects};
    struct hanse_reply_result made = {0};
    if (options == NULL || options->version != 1 || options->name == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "a reply needs options of version 1 with a name");
    if (options->count > 0 && (options->paths == NULL || (corrects && options->values == NULL)))
        return hanse_fail_null("paths or values", err);
    enum hanse_status status = look_up(&reply, err);
    if (status == HANSE_OK)
        status = corrects ? make_correction(&reply, err) : make_confirmation(&reply, err);
    if (status == HANSE_OK)
        status = hanse_stage_put(node, reply.origin, earlier_reply(&reply), reply.record, &made.outcome,
                                 &made.id, err);
    if (status != HANSE_OK)
        return status;
    made.about = reply.about;
    reply.about = NULL;
    made.revision = reply.revision;
    made.is_party = reply.is_party;
    *out = made;
    return HANSE_OK;
}

enum hanse_status hanse_reply_confirm(struct hanse_node *node, const struct hanse_reply_options *options,
                                      struct hanse_reply_result *out, struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    return give(node, options, false, out, err);
}

enum hanse_status hanse_reply_suggest(struct hanse_node *node, const struct hanse_reply_options *options,
                                      struct hanse_reply_result *out, struct hanse_error *err)
{
    if (node == NULL || out == NULL)
        return hanse_fail_null("node or out", err);
    return give(node, options, true, out, err);
}
