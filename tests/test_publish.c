/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing: what the feed holds then, and that a publish that does not go through leaves the old feed
 * whole. */
#include "node_support.h"

#include "feed/entry.h"
#include "node/files/feed_store.h"

static uint64_t staged_count(struct hanse_node *node)
{
    uint64_t count = 0;
    MUST(hanse_stage_count(node, NULL, &count, &node_err));
    return count;
}

static void test_nothing_staged(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    struct hanse_digest before = tree_digest(at("city/public"));
    struct hanse_publish_result result = publish(node);
    assert_int_equal(result.old_size, 0);
    assert_int_equal(result.new_size, 0);
    struct hanse_digest after = tree_digest(at("city/public"));
    assert_true(hanse_digest_equal(&before, &after));
    publish_some(node, 0, 3);
    before = tree_digest(at("city/public"));
    result = publish(node);
    assert_int_equal(result.old_size, 4);
    assert_int_equal(result.new_size, 4);
    assert_memory_equal(result.root, feed_of(node, CITY).info.root, 32);
    after = tree_digest(at("city/public"));
    assert_true(hanse_digest_equal(&before, &after));
    struct hanse_publish_options options = {.version = 1, .origin = "other.example/hanse"};
    MUST_FAIL(hanse_publish(node, &options, &result, &node_err), HANSE_NOT_FOUND);
    options.version = 0;
    MUST_FAIL(hanse_publish(node, &options, &result, &node_err), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(hanse_publish(node, NULL, &result, &node_err), HANSE_INVALID_ARGUMENT);
    hanse_node_close(node);
}

static void test_sizes_and_verify(void **state)
{
    (void)state;
    static const unsigned counts[] = {1, 2, 3, 250, 1, 255, 257};
    char key[512];
    struct hanse_node *node = make_node("city", CITY);
    uint64_t size = 0;
    unsigned first = 0;
    own_key(node, key);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct verify_report verdict;
        for (unsigned k = 0; k < counts[i]; k++, first++) {
            char name[32];
            (void)snprintf(name, sizeof name, "Pier %u", first);
            stage(node, NULL, name, NULL, NULL);
        }
        assert_int_equal(staged_count(node), counts[i]);
        struct hanse_publish_result result = publish(node);
        assert_int_equal(result.old_size, size);
        size += counts[i] + (size == 0); /* entry 0 names the key */
        assert_int_equal(result.new_size, size);
        assert_int_equal(staged_count(node), 0);
        MUST(verify_dir(at("city/public"), key, &verdict));
        assert_int_equal(verdict.result.size, size);
        assert_int_equal(verdict.result.payloads, size - 1);
        assert_memory_equal(verdict.result.root, result.root, 32);
        MUST(verify_dir(at("city/public"), NULL, &verdict));
    }
    hanse_node_close(node);
}

/* The header of an entry of the feed, in the arena. */
static struct hanse_header header_at(uint64_t index, struct hanse_arena *arena)
{
    struct hanse_entry_reader *reader = NULL;
    const struct hanse_frame_entry *entry;
    struct hanse_digest leaf;
    struct hanse_header header;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    MUST(hanse_feed_store_open(&store, at("city/public"), &node_err));
    MUST(hanse_entry_reader_new(&store, &reader, &node_err));
    MUST(hanse_entry_reader_get(reader, index, &entry, &leaf, &node_err));
    const char *copy = hanse_arena_copy(arena, entry->header);
    assert_non_null(copy);
    MUST(hanse_header_decode(hanse_bytes_of(copy, entry->header.size), arena, &header, &node_err));
    hanse_entry_reader_free(reader);
    return header;
}

static void test_first_entry_names_the_key(void **state)
{
    (void)state;
    char key[512];
    struct hanse_node *node = make_node("city", CITY);
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1u << 20);
    publish_some(node, 0, 1);
    own_key(node, key);
    struct hanse_header header = header_at(0, &arena);
    assert_int_equal(header.operation, HANSE_OPERATION_KEY);
    struct hanse_verifier_key known;
    MUST(hanse_verifier_key_decode(hanse_bytes_of_text(key), &known, &node_err));
    assert_true(hanse_bytes_equal(header.verifier_key, hanse_bytes_of(known.material, 33)));
    header = header_at(1, &arena);
    assert_int_equal(header.operation, HANSE_OPERATION_PUT);
    assert_int_equal(header.record_id.data[6] >> 4, 7);
    hanse_node_close(node);
}

/* Id, time and salt are those of staging: a publish that is tried again gives the same entries. */
static void test_entries_are_fixed_when_staged(void **state)
{
    (void)state;
    char id[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", NULL, id);
    stage(node, NULL, "Dock", NULL, NULL);
    hanse_node_close(node);
    shell("cp -a '%s' '%s'", at("city"), at("clone"));
    node = open_node("city");
    struct hanse_publish_result first = publish(node);
    hanse_node_close(node);
    sleep(1);
    shell("rm -rf '%s' '%s' && mv '%s' '%s'", at("city"), at("state"), at("clone"), at("city"));
    node = open_node("city");
    struct hanse_publish_result second = publish(node);
    /* Entry 0 carries the time of the publish, the others do not depend on it. */
    assert_int_equal(first.new_size, second.new_size);
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1u << 20);
    struct hanse_header header = header_at(1, &arena);
    struct hanse_header key = header_at(0, &arena);
    assert_true(header.published_unix_s < key.published_unix_s);
    hanse_node_close(node);
}

static bool stop_late(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    (void)context;
    (void)what;
    (void)total;
    (void)unit;
    return done < 5000;
}

/* Cancelled after full tiles were written: what the old tree needs is still there, and the next try works. */
static void test_cancelled_publish_leaves_the_feed_whole(void **state)
{
    (void)state;
    char key[512];
    struct verify_report verdict;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, 100);
    own_key(node, key);
    for (unsigned i = 0; i < 5000; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "Pier %u", i);
        stage(node, NULL, name, NULL, NULL);
    }
    struct hanse_publish_options options = {.version = 1, .progress = stop_late};
    struct hanse_publish_result result = {.new_size = 7};
    MUST_FAIL(hanse_publish(node, &options, &result, &node_err), HANSE_CANCELLED);
    assert_int_equal(result.new_size, 7);
    assert_int_equal(staged_count(node), 5000);
    MUST(verify_dir(at("city/public"), key, &verdict));
    assert_int_equal(verdict.result.size, 101);
    result = publish(node);
    assert_int_equal(result.new_size, 5101);
    MUST(verify_dir(at("city/public"), key, &verdict));
    hanse_node_close(node);
}

/* A source that lies about the entries of a full tile does not cost the mirror its partial ones. */
static void test_refused_sync_leaves_the_mirror_whole(void **state)
{
    (void)state;
    char key[512];
    char mirror[512];
    struct verify_report verdict;
    struct hanse_node *city = make_node("city", CITY);
    own_key(city, key);
    publish_some(city, 0, 100);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    follow_dir(office, at("copy"), key);
    shell("cp -a '%s' '%s'", at("city/public"), at("copy"));
    struct sync_report report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    publish_some(city, 100, 300);
    hanse_node_close(city);
    /* The entries of another feed under the checkpoint of this one. */
    struct hanse_node *twin = make_node("twin", CITY);
    publish_some(twin, 0, 100);
    publish_some(twin, 500, 300);
    hanse_node_close(twin);
    shell("cp '%s' '%s'", at("city/public/checkpoint"), at("twin/public/checkpoint"));
    shell("rm -rf '%s' && mv '%s' '%s'", at("copy"), at("twin/public"), at("copy"));
    for (int i = 0; i < 2; i++) {
        report = sync_node(office);
        assert_outcome(&report, HANSE_SYNC_MISMATCH);
        (void)snprintf(mirror, sizeof mirror, "%s", mirror_of("office", CITY));
        MUST(verify_dir(mirror, key, &verdict));
        assert_int_equal(verdict.result.size, 101);
    }
    shell("rm -rf '%s' && cp -a '%s' '%s'", at("copy"), at("city/public"), at("copy"));
    report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    MUST(verify_dir(mirror, key, &verdict));
    assert_int_equal(verdict.result.size, 401);
    hanse_node_close(office);
}

/* A record that the rules of another version let into staging. */
static void test_invalid_staged_record_is_refused(void **state)
{
    (void)state;
    char key[512];
    struct verify_report verdict;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, 2);
    stage(node, NULL, "Port", NULL, NULL);
    own_key(node, key);
    hanse_node_close(node);
    if (system("command -v sqlite3 >/dev/null") != 0) {
        print_message("skipped: sqlite3 is not installed\n");
        skip();
    }
    static const char *const changes[] = {"kind = 17", "kind = 99", "audience = 7", "published_unix_s = 1"};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        shell("cp '%s' '%s'", at("city/private/staging.sqlite"), at("kept"));
        shell("sqlite3 '%s' 'UPDATE change SET %s'", at("city/private/staging.sqlite"), changes[i]);
        node = open_node("city");
        struct hanse_publish_options options = {.version = 1};
        struct hanse_publish_result result;
        enum hanse_status status = hanse_publish(node, &options, &result, &node_err);
        if (status != HANSE_INVALID_RECORD)
            fail_msg("%s: %s: %s", changes[i], hanse_status_name(status), node_err.message);
        assert_int_equal(staged_count(node), 1);
        assert_int_equal(feed_of(node, CITY).info.size, 3);
        hanse_node_close(node);
        MUST(verify_dir(at("city/public"), key, &verdict));
        shell("cp '%s' '%s'", at("kept"), at("city/private/staging.sqlite"));
    }
    node = open_node("city");
    assert_int_equal(publish(node).new_size, 4);
    MUST(verify_dir(at("city/public"), key, &verdict));
    hanse_node_close(node);
}

/* The reader that shares no code with this library (tests/stock) takes the feed. */
static void test_stock_reader_takes_the_feed(void **state)
{
    (void)state;
    char key[512];
    char command[1200];
    struct hanse_node *node = make_node("city", CITY);
    own_key(node, key);
    static const unsigned counts[] = {0, 1, 254, 1, 1, 400};
    unsigned first = 0;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i] > 0)
            publish_some(node, first, counts[i]);
        first += counts[i];
        (void)snprintf(command, sizeof command, "tests/stock/check.sh '%s' '%s' >/dev/null 2>&1",
                       at("city/public"), key);
        int how = system(command);
        int code = how >> 8;
        if (code == 77) {
            hanse_node_close(node);
            print_message("skipped: Go and its package golang.org/x/mod are not installed\n");
            skip();
        }
        if (how != 0)
            fail_msg("the stock reader refuses the feed after %u records", first);
    }
    struct hanse_node *office = make_node("office", "office.example/hanse");
    follow_dir(office, at("city/public"), key);
    struct sync_report report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    (void)snprintf(command, sizeof command, "tests/stock/check.sh '%s' '%s' >/dev/null 2>&1",
                   mirror_of("office", CITY), key);
    assert_int_equal(system(command), 0);
    hanse_node_close(node);
    hanse_node_close(office);
}

/* On a machine that has no note of it either, a feed that lost its checkpoint does not begin anew: that would
 * be a fork. With the checkpoint back it goes on. */
static void test_lost_checkpoint_is_no_new_feed(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    shell("echo 'state-dir = %s' >>'%s'", at("state"), at("city/private/config"));
    hanse_node_close(node);
    node = open_node("city");
    publish_some(node, 0, 2);
    stage(node, NULL, "Harbour office 9", "XX-9", NULL);
    hanse_node_close(node);
    shell("cp -a '%s' '%s'; rm -r '%s'", at("city/public"), at("before"), at("state"));
    struct hanse_publish_options options = {.version = 1};
    struct hanse_publish_result result;
    for (int i = 0; i < 2; i++) {
        shell("rm '%s'", at("city/public/checkpoint"));
        options.offline = i == 1;
        node = open_node("city");
        MUST_FAIL(hanse_publish(node, &options, &result, &node_err), HANSE_BEHIND);
        assert_non_null(strstr(node_err.message, "checkpoint"));
        hanse_node_close(node);
        shell("cp -a '%s' '%s'", at("before/checkpoint"), at("city/public/checkpoint"));
        assert_same_tree(at("before"), at("city/public"));
    }
    options.offline = true;
    node = open_node("city");
    MUST(hanse_publish(node, &options, &result, &node_err));
    assert_int_equal(result.old_size, 3);
    assert_int_equal(result.new_size, 4);
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_nothing_staged),
        NODE_TEST(test_sizes_and_verify),
        NODE_TEST(test_first_entry_names_the_key),
        NODE_TEST(test_entries_are_fixed_when_staged),
        NODE_TEST(test_cancelled_publish_leaves_the_feed_whole),
        NODE_TEST(test_refused_sync_leaves_the_mirror_whole),
        NODE_TEST(test_invalid_staged_record_is_refused),
        NODE_TEST(test_stock_reader_takes_the_feed),
        NODE_TEST(test_lost_checkpoint_is_no_new_feed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
