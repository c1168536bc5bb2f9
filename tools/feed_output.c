/* SPDX-License-Identifier: Apache-2.0 */
/* A feed as JSON, and when something happened to it. */
#include "feed_output.h"

#include <inttypes.h>
#include <time.h>

static enum hanse_status print_mirror(void *context, const struct hanse_mirror_info *mirror,
                                      struct hanse_error *err)
{
    (void)err;
    struct json *json = context;
    json_open(json, NULL, '{');
    json_text(json, "url", mirror->url);
    json_text(json, "pin", mirror->pin);
    json_text(json, "cacert", mirror->cacert);
    json_time(json, "last_try", mirror->last_try_unix_s);
    json_text(json, "last_result", mirror->last_result);
    json_text(json, "last_message", mirror->last_message);
    json_close(json, '}');
    return HANSE_OK;
}

bool feed_json(struct json *json, const char *name, struct hanse_node *node,
               const struct hanse_feed_info *feed)
{
    struct hanse_error err;
    bool good = true;
    json_open(json, name, '{');
    json_text(json, "feed", feed->origin);
    json_text(json, "name", feed->name);
    json_bool(json, "own", feed->own);
    json_text(json, "url", feed->url);
    json_text(json, "pin", feed->pin);
    json_text(json, "key", feed->verifier_key);
    json_number(json, "size", feed->size);
    json_hash(json, "root", feed->root);
    json_number(json, "records", feed->records);
    json_number(json, "staged", feed->staged);
    json_number(json, "missing", feed->missing);
    json_time(json, "followed", feed->followed_unix_s);
    json_time(json, "last_try", feed->last_try_unix_s);
    json_time(json, "last_success", feed->last_success_unix_s);
    json_text(json, "last_result", feed->last_result);
    json_text(json, "last_message", feed->last_message);
    json_text(json, "successor", feed->successor_origin);
    json_limit(json, "max_entries", feed->max_entries);
    json_limit(json, "max_bytes", feed->max_bytes);
    json_text(json, "url_result", feed->url_result);
    json_text(json, "url_message", feed->url_message);
    if (node != NULL) {
        json_open(json, "mirrors", '[');
        good = hanse_mirror_list(node, feed->origin, print_mirror, json, &err) == HANSE_OK;
        json_close(json, ']');
    }
    json_close(json, '}');
    return good;
}

static const char *ago(uint64_t seconds, uint64_t *out_count)
{
    static const struct {
        uint64_t seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (seconds >= units[i].seconds) {
            *out_count = seconds / units[i].seconds;
            return units[i].name;
        }
    }
    *out_count = 0;
    return "second";
}

void feed_moment(uint64_t unix_s, char out[64])
{
    if (unix_s == 0) {
        (void)snprintf(out, 64, "never");
        return;
    }
    char text[21];
    output_time(unix_s, text);
    time_t now = time(NULL);
    if (now < 0 || (uint64_t)now < unix_s) {
        (void)snprintf(out, 64, "%s", text);
        return;
    }
    if ((uint64_t)now == unix_s) {
        (void)snprintf(out, 64, "just now (%s)", text);
        return;
    }
    uint64_t count;
    const char *unit = ago((uint64_t)now - unix_s, &count);
    (void)snprintf(out, 64, "%" PRIu64 " %s%s ago (%s)", count, unit, count == 1 ? "" : "s", text);
}
