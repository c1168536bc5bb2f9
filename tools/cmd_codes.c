/* SPDX-License-Identifier: Apache-2.0 */
/* hanse codes: what codes mean. */
#include <hanse/codes.h>

#include <inttypes.h>

#include "args.h"
#include "output.h"
#include "verbs.h"

enum { CODE_COLUMNS = 24, COUNT_COLUMNS = 6, VERSION_COLUMNS = 12 };

static void print_list(const struct cli *cli, const struct hanse_codes_info *list)
{
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "scheme", list->scheme);
        json_text(&json, "title", list->title);
        json_text(&json, "version", list->version);
        json_bool(&json, "closed", list->is_closed);
        json_number(&json, "count", list->count);
        json_end(&json);
        return;
    }
    output_column(stdout, list->scheme, CODE_COLUMNS - 4, true);
    (void)printf("%*zu  ", COUNT_COLUMNS, list->count);
    output_column(stdout, list->version, VERSION_COLUMNS, true);
    output_text(stdout, list->title);
    (void)fputc('\n', stdout);
}

struct listing {
    const struct cli *cli;
    bool with_scheme; /* codes of more than one list */
    size_t count;
};

static void code_json(const struct hanse_code *code)
{
    struct json json = {.out = stdout};
    json_open(&json, NULL, '{');
    json_text(&json, "scheme", code->scheme);
    json_text(&json, "code", code->code);
    json_text(&json, "name", code->name);
    json_text(&json, "name_fr", *code->name_fr != '\0' ? code->name_fr : NULL);
    json_text(&json, "name_ja", *code->name_ja != '\0' ? code->name_ja : NULL);
    json_bool(&json, "withdrawn", code->is_withdrawn);
    json_text(&json, "withdrawn_on", *code->withdrawn_on != '\0' ? code->withdrawn_on : NULL);
    json_end(&json);
}

static void print_name(const char *before, const char *name)
{
    if (*name != '\0') {
        (void)fputs(before, stdout);
        output_text(stdout, name);
    }
}

static enum hanse_status print_code(void *context, const struct hanse_code *code, struct hanse_error *err)
{
    struct listing *listing = context;
    (void)err;
    listing->count++;
    if (listing->cli->json) {
        code_json(code);
        return HANSE_OK;
    }
    if (listing->with_scheme) {
        (void)printf("%s:", code->scheme);
    }
    output_text(stdout, code->code);
    print_name("  ", code->name);
    print_name(" | ", code->name_fr);
    print_name(" | ", code->name_ja);
    if (code->is_withdrawn) {
        print_name(" (withdrawn", *code->withdrawn_on != '\0' ? " " : ")");
        print_name("", code->withdrawn_on);
        (void)fputs(*code->withdrawn_on != '\0' ? ")" : "", stdout);
    }
    (void)fputc('\n', stdout);
    return HANSE_OK;
}

static int print_codes(struct listing *listing, const char *scheme, const char *words)
{
    struct hanse_error err;
    if (hanse_codes_search(scheme, words, print_code, listing, &err) != HANSE_OK) {
        return cli_fail(&err, "'hanse codes' lists them");
    }
    if (listing->count == 0) {
        cli_note("no code and no name has that: %s", words);
    }
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct args args = {.verb = &verb_codes, .most = 2};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    struct hanse_codes_info list;
    struct listing listing = {.cli = cli};
    if (args.found_count == 0) {
        for (size_t i = 0; hanse_codes_list(i, &list); i++) {
            print_list(cli, &list);
        }
        return CLI_DONE;
    }
    if (args.found_count == 1 && hanse_codes_get(args.found[0], &list, NULL) != HANSE_OK) {
        listing.with_scheme = true;
        return print_codes(&listing, NULL, args.found[0]);
    }
    return print_codes(&listing, args.found[0], args.found_count == 2 ? args.found[1] : NULL);
}

const struct verb verb_codes = {
    .name = "codes",
    .changes = "looks up code lists: which there are, what is in one, what a code or a word means; changes "
               "nothing",
    .synopsis = "[LIST] [WORD]",
    .help = "Without LIST: the lists, each with the number of its codes and its edition. With LIST: its "
            "codes, or\n"
            "those that have WORD in the code or in a name of any language; several words in quotes. A WORD "
            "alone\n"
            "is looked for in all lists.",
    .run = run,
};
