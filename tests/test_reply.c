/* SPDX-License-Identifier: Apache-2.0 */
/* Replies, inbox and standing in the library: what is refused, and that a failing allocation stages nothing.
 */
#include <hanse/inbox.h>
#include <hanse/reply.h>
#include <hanse/request.h>
#include <hanse/staged.h>
#include <hanse/standing.h>

#include "anomaly.h"
#include "node_support.h"

#define TOWN "town.example/hanse"

static struct hanse_node *node;
static char tie[160];

static void put(const char *origin, const char *json, char out[160])
{
    char *id = NULL;
    struct hanse_record *record = record_of(json);
    struct hanse_publish_options options = {.version = 1, .origin = origin};
    struct hanse_publish_result result;
    MUST(hanse_stage_put(node, origin, NULL, record, NULL, &id, &node_err));
    MUST(hanse_publish(node, &options, &result, &node_err));
    (void)snprintf(out, 160, "%s", id);
    hanse_free(id);
    hanse_record_free(record);
}

static void speak(const char *origin, const char *code)
{
    char json[400];
    char id[160];
    (void)snprintf(
        json, sizeof json,
        "{\"feedProfile\":{\"title\":[{\"text\":\"X\",\"language\":\"en\"}],\"owner\":{\"id\":\"%s\"},"
        "\"ownerKind\":\"OWNER_KIND_LOCAL_GOVERNMENT\",\"custody\":\"CUSTODY_SELF\"}}",
        code);
    put(origin, json, id);
}

/* A node with the feeds of two cities; CITY has published a tie of both. */
static int begin(void **state)
{
    if (work_setup(state) != 0)
        return -1;
    struct hanse_init_options town = {.version = HANSE_INIT_OPTIONS_VERSION, .origin = TOWN};
    node = make_node("office", CITY);
    MUST(hanse_node_add_feed(node, &town, &node_err));
    speak(CITY, "UNLOCODE:JPKKJ");
    speak(TOWN, "UNLOCODE:CNDLC");
    put(CITY,
        "{\"cooperation\":{\"kind\":\"COOPERATION_KIND_SISTER_CITY\",\"status\":\"COOPERATION_STATUS_"
        "ACTIVE\","
        "\"parties\":[{\"actor\":{\"id\":\"UNLOCODE:JPKKJ\"}},{\"actor\":{\"id\":\"UNLOCODE:CNDLC\"}}]}}",
        tie);
    return 0;
}

static int end(void **state)
{
    hanse_node_close(node);
    node = NULL;
    return work_teardown(state);
}

static uint64_t staged_count(void)
{
    uint64_t count = 0;
    MUST(hanse_stage_count(node, TOWN, &count, &node_err));
    return count;
}

static enum hanse_status confirm(const struct hanse_reply_options *options)
{
    struct hanse_reply_result result = {0};
    enum hanse_status status = hanse_reply_confirm(node, options, &result, &node_err);
    hanse_reply_result_release(&result);
    return status;
}

static void test_refusals(void **state)
{
    (void)state;
    const char *paths[] = {"cooperation.nothing"};
    const char *values[] = {"x"};
    struct hanse_reply_options options = {.version = 1, .origin = TOWN, .name = tie, .verdict = "confirmed"};
    struct hanse_reply_result result = {0};
    struct hanse_reply_options bad = options;
    bad.version = 2;
    MUST_FAIL(confirm(&bad), HANSE_INVALID_ARGUMENT);
    bad = options;
    bad.verdict = "perhaps";
    MUST_FAIL(confirm(&bad), HANSE_INVALID_ARGUMENT);
    bad.verdict = "disputed";
    MUST_FAIL(confirm(&bad), HANSE_INVALID_RECORD);
    bad = options;
    bad.origin = CITY;
    MUST_FAIL(confirm(&bad), HANSE_INVALID_ARGUMENT);
    bad.origin = "nobody.example/hanse";
    MUST_FAIL(confirm(&bad), HANSE_NOT_FOUND);
    bad = options;
    bad.name = "hanse:city.example/hanse/01890a5d-0000-7000-8000-000000000000";
    MUST_FAIL(confirm(&bad), HANSE_NOT_FOUND);
    bad = options;
    bad.paths = paths;
    bad.values = values;
    bad.count = 1;
    bad.text = "no";
    MUST_FAIL(confirm(&bad), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(hanse_reply_suggest(node, &bad, &result, &node_err), HANSE_INVALID_ARGUMENT);
    assert_null(result.id);
    assert_int_equal(staged_count(), 0);
    MUST(confirm(&options));
    assert_int_equal(staged_count(), 1);
}

static void test_failing_allocations_stage_nothing(void **state)
{
    (void)state;
    struct hanse_reply_options options = {.version = 1, .origin = TOWN, .name = tie, .verdict = "confirmed"};
    enum hanse_status status = HANSE_NO_MEMORY;
    long n = 0;
    while (status != HANSE_OK) {
        struct anomaly_countdown countdown = {.left = n++};
        hanse_alloc_set_failure_hook(anomaly_hook, &countdown);
        status = confirm(&options);
        hanse_alloc_set_failure_hook(NULL, NULL);
        if (status != HANSE_OK) {
            assert_string_equal(hanse_status_name(status), "no-memory");
            assert_int_equal(staged_count(), 0);
        }
    }
    assert_true(n > 20);
    assert_int_equal(staged_count(), 1);
}

static enum hanse_status count_item(void *context, const struct hanse_inbox_item *item,
                                    struct hanse_error *err)
{
    (void)err;
    size_t *count = context;
    assert_string_equal(item->id, tie);
    assert_string_equal(item->to, TOWN);
    assert_string_equal(item->party, "UNLOCODE:CNDLC");
    assert_int_equal(item->kind, HANSE_INBOX_CLAIM);
    (*count)++;
    return HANSE_OK;
}

static enum hanse_status stop(void *context, const struct hanse_inbox_item *item, struct hanse_error *err)
{
    (void)context;
    (void)item;
    (void)err;
    return HANSE_CANCELLED;
}

static void test_inbox(void **state)
{
    (void)state;
    size_t count = 0;
    enum hanse_status status = HANSE_NO_MEMORY;
    MUST_FAIL(hanse_inbox_list(node, "nobody.example/hanse", count_item, &count, &node_err), HANSE_NOT_FOUND);
    MUST_FAIL(hanse_inbox_list(node, NULL, stop, NULL, &node_err), HANSE_CANCELLED);
    for (long n = 0; status != HANSE_OK; n++) {
        struct anomaly_countdown countdown = {.left = n};
        count = 0;
        hanse_alloc_set_failure_hook(anomaly_hook, &countdown);
        status = hanse_inbox_list(node, NULL, count_item, &count, &node_err);
        hanse_alloc_set_failure_hook(NULL, NULL);
        if (status != HANSE_OK)
            assert_string_equal(hanse_status_name(status), "no-memory");
    }
    assert_int_equal(count, 1);
    count = 0;
    MUST(hanse_inbox_list(node, CITY, count_item, &count, &node_err));
    assert_int_equal(count, 0);
}

struct judged {
    struct hanse_standing *standing;
    char state[32];
};

static enum hanse_status judge(void *context, const struct hanse_item *item,
                               const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    struct judged *judged = context;
    struct hanse_standing_facts facts;
    enum hanse_status status = hanse_standing_judge(judged->standing, item, &facts, err);
    if (status == HANSE_OK)
        (void)snprintf(judged->state, sizeof judged->state, "%s", facts.state);
    return status;
}

/* How the tie stands, with every allocation failing in turn. */
static void stands(const char *wanted)
{
    enum hanse_status status = HANSE_NO_MEMORY;
    struct judged judged = {0};
    for (long n = 0; status != HANSE_OK; n++) {
        struct anomaly_countdown countdown = {.left = n};
        judged.standing = NULL;
        hanse_alloc_set_failure_hook(anomaly_hook, &countdown);
        status = hanse_standing_open(node, &judged.standing, &node_err);
        if (status == HANSE_OK)
            status = hanse_query_show(node, tie, judge, &judged, &node_err);
        hanse_alloc_set_failure_hook(NULL, NULL);
        hanse_standing_close(judged.standing);
        if (status != HANSE_OK)
            assert_string_equal(hanse_status_name(status), "no-memory");
    }
    assert_string_equal(judged.state, wanted);
}

static void test_standing(void **state)
{
    (void)state;
    struct hanse_reply_options options = {.version = 1, .origin = TOWN, .name = tie, .verdict = "confirmed"};
    struct hanse_publish_options publish = {.version = 1, .origin = TOWN};
    struct hanse_publish_result result;
    stands("claimed");
    MUST(confirm(&options));
    stands("claimed"); /* staged, not published */
    MUST(hanse_publish(node, &publish, &result, &node_err));
    stands("confirmed");
    options.verdict = "disputed";
    options.text = "no";
    MUST(confirm(&options));
    MUST(hanse_publish(node, &publish, &result, &node_err));
    stands("disputed");
}

static enum hanse_status no_row(void *context, const struct hanse_request_row *row, struct hanse_error *err)
{
    (void)context;
    (void)err;
    fail_msg("a row for %s", row->recipient);
    return HANSE_OK;
}

static void test_request(void **state)
{
    (void)state;
    MUST_FAIL(hanse_request_list(node, tie, no_row, NULL, &node_err), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(hanse_request_list(node, "ORGID:none", no_row, NULL, &node_err), HANSE_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refusals, begin, end),
        cmocka_unit_test_setup_teardown(test_failing_allocations_stage_nothing, begin, end),
        cmocka_unit_test_setup_teardown(test_inbox, begin, end),
        cmocka_unit_test_setup_teardown(test_standing, begin, end),
        cmocka_unit_test_setup_teardown(test_request, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
