/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds onto a stick: whole, verified, followed from there, cut off and run again. */
#include <hanse/copy.h>

#include "node_support.h"

struct report {
    unsigned count;
    enum hanse_status status;
    uint64_t size;
    uint64_t files;
    char dir[512];
    char message[400];
};

static void keep_copy(void *context, const struct hanse_copy_result *result)
{
    struct report *report = context;
    report->count++;
    report->status = result->status;
    report->size = result->size;
    report->files = result->files;
    (void)snprintf(report->dir, sizeof report->dir, "%s", result->dir);
    (void)snprintf(report->message, sizeof report->message, "%s", result->message);
}

static struct report report;

static enum hanse_status copy(struct hanse_node *node, const char *feed)
{
    report = (struct report){0};
    struct hanse_copy_options options = {.version = 1,
                                         .dir = at("stick"),
                                         .feeds = feed != NULL ? &feed : NULL,
                                         .feed_count = feed != NULL ? 1 : 0,
                                         .visit = keep_copy,
                                         .context = &report};
    return hanse_copy(node, &options, &node_err);
}

#define LIST "find checkpoint hanse tile -type f | LC_ALL=C sort | xargs sha256sum"

/* The same files with the same content, and no others; folders without files do not count. */
static void assert_copy_is(const char *public_dir)
{
    shell("cd '%s' && " LIST " >'%s'", report.dir, at("list-of-copy"));
    shell("cd '%s' && " LIST " >'%s'", at("%s", public_dir), at("list-of-source"));
    assert_same_file(at("list-of-copy"), at("list-of-source"));
}

static void test_copy(void **state)
{
    (void)state;
    char key[512];
    struct hanse_node *city = make_node("city", CITY);
    MUST(copy(city, NULL));
    assert_int_equal(report.count, 0); /* nothing is published */
    publish_some(city, 0, 5);
    own_key(city, key);
    MUST(copy(city, NULL));
    assert_int_equal(report.count, 1);
    assert_int_equal(report.size, 6);
    assert_copy_is("city/public");
    MUST(copy(city, CITY));
    assert_int_equal(report.files, 0); /* is there already */

    struct hanse_node *office = make_node("office", "office.example/hanse");
    follow_dir(office, report.dir, key);
    struct sync_report synced = sync_node(office);
    assert_outcome(&synced, HANSE_SYNC_UPDATED);
    publish_some(city, 5, 300);
    MUST(copy(city, NULL));
    assert_copy_is("city/public"); /* what is no longer needed is gone */
    synced = sync_node(office);
    assert_outcome(&synced, HANSE_SYNC_UPDATED);
    assert_int_equal(synced.new_size, 306);
    hanse_node_close(office);
    hanse_node_close(city);
}

/* The name of a file of the copy, by a command that finds it. */
static void damage_copy(const char *pattern)
{
    shell("f=$(find '%s' -path '*%s' -type f | sort | head -n 1) && [ -n \"$f\" ] && printf x >>\"$f\"",
          at("stick"), pattern);
}

static void test_damaged_copy_is_mended(void **state)
{
    (void)state;
    struct verify_report verdict;
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 5);
    MUST(copy(city, NULL));
    static const char *const patterns[] = {"/hanse/public/*", "/tile/0/*", "/hanse/manifest", "/checkpoint"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        damage_copy(patterns[i]);
        MUST(copy(city, NULL));
        assert_int_equal(report.files, 1);
        assert_copy_is("city/public");
    }
    MUST(verify_dir(report.dir, NULL, &verdict));
    hanse_node_close(city);
}

/* As if it had been cut off before the checkpoint: the old copy can be read, and the next run ends it. */
static void test_cut_off(void **state)
{
    (void)state;
    struct verify_report verdict;
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 5);
    MUST(copy(city, NULL));
    shell("cp '%s' '%s' && cp '%s' '%s'", at("city/public/checkpoint"), at("old-checkpoint"),
          at("city/public/hanse/manifest"), at("old-manifest"));
    publish_some(city, 5, 4);
    shell("cp -a '%s' '%s'", at("stick"), at("before"));
    MUST(copy(city, NULL));
    /* All data is there, the manifest and the checkpoint are old. */
    shell("cp '%s' '%s/checkpoint' && cp '%s' '%s/hanse/manifest' && touch '%s/tile/0/x.tmp'",
          at("old-checkpoint"), report.dir, at("old-manifest"), report.dir, report.dir);
    char dir[512];
    (void)snprintf(dir, sizeof dir, "%s", report.dir);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    char key[512];
    own_key(city, key);
    follow_dir(office, dir, key);
    struct sync_report synced = sync_node(office);
    assert_outcome(&synced, HANSE_SYNC_UPDATED);
    assert_int_equal(synced.new_size, 6);
    MUST(copy(city, NULL));
    assert_copy_is("city/public");
    MUST(verify_dir(report.dir, key, &verdict));
    hanse_node_close(office);
    hanse_node_close(city);
}

static void test_what_is_not_copied(void **state)
{
    (void)state;
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 5);
    MUST_FAIL(copy(city, "nowhere.example/x"), HANSE_NOT_FOUND);
    shell("cp -a '%s' '%s'", at("city"), at("old"));
    publish_some(city, 5, 1);
    MUST(copy(city, NULL));
    /* An older node does not replace a newer copy. */
    struct hanse_node *old = open_node("old");
    MUST_FAIL(copy(old, NULL), HANSE_STALE);
    hanse_node_close(old);
    MUST(copy(city, NULL));
    assert_int_equal(report.files, 0);
    /* A damaged feed is not spread. */
    shell("f=$(find '%s' -type f | head -n 1); printf x | dd of=\"$f\" bs=1 seek=60 conv=notrunc 2>/dev/null",
          at("city/public/hanse/public"));
    shell("rm -rf '%s'", at("stick"));
    enum hanse_status status = copy(city, NULL);
    assert_true(status == HANSE_MALFORMED || status == HANSE_MISMATCH);
    assert_int_equal(report.count, 1);
    assert_false(hanse_file_exists(at("%s/checkpoint", report.dir + strlen(work_dir) + 1)));
    hanse_node_close(city);
}

static bool stop(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    (void)what;
    (void)done;
    (void)total;
    (void)unit;
    unsigned *left = context;
    return *left == 0 || --*left > 0;
}

static void test_cancelled(void **state)
{
    (void)state;
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 5);
    for (unsigned calls = 1;; calls++) {
        unsigned left = calls;
        shell("rm -rf '%s'", at("stick"));
        struct hanse_copy_options options = {
            .version = 1, .dir = at("stick"), .progress = stop, .context = &left};
        enum hanse_status status = hanse_copy(city, &options, &node_err);
        if (status == HANSE_OK) {
            assert_true(calls > 3);
            break;
        }
        assert_int_equal(status, HANSE_CANCELLED);
    }
    MUST(copy(city, NULL));
    assert_copy_is("city/public");
    hanse_node_close(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_copy),      NODE_TEST(test_damaged_copy_is_mended),
        NODE_TEST(test_cut_off),   NODE_TEST(test_what_is_not_copied),
        NODE_TEST(test_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
