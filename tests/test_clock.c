/* SPDX-License-Identifier: Apache-2.0 */
/* A clock that is a year off, either way: nothing is refused, lost or put in another order, and doctor names
 * it. And the times for which files are kept for readers that are still at them. */
#include "shifted_clock.h"

#include "node_support.h"

#include <dirent.h>

#include <hanse/doctor.h>
#include <hanse/serve.h>
#include <hanse/sync.h>

#include "base/clock.h"
#include "erasure_support.h"
#include "node/files/segment_list.h"
#include "node/files/segment_rewrite.h"

enum { YEAR_S = 365 * 24 * 3600, HOUR_S = 3600 };

static const time_t shifts[] = {-YEAR_S, YEAR_S};
enum { SHIFTS = sizeof shifts / sizeof shifts[0] };

static int set_up(void **state)
{
    clock_shift_s = 0;
    return work_setup(state);
}

static int tear_down(void **state)
{
    clock_shift_s = 0;
    return work_teardown(state);
}

static void clocks_differ(void **state)
{
    (void)state;
    uint64_t now = hanse_clock_unix_s();
    clock_shift_s = -YEAR_S;
    assert_in_range(hanse_clock_unix_s(), now - YEAR_S, now - YEAR_S + 60);
    assert_in_range((uint64_t)time(NULL), now - YEAR_S, now - YEAR_S + 60);
}

struct newest {
    char name[128];
    uint64_t revision;
    uint64_t published_unix_s;
};

static enum hanse_status keep_newest(void *context, const struct hanse_item *item,
                                     const struct hanse_item_origin *from, struct hanse_error *err)
{
    struct newest *newest = context;
    char *text = NULL;
    (void)from;
    newest->revision = item->revision;
    newest->published_unix_s = item->published_unix_s;
    MUST(hanse_record_get(item->record, "organisation.name[0].text", &text, err));
    (void)snprintf(newest->name, sizeof newest->name, "%s", text);
    hanse_free(text);
    return HANSE_OK;
}

static struct newest show(struct hanse_node *node, const char *name)
{
    struct newest newest = {0};
    MUST(hanse_query_show(node, name, keep_newest, &newest, &node_err));
    return newest;
}

static void verify_node(struct hanse_node *node)
{
    const struct hanse_verify_options options = {.version = 1};
    MUST(hanse_verify_node(node, NULL, &options, &node_err));
}

/* What is current is told by the order of the log, not by what its clock said; and what web servers and
 * caches tell versions apart by goes on. */
static void publishing_goes_on(void **state)
{
    (void)state;
    char key[512], id[256];
    for (size_t i = 0; i < SHIFTS; i++) {
        uint64_t before = 0, after = 0;
        const char *city_dir = i == 0 ? "behind" : "ahead";
        const char *office_dir = i == 0 ? "behind-office" : "ahead-office";
        struct hanse_node *city = make_node(city_dir, CITY);
        struct hanse_node *office = make_node(office_dir, "office.example/hanse");
        stage(city, NULL, "First", "YY-1", id);
        (void)publish(city);
        own_key(city, key);
        follow_dir(office, at("%s/public", city_dir), key);
        struct sync_report report = sync_node(office);
        assert_outcome(&report, HANSE_SYNC_UPDATED);
        MUST(hanse_file_modified(at("%s/public/checkpoint", city_dir), &before, &node_err));

        clock_shift_s = shifts[i];
        stage(city, NULL, "Second", "YY-1", NULL);
        (void)publish(city);
        MUST(hanse_file_modified(at("%s/public/checkpoint", city_dir), &after, &node_err));
        assert_true(after > before);
        assert_string_equal(show(city, id).name, "Second");
        assert_int_equal(show(city, id).revision, 2);
        report = sync_node(office);
        assert_outcome(&report, HANSE_SYNC_UPDATED);
        assert_string_equal(show(office, id).name, "Second");

        clock_shift_s = 0; /* it is set right again */
        before = after;
        stage(city, NULL, "Third", "YY-1", NULL);
        (void)publish(city);
        MUST(hanse_file_modified(at("%s/public/checkpoint", city_dir), &after, &node_err));
        assert_true(after > before);
        report = sync_node(office);
        assert_outcome(&report, HANSE_SYNC_UPDATED);
        assert_string_equal(show(office, id).name, "Third");
        assert_int_equal(show(office, id).revision, 3);
        verify_node(city);
        verify_node(office);
        hanse_node_close(office);
        office = open_node(office_dir); /* what is noted of a time to come harms nothing */
        report = sync_node(office);
        assert_outcome(&report, HANSE_SYNC_CURRENT);
        hanse_node_close(office);
        hanse_node_close(city);
    }
}

/* Trust by pin does not hang on the clock. */
static void pinned_servers_are_reached(void **state)
{
    (void)state;
    char key[512];
    struct hanse_server *server = NULL;
    const struct hanse_serve_options serve = {.version = 1, .listen = "127.0.0.1:0"};
    struct hanse_node *city = make_node("city", CITY);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    publish_some(city, 0, 3);
    own_key(city, key);
    MUST(hanse_serve_start(city, &serve, &server, &node_err));
    const struct hanse_follow_options follow = {
        .version = 1, .url = hanse_server_url(server), .verifier_key = key, .pin = hanse_server_pin(server)};
    MUST(hanse_feed_follow(office, &follow, &node_err));
    for (unsigned i = 0; i < SHIFTS; i++) {
        publish_some(city, 10 * (i + 1), 2);
        clock_shift_s = shifts[i];
        struct sync_report report = sync_node(office);
        assert_outcome(&report, HANSE_SYNC_UPDATED);
        report = sync_node(office);
        assert_outcome(&report, HANSE_SYNC_CURRENT);
        clock_shift_s = 0;
    }
    hanse_server_stop(server);
    /* One that is made while the clock is ahead serves when it is right again. */
    shell("rm -rf '%s'", at("city/private/tls"));
    clock_shift_s = YEAR_S;
    MUST(hanse_serve_start(city, &serve, &server, &node_err));
    clock_shift_s = 0;
    const struct hanse_follow_options again = {
        .version = 1, .url = hanse_server_url(server), .verifier_key = key, .pin = hanse_server_pin(server)};
    MUST(hanse_feed_follow(office, &again, &node_err));
    struct sync_report report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_CURRENT);
    hanse_server_stop(server);
    hanse_node_close(office);
    hanse_node_close(city);
}

static void keep_clock(void *context, const struct hanse_doctor_finding *finding)
{
    if (strcmp(finding->rule, "clock") == 0)
        ++*(unsigned *)context;
}

static unsigned clock_findings(void)
{
    unsigned found = 0;
    const struct hanse_doctor_options options = {
        .version = 1, .offline = true, .visit = keep_clock, .context = &found};
    MUST(hanse_doctor(at("city"), &options, &node_err));
    return found;
}

static void doctor_names_a_clock_that_is_behind(void **state)
{
    (void)state;
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 3);
    assert_int_equal(clock_findings(), 0);
    clock_shift_s = -YEAR_S;
    assert_int_equal(clock_findings(), 1);
    /* Files that were written while it was ahead are a year away from one that is right. */
    clock_shift_s = YEAR_S;
    publish_some(city, 10, 1);
    clock_shift_s = 0;
    assert_int_equal(clock_findings(), 1);
    hanse_node_close(city);
}

/* --- what is kept for a while --- */

static unsigned count_files(const char *dir)
{
    unsigned count = 0;
    DIR *folder = opendir(dir);
    for (struct dirent *name; folder != NULL && (name = readdir(folder)) != NULL;)
        count += name->d_name[0] != '.';
    if (folder != NULL)
        closedir(folder);
    return count;
}

/* A rewritten segment's old file is there for a day: a reader that has begun may end. */
static void replaced_segments_stay_for_a_day(void **state)
{
    (void)state;
    struct hanse_segment_list list = {0};
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 3);
    {
        HANSE_SCOPED_STORE struct hanse_feed_store store;
        MUST(hanse_feed_store_open(&store, at("city/public"), &node_err));
        MUST(hanse_segment_list_copy(&list, &store.manifest, UINT64_MAX, &node_err));
        MUST(hanse_segment_rewrite(at("city/public"), &list.items[0], NULL, NULL, &node_err));
        MUST(hanse_segment_list_write(&list, at("city/public"), &node_err));
        hanse_segment_list_release(&list);
    }
    assert_int_equal(count_files(at("city/public/hanse/public")), 2);
    clock_shift_s = 23 * HOUR_S;
    publish_some(city, 10, 1);
    assert_int_equal(count_files(at("city/public/hanse/public")), 2);
    /* The live file was written just now: the day begins with the last byte of what took its place. */
    clock_shift_s = 2 * 25 * HOUR_S;
    publish_some(city, 20, 1);
    assert_int_equal(count_files(at("city/public/hanse/public")), 1);
    verify_node(city);
    hanse_node_close(city);
}

/* Partial tiles of a tile that is full are there for ten minutes after it. */
static void partial_tiles_stay_for_minutes(void **state)
{
    (void)state;
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 200);
    publish_some(city, 200, 100);
    assert_true(count_files(at("city/public/tile/0/000.p")) > 0);
    clock_shift_s = 9 * 60;
    publish_some(city, 400, 1);
    assert_true(count_files(at("city/public/tile/0/000.p")) > 0);
    clock_shift_s = 11 * 60;
    publish_some(city, 410, 1);
    assert_false(hanse_file_exists(at("city/public/tile/0/000.p")));
    /* A clock that goes back takes nothing away too early. */
    assert_true(count_files(at("city/public/tile/0/001.p")) > 0);
    clock_shift_s = -YEAR_S;
    publish_some(city, 420, 1);
    assert_true(count_files(at("city/public/tile/0/001.p")) > 0);
    verify_node(city);
    hanse_node_close(city);
}

/* What is erased does not wait for the day to end. */
static void erased_payloads_have_no_grace(void **state)
{
    (void)state;
    char key[512];
    struct hanse_node *city = make_node("city", CITY);
    struct hanse_node *office = make_node("office", "office.example/hanse");
    publish_some(city, 0, 3);
    own_key(city, key);
    follow_dir(office, at("city/public"), key);
    struct sync_report report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    publish_erasure(city, CITY, 2);
    for (size_t i = 0; i < SHIFTS; i++) {
        clock_shift_s = shifts[i];
        report = sync_node(office);
        assert_outcome(&report, i == 0 ? HANSE_SYNC_UPDATED : HANSE_SYNC_CURRENT);
        assert_int_equal(count_files(at("%s/hanse/public", mirror_of("office", CITY) + strlen(work_dir) + 1)),
                         1);
        verify_node(office);
    }
    hanse_node_close(office);
    hanse_node_close(city);
}

#define CLOCK_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLOCK_TEST(clocks_differ),
        CLOCK_TEST(publishing_goes_on),
        CLOCK_TEST(pinned_servers_are_reached),
        CLOCK_TEST(doctor_names_a_clock_that_is_behind),
        CLOCK_TEST(replaced_segments_stay_for_a_day),
        CLOCK_TEST(partial_tiles_stay_for_minutes),
        CLOCK_TEST(erased_payloads_have_no_grace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
