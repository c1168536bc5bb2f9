/* SPDX-License-Identifier: Apache-2.0 */
/* A feed that lies at several places: its own address and two mirrors, each a server that serves it well,
 * badly or not at all, over real TLS. */
#include "hostile_twists.h"

#include <hanse/mirror.h>

/* What one place serves; NULL: it is down. */
struct place {
    const char *history;
    feed_twist *twist;
};

static struct feed_server mirrors[2];

/* Of the newest sync. */
static struct seen {
    enum hanse_sync_outcome outcomes[3];
    size_t count;
    size_t source;
    uint64_t last_success_unix_s;
} seen;

static void take_result(void *context, const struct hanse_sync_result *result)
{
    world_take_result(context, result);
    seen = (struct seen){.count = result->source_count,
                         .source = result->source,
                         .last_success_unix_s = result->last_success_unix_s};
    for (size_t i = 0; i < result->source_count; i++) {
        seen.outcomes[i] = result->sources[i].outcome;
        assert_true(result->sources[i].message[0] != '\0');
    }
}

static struct feed_server *server_at(size_t place)
{
    return place == 0 ? &world.server : &mirrors[place - 1];
}

static void serve(size_t at, struct place place)
{
    const char *history = place.history != NULL ? place.history : "city14";
    feed_server_script(server_at(at), world_path("%s/public", history), place.twist,
                       place.history != NULL ? FEED_BREAK_NOT : FEED_BREAK_ACCEPT);
}

static void add_mirror(struct hanse_node *node, const char *url, const char *pin)
{
    const struct hanse_mirror_options options = {.version = 1, .feed = "city", .url = url, .pin = pin};
    WORLD_OK(hanse_mirror_add(node, &options, &err));
}

static struct hanse_node *follower_with_mirrors(const char *template, size_t count)
{
    char name[32];
    struct hanse_node *node = world_follower(template, name);
    for (size_t i = 0; i < count; i++)
        add_mirror(node, mirrors[i].url, world.valid.pin);
    return node;
}

static void assert_synced(struct hanse_node *node, enum hanse_sync_outcome wanted, size_t asked,
                          size_t source, const char *words)
{
    enum hanse_sync_outcome outcome = world_sync(node);
    if (outcome != wanted || seen.count != asked || seen.source != source ||
        strstr(world.message, words) == NULL)
        fail_msg("%s of place %zu of %zu instead of %s of place %zu of %zu: \"%s\"",
                 hanse_sync_outcome_name(outcome), seen.source, seen.count, hanse_sync_outcome_name(wanted),
                 source, asked, world.message);
    if (outcome != HANSE_SYNC_INCOMPLETE)
        world_verify(node, "after a sync from several places");
}

TWIST(later)
{
    NO_SERVER;
    reply_status(reply, 503, "Retry-After: 20\r\n");
}

#define DOWN                                                                                                 \
    {                                                                                                        \
        NULL, NULL                                                                                           \
    }
#define WELL(history)                                                                                        \
    {                                                                                                        \
        (history), NULL                                                                                      \
    }

/* What a feed with two mirrors comes to. */
static const struct mirror_case {
    const char *name;
    const char *follower;
    struct place places[3];
    enum hanse_sync_outcome outcome;
    size_t asked;
    size_t source;
    const char *words;
    uint64_t size; /* held afterwards */
} cases[] = {
    /* the feed's own address serves: nobody else is asked, whatever they would say */
    {"all well", "follower12", {WELL("city14"), WELL("city14"), DOWN}, HANSE_SYNC_UPDATED, 1, 0, "2 new", 14},
    {"hostile mirrors",
     "follower12",
     {WELL("city14"), {"city14", flipped_bit}, {"other", NULL}},
     HANSE_SYNC_UPDATED,
     1,
     0,
     "2 new",
     14},
    {"nothing new",
     "follower12",
     {WELL("city12"), WELL("city14"), DOWN},
     HANSE_SYNC_CURRENT,
     1,
     0,
     "nothing",
     12},
    /* it does not: the mirrors do */
    {"origin down",
     "follower12",
     {DOWN, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "address is unreachable: cannot fetch",
     14},
    {"origin down, first sync",
     "follower0",
     {DOWN, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "14 new",
     14},
    {"wrong bytes",
     "follower12",
     {{"city14", flipped_bit}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "address is mismatch",
     14},
    {"wrong bytes, first sync",
     "follower0",
     {{"city14", zip_bomb}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "14 new",
     14},
    {"sign-in page",
     "follower12",
     {{"city14", page_for_checkpoint}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "address is bad-signature",
     14},
    {"cut off",
     "follower6",
     {{"city14", breaks_inside_segment}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "8 new",
     14},
    {"other entries, cut off",
     "follower6",
     {{"city14", parts_of_fork}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "8 new",
     14},
    {"server error",
     "follower12",
     {{"city14", broken_server}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "HTTP 500",
     14},
    {"later, please",
     "follower12",
     {{"city14", later}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "asks to wait 20",
     14},
    {"a stall",
     "follower12",
     {{"city14", stalls_inside_segment}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "2 new",
     14},
    {"payloads withheld",
     "follower6",
     {{"withheld", NULL}, WELL("city14"), DOWN},
     HANSE_SYNC_UPDATED,
     2,
     1,
     "2 payloads that were missing have come",
     14},
    {"payloads withheld, one mirror lies",
     "follower6",
     {{"withheld", NULL}, {"other", NULL}, WELL("city14")},
     HANSE_SYNC_UPDATED,
     3,
     2,
     "2 payloads that were missing have come",
     14},
    /* mirrors that lie, break or lag do not stop a good one */
    {"a mirror lies",
     "follower12",
     {DOWN, {"city14", flipped_bit}, WELL("city14")},
     HANSE_SYNC_UPDATED,
     3,
     2,
     "2 new",
     14},
    {"a mirror of another feed",
     "follower12",
     {DOWN, {"other", NULL}, WELL("city14")},
     HANSE_SYNC_UPDATED,
     3,
     2,
     "2 new",
     14},
    {"a mirror says too much",
     "follower12",
     {DOWN, {"city14", endless_manifest}, WELL("city14")},
     HANSE_SYNC_UPDATED,
     3,
     2,
     "2 new",
     14},
    {"a mirror lags",
     "follower12",
     {DOWN, WELL("city6"), WELL("city14")},
     HANSE_SYNC_UPDATED,
     3,
     2,
     "2 new",
     14},
    {"a mirror stands still",
     "follower12",
     {DOWN, WELL("city12"), WELL("city14")},
     HANSE_SYNC_UPDATED,
     3,
     2,
     "2 new",
     14},
    /* nobody serves */
    {"nobody has more",
     "follower12",
     {DOWN, WELL("city12"), DOWN},
     HANSE_SYNC_CURRENT,
     3,
     1,
     "nothing new",
     12},
    {"all down", "follower12", {DOWN, DOWN, DOWN}, HANSE_SYNC_UNREACHABLE, 3, 0, "none of 3 places", 12},
    {"down or behind",
     "follower12",
     {DOWN, WELL("city6"), DOWN},
     HANSE_SYNC_UNREACHABLE,
     3,
     0,
     "cannot fetch",
     12},
    {"a mismatch that none mends",
     "follower12",
     {DOWN, {"city14", flipped_bit}, WELL("city6")},
     HANSE_SYNC_MISMATCH,
     3,
     1,
     "byte ",
     12},
    {"all withhold",
     "follower6",
     {{"withheld", NULL}, {"withheld", NULL}, DOWN},
     HANSE_SYNC_INCOMPLETE,
     3,
     2,
     "entry 8, 10)",
     14},
    /* what the key signed counts, whoever shows it */
    {"rollback",
     "follower12",
     {WELL("city6"), WELL("city14"), DOWN},
     HANSE_SYNC_ROLLBACK,
     1,
     0,
     "6 entries",
     12},
    {"fork at the origin",
     "follower12",
     {WELL("fork14"), WELL("city14"), DOWN},
     HANSE_SYNC_FORK,
     1,
     0,
     "evidence",
     12},
    {"fork at a mirror",
     "follower12",
     {DOWN, WELL("fork12"), WELL("city14")},
     HANSE_SYNC_FORK,
     2,
     1,
     "evidence",
     12},
    {"fork between two places",
     "follower12",
     {{"fork14", no_tiles}, WELL("city14"), DOWN},
     HANSE_SYNC_FORK,
     2,
     1,
     "before entry 14",
     12},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static void run_case(void **state)
{
    const struct mirror_case *it = *state;
    struct hanse_node *node = follower_with_mirrors(it->follower, 2);
    for (size_t i = 0; i < 3; i++)
        serve(i, it->places[i]);
    bool asks_to_wait = it->places[0].twist == later;
    world.options = (struct hanse_sync_options){
        .stall_timeout_s = 1, .attempts = asks_to_wait ? 4 : 1, .visit = take_result};
    assert_synced(node, it->outcome, it->asked, it->source, it->words);
    assert_int_equal(world.result.new_size, it->size);
    assert_int_equal(world_proves_fork(node), it->outcome == HANSE_SYNC_FORK);
    assert_true(!asks_to_wait || feed_server_requests(&world.server) == 1);
    for (size_t i = it->asked; i < 3; i++)
        assert_int_equal(feed_server_requests(server_at(i)), 0);
    hanse_node_close(node);
}

/* A resume point is of one place: another one is asked by the manifest, the same one for the tail only. */
static void going_on_is_of_one_place(void **state)
{
    (void)state;
    struct hanse_node *node = follower_with_mirrors("follower0", 1);
    serve(0, (struct place)DOWN);
    serve(1, (struct place)WELL("city12"));
    assert_synced(node, HANSE_SYNC_UPDATED, 2, 1, "12 new");
    serve(0, (struct place)DOWN);
    serve(1, (struct place)WELL("city14"));
    assert_synced(node, HANSE_SYNC_UPDATED, 2, 1, "2 new");
    assert_int_equal(feed_server_requests(&mirrors[0]), 2); /* checkpoint and tail */
    hanse_node_close(node);
    node = follower_with_mirrors("follower0", 1);
    serve(0, (struct place)DOWN);
    serve(1, (struct place)WELL("city12"));
    assert_synced(node, HANSE_SYNC_UPDATED, 2, 1, "12 new");
    serve(0, (struct place)WELL("city14"));
    assert_synced(node, HANSE_SYNC_UPDATED, 1, 0, "2 new");
    assert_int_equal(feed_server_requests(&world.server), 3); /* checkpoint, manifest and segment */
    hanse_node_close(node);
}

/* The origin's ETag is of what it served, not of what a mirror did since. */
static void an_old_etag_hides_no_rollback(void **state)
{
    (void)state;
    struct hanse_node *node = follower_with_mirrors("follower12", 1);
    serve(0, (struct place)DOWN);
    serve(1, (struct place)WELL("city14"));
    assert_synced(node, HANSE_SYNC_UPDATED, 2, 1, "2 new");
    serve(0, (struct place)WELL("city12"));
    assert_synced(node, HANSE_SYNC_ROLLBACK, 1, 0, "12 entries");
    hanse_node_close(node);
}

/* When the origin was heard: not by a mirror that has nothing new. */
static void a_mirror_that_stands_still_is_no_contact(void **state)
{
    (void)state;
    struct hanse_node *node = follower_with_mirrors("follower12", 1);
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    WORLD_OK(hanse_feed_row_get(node, CITY_ORIGIN, &row, &err));
    row.feed.last_success_unix_s = 1000;
    WORLD_OK(hanse_index_feed_put(node->index, &row.feed, &err));
    serve(0, (struct place)DOWN);
    serve(1, (struct place)WELL("city12"));
    assert_synced(node, HANSE_SYNC_CURRENT, 2, 1, "nothing new");
    assert_synced(node, HANSE_SYNC_CURRENT, 2, 1, "nothing new");
    assert_int_equal(seen.last_success_unix_s, 1000);
    serve(1, (struct place)WELL("city14"));
    assert_synced(node, HANSE_SYNC_UPDATED, 2, 1, "2 new");
    assert_int_equal(seen.last_success_unix_s, 1000);
    assert_synced(node, HANSE_SYNC_CURRENT, 2, 1, "nothing new");
    assert_true(seen.last_success_unix_s > 1000);
    hanse_node_close(node);
}

/* Each place has its share of a feed's time. */
static void a_drip_leaves_time_for_the_mirror(void **state)
{
    (void)state;
    struct hanse_node *node = follower_with_mirrors("follower12", 1);
    world.options.feed_timeout_s = 2;
    serve(0, (struct place){"city14", drips_on});
    serve(1, (struct place)WELL("city14"));
    assert_synced(node, HANSE_SYNC_UPDATED, 2, 1, "longer than the 1 seconds");
    hanse_node_close(node);
}

/* More than the quota that the origin's key signed is more at each place; what a mirror merely says is not.
 */
static void quotas_and_mirrors(void **state)
{
    (void)state;
    struct hanse_node *node = follower_with_mirrors("follower12", 1);
    struct hanse_follow_options options = {.version = 1,
                                           .url = world.server.url,
                                           .verifier_key = world.vkey,
                                           .pin = world.valid.pin,
                                           .max_entries = 13};
    WORLD_OK(hanse_feed_follow(node, &options, &err));
    serve(0, (struct place)WELL("city14"));
    serve(1, (struct place)WELL("city14"));
    assert_synced(node, HANSE_SYNC_OVER_LIMIT, 1, 0, "quota here is 13");
    options.max_entries = 14;
    options.max_bytes = 1 << 20;
    WORLD_OK(hanse_feed_follow(node, &options, &err));
    serve(0, (struct place){"city14", manifest_of_vast_blocks});
    assert_synced(node, HANSE_SYNC_UPDATED, 2, 1, "address is over-limit");
    hanse_node_close(node);
}

struct list {
    char urls[4][64];
    char results[4][16];
    size_t count;
};

static enum hanse_status keep_mirror(void *context, const struct hanse_mirror_info *mirror,
                                     struct hanse_error *err)
{
    struct list *list = context;
    (void)err;
    assert_true(list->count < 4);
    (void)snprintf(list->urls[list->count], 64, "%s", mirror->url);
    (void)snprintf(list->results[list->count], 16, "%s",
                   mirror->last_result != NULL ? mirror->last_result : "");
    list->count++;
    return HANSE_OK;
}

static struct list list_mirrors(struct hanse_node *node)
{
    struct list list = {.count = 0};
    WORLD_OK(hanse_mirror_list(node, "city", keep_mirror, &list, &err));
    return list;
}

static enum hanse_status try_add(struct hanse_node *node, const char *feed, const char *url, const char *pin)
{
    struct hanse_error err = {0};
    const struct hanse_mirror_options options = {.version = 1, .feed = feed, .url = url, .pin = pin};
    enum hanse_status status = hanse_mirror_add(node, &options, &err);
    assert_true(status == HANSE_OK || err.message[0] != '\0');
    return status;
}

static void mirrors_are_added_and_dropped(void **state)
{
    (void)state;
    char url[64];
    struct hanse_node *node = follower_with_mirrors("follower12", 2);
    assert_int_equal(try_add(node, "nobody", "https://m.example/", NULL), HANSE_NOT_FOUND);
    assert_int_equal(try_add(node, "follower.example/hanse", "https://m.example/", NULL), HANSE_NOT_FOUND);
    assert_int_equal(try_add(node, "city", "http://m.example/", NULL), HANSE_INVALID_ARGUMENT);
    assert_int_equal(try_add(node, "city", "https://m.example/", "sha256//x"), HANSE_INVALID_ARGUMENT);
    assert_int_equal(try_add(node, "city", world.server.url, NULL), HANSE_EXISTS);
    assert_int_equal(list_mirrors(node).count, 2);
    serve(0, (struct place)DOWN);
    serve(1, (struct place)WELL("city6"));
    serve(2, (struct place)WELL("city14"));
    assert_synced(node, HANSE_SYNC_UPDATED, 3, 2, "2 new");
    struct list list = list_mirrors(node);
    assert_string_equal(list.urls[0], mirrors[0].url);
    assert_string_equal(list.results[0], "stale");
    assert_string_equal(list.results[1], "updated");
    /* Added again it has another pin, and its place stays. */
    assert_int_equal(try_add(node, "city", mirrors[0].url, NULL), HANSE_OK);
    list = list_mirrors(node);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.urls[0], mirrors[0].url);
    /* Dropped, it is asked no more, and nothing goes on from there. */
    WORLD_OK(hanse_mirror_remove(node, "city", mirrors[1].url, &err));
    assert_int_equal(hanse_mirror_remove(node, "city", mirrors[1].url, NULL), HANSE_NOT_FOUND);
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    WORLD_OK(hanse_feed_row_get(node, CITY_ORIGIN, &row, &err));
    assert_null(row.feed.remote_segment);
    assert_int_equal(row.feed.remote_mirror, 0);
    for (unsigned i = 0; i < HANSE_MAX_MIRRORS - 1; i++) {
        (void)snprintf(url, sizeof url, "https://m%u.example/", i);
        assert_int_equal(try_add(node, "city", url, NULL), HANSE_OK);
    }
    assert_int_equal(try_add(node, "city", "https://more.example/", NULL), HANSE_LIMIT);
    /* A feed takes them with it. */
    WORLD_OK(hanse_feed_unfollow(node, "city", NULL, NULL, &err));
    world_follow_url(node, world.server.url, world.valid.pin, NULL);
    assert_int_equal(list_mirrors(node).count, 0);
    hanse_node_close(node);
}

/* Without memory a feed with mirrors comes to nothing or to everything, and says so. */
static void failing_allocations(void **state)
{
    (void)state;
    char url[2][256];
    (void)snprintf(url[0], sizeof url[0], "file://%s/", world_path("other/public"));
    (void)snprintf(url[1], sizeof url[1], "file://%s/", world_path("city14/public"));
    for (long n = 0, step = 1; step > 0; n += step) {
        char name[32];
        char command[256];
        struct hanse_node *node = world_follower("follower12", name);
        world_follow_url(node, "file:///nowhere/", NULL, NULL);
        add_mirror(node, url[0], NULL);
        struct anomaly_countdown countdown = {.left = n};
        const struct hanse_mirror_options options = {.version = 1, .feed = "city", .url = url[1]};
        world.results = 0;
        hanse_alloc_set_failure_hook(anomaly_hook, &countdown);
        enum hanse_status added = hanse_mirror_add(node, &options, NULL);
        enum hanse_status status =
            added == HANSE_OK ? hanse_sync(node, &world.options, NULL) : HANSE_NO_MEMORY;
        hanse_alloc_set_failure_hook(NULL, NULL);
        bool told = status == HANSE_NO_MEMORY || world.result.outcome == HANSE_SYNC_FAILED;
        bool done = status == HANSE_OK && world.result.outcome == HANSE_SYNC_UPDATED;
        assert_true(added == HANSE_OK || added == HANSE_NO_MEMORY);
        if (!told && !done)
            fail_msg("allocation %ld: %s: \"%s\"", n, hanse_status_name(status), world.message);
        hanse_node_close(node);
        node = world_open(name); /* where the index catches up with the files */
        world_verify(node, "after a failed allocation");
        hanse_node_close(node);
        (void)snprintf(command, sizeof command, "rm -rf '%s'", world_path("%s", name));
        assert_int_equal(system(command), 0);
        step = countdown.failed ? 1 + n / 16 : 0;
    }
}

static int begin(void **state)
{
    (void)state;
    world.options =
        (struct hanse_sync_options){.version = 1, .stall_timeout_s = 1, .attempts = 1, .visit = take_result};
    return 0;
}

static int set_up(void **state)
{
    int code = world_set_up(state);
    lies_make();
    for (size_t i = 0; i < 2; i++)
        feed_server_start(&mirrors[i], &world.valid);
    return code;
}

static int tear_down(void **state)
{
    for (size_t i = 0; i < 2; i++)
        feed_server_stop(&mirrors[i]);
    lies_release();
    return world_tear_down(state);
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test_setup(going_on_is_of_one_place, begin),
        cmocka_unit_test_setup(an_old_etag_hides_no_rollback, begin),
        cmocka_unit_test_setup(a_mirror_that_stands_still_is_no_contact, begin),
        cmocka_unit_test_setup(a_drip_leaves_time_for_the_mirror, begin),
        cmocka_unit_test_setup(quotas_and_mirrors, begin),
        cmocka_unit_test_setup(mirrors_are_added_and_dropped, begin),
        cmocka_unit_test_setup(failing_allocations, begin),
    };
    enum { OTHERS = sizeof others / sizeof others[0] };
    struct CMUnitTest tests[CASES + OTHERS];
    for (size_t i = 0; i < CASES; i++)
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = run_case, .initial_state = (void *)(uintptr_t)&cases[i]};
    memcpy(tests + CASES, others, sizeof others);
    return _cmocka_run_group_tests("mirror", tests, CASES + OTHERS, set_up, tear_down);
}
