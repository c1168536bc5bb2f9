/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and follows many feeds, for bench/many-feeds.
 *   bench_many_feeds make DIR COUNT     nodes DIR/0, DIR/1 ... with a few records each, published; those that
 * are there get one record more. Prints a line for each: number, origin, key. bench_many_feeds follow NODE
 * PIN    reads lines "URL KEY" and follows them in NODE, which it makes if need be; PIN "-" is none */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hanse/change.h>
#include <hanse/node.h>
#include <hanse/record.h>

enum { FIRST_RECORDS = 3 };

static int fail(const char *what, const struct hanse_error *err)
{
    (void)fprintf(stderr, "bench_many_feeds: %s: %s\n", what, err->message);
    return 1;
}

static enum hanse_status stage(struct hanse_node *node, unsigned long number, struct hanse_error *err)
{
    char json[256];
    struct hanse_record *record = NULL;
    enum hanse_stage_outcome outcome;
    int size = snprintf(json, sizeof json,
                        "{\"organisation\":{\"name\":[{\"text\":\"Office %lu for international relations\","
                        "\"language\":\"en\"}],\"country\":\"JP\"}}",
                        number);
    const struct hanse_bytes text = {.data = (const uint8_t *)json, .size = (size_t)size};
    enum hanse_status status = hanse_record_from_json(text, &record, err);
    if (status == HANSE_OK)
        status = hanse_stage_put(node, NULL, NULL, record, &outcome, NULL, err);
    hanse_record_free(record);
    return status;
}

/* Opens the node, making it first where it is not there. */
static enum hanse_status open_node(const char *dir, const char *origin, bool *made, struct hanse_node **out,
                                   struct hanse_error *err)
{
    const struct hanse_init_options options = {.version = HANSE_INIT_OPTIONS_VERSION, .origin = origin};
    enum hanse_status status = hanse_node_init(dir, &options, err);
    *made = status == HANSE_OK;
    return status == HANSE_OK || status == HANSE_EXISTS ? hanse_node_open(dir, out, err) : status;
}

static enum hanse_status make_one(const char *dir, unsigned long number, struct hanse_error *err)
{
    char origin[64];
    bool made = false;
    char *key = NULL;
    struct hanse_node *node = NULL;
    struct hanse_publish_result result;
    const struct hanse_publish_options options = {.version = 1, .offline = true};
    (void)snprintf(origin, sizeof origin, "city%lu.example/hanse", number);
    enum hanse_status status = open_node(dir, origin, &made, &node, err);
    for (unsigned long i = 0; status == HANSE_OK && i < (made ? FIRST_RECORDS : 1); i++)
        status = stage(node, (made ? 0 : 1000) + i, err);
    if (status == HANSE_OK)
        status = hanse_publish(node, &options, &result, err);
    if (status == HANSE_OK)
        status = hanse_node_verifier_key(node, origin, &key, err);
    if (status == HANSE_OK)
        (void)printf("%lu %s %s\n", number, origin, key);
    hanse_free(key);
    hanse_node_close(node);
    return status;
}

static int make(const char *dir, unsigned long count)
{
    char path[512];
    struct hanse_error err;
    for (unsigned long i = 0; i < count; i++) {
        (void)snprintf(path, sizeof path, "%s/%lu", dir, i);
        if (make_one(path, i, &err) != HANSE_OK)
            return fail(path, &err);
    }
    return 0;
}

static int follow(const char *dir, const char *pin)
{
    char url[512];
    char key[256];
    bool made;
    struct hanse_error err;
    struct hanse_node *node = NULL;
    if (open_node(dir, "reader.example/hanse", &made, &node, &err) != HANSE_OK)
        return fail(dir, &err);
    int code = 0;
    while (code == 0 && scanf("%511s %255s", url, key) == 2) {
        const struct hanse_follow_options options = {
            .version = 1, .url = url, .verifier_key = key, .pin = strcmp(pin, "-") != 0 ? pin : NULL};
        if (hanse_feed_follow(node, &options, &err) != HANSE_OK)
            code = fail(url, &err);
    }
    hanse_node_close(node);
    return code;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        return make(argv[2], strtoul(argv[3], NULL, 10));
    if (argc == 4 && strcmp(argv[1], "follow") == 0)
        return follow(argv[2], argv[3]);
    (void)fputs("usage: bench_many_feeds make DIR COUNT | follow NODE PIN\n", stderr);
    return 2;
}
