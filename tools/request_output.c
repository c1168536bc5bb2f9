/* SPDX-License-Identifier: Apache-2.0 */
/* The addressees of a request for information, as a table and as JSON. */
#include "request_output.h"

#include <inttypes.h>
#include <string.h>

struct counts {
    uint64_t all;
    uint64_t answered;
    uint64_t late;
};

static enum hanse_status print_row(void *context, const struct hanse_request_row *row,
                                   struct hanse_error *err)
{
    (void)err;
    struct counts *counts = context;
    const char *name = row->name != NULL ? row->name : row->recipient != NULL ? row->recipient : "?";
    char moment[21];
    counts->all++;
    counts->answered +=
        row->answer != NULL && strcmp(row->state, "later") != 0 && strcmp(row->state, "late") != 0;
    counts->late += strcmp(row->state, "late") == 0;
    (void)fputs("  ", stdout);
    output_column(stdout, row->state, 12, true);
    (void)fputc(' ', stdout);
    output_column(stdout, name, 30, true);
    if (row->answer != NULL) {
        output_time(row->answered_unix_s, moment);
        (void)printf(" %.10s %s", moment, row->answer);
        (void)fputs(row->told ? ", as told by who asked" : "", stdout);
    } else if (row->feed == NULL) {
        (void)fputs(" no feed that is followed here speaks for it", stdout);
    }
    if (row->until != NULL) {
        (void)printf(", until %s", row->until);
    }
    (void)fputc('\n', stdout);
    return HANSE_OK;
}

enum hanse_status request_print(struct hanse_node *node, const char *id, struct hanse_error *err)
{
    struct counts counts = {0};
    (void)fputc('\n', stdout);
    enum hanse_status status = hanse_request_list(node, id, print_row, &counts, err);
    (void)printf("  %" PRIu64 " of %" PRIu64 " answered, %" PRIu64 " late\n", counts.answered, counts.all,
                 counts.late);
    return status;
}

static enum hanse_status json_row(void *context, const struct hanse_request_row *row, struct hanse_error *err)
{
    (void)err;
    struct json *json = context;
    json_open(json, NULL, '{');
    json_text(json, "recipient", row->recipient);
    json_text(json, "name", row->name);
    json_text(json, "state", row->state);
    json_text(json, "feed", row->feed);
    json_text(json, "answer", row->answer);
    json_time(json, "answered", row->answered_unix_s);
    json_bool(json, "told", row->told);
    json_text(json, "until", row->until);
    json_text(json, "says", row->said);
    json_close(json, '}');
    return HANSE_OK;
}

enum hanse_status request_json(struct json *json, struct hanse_node *node, const char *id,
                               struct hanse_error *err)
{
    json_open(json, "recipients", '[');
    enum hanse_status status = hanse_request_list(node, id, json_row, json, err);
    json_close(json, ']');
    return status;
}
