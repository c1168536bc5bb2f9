/* SPDX-License-Identifier: Apache-2.0 */
/* What a follower makes of servers that lie, break and dawdle: docs/hostile.md names the same cases. Each is
 * met over real TLS; a failure leaves files and index as they were, and an honest server is believed
 * afterwards. */
#include "hostile_twists.h"

/* A sync that was cut off may keep what came, beyond what the checkpoint covers, for the next one. */
static bool keeps_parts(enum hanse_sync_outcome outcome)
{
    return outcome == HANSE_SYNC_TRUNCATED || outcome == HANSE_SYNC_UNREACHABLE;
}

struct hostile_case {
    const char *name;
    const char *follower; /* template */
    const char *history;  /* that is served */
    feed_twist *twist;
    enum feed_break broken;
    enum hanse_sync_outcome outcome;
    unsigned requests; /* that the follower counts */
    const char *words; /* in the message */
    uint32_t feed_timeout_s;
    enum { BY_HTTPS, BY_FILE, BY_OTHER_KEY, BY_EXPIRED, BY_UNKNOWN_AUTHORITY } way;
};

#define CASE(text, from, to, lie, result, count, message)                                                    \
    {                                                                                                        \
        .name = (text), .follower = (from), .history = (to), .twist = (lie), .outcome = HANSE_SYNC_##result, \
        .requests = (count), .words = (message)                                                              \
    }
#define BROKEN(text, phase)                                                                                  \
    {                                                                                                        \
        .name = (text), .follower = "follower6", .history = "city14", .broken = FEED_BREAK_##phase,          \
        .outcome = HANSE_SYNC_UNREACHABLE, .requests = 1, .words = "cannot fetch"                            \
    }
#define IN_FOLDER(text, to, result, message)                                                                 \
    {                                                                                                        \
        .name = (text), .follower = "follower12", .history = (to), .outcome = HANSE_SYNC_##result,           \
        .words = (message), .way = BY_FILE                                                                   \
    }
#define BY_TLS(text, how, message)                                                                           \
    {                                                                                                        \
        .name = (text), .follower = "follower12", .history = "city14", .outcome = HANSE_SYNC_UNREACHABLE,    \
        .requests = 1, .words = (message), .way = (how)                                                      \
    }
#define F0 "follower0"
#define F6 "follower6"
#define F12 "follower12"

static const struct hostile_case cases[] = {
    /* checkpoints */
    CASE("no checkpoint but a page", F12, "city14", page_for_checkpoint, BAD_SIGNATURE, 1, "not readable"),
    CASE("empty checkpoint", F12, "city14", empty_checkpoint, BAD_SIGNATURE, 1, "not readable"),
    CASE("checkpoint with extension lines", F12, "city14", extension_lines, BAD_SIGNATURE, 1, "not readable"),
    CASE("checkpoint that is not UTF-8", F12, "city14", not_utf8, BAD_SIGNATURE, 1, "not readable"),
    CASE("101 signatures", F12, "city14", too_many_signatures, BAD_SIGNATURE, 1, "more than 100"),
    CASE("huge checkpoint", F12, "city14", huge_checkpoint, BAD_SIGNATURE, 1, "65536"),
    CASE("endless checkpoint", F12, "city14", endless_checkpoint, BAD_SIGNATURE, 1, "65536"),
    CASE("another key, no chain", F12, "city14", another_key, BAD_SIGNATURE, 2, "no key that is known"),
    CASE("another key, garbage for a chain", F12, "city14", garbage_chain, BAD_SIGNATURE, 2, "hanse/key/1"),
    CASE("key of small order in the chain", F12, "city14", weak_key_chain, BAD_SIGNATURE, 2, "hanse/key/1"),
    CASE("another feed", F12, "city14", everything_of_another, BAD_SIGNATURE, 2, "city.example/hanse"),
    CASE("rollback", F12, "city6", NULL, ROLLBACK, 2, "6 entries"),
    CASE("rollback by a cache", F12, "city14", cache_behind, UPDATED, 3, "2 new entries"),
    CASE("freeze", F12, "city12", NULL, CURRENT, 1, "nothing new"),
    CASE("freeze by 304", F12, "city14", always_unchanged, CURRENT, 1, "nothing new"),
    CASE("size 0 with a root", F0, "city14", root_of_nothing, MISMATCH, 1, "size 0"),
    CASE("a size beyond all entries", F12, "city14", vast_size, TRUNCATED, 3, "4611686018427387904"),
    /* forks */
    CASE("fork of the same size", F12, "fork12", NULL, FORK, 1, "evidence"),
    CASE("fork of a smaller size", F12, "fork9", NULL, FORK, 1, "evidence"),
    CASE("fork of a larger size", F12, "fork14", NULL, FORK, 5, "evidence"),
    CASE("fork, its tiles withheld", F12, "fork14", no_tiles, MISMATCH, 5, "do not hash"),
    CASE("fork, its tiles of another feed", F12, "fork14", tiles_of_another, MISMATCH, 5, "do not hash"),
    CASE("fork, its tiles endless", F12, "fork14", endless_tiles, MISMATCH, 5, "do not hash"),
    CASE("other entries under the honest checkpoint", F12, "city14", entries_of_fork, MISMATCH, 5,
         "do not hash"),
    /* entries */
    CASE("payloads withheld", F6, "withheld", NULL, INCOMPLETE, 7, "entry 8, 10)"),
    CASE("flipped bit", F12, "city14", flipped_bit, MISMATCH, 4, "byte "),
    CASE("segment cut off", F12, "city14", cut_segment, TRUNCATED, 6, "ends at entry 12 of 14"),
    CASE("other entries, then cut off", F6, "city14", parts_of_fork, TRUNCATED, 2, "ended after"),
    CASE("segments missing", F12, "city14", no_segments, TRUNCATED, 6, "ends at entry 12 of 14"),
    CASE("everything missing but the checkpoint", F12, "city14", no_manifest, TRUNCATED, 3, "manifest"),
    CASE("empty segments", F12, "city14", empty_segments, TRUNCATED, 6, "ends at entry 12 of 14"),
    CASE("endless segment", F12, "city14", endless_segment, UPDATED, 2, "2 new entries"),
    CASE("frame that inflates to 64 MiB", F0, "city14", zip_bomb, MISMATCH, 3, "byte "),
    CASE("frame that lies about its size", F0, "city14", lying_frame, MISMATCH, 3, "byte "),
    CASE("segments of another feed", F12, "city14", segments_of_another, MISMATCH, 5, ""),
    CASE("old entries under a new checkpoint", F12, "city14", old_entries, TRUNCATED, 3,
         "ends at entry 12 of 14"),
    CASE("manifest names a missing segment", F12, "city14", manifest_without_file, TRUNCATED, 6,
         "entry 12 of 14"),
    CASE("manifest with overlapping segments", F12, "city14", manifest_that_overlaps, MISMATCH, 3,
         "manifest"),
    CASE("manifest with 60,000 blocks", F12, "city14", manifest_of_vast_blocks, TRUNCATED, 6,
         "entry 12 of 14"),
    CASE("manifest with 15,000 empty segments", F0, "city14", manifest_of_empty_segments, TRUNCATED, 5,
         "entry 0 of 14"),
    CASE("manifest in disorder", F12, "city14", manifest_in_disorder, MISMATCH, 3, "manifest"),
    CASE("endless manifest", F12, "city14", endless_manifest, MISMATCH, 3, "manifest"),
    /* HTTP */
    CASE("another range than asked", F12, "city14", range_elsewhere, UPDATED, 4, "2 new entries"),
    CASE("a range without its name", F12, "city14", range_unnamed, UPDATED, 4, "2 new entries"),
    CASE("200 for 206", F12, "city14", whole_for_part, UPDATED, 2, "2 new entries"),
    CASE("a range longer than its body", F12, "city14", range_longer_than_body, TRUNCATED, 2, "ended after"),
    CASE("206 for 200", F12, "city14", part_for_whole, MISMATCH, 1, "asked whole"),
    CASE("Content-Length too long", F12, "city14", length_too_long, TRUNCATED, 2, "ended after"),
    CASE("Content-Length too short", F12, "city14", length_too_short, TRUNCATED, 6, "ends at entry"),
    CASE("no Content-Length", F12, "city14", length_missing, MISMATCH, 1, "how long"),
    CASE("endless headers", F12, "city14", endless_headers, MISMATCH, 1, "headers have more than"),
    CASE("Content-Encoding", F12, "city14", compressed_unasked, MISMATCH, 1, "Content-Encoding"),
    CASE("301 for the checkpoint", F12, "city14", redirect_for_ever, UNREACHABLE, 1, "redirects"),
    CASE("302 for segments", F12, "city14", redirect_of_segments, UNREACHABLE, 2, "redirects"),
    CASE("416 for segments", F12, "city14", always_past_end, UNREACHABLE, 4, "HTTP 416"),
    CASE("429 until tomorrow", F12, "city14", too_many_requests, UNREACHABLE, 1, "86400 seconds"),
    CASE("500", F12, "city14", broken_server, UNREACHABLE, 1, "HTTP 500"),
    CASE("503 for segments", F12, "city14", busy_server, UNREACHABLE, 2, "HTTP 503"),
    CASE("403", F12, "city14", forbidden, UNREACHABLE, 1, "HTTP 403"),
    CASE("404 for the checkpoint", F12, "city14", gone, UNREACHABLE, 1, "HTTP 404"),
    CASE("204 for the checkpoint", F12, "city14", no_content, UNREACHABLE, 1, "HTTP 204"),
    /* time and connections */
    CASE("stall before the answer", F12, "city14", stalls_before_headers, UNREACHABLE, 1, "cannot fetch"),
    CASE("stall inside a segment", F12, "city14", stalls_inside_segment, UNREACHABLE, 2, "cannot fetch"),
    CASE("drip below the least rate", F12, "city14", drips, UNREACHABLE, 1, "cannot fetch"),
    {.name = "drip above the least rate",
     .follower = F12,
     .history = "city14",
     .twist = drips_on,
     .outcome = HANSE_SYNC_UNREACHABLE,
     .requests = 1,
     .words = "longer than",
     .feed_timeout_s = 1},
    BY_TLS("another TLS key than the pin's", BY_OTHER_KEY, "differs from the pin"),
    BY_TLS("expired certificate", BY_EXPIRED, "certificate refused"),
    BY_TLS("certificate of an unknown authority", BY_UNKNOWN_AUTHORITY, "certificate refused"),
    BROKEN("reset at connecting", ACCEPT),
    BROKEN("reset in the TLS handshake", HANDSHAKE),
    BROKEN("garbage for TLS", GARBAGE),
    BROKEN("plain HTTP on the TLS port", PLAIN),
    CASE("reset before the answer", F12, "city14", resets_before_headers, UNREACHABLE, 1, "cannot fetch"),
    CASE("hang-up inside the headers", F12, "city14", breaks_inside_headers, UNREACHABLE, 1, "cannot fetch"),
    CASE("hang-up inside the checkpoint", F12, "city14", breaks_inside_checkpoint, TRUNCATED, 1,
         "ended after"),
    CASE("hang-up inside a segment", F6, "city14", breaks_inside_segment, TRUNCATED, 2, "ended after"),
    /* folders */
    IN_FOLDER("folder that is behind", "city6", STALE, "6 entries"),
    IN_FOLDER("folder of a fork of the same size", "fork12", FORK, "evidence"),
    IN_FOLDER("folder of a fork of a smaller size", "fork9", FORK, "evidence"),
    IN_FOLDER("folder of a fork of a larger size", "fork14", FORK, "evidence"),
    IN_FOLDER("folder of another feed", "other", BAD_SIGNATURE, "city.example/hanse"),
    IN_FOLDER("folder with a cut segment", "cut", TRUNCATED, "ends at entry 12 of 14"),
    IN_FOLDER("folder with a flipped bit", "flipped", MISMATCH, "byte "),
    IN_FOLDER("folder that is not there", "nowhere", UNREACHABLE, "cannot"),
};
enum { CASES = sizeof cases / sizeof cases[0] };

static bool changes_state(enum hanse_sync_outcome outcome)
{
    return outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_INCOMPLETE;
}

static void assert_same(struct hanse_buffer *before, struct hanse_buffer *after)
{
    assert_int_equal(hanse_buffer_append_u8(before, 0, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_u8(after, 0, NULL), HANSE_OK);
    const char *was = (const char *)before->data;
    const char *is = (const char *)after->data;
    size_t at = 0;
    size_t line = 0;
    while (was[at] != '\0' && was[at] == is[at])
        line = was[at++] == '\n' ? at : line;
    if (was[at] != is[at])
        fail_msg("the follower changed from \"%.160s\" to \"%.160s\"", was + line, is + line);
}

/* Whatever happened: an honest server is believed again, and all is well then. */
static void sync_honestly(struct hanse_node *node)
{
    world.options.feed_timeout_s = 0;
    world_serve("city14", NULL);
    enum hanse_sync_outcome outcome = world_sync(node);
    bool good = outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT;
    if (!good || world.result.new_size != 14)
        fail_msg("an honest server afterwards: %s: %s", hanse_sync_outcome_name(outcome), world.message);
    world_verify(node, "after an honest sync");
}

/* Where the follower looks, and what TLS it meets. */
static void take_way(const struct hostile_case *it, struct hanse_node *node)
{
    char url[300];
    (void)snprintf(url, sizeof url, "file://%s/", world_path("%s/public", it->history));
    if (it->way == BY_FILE)
        world_follow_url(node, url, NULL, NULL);
    if (it->way == BY_OTHER_KEY)
        feed_server_identity(&world.server, &world.other);
    if (it->way == BY_EXPIRED) {
        write_file(world.dir, "expired.pem", world.expired.certificate_pem.data,
                   world.expired.certificate_pem.size);
        feed_server_identity(&world.server, &world.expired);
        world_follow_url(node, world.server.url, NULL, world_path("expired.pem"));
    }
    if (it->way == BY_UNKNOWN_AUTHORITY)
        world_follow_url(node, world.server.url, NULL, NULL);
}

static void leave_way(const struct hostile_case *it, struct hanse_node *node)
{
    if (it->way == BY_HTTPS)
        return;
    feed_server_identity(&world.server, &world.valid);
    world_follow_url(node, world.server.url, world.valid.pin, NULL);
}

static void run_case(void **state)
{
    const struct hostile_case *it = *state;
    char name[32];
    struct hanse_node *node = world_follower(it->follower, name);
    struct hanse_buffer before;
    struct hanse_buffer after;
    hanse_buffer_init(&before, 1 << 20);
    hanse_buffer_init(&after, 1 << 20);
    take_way(it, node);
    world_digest(node, keeps_parts(it->outcome), &before);
    feed_server_script(&world.server, world_path("%s/public", it->history), it->twist, it->broken);
    world.options.feed_timeout_s = it->feed_timeout_s;
    enum hanse_sync_outcome outcome = world_sync(node);
    if (outcome != it->outcome || strstr(world.message, it->words) == NULL ||
        (it->way != BY_FILE && world.result.requests != it->requests))
        fail_msg("%s after %u requests instead of %s after %u: \"%s\"", hanse_sync_outcome_name(outcome),
                 (unsigned)world.result.requests, hanse_sync_outcome_name(it->outcome), it->requests,
                 world.message);
    world_digest(node, keeps_parts(it->outcome), &after);
    if (!changes_state(outcome) && outcome != HANSE_SYNC_CURRENT)
        assert_same(&before, &after);
    assert_int_equal(world_proves_fork(node), outcome == HANSE_SYNC_FORK);
    leave_way(it, node);
    if (outcome != HANSE_SYNC_INCOMPLETE) {
        world_verify(node, it->name);
        sync_honestly(node);
    }
    hanse_node_close(node);
    hanse_buffer_release(&before);
    hanse_buffer_release(&after);
}

static int set_up(void **state)
{
    int code = world_set_up(state);
    lies_make();
    return code;
}

static int tear_down(void **state)
{
    lies_release();
    return world_tear_down(state);
}

/* The table of the documents: the same cases with the same outcomes, in the same order. */
static void table_agrees(void **state)
{
    (void)state;
    char line[1024];
    size_t row = 0;
    FILE *file = fopen("docs/hostile.md", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *name = line + 2;
        char *end = strstr(name, " | ");
        if (strncmp(line, "| ", 2) != 0 || end == NULL || strncmp(name, "case |", 6) == 0)
            continue;
        char *outcome = strstr(end + 3, " | `");
        *end = '\0';
        if (row == CASES || strcmp(name, cases[row].name) != 0 || outcome == NULL)
            fail_msg("docs/hostile.md has \"%s\" instead of \"%s\"", name,
                     row < CASES ? cases[row].name : "its end");
        outcome[4 + strcspn(outcome + 4, "`")] = '\0';
        assert_string_equal(outcome + 4, hanse_sync_outcome_name(cases[row].outcome));
        row++;
    }
    (void)fclose(file);
    assert_int_equal(row, CASES);
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[CASES + 1];
    for (size_t i = 0; argc > 1 && i < CASES; i++) /* a draft of the table */
        (void)printf("| %s | %s | `%s` | |\n", cases[i].name, argv[1],
                     hanse_sync_outcome_name(cases[i].outcome));
    if (argc > 1)
        return 0;
    tests[CASES] = (struct CMUnitTest){.name = "table of the documents", .test_func = table_agrees};
    for (size_t i = 0; i < CASES; i++)
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = run_case, .initial_state = (void *)(uintptr_t)&cases[i]};
    return _cmocka_run_group_tests("hostile", tests, CASES + 1, set_up, tear_down);
}
