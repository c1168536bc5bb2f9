/* SPDX-License-Identifier: Apache-2.0 */
/* Staged changes, as put, edit, withdraw, diff and discard print them. */
#include "change_output.h"

#include "item_output.h"

static void print_value(const char *before, const char *value)
{
    (void)fputs(before, stdout);
    output_text(stdout, value);
}

static enum hanse_status print_difference(void *context, const struct hanse_difference *difference,
                                          struct hanse_error *err)
{
    (void)context;
    (void)err;
    bool both = difference->old_value != NULL && difference->new_value != NULL;
    (void)fputs(both ? "  ~ " : difference->new_value != NULL ? "  + " : "  - ", stdout);
    output_text(stdout, difference->path);
    if (difference->old_value != NULL) {
        print_value(": ", difference->old_value);
    }
    if (difference->new_value != NULL) {
        print_value(both ? " -> " : ": ", difference->new_value);
    }
    (void)fputc('\n', stdout);
    return HANSE_OK;
}

enum hanse_status change_print_diff(const struct hanse_record *old_record,
                                    const struct hanse_record *new_record, struct hanse_error *err)
{
    return hanse_record_diff(old_record, new_record, print_difference, NULL, err);
}

static enum hanse_status json_difference(void *context, const struct hanse_difference *difference,
                                         struct hanse_error *err)
{
    (void)err;
    struct json *json = context;
    json_open(json, NULL, '{');
    json_text(json, "path", difference->path);
    json_text(json, "old", difference->old_value);
    json_text(json, "new", difference->new_value);
    json_close(json, '}');
    return HANSE_OK;
}

enum hanse_status change_json_diff(struct json *json, const struct hanse_record *old_record,
                                   const struct hanse_record *new_record, struct hanse_error *err)
{
    json_open(json, "changes", '[');
    enum hanse_status status = hanse_record_diff(old_record, new_record, json_difference, json, err);
    json_close(json, ']');
    return status;
}

enum hanse_status change_print_name(const struct hanse_staged *change, struct hanse_error *err)
{
    const struct hanse_item item = {.record = change->record != NULL ? change->record : change->published};
    char *title;
    enum hanse_status status = item_title(&item, &title, err);
    if (status != HANSE_OK) {
        return status;
    }
    (void)printf("%s %s", change->kind, change->id);
    if (title != NULL) {
        print_value("  ", title);
    }
    hanse_free(title);
    return HANSE_OK;
}

const char *change_outcome(enum hanse_stage_outcome outcome)
{
    switch (outcome) {
    case HANSE_STAGED:
        return "staged";
    case HANSE_STAGE_REPLACED:
        return "replaced";
    default:
        return "unchanged";
    }
}

void change_print_next(const struct cli *cli, const char *id)
{
    char as[CLI_AS_BYTES];
    cli_note("undo: hanse %sdiscard %s", cli_as(cli->origin, as), id);
    cli_note("next: hanse %spublish", as);
}
