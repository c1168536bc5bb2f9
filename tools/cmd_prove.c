/* SPDX-License-Identifier: Apache-2.0 */
/* hanse prove: a record with its proof in one file. */
#include <string.h>

#include "args.h"
#include "output.h"
#include "proof_output.h"
#include "verbs.h"

struct proving {
    struct cli *cli;
    struct json json;
    enum hanse_status status;
    struct hanse_error err;
};

/* What a file cannot show is said before it is handed on. */
static void remark(const struct hanse_item *item)
{
    if (item->withdrawn) {
        cli_note("note: the record is withdrawn, and that is what the file proves; earlier revisions are not "
                 "in it");
    } else if (strcmp(item->payload_state, "present") != 0) {
        cli_note(
            "note: the content is %s here: the file proves that the record was published, not what it says",
            item->payload_state);
    }
    if (strcmp(item->audience, "PUBLIC") != 0 && item->record != NULL) {
        cli_note(
            "warning: the record is not public (audience %s), and the file holds it: give it to those alone",
            item->audience);
    }
}

static void visit(void *context, const struct hanse_proof_facts *facts)
{
    struct proving *it = context;
    remark(facts->item);
    if (it->cli->json) {
        json_open(&it->json, NULL, '{');
        it->status = proof_json_record(&it->json, facts, &it->err);
    } else {
        cli_note("check it with: hanse check FILE --key %s", facts->key);
    }
}

static int advise(const struct hanse_error *err)
{
    switch (err->status) {
    case HANSE_NOT_FOUND:
        return cli_fail(
            err, "'hanse list' shows what is held; what is only staged is proven after 'hanse publish'");
    case HANSE_INVALID_ARGUMENT:
        return cli_fail(err, "name one record by its full name or a unique beginning of its id");
    default:
        return cli_fail_reading(err, NULL);
    }
}

static int prove(struct cli *cli, const char *name)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct proving it = {.cli = cli, .json = {.out = stdout}};
    struct hanse_error err;
    char *text;
    if (hanse_proof_make(node, name, visit, &it, &text, &err) != HANSE_OK) {
        return advise(&err);
    }
    if (cli->json) {
        json_text(&it.json, "proof", text);
        json_end(&it.json);
    } else {
        (void)fputs(text, stdout);
    }
    hanse_free(text);
    return it.status == HANSE_OK ? CLI_DONE : cli_fail(&it.err, NULL);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_prove, .least = 1, .most = 1};
    int code;
    return args_read(&args, cli, argc, argv, &code) ? prove(cli, args.found[0]) : code;
}

const struct verb verb_prove = {
    .name = "prove",
    .changes = "writes a record with its proof to standard output; changes nothing",
    .synopsis = "ID",
    .help =
        "One text, to be kept or sent by mail: the record, the signed checkpoint of its feed and the hashes\n"
        "between them. 'hanse check FILE --key VKEY' judges it anywhere, without network and node. It "
        "cannot\n"
        "be recalled, and does not show that the record is still current.",
    .run = run,
};
