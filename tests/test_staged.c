/* SPDX-License-Identifier: Apache-2.0 */
/* One change at a time: withdrawing, looking at what is staged, taking it back. */
#include <hanse/staged.h>

#include "node_support.h"

/* What a visitor saw of each staged change: "put 0 Port|withdraw 1 error|". */
struct seen {
    char text[600];
};

static enum hanse_status see(void *context, const struct hanse_staged *change, struct hanse_error *err)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    char *name = NULL;
    if (change->record != NULL)
        MUST(hanse_record_get(change->record, "organisation.name[0].text", &name, err));
    (void)snprintf(seen->text + used, sizeof seen->text - used, "%s %u %s|", change->operation,
                   (unsigned)change->revision, name != NULL ? name : change->reason);
    assert_string_equal(change->kind, "Organisation");
    hanse_free(name);
    return HANSE_OK;
}

static void assert_staged(struct hanse_node *node, const char *wanted)
{
    struct seen seen = {""};
    MUST(hanse_staged_list(node, NULL, see, &seen, &node_err));
    assert_string_equal(seen.text, wanted);
}

static enum hanse_status withdraw(struct hanse_node *node, const char *name, const char *reason,
                                  enum hanse_stage_outcome *outcome)
{
    return hanse_stage_withdraw(node, NULL, name, reason, outcome, NULL, &node_err);
}

static void test_withdraw(void **state)
{
    (void)state;
    char id[256];
    char *told = NULL;
    enum hanse_stage_outcome outcome;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", id);
    MUST_FAIL(withdraw(node, id, "error", &outcome), HANSE_INVALID_ARGUMENT); /* not published yet */
    (void)publish(node);
    MUST_FAIL(withdraw(node, id, "because", &outcome), HANSE_INVALID_ARGUMENT);
    MUST(hanse_stage_withdraw(node, NULL, "ORGID:XX-1", "error", &outcome, &told, &node_err));
    assert_int_equal(outcome, HANSE_STAGED);
    assert_string_equal(told, id);
    hanse_free(told);
    assert_staged(node, "withdraw 1 error|");
    MUST(withdraw(node, id, "error", &outcome));
    assert_int_equal(outcome, HANSE_STAGE_UNCHANGED);
    MUST(withdraw(node, id, "merged", &outcome));
    assert_int_equal(outcome, HANSE_STAGED);
    assert_staged(node, "withdraw 1 merged|");
    (void)publish(node);
    assert_int_equal(feed_of(node, CITY).info.records, 0);
    MUST(withdraw(node, id, "error", &outcome));
    assert_int_equal(outcome, HANSE_STAGE_UNCHANGED);
    /* The same content again brings it back. */
    assert_int_equal(stage(node, NULL, "Port", "XX-1", NULL), HANSE_STAGED);
    MUST_FAIL(withdraw(node, id, "error", &outcome), HANSE_INVALID_ARGUMENT);
    assert_staged(node, "put 2 Port|");
    (void)publish(node);
    assert_int_equal(feed_of(node, CITY).info.records, 1);
    hanse_node_close(node);
}

static void test_withdrawal_takes_the_place_of_a_revision(void **state)
{
    (void)state;
    char id[256];
    enum hanse_stage_outcome outcome;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", id);
    (void)publish(node);
    stage(node, NULL, "Dock", "XX-1", NULL);
    MUST(withdraw(node, id, "legal", &outcome));
    assert_int_equal(outcome, HANSE_STAGE_REPLACED);
    assert_staged(node, "withdraw 1 legal|");
    /* What is published, staged again: the withdrawal goes. */
    assert_int_equal(stage(node, NULL, "Port", "XX-1", NULL), HANSE_STAGE_UNCHANGED);
    assert_staged(node, "");
    hanse_node_close(node);
}

static void test_names(void **state)
{
    (void)state;
    char id[256];
    char wrong[256];
    enum hanse_stage_outcome outcome;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", id);
    (void)publish(node);
    (void)snprintf(wrong, sizeof wrong, "%s", strrchr(id, '/') + 1);
    char *last = wrong + strlen(wrong) - 1;
    char right[2] = {*last, '\0'};
    *last = *last == '0' ? '1' : '0';
    MUST_FAIL(withdraw(node, wrong, "error", &outcome), HANSE_NOT_FOUND);
    *last = right[0];
    assert_non_null(strstr(node_err.message, wrong)); /* the right one is named */
    MUST_FAIL(withdraw(node, "ORGID:XX-7", "error", &outcome), HANSE_NOT_FOUND);
    assert_non_null(strstr(node_err.message, "did you mean ORGID:XX-1"));
    MUST_FAIL(withdraw(node, "orgid:XX-1", "error", &outcome), HANSE_NOT_FOUND);
    assert_non_null(strstr(node_err.message, "ORGID:XX-1"));
    MUST_FAIL(withdraw(node, "hanse:other.example/x/01900000-0000-7000-8000-000000000000", "error", &outcome),
              HANSE_INVALID_ARGUMENT);
    MUST_FAIL(withdraw(node, "what?", "error", &outcome), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(hanse_stage_withdraw(node, "nowhere.example/x", id, "error", &outcome, NULL, &node_err),
              HANSE_NOT_FOUND);
    assert_staged(node, "");
    hanse_node_close(node);
}

static void test_record_of_another_feed(void **state)
{
    (void)state;
    char key[512];
    char id[256];
    enum hanse_stage_outcome outcome;
    struct hanse_node *city = make_node("city", CITY);
    stage(city, NULL, "Port", "XX-1", id);
    (void)publish(city);
    own_key(city, key);
    hanse_node_close(city);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    follow_dir(office, at("city/public"), key);
    (void)sync_node(office);
    MUST_FAIL(withdraw(office, "ORGID:XX-1", "error", &outcome), HANSE_INVALID_ARGUMENT);
    assert_non_null(strstr(node_err.message, CITY));
    MUST_FAIL(withdraw(office, strrchr(id, '/') + 1, "error", &outcome), HANSE_INVALID_ARGUMENT);
    hanse_node_close(office);
}

static void assert_current(struct hanse_node *node, const char *name, const char *id, const char *wanted)
{
    char *told = NULL;
    char *text = NULL;
    struct hanse_record *record = NULL;
    MUST(hanse_staged_get(node, NULL, name, &told, &record, &node_err));
    MUST(hanse_record_get(record, "organisation.name[0].text", &text, &node_err));
    assert_string_equal(told, id);
    assert_string_equal(text, wanted);
    hanse_free(told);
    hanse_free(text);
    hanse_record_free(record);
}

static void test_get(void **state)
{
    (void)state;
    char id[256];
    char *told = NULL;
    struct hanse_record *record = NULL;
    enum hanse_stage_outcome outcome;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", id);
    assert_current(node, "ORGID:XX-1", id, "Port"); /* staged */
    (void)publish(node);
    assert_current(node, "ORGID:XX-1", id, "Port"); /* published */
    stage(node, NULL, "Dock", "XX-1", NULL);
    assert_current(node, strrchr(id, '/') + 1, id, "Dock");
    MUST(withdraw(node, id, "error", &outcome));
    MUST_FAIL(hanse_staged_get(node, NULL, id, &told, &record, &node_err), HANSE_NOT_FOUND);
    (void)publish(node);
    MUST_FAIL(hanse_staged_get(node, NULL, id, &told, &record, &node_err), HANSE_NOT_FOUND);
    assert_null(record);
    MUST(hanse_staged_get(node, NULL, "ORGID:XX-1", &told, NULL, &node_err)); /* its name is still known */
    assert_string_equal(told, id);
    hanse_free(told);
    hanse_node_close(node);
}

static void test_discard(void **state)
{
    (void)state;
    char a[256];
    char b[256];
    uint64_t count = 0;
    struct seen seen = {""};
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", a);
    (void)publish(node);
    stage(node, NULL, "Pier", "XX-1", NULL);
    stage(node, NULL, "Dock", "XX-2", b);
    stage(node, NULL, "Quay", "XX-3", NULL);
    /* One wrong name: nothing goes, nothing is visited. */
    const char *wrong[] = {"ORGID:XX-2", "ORGID:XX-9"};
    MUST_FAIL(hanse_staged_discard(node, NULL, wrong, 2, see, &seen, &count, &node_err), HANSE_NOT_FOUND);
    assert_string_equal(seen.text, "");
    assert_staged(node, "put 1 Pier|put 0 Dock|put 0 Quay|");
    const char *names[] = {"ORGID:XX-2", b, a};
    MUST(hanse_staged_discard(node, NULL, names, 3, see, &seen, &count, &node_err));
    assert_int_equal(count, 2);
    assert_string_equal(seen.text, "put 0 Dock|put 1 Pier|");
    assert_staged(node, "put 0 Quay|");
    /* Published, and nothing of it staged. */
    MUST_FAIL(hanse_staged_discard(node, NULL, names + 2, 1, NULL, NULL, NULL, &node_err), HANSE_NOT_FOUND);
    MUST(hanse_staged_discard(node, NULL, NULL, 0, NULL, NULL, &count, &node_err));
    assert_int_equal(count, 1);
    MUST(hanse_staged_discard(node, NULL, NULL, 0, NULL, NULL, &count, &node_err));
    assert_int_equal(count, 0);
    assert_current(node, "ORGID:XX-1", a, "Port");
    hanse_node_close(node);
}

static enum hanse_status refuse(void *context, const struct hanse_staged *change, struct hanse_error *err)
{
    (void)change;
    (void)err;
    unsigned *left = context;
    return (*left)-- == 0 ? HANSE_CANCELLED : HANSE_OK;
}

static void test_visitor_that_refuses_keeps_all(void **state)
{
    (void)state;
    unsigned left = 1;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", NULL);
    stage(node, NULL, "Dock", "XX-2", NULL);
    MUST_FAIL(hanse_staged_discard(node, NULL, NULL, 0, refuse, &left, NULL, &node_err), HANSE_CANCELLED);
    const char *names[] = {"ORGID:XX-1", "ORGID:XX-2"};
    left = 1;
    MUST_FAIL(hanse_staged_discard(node, NULL, names, 2, refuse, &left, NULL, &node_err), HANSE_CANCELLED);
    assert_staged(node, "put 0 Port|put 0 Dock|");
    hanse_node_close(node);
}

/* What was discarded is not to be found in the file either. */
static void test_discarded_text_is_gone(void **state)
{
    (void)state;
    const char *names[] = {"ORGID:XX-1"};
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Zyzzyvanoid", "XX-1", NULL);
    MUST(hanse_staged_discard(node, NULL, names, 1, NULL, NULL, NULL, &node_err));
    shell("! grep -q Zyzzyvanoid '%s'*", at("city/private/staging.sqlite"));
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_withdraw),
        NODE_TEST(test_withdrawal_takes_the_place_of_a_revision),
        NODE_TEST(test_names),
        NODE_TEST(test_record_of_another_feed),
        NODE_TEST(test_get),
        NODE_TEST(test_discard),
        NODE_TEST(test_visitor_that_refuses_keeps_all),
        NODE_TEST(test_discarded_text_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
