/* SPDX-License-Identifier: Apache-2.0 */
/* Checking a proof file and printing what it shows. */
#include "proof_output.h"

#include <inttypes.h>
#include <stdlib.h>

#include "input.h"
#include "item_output.h"

/* What the visitor meets is kept for the caller: it returns nothing. */
struct checking {
    const struct cli *cli;
    bool forked;
    enum hanse_status status;
    struct hanse_error err;
};

enum hanse_status proof_json_record(struct json *json, const struct hanse_proof_facts *facts,
                                    struct hanse_error *err)
{
    enum hanse_status status = item_json(json, facts->item, err);
    json_text(json, "reason", facts->reason);
    json_number(json, "entry", facts->item->entry_index);
    json_number(json, "size", facts->size);
    json_hash(json, "root", facts->root);
    json_hash(json, "commitment", facts->commitment);
    json_text(json, "key", facts->key);
    return status;
}

static enum hanse_status print_json(const struct hanse_proof_facts *facts, struct hanse_error *err)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "result", "proven");
    enum hanse_status status = proof_json_record(&json, facts, err);
    json_bool(&json, "revision_proven", false);
    json_bool(&json, "current_proven", false);
    json_end(&json);
    return status;
}

static void print_state(const struct hanse_item *item, const char *reason)
{
    if (item->withdrawn) {
        (void)printf("  %-12s %s\n", "withdrawn", reason != NULL ? reason : "for a reason unknown here");
    } else if (item->record == NULL) {
        (void)printf("  %-12s %s: that it was published is proven, what it says is not in this file\n",
                     "content", item->payload_state);
    }
}

static enum hanse_status print_text(const struct hanse_proof_facts *facts, struct hanse_error *err)
{
    const struct hanse_item *item = facts->item;
    char published[21];
    char root[45];
    char *title = NULL;
    enum hanse_status status = item_title(item, &title, err);
    if (status != HANSE_OK) {
        return status;
    }
    output_time(item->published_unix_s, published);
    output_base64(facts->root, root);
    (void)fputs("proven: ", stdout);
    output_text(stdout, item->kind);
    (void)fputc(' ', stdout);
    output_text(stdout, item->id);
    (void)fputc('\n', stdout);
    if (title != NULL) {
        output_field(stdout, "title", title);
    }
    hanse_free(title);
    output_field(stdout, "feed", facts->feed);
    print_state(item, facts->reason);
    (void)printf("  %-12s %s, audience %s\n", "published", published, item->audience);
    (void)printf("  %-12s %" PRIu64 ", as who made this file counted it: that is not proven\n", "revision",
                 item->revision);
    (void)printf("  %-12s %" PRIu64 " of the tree of %" PRIu64 " entries\n", "entry", item->entry_index,
                 facts->size);
    output_field(stdout, "root", root);
    output_field(stdout, "signed by", facts->key);
    return item->record != NULL ? item_content(item->record, err) : HANSE_OK;
}

static void print_fork_json(const struct hanse_proof_facts *facts)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "result", "forked");
    json_text(&json, "feed", facts->feed);
    json_number(&json, "size", facts->fork->size);
    json_hash(&json, "root", facts->fork->root);
    json_hash(&json, "other_root", facts->fork->other_root);
    json_number(&json, "larger_size", facts->fork->larger_size);
    json_hash(&json, "larger_root", facts->root);
    json_text(&json, "key", facts->key);
    json_end(&json);
}

static void print_fork(const struct hanse_proof_facts *facts)
{
    const struct hanse_proven_fork *fork = facts->fork;
    char root[45];
    char other[45];
    char larger[45];
    output_base64(fork->root, root);
    output_base64(fork->other_root, other);
    output_base64(facts->root, larger);
    (void)fputs("forked: ", stdout);
    output_text(stdout, facts->feed);
    (void)printf("\n  two signed trees differ in their first %" PRIu64 " entries\n", fork->size);
    output_field(stdout, "one root", root);
    output_field(stdout, "other root", other);
    if (fork->larger_size > fork->size) {
        (void)printf("  %-12s the beginning of the tree of %" PRIu64 " entries with root %s\n", "",
                     fork->larger_size, larger);
    }
    output_field(stdout, "signed by", facts->key);
}

static void visit(void *context, const struct hanse_proof_facts *facts)
{
    struct checking *it = context;
    it->forked = facts->fork != NULL;
    if (it->forked) {
        (it->cli->json ? print_fork_json : print_fork)(facts);
        return;
    }
    it->status = it->cli->json ? print_json(facts, &it->err) : print_text(facts, &it->err);
}

static int refuse(const struct cli *cli, const struct hanse_error *err, const char *name)
{
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "result", hanse_status_name(err->status));
        json_text(&json, "message", err->message);
        json_end(&json);
    }
    switch (err->status) {
    case HANSE_INVALID_ARGUMENT:
        return cli_fail(err, "take the line that 'hanse key show' prints at the feed's owner");
    case HANSE_NO_MEMORY:
    case HANSE_CRYPTO:
    case HANSE_UNSUPPORTED:
        return cli_fail(err, NULL);
    default:
        cli_complain(
            "don't believe this file; ask who gave it to you for another one, and the feed's owner for "
            "the key",
            "'%s' proves nothing: %s", name, err->message);
        return CLI_UNVERIFIED;
    }
}

static int check(const struct cli *cli, struct hanse_bytes bytes, const char *name, const char *key)
{
    struct checking it = {.cli = cli};
    struct hanse_error err;
    enum hanse_status status = hanse_proof_check(bytes, key, visit, &it, &err);
    if (it.forked) {
        return cli_fail(
            &err, "believe neither history until its owner has explained; tell those who follow the feed");
    }
    if (status != HANSE_OK) {
        return refuse(cli, &err, name);
    }
    if (it.status != HANSE_OK) {
        return cli_fail(&it.err, NULL);
    }
    cli_note(
        "a proof cannot be recalled, and does not show that the record is current: it may have been changed, "
        "withdrawn or erased since");
    return CLI_DONE;
}

int proof_check_file(const struct cli *cli, const char *name, const char *key)
{
    if (key == NULL) {
        cli_complain(
            "a proof shows what a key signed, so the key must come from elsewhere: give the line that\n"
            "       'hanse key show' prints at the feed's owner, or the \"key\" of 'hanse feeds --json' "
            "where it is followed",
            "--key is missing");
        return CLI_USAGE;
    }
    uint8_t *data = NULL;
    size_t size = 0;
    int code = input_read(name, HANSE_PROOF_BYTES, "no proof is as long as this file", &data, &size);
    if (code == CLI_DONE) {
        code = check(cli, (struct hanse_bytes){.data = data, .size = size}, input_name(name), key);
    }
    free(data);
    return code;
}
