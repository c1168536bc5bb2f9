/* SPDX-License-Identifier: Apache-2.0 */
/* hanse inbox: what others ask or say, the most urgent first, each with what answers it. */
#include <inttypes.h>
#include <string.h>

#include <hanse/inbox.h>

#include "args.h"
#include "item_output.h"
#include "verbs.h"

struct listing {
    const struct cli *cli;
    const char *first; /* own feed that commands mean without --as */
    uint64_t count;
};

static const char *kind_word(enum hanse_inbox_kind kind)
{
    static const char *const words[] = {"", "request", "dispute", "correction", "claim"};
    return words[kind];
}

/* An answer to fill in: request and respondent, and a value for each question. */
static enum hanse_status answer_json(struct json *json, const char *name, const struct hanse_inbox_item *item,
                                     struct hanse_error *err)
{
    size_t count = 0;
    enum hanse_status status = hanse_record_count(item->record, "informationRequest.questions", &count, err);
    if (status != HANSE_OK) {
        return status;
    }
    json_open(json, name, '{');
    json_open(json, "informationAnswer", '{');
    json_open(json, "request", '{');
    json_text(json, "id", item->id);
    json_close(json, '}');
    json_open(json, "respondent", '{');
    json_text(json, "id", item->party);
    json_close(json, '}');
    json_text(json, "status", "ANSWER_STATUS_COMPLETE");
    json_open(json, "answers", '[');
    for (size_t i = 0; i < count && status == HANSE_OK; i++) {
        char path[64];
        char *id = NULL;
        (void)snprintf(path, sizeof path, "informationRequest.questions[%zu].id", i);
        status = hanse_record_get(item->record, path, &id, err);
        json_open(json, NULL, '{');
        json_text(json, "questionId", id != NULL ? id : "");
        json_text(json, "value", "");
        json_close(json, '}');
        hanse_free(id);
        status = status == HANSE_NOT_FOUND ? HANSE_OK : status;
    }
    json_close(json, ']');
    json_close(json, '}');
    json_close(json, '}');
    return status;
}

static enum hanse_status print_answers(const struct listing *list, const struct hanse_inbox_item *item,
                                       struct hanse_error *err)
{
    char as[CLI_AS_BYTES];
    (void)cli_as(strcmp(item->to, list->first) != 0 ? item->to : NULL, as);
    if (item->kind == HANSE_INBOX_CLAIM) {
        (void)printf("  right:       hanse %sconfirm %s\n", as, item->id);
        (void)printf("  wrong:       hanse %sdispute %s --reason TEXT\n", as, item->id);
        return HANSE_OK;
    }
    if (item->kind != HANSE_INBOX_REQUEST) {
        (void)printf("  take over:   hanse %sedit %s\n", as, item->about);
        (void)printf("  refuse:      hanse %sdispute %s --reason TEXT\n", as, item->id);
        return HANSE_OK;
    }
    struct json json = {.out = stdout};
    (void)printf("  answer:      fill this in, and: hanse %sput FILE\n               ", as);
    enum hanse_status status = answer_json(&json, NULL, item, err);
    (void)fputc('\n', stdout);
    return status;
}

static void print_line(const char *label, const char *text)
{
    if (text != NULL) {
        output_field(stdout, label, text);
    }
}

static enum hanse_status print_text(const struct listing *list, const struct hanse_inbox_item *item,
                                    struct hanse_error *err)
{
    const struct hanse_item titled = {.record = item->record};
    char *title = NULL;
    enum hanse_status status = item_title(&titled, &title, err);
    if (status != HANSE_OK) {
        return status;
    }
    (void)printf("%s%s %s\n", list->count > 0 ? "\n" : "", kind_word(item->kind), item->id);
    print_line("title", title);
    hanse_free(title);
    print_line("from", item->origin);
    print_line("to", list->cli->origin == NULL ? item->to : NULL);
    print_line(item->late ? "was due" : "due", item->due);
    print_line("about", item->about);
    print_line("says", item->said);
    if (item->answered != NULL) {
        print_line(item->kind == HANSE_INBOX_CLAIM ? "changed since" : "put off", item->answered);
    }
    return print_answers(list, item, err);
}

static enum hanse_status print_json(const struct hanse_inbox_item *item, struct hanse_error *err)
{
    char *record = NULL;
    enum hanse_status status = HANSE_OK;
    if (item->record != NULL) {
        status = hanse_record_json(item->record, &record, err);
    }
    struct json json = {.out = stdout};
    if (status != HANSE_OK) {
        return status;
    }
    json_open(&json, NULL, '{');
    json_text(&json, "what", kind_word(item->kind));
    json_text(&json, "id", item->id);
    json_text(&json, "feed", item->origin);
    json_text(&json, "to", item->to);
    json_text(&json, "about", item->about);
    json_text(&json, "due", item->due);
    json_bool(&json, "late", item->late);
    json_text(&json, "says", item->said);
    json_text(&json, "answered", item->answered);
    json_number(&json, "revision", item->revision);
    json_time(&json, "published", item->published_unix_s);
    if (item->kind == HANSE_INBOX_REQUEST) {
        status = answer_json(&json, "answer", item, err);
    }
    json_raw(&json, "record", record);
    json_end(&json);
    hanse_free(record);
    return status;
}

static enum hanse_status visit(void *context, const struct hanse_inbox_item *item, struct hanse_error *err)
{
    struct listing *list = context;
    enum hanse_status status = list->cli->json ? print_json(item, err) : print_text(list, item, err);
    list->count++;
    return status;
}

static int run(struct cli *cli, int argc, char **argv)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct args args = {.verb = &verb_inbox};
    struct listing list = {.cli = cli};
    struct hanse_error err;
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    if (hanse_node_own_origin(node, NULL, &list.first, &err) != HANSE_OK ||
        hanse_inbox_list(node, cli->origin, visit, &list, &err) != HANSE_OK) {
        return cli_fail_reading(&err, NULL);
    }
    if (!cli->json && list.count == 0) {
        (void)puts("nothing waits for an answer");
    }
    return CLI_DONE;
}

const struct verb verb_inbox = {
    .name = "inbox",
    .changes = "lists what others ask of you or say about you; changes nothing",
    .synopsis = "",
    .help = "The most urgent first: requests for information, disputes of and suggestions to your records,\n"
            "cooperations and exchanges that others publish and that name you. Each with what answers it.\n"
            "You are the owner in your feed's profile; --as ORIGIN shows what is for that feed alone.",
    .run = run,
};
