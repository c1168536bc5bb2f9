/* SPDX-License-Identifier: Apache-2.0 */
/* Allocations, statements of SQLite, and steps of the HTTP library that fail one after the other in each
 * public call: the right error, the state as before, and the same call succeeds afterwards. Leaks are for the
 * sanitizers to see. HANSE_ANOMALY_ALL=1 tries each of them, by default they are tried more sparsely the more
 * there are. */
#include "node_anomaly.h"

#include <hanse/arrival.h>
#include <hanse/copy.h>
#include <hanse/doctor.h>
#include <hanse/key.h>
#include <hanse/proof.h>
#include <hanse/search.h>
#include <hanse/serve.h>
#include <hanse/staged.h>

static char city_key[512];
static char record_name[256];

/* The template: three published records, two staged; a folder with the feed that the office follows. */
static int setup(void **state)
{
    if (work_setup(state) != 0)
        return -1;
    struct hanse_node *city = make_node("source", CITY);
    publish_some(city, 0, 3);
    own_key(city, city_key);
    hanse_node_close(city);
    struct hanse_node *office = make_node("template", "office.example/hanse");
    publish_some(office, 0, 3);
    stage(office, NULL, "Port", "YY-1", record_name);
    (void)publish(office);
    stage(office, NULL, "Dock", "YY-2", NULL);
    stage(office, NULL, "Port authority", "YY-1", NULL);
    follow_dir(office, at("source/public"), city_key);
    hanse_node_close(office);
    return 0;
}

static enum hanse_status call_open(void)
{
    struct hanse_node *other = NULL;
    enum hanse_status status = hanse_node_open(at("office"), &other, &node_err);
    assert_true((status == HANSE_OK) == (other != NULL));
    hanse_node_close(other);
    return status;
}

static enum hanse_status call_key(void)
{
    char *text = NULL;
    enum hanse_status status = hanse_node_verifier_key(node, CITY, &text, &node_err);
    assert_true((status == HANSE_OK) == (text != NULL));
    hanse_free(text);
    return status;
}

static enum hanse_status see_feed(void *context, const struct hanse_feed_info *feed, struct hanse_error *err)
{
    (void)context;
    (void)feed;
    (void)err;
    return HANSE_OK;
}

static enum hanse_status call_feeds(void)
{
    return hanse_feed_list(node, see_feed, NULL, &node_err);
}

static enum hanse_status call_follow(void)
{
    char url[300];
    (void)snprintf(url, sizeof url, "file://%s/", at("source/public"));
    struct hanse_follow_options options = {.version = 1, .url = url, .verifier_key = city_key};
    return hanse_feed_follow(node, &options, &node_err);
}

static enum hanse_status see_item(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    (void)context;
    (void)err;
    assert_non_null(item->record);
    return HANSE_OK;
}

static enum hanse_status call_list(void)
{
    struct hanse_query query = {.version = 1, .kind = "Organisation", .feed = "office.example/hanse"};
    return hanse_query_list(node, &query, see_item, NULL, &node_err);
}

static enum hanse_status see_origin(void *context, const struct hanse_item *item,
                                    const struct hanse_item_origin *from, struct hanse_error *err)
{
    assert_non_null(from->checkpoint);
    return see_item(context, item, err);
}

static enum hanse_status call_show(void)
{
    return hanse_query_show(node, record_name, see_origin, NULL, &node_err);
}

static enum hanse_status call_show_code(void)
{
    return hanse_query_show(node, "ORGID:YY-1", see_origin, NULL, &node_err);
}

static enum hanse_status call_verify_node(void)
{
    struct hanse_verify_options options = {.version = 1};
    return hanse_verify_node(node, NULL, &options, &node_err);
}

static enum hanse_status call_verify_dir(void)
{
    struct hanse_verify_options options = {.version = 1, .verifier_key = city_key};
    return hanse_verify_dir(at("source/public"), &options, &node_err);
}

static enum hanse_status call_verify_dir_without_key(void)
{
    struct hanse_verify_options options = {.version = 1};
    return hanse_verify_dir(at("source/public"), &options, &node_err);
}

static void test_reading(void **state)
{
    (void)state;
    static anomaly_call *const calls[] = {call_open,       call_key,        call_feeds,
                                          call_follow,     call_list,       call_show,
                                          call_show_code,  call_verify_dir, call_verify_dir_without_key,
                                          call_verify_node};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        check_reading(calls[i]);
}

/* Init: whatever failed, the next try makes the node. */
static enum hanse_status call_init(void)
{
    struct hanse_init_options options = {.version = HANSE_INIT_OPTIONS_VERSION,
                                         .origin = "town.example/hanse",
                                         .title = "Town",
                                         .language = "en"};
    return hanse_node_init(at("town"), &options, &node_err);
}

static void judge_init(enum hanse_status status)
{
    must_fail(status);
    struct hanse_node *town = NULL;
    MUST_FAIL(hanse_node_open(at("town"), &town, &node_err), HANSE_NOT_FOUND);
}

static void test_init(void **state)
{
    (void)state;
    fail_each(call_init, judge_init); /* each try on what the one before left; the last one succeeds */
    struct hanse_node *town = open_node("town");
    assert_int_equal(feed_of(town, "town.example/hanse").info.staged, 1);
    assert_int_equal(publish(town).new_size, 2);
    hanse_node_close(town);
}

static enum hanse_status call_add_feed(void)
{
    struct hanse_init_options options = {
        .version = HANSE_INIT_OPTIONS_VERSION, .origin = "harbour.example/hanse", .title = "Harbour"};
    return hanse_node_add_feed(node, &options, &node_err);
}

/* The feed is there, with or without its title, or a second try makes it. */
static void judge_add_feed(enum hanse_status status)
{
    must_fail(status);
    hanse_node_close(node);
    node = open_node("office");
    status = call_add_feed();
    assert_true(status == HANSE_OK || status == HANSE_EXISTS);
    struct feed_row feed = feed_of(node, "harbour.example/hanse");
    assert_true(feed.info.own && feed.info.size == 0);
    assert_true(status == HANSE_EXISTS || feed.info.staged == 1);
    restore();
}

static void test_add_feed(void **state)
{
    (void)state;
    fail_each(call_add_feed, judge_add_feed);
    assert_int_equal(feed_of(node, "harbour.example/hanse").info.staged, 1);
    assert_int_equal(take().size, 5);
}

static struct hanse_record *staged_record;

static enum hanse_status call_stage(void)
{
    enum hanse_stage_outcome outcome = 0;
    char *id = NULL;
    enum hanse_status status = hanse_stage_put(node, NULL, NULL, staged_record, &outcome, &id, &node_err);
    assert_true((status == HANSE_OK) == (id != NULL && outcome == HANSE_STAGED));
    hanse_free(id);
    return status;
}

static void test_stage(void **state)
{
    (void)state;
    staged_record = organisation("New port", "ZZ-1");
    before = take();
    fail_each(call_stage, judge_unchanged);
    assert_int_equal(take().staged, before.staged + 1);
    hanse_record_free(staged_record);
}

static const char *import_text;
static size_t import_at;

static enum hanse_status read_text(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                   struct hanse_error *err)
{
    (void)context;
    (void)err;
    size_t left = strlen(import_text + import_at);
    *out_read = left < size ? left : size;
    memcpy(buffer, import_text + import_at, *out_read);
    import_at += *out_read;
    return HANSE_OK;
}

static enum hanse_status call_import(void)
{
    struct hanse_import_options options = {.version = 1, .source = "input", .read = read_text};
    struct hanse_import_result result = {.read = 77};
    import_at = 0;
    enum hanse_status status = hanse_import(node, &options, &result, &node_err);
    assert_int_equal(result.read, status == HANSE_OK ? 2 : 77);
    if (status == HANSE_OK)
        assert_int_equal(result.staged, 2);
    return status;
}

static void test_import(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"organisation\":{\"name\":[{\"text\":\"A\",\"language\":\"en\"}]}}\n"
        "{\"organisation\":{\"name\":[{\"text\":\"B\",\"language\":\"en\"}]}}\n",
#define ACTIVITY(id)                                                                                         \
    "<iati-activity><iati-identifier>" id "</iati-identifier>"                                               \
    "<reporting-org ref=\"XX-1\" type=\"10\"><narrative>City</narrative></reporting-org>"                    \
    "<title><narrative>Water</narrative></title>"                                                            \
    "<participating-org role=\"4\" ref=\"XX-1\"><narrative>City</narrative></participating-org>"             \
    "<activity-status code=\"2\"/><activity-date type=\"1\" iso-date=\"2024-02-01\"/></iati-activity>"
        "<iati-activities version=\"2.03\">" ACTIVITY("XX-1-A") ACTIVITY("XX-1-B") "</iati-activities>"};
    for (size_t i = 0; i < 2; i++) {
        import_text = texts[i];
        before = take();
        fail_each(call_import, judge_unchanged);
        assert_int_equal(take().staged, before.staged + 2);
    }
}

static enum hanse_status call_publish(void)
{
    struct hanse_publish_options options = {.version = 1};
    struct hanse_publish_result result = {0};
    return hanse_publish(node, &options, &result, &node_err);
}

/* Not published, or published; never half of it, and the next publish ends it. */
static void judge_publish(enum hanse_status status)
{
    must_fail(status);
    struct verify_report verdict;
    char key[512];
    own_key(node, key);
    MUST(verify_dir(at("office/public"), key, &verdict));
    assert_true(verdict.result.size == 5 || verdict.result.size == 7);
    MUST(call_publish());
    MUST(verify_dir(at("office/public"), key, &verdict));
    assert_int_equal(verdict.result.size, 7);
    struct snapshot now = take();
    assert_int_equal(now.size, 7);
    assert_int_equal(now.staged, 0);
    restore();
}

static void test_publish(void **state)
{
    (void)state;
    before = take();
    assert_int_equal(before.size, 5);
    assert_int_equal(before.staged, 2);
    fail_each(call_publish, judge_publish);
    assert_int_equal(take().size, 7);
}

static enum hanse_status call_rotate(void)
{
    struct hanse_key_rotate_options options = {.version = 1};
    return hanse_key_rotate(node, &options, NULL, NULL, &node_err);
}

/* The old key signs on, or the new one; the next try makes another change or the first one. */
static void judge_rotate(enum hanse_status status)
{
    must_fail(status);
    struct verify_report verdict;
    char key[512];
    hanse_node_close(node);
    node = open_node("office");
    own_key(node, key);
    MUST(verify_dir(at("office/public"), key, &verdict));
    assert_true(verdict.result.size == 5 || verdict.result.size == 6);
    assert_int_equal(take().staged, 2);
    MUST(call_rotate());
    MUST(call_publish());
    own_key(node, key);
    MUST(verify_dir(at("office/public"), key, &verdict));
    restore();
}

static void test_key_rotate(void **state)
{
    (void)state;
    fail_each(call_rotate, judge_rotate);
    assert_int_equal(take().size, 6);
    assert_int_equal(take().staged, 2);
}

static void see_proof(void *context, const struct hanse_proof_facts *facts)
{
    (void)context;
    assert_true(facts->item != NULL && facts->size == 5);
}

static enum hanse_status call_prove(void)
{
    char *text = NULL;
    enum hanse_status status = hanse_proof_make(node, record_name, see_proof, NULL, &text, &node_err);
    assert_true((status == HANSE_OK) == (text != NULL));
    hanse_free(text);
    return status;
}

static void test_prove(void **state)
{
    (void)state;
    before = take();
    fail_each(call_prove, judge_unchanged);
}

static enum hanse_status call_withdraw(void)
{
    enum hanse_stage_outcome outcome;
    char *id = NULL;
    enum hanse_status status =
        hanse_stage_withdraw(node, NULL, "ORGID:XX-1", "error", &outcome, &id, &node_err);
    assert_true((status == HANSE_OK) == (id != NULL));
    hanse_free(id);
    return status;
}

static void test_withdraw(void **state)
{
    (void)state;
    before = take();
    fail_each(call_withdraw, judge_unchanged);
    assert_int_equal(take().staged, before.staged + 1);
}

static enum hanse_status see_staged(void *context, const struct hanse_staged *change, struct hanse_error *err)
{
    (void)context;
    (void)change;
    (void)err;
    return HANSE_OK;
}

static enum hanse_status call_discard(void)
{
    const char *const names[] = {"ORGID:YY-2", record_name};
    return hanse_staged_discard(node, NULL, names, 2, see_staged, NULL, NULL, &node_err);
}

static void test_discard(void **state)
{
    (void)state;
    before = take();
    fail_each(call_discard, judge_unchanged);
    assert_int_equal(take().staged, before.staged - 2);
}

static enum hanse_status call_get(void)
{
    char *id = NULL;
    struct hanse_record *record = NULL;
    enum hanse_status status = hanse_staged_get(node, NULL, "ORGID:XX-0", &id, &record, &node_err);
    assert_true((status == HANSE_OK) == (record != NULL));
    hanse_free(id);
    hanse_record_free(record);
    return status;
}

static enum hanse_status call_staged(void)
{
    return hanse_staged_list(node, NULL, see_staged, NULL, &node_err);
}

static enum hanse_status see_revision(void *context, const struct hanse_revision *revision,
                                      struct hanse_error *err)
{
    (void)context;
    (void)revision;
    (void)err;
    return HANSE_OK;
}

static enum hanse_status call_log(void)
{
    return hanse_query_log(node, record_name, see_revision, NULL, &node_err);
}

static enum hanse_status see_arrival(void *context, const struct hanse_arrival *arrival,
                                     struct hanse_error *err)
{
    (void)context;
    (void)arrival;
    (void)err;
    return HANSE_OK;
}

static enum hanse_status call_arrivals(void)
{
    return hanse_arrival_list(node, NULL, see_arrival, NULL, &node_err);
}

static enum hanse_status see_hit(void *context, const struct hanse_search_hit *hit, struct hanse_error *err)
{
    (void)hit;
    (void)err;
    ++*(unsigned *)context;
    return HANSE_OK;
}

/* The words are made ready anew each time. */
static enum hanse_status call_search(void)
{
    const struct hanse_search search = {.version = 1, .words = "harb* -dock"};
    unsigned count = 0;
    shell("rm -rf '%s'", at("office/private/search"));
    enum hanse_status status = hanse_search_run(node, &search, see_hit, &count, NULL, &node_err);
    assert_true(status != HANSE_OK || count == 3);
    return status;
}

static enum hanse_status call_copy(void)
{
    const struct hanse_copy_options options = {.version = 1, .dir = at("stick")};
    return hanse_copy(node, &options, &node_err);
}

static void test_reading_changes(void **state)
{
    (void)state;
    check_reading(call_get);
    check_reading(call_staged);
    check_reading(call_log);
    check_reading(call_arrivals);
    check_reading(call_search);
    check_reading(call_copy);
}

static struct sync_report last_report;
static unsigned ended_between; /* checkpoint and index */

static enum hanse_status call_sync(void)
{
    last_report = (struct sync_report){0};
    struct hanse_sync_options options = {.version = 1, .visit = keep_report, .context = &last_report};
    return hanse_sync(node, &options, &node_err);
}

/* Without memory for the feed alone the sync as a whole goes on. */
static void judge_sync(enum hanse_status status)
{
    if (status == HANSE_OK) {
        assert_int_equal(last_report.count, 1);
        if (last_report.outcome != HANSE_SYNC_UPDATED)
            assert_outcome(&last_report, HANSE_SYNC_FAILED);
    }
    uint64_t size = feed_of(node, CITY).info.size;
    assert_true(size == 0 || size == 4);
    struct verify_report verdict;
    bool has_checkpoint =
        hanse_file_exists(at("%s/checkpoint", mirror_of("office", CITY) + strlen(work_dir) + 1));
    assert_true(has_checkpoint || size == 0);
    if (has_checkpoint)
        MUST(verify_dir(mirror_of("office", CITY), city_key, &verdict));
    if (has_checkpoint && size == 0) {
        /* The index is behind the mirror, and the source is gone: what is held stays whole. */
        ended_between++;
        shell("mv '%s' '%s'", at("source/public/hanse"), at("gone"));
        MUST(call_sync());
        shell("mv '%s' '%s'", at("gone"), at("source/public/hanse"));
        MUST(verify_dir(mirror_of("office", CITY), city_key, &verdict));
    }
    MUST(call_sync());
    if (last_report.outcome != HANSE_SYNC_CURRENT)
        assert_outcome(&last_report, HANSE_SYNC_UPDATED);
    MUST(verify_dir(mirror_of("office", CITY), city_key, &verdict));
    assert_int_equal(verdict.result.size, 4);
    assert_int_equal(feed_of(node, CITY).info.records, 3);
    restore();
}

static void test_sync(void **state)
{
    (void)state;
    judges_success = judge_sync;
    fail_each(call_sync, judge_sync);
    judges_success = NULL;
    assert_true(ended_between > 0);
    assert_int_equal(feed_of(node, CITY).info.size, 4);
}

/* A source that answers over HTTPS, each step to which fails once. What that does to one feed is its outcome.
 */
static void test_sync_by_https(void **state)
{
    (void)state;
    static const struct hanse_serve_options serve = {.version = 1, .listen = "127.0.0.1:0"};
    struct hanse_server *server = NULL;
    struct hanse_node *city = open_node("source");
    MUST(hanse_serve_start(city, &serve, &server, &node_err));
    char url[64], pin[64];
    (void)snprintf(url, sizeof url, "%s", hanse_server_url(server));
    (void)snprintf(pin, sizeof pin, "%s", hanse_server_pin(server));
    const struct hanse_follow_options follow = {
        .version = 1, .url = url, .verifier_key = city_key, .pin = pin};
    long n = 0;
    for (bool failed = true; failed; n = next_n(n)) {
        enum hanse_status status;
        restore();
        MUST(hanse_feed_follow(node, &follow, &node_err));
        failed = fail_nth(n, call_sync, &status);
        if (status != HANSE_OK && status != trouble->wanted && status != HANSE_NO_MEMORY)
            fail_msg("%s %ld: %s: %s", trouble->name, n, hanse_status_name(status), node_err.message);
        if (status != HANSE_OK)
            assert_true(failed && node_err.message[0] != '\0');
        if (status == HANSE_OK && last_report.outcome != HANSE_SYNC_UPDATED)
            assert_true(failed && last_report.message[0] != '\0');
        MUST(call_sync());
        if (last_report.outcome != HANSE_SYNC_CURRENT)
            assert_outcome(&last_report, HANSE_SYNC_UPDATED);
        assert_int_equal(feed_of(node, CITY).info.size, 4);
        const struct hanse_verify_options options = {.version = 1};
        MUST(hanse_verify_node(node, NULL, &options, &node_err));
    }
    assert_true(n > 3);
    hanse_server_stop(server);
    hanse_node_close(city);
}

/* Unfollowed whole, or to be ended by the next opening; never half of it. */
static enum hanse_status call_unfollow(void)
{
    return hanse_feed_unfollow(node, CITY, NULL, NULL, &node_err);
}

static void judge_unfollow(enum hanse_status status)
{
    must_fail(status);
    const struct hanse_verify_options options = {.version = 1};
    hanse_node_close(node);
    node = open_node("office");
    MUST(hanse_verify_node(node, NULL, &options, &node_err));
    status = call_unfollow();
    if (status != HANSE_OK)
        MUST_FAIL(status, HANSE_NOT_FOUND);
    assert_false(hanse_file_exists(mirror_of("office", CITY)));
    restore();
}

static void test_unfollow(void **state)
{
    (void)state;
    fail_each(call_unfollow, judge_unfollow);
}

static enum hanse_status call_recover(void)
{
    char url[300];
    (void)snprintf(url, sizeof url, "file://%s/", at("template/public"));
    last_report = (struct sync_report){0};
    const struct hanse_recover_options options = {
        .version = 1, .url = url, .visit = keep_report, .context = &last_report};
    return hanse_recover(node, &options, &node_err);
}

/* A segment is gone; recover brings it back, at the latest the second time. */
static void judge_recover(enum hanse_status status)
{
    (void)status;
    const struct hanse_verify_options options = {.version = 1};
    MUST(call_recover());
    MUST(hanse_verify_node(node, NULL, &options, &node_err));
    assert_int_equal(take().staged, 2);
    assert_int_equal(take().size, 5);
    restore();
    shell("rm -rf '%s'", at("office/public/hanse/public"));
}

static void test_recover(void **state)
{
    (void)state;
    long n = 0;
    shell("rm -rf '%s'", at("office/public/hanse/public"));
    for (enum hanse_status status; fail_nth(n, call_recover, &status); n = next_n(n)) {
        if (status != HANSE_OK)
            must_fail(status);
        judge_recover(status);
    }
    assert_true(n > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ANOMALY_TEST(test_reading),    ANOMALY_TEST(test_init),
        ANOMALY_TEST(test_add_feed),   ANOMALY_TEST(test_stage),
        ANOMALY_TEST(test_import),     ANOMALY_TEST(test_publish),
        ANOMALY_TEST(test_key_rotate), ANOMALY_TEST(test_prove),
        ANOMALY_TEST(test_sync),       ANOMALY_TEST(test_unfollow),
        ANOMALY_TEST(test_recover),    ANOMALY_TEST(test_withdraw),
        ANOMALY_TEST(test_discard),    ANOMALY_TEST(test_reading_changes),
    };
    int failed = 0;
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        trouble = &troubles[i];
        failed += cmocka_run_group_tests_name(trouble->name, tests, NULL, NULL);
    }
    trouble = &step_trouble;
    const struct CMUnitTest over_https[] = {ANOMALY_TEST(test_sync_by_https)};
    failed += cmocka_run_group_tests_name(trouble->name, over_https, NULL, NULL);
    print_message("anomaly points tried: %lu\n", points_tried);
    return failed;
}
