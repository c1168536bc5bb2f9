/* SPDX-License-Identifier: Apache-2.0 */
/* A record as JSON, its title, its values. */
#include "item_output.h"

#include <string.h>

enum hanse_status item_json(struct json *json, const struct hanse_item *item, struct hanse_error *err)
{
    char *record = NULL;
    if (item->record != NULL) {
        enum hanse_status status = hanse_record_json(item->record, &record, err);
        if (status != HANSE_OK) {
            return status;
        }
    }
    json_text(json, "id", item->id);
    json_text(json, "feed", item->origin);
    json_number(json, "revision", item->revision);
    json_text(json, "kind", item->kind);
    json_time(json, "published", item->published_unix_s);
    json_text(json, "audience", item->audience);
    json_bool(json, "withdrawn", item->withdrawn);
    json_text(json, "payload", item->payload_state);
    json_raw(json, "record", record);
    hanse_free(record);
    return HANSE_OK;
}

enum hanse_status item_json_line(FILE *out, const struct hanse_item *item, struct hanse_error *err)
{
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    enum hanse_status status = item_json(&json, item, err);
    json_end(&json);
    return status;
}

/* Whether a path is that of the first title or name of the body: "project.title[0].text". */
static bool names_record(const char *path)
{
    static const char *const ends[] = {"title[0].text", "name[0].text"};
    const char *dot = strchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof ends / sizeof *ends; i++) {
        if (strcmp(dot + 1, ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The value that names the record, a copy; NULL at the end of the record. */
static enum hanse_status find_title(const struct hanse_record *record, struct hanse_record_cursor *cursor,
                                    char **out, struct hanse_error *err)
{
    const char *path;
    const char *value;
    bool is_text;
    enum hanse_status status;
    while ((status = hanse_record_cursor_next(cursor, &path, &value, &is_text, err)) == HANSE_OK) {
        if (names_record(path)) {
            return hanse_record_get(record, path, out, err);
        }
    }
    *out = NULL;
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}

enum hanse_status item_title(const struct hanse_item *item, char **out, struct hanse_error *err)
{
    if (item->record == NULL) {
        *out = NULL;
        return HANSE_OK;
    }
    struct hanse_record_cursor *cursor;
    enum hanse_status status = hanse_record_cursor_open(item->record, &cursor, err);
    if (status == HANSE_OK) {
        status = find_title(item->record, cursor, out, err);
        hanse_record_cursor_close(cursor);
    }
    return status;
}

enum hanse_status item_content(const struct hanse_record *record, struct hanse_error *err)
{
    struct hanse_record_cursor *cursor;
    enum hanse_status status = hanse_record_cursor_open(record, &cursor, err);
    if (status != HANSE_OK) {
        return status;
    }
    const char *path;
    const char *value;
    bool is_text;
    (void)fputc('\n', stdout);
    while ((status = hanse_record_cursor_next(cursor, &path, &value, &is_text, err)) == HANSE_OK) {
        (void)fputs("  ", stdout);
        output_text(stdout, path);
        (void)fputs(" = ", stdout);
        output_text(stdout, value);
        (void)fputc('\n', stdout);
    }
    hanse_record_cursor_close(cursor);
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}

const char *item_uuid(const struct hanse_item *item)
{
    const char *slash = strrchr(item->id, '/');
    return slash != NULL ? slash + 1 : item->id;
}
