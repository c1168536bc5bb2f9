/* SPDX-License-Identifier: Apache-2.0 */
/* hanse edit: changes a record of one's own, by values or in an editor, and stages it. */
#include <stdlib.h>
#include <string.h>

#include <hanse/staged.h>

#include "args.h"
#include "change_output.h"
#include "editor.h"
#include "finding_output.h"
#include "verbs.h"

struct edit {
    struct cli *cli;
    struct hanse_node *node;
    const char *origin;
    char *id;
    struct hanse_record *before;
    struct hanse_record *after;
    struct editor editor;
};

static void release(struct edit *edit)
{
    hanse_record_free(edit->before);
    hanse_record_free(edit->after);
    hanse_free(edit->id);
    hanse_node_close(edit->node);
}

static int set_value(struct edit *edit, const char *assignment)
{
    struct hanse_error err;
    const char *equals = args_find_equals(assignment);
    size_t size = equals != NULL ? (size_t)(equals - assignment) : 0;
    if (size == 0) {
        cli_complain("write it as --set project.title[0].text='A title'", "'%s' is not PATH=VALUE",
                     assignment);
        return CLI_USAGE;
    }
    char *path = strndup(assignment, size);
    if (path == NULL) {
        cli_complain(NULL, "memory ran out");
        return CLI_FAILED;
    }
    enum hanse_status status = hanse_record_set(edit->after, path, equals + 1, &err);
    free(path);
    if (status == HANSE_OK) {
        return CLI_DONE;
    }
    int code =
        cli_fail(&err, "'hanse show ID' shows the paths of a record; [+] adds an element to a list, [-] is "
                       "its last one");
    cli_note("nothing is staged");
    return code == CLI_FAILED ? CLI_USAGE : code;
}

static int clear_value(struct edit *edit, const char *path)
{
    struct hanse_error err;
    if (hanse_record_clear(edit->after, path, &err) == HANSE_OK) {
        return CLI_DONE;
    }
    int code = cli_fail(&err, "'hanse show ID' shows the paths of a record");
    cli_note("nothing is staged");
    return code == CLI_FAILED ? CLI_USAGE : code;
}

/* Tells what changed and stages it. CLI_INVALID_INPUT: the record is not valid, the findings are printed. */
static int stage(struct edit *edit)
{
    struct hanse_error err;
    struct finding_printer printer = {.json = edit->cli->json, .object = edit->id};
    enum hanse_stage_outcome outcome = HANSE_STAGED;
    enum hanse_status status = finding_check(&printer, edit->after, &err);
    if (status == HANSE_INVALID_RECORD) {
        return CLI_INVALID_INPUT;
    }
    if (status == HANSE_OK) {
        status = hanse_stage_put(edit->node, edit->origin, edit->id, edit->after, &outcome, NULL, &err);
    }
    if (status != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    if (edit->cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "id", edit->id);
        json_text(&json, "feed", edit->origin);
        json_text(&json, "outcome", change_outcome(outcome));
        status = change_json_diff(&json, edit->before, edit->after, &err);
        json_end(&json);
    } else {
        (void)puts(edit->id);
        status = change_print_diff(edit->before, edit->after, &err);
        if (outcome == HANSE_STAGE_UNCHANGED) {
            (void)puts("this is what is there already: nothing is staged for it");
        } else {
            change_print_next(edit->cli, edit->id);
        }
    }
    return status == HANSE_OK ? CLI_DONE : cli_fail(&err, NULL);
}

static int edit_values(struct edit *edit, const char *const *sets, size_t set_count,
                       const char *const *clears, size_t clear_count)
{
    struct hanse_error err;
    struct hanse_bytes bytes;
    enum hanse_status status = hanse_record_bytes(edit->before, &bytes, &err);
    if (status == HANSE_OK) {
        status = hanse_record_from_bytes(bytes, &edit->after, &err);
    }
    if (status != HANSE_OK) {
        return cli_fail(&err, NULL);
    }
    int code = CLI_DONE;
    for (size_t i = 0; i < set_count && code == CLI_DONE; i++) {
        code = set_value(edit, sets[i]);
    }
    for (size_t i = 0; i < clear_count && code == CLI_DONE; i++) {
        code = clear_value(edit, clears[i]);
    }
    if (code == CLI_DONE && (code = stage(edit)) == CLI_INVALID_INPUT) {
        cli_note("nothing is staged");
    }
    return code;
}

/* Whether JSON shows all of the record: what a newer version added to it is unknown here, and an editor would
 * lose it. */
static enum hanse_status check_shown(struct edit *edit, const char *text, bool *out, struct hanse_error *err)
{
    struct hanse_record *shown = NULL;
    struct hanse_bytes all;
    struct hanse_bytes part;
    enum hanse_status status =
        hanse_record_from_json((struct hanse_bytes){(const uint8_t *)text, strlen(text)}, &shown, err);
    if (status == HANSE_OK) {
        status = hanse_record_bytes(edit->before, &all, err);
    }
    if (status == HANSE_OK) {
        status = hanse_record_bytes(shown, &part, err);
    }
    if (status == HANSE_OK) {
        *out = part.size >= all.size;
    }
    hanse_record_free(shown);
    return status;
}

static int start_editor(struct edit *edit)
{
    struct hanse_error err;
    char *json = NULL;
    bool shown = true;
    enum hanse_status status = hanse_record_json(edit->before, &json, &err);
    if (status == HANSE_OK) {
        status = check_shown(edit, json, &shown, &err);
    }
    if (status != HANSE_OK) {
        hanse_free(json);
        return cli_fail(&err, NULL);
    }
    if (!shown) {
        hanse_free(json);
        cli_complain("'hanse edit ID --set PATH=VALUE' keeps it",
                     "the record holds what this version does not know: an editor would lose that");
        return CLI_FAILED;
    }
    char *pretty = editor_pretty(json);
    hanse_free(json);
    if (pretty == NULL) {
        cli_complain(NULL, "memory ran out");
        return CLI_FAILED;
    }
    int code = editor_start(&edit->editor, pretty);
    free(pretty);
    return code;
}

/* What stands in the file now, staged. CLI_INVALID_INPUT: it is no valid record, which was explained. */
static int take_text(struct edit *edit, const uint8_t *data, size_t size)
{
    struct hanse_error err;
    hanse_record_free(edit->after);
    edit->after = NULL;
    if (hanse_record_from_json((struct hanse_bytes){data, size}, &edit->after, &err) != HANSE_OK) {
        unsigned line = 1;
        for (size_t i = 0; i < size && err.offset != HANSE_NO_OFFSET && i < err.offset; i++) {
            line += data[i] == '\n';
        }
        cli_complain(NULL, "line %u: %s", line, err.message);
        return CLI_INVALID_INPUT;
    }
    return stage(edit);
}

static int edit_text(struct edit *edit)
{
    int code = start_editor(edit);
    if (code != CLI_DONE) {
        editor_drop(&edit->editor);
        return code;
    }
    do {
        uint8_t *data = NULL;
        size_t size;
        code = editor_run(&edit->editor, &data, &size);
        if (code == CLI_DONE) {
            code = take_text(edit, data, size);
        }
        free(data);
    } while (code == CLI_INVALID_INPUT && editor_ask_again());
    if (code == CLI_DONE) {
        editor_drop(&edit->editor);
    } else {
        cli_note("nothing is staged; your text is kept in %s", edit->editor.path);
        cli_note("mend it, then: hanse put %s --id %s", edit->editor.path, edit->id);
    }
    return code;
}

static int open_record(struct edit *edit, const char *name)
{
    struct hanse_error err;
    int code = cli_open_own(edit->cli, &edit->node, &edit->origin);
    if (code != CLI_DONE) {
        return code;
    }
    enum hanse_status status =
        hanse_staged_get(edit->node, edit->origin, name, &edit->id, &edit->before, &err);
    if (status == HANSE_OK) {
        return CLI_DONE;
    }
    bool named = status == HANSE_NOT_FOUND || status == HANSE_INVALID_ARGUMENT;
    return cli_fail_reading(&err, named ? "'hanse list' shows your records and their ids" : NULL);
}

static int run_with(struct cli *cli, int argc, char **argv, const char **sets, const char **clears)
{
    __attribute__((cleanup(release))) struct edit edit = {.cli = cli};
    const char *rest = NULL;
    const struct args_option options[] = {
        {"set", "PATH=VALUE", "a value to change or add, without an editor; may stand more than once", &rest,
         NULL},
        {"clear", "PATH", "a value or element to take away; may stand more than once", &rest, NULL},
    };
    struct args args = {.verb = &verb_edit, .options = options, .option_count = 2, .least = 1, .most = 1};
    size_t set_count = args_take_all(&argc, argv, "set", sets);
    size_t clear_count = args_take_all(&argc, argv, "clear", clears);
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    code = open_record(&edit, args.found[0]);
    if (code != CLI_DONE) {
        return code;
    }
    return set_count + clear_count > 0 ? edit_values(&edit, sets, set_count, clears, clear_count)
                                       : edit_text(&edit);
}

static int run(struct cli *cli, int argc, char **argv)
{
    const char **values = calloc(2 * (size_t)argc, sizeof *values);
    if (values == NULL) {
        cli_complain(NULL, "memory ran out");
        return CLI_FAILED;
    }
    int code = run_with(cli, argc, argv, values, values + argc);
    free(values);
    return code;
}

const struct verb verb_edit = {
    .name = "edit",
    .changes = "changes a record of yours and stages it; publishes nothing",
    .synopsis = "ID [--set PATH=VALUE]... [--clear PATH]...",
    .help =
        "Without --set and --clear the record opens as JSON in $VISUAL or $EDITOR. What you save is checked; "
        "a\n"
        "mistake is explained, the editor opens again or the text is kept in a file, and nothing is staged\n"
        "until it is right. Paths are those that 'hanse show ID' prints: project.title[language=ja].text;\n"
        "[+] adds an element, [-] is the last one. Values are set first, then cleared.",
    .run = run,
};
