/* SPDX-License-Identifier: Apache-2.0 */
/* Staging a reply to another's record, for confirm, dispute and suggest. */
#include "reply_run.h"

#include <inttypes.h>

#include "change_output.h"

static void print_json(const char *origin, const struct hanse_reply_result *result)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "id", result->id);
    json_text(&json, "feed", origin);
    json_text(&json, "outcome", change_outcome(result->outcome));
    json_text(&json, "about", result->about);
    json_number(&json, "revision", result->revision);
    json_bool(&json, "party", result->is_party);
    json_end(&json);
}

static void print_text(const struct cli *cli, const struct hanse_reply_result *result, const char *done)
{
    (void)puts(result->id);
    if (result->outcome == HANSE_STAGE_UNCHANGED) {
        cli_note("you said this already: nothing is staged for it");
        return;
    }
    cli_note("%s: revision %" PRIu64 " of %s", done, result->revision, result->about);
    if (!result->is_party) {
        cli_note("that record does not name you: to others your word is a witness's, not a party's");
        cli_note("if it means you: set feedProfile.owner.id in your profile to the code that it uses");
    }
    change_print_next(cli, result->id);
}

static const char *advice_for(enum hanse_status status)
{
    switch (status) {
    case HANSE_NOT_FOUND:
        return "'hanse inbox' and 'hanse list' show records and their ids; your profile must be published";
    case HANSE_INVALID_ARGUMENT:
        return "'hanse show ID' shows a record and its paths";
    default:
        return NULL;
    }
}

int reply_run(const struct cli *cli, reply_make *make, struct hanse_reply_options *options, const char *done)
{
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    struct hanse_reply_result result;
    struct hanse_error err;
    int code = cli_open_own(cli, &node, &options->origin);
    if (code != CLI_DONE) {
        return code;
    }
    options->version = 1;
    if (make(node, options, &result, &err) != HANSE_OK) {
        code = cli_fail_reading(&err, advice_for(err.status));
        return err.status == HANSE_INVALID_RECORD ? CLI_INVALID_INPUT : code;
    }
    if (cli->json) {
        print_json(options->origin, &result);
    } else {
        print_text(cli, &result, done);
    }
    hanse_reply_result_release(&result);
    return CLI_DONE;
}
