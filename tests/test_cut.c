/* SPDX-License-Identifier: Apache-2.0 */
/* A sync whose connection is cut after byte N of a response, for every response and every N: the outcome is
 * one that says so, what was verified stays, and the next sync ends the work. HANSE_CUT_STRIDE=1 tries every
 * byte; without it some of them. */
#include "hostile_world.h"

enum { USUAL_STRIDE = 127, MAX_RESPONSES = 16 };

struct journey {
    const char *follower;
    const char *history;
    enum hanse_sync_outcome whole;   /* when nothing is cut */
    enum hanse_sync_outcome in_body; /* when a body is */
};

/* What is cut in the sync under way; the server's mutex guards it. */
static struct {
    bool cuts;
    unsigned response;
    size_t at; /* bytes of it that are sent */
    enum feed_then then;
    size_t head[MAX_RESPONSES];
    size_t body[MAX_RESPONSES];
    unsigned responses;
} cut;

static unsigned long points;

static void cut_twist(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    char head[FEED_HEAD_BYTES];
    size_t head_size = (size_t)feed_head(reply, head);
    unsigned nth = reply->total;
    if (!cut.cuts && nth < MAX_RESPONSES) {
        cut.head[nth] = head_size;
        cut.body[nth] = reply->body.size;
        cut.responses = nth + 1;
    }
    if (!cut.cuts || nth != cut.response)
        return;
    reply->then = cut.then;
    reply->before_headers = cut.at == 0;
    reply->head_bytes = cut.at < head_size ? cut.at : 0;
    reply->sent_bytes = cut.at - (cut.at < head_size ? cut.at : head_size);
}

static struct hanse_node *begin(const struct journey *it, char name[32])
{
    struct hanse_node *node = world_follower(it->follower, name);
    world_serve(it->history, cut_twist);
    return node;
}

static void end(struct hanse_node *node, const char *name)
{
    hanse_node_close(node);
    remove_folder((char *)(uintptr_t)world_path("%s", name));
}

/* Whatever was kept of the sync that was cut, an honest one ends the work. */
static void finish(struct hanse_node *node, const char *what)
{
    world_serve("city14", NULL);
    enum hanse_sync_outcome outcome = world_sync(node);
    if ((outcome != HANSE_SYNC_UPDATED && outcome != HANSE_SYNC_CURRENT) || world.result.new_size != 14)
        fail_msg("%s, the next sync: %s: %s", what, hanse_sync_outcome_name(outcome), world.message);
    world_verify(node, what);
}

/* A fork is found, or not yet: what proves it comes in several responses, and each may be enough. */
static bool tells_fork_or_failure(enum hanse_sync_outcome outcome)
{
    return outcome == HANSE_SYNC_FORK || outcome == HANSE_SYNC_MISMATCH || outcome == HANSE_SYNC_TRUNCATED ||
           outcome == HANSE_SYNC_UNREACHABLE;
}

static void cut_once(const struct journey *it, unsigned response, size_t at, enum feed_then then)
{
    char name[32];
    char what[128];
    struct hanse_buffer before, after;
    size_t size = cut.head[response] + cut.body[response];
    enum hanse_sync_outcome expected = at == size                ? it->whole
                                       : at < cut.head[response] ? HANSE_SYNC_UNREACHABLE
                                                                 : it->in_body;
    hanse_buffer_init(&before, 1 << 20);
    hanse_buffer_init(&after, 1 << 20);
    (void)snprintf(what, sizeof what, "%s to %s, response %u cut after %zu of %zu bytes%s", it->follower,
                   it->history, response, at, size, then == FEED_BREAK ? " without goodbye" : "");
    cut.cuts = true;
    cut.response = response;
    cut.at = at;
    cut.then = then;
    struct hanse_node *node = begin(it, name);
    world_digest(node, true, &before);
    enum hanse_sync_outcome outcome = world_sync(node);
    if (outcome != expected && !(it->whole == HANSE_SYNC_FORK && tells_fork_or_failure(outcome)))
        fail_msg("%s: %s instead of %s: \"%s\"", what, hanse_sync_outcome_name(outcome),
                 hanse_sync_outcome_name(expected), world.message);
    world_digest(node, true, &after);
    if (outcome != HANSE_SYNC_UPDATED &&
        (before.size != after.size || memcmp(before.data, after.data, before.size) != 0))
        fail_msg("%s: what is held changed", what);
    world_verify(node, what);
    finish(node, what);
    end(node, name);
    hanse_buffer_release(&before);
    hanse_buffer_release(&after);
    points++;
}

/* How long the responses are of a sync that nothing disturbs. */
static void measure(const struct journey *it)
{
    char name[32];
    cut.cuts = false;
    cut.responses = 0;
    struct hanse_node *node = begin(it, name);
    enum hanse_sync_outcome outcome = world_sync(node);
    assert_string_equal(hanse_sync_outcome_name(outcome), hanse_sync_outcome_name(it->whole));
    end(node, name);
    assert_in_range(cut.responses, 2, MAX_RESPONSES);
}

static void cut_everywhere(void **state)
{
    const struct journey *it = *state;
    const char *text = getenv("HANSE_CUT_STRIDE");
    size_t stride = text != NULL && atoi(text) > 0 ? (size_t)atoi(text) : USUAL_STRIDE;
    measure(it);
    unsigned responses = cut.responses;
    for (unsigned i = 0; i < responses; i++) {
        size_t size = cut.head[i] + cut.body[i];
        for (size_t at = i % stride, turn = 0; at < size; at += stride, turn++)
            cut_once(it, i, at, turn % 2 == 0 ? FEED_BREAK : FEED_CLOSE);
        cut_once(it, i, cut.head[i], FEED_BREAK);
        cut_once(it, i, size - 1, FEED_CLOSE);
        cut_once(it, i, size, FEED_BREAK);
    }
    print_message("%s to %s: %u responses; %lu cuts so far\n", it->follower, it->history, responses, points);
}

int main(void)
{
    static const struct journey journeys[] = {
        {"follower0", "city14", HANSE_SYNC_UPDATED, HANSE_SYNC_TRUNCATED},
        {"follower6", "city14", HANSE_SYNC_UPDATED, HANSE_SYNC_TRUNCATED},
        {"follower12", "fork14", HANSE_SYNC_FORK, HANSE_SYNC_TRUNCATED},
    };
    const struct CMUnitTest tests[] = {
        {.name = "first_sync", .test_func = cut_everywhere, .initial_state = (void *)(uintptr_t)&journeys[0]},
        {.name = "later_sync", .test_func = cut_everywhere, .initial_state = (void *)(uintptr_t)&journeys[1]},
        {.name = "fork", .test_func = cut_everywhere, .initial_state = (void *)(uintptr_t)&journeys[2]},
    };
    return cmocka_run_group_tests(tests, world_set_up, world_tear_down);
}
