/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes for tests: a folder that is gone afterwards, nodes with records in it, and what a sync or a verify
 * said. */
#ifndef HANSE_TESTS_NODE_SUPPORT_H
#define HANSE_TESTS_NODE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <hanse/change.h>
#include <hanse/node.h>
#include <hanse/query.h>
#include <hanse/sync.h>
#include <hanse/verify.h>

#include "base/bytes.h"
#include "base/file.h"
#include "crypto/digest.h"

#define NODE_UNUSED __attribute__((unused))
#define CITY "city.example/hanse"

/* Where the test works; set by work_setup. */
static char work_dir[64];
static struct hanse_error node_err;

#define MUST(call)                                                                                           \
    do {                                                                                                     \
        enum hanse_status must_status = (call);                                                              \
        if (must_status != HANSE_OK)                                                                         \
            fail_msg("%s: %s: %s", #call, hanse_status_name(must_status), node_err.message);                 \
    } while (0)
#define MUST_FAIL(call, wanted) assert_string_equal(hanse_status_name(call), hanse_status_name(wanted))

/* Memory instead of a disk where there is such a place: nothing here is about durability. */
NODE_UNUSED static int work_setup(void **state)
{
    (void)state;
    bool memory = access("/dev/shm", W_OK) == 0;
    (void)snprintf(work_dir, sizeof work_dir, "%s/hanse-test-XXXXXX", memory ? "/dev/shm" : "/tmp");
    if (mkdtemp(work_dir) == NULL)
        return -1;
    /* What a node keeps outside its folder stays in here too. */
    char state_dir[80];
    (void)snprintf(state_dir, sizeof state_dir, "%s/state", work_dir);
    return setenv("XDG_STATE_HOME", state_dir, 1);
}

NODE_UNUSED static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
NODE_UNUSED static void shell(const char *format, ...)
{
    char command[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

NODE_UNUSED static int work_teardown(void **state)
{
    (void)state;
    shell("chmod -R u+rwX '%s'; rm -rf '%s'", work_dir, work_dir);
    return 0;
}
#define NODE_TEST(function) cmocka_unit_test_setup_teardown(function, work_setup, work_teardown)

/* The path of a name below the work folder; one of a few buffers that take turns. */
NODE_UNUSED static const char *at(const char *format, ...) __attribute__((format(printf, 1, 2)));
NODE_UNUSED static const char *at(const char *format, ...)
{
    static char texts[8][512];
    static unsigned turn;
    char *text = texts[turn++ % 8];
    int length = snprintf(text, sizeof texts[0], "%s/", work_dir);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text + length, sizeof texts[0] - (size_t)length, format, arguments);
    va_end(arguments);
    return text;
}

NODE_UNUSED static void write_file(const char *path, struct hanse_bytes content)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    if (content.size > 0)
        assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    assert_int_equal(fclose(file), 0);
}

/* The whole file, to be released. */
NODE_UNUSED static struct hanse_buffer file_content(const char *path)
{
    struct hanse_buffer content;
    hanse_buffer_init(&content, 64u << 20);
    MUST(hanse_file_read(path, (64u << 20) - 1, &content, &node_err));
    return content;
}

NODE_UNUSED static void assert_same_file(const char *a, const char *b)
{
    struct hanse_buffer left = file_content(a);
    struct hanse_buffer right = file_content(b);
    if (!hanse_bytes_equal(hanse_buffer_view(&left), hanse_buffer_view(&right)))
        fail_msg("%s and %s differ", a, b);
    hanse_buffer_release(&left);
    hanse_buffer_release(&right);
}

/* Names and content of everything in a folder. */
struct tree_walk {
    const char *dir;
    struct hanse_buffer all;
};

NODE_UNUSED static enum hanse_status walk_name(void *context, const char *name, bool is_dir,
                                               struct hanse_error *err)
{
    struct tree_walk *walk = context;
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", walk->dir, name);
    MUST(hanse_buffer_append_text(&walk->all, path, err));
    if (!is_dir)
        return hanse_file_read(path, 64u << 20, &walk->all, err);
    struct tree_walk below = {.dir = path, .all = walk->all};
    enum hanse_status status = hanse_file_list(path, walk_name, &below, err);
    walk->all = below.all;
    return status;
}

NODE_UNUSED static struct hanse_digest tree_digest(const char *dir)
{
    char here[512];
    struct hanse_digest digest;
    struct tree_walk walk = {.dir = "."};
    hanse_buffer_init(&walk.all, 256u << 20);
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(dir), 0);
    MUST(hanse_file_list(".", walk_name, &walk, &node_err));
    assert_int_equal(chdir(here), 0);
    MUST(hanse_digest_compute(hanse_buffer_view(&walk.all), &digest, &node_err));
    hanse_buffer_release(&walk.all);
    return digest;
}

NODE_UNUSED static void assert_same_tree(const char *a, const char *b)
{
    struct hanse_digest left = tree_digest(a);
    struct hanse_digest right = tree_digest(b);
    if (!hanse_digest_equal(&left, &right))
        fail_msg("%s and %s differ", a, b);
}

/* A new node in the folder `name` of the work folder. */
NODE_UNUSED static struct hanse_node *make_node(const char *name, const char *origin)
{
    struct hanse_node *node = NULL;
    struct hanse_init_options options = {.version = HANSE_INIT_OPTIONS_VERSION, .origin = origin};
    MUST(hanse_node_init(at("%s", name), &options, &node_err));
    MUST(hanse_node_open(at("%s", name), &node, &node_err));
    return node;
}

NODE_UNUSED static struct hanse_node *open_node(const char *name)
{
    struct hanse_node *node = NULL;
    MUST(hanse_node_open(at("%s", name), &node, &node_err));
    return node;
}

NODE_UNUSED static struct hanse_record *record_of(const char *json)
{
    struct hanse_record *record = NULL;
    MUST(hanse_record_from_json(hanse_bytes_of_text(json), &record, &node_err));
    return record;
}

/* An organisation with a name and, unless NULL, an identifier of the scheme ORGID. */
NODE_UNUSED static struct hanse_record *organisation(const char *name, const char *identifier)
{
    char json[512];
    if (identifier != NULL)
        (void)snprintf(json, sizeof json,
                       "{\"header\":{\"identifiers\":[{\"scheme\":\"ORGID\",\"value\":\"%s\"}]},"
                       "\"organisation\":{\"name\":[{\"text\":\"%s\",\"language\":\"en\"}]}}",
                       identifier, name);
    else
        (void)snprintf(json, sizeof json,
                       "{\"organisation\":{\"name\":[{\"text\":\"%s\",\"language\":\"en\"}]}}", name);
    return record_of(json);
}

/* Stages an organisation; copies the full name to `out_id` unless that is NULL. */
NODE_UNUSED static enum hanse_stage_outcome stage(struct hanse_node *node, const char *uuid, const char *name,
                                                  const char *identifier, char out_id[256])
{
    struct hanse_record *record = organisation(name, identifier);
    enum hanse_stage_outcome outcome;
    char *id = NULL;
    MUST(hanse_stage_put(node, NULL, uuid, record, &outcome, &id, &node_err));
    hanse_record_free(record);
    if (out_id != NULL)
        (void)snprintf(out_id, 256, "%s", id);
    hanse_free(id);
    return outcome;
}

NODE_UNUSED static struct hanse_publish_result publish(struct hanse_node *node)
{
    struct hanse_publish_options options = {.version = 1};
    struct hanse_publish_result result;
    MUST(hanse_publish(node, &options, &result, &node_err));
    return result;
}

/* Stages `count` organisations and publishes them. */
NODE_UNUSED static void publish_some(struct hanse_node *node, unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char name[64];
        char identifier[32];
        (void)snprintf(name, sizeof name, "Harbour office %u", first + i);
        (void)snprintf(identifier, sizeof identifier, "XX-%u", first + i);
        stage(node, NULL, name, identifier, NULL);
    }
    (void)publish(node);
}

NODE_UNUSED static void own_key(struct hanse_node *node, char out[512])
{
    char *text = NULL;
    const char *origin = NULL;
    MUST(hanse_node_own_origin(node, NULL, &origin, &node_err));
    MUST(hanse_node_verifier_key(node, origin, &text, &node_err));
    (void)snprintf(out, 512, "%s", text);
    hanse_free(text);
}

/* Follows the feed in a folder of the work folder. */
NODE_UNUSED static void follow_dir(struct hanse_node *node, const char *dir, const char *key)
{
    char url[600];
    (void)snprintf(url, sizeof url, "file://%s/", dir);
    struct hanse_follow_options options = {.version = 1, .url = url, .verifier_key = key};
    MUST(hanse_feed_follow(node, &options, &node_err));
}

/* What a sync of one feed said, with texts of its own. */
struct sync_report {
    unsigned count;
    enum hanse_sync_outcome outcome;
    uint64_t old_size;
    uint64_t new_size;
    char message[400];
};

NODE_UNUSED static void keep_report(void *context, const struct hanse_sync_result *result)
{
    struct sync_report *report = context;
    report->count++;
    report->outcome = result->outcome;
    report->old_size = result->old_size;
    report->new_size = result->new_size;
    (void)snprintf(report->message, sizeof report->message, "%s", result->message);
}

NODE_UNUSED static struct sync_report sync_node(struct hanse_node *node)
{
    struct sync_report report = {0};
    struct hanse_sync_options options = {.version = 1, .visit = keep_report, .context = &report};
    MUST(hanse_sync(node, &options, &node_err));
    return report;
}

NODE_UNUSED static void assert_outcome(const struct sync_report *report, enum hanse_sync_outcome wanted)
{
    if (report->outcome != wanted)
        fail_msg("sync gave %s instead of %s: %s", hanse_sync_outcome_name(report->outcome),
                 hanse_sync_outcome_name(wanted), report->message);
}

/* What verify said of the last feed that it visited. */
struct verify_report {
    unsigned count;
    struct hanse_verify_result result;
    char word[32];
    char message[400];
};

NODE_UNUSED static void keep_verdict(void *context, const struct hanse_verify_result *result)
{
    struct verify_report *report = context;
    report->count++;
    report->result = *result;
    (void)snprintf(report->word, sizeof report->word, "%s", result->result);
    (void)snprintf(report->message, sizeof report->message, "%s", result->message);
}

NODE_UNUSED static enum hanse_status verify_dir(const char *dir, const char *key,
                                                struct verify_report *report)
{
    *report = (struct verify_report){0};
    struct hanse_verify_options options = {
        .version = 1, .verifier_key = key, .visit = keep_verdict, .context = report};
    return hanse_verify_dir(dir, &options, &node_err);
}

/* A feed as `hanse feeds` shows it, with texts of its own. */
struct feed_row {
    const char *wanted;
    bool found;
    struct hanse_feed_info info;
    char last_result[32];
    char key[512];
    char successor[160];
};

NODE_UNUSED static enum hanse_status keep_feed(void *context, const struct hanse_feed_info *feed,
                                               struct hanse_error *err)
{
    (void)err;
    struct feed_row *row = context;
    if (strcmp(feed->origin, row->wanted) != 0)
        return HANSE_OK;
    row->found = true;
    row->info = *feed;
    (void)snprintf(row->last_result, sizeof row->last_result, "%s",
                   feed->last_result != NULL ? feed->last_result : "");
    (void)snprintf(row->key, sizeof row->key, "%s", feed->verifier_key);
    (void)snprintf(row->successor, sizeof row->successor, "%s",
                   feed->successor_origin != NULL ? feed->successor_origin : "");
    return HANSE_OK;
}

NODE_UNUSED static struct feed_row feed_of(struct hanse_node *node, const char *origin)
{
    struct feed_row row = {.wanted = origin};
    MUST(hanse_feed_list(node, keep_feed, &row, &node_err));
    assert_true(row.found);
    return row;
}

/* The mirror of a feed in a node: public/<hex of its origin>. */
NODE_UNUSED static const char *mirror_of(const char *node_name, const char *origin)
{
    struct hanse_digest digest;
    char hex[65];
    MUST(hanse_digest_compute(hanse_bytes_of_text(origin), &digest, &node_err));
    for (size_t i = 0; i < sizeof digest.bytes; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", digest.bytes[i]);
    return at("%s/public/%s", node_name, hex);
}

#endif
