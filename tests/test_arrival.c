/* SPDX-License-Identifier: Apache-2.0 */
/* What arrived, in the order of its arrival: nothing is left out, wherever one goes on. */
#include <hanse/arrival.h>

#include <sqlite3.h>

#include "old_index.h"
#include "vector_folder.h"

enum { MOST = 64 };

struct seen {
    size_t count;
    struct {
        char cursor[64];
        char line[320]; /* "put <origin> <entry> present" */
        bool current;
        bool has_record;
    } lines[MOST];
    size_t stop_after; /* 0: never */
};
static struct seen seen;

static enum hanse_status see(void *context, const struct hanse_arrival *arrival, struct hanse_error *err)
{
    (void)err;
    (void)context;
    assert_true(seen.count < MOST);
    size_t i = seen.count++;
    (void)snprintf(seen.lines[i].cursor, sizeof seen.lines[i].cursor, "%s", arrival->cursor);
    (void)snprintf(seen.lines[i].line, sizeof seen.lines[i].line, "%s %s %u %s", arrival->change,
                   arrival->origin, (unsigned)arrival->entry_index,
                   arrival->payload_state != NULL ? arrival->payload_state : "");
    seen.lines[i].current = arrival->current;
    seen.lines[i].has_record = arrival->record != NULL;
    assert_int_equal(arrival->id == NULL, strcmp(arrival->change, "unfollow") == 0);
    return seen.count == seen.stop_after ? HANSE_CANCELLED : HANSE_OK;
}

static enum hanse_status list(struct hanse_node *node, const char *after)
{
    char kept[96] = ""; /* it may be one of those that were seen */
    (void)snprintf(kept, sizeof kept, "%s", after != NULL ? after : "");
    seen = (struct seen){0};
    return hanse_arrival_list(node, after != NULL ? kept : NULL, see, NULL, &node_err);
}

/* Lists by one line at a time, each from the cursor of the one before: as often killed as there are lines. */
static void assert_resumes(struct hanse_node *node)
{
    MUST(list(node, NULL));
    struct seen all = seen;
    char cursor[64] = "";
    for (size_t i = 0; i < all.count; i++) {
        seen = (struct seen){.stop_after = 1};
        MUST_FAIL(hanse_arrival_list(node, cursor, see, NULL, &node_err), HANSE_CANCELLED);
        assert_string_equal(seen.lines[0].line, all.lines[i].line);
        (void)snprintf(cursor, sizeof cursor, "%s", seen.lines[0].cursor);
    }
    MUST(list(node, cursor));
    assert_int_equal(seen.count, 0);
}

static void test_order_of_arrival(void **state)
{
    (void)state;
    char key[512];
    char id[256];
    enum hanse_stage_outcome outcome;
    struct hanse_node *city = make_node("city", CITY);
    stage(city, NULL, "Port", "XX-1", id);
    (void)publish(city);
    own_key(city, key);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    publish_some(office, 0, 2);
    MUST(list(office, NULL));
    assert_int_equal(seen.count, 2);
    char cursor[64];
    (void)snprintf(cursor, sizeof cursor, "%s", seen.lines[1].cursor);
    MUST(list(office, cursor));
    assert_int_equal(seen.count, 0);

    /* A feed that is followed late holds what was published before; it comes now. */
    follow_dir(office, at("city/public"), key);
    (void)sync_node(office);
    MUST(list(office, cursor));
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.lines[0].line, "put " CITY " 1 present");
    assert_true(seen.lines[0].current && seen.lines[0].has_record);
    (void)snprintf(cursor, sizeof cursor, "%s", seen.lines[0].cursor);

    MUST(hanse_stage_withdraw(city, NULL, id, "error", &outcome, NULL, &node_err));
    (void)publish(city);
    (void)sync_node(office);
    publish_some(office, 2, 1);
    MUST(list(office, cursor));
    assert_int_equal(seen.count, 2);
    assert_string_equal(seen.lines[0].line, "withdraw " CITY " 2 none");
    assert_string_equal(seen.lines[1].line, "put office.example/hanse 3 present");
    assert_resumes(office);
    MUST(list(office, NULL));
    assert_string_equal(seen.lines[2].line, "put " CITY " 1 present");
    assert_false(seen.lines[2].current);
    hanse_node_close(city);
    hanse_node_close(office);
}

static void test_unfollowed_and_followed_again(void **state)
{
    (void)state;
    char key[512];
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 2);
    own_key(city, key);
    hanse_node_close(city);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    follow_dir(office, at("city/public"), key);
    (void)sync_node(office);
    MUST(list(office, NULL));
    assert_int_equal(seen.count, 2);
    char cursor[64];
    (void)snprintf(cursor, sizeof cursor, "%s", seen.lines[0].cursor);
    MUST(hanse_feed_unfollow(office, CITY, NULL, NULL, &node_err));
    MUST(list(office, cursor));
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.lines[0].line, "unfollow " CITY " 0 ");
    follow_dir(office, at("city/public"), key);
    (void)sync_node(office);
    MUST(list(office, cursor));
    assert_int_equal(seen.count, 3);
    assert_string_equal(seen.lines[1].line, "put " CITY " 1 present");
    assert_resumes(office);
    hanse_node_close(office);
}

static struct hanse_node *follow_vector(const char *name)
{
    const json_t *vector = feed_named(name);
    struct hanse_node *node = make_node("office", "office.example/hanse");
    follow_dir(node, feed_folder(vector), text_of(vector, "key"));
    (void)sync_node(node);
    return node;
}

static void test_erasures(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("erased");
    MUST(list(node, NULL));
    unsigned erased = 0;
    unsigned emptied = 0;
    for (size_t i = 0; i < seen.count; i++) {
        erased += strncmp(seen.lines[i].line, "erase ", 6) == 0;
        emptied += strncmp(seen.lines[i].line, "put ", 4) == 0 && !seen.lines[i].has_record;
        assert_false(strncmp(seen.lines[i].line, "erase ", 6) == 0 && seen.lines[i].has_record);
    }
    assert_true(erased >= 1);
    assert_int_equal(erased, emptied);
    /* The end is the end, also where it is an erasure. */
    MUST(list(node, seen.lines[seen.count - 1].cursor));
    assert_int_equal(seen.count, 0);
    hanse_node_close(node);
}

static void test_invalid_entries_never_come(void **state)
{
    (void)state;
    struct hanse_node *node = follow_vector("marked");
    MUST(list(node, NULL));
    size_t told = seen.count;
    assert_true(told < feed_of(node, CITY).info.size);
    assert_resumes(node);
    hanse_node_close(node);
}

static void test_cursors(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, 1);
    MUST(list(node, NULL));
    char cursor[64];
    (void)snprintf(cursor, sizeof cursor, "%s", seen.lines[0].cursor);
    static const char *const wrong[] = {"x",
                                        "1-1",
                                        "0011223344556677",
                                        "0011223344556677-1",
                                        "0011223344556677-1-1-1",
                                        "0011223344556677-1-",
                                        "-1-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        MUST_FAIL(list(node, wrong[i]), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(list(node, "0011223344556677-1-1"), HANSE_INVALID_ARGUMENT); /* of another index */
    char ahead[64];
    (void)snprintf(ahead, sizeof ahead, "%.16s-99-0", cursor);
    MUST_FAIL(list(node, ahead), HANSE_INVALID_ARGUMENT);
    /* Of this index, and behind all that has arrived: what comes next would be passed over. */
    size_t kept = strlen(cursor) - strlen(strrchr(cursor, '-'));
    MUST(list(node, cursor));
    (void)snprintf(ahead, sizeof ahead, "%.*s-99", (int)kept, cursor);
    MUST_FAIL(list(node, ahead), HANSE_INVALID_ARGUMENT);
    (void)snprintf(ahead, sizeof ahead, "%.16s-2-1", cursor);
    MUST_FAIL(list(node, ahead), HANSE_INVALID_ARGUMENT);
    MUST(list(node, ""));
    assert_int_equal(seen.count, 1);
    hanse_node_close(node);
    /* An index that is made anew does not take the cursors of the old one. */
    shell("rm '%s'*", at("city/private/index.sqlite"));
    node = open_node("city");
    MUST_FAIL(list(node, cursor), HANSE_INVALID_ARGUMENT);
    MUST(list(node, NULL));
    assert_int_equal(seen.count, 1);
    hanse_node_close(node);
}

/* An index of version 1 has no arrivals: opening it gives it some. */
static void test_index_of_version_1(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, 3);
    hanse_node_close(node);
    sqlite3 *handle = NULL;
    assert_int_equal(sqlite3_open(at("city/private/index.sqlite"), &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, OLD_INDEX_SQL, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
    node = open_node("city");
    MUST(list(node, NULL));
    assert_int_equal(seen.count, 3);
    publish_some(node, 3, 1);
    MUST(list(node, seen.lines[2].cursor));
    assert_int_equal(seen.count, 1);
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_order_of_arrival), NODE_TEST(test_unfollowed_and_followed_again),
        NODE_TEST(test_erasures),         NODE_TEST(test_invalid_entries_never_come),
        NODE_TEST(test_cursors),          NODE_TEST(test_index_of_version_1),
    };
    return cmocka_run_group_tests(tests, load_feeds, unload_feeds);
}
