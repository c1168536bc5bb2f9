/* SPDX-License-Identifier: Apache-2.0 */
/* Fifty feeds that one server serves: few requests and connections, and none of them waits for feeds that
 * stall or drip. */
#include "hostile_lies.h"

#include <hanse/serve.h>

#include "connect_proxy.h"

enum { GOOD = 50, HOST_CONNECTIONS = 6 };

static struct connect_proxy proxy; /* counts connections */
static struct hanse_server *hub_server;
static struct feed_server slow[2];
static char *keys[GOOD + 2];

static const char *origin_of(unsigned number)
{
    static char origins[4][64];
    static unsigned next;
    char *origin = origins[next++ % 4];
    (void)snprintf(origin, sizeof origins[0], "%s%02u.example/hanse", number < GOOD ? "good" : "bad", number);
    return origin;
}

static void make_city(unsigned number)
{
    char name[32];
    (void)snprintf(name, sizeof name, "feed%u", number);
    world_init_node(name, origin_of(number));
    assert_true(world_publish(name, name, number < GOOD ? 1 : 60) > 1);
    struct hanse_node *node = world_open(name);
    WORLD_OK(hanse_node_verifier_key(node, origin_of(number), &keys[number], &err));
    hanse_node_close(node);
}

static void follow(struct hanse_node *node, unsigned number, const char *url, const char *pin)
{
    const struct hanse_follow_options options = {
        .version = 1, .url = url, .verifier_key = keys[number], .pin = pin};
    WORLD_OK(hanse_feed_follow(node, &options, &err));
}

/* A hub follows the cities from their folders and serves them all. */
static void make_hub(void)
{
    char url[256];
    world_init_node("hub", "hub.example/hanse");
    struct hanse_node *hub = world_open("hub");
    for (unsigned i = 0; i < GOOD; i++) {
        (void)snprintf(url, sizeof url, "file://%s/", world_path("feed%u/public", i));
        follow(hub, i, url, NULL);
    }
    assert_int_equal(world_sync(hub), HANSE_SYNC_UPDATED);
    assert_int_equal(world.results, GOOD);
    const struct hanse_serve_options options = {.version = 1, .listen = "127.0.0.1:0"};
    WORLD_OK(hanse_serve_start(hub, &options, &hub_server, &err));
    hanse_node_close(hub);
}

static struct hanse_node *make_reader(const char *name)
{
    char url[256];
    char hex[HANSE_ORIGIN_HEX_BYTES];
    world_init_node(name, "reader.example/hanse");
    struct hanse_node *reader = world_open(name);
    for (unsigned i = 0; i < GOOD; i++) {
        WORLD_OK(hanse_layout_origin_hex(origin_of(i), hex, &err));
        (void)snprintf(url, sizeof url, "%s%s/", hanse_server_url(hub_server), hex);
        follow(reader, i, url, hanse_server_pin(hub_server));
    }
    return reader;
}

struct tally {
    unsigned outcomes[HANSE_SYNC_FAILED + 1];
    unsigned good_first; /* results of good feeds before any of a bad one */
    bool bad_came;
    uint64_t requests;
};

static void count_result(void *context, const struct hanse_sync_result *result)
{
    struct tally *tally = context;
    bool good = strncmp(result->origin, "good", 4) == 0;
    tally->outcomes[result->outcome]++;
    tally->requests += result->requests;
    tally->bad_came = tally->bad_came || !good;
    tally->good_first += good && !tally->bad_came;
    /* All good ones are through: the others may end. */
    if (good && tally->good_first == GOOD)
        for (size_t i = 0; i < 2; i++)
            feed_server_script(&slow[i], world_path("nowhere"), NULL, FEED_BREAK_ACCEPT);
}

static struct tally sync_all(struct hanse_node *node)
{
    struct tally tally = {.requests = 0};
    const struct hanse_sync_options options = {
        .version = 1, .attempts = 1, .visit = count_result, .context = &tally};
    connect_proxy_script(&proxy, 0);
    WORLD_OK(hanse_sync(node, &options, &err));
    return tally;
}

static void requests_and_connections_are_few(void **state)
{
    (void)state;
    struct hanse_node *reader = make_reader("reader");
    struct tally tally = sync_all(reader);
    assert_int_equal(tally.outcomes[HANSE_SYNC_UPDATED], GOOD);
    assert_int_equal(tally.requests, 3 * GOOD); /* checkpoint, manifest, segment */
    assert_true(connect_proxy_asked(&proxy) <= HOST_CONNECTIONS);
    tally = sync_all(reader);
    assert_int_equal(tally.outcomes[HANSE_SYNC_CURRENT], GOOD);
    assert_int_equal(tally.requests, GOOD);
    assert_true(connect_proxy_asked(&proxy) <= HOST_CONNECTIONS);
    hanse_node_close(reader);
}

static void stalls_inside(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    if (strncmp(reply->name, "hanse/public/", 13) != 0)
        return;
    reply->sent_bytes = 50;
    reply->then = FEED_STALL;
}

/* 200 bytes a second: too many to be a stall. */
static void drips_inside(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    if (strncmp(reply->name, "hanse/public/", 13) == 0) {
        reply->drip_bytes = 5;
        reply->drip_ms = 25;
    }
}

static void slow_feeds_hold_up_no_other(void **state)
{
    (void)state;
    static feed_twist *const twists[] = {stalls_inside, drips_inside};
    struct hanse_node *reader = make_reader("patient");
    for (unsigned i = 0; i < 2; i++) { /* their origins are before those of the good ones */
        follow(reader, GOOD + i, slow[i].url, world.valid.pin);
        feed_server_script(&slow[i], world_path("feed%u/public", GOOD + i), twists[i], FEED_BREAK_NOT);
    }
    struct tally tally = sync_all(reader);
    assert_int_equal(tally.good_first, GOOD);
    assert_int_equal(tally.outcomes[HANSE_SYNC_UPDATED], GOOD);
    assert_int_equal(tally.outcomes[HANSE_SYNC_TRUNCATED] + tally.outcomes[HANSE_SYNC_UNREACHABLE], 2);
    world_verify(reader, "beside slow feeds");
    hanse_node_close(reader);
}

static int set_up(void **state)
{
    int code = world_set_up(state);
    char address[64];
    for (unsigned i = 0; i < GOOD + 2; i++)
        make_city(i);
    make_hub();
    for (size_t i = 0; i < 2; i++)
        feed_server_start(&slow[i], &world.valid);
    connect_proxy_start(&proxy);
    (void)snprintf(address, sizeof address, "http://127.0.0.1:%u/", proxy.port);
    return setenv("HTTPS_PROXY", address, 1) == 0 ? code : -1;
}

static int tear_down(void **state)
{
    connect_proxy_stop(&proxy);
    hanse_server_stop(hub_server);
    for (size_t i = 0; i < 2; i++)
        feed_server_stop(&slow[i]);
    for (size_t i = 0; i < GOOD + 2; i++)
        hanse_free(keys[i]);
    return world_tear_down(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_and_connections_are_few),
        cmocka_unit_test(slow_feeds_hold_up_no_other),
    };
    return cmocka_run_group_tests_name("many_feeds", tests, set_up, tear_down);
}
