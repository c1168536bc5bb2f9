/* SPDX-License-Identifier: Apache-2.0 */
/* Complete imports: what a source no longer has is withdrawn, and nothing that others put. */
#include "node_support.h"

#define MAP "Name = organisation.name[language=en].text\n"
#define IATI(body) "<?xml version=\"1.0\"?>\n<iati-activities version=\"2.03\">" body "</iati-activities>\n"
#define ACTIVITY(id)                                                                                         \
    "<iati-activity><iati-identifier>" id "</iati-identifier>"                                               \
    "<reporting-org ref=\"XX-1\" type=\"10\"><narrative>City</narrative></reporting-org>"                    \
    "<title><narrative>" id "</narrative></title>"                                                           \
    "<participating-org role=\"4\" ref=\"XX-1\"><narrative>City</narrative></participating-org>"             \
    "<activity-status code=\"2\"/><activity-date type=\"1\" iso-date=\"2024-02-01\"/></iati-activity>"

static struct hanse_bytes left;
static const char *second; /* another input, once */
static enum hanse_status second_fails;
static struct hanse_import_result result;

static enum hanse_status read_left(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                   struct hanse_error *err)
{
    (void)context;
    (void)err;
    *out_read = left.size < size ? left.size : size;
    if (*out_read > 0)
        memcpy(buffer, left.data, *out_read);
    left = hanse_bytes_slice(left, *out_read, left.size);
    return HANSE_OK;
}

static bool next_input(void *context, const char **out_source, struct hanse_error *err)
{
    (void)context;
    if (second_fails != HANSE_OK) {
        err->status = second_fails;
        (void)snprintf(err->message, sizeof err->message, "second is gone");
        return false;
    }
    if (second == NULL)
        return false;
    left = hanse_bytes_of_text(second);
    second = NULL;
    *out_source = "second";
    return true;
}

static struct hanse_import_options options_of(const char *from)
{
    return (struct hanse_import_options){.version = 1,
                                         .source = "first",
                                         .read = read_left,
                                         .next = next_input,
                                         .map = hanse_bytes_of_text(MAP),
                                         .key = "Nr",
                                         .from = from,
                                         .complete = true};
}

static enum hanse_status run(struct hanse_node *node, const struct hanse_import_options *options,
                             const char *text)
{
    left = hanse_bytes_of_text(text);
    return hanse_import(node, options, &result, &node_err);
}

static enum hanse_status complete(struct hanse_node *node, const char *from, const char *rows)
{
    char text[2000];
    struct hanse_import_options options = options_of(from);
    (void)snprintf(text, sizeof text, "Nr,Name\n%s", rows);
    return run(node, &options, text);
}

static void check_result(uint64_t staged, uint64_t unchanged, uint64_t invalid, uint64_t withdrawn)
{
    assert_int_equal(result.staged, staged);
    assert_int_equal(result.unchanged, unchanged);
    assert_int_equal(result.invalid, invalid);
    assert_int_equal(result.withdrawn, withdrawn);
}

static uint64_t staged_count(struct hanse_node *node)
{
    uint64_t count = 0;
    MUST(hanse_stage_count(node, NULL, &count, &node_err));
    return count;
}

static enum hanse_status keep(void *context, const struct hanse_item *item,
                              const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    (void)err;
    *(int *)context = item->withdrawn ? -(int)item->revision : (int)item->revision;
    return HANSE_OK;
}

/* The revision of a published record, negative if it is withdrawn. */
static int state_of(struct hanse_node *node, const char *name)
{
    int state = 0;
    MUST(hanse_query_show(node, name, keep, &state, &node_err));
    return state;
}

static void test_what_is_gone_is_withdrawn(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "By hand", "XX-1", NULL);
    MUST(complete(node, "parks", "1,A\n2,B\n3,C\n4,D\n"));
    check_result(4, 0, 0, 0);
    MUST(complete(node, "roads", "1,R\n9,S\n"));
    check_result(2, 0, 0, 0);
    (void)publish(node);
    MUST(complete(node, "parks", "4,D\n2,B2\n1,A\n"));
    check_result(1, 2, 0, 1);
    assert_int_equal(staged_count(node), 2);
    /* The same again changes nothing, whether it is published between or not. */
    MUST(complete(node, "parks", "4,D\n2,B2\n1,A\n"));
    check_result(0, 3, 0, 0);
    assert_int_equal(staged_count(node), 2);
    (void)publish(node);
    MUST(complete(node, "parks", "4,D\n2,B2\n1,A\n"));
    check_result(0, 3, 0, 0);
    assert_int_equal(staged_count(node), 0);
    assert_int_equal(state_of(node, "SOURCE-parks:3"), -2);
    assert_int_equal(state_of(node, "SOURCE-parks:2"), 2);
    assert_int_equal(state_of(node, "SOURCE-roads:1"), 1);
    assert_int_equal(state_of(node, "ORGID:XX-1"), 1);
    /* It comes again, as itself. */
    MUST(complete(node, "parks", "1,A\n2,B2\n3,C\n4,D\n"));
    check_result(1, 3, 0, 0);
    (void)publish(node);
    assert_int_equal(state_of(node, "SOURCE-parks:3"), 3);
    hanse_node_close(node);
}

static void test_survives_the_index(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    MUST(complete(node, "parks", "1,A\n2,B\n"));
    (void)publish(node);
    hanse_node_close(node);
    shell("rm -f %s/city/private/index.sqlite* %s/city/private/staging.sqlite*", work_dir, work_dir);
    node = open_node("city");
    MUST(complete(node, "parks", "1,A\n"));
    check_result(0, 1, 0, 1);
    (void)publish(node);
    assert_int_equal(state_of(node, "SOURCE-parks:2"), -2);
    hanse_node_close(node);
}

static void test_what_was_never_published_is_dropped(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    MUST(complete(node, "parks", "1,A\n2,B\n"));
    MUST(complete(node, "parks", "1,A\n"));
    check_result(0, 1, 0, 1);
    assert_int_equal(staged_count(node), 1);
    (void)publish(node);
    /* A revision that waits is replaced by the withdrawal. */
    MUST(complete(node, "parks", "1,A\n3,C\n"));
    (void)publish(node);
    MUST(complete(node, "parks", "1,A2\n3,C\n"));
    MUST(complete(node, "parks", "3,C\n"));
    check_result(0, 1, 0, 1);
    (void)publish(node);
    assert_int_equal(state_of(node, "SOURCE-parks:1"), -2);
    hanse_node_close(node);
}

static enum hanse_status keep_uuid(void *context, const struct hanse_item *item,
                                   const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    (void)err;
    (void)snprintf(context, 64, "%s", strrchr(item->id, '/') + 1);
    return HANSE_OK;
}

static void test_others_are_left_alone(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    struct hanse_import_options options = options_of(NULL);
    options.complete = false;
    MUST(run(node, &options, "Nr,Name\n1,Plain\n"));
    MUST(complete(node, "parks", "1,A\n2,B\n"));
    (void)publish(node);
    /* Somebody writes one anew: without the mark it is no longer the source's, staged or published. */
    char uuid[64];
    struct hanse_record *record = NULL;
    MUST(hanse_query_show(node, "SOURCE-parks:2", keep_uuid, uuid, &node_err));
    MUST(hanse_record_from_json(
        hanse_bytes_of_text("{\"organisation\":{\"name\":[{\"text\":\"Mine\",\"language\":\"en\"}]}}"),
        &record, &node_err));
    MUST(hanse_stage_put(node, NULL, uuid, record, NULL, NULL, &node_err));
    hanse_record_free(record);
    for (unsigned published = 0; published < 2; published++) {
        MUST(complete(node, "parks", "1,A\n"));
        check_result(0, 1, 0, 0);
        assert_int_equal(staged_count(node), 1 - published);
        (void)publish(node);
    }
    assert_int_equal(state_of(node, uuid), 2);
    assert_int_equal(state_of(node, "LOCAL:1"), 1);
    hanse_node_close(node);
}

static void check_nothing_staged(struct hanse_node *node, enum hanse_status status, enum hanse_status wanted,
                                 const char *said)
{
    MUST_FAIL(status, wanted);
    if (strstr(node_err.message, said) == NULL)
        fail_msg("%s", node_err.message);
    assert_int_equal(staged_count(node), 0);
}

static void test_bounds(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    const char *five = "1,A\n2,B\n3,C\n4,D\n5,E\n";
    MUST(complete(node, "parks", five));
    (void)publish(node);
    result.staged = 77;
    check_nothing_staged(node, complete(node, "parks", "1,A\n6,F\n"), HANSE_LIMIT,
                         "no longer has 4 of 6 records, and at most 3");
    assert_int_equal(result.staged, 77);
    check_nothing_staged(node, complete(node, "parks", ""), HANSE_LIMIT, "all 5 of the source \"parks\"");
    struct hanse_import_options options = options_of("parks");
    options.max_withdraw = 3;
    check_nothing_staged(node, run(node, &options, "Nr,Name\n1,A\n"), HANSE_LIMIT, "at most 3");
    options.max_withdraw = 4;
    options.dry_run = true;
    MUST(run(node, &options, "Nr,Name\n1,A\n"));
    check_result(0, 1, 0, 4);
    assert_int_equal(staged_count(node), 0);
    options.dry_run = false;
    MUST(run(node, &options, "Nr,Name\n1,A\n"));
    assert_int_equal(staged_count(node), 4);
    (void)publish(node);
    options.max_withdraw = 1;
    MUST(run(node, &options, "Nr,Name\n"));
    check_result(0, 0, 0, 1);
    hanse_node_close(node);
}

/* A tenth of them, where that is more than three. */
static void test_tenth(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    char rows[1000] = "";
    for (unsigned i = 0; i < 40; i++)
        (void)snprintf(rows + strlen(rows), sizeof rows - strlen(rows), "%02u,R%02u\n", i, i);
    MUST(complete(node, "parks", rows));
    (void)publish(node);
    size_t row = strlen("00,R00\n");
    check_nothing_staged(node, complete(node, "parks", rows + 5 * row), HANSE_LIMIT, "at most 4");
    MUST(complete(node, "parks", rows + 4 * row));
    check_result(0, 36, 0, 4);
    hanse_node_close(node);
}

static void test_invalid_records_withdraw_nothing(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    MUST(complete(node, "parks", "1,A\n2,B\n3,C\n"));
    (void)publish(node);
    MUST(complete(node, "parks", "1,A2\n2\n"));
    check_result(1, 0, 1, 0);
    assert_int_equal(staged_count(node), 1);
    (void)publish(node);
    struct hanse_import_options options = options_of("parks");
    options.single_transaction = true;
    MUST(run(node, &options, "Nr,Name\n1,A3\n2\n"));
    check_result(0, 0, 1, 0);
    assert_int_equal(staged_count(node), 0);
    check_nothing_staged(node, complete(node, "parks", "1,A4\n\"2"), HANSE_MALFORMED, "within quotes");
    hanse_node_close(node);
}

static void test_several_inputs_are_one(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    second = "Name,Nr\nC,3\n";
    MUST(complete(node, "parks", "1,A\n2,B\n"));
    check_result(3, 0, 0, 0);
    (void)publish(node);
    second = "Nr,Name\n1,Again\n";
    MUST(complete(node, "parks", "1,A\n2,B\n3,C\n"));
    check_result(0, 3, 1, 0);
    second = "Nr,Nam\n1,Again\n";
    check_nothing_staged(node, complete(node, "parks", "1,A2\n"), HANSE_MALFORMED, "\"second\": header");
    second_fails = HANSE_IO;
    check_nothing_staged(node, complete(node, "parks", "1,A2\n"), HANSE_IO, "second is gone");
    second_fails = HANSE_OK;
    hanse_node_close(node);
}

static void test_sources_without_keys(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    struct hanse_import_options options = {
        .version = 1, .read = read_left, .from = "aid", .complete = true, .single_transaction = true};
    MUST(run(node, &options, IATI(ACTIVITY("XX-1-A") ACTIVITY("XX-1-B"))));
    check_result(2, 0, 0, 0);
    (void)publish(node);
    MUST(run(node, &options, IATI(ACTIVITY("XX-1-B"))));
    check_result(0, 1, 0, 1);
    (void)publish(node);
    assert_int_equal(state_of(node, "SOURCE-aid:IATI-ACT:XX-1-A"), -2);
    /* Nothing to know it by. */
    options.from = "lines";
    MUST(run(node, &options, "{\"organisation\":{\"name\":[{\"text\":\"X\",\"language\":\"en\"}]}}\n"));
    check_result(0, 0, 1, 0);
    hanse_node_close(node);
}

static void test_names(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    static const char *const bad[] = {"", "a b", "a:b", "\xc3\xa4",
                                      "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check_nothing_staged(node, complete(node, bad[i], "1,A\n"), HANSE_INVALID_ARGUMENT, "is no name");
    MUST(complete(node, bad[4] + 1, "1,A\n"));
    (void)publish(node);
    check_nothing_staged(node, complete(node, NULL, "1,A\n"), HANSE_INVALID_ARGUMENT,
                         "no name of its source");
    struct hanse_import_options options = options_of("parks");
    options.complete = false;
    options.max_withdraw = 5;
    check_nothing_staged(node, run(node, &options, "Nr,Name\n"), HANSE_INVALID_ARGUMENT, "only a complete");
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_what_is_gone_is_withdrawn),
        NODE_TEST(test_survives_the_index),
        NODE_TEST(test_what_was_never_published_is_dropped),
        NODE_TEST(test_others_are_left_alone),
        NODE_TEST(test_bounds),
        NODE_TEST(test_tenth),
        NODE_TEST(test_invalid_records_withdraw_nothing),
        NODE_TEST(test_several_inputs_are_one),
        NODE_TEST(test_sources_without_keys),
        NODE_TEST(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
