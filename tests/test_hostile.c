/* SPDX-License-Identifier: Apache-2.0 */
/* What a follower makes of servers that lie, break and dawdle: docs/hostile.md names the cases. */
#include "hostile_world.h"

struct hostile_case {
    const char *name;
    const char *follower; /* template */
    const char *history;  /* that is served */
    feed_twist *twist;
    enum feed_break broken;
    enum hanse_sync_outcome outcome;
    const char *words; /* in the message */
    unsigned requests; /* that the follower counts */
};

static bool asks(const struct feed_reply *reply, const char *name)
{
    return strncmp(reply->name, name, strlen(name)) == 0;
}

static void not_a_checkpoint(struct feed_server *server, struct feed_reply *reply)
{
    (void)server;
    static const char page[] = "<html>Please sign in</html>\n";
    if (asks(reply, "checkpoint"))
        feed_reply_body(reply, page, sizeof page - 1);
}

static const struct hostile_case cases[] = {
    {.name = "honest",
     .follower = "follower6",
     .history = "city12",
     .outcome = HANSE_SYNC_UPDATED,
     .words = "",
     .requests = 2},
    {.name = "not a checkpoint",
     .follower = "follower12",
     .history = "city14",
     .twist = not_a_checkpoint,
     .outcome = HANSE_SYNC_BAD_SIGNATURE,
     .words = "checkpoint",
     .requests = 1},
    {.name = "fork of the same size",
     .follower = "follower12",
     .history = "fork12",
     .outcome = HANSE_SYNC_FORK,
     .words = "",
     .requests = 1},
    {.name = "fork of larger size",
     .follower = "follower12",
     .history = "fork14",
     .outcome = HANSE_SYNC_FORK,
     .words = "",
     .requests = 1},
};

static void run_case(void **state)
{
    const struct hostile_case *it = *state;
    char name[32];
    struct hanse_node *node = world_follower(it->follower, name);
    struct hanse_buffer before;
    struct hanse_buffer after;
    hanse_buffer_init(&before, 1 << 20);
    hanse_buffer_init(&after, 1 << 20);
    world_digest(node, &before);
    feed_server_script(&world.server, world_path("%s/public", it->history), it->twist, it->broken);
    enum hanse_sync_outcome outcome = world_sync(node);
    if (outcome != it->outcome || strstr(world.message, it->words) == NULL)
        fail_msg("%s instead of %s: \"%s\"", hanse_sync_outcome_name(outcome),
                 hanse_sync_outcome_name(it->outcome), world.message);
    print_message("%u requests: %s\n", (unsigned)world.result.requests, world.message);
    world_digest(node, &after);
    (void)!hanse_buffer_append_u8(&before, 0, NULL);
    (void)!hanse_buffer_append_u8(&after, 0, NULL);
    if (outcome != HANSE_SYNC_UPDATED)
        assert_string_equal((char *)before.data, (char *)after.data);
    world_verify(node, it->name);
    world_serve("city14", NULL);
    if (world_sync(node) != HANSE_SYNC_UPDATED)
        fail_msg("afterwards: %s", world.message);
    assert_int_equal(world.result.new_size, 14);
    world_verify(node, "afterwards");
    hanse_node_close(node);
    hanse_buffer_release(&before);
    hanse_buffer_release(&after);
}

enum { CASES = sizeof cases / sizeof cases[0] };

int main(void)
{
    struct CMUnitTest tests[CASES];
    for (size_t i = 0; i < CASES; i++)
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = run_case, .initial_state = (void *)(uintptr_t)&cases[i]};
    return _cmocka_run_group_tests("hostile", tests, CASES, world_set_up, world_tear_down);
}
