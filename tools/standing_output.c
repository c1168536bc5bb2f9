/* SPDX-License-Identifier: Apache-2.0 */
/* State, replies and custody, as text and as JSON. */
#include "standing_output.h"

#include <inttypes.h>
#include <string.h>

#include "cli.h"

struct hanse_standing *standing_open(struct hanse_node *node)
{
    struct hanse_standing *standing = NULL;
    struct hanse_error err;
    if (hanse_standing_open(node, &standing, &err) != HANSE_OK) {
        cli_note("what others say of the records cannot be told: %s", err.message);
    }
    return standing;
}

void standing_close(struct hanse_standing **standing)
{
    hanse_standing_close(*standing);
}

enum hanse_status standing_json(struct json *json, const struct hanse_standing *standing,
                                const struct hanse_item *item, struct hanse_error *err)
{
    struct hanse_standing_facts facts = {0};
    if (standing != NULL) {
        enum hanse_status status = hanse_standing_judge(standing, item, &facts, err);
        if (status != HANSE_OK) {
            return status;
        }
    }
    json_text(json, "state", facts.state);
    json_text(json, "custody", facts.custody);
    json_text(json, "operator", facts.operator_id);
    json_text(json, "same_as", facts.same_as);
    return HANSE_OK;
}

static enum hanse_status json_reply(void *context, const struct hanse_standing_reply *reply,
                                    struct hanse_error *err)
{
    (void)err;
    struct json *json = context;
    json_open(json, NULL, '{');
    json_text(json, "what", reply->what);
    json_text(json, "id", reply->id);
    json_text(json, "feed", reply->origin);
    json_text(json, "says", reply->text);
    json_number(json, "revision", reply->revision);
    json_time(json, "published", reply->published_unix_s);
    json_bool(json, "current", reply->current);
    json_bool(json, "party", reply->party);
    json_bool(json, "independent", reply->independent);
    json_close(json, '}');
    return HANSE_OK;
}

enum hanse_status standing_json_replies(struct json *json, const struct hanse_standing *standing,
                                        const struct hanse_item *item, struct hanse_error *err)
{
    json_open(json, "replies", '[');
    enum hanse_status status =
        standing != NULL ? hanse_standing_list(standing, item, json_reply, json, err) : HANSE_OK;
    json_close(json, ']');
    return status;
}

const char *standing_words(const char *state)
{
    static const char *const words[][2] = {
        {"changed-since", "confirmed, changed since"},
        {"confirmed-in-part", "confirmed in part"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], state) == 0) {
            return words[i][1];
        }
    }
    return state;
}

static enum hanse_status print_reply(void *context, const struct hanse_standing_reply *reply,
                                     struct hanse_error *err)
{
    (void)err;
    (void)context;
    (void)printf("  %-12s %s by ", "", standing_words(reply->what));
    output_text(stdout, reply->origin);
    (void)fputs(reply->party ? "" : ", which it does not name", stdout);
    (void)fputs(reply->independent ? "" : ", not independent of who holds this feed's key", stdout);
    if (!reply->current) {
        (void)printf(", of revision %" PRIu64, reply->revision);
    }
    (void)printf(": %s\n", reply->id);
    if (reply->text != NULL) {
        output_field(stdout, "", reply->text);
    }
    return HANSE_OK;
}

enum hanse_status standing_print(const struct hanse_standing *standing, const struct hanse_item *item,
                                 struct hanse_error *err)
{
    struct hanse_standing_facts facts;
    if (standing == NULL) {
        return HANSE_OK;
    }
    enum hanse_status status = hanse_standing_judge(standing, item, &facts, err);
    if (status != HANSE_OK) {
        return status;
    }
    output_field(stdout, "standing", standing_words(facts.state));
    status = hanse_standing_list(standing, item, print_reply, NULL, err);
    if (facts.same_as != NULL) {
        output_field(stdout, "same as", facts.same_as);
    }
    if (strcmp(facts.custody, "custodian") == 0) {
        (void)printf("  %-12s held for its owner by ", "key");
        output_text(stdout, facts.operator_id != NULL ? facts.operator_id : "nobody who is named");
        (void)fputc('\n', stdout);
    } else {
        output_field(stdout, "key",
                     strcmp(facts.custody, "self") == 0 ? "held by its owner"
                                                        : "the feed does not say who holds it");
    }
    return status;
}
