/* SPDX-License-Identifier: Apache-2.0 */
/* As test_node_anomaly.c, for what stands around the feeds of a node: server, doctor, mirrors, replies,
 * inbox, report, proofs, and validation without a node. tests/check_anomalies.sh sees that no public call is
 * left out.
 */
#include "node_anomaly.h"

#include <hanse/codes.h>
#include <hanse/doctor.h>
#include <hanse/inbox.h>
#include <hanse/mirror.h>
#include <hanse/proof.h>
#include <hanse/reply.h>
#include <hanse/report.h>
#include <hanse/serve.h>
#include <hanse/standing.h>

#define OFFICE "office.example/hanse"
#define FIRST_MIRROR "file:///nowhere/first/"
#define SECOND_MIRROR "file:///nowhere/second/"

static char city_key[512];
static char office_key[512];
static char record_name[256];
static char *proof_text;

static enum hanse_status take_name(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    (void)context;
    (void)err;
    (void)snprintf(record_name, sizeof record_name, "%s", item->id);
    return HANSE_OK;
}

/* An office with a profile that holds the feed of a city, and knows a mirror of it. */
static int setup(void **state)
{
    if (work_setup(state) != 0)
        return -1;
    struct hanse_node *city = make_node("source", CITY);
    publish_some(city, 0, 3);
    own_key(city, city_key);
    hanse_node_close(city);
    const struct hanse_init_options options = {
        .version = HANSE_INIT_OPTIONS_VERSION, .origin = OFFICE, .title = "Office", .language = "en"};
    MUST(hanse_node_init(at("template"), &options, &node_err));
    struct hanse_node *office = open_node("template");
    publish_some(office, 10, 2);
    own_key(office, office_key);
    follow_dir(office, at("source/public"), city_key);
    struct sync_report report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    const struct hanse_mirror_options mirror = {.version = 1, .feed = CITY, .url = FIRST_MIRROR};
    MUST(hanse_mirror_add(office, &mirror, &node_err));
    const struct hanse_query query = {.version = 1, .kind = "Organisation", .feed = CITY};
    MUST(hanse_query_list(office, &query, take_name, NULL, &node_err));
    hanse_free(proof_text);
    proof_text = NULL;
    MUST(hanse_proof_make(office, record_name, NULL, NULL, &proof_text, &node_err));
    hanse_node_close(office);
    return 0;
}

/* The certificate is made anew each time. */
static enum hanse_status call_serve(void)
{
    const struct hanse_serve_options options = {.version = 1, .listen = "127.0.0.1:0"};
    struct hanse_server *server = NULL;
    shell("rm -rf '%s'", at("office/private/tls"));
    enum hanse_status status = hanse_serve_start(node, &options, &server, &node_err);
    assert_true((status == HANSE_OK) == (server != NULL));
    hanse_server_stop(server);
    return status;
}

static void ignore_finding(void *context, const struct hanse_doctor_finding *finding)
{
    (void)context;
    assert_true(finding->message[0] != '\0' && finding->remedy[0] != '\0');
}

static enum hanse_status call_doctor(void)
{
    const struct hanse_doctor_options options = {.version = 1, .visit = ignore_finding};
    return hanse_doctor(at("office"), &options, &node_err);
}

static enum hanse_status call_proof_check(void)
{
    return hanse_proof_check(hanse_bytes_of_text(proof_text), city_key, NULL, NULL, &node_err);
}

static enum hanse_status see_inbox(void *context, const struct hanse_inbox_item *item,
                                   struct hanse_error *err)
{
    (void)context;
    (void)item;
    (void)err;
    return HANSE_OK;
}

static enum hanse_status call_inbox(void)
{
    return hanse_inbox_list(node, NULL, see_inbox, NULL, &node_err);
}

static enum hanse_status call_report(void)
{
    const struct hanse_report_options options = {.version = 1};
    struct hanse_report *report = NULL;
    enum hanse_status status = hanse_report_make(node, &options, &report, &node_err);
    assert_true((status == HANSE_OK) == (report != NULL));
    hanse_report_free(report);
    return status;
}

static enum hanse_status see_reply(void *context, const struct hanse_standing_reply *reply,
                                   struct hanse_error *err)
{
    (void)context;
    (void)reply;
    (void)err;
    return HANSE_OK;
}

static enum hanse_status list_standing(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    return hanse_standing_list(context, item, see_reply, NULL, err);
}

static enum hanse_status call_standing(void)
{
    const struct hanse_query query = {.version = 1, .kind = "Organisation", .feed = CITY};
    struct hanse_standing *standing = NULL;
    enum hanse_status status = hanse_standing_open(node, &standing, &node_err);
    assert_true((status == HANSE_OK) == (standing != NULL));
    if (status == HANSE_OK)
        status = hanse_query_list(node, &query, list_standing, standing, &node_err);
    hanse_standing_close(standing);
    return status;
}

static enum hanse_status call_stage_count(void)
{
    uint64_t count = 77;
    enum hanse_status status = hanse_stage_count(node, OFFICE, &count, &node_err);
    assert_int_equal(count, status == HANSE_OK ? 0 : 77);
    return status;
}

static enum hanse_status see_mirror(void *context, const struct hanse_mirror_info *mirror,
                                    struct hanse_error *err)
{
    (void)err;
    (void)mirror;
    ++*(unsigned *)context;
    return HANSE_OK;
}

static enum hanse_status call_mirrors(void)
{
    unsigned count = 0;
    return hanse_mirror_list(node, CITY, see_mirror, &count, &node_err);
}

static enum hanse_status read_lines(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                    struct hanse_error *err)
{
    static const char lines[] = "{\"organisation\":{\"name\":[{\"text\":\"A\",\"language\":\"en\"}]}}\n"
                                "{\"organisation\":{\"name\":[{\"text\":\"B\",\"language\":\"en\"}]}}\n";
    bool *is_read = context;
    (void)err;
    *out_read = *is_read ? 0 : sizeof lines - 1;
    assert_true(*out_read <= size);
    memcpy(buffer, lines, *out_read);
    *is_read = true;
    return HANSE_OK;
}

static enum hanse_status call_validate(void)
{
    bool is_read = false;
    const struct hanse_import_options options = {
        .version = 1, .source = "input", .read = read_lines, .read_context = &is_read};
    struct hanse_import_result result = {.read = 77};
    enum hanse_status status = hanse_validate(&options, &result, &node_err);
    assert_int_equal(result.read, status == HANSE_OK ? 2 : 77);
    return status;
}

static void test_reading(void **state)
{
    (void)state;
    static anomaly_call *const calls[] = {call_serve,  call_doctor,  call_proof_check, call_inbox,
                                          call_report, call_mirrors, call_validate,    call_standing};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        check_reading(calls[i]);
}

/* These ask for no memory and no statement: they come to the same when none is to be had. */
static enum hanse_status see_code(void *context, const struct hanse_code *code, struct hanse_error *err)
{
    (void)err;
    assert_non_null(code->name);
    ++*(unsigned *)context;
    return HANSE_OK;
}

static enum hanse_status call_constants(void)
{
    struct hanse_codes_info info;
    struct hanse_code code;
    const char *origin = NULL;
    unsigned count = 0;
    enum hanse_status status = hanse_codes_get("dac-5", &info, &node_err);
    if (status == HANSE_OK)
        status = hanse_codes_find("ISO3166-1", "JP", &code, &node_err);
    if (status == HANSE_OK)
        status = hanse_codes_search("ISO3166-1", "japan", see_code, &count, &node_err);
    if (status == HANSE_OK)
        status = hanse_node_own_origin(node, NULL, &origin, &node_err);
    assert_true(status != HANSE_OK || (count == 1 && strcmp(origin, OFFICE) == 0));
    return status;
}

static void test_constants(void **state)
{
    (void)state;
    enum hanse_status status;
    assert_false(fail_nth(0, call_constants, &status));
    MUST(status);
}

/* Asks for no memory. */
static void test_stage_count(void **state)
{
    (void)state;
    enum hanse_status status;
    if (trouble->code != 0)
        check_reading(call_stage_count);
    else
        assert_false(fail_nth(0, call_stage_count, &status));
}

static unsigned mirror_count(void)
{
    unsigned count = 0;
    MUST(hanse_mirror_list(node, CITY, see_mirror, &count, &node_err));
    return count;
}

static void judge_mirrors(enum hanse_status status)
{
    must_fail(status);
    assert_int_equal(mirror_count(), 1);
}

static enum hanse_status call_mirror_add(void)
{
    const struct hanse_mirror_options options = {.version = 1, .feed = CITY, .url = SECOND_MIRROR};
    return hanse_mirror_add(node, &options, &node_err);
}

static void test_mirror_add(void **state)
{
    (void)state;
    fail_each(call_mirror_add, judge_mirrors);
    assert_int_equal(mirror_count(), 2);
}

static enum hanse_status call_mirror_remove(void)
{
    return hanse_mirror_remove(node, CITY, FIRST_MIRROR, &node_err);
}

static void test_mirror_remove(void **state)
{
    (void)state;
    fail_each(call_mirror_remove, judge_mirrors);
    assert_int_equal(mirror_count(), 0);
}

static enum hanse_status reply(bool corrects)
{
    static const char *const path = "organisation.name[0].text";
    static const char *const value = "Port office";
    const struct hanse_reply_options options = {.version = 1,
                                                .name = record_name,
                                                .verdict = corrects ? NULL : "disputed",
                                                .text = "it moved",
                                                .paths = &path,
                                                .values = corrects ? &value : NULL,
                                                .count = 1};
    struct hanse_reply_result result = {0};
    enum hanse_status status = corrects ? hanse_reply_suggest(node, &options, &result, &node_err)
                                        : hanse_reply_confirm(node, &options, &result, &node_err);
    assert_true((status == HANSE_OK) == (result.id != NULL));
    hanse_reply_result_release(&result);
    return status;
}

static enum hanse_status call_confirm(void)
{
    return reply(false);
}

static enum hanse_status call_suggest(void)
{
    return reply(true);
}

static void test_replies(void **state)
{
    (void)state;
    static anomaly_call *const calls[] = {call_confirm, call_suggest};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        before = take();
        fail_each(calls[i], judge_unchanged);
        assert_int_equal(take().staged, before.staged + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ANOMALY_TEST(test_reading),    ANOMALY_TEST(test_constants),     ANOMALY_TEST(test_stage_count),
        ANOMALY_TEST(test_mirror_add), ANOMALY_TEST(test_mirror_remove), ANOMALY_TEST(test_replies),
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        trouble = &troubles[i];
        failed += cmocka_run_group_tests_name(trouble->name, tests, NULL, NULL);
    }
    hanse_free(proof_text);
    print_message("anomaly points tried: %lu\n", points_tried);
    return failed;
}
