/* SPDX-License-Identifier: Apache-2.0 */
/* Letting go of a feed that was followed. */
#include "node_support.h"

struct gone {
    unsigned count;
    char origin[160];
    char url[512];
    char key[512];
    uint64_t size;
};

static void keep_gone(void *context, const struct hanse_unfollowed *feed)
{
    struct gone *gone = context;
    gone->count++;
    gone->size = feed->size;
    (void)snprintf(gone->origin, sizeof gone->origin, "%s", feed->origin);
    (void)snprintf(gone->url, sizeof gone->url, "%s", feed->url);
    (void)snprintf(gone->key, sizeof gone->key, "%s", feed->verifier_key);
}

static enum hanse_status count_feed(void *context, const struct hanse_feed_info *feed,
                                    struct hanse_error *err)
{
    (void)feed;
    (void)err;
    ++*(unsigned *)context;
    return HANSE_OK;
}

static unsigned feed_count(struct hanse_node *node)
{
    unsigned count = 0;
    MUST(hanse_feed_list(node, count_feed, &count, &node_err));
    return count;
}

/* A node that follows the city and holds its feed. */
static struct hanse_node *make_follower(char key[512])
{
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 3);
    own_key(city, key);
    hanse_node_close(city);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    follow_dir(office, at("city/public"), key);
    struct sync_report synced = sync_node(office);
    assert_outcome(&synced, HANSE_SYNC_UPDATED);
    return office;
}

static void test_unfollow(void **state)
{
    (void)state;
    char key[512];
    struct gone gone = {0};
    struct hanse_node *office = make_follower(key);
    assert_true(hanse_file_exists(mirror_of("office", CITY)));
    MUST_FAIL(hanse_feed_unfollow(office, "nowhere", keep_gone, &gone, &node_err), HANSE_NOT_FOUND);
    MUST_FAIL(hanse_feed_unfollow(office, "office.example/hanse", keep_gone, &gone, &node_err),
              HANSE_INVALID_ARGUMENT);
    assert_int_equal(gone.count, 0);
    assert_int_equal(feed_count(office), 2);
    MUST(hanse_feed_unfollow(office, CITY, keep_gone, &gone, &node_err));
    assert_int_equal(gone.count, 1);
    assert_int_equal(gone.size, 4);
    assert_string_equal(gone.origin, CITY);
    assert_string_equal(gone.key, key);
    assert_false(hanse_file_exists(mirror_of("office", CITY)));
    assert_int_equal(feed_count(office), 1);
    MUST_FAIL(hanse_feed_unfollow(office, CITY, NULL, NULL, &node_err), HANSE_NOT_FOUND);
    /* What was told follows it again. */
    struct hanse_follow_options options = {.version = 1, .url = gone.url, .verifier_key = gone.key};
    MUST(hanse_feed_follow(office, &options, &node_err));
    struct sync_report synced = sync_node(office);
    assert_outcome(&synced, HANSE_SYNC_UPDATED);
    assert_int_equal(synced.new_size, 4);
    hanse_node_close(office);
}

/* As if it had been cut off among the files: the node opens, and it can be repeated. */
static void test_cut_off(void **state)
{
    (void)state;
    char key[512];
    struct hanse_node *office = make_follower(key);
    for (unsigned i = 0; i < 3; i++) {
        hanse_node_close(office);
        const char *mirror = mirror_of("office", CITY);
        if (i == 2)
            shell("rm -rf '%s'", mirror);
        else
            shell("rm -rf '%s/checkpoint' '%s/%s'", mirror, mirror, i == 1 ? "hanse" : "nothing");
        office = open_node("office");
        MUST(hanse_feed_unfollow(office, CITY, NULL, NULL, &node_err));
        assert_false(hanse_file_exists(mirror_of("office", CITY)));
        assert_int_equal(feed_count(office), 1);
        follow_dir(office, at("city/public"), key);
        struct sync_report synced = sync_node(office);
        assert_outcome(&synced, HANSE_SYNC_UPDATED);
    }
    hanse_node_close(office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_unfollow),
        NODE_TEST(test_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
