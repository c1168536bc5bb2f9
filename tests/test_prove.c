/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of every record of feeds that use every rule: what is made and what a check says are what the node
 * shows. */
#include "vector_folder.h"

#include <hanse/proof.h>

enum { MOST_ITEMS = 64 };

struct shown {
    char id[256];
    char state[16];
    uint64_t revision;
    uint64_t index;
    bool withdrawn;
    bool has_record;
};

static struct shown items[MOST_ITEMS];
static size_t item_count;
static struct shown proven;
static char proven_key[512];

static void keep(struct shown *out, const struct hanse_item *item)
{
    *out = (struct shown){.revision = item->revision,
                          .index = item->entry_index,
                          .withdrawn = item->withdrawn,
                          .has_record = item->record != NULL};
    (void)snprintf(out->id, sizeof out->id, "%s", item->id);
    (void)snprintf(out->state, sizeof out->state, "%s", item->payload_state);
}

static enum hanse_status see_item(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    (void)context;
    (void)err;
    assert_true(item_count < MOST_ITEMS);
    keep(&items[item_count++], item);
    return HANSE_OK;
}

static void see_facts(void *context, const struct hanse_proof_facts *facts)
{
    (void)context;
    assert_non_null(facts->item);
    assert_null(facts->fork);
    keep(&proven, facts->item);
    (void)snprintf(proven_key, sizeof proven_key, "%s", facts->key);
}

static void assert_same_facts(const struct shown *item, const char *state)
{
    assert_string_equal(proven.id, item->id);
    assert_string_equal(proven.state, state);
    assert_int_equal(proven.revision, item->revision);
    assert_int_equal(proven.index, item->index);
    assert_int_equal(proven.withdrawn, item->withdrawn);
    assert_int_equal(proven.has_record, item->has_record);
}

static void check_item(struct hanse_node *node, const struct shown *item, const char *key, const char *newest)
{
    char *text = NULL;
    proven = (struct shown){.index = 77};
    MUST(hanse_proof_make(node, item->id, see_facts, NULL, &text, &node_err));
    assert_same_facts(item, item->state);
    bool absent = !item->has_record && strcmp(item->state, "none") != 0;
    proven = (struct shown){.index = 77};
    MUST(hanse_proof_check(hanse_bytes_of_text(text), key, see_facts, NULL, &node_err));
    assert_same_facts(item, absent ? "absent" : item->state);
    assert_string_equal(proven_key, newest);
    MUST(hanse_proof_check(hanse_bytes_of_text(text), newest, NULL, NULL, &node_err));
    hanse_free(text);
}

/* How many items of the feed have this state. */
static unsigned prove_all(const char *name, enum hanse_sync_outcome wanted, const char *state)
{
    const json_t *vector = feed_named(name);
    const char *key = text_of(vector, "key");
    struct hanse_node *node = make_node("office", "office.example/hanse");
    follow_dir(node, feed_folder(vector), key);
    struct sync_report report = sync_node(node);
    assert_outcome(&report, wanted);
    struct feed_row row = feed_of(node, CITY);
    const struct hanse_query query = {.version = 1, .feed = CITY, .withdrawn_too = true};
    item_count = 0;
    MUST(hanse_query_list(node, &query, see_item, NULL, &node_err));
    assert_true(item_count > 0);
    unsigned matching = 0;
    for (size_t i = 0; i < item_count; i++) {
        check_item(node, &items[i], key, row.key);
        matching += strcmp(items[i].state, state) == 0;
    }
    hanse_node_close(node);
    return matching;
}

static void test_revised_and_withdrawn(void **state)
{
    (void)state;
    assert_int_equal(prove_all("plain", HANSE_SYNC_UPDATED, "none"), 1);
}

static void test_erased(void **state)
{
    (void)state;
    assert_true(prove_all("erased", HANSE_SYNC_UPDATED, "erased") >= 1);
}

/* What is erased does not leave in a proof, although the file still has it. */
static void test_erased_and_still_there(void **state)
{
    (void)state;
    assert_true(prove_all("erased and still there", HANSE_SYNC_UPDATED, "erased") >= 1);
}

static void test_withheld(void **state)
{
    (void)state;
    assert_int_equal(prove_all("network", HANSE_SYNC_UPDATED, "withheld"), 2);
}

static void test_missing(void **state)
{
    (void)state;
    assert_int_equal(prove_all("incomplete", HANSE_SYNC_INCOMPLETE, "missing"), 1);
}

static void test_keys_changed(void **state)
{
    (void)state;
    (void)prove_all("rotation", HANSE_SYNC_UPDATED, "present");
    assert_string_not_equal(proven_key, text_of(feed_named("rotation"), "key"));
}

/* Both keys sign that checkpoint. */
static void test_key_just_changed(void **state)
{
    (void)state;
    (void)prove_all("rotation, last publish", HANSE_SYNC_UPDATED, "present");
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    struct hanse_bytes nothing = hanse_bytes_of_text("");
    MUST_FAIL(hanse_proof_check(nothing, NULL, see_facts, NULL, &node_err), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(hanse_proof_check(nothing, "no key", see_facts, NULL, &node_err), HANSE_INVALID_ARGUMENT);
    const char *key = text_of(feed_named("plain"), "key");
    MUST_FAIL(hanse_proof_check(nothing, key, see_facts, NULL, &node_err), HANSE_MALFORMED);
    struct hanse_node *node = make_node("office", "office.example/hanse");
    char *text = NULL;
    MUST_FAIL(hanse_proof_make(node, "0190", NULL, NULL, &text, &node_err), HANSE_NOT_FOUND);
    MUST_FAIL(hanse_proof_make(node, "", NULL, NULL, &text, &node_err), HANSE_INVALID_ARGUMENT);
    assert_null(text);
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_revised_and_withdrawn),
        NODE_TEST(test_erased),
        NODE_TEST(test_erased_and_still_there),
        NODE_TEST(test_withheld),
        NODE_TEST(test_missing),
        NODE_TEST(test_keys_changed),
        NODE_TEST(test_key_just_changed),
        NODE_TEST(test_wrong_arguments),
    };
    return cmocka_run_group_tests(tests, load_feeds, unload_feeds);
}
