/* SPDX-License-Identifier: Apache-2.0 */
/* hanse show: a record, where it comes from and how that was verified. */
#include <inttypes.h>
#include <string.h>

#include "args.h"
#include "feed_output.h"
#include "item_output.h"
#include "request_output.h"
#include "standing_output.h"
#include "verbs.h"

struct showing {
    const struct cli *cli;
    struct hanse_node *node;
    struct hanse_standing *standing; /* NULL: not known */
};

static void print_heading(const struct hanse_item *item, const char *title)
{
    output_text(stdout, item->kind);
    (void)fputc(' ', stdout);
    output_text(stdout, item->id);
    (void)fputc('\n', stdout);
    if (title != NULL) {
        (void)fputs("  ", stdout);
        output_text(stdout, title);
        (void)fputc('\n', stdout);
    }
}

static void print_revision(const struct hanse_item *item)
{
    char published[21];
    output_time(item->published_unix_s, published);
    (void)printf("\n  %-12s %" PRIu64 ", published %s, audience %s%s\n", "revision", item->revision,
                 published, item->audience, item->withdrawn ? ", withdrawn" : "");
    if (item->record == NULL) {
        output_field(stdout, "content", item->payload_state);
    }
}

static void print_source(const struct hanse_feed_info *feed)
{
    (void)printf("  %-12s ", "from");
    output_text(stdout, feed->origin);
    if (feed->own) {
        (void)puts(", your own feed");
        return;
    }
    (void)fputs(", followed", stdout);
    if (feed->url != NULL) {
        (void)fputs(" at ", stdout);
        output_text(stdout, feed->url);
    }
    (void)fputc('\n', stdout);
}

static void print_verification(const struct hanse_item *item, const struct hanse_item_origin *from)
{
    const struct hanse_feed_info *feed = from->feed;
    char root[45];
    char commitment[45];
    char leaf[45];
    char moment[64];
    output_base64(from->root, root);
    output_base64(from->commitment, commitment);
    output_base64(from->leaf_hash, leaf);
    output_field(stdout, "signed by", feed->verifier_key != NULL ? feed->verifier_key : "?");
    (void)printf("  %-12s its bytes hash to commitment %s\n", "verified", commitment);
    (void)printf("  %-12s of entry %" PRIu64 ", leaf %s,\n", "", item->entry_index, leaf);
    (void)printf("  %-12s in the signed checkpoint of %" PRIu64 " entries with root %s\n", "",
                 from->tree_size, root);
    if (!feed->own) {
        feed_moment(feed->last_success_unix_s, moment);
        output_field(stdout, "last contact", moment);
    }
}

static bool is_request(const struct hanse_item *item)
{
    return item->record != NULL && strcmp(item->kind, "InformationRequest") == 0;
}

static enum hanse_status show_text(const struct showing *showing, const struct hanse_item *item,
                                   const struct hanse_item_origin *from, struct hanse_error *err)
{
    char *title;
    enum hanse_status status = item_title(item, &title, err);
    if (status != HANSE_OK) {
        return status;
    }
    print_heading(item, title);
    hanse_free(title);
    print_revision(item);
    print_source(from->feed);
    status = standing_print(showing->standing, item, err);
    print_verification(item, from);
    if (status == HANSE_OK && is_request(item)) {
        status = request_print(showing->node, item->id, err);
    }
    return status == HANSE_OK && item->record != NULL ? item_content(item->record, err) : status;
}

static enum hanse_status show_json(const struct showing *showing, const struct hanse_item *item,
                                   const struct hanse_item_origin *from, struct hanse_error *err)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    enum hanse_status status = item_json(&json, item, err);
    if (status == HANSE_OK) {
        status = standing_json(&json, showing->standing, item, err);
    }
    if (status == HANSE_OK) {
        status = standing_json_replies(&json, showing->standing, item, err);
    }
    if (status == HANSE_OK && is_request(item)) {
        status = request_json(&json, showing->node, item->id, err);
    }
    json_open(&json, "verified", '{');
    json_number(&json, "entry", item->entry_index);
    json_hash(&json, "commitment", from->commitment);
    json_hash(&json, "leaf_hash", from->leaf_hash);
    json_number(&json, "size", from->tree_size);
    json_hash(&json, "root", from->root);
    json_text(&json, "checkpoint", from->checkpoint);
    json_text(&json, "key", from->feed->verifier_key);
    json_time(&json, "last_contact", from->feed->last_success_unix_s);
    json_close(&json, '}');
    (void)feed_json(&json, "source", NULL, from->feed);
    json_end(&json);
    return status;
}

static enum hanse_status visit(void *context, const struct hanse_item *item,
                               const struct hanse_item_origin *from, struct hanse_error *err)
{
    const struct showing *showing = context;
    return showing->cli->json ? show_json(showing, item, from, err) : show_text(showing, item, from, err);
}

static int show(struct cli *cli, const char *name)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_error err;
    CLI_SCOPED_STANDING struct hanse_standing *standing = standing_open(node);
    struct showing showing = {cli, node, standing};
    switch (hanse_query_show(node, name, visit, &showing, &err)) {
    case HANSE_OK:
        return CLI_DONE;
    case HANSE_NOT_FOUND:
        return cli_fail(&err, "'hanse list' shows what this node holds; 'hanse sync' fetches what is new");
    case HANSE_INVALID_ARGUMENT:
        return cli_fail(&err, "name a record by its id, a unique beginning of it, or a code: UNLOCODE:JPKKJ");
    default:
        return cli_fail_reading(&err, NULL);
    }
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_show, .least = 1, .most = 1};
    int code;
    return args_read(&args, cli, argc, argv, &code) ? show(cli, args.found[0]) : code;
}

const struct verb verb_show = {
    .name = "show",
    .changes = "shows a record, where it comes from and how it was verified; changes nothing",
    .synopsis = "ID",
    .help =
        "ID is the full name (hanse:origin/uuid), a unique beginning of the uuid, or a code that the record\n"
        "carries (UNLOCODE:JPKKJ). A code that records of several feeds carry shows each of them. Its "
        "standing is\n"
        "what other feeds say of it: claimed, attested, confirmed, disputed.",
    .run = run,
};
