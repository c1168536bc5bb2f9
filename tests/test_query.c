/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what a node holds: names, lists, and what feeds that use every rule look like from the outside. */
#include "vector_folder.h"

enum { MOST_ITEMS = 64 };

/* Items that a visitor saw, with texts of their own. */
struct seen_items {
    size_t count;
    struct {
        char id[256];
        char kind[32];
        char state[16];
        char audience[16];
        uint64_t revision;
        uint64_t index;
        bool withdrawn;
        bool has_record;
        bool own;
    } items[MOST_ITEMS];
    char checkpoint[2000];
    uint64_t tree_size;
    uint8_t leaf[32];
};

static enum hanse_status see_item(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    (void)err;
    struct seen_items *seen = context;
    assert_true(seen->count < MOST_ITEMS);
    size_t i = seen->count++;
    (void)snprintf(seen->items[i].id, sizeof seen->items[i].id, "%s", item->id);
    (void)snprintf(seen->items[i].kind, sizeof seen->items[i].kind, "%s", item->kind);
    (void)snprintf(seen->items[i].state, sizeof seen->items[i].state, "%s", item->payload_state);
    (void)snprintf(seen->items[i].audience, sizeof seen->items[i].audience, "%s", item->audience);
    seen->items[i].revision = item->revision;
    seen->items[i].index = item->entry_index;
    seen->items[i].withdrawn = item->withdrawn;
    seen->items[i].has_record = item->record != NULL;
    seen->items[i].own = item->own;
    return HANSE_OK;
}

static enum hanse_status see_origin(void *context, const struct hanse_item *item,
                                    const struct hanse_item_origin *from, struct hanse_error *err)
{
    struct seen_items *seen = context;
    (void)snprintf(seen->checkpoint, sizeof seen->checkpoint, "%s", from->checkpoint);
    seen->tree_size = from->tree_size;
    memcpy(seen->leaf, from->leaf_hash, sizeof seen->leaf);
    assert_string_equal(from->feed->origin, item->origin);
    return see_item(context, item, err);
}

static struct seen_items seen;

static enum hanse_status list(struct hanse_node *node, const char *kind, const char *feed, bool withdrawn_too)
{
    struct hanse_query query = {.version = 1, .kind = kind, .feed = feed, .withdrawn_too = withdrawn_too};
    seen = (struct seen_items){0};
    return hanse_query_list(node, &query, see_item, &seen, &node_err);
}

static enum hanse_status show(struct hanse_node *node, const char *name)
{
    seen = (struct seen_items){0};
    return hanse_query_show(node, name, see_origin, &seen, &node_err);
}

static void test_list(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    MUST(list(node, NULL, NULL, false));
    assert_int_equal(seen.count, 0);
    publish_some(node, 0, 20);
    MUST(list(node, NULL, NULL, false));
    assert_int_equal(seen.count, 20);
    for (size_t i = 0; i < seen.count; i++) {
        assert_int_equal(seen.items[i].index, i + 1);
        assert_int_equal(seen.items[i].revision, 1);
        assert_true(seen.items[i].has_record && seen.items[i].own);
        assert_string_equal(seen.items[i].kind, "Organisation");
        assert_string_equal(seen.items[i].state, "present");
    }
    MUST(list(node, "organisation", CITY, false));
    assert_int_equal(seen.count, 20);
    MUST(list(node, "Project", NULL, false));
    assert_int_equal(seen.count, 0);
    MUST_FAIL(list(node, "Projct", NULL, false), HANSE_NOT_FOUND);
    MUST_FAIL(list(node, NULL, "nobody", false), HANSE_NOT_FOUND);
    struct hanse_query query = {.version = 1, .since_unix_s = 4000000000};
    seen = (struct seen_items){0};
    MUST(hanse_query_list(node, &query, see_item, &seen, &node_err));
    assert_int_equal(seen.count, 0);
    query.version = 0;
    MUST_FAIL(hanse_query_list(node, &query, see_item, &seen, &node_err), HANSE_INVALID_ARGUMENT);
    hanse_node_close(node);
}

static enum hanse_status stop(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    (void)item;
    (*(unsigned *)context)++;
    err->status = HANSE_CANCELLED;
    return HANSE_CANCELLED;
}

static void test_visitor_stops_the_list(void **state)
{
    (void)state;
    unsigned visited = 0;
    struct hanse_query query = {.version = 1};
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, 3);
    MUST_FAIL(hanse_query_list(node, &query, stop, &visited, &node_err), HANSE_CANCELLED);
    assert_int_equal(visited, 1);
    hanse_node_close(node);
}

static void test_names(void **state)
{
    (void)state;
    char a[256];
    char text[300];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", a);
    stage(node, NULL, "Dock", "XX-2", NULL);
    (void)publish(node);
    stage(node, a, "Port authority", "XX-1", NULL);
    (void)publish(node);
    const char *uuid = strrchr(a, '/') + 1;
    /* Full name, whole id with and without case, and a beginning that the clock makes unlikely to be alone.
     */
    const char *names[] = {a, uuid, "ORGID:XX-1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        MUST(show(node, names[i]));
        assert_int_equal(seen.count, 1);
        assert_string_equal(seen.items[0].id, a);
        assert_int_equal(seen.items[0].revision, 2);
        assert_int_equal(seen.items[0].index, 3);
        assert_int_equal(seen.tree_size, 4);
        assert_memory_equal(seen.checkpoint, CITY "\n4\n", strlen(CITY "\n4\n"));
    }
    (void)snprintf(text, sizeof text, "%.20s", uuid);
    for (char *p = text; *p != '\0'; p++)
        *p = (char)(*p >= 'a' && *p <= 'f' ? *p - 'a' + 'A' : *p);
    enum hanse_status status = show(node, text);
    assert_true(status == HANSE_OK ? seen.count == 1 : status == HANSE_INVALID_ARGUMENT);
    /* Both were made within the same weeks: too little of the id for one of them. */
    (void)snprintf(text, sizeof text, "%.4s", uuid);
    MUST_FAIL(show(node, text), HANSE_INVALID_ARGUMENT);
    assert_non_null(strstr(node_err.message, "2 ids"));
    (void)snprintf(text, sizeof text, "%.3s", uuid);
    MUST_FAIL(show(node, text), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(show(node, "ffff"), HANSE_NOT_FOUND);
    MUST_FAIL(show(node, ""), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(show(node, "no such thing"), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(show(node, "ORGID:XX-9"), HANSE_NOT_FOUND);
    MUST_FAIL(show(node, ":XX-1"), HANSE_INVALID_ARGUMENT);
    (void)snprintf(text, sizeof text, "hanse:other.example/hanse/%s", uuid);
    MUST_FAIL(show(node, text), HANSE_NOT_FOUND);
    MUST_FAIL(show(node, "hanse:" CITY), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(show(node, "hanse:"), HANSE_INVALID_ARGUMENT);
    assert_int_equal(seen.count, 0);
    hanse_node_close(node);
}

/* The same code in two feeds: both are shown, each with where it comes from. */
static void test_code_in_several_feeds(void **state)
{
    (void)state;
    char key[512];
    struct hanse_node *city = make_node("city", CITY);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    stage(city, NULL, "Port", "XX-1", NULL);
    (void)publish(city);
    stage(office, NULL, "Our port", "XX-1", NULL);
    (void)publish(office);
    own_key(city, key);
    follow_dir(office, at("city/public"), key);
    struct sync_report report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    MUST(show(office, "ORGID:XX-1"));
    assert_int_equal(seen.count, 2);
    assert_true(seen.items[0].own != seen.items[1].own);
    hanse_node_close(city);
    hanse_node_close(office);
}

/* A payload whose file was altered is not shown. */
static void test_altered_files_are_not_shown(void **state)
{
    (void)state;
    char id[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", id);
    (void)publish(node);
    MUST(show(node, id));
    hanse_node_close(node);
    shell("cd '%s'/hanse/public && f=$(ls) && printf X | dd of=$f bs=1 seek=90 conv=notrunc 2>/dev/null",
          at("city/public"));
    node = open_node("city");
    enum hanse_status status = show(node, id);
    assert_true(status == HANSE_MALFORMED || status == HANSE_MISMATCH);
    assert_int_equal(seen.count, 0);
    assert_non_null(strstr(node_err.message, id));
    status = list(node, NULL, NULL, false);
    assert_true(status == HANSE_MALFORMED || status == HANSE_MISMATCH);
    hanse_node_close(node);
}

/* A node that follows a feed of the vectors. */
static struct hanse_node *follow_vector(const char *name, enum hanse_sync_outcome wanted)
{
    const json_t *vector = feed_named(name);
    struct hanse_node *node = make_node("office", "office.example/hanse");
    follow_dir(node, feed_folder(vector), text_of(vector, "key"));
    struct sync_report report = sync_node(node);
    assert_outcome(&report, wanted);
    return node;
}

static void check_item(size_t i, uint64_t index, uint64_t revision, const char *kind,
                       const char *payload_state, bool has_record)
{
    if (i >= seen.count)
        fail_msg("there is no item %zu", i);
    assert_int_equal(seen.items[i].index, index);
    assert_int_equal(seen.items[i].revision, revision);
    assert_string_equal(seen.items[i].kind, kind);
    assert_string_equal(seen.items[i].state, payload_state);
    assert_int_equal(seen.items[i].has_record, has_record);
    assert_false(seen.items[i].own);
}

static void test_revised_and_withdrawn(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("plain", HANSE_SYNC_UPDATED);
    MUST(list(node, NULL, NULL, false));
    assert_int_equal(seen.count, 3);
    check_item(0, 1, 1, "FeedProfile", "present", true);
    check_item(1, 4, 1, "Organisation", "present", true);
    check_item(2, 6, 2, "LocalGovernment", "present", true);
    MUST(list(node, NULL, NULL, true));
    assert_int_equal(seen.count, 4);
    assert_true(seen.items[2].withdrawn);
    assert_int_equal(seen.items[2].revision, 2);
    assert_false(seen.items[2].has_record);
    char id[256];
    (void)snprintf(id, sizeof id, "%s", seen.items[2].id);
    MUST(show(node, id));
    assert_true(seen.items[0].withdrawn);
    assert_int_equal(feed_of(node, CITY).info.records, 3);
    hanse_node_close(node);
}

static void test_marked_entries_have_no_effect(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("marked", HANSE_SYNC_UPDATED);
    struct feed_row row = feed_of(node, CITY);
    assert_int_equal(row.info.size, 14);
    assert_int_equal(row.info.missing, 0);
    MUST(list(node, NULL, NULL, true));
    for (size_t i = 0; i < seen.count; i++)
        assert_true(seen.items[i].index == 1 || seen.items[i].index == 11);
    assert_int_equal(row.info.records, seen.count);
    hanse_node_close(node);
}

static void test_erased(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("erased", HANSE_SYNC_UPDATED);
    assert_int_equal(feed_of(node, CITY).info.missing, 0);
    MUST(list(node, NULL, NULL, true));
    unsigned erased = 0;
    for (size_t i = 0; i < seen.count; i++) {
        erased += strcmp(seen.items[i].state, "erased") == 0;
        assert_int_equal(seen.items[i].has_record, strcmp(seen.items[i].state, "present") == 0);
    }
    assert_true(erased >= 1);
    hanse_node_close(node);
}

/* Whoever still has the payload does not show it. */
static void test_erased_and_still_there(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("erased and still there", HANSE_SYNC_UPDATED);
    MUST(list(node, NULL, NULL, true));
    unsigned erased = 0;
    for (size_t i = 0; i < seen.count; i++) {
        bool is_erased = strcmp(seen.items[i].state, "erased") == 0;
        erased += is_erased;
        assert_int_equal(seen.items[i].has_record, !is_erased);
    }
    assert_true(erased >= 1);
    hanse_node_close(node);
}

static void test_network_payloads_are_withheld(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("network", HANSE_SYNC_UPDATED);
    assert_int_equal(feed_of(node, CITY).info.missing, 0);
    MUST(list(node, NULL, NULL, true));
    unsigned withheld = 0;
    for (size_t i = 0; i < seen.count; i++) {
        bool is_public = strcmp(seen.items[i].audience, "PUBLIC") == 0;
        assert_string_equal(seen.items[i].state, is_public ? "present" : "withheld");
        assert_int_equal(seen.items[i].has_record, is_public);
        withheld += !is_public;
    }
    assert_int_equal(withheld, 2);
    hanse_node_close(node);
}

static void test_missing_payload(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("incomplete", HANSE_SYNC_INCOMPLETE);
    struct feed_row row = feed_of(node, CITY);
    assert_int_equal(row.info.missing, 1);
    assert_string_equal(row.last_result, "incomplete");
    assert_true(row.info.last_success_unix_s > 0);
    MUST(list(node, NULL, NULL, true));
    unsigned missing = 0;
    for (size_t i = 0; i < seen.count; i++) {
        missing += strcmp(seen.items[i].state, "missing") == 0;
        assert_int_equal(seen.items[i].has_record, strcmp(seen.items[i].state, "present") == 0);
    }
    assert_int_equal(missing, 1);
    struct hanse_verify_options options = {.version = 1};
    MUST_FAIL(hanse_verify_node(node, CITY, &options, &node_err), HANSE_INCOMPLETE);
    hanse_node_close(node);
}

/* The key in use is the newest; who was away from the first publish on arrives there too. */
static void test_keys_changed(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("rotation", HANSE_SYNC_UPDATED);
    struct feed_row row = feed_of(node, CITY);
    assert_string_equal(row.key, text_of(feed_named("rotation, newest key known"), "key"));
    assert_int_equal(row.info.size, 7);
    assert_true(hanse_file_exists(at("%s/hanse/key/2", mirror_of("office", CITY) + strlen(work_dir) + 1)));
    /* Followed again with the key of today: the same feed. */
    follow_dir(node, feed_folder(feed_named("rotation")), row.key);
    struct sync_report report = sync_node(node);
    assert_outcome(&report, HANSE_SYNC_CURRENT);
    hanse_node_close(node);
}

static void test_keys_changed_while_away(void **state)
{
    (void)state;
    /* What was held before the second change came: the feed at size 4, of which both keys signed. */
    const json_t *before = feed_named("rotation, last publish");
    const json_t *after = feed_named("rotation");
    struct hanse_node *node = make_node("office", "office.example/hanse");
    write_feed(before, at("source"));
    follow_dir(node, at("source"), text_of(before, "key"));
    struct sync_report report = sync_node(node);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    struct feed_row row = feed_of(node, CITY);
    assert_int_equal(row.info.size, 4);
    assert_string_equal(row.key, text_of(feed_named("rotation, second key known"), "key"));
    shell("rm -rf '%s'", at("source"));
    write_feed(after, at("source"));
    report = sync_node(node);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    row = feed_of(node, CITY);
    assert_int_equal(row.info.size, 7);
    assert_string_equal(row.key, text_of(feed_named("rotation, newest key known"), "key"));
    struct verify_report verdict;
    MUST(verify_dir(mirror_of("office", CITY), text_of(after, "key"), &verdict));
    /* Back to the old copy: behind, and nothing changes. */
    shell("rm -rf '%s'", at("source"));
    write_feed(before, at("source"));
    report = sync_node(node);
    assert_true(report.outcome == HANSE_SYNC_STALE || report.outcome == HANSE_SYNC_BAD_SIGNATURE);
    assert_int_equal(feed_of(node, CITY).info.size, 7);
    hanse_node_close(node);
}

static void test_moved(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("moved", HANSE_SYNC_UPDATED);
    struct feed_row row = feed_of(node, CITY);
    assert_string_equal(row.successor, "new.example/hanse");
    MUST(list(node, NULL, NULL, false));
    assert_int_equal(seen.count, 1);
    char id[256];
    (void)snprintf(id, sizeof id, "%s", seen.items[0].id);
    const json_t *vector = feed_named("successor");
    follow_dir(node, feed_folder(vector), text_of(vector, "key"));
    const char *names[] = {"new.example/hanse"};
    struct sync_report report = {0};
    struct hanse_sync_options options = {
        .version = 1, .feeds = names, .feed_count = 1, .visit = keep_report, .context = &report};
    MUST(hanse_sync(node, &options, &node_err));
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    /* The record of the old feed is held in the new one: it is listed once. */
    MUST(list(node, NULL, NULL, false));
    assert_int_equal(seen.count, 2);
    for (size_t i = 0; i < seen.count; i++)
        assert_memory_equal(seen.items[i].id, "hanse:new.example/hanse/", 24);
    hanse_node_close(node);
}

static void test_statements_that_do_not_agree_link_nothing(void **state)
{
    (void)state;
    static const char *const successors[] = {"successor with another root", "successor with another size",
                                             "successor of another feed"};
    for (size_t i = 0; i < sizeof successors / sizeof successors[0]; i++) {
        struct hanse_node *node = follow_vector("moved", HANSE_SYNC_UPDATED);
        const json_t *vector = feed_named(successors[i]);
        follow_dir(node, feed_folder(vector), text_of(vector, "key"));
        struct hanse_sync_options options = {.version = 1};
        MUST(hanse_sync(node, &options, &node_err));
        assert_int_equal(feed_of(node, "new.example/hanse").info.size, 3);
        MUST(list(node, NULL, NULL, false));
        assert_int_equal(seen.count, 3);
        hanse_node_close(node);
        shell("rm -rf '%s'", at("office"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_list),
        NODE_TEST(test_visitor_stops_the_list),
        NODE_TEST(test_names),
        NODE_TEST(test_code_in_several_feeds),
        NODE_TEST(test_altered_files_are_not_shown),
        NODE_TEST(test_revised_and_withdrawn),
        NODE_TEST(test_marked_entries_have_no_effect),
        NODE_TEST(test_erased),
        NODE_TEST(test_erased_and_still_there),
        NODE_TEST(test_network_payloads_are_withheld),
        NODE_TEST(test_missing_payload),
        NODE_TEST(test_keys_changed),
        NODE_TEST(test_keys_changed_while_away),
        NODE_TEST(test_moved),
        NODE_TEST(test_statements_that_do_not_agree_link_nothing),
    };
    return cmocka_run_group_tests(tests, load_feeds, unload_feeds);
}
