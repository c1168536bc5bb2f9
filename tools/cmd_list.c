/* SPDX-License-Identifier: Apache-2.0 */
/* hanse list: the current records that the node holds. */
#include <string.h>

#include "args.h"
#include "item_output.h"
#include "standing_output.h"
#include "verbs.h"

struct list {
    const struct cli *cli;
    struct hanse_standing *standing; /* NULL: not known */
    bool personal;                   /* only kinds that hold data of persons */
    uint64_t count;
    uint64_t told_again; /* of things that another record tells, which counts in their place */
    char feed[128];      /* whose records are being printed; an origin has at most 127 bytes */
};

/* What others say, where somebody does. */
static enum hanse_status print_standing(struct list *list, const struct hanse_item *item,
                                        struct hanse_error *err)
{
    struct hanse_standing_facts facts;
    if (list->standing == NULL) {
        return HANSE_OK;
    }
    enum hanse_status status = hanse_standing_judge(list->standing, item, &facts, err);
    if (status != HANSE_OK) {
        return status;
    }
    if (strcmp(facts.state, "claimed") != 0) {
        (void)printf("  [%s]", standing_words(facts.state));
    }
    if (facts.same_as != NULL) {
        list->told_again++;
        (void)printf("  [as %s]", facts.same_as);
    }
    return HANSE_OK;
}

static enum hanse_status print_json(struct list *list, const struct hanse_item *item, struct hanse_error *err)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    enum hanse_status status = item_json(&json, item, err);
    if (status == HANSE_OK) {
        status = standing_json(&json, list->standing, item, err);
    }
    json_end(&json);
    return status;
}

static enum hanse_status print_line(struct list *list, const struct hanse_item *item, struct hanse_error *err)
{
    char *title;
    enum hanse_status status = item_title(item, &title, err);
    if (status != HANSE_OK) {
        return status;
    }
    if (list->count == 0 || strcmp(list->feed, item->origin) != 0) {
        (void)snprintf(list->feed, sizeof list->feed, "%s", item->origin);
        output_text(stdout, item->origin);
        (void)puts(item->own ? " (yours)" : "");
    }
    char published[21];
    output_time(item->published_unix_s, published);
    (void)printf("  %s  ", item_uuid(item));
    output_column(stdout, item->kind, 15, true);
    (void)printf("  %.10s  ", published);
    output_column(stdout, title != NULL ? title : item->payload_state, 60, false);
    hanse_free(title);
    status = print_standing(list, item, err);
    (void)fputc('\n', stdout);
    return status;
}

static enum hanse_status visit(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    struct list *list = context;
    if (list->personal && !hanse_kind_is_personal(hanse_kind_number(item->kind))) {
        return HANSE_OK;
    }
    enum hanse_status status = list->cli->json ? print_json(list, item, err) : print_line(list, item, err);
    list->count++;
    return status;
}

static int list_records(struct cli *cli, const struct hanse_query *query, bool personal)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    CLI_SCOPED_STANDING struct hanse_standing *standing = standing_open(node);
    struct list list = {.cli = cli, .standing = standing, .personal = personal};
    struct hanse_error err;
    enum hanse_status status = hanse_query_list(node, query, visit, &list, &err);
    if (status != HANSE_OK) {
        const char *advice = "'hanse feeds' lists the feeds, docs/records.md the kinds";
        return cli_fail_reading(&err, status == HANSE_NOT_FOUND ? advice : NULL);
    }
    if (!cli->json) {
        output_count(stdout, list.count - list.told_again, "record", "records");
        if (list.told_again > 0) {
            (void)fputs(", and ", stdout);
            output_count(stdout, list.told_again, "that tells one of them again",
                         "that tell one of them again");
        }
        (void)fputc('\n', stdout);
    }
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct hanse_query query = {.version = 1};
    const char *since = NULL;
    bool personal = false;
    const struct args_option options[] = {
        {"kind", "K", "records of this kind only, such as Project", &query.kind, NULL},
        {"feed", "ORIGIN", "records of this feed only; its short name will do", &query.feed, NULL},
        {"since", "DATE", "published since then: 2026-11-24", &since, NULL},
        {"personal", NULL, "records of kinds that hold personal data", NULL, &personal},
    };
    struct args args = {.verb = &verb_list, .options = options, .option_count = 4};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (since != NULL && !args_date(since, &query.since_unix_s)) {
        cli_complain("write it as 2026-11-24 or 2026-11-24T13:09:57Z", "'%s' is no date", since);
        return CLI_USAGE;
    }
    return list_records(cli, &query, personal);
}

const struct verb verb_list = {
    .name = "list",
    .changes =
        "lists the current records of this node, your own and verified ones of others; changes nothing",
    .synopsis = "[--kind K] [--feed ORIGIN] [--since DATE] [--personal]",
    .help = "Withdrawn records are left out. Brackets say what other feeds say of a record: attested, "
            "confirmed,\n"
            "disputed. With --json each line is one record with its whole content.",
    .run = run,
};
