/* SPDX-License-Identifier: Apache-2.0 */
/* The history of a record: its revisions, staged ones and invalid ones included. */
#include "vector_folder.h"

struct seen {
    unsigned count;
    char text[800]; /* "1 put valid PORT|" */
};
static struct seen seen;

static enum hanse_status see(void *context, const struct hanse_revision *revision, struct hanse_error *err)
{
    (void)context;
    (void)err;
    size_t used = strlen(seen.text);
    seen.count++;
    (void)snprintf(seen.text + used, sizeof seen.text - used, "%u %s %s%s%s%s%s|",
                   (unsigned)revision->revision, revision->operation, revision->verdict,
                   revision->staged ? " staged" : "", revision->current ? " current" : "",
                   revision->reason != NULL ? " " : "", revision->reason != NULL ? revision->reason : "");
    return HANSE_OK;
}

static enum hanse_status log_of(struct hanse_node *node, const char *name)
{
    seen = (struct seen){0};
    return hanse_query_log(node, name, see, NULL, &node_err);
}

static void test_log(void **state)
{
    (void)state;
    char id[256];
    enum hanse_stage_outcome outcome;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", id);
    MUST(log_of(node, id)); /* staged alone */
    assert_string_equal(seen.text, "1 put valid staged|");
    (void)publish(node);
    stage(node, NULL, "Dock", "XX-2", NULL);
    stage(node, NULL, "Pier", "XX-1", NULL);
    (void)publish(node);
    MUST(hanse_stage_withdraw(node, NULL, id, "no-longer", &outcome, NULL, &node_err));
    MUST(log_of(node, "ORGID:XX-1"));
    assert_string_equal(seen.text, "1 put valid|2 put valid current|3 withdraw valid staged no-longer|");
    (void)publish(node);
    MUST(log_of(node, strrchr(id, '/') + 1));
    assert_string_equal(seen.text, "1 put valid|2 put valid|3 withdraw valid current no-longer|");
    MUST_FAIL(log_of(node, "ORGID:XX-3"), HANSE_NOT_FOUND);
    MUST_FAIL(log_of(node, "?"), HANSE_INVALID_ARGUMENT);
    hanse_node_close(node);
}

struct marks {
    struct hanse_node *node;
    unsigned records;
};

static enum hanse_status look_at(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    (void)err;
    struct marks *marks = context;
    marks->records++;
    MUST(log_of(marks->node, item->id));
    assert_true(seen.count >= item->revision);
    assert_null(strstr(seen.text, "invalid current"));
    assert_null(strstr(seen.text, "unknown current"));
    assert_non_null(strstr(seen.text, "valid current"));
    return HANSE_OK;
}

/* Entries that break a rule count, and are never current. */
static void test_marked(void **state)
{
    (void)state;
    const json_t *vector = feed_named("marked");
    struct hanse_node *node = make_node("office", "office.example/hanse");
    follow_dir(node, feed_folder(vector), text_of(vector, "key"));
    (void)sync_node(node);
    struct hanse_query query = {.version = 1, .withdrawn_too = true};
    struct marks marks = {.node = node};
    MUST(hanse_query_list(node, &query, look_at, &marks, &node_err));
    assert_true(marks.records > 0);
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_log),
        NODE_TEST(test_marked),
    };
    return cmocka_run_group_tests(tests, load_feeds, unload_feeds);
}
