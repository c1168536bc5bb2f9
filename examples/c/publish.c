/* SPDX-License-Identifier: Apache-2.0 */
/* Publishes a project from a program of your own.
 * Usage: publish NODE ORIGIN NUMBER TITLE
 * Makes the node the first time. The same NUMBER again changes the same record. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <hanse/hanse.h>

static void stop_unless_ok(enum hanse_status status, const struct hanse_error *err)
{
    if (status == HANSE_OK)
        return;
    fprintf(stderr, "publish: %s (%s)\n", err->message, hanse_status_name(err->status));
    exit(1);
}

static struct hanse_node *open_node(const char *dir, const char *origin)
{
    struct hanse_error err;
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(dir, &node, &err);
    if (status == HANSE_NOT_FOUND) {
        const struct hanse_init_options options = {.version = HANSE_INIT_OPTIONS_VERSION, .origin = origin};
        stop_unless_ok(hanse_node_init(dir, &options, &err), &err);
        status = hanse_node_open(dir, &node, &err);
    }
    stop_unless_ok(status, &err);
    return node;
}

/* Every field stands in docs/records.md; a record may also be read from JSON with hanse_record_from_json. */
static struct hanse_record *describe_project(const char *number, const char *title)
{
    const char *const values[][2] = {
        {"header.identifiers[+].scheme", "LOCAL"},
        {"header.identifiers[-].value", number},
        {"project.title[+].text", title},
        {"project.title[-].language", "en"},
        {"project.status", "PROJECT_STATUS_IMPLEMENTATION"},
        {"project.dates[+].type", "PROJECT_DATE_TYPE_ACTUAL_START"},
        {"project.dates[-].date.year", "2026"},
        {"project.participants[+].actor.name[+].text", "Parks department"},
        {"project.participants[-].actor.name[-].language", "en"},
        {"project.participants[-].role", "PARTICIPANT_ROLE_IMPLEMENTING"},
        {"project.sectors[+].scheme", "DAC-5"},
        {"project.sectors[-].code", "14050"},
    };
    struct hanse_error err;
    struct hanse_record *record = NULL;
    stop_unless_ok(hanse_record_new("Project", &record, &err), &err);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        stop_unless_ok(hanse_record_set(record, values[i][0], values[i][1], &err), &err);
    return record;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: publish NODE ORIGIN NUMBER TITLE\n", stderr);
        return 2;
    }
    struct hanse_error err;
    struct hanse_node *node = open_node(argv[1], argv[2]);
    struct hanse_record *record = describe_project(argv[3], argv[4]);

    enum hanse_stage_outcome outcome;
    char *id = NULL;
    stop_unless_ok(hanse_stage_put(node, argv[2], NULL, record, &outcome, &id, &err), &err);
    const struct hanse_publish_options options = {.version = 1, .origin = argv[2]};
    struct hanse_publish_result result;
    stop_unless_ok(hanse_publish(node, &options, &result, &err), &err);
    printf("%s\n%s in a feed of %" PRIu64 " entries\n", id,
           outcome == HANSE_STAGE_UNCHANGED ? "unchanged" : "published", result.new_size);

    hanse_free(id);
    hanse_record_free(record);
    hanse_node_close(node);
    return 0;
}
