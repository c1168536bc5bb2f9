/* SPDX-License-Identifier: Apache-2.0 */
/* Whose next revision a staged record is, and what counts as no change. */
#include "node_support.h"

static uint64_t staged_count(struct hanse_node *node)
{
    uint64_t count = 0;
    MUST(hanse_stage_count(node, NULL, &count, &node_err));
    return count;
}

static void test_new_records_are_told_apart(void **state)
{
    (void)state;
    char a[256];
    char b[256];
    struct hanse_node *node = make_node("city", CITY);
    assert_int_equal(stage(node, NULL, "Port", NULL, a), HANSE_STAGED);
    assert_int_equal(stage(node, NULL, "Dock", NULL, b), HANSE_STAGED);
    assert_string_not_equal(a, b);
    assert_memory_equal(a, "hanse:" CITY "/", strlen("hanse:" CITY "/"));
    assert_int_equal(strlen(a), strlen("hanse:" CITY "/") + 36);
    assert_int_equal(staged_count(node), 2);
    hanse_node_close(node);
}

static void test_same_content_is_the_same_record(void **state)
{
    (void)state;
    char a[256];
    char b[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", NULL, a);
    assert_int_equal(stage(node, NULL, "Port", NULL, b), HANSE_STAGE_UNCHANGED);
    assert_string_equal(a, b);
    (void)publish(node);
    assert_int_equal(stage(node, NULL, "Port", NULL, b), HANSE_STAGE_UNCHANGED);
    assert_string_equal(a, b);
    assert_int_equal(staged_count(node), 0);
    hanse_node_close(node);
}

static void test_identifier_names_the_record(void **state)
{
    (void)state;
    char a[256];
    char b[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", a);
    assert_int_equal(stage(node, NULL, "Port authority", "XX-1", b), HANSE_STAGED);
    assert_string_equal(a, b);
    assert_int_equal(staged_count(node), 1);
    (void)publish(node);
    assert_int_equal(stage(node, NULL, "Port office", "XX-1", b), HANSE_STAGED);
    assert_string_equal(a, b);
    assert_int_equal(stage(node, NULL, "Port office", "XX-2", b), HANSE_STAGED);
    assert_string_not_equal(a, b);
    hanse_node_close(node);
}

static void test_identifier_of_another_kind_names_another_record(void **state)
{
    (void)state;
    char a[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", a);
    for (int published = 0; published < 2; published++) {
        enum hanse_stage_outcome outcome;
        char *id = NULL;
        struct hanse_record *record =
            record_of("{\"header\":{\"identifiers\":[{\"scheme\":\"ORGID\",\"value\":\"XX-1\"}]},"
                      "\"localGovernment\":{\"name\":[{\"text\":\"Port\",\"language\":\"en\"}],"
                      "\"country\":\"JP\",\"level\":\"LOCAL_GOVERNMENT_LEVEL_MUNICIPAL\"}}");
        MUST(hanse_stage_put(node, NULL, NULL, record, &outcome, &id, &node_err));
        assert_int_equal(outcome, published ? HANSE_STAGE_UNCHANGED : HANSE_STAGED);
        assert_string_not_equal(a, id);
        hanse_free(id);
        hanse_record_free(record);
        if (!published)
            assert_int_equal(publish(node).new_size, 3);
    }
    hanse_node_close(node);
}

static void test_named_record_takes_any_content(void **state)
{
    (void)state;
    char a[256];
    char b[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", a);
    stage(node, NULL, "Dock", "XX-2", NULL);
    (void)publish(node);
    /* By full name, by UUID, and in capitals without hyphens; the identifier of another has no say. */
    assert_int_equal(stage(node, a, "Quay", "XX-2", b), HANSE_STAGED);
    assert_string_equal(a, b);
    const char *uuid = strrchr(a, '/') + 1;
    assert_int_equal(stage(node, uuid, "Quay", "XX-2", b), HANSE_STAGE_UNCHANGED);
    char bare[40];
    size_t length = 0;
    for (const char *p = uuid; *p != '\0'; p++)
        if (*p != '-')
            bare[length++] = (char)(*p >= 'a' && *p <= 'f' ? *p - 'a' + 'A' : *p);
    bare[length] = '\0';
    assert_int_equal(stage(node, bare, "Pier", NULL, b), HANSE_STAGED);
    assert_string_equal(a, b);
    assert_int_equal(staged_count(node), 1);
    hanse_node_close(node);
}

static void test_names_of_nothing_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"",
                                        "x",
                                        "018f0000-0000-7001-8002-03040506070",
                                        "018f0000-0000-7001-8002-0304050607089",
                                        "018f00000-000-7001-8002-030405060708",
                                        "hanse:other.example/hanse/018f0000-0000-7001-8002-030405060708",
                                        "hanse:" CITY "018f0000-0000-7001-8002-030405060708",
                                        "018f0000-0000-4001-8002-030405060708",
                                        "018f0000-0000-7001-c002-030405060708"};
    struct hanse_node *node = make_node("city", CITY);
    struct hanse_record *record = organisation("Port", NULL);
    enum hanse_stage_outcome outcome = 0;
    char *id = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        enum hanse_status status = hanse_stage_put(node, NULL, names[i], record, &outcome, &id, &node_err);
        if (status != HANSE_INVALID_ARGUMENT)
            fail_msg("\"%s\": %s", names[i], hanse_status_name(status));
    }
    assert_null(id);
    assert_int_equal(outcome, 0);
    MUST_FAIL(hanse_stage_put(node, "other.example/hanse", NULL, record, &outcome, &id, &node_err),
              HANSE_NOT_FOUND);
    assert_int_equal(staged_count(node), 0);
    hanse_record_free(record);
    hanse_node_close(node);
}

static void test_what_was_reverted_is_no_change(void **state)
{
    (void)state;
    char a[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", a);
    (void)publish(node);
    assert_int_equal(stage(node, NULL, "Dock", "XX-1", NULL), HANSE_STAGED);
    assert_int_equal(staged_count(node), 1);
    assert_int_equal(stage(node, NULL, "Port", "XX-1", NULL), HANSE_STAGE_UNCHANGED);
    assert_int_equal(staged_count(node), 0);
    struct hanse_publish_result result = publish(node);
    assert_int_equal(result.new_size, result.old_size);
    /* A revision back to an older content is a change. */
    stage(node, NULL, "Dock", "XX-1", NULL);
    (void)publish(node);
    assert_int_equal(stage(node, NULL, "Port", "XX-1", NULL), HANSE_STAGED);
    assert_int_equal(publish(node).new_size, 4);
    hanse_node_close(node);
}

/* What a staged change that was replaced said must not draw others to it. */
static void test_a_replaced_identifier_is_free_again(void **state)
{
    (void)state;
    char a[256];
    char b[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", a);
    stage(node, a, "Port", "XX-9", NULL);
    assert_int_equal(stage(node, NULL, "Dock", "XX-1", b), HANSE_STAGED);
    assert_string_not_equal(a, b);
    assert_int_equal(stage(node, NULL, "Port 9", "XX-9", b), HANSE_STAGED);
    assert_string_equal(a, b);
    (void)publish(node);
    stage(node, a, "Port", "XX-7", NULL);
    (void)publish(node);
    stage(node, NULL, "Harbour", "XX-9", b);
    assert_string_not_equal(a, b);
    hanse_node_close(node);
}

static void test_invalid_records_are_not_staged(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    struct hanse_record *record = record_of("{\"organisation\":{}}");
    enum hanse_stage_outcome outcome = 0;
    MUST_FAIL(hanse_stage_put(node, NULL, NULL, record, &outcome, NULL, &node_err), HANSE_INVALID_RECORD);
    assert_int_equal(staged_count(node), 0);
    hanse_record_free(record);
    hanse_node_close(node);
}

static void test_staged_changes_survive_closing(void **state)
{
    (void)state;
    char a[256];
    char b[256];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Port", "XX-1", a);
    hanse_node_close(node);
    node = open_node("city");
    assert_int_equal(staged_count(node), 1);
    assert_int_equal(stage(node, NULL, "Port", "XX-1", b), HANSE_STAGE_UNCHANGED);
    assert_string_equal(a, b);
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_new_records_are_told_apart),
        NODE_TEST(test_same_content_is_the_same_record),
        NODE_TEST(test_identifier_names_the_record),
        NODE_TEST(test_identifier_of_another_kind_names_another_record),
        NODE_TEST(test_named_record_takes_any_content),
        NODE_TEST(test_names_of_nothing_are_refused),
        NODE_TEST(test_what_was_reverted_is_no_change),
        NODE_TEST(test_a_replaced_identifier_is_free_again),
        NODE_TEST(test_invalid_records_are_not_staged),
        NODE_TEST(test_staged_changes_survive_closing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
