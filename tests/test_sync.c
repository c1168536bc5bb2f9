/* SPDX-License-Identifier: Apache-2.0 */
/* Syncing: attempts and waits, quotas, many feeds, cancelling, and that nothing is lost or left behind. */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "hostile_lies.h"

static void assert_outcome(enum hanse_sync_outcome outcome, enum hanse_sync_outcome wanted, const char *words)
{
    if (outcome != wanted || strstr(world.message, words) == NULL)
        fail_msg("%s instead of %s: \"%s\"", hanse_sync_outcome_name(outcome),
                 hanse_sync_outcome_name(wanted), world.message);
}

static struct hanse_node *follower_of(const char *template, const char *history, feed_twist *twist)
{
    char name[32];
    struct hanse_node *node = world_follower(template, name);
    world_serve(history, twist);
    return node;
}

static void status_first(struct feed_reply *reply, unsigned times, int status, const char *headers)
{
    if (reply->nth >= times)
        return;
    reply->status = status;
    hanse_buffer_clear(&reply->body);
    reply->claimed_length = 0;
    (void)snprintf(reply->headers, sizeof reply->headers, "%s", headers);
}

/* Every file fails twice, each time in another way. */
static void fails_twice(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    if (reply->nth == 1 && strncmp(reply->name, "hanse/public/", 13) == 0) {
        reply->sent_bytes = 300;
        reply->then = FEED_BREAK;
    } else {
        status_first(reply, 2, 503, "");
    }
}

static void a_server_that_fails_twice_is_asked_again(void **state)
{
    (void)state;
    static const char *const templates[] = {"follower0", "follower6"};
    for (size_t i = 0; i < 2; i++) {
        struct hanse_node *node = follower_of(templates[i], "city14", fails_twice);
        world.options.attempts = 4;
        assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "new entries, all verified");
        assert_int_equal(world.result.new_size, 14);
        assert_int_equal(world.result.requests, feed_server_requests(&world.server));
        assert_true(world.result.requests >= 6);
        world_verify(node, "after retries");
        hanse_node_close(node);
    }
}

static void always_busy(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    status_first(reply, UINT32_MAX, 503, "");
}

static void attempts_are_bounded(void **state)
{
    (void)state;
    struct hanse_node *node = follower_of("follower6", "city14", always_busy);
    world.options.attempts = 3;
    assert_outcome(world_sync(node), HANSE_SYNC_UNREACHABLE, "HTTP 503; try again later (3 attempts)");
    assert_int_equal(feed_server_requests(&world.server), 3);
    assert_int_equal(world.result.requests, 3);
    hanse_node_close(node);
}

static void busy_for_a_second(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    status_first(reply, 1, 429, "Retry-After: 1\r\n");
}

static void retry_after_is_honoured(void **state)
{
    (void)state;
    struct hanse_node *node = follower_of("follower12", "city14", busy_for_a_second);
    world.options.attempts = 2;
    uint64_t start_ms = hanse_clock_monotonic_ms();
    assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "2 new entries");
    assert_true(hanse_clock_monotonic_ms() - start_ms >= 2000); /* checkpoint and segment */
    hanse_node_close(node);
}

static void a_wait_that_is_too_long_is_left_for_the_next_sync(void **state)
{
    (void)state;
    struct hanse_node *node = follower_of("follower12", "city14", busy_for_a_second);
    world.options.attempts = 9;
    world.options.retry_wait_s = 2;
    assert_outcome(world_sync(node), HANSE_SYNC_UNREACHABLE, "it asks to wait 1 seconds");
    assert_int_equal(feed_server_requests(&world.server), 3); /* the second wait is over the sum */
    world_serve("city14", NULL);
    assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "2 new entries");
    hanse_node_close(node);
}

static void forbidden(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    status_first(reply, UINT32_MAX, 403, "Retry-After: 1\r\n");
}

static void what_will_not_pass_is_asked_once(void **state)
{
    (void)state;
    struct hanse_node *node = follower_of("follower12", "city14", forbidden);
    world.options.attempts = 4;
    assert_outcome(world_sync(node), HANSE_SYNC_UNREACHABLE, "HTTP 403");
    assert_int_equal(feed_server_requests(&world.server), 1);
    feed_server_identity(&world.server, &world.other);
    assert_outcome(world_sync(node), HANSE_SYNC_UNREACHABLE, "differs from the pin");
    assert_int_equal(world.result.requests, 1);
    feed_server_identity(&world.server, &world.valid);
    hanse_node_close(node);
}

static void set_quota(struct hanse_node *node, uint64_t entries, uint64_t bytes)
{
    struct hanse_follow_options options = {.version = 1,
                                           .url = world.server.url,
                                           .verifier_key = world.vkey,
                                           .pin = world.valid.pin,
                                           .max_entries = entries,
                                           .max_bytes = bytes};
    WORLD_OK(hanse_feed_follow(node, &options, &err));
}

static void a_quota_keeps_a_feed_as_it_was(void **state)
{
    (void)state;
    struct hanse_buffer before;
    struct hanse_buffer after;
    hanse_buffer_init(&before, 1 << 20);
    hanse_buffer_init(&after, 1 << 20);
    struct hanse_node *node = follower_of("follower6", "city14", NULL);
    set_quota(node, 13, 0);
    world_digest(node, false, &before);
    assert_outcome(world_sync(node), HANSE_SYNC_OVER_LIMIT, "14 entries, its quota here is 13");
    assert_int_equal(world.result.requests, 1);
    set_quota(node, 14, 700);
    assert_outcome(world_sync(node), HANSE_SYNC_OVER_LIMIT, "quota here is 700");
    world_digest(node, false, &after);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&before), hanse_buffer_view(&after)));
    set_quota(node, 14, 100000);
    assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "8 new entries");
    set_quota(node, 14, 1); /* what is there may stay */
    assert_outcome(world_sync(node), HANSE_SYNC_CURRENT, "nothing new");
    hanse_node_close(node);
    hanse_buffer_release(&before);
    hanse_buffer_release(&after);
}

static void modest_manifest(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    if (strcmp(reply->name, "hanse/manifest") == 0)
        feed_reply_body(reply, lies.missing_manifest.data, lies.missing_manifest.size);
    else if (strncmp(reply->name, "hanse/public/", 13) == 0) {
        char folder[256];
        (void)snprintf(folder, sizeof folder, "%s/city14/public", world.dir);
        (void)snprintf(reply->name, sizeof reply->name, "%s", (const char *)server->counts[127].name);
        feed_reply_whole(folder, reply);
    }
}

static void a_manifest_that_says_little_does_not_evade_the_quota(void **state)
{
    (void)state;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    struct hanse_path name;
    WORLD_OK(hanse_feed_store_open(&store, world_path("city14/public"), &err));
    WORLD_OK(hanse_layout_segment_name(0, store.manifest.segments[0].generation, &name, &err));
    struct hanse_node *node = follower_of("follower0", "city14", modest_manifest);
    strcpy(world.server.counts[127].name, name.text); /* beyond those that are counted */
    set_quota(node, 0, store.manifest.segments[0].bytes - 1);
    lies.missing_manifest.size = 0;
    struct hanse_segment modest = store.manifest.segments[0];
    modest.bytes = 100;
    modest.generation++;
    modest.block_count = 1;
    lies_make_manifest(&lies.missing_manifest, &modest, 1);
    assert_outcome(world_sync(node), HANSE_SYNC_OVER_LIMIT, "up to entry 13");
    assert_int_equal(world.result.new_size, 0);
    hanse_buffer_release(&lies.missing_manifest);
    hanse_node_close(node);
}

/* As if the file had been written an hour ago. */
static void world_age(const char *name)
{
    struct timespec past = {.tv_sec = time(NULL) - 3600};
    struct timespec times[2] = {past, past};
    assert_int_equal(utimensat(AT_FDCWD, world_path("%s", name), times, 0), 0);
}

/* Partial tiles stay as long as a checkpoint needs them, whatever entries come that fill them up. */
static void tiles_fill_up(void **state)
{
    (void)state;
    struct hanse_buffer before;
    struct hanse_buffer after;
    hanse_buffer_init(&before, 4 << 20);
    hanse_buffer_init(&after, 4 << 20);
    world_copy("city6", "big250");
    assert_int_equal(world_publish("big250", "F", 244), 250);
    world_copy("big250", "big300");
    assert_int_equal(world_publish("big300", "G", 50), 300);
    world_copy("big250", "bigfork");
    assert_int_equal(world_publish("bigfork", "H", 50), 300);
    struct hanse_node *node = follower_of("follower6", "big250", NULL);
    assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "244 new entries");
    world_digest(node, false, &before);
    /* The fork's entries and tiles under the honest checkpoint. */
    struct hanse_buffer note;
    hanse_buffer_init(&note, HANSE_MAX_NOTE_BYTES);
    world_copy("bigfork", "mixed");
    feed_file(world_path("big300/public"), "checkpoint", &note);
    write_file(world_path("mixed/public"), "checkpoint", note.data, note.size);
    world_serve("mixed", NULL);
    assert_outcome(world_sync(node), HANSE_SYNC_MISMATCH, "do not hash");
    world_digest(node, false, &after);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&before), hanse_buffer_view(&after)));
    world_verify(node, "after a lie beyond a full tile");
    world_serve("big300", NULL);
    assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "50 new entries");
    world_verify(node, "after the truth");
    /* Readers of the checkpoint before may ask for the partial tile some minutes longer; then it goes. */
    assert_true(hanse_file_exists(world_path("big300/public/tile/0/000")));
    assert_true(hanse_file_exists(world_path("big300/public/tile/0/000.p/250")));
    world_age("big300/public/tile/0/000");
    assert_int_equal(world_publish("big300", "I", 1), 301);
    assert_false(hanse_file_exists(world_path("big300/public/tile/0/000.p")));
    assert_true(hanse_file_exists(world_path("big300/public/tile/entries/000.p/250")));
    /* A fork is proven from tiles of more than one level, too. */
    world_serve("bigfork", NULL);
    assert_outcome(world_sync(node), HANSE_SYNC_FORK, "before entry 300");
    hanse_node_close(node);
    hanse_buffer_release(&note);
    hanse_buffer_release(&before);
    hanse_buffer_release(&after);
}

static void stalls(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    reply->before_headers = true;
    reply->then = FEED_STALL;
}

struct order {
    char origins[4][128];
    enum hanse_sync_outcome outcomes[4];
    size_t count;
};

static void note_order(void *context, const struct hanse_sync_result *result)
{
    struct order *order = context;
    assert_true(order->count < 4);
    strcpy(order->origins[order->count], result->origin);
    order->outcomes[order->count++] = result->outcome;
}

static void a_feed_that_stalls_holds_up_no_other(void **state)
{
    (void)state;
    static struct feed_server slow;
    struct order order = {.count = 0};
    char *vkey = NULL;
    feed_server_start(&slow, &world.valid);
    world_init_node("another", "another.example/hanse"); /* before the city in every order */
    assert_int_equal(world_publish("another", "P", 3), 4);
    struct hanse_node *other = world_open("another");
    WORLD_OK(hanse_node_verifier_key(other, "another.example/hanse", &vkey, &err));
    hanse_node_close(other);
    struct hanse_node *node = follower_of("follower6", "city14", NULL);
    struct hanse_follow_options options = {
        .version = 1, .url = slow.url, .verifier_key = vkey, .name = "another", .pin = world.valid.pin};
    WORLD_OK(hanse_feed_follow(node, &options, &err));
    feed_server_script(&slow, world_path("another/public"), stalls, FEED_BREAK_NOT);
    world.options.visit = note_order;
    world.options.context = &order;
    (void)world_sync(node);
    assert_int_equal(order.count, 2);
    assert_string_equal(order.origins[0], CITY_ORIGIN);
    assert_int_equal(order.outcomes[0], HANSE_SYNC_UPDATED);
    assert_string_equal(order.origins[1], "another.example/hanse");
    assert_int_equal(order.outcomes[1], HANSE_SYNC_UNREACHABLE);
    feed_server_script(&slow, world_path("another/public"), NULL, FEED_BREAK_NOT);
    order.count = 0;
    (void)world_sync(node);
    assert_int_equal(order.count, 2);
    assert_int_equal(order.outcomes[0] == HANSE_SYNC_UPDATED || order.outcomes[1] == HANSE_SYNC_UPDATED,
                     true);
    world_verify(node, "after both");
    hanse_node_close(node);
    hanse_free(vkey);
    feed_server_stop(&slow);
}

/* 200 bytes a second: too many to be a stall. */
static void drips_entries(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    if (strstr(reply->name, "/hanse/public/") != NULL) {
        reply->drip_bytes = 5;
        reply->drip_ms = 25;
    }
}

static void follow_drip(struct hanse_node *node, const struct feed_server *slow, unsigned number)
{
    char name[32];
    char origin[64];
    char url[128];
    char *vkey = NULL;
    (void)snprintf(name, sizeof name, "drip-%u", number);
    (void)snprintf(origin, sizeof origin, "a%u.example/hanse", number); /* before the city in every order */
    (void)snprintf(url, sizeof url, "%s%s/public/", slow->url, name);
    world_init_node(name, origin);
    assert_int_equal(world_publish(name, name, 4), 5);
    struct hanse_node *publisher = world_open(name);
    WORLD_OK(hanse_node_verifier_key(publisher, origin, &vkey, &err));
    hanse_node_close(publisher);
    struct hanse_follow_options options = {
        .version = 1, .url = url, .verifier_key = vkey, .name = name, .pin = world.valid.pin};
    WORLD_OK(hanse_feed_follow(node, &options, &err));
    hanse_free(vkey);
}

struct tally {
    unsigned outcomes[HANSE_SYNC_FAILED + 1];
    enum hanse_sync_outcome city;
};

static void count_outcome(void *context, const struct hanse_sync_result *result)
{
    struct tally *tally = context;
    tally->outcomes[result->outcome]++;
    if (strcmp(result->origin, CITY_ORIGIN) == 0)
        tally->city = result->outcome;
}

/* More slow feeds than there are places. */
static void feeds_that_drip_give_up_their_place(void **state)
{
    (void)state;
    static struct feed_server slow;
    struct tally tally = {.city = HANSE_SYNC_FAILED};
    feed_server_start(&slow, &world.valid);
    struct hanse_node *node = follower_of("follower6", "city14", NULL);
    for (unsigned i = 0; i < 5; i++)
        follow_drip(node, &slow, i);
    feed_server_script(&slow, world.dir, drips_entries, FEED_BREAK_NOT);
    world.options = (struct hanse_sync_options){
        .visit = count_outcome, .context = &tally, .attempts = 1, .place_timeout_s = 1};
    (void)world_sync(node);
    assert_int_equal(tally.city, HANSE_SYNC_UPDATED);
    assert_true(tally.outcomes[HANSE_SYNC_UNREACHABLE] >= 1);
    unsigned cut_off = tally.outcomes[HANSE_SYNC_UNREACHABLE];
    assert_int_equal(tally.outcomes[HANSE_SYNC_UPDATED] + cut_off, 6);
    world_verify(node, "after feeds that drip");
    feed_server_script(&slow, world.dir, NULL, FEED_BREAK_NOT);
    tally = (struct tally){.city = HANSE_SYNC_FAILED};
    (void)world_sync(node);
    assert_int_equal(tally.outcomes[HANSE_SYNC_UPDATED], cut_off);
    assert_int_equal(tally.outcomes[HANSE_SYNC_CURRENT], 6 - cut_off);
    world_verify(node, "after all feeds");
    hanse_node_close(node);
    feed_server_stop(&slow);
}

static bool refuse_progress(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    (void)context, (void)what, (void)done, (void)total, (void)unit;
    return false;
}

static void a_cancelled_sync_is_taken_up_again(void **state)
{
    (void)state;
    struct hanse_node *node = follower_of("follower6", "city14", NULL);
    struct hanse_sync_options options = {.version = 1, .progress = refuse_progress};
    struct hanse_error err;
    assert_int_equal(hanse_sync(node, &options, &err), HANSE_CANCELLED);
    world_verify(node, "after cancelling");
    assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "8 new entries");
    world_verify(node, "after going on");
    hanse_node_close(node);
}

/* All frames but the last one, then silence. */
static void stalls_inside_the_last_frame(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    if (strncmp(reply->name, "hanse/public/", 13) != 0)
        return;
    reply->sent_bytes = reply->body.size - 10;
    reply->then = FEED_STALL;
}

static bool refuse_third_time(void *context, const char *what, uint64_t done, uint64_t total,
                              const char *unit)
{
    unsigned *calls = context;
    (void)what, (void)total, (void)unit;
    *calls += done > 0;
    return *calls < 3;
}

/* A server that says nothing delays no cancelling: the stall would end as an outcome. */
static void a_silent_server_delays_no_cancelling(void **state)
{
    (void)state;
    char name[32];
    char hex[HANSE_ORIGIN_HEX_BYTES];
    unsigned calls = 0;
    struct hanse_node *node = world_follower("follower0", name);
    struct hanse_sync_options options = {
        .version = 1, .progress = refuse_progress, .context = &calls, .stall_timeout_s = 20, .attempts = 1};
    world_serve("city14", stalls);
    assert_int_equal(hanse_sync(node, &options, NULL), HANSE_CANCELLED);
    world_serve("city14", stalls_inside_the_last_frame);
    options.progress = refuse_third_time;
    assert_int_equal(hanse_sync(node, &options, NULL), HANSE_CANCELLED);
    world_verify(node, "after cancelling");
    /* What came is kept for the next sync. */
    WORLD_OK(hanse_layout_origin_hex(CITY_ORIGIN, hex, &err));
    assert_true(hanse_file_exists(world_path("%s/private/partial/%s", name, hex)));
    world_serve("city14", NULL);
    assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "14 new entries");
    world_verify(node, "after going on");
    hanse_node_close(node);
}

static void later_payloads_come_from_an_honest_server(void **state)
{
    (void)state;
    struct hanse_node *node = follower_of("follower6", "withheld", NULL);
    assert_outcome(world_sync(node), HANSE_SYNC_INCOMPLETE, "entry 8, 10)");
    assert_outcome(world_sync(node), HANSE_SYNC_INCOMPLETE, "entry 8, 10)");
    world_serve("city14", NULL);
    assert_outcome(world_sync(node), HANSE_SYNC_UPDATED, "2 payloads");
    world_verify(node, "with all payloads");
    hanse_node_close(node);
}

/* Without memory a sync ends with that as its outcome, and nothing has changed or everything. */
static void failing_allocations(void **state)
{
    (void)state;
    char url[256];
    (void)snprintf(url, sizeof url, "file://%s/", world_path("city14/public"));
    long step = 1;
    for (long n = 0;; n += step) {
        char name[32];
        char command[256];
        struct hanse_node *node = world_follower("follower6", name);
        world_follow_url(node, url, NULL, NULL);
        struct anomaly_countdown countdown = {.left = n};
        struct hanse_sync_options options = {.version = 1, .visit = world_take_result, .attempts = 1};
        struct hanse_error err = {0};
        world.results = 0;
        hanse_alloc_set_failure_hook(anomaly_hook, &countdown);
        enum hanse_status status = hanse_sync(node, &options, &err);
        hanse_alloc_set_failure_hook(NULL, NULL);
        bool told = status == HANSE_NO_MEMORY ||
                    (status == HANSE_OK && world.results == 1 && world.result.outcome == HANSE_SYNC_FAILED);
        bool done = status == HANSE_OK && world.results == 1 && world.result.outcome == HANSE_SYNC_UPDATED;
        if (countdown.failed ? !told && !done : !done)
            fail_msg("allocation %ld: %s, %u results, %s: %s", n, hanse_status_name(status), world.results,
                     hanse_sync_outcome_name(world.result.outcome), world.message);
        if (told) {
            hanse_node_close(node);
            node = world_open(name);
            world_follow_url(node, url, NULL, NULL);
            enum hanse_sync_outcome outcome = world_sync(node);
            if (outcome != HANSE_SYNC_UPDATED && outcome != HANSE_SYNC_CURRENT)
                fail_msg("after allocation %ld: %s: %s", n, hanse_sync_outcome_name(outcome), world.message);
            world_verify(node, "after a failed allocation");
        }
        hanse_node_close(node);
        (void)snprintf(command, sizeof command, "rm -rf '%s'", world_path("%s", name));
        assert_int_equal(system(command), 0);
        if (!countdown.failed) {
            assert_true(n > 50);
            return;
        }
        step = n < 100 ? 1 : n / 50;
    }
}

static int set_up(void **state)
{
    int code = world_set_up(state);
    hanse_buffer_init(&lies.missing_manifest, HANSE_MAX_MANIFEST_BYTES);
    world_copy("city14", "withheld");
    lies_reframe("withheld", "--------x-x---");
    return code;
}

static int begin(void **state)
{
    (void)state;
    world.options = (struct hanse_sync_options){.stall_timeout_s = 1, .attempts = 1};
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_server_that_fails_twice_is_asked_again, begin),
        cmocka_unit_test_setup(attempts_are_bounded, begin),
        cmocka_unit_test_setup(retry_after_is_honoured, begin),
        cmocka_unit_test_setup(a_wait_that_is_too_long_is_left_for_the_next_sync, begin),
        cmocka_unit_test_setup(what_will_not_pass_is_asked_once, begin),
        cmocka_unit_test_setup(a_quota_keeps_a_feed_as_it_was, begin),
        cmocka_unit_test_setup(a_manifest_that_says_little_does_not_evade_the_quota, begin),
        cmocka_unit_test_setup(tiles_fill_up, begin),
        cmocka_unit_test_setup(a_feed_that_stalls_holds_up_no_other, begin),
        cmocka_unit_test_setup(feeds_that_drip_give_up_their_place, begin),
        cmocka_unit_test_setup(a_cancelled_sync_is_taken_up_again, begin),
        cmocka_unit_test_setup(a_silent_server_delays_no_cancelling, begin),
        cmocka_unit_test_setup(later_payloads_come_from_an_honest_server, begin),
        cmocka_unit_test_setup(failing_allocations, begin),
    };
    return cmocka_run_group_tests_name("sync", tests, set_up, world_tear_down);
}
