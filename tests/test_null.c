/* SPDX-License-Identifier: Apache-2.0 */
/* Every function of the API answers a NULL that its header does not allow with HANSE_INVALID_ARGUMENT. */
#include <hanse/arrival.h>
#include <hanse/codes.h>
#include <hanse/copy.h>
#include <hanse/csv_export.h>
#include <hanse/doctor.h>
#include <hanse/iati_export.h>
#include <hanse/inbox.h>
#include <hanse/key.h>
#include <hanse/mirror.h>
#include <hanse/proof.h>
#include <hanse/reply.h>
#include <hanse/report.h>
#include <hanse/request.h>
#include <hanse/search.h>
#include <hanse/serve.h>
#include <hanse/staged.h>
#include <hanse/standing.h>

#include "node_support.h"

/* Callbacks that must not be reached. */
#define NEVER(type, name, argument)                                                                          \
    static enum hanse_status name(void *context, argument, struct hanse_error *err)                          \
    {                                                                                                        \
        (void)context, (void)seen, (void)err;                                                                \
        fail_msg("%s was called", #name);                                                                    \
        return HANSE_OK;                                                                                     \
    }                                                                                                        \
    static type *const name##_visit = name;
NEVER(hanse_arrival_visit, arrival, const struct hanse_arrival *seen)
NEVER(hanse_item_visit, item, const struct hanse_item *seen)
NEVER(hanse_mirror_visit, mirror, const struct hanse_mirror_info *seen)
NEVER(hanse_revision_visit, revision, const struct hanse_revision *seen)
NEVER(hanse_search_visit, hit, const struct hanse_search_hit *seen)
NEVER(hanse_standing_visit, reply, const struct hanse_standing_reply *seen)
NEVER(hanse_staged_visit, change, const struct hanse_staged *seen)

static enum hanse_status show(void *context, const struct hanse_item *seen,
                              const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    return item(context, seen, err);
}

static enum hanse_status read_nothing(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                      struct hanse_error *err)
{
    (void)context, (void)buffer, (void)size, (void)err;
    *out_read = 0;
    return HANSE_OK;
}

/* Names of the functions that were tried. */
static char tried[4096];

static void refuse(const char *call, enum hanse_status status)
{
    char name[64];
    (void)snprintf(name, sizeof name, " %.*s ", (int)strcspn(call, "("), call);
    if (strstr(tried, name) == NULL)
        (void)snprintf(tried + strlen(tried), sizeof tried - strlen(tried), "%s", name);
    if (status != HANSE_INVALID_ARGUMENT)
        fail_msg("%s: %s", call, hanse_status_name(status));
    assert_null(strstr(node_err.message, "(null)"));
}
#define REFUSED(call) refuse(#call, call)

static void refuse_records(struct hanse_record *record)
{
    struct hanse_record_cursor *cursor = NULL;
    struct hanse_bytes bytes = {NULL, 0};
    struct hanse_error *err = &node_err;
    const char *path = NULL;
    char *text = NULL;
    size_t count = 0;
    bool is_text = false;
    MUST(hanse_record_cursor_open(record, &cursor, err));
    REFUSED(hanse_record_add(NULL, "project.title[+]", err));
    REFUSED(hanse_record_add(record, NULL, err));
    REFUSED(hanse_record_bytes(NULL, &bytes, err));
    REFUSED(hanse_record_bytes(record, NULL, err));
    REFUSED(hanse_record_clear(NULL, "header", err));
    REFUSED(hanse_record_clear(record, NULL, err));
    REFUSED(hanse_record_count(NULL, "header", &count, err));
    REFUSED(hanse_record_count(record, NULL, &count, err));
    REFUSED(hanse_record_count(record, "header", NULL, err));
    REFUSED(hanse_record_cursor_next(NULL, &path, &path, &is_text, err));
    REFUSED(hanse_record_cursor_next(cursor, NULL, &path, &is_text, err));
    REFUSED(hanse_record_cursor_next(cursor, &path, NULL, &is_text, err));
    REFUSED(hanse_record_cursor_next(cursor, &path, &path, NULL, err));
    REFUSED(hanse_record_cursor_open(NULL, &cursor, err));
    REFUSED(hanse_record_cursor_open(record, NULL, err));
    REFUSED(hanse_record_diff(record, record, NULL, NULL, err));
    REFUSED(hanse_record_from_any(bytes, NULL, &text, err));
    REFUSED(hanse_record_from_any(bytes, &record, NULL, err));
    REFUSED(hanse_record_from_bytes(bytes, NULL, err));
    REFUSED(hanse_record_from_json(bytes, NULL, err));
    REFUSED(hanse_record_get(NULL, "header", &text, err));
    REFUSED(hanse_record_get(record, NULL, &text, err));
    REFUSED(hanse_record_get(record, "header", NULL, err));
    REFUSED(hanse_record_json(NULL, &text, err));
    REFUSED(hanse_record_json(record, NULL, err));
    REFUSED(hanse_record_new(NULL, &record, err));
    REFUSED(hanse_record_new("Project", NULL, err));
    REFUSED(hanse_record_set(NULL, "project.title[+].text", "Harbour", err));
    REFUSED(hanse_record_set(record, NULL, "Harbour", err));
    REFUSED(hanse_record_set(record, "organisation.name[0].text", NULL, err));
    REFUSED(hanse_record_validate(NULL, NULL, NULL, err));
    hanse_record_cursor_close(cursor);
}

static void refuse_codes_and_exports(struct hanse_record *record)
{
    struct hanse_iati_export_options options = {.version = 1};
    struct hanse_iati_export *export = NULL;
    struct hanse_codes_info info;
    struct hanse_code found;
    struct hanse_bytes bytes;
    struct hanse_error *err = &node_err;
    REFUSED(hanse_codes_find(NULL, "11", &found, err));
    REFUSED(hanse_codes_find("SDG-GOAL", NULL, &found, err));
    REFUSED(hanse_codes_find("SDG-GOAL", "11", NULL, err));
    REFUSED(hanse_codes_get(NULL, &info, err));
    REFUSED(hanse_codes_get("SDG-GOAL", NULL, err));
    REFUSED(hanse_codes_search(NULL, "water", NULL, NULL, err));
    REFUSED(hanse_iati_export_new(NULL, &export, err));
    REFUSED(hanse_iati_export_new(&options, NULL, err));
    MUST(hanse_iati_export_new(&options, &export, err));
    REFUSED(hanse_iati_export_add(NULL, record, &bytes, err));
    REFUSED(hanse_iati_export_add(export, NULL, &bytes, err));
    REFUSED(hanse_iati_export_add(export, record, NULL, err));
    hanse_iati_export_free(export);
}

static void refuse_tables(struct hanse_record *record)
{
    struct hanse_csv_export_options options = {.version = 1};
    struct hanse_csv_export *export = NULL;
    struct hanse_bytes bytes;
    struct hanse_error *err = &node_err;
    REFUSED(hanse_csv_export_new(NULL, &export, err));
    REFUSED(hanse_csv_export_new(&options, NULL, err));
    REFUSED(hanse_csv_export_new(&options, &export, err)); /* no kind */
    options.kind = hanse_record_kind(record);
    MUST(hanse_csv_export_new(&options, &export, err));
    REFUSED(hanse_csv_export_survey(NULL, record, err));
    REFUSED(hanse_csv_export_survey(export, NULL, err));
    REFUSED(hanse_csv_export_head(NULL, &bytes, err));
    REFUSED(hanse_csv_export_head(export, NULL, err));
    REFUSED(hanse_csv_export_add(NULL, "x", 1, record, &bytes, err));
    REFUSED(hanse_csv_export_add(export, NULL, 1, record, &bytes, err));
    REFUSED(hanse_csv_export_add(export, "x", 1, NULL, &bytes, err));
    REFUSED(hanse_csv_export_add(export, "x", 1, record, NULL, err));
    hanse_csv_export_free(export);
}

static void refuse_reading(struct hanse_node *node)
{
    struct hanse_query query = {.version = 1};
    struct hanse_search search = {.version = 1};
    struct hanse_report_options report_options = {.version = 1};
    struct hanse_report *report = NULL;
    struct hanse_bytes bytes = {NULL, 0};
    struct hanse_error *err = &node_err;
    char *text = NULL;
    REFUSED(hanse_arrival_list(NULL, NULL, arrival_visit, NULL, err));
    REFUSED(hanse_arrival_list(node, NULL, NULL, NULL, err));
    REFUSED(hanse_inbox_list(NULL, NULL, NULL, NULL, err));
    REFUSED(hanse_inbox_list(node, NULL, NULL, NULL, err));
    REFUSED(hanse_proof_check(bytes, NULL, NULL, NULL, err));
    REFUSED(hanse_proof_make(NULL, "ORGID:XX-1", NULL, NULL, &text, err));
    REFUSED(hanse_proof_make(node, NULL, NULL, NULL, &text, err));
    REFUSED(hanse_proof_make(node, "ORGID:XX-1", NULL, NULL, NULL, err));
    REFUSED(hanse_query_list(NULL, &query, item_visit, NULL, err));
    REFUSED(hanse_query_list(node, NULL, item_visit, NULL, err));
    REFUSED(hanse_query_list(node, &query, NULL, NULL, err));
    REFUSED(hanse_query_log(NULL, "ORGID:XX-1", revision_visit, NULL, err));
    REFUSED(hanse_query_log(node, NULL, revision_visit, NULL, err));
    REFUSED(hanse_query_log(node, "ORGID:XX-1", NULL, NULL, err));
    REFUSED(hanse_query_show(NULL, "ORGID:XX-1", show, NULL, err));
    REFUSED(hanse_query_show(node, NULL, show, NULL, err));
    REFUSED(hanse_query_show(node, "ORGID:XX-1", NULL, NULL, err));
    REFUSED(hanse_report_make(NULL, &report_options, &report, err));
    REFUSED(hanse_report_make(node, NULL, &report, err));
    REFUSED(hanse_report_make(node, &report_options, NULL, err));
    REFUSED(hanse_search_run(NULL, &search, hit_visit, NULL, NULL, err));
    REFUSED(hanse_search_run(node, NULL, hit_visit, NULL, NULL, err));
    REFUSED(hanse_search_run(node, &search, NULL, NULL, NULL, err));
    REFUSED(hanse_request_list(NULL, "ORGID:XX-1", NULL, NULL, err));
    REFUSED(hanse_request_list(node, NULL, NULL, NULL, err));
    REFUSED(hanse_request_list(node, "ORGID:XX-1", NULL, NULL, err));
    REFUSED(hanse_search_update(NULL, NULL, NULL, err));
}

static void refuse_standings(struct hanse_node *node)
{
    struct hanse_item item = {.id = "hanse:" CITY "/x"};
    struct hanse_standing *standing = NULL;
    struct hanse_standing_facts facts;
    struct hanse_error *err = &node_err;
    REFUSED(hanse_standing_open(NULL, &standing, err));
    REFUSED(hanse_standing_open(node, NULL, err));
    MUST(hanse_standing_open(node, &standing, err));
    REFUSED(hanse_standing_judge(NULL, &item, &facts, err));
    REFUSED(hanse_standing_judge(standing, NULL, &facts, err));
    REFUSED(hanse_standing_judge(standing, &item, NULL, err));
    REFUSED(hanse_standing_list(NULL, &item, reply_visit, NULL, err));
    REFUSED(hanse_standing_list(standing, NULL, reply_visit, NULL, err));
    REFUSED(hanse_standing_list(standing, &item, NULL, NULL, err));
    hanse_standing_close(standing);
}

static void refuse_changes(struct hanse_node *node, struct hanse_record *record)
{
    struct hanse_import_options import = {.version = 1, .read = read_nothing};
    struct hanse_import_options unread = {.version = 1};
    struct hanse_import_result imported;
    struct hanse_publish_options publish_options = {.version = 1};
    struct hanse_publish_result published;
    struct hanse_reply_options reply = {.version = 1, .name = "ORGID:XX-1"};
    struct hanse_reply_options nameless = {.version = 1};
    struct hanse_reply_options pathless = {.version = 1, .name = "ORGID:XX-1", .count = 1};
    struct hanse_reply_result replied;
    struct hanse_key_rotate_options rotate = {.version = 1};
    enum hanse_stage_outcome outcome;
    struct hanse_error *err = &node_err;
    uint64_t count = 0;
    REFUSED(hanse_import(NULL, &import, &imported, err));
    REFUSED(hanse_import(node, NULL, &imported, err));
    REFUSED(hanse_import(node, &unread, &imported, err));
    REFUSED(hanse_import(node, &import, NULL, err));
    REFUSED(hanse_key_rotate(NULL, &rotate, NULL, NULL, err));
    REFUSED(hanse_key_rotate(node, NULL, NULL, NULL, err));
    REFUSED(hanse_publish(NULL, &publish_options, &published, err));
    REFUSED(hanse_publish(node, NULL, &published, err));
    REFUSED(hanse_publish(node, &publish_options, NULL, err));
    REFUSED(hanse_reply_confirm(NULL, &reply, &replied, err));
    REFUSED(hanse_reply_confirm(node, NULL, &replied, err));
    REFUSED(hanse_reply_confirm(node, &nameless, &replied, err));
    REFUSED(hanse_reply_confirm(node, &reply, NULL, err));
    REFUSED(hanse_reply_suggest(NULL, &reply, &replied, err));
    REFUSED(hanse_reply_suggest(node, NULL, &replied, err));
    REFUSED(hanse_reply_suggest(node, &nameless, &replied, err));
    REFUSED(hanse_reply_suggest(node, &pathless, &replied, err));
    REFUSED(hanse_reply_suggest(node, &reply, NULL, err));
    REFUSED(hanse_stage_count(NULL, NULL, &count, err));
    REFUSED(hanse_stage_count(node, NULL, NULL, err));
    REFUSED(hanse_stage_put(NULL, NULL, NULL, record, &outcome, NULL, err));
    REFUSED(hanse_stage_put(node, NULL, NULL, NULL, &outcome, NULL, err));
    REFUSED(hanse_stage_withdraw(NULL, NULL, "ORGID:XX-1", "error", &outcome, NULL, err));
    REFUSED(hanse_stage_withdraw(node, NULL, NULL, "error", &outcome, NULL, err));
    REFUSED(hanse_stage_withdraw(node, NULL, "ORGID:XX-1", NULL, &outcome, NULL, err));
    REFUSED(hanse_staged_discard(NULL, NULL, NULL, 0, NULL, NULL, NULL, err));
    const char *const no_names[] = {NULL};
    REFUSED(hanse_staged_discard(node, NULL, no_names, 1, NULL, NULL, NULL, err));
    REFUSED(hanse_staged_get(NULL, NULL, "ORGID:XX-1", NULL, NULL, err));
    REFUSED(hanse_staged_get(node, NULL, NULL, NULL, NULL, err));
    REFUSED(hanse_staged_list(NULL, NULL, change_visit, NULL, err));
    REFUSED(hanse_staged_list(node, NULL, NULL, NULL, err));
    REFUSED(hanse_validate(NULL, &imported, err));
    REFUSED(hanse_validate(&unread, &imported, err));
    REFUSED(hanse_validate(&import, NULL, err));
}

static void refuse_nodes(struct hanse_node *node)
{
    struct hanse_init_options init = {.version = HANSE_INIT_OPTIONS_VERSION, .origin = "two.example/hanse"};
    struct hanse_init_options nowhere = {.version = HANSE_INIT_OPTIONS_VERSION};
    struct hanse_doctor_options doctor = {.version = 1};
    struct hanse_serve_options serve = {.version = 1};
    struct hanse_verify_options verify = {.version = 1};
    struct hanse_server *server = NULL;
    struct hanse_node *other = NULL;
    struct hanse_error *err = &node_err;
    const char *origin = NULL;
    char *text = NULL;
    REFUSED(hanse_doctor(NULL, &doctor, err));
    REFUSED(hanse_doctor(work_dir, NULL, err));
    REFUSED(hanse_doctor(work_dir, &doctor, err));
    REFUSED(hanse_node_add_feed(NULL, &init, err));
    REFUSED(hanse_node_add_feed(node, NULL, err));
    REFUSED(hanse_node_add_feed(node, &nowhere, err));
    REFUSED(hanse_node_init(NULL, &init, err));
    REFUSED(hanse_node_init(work_dir, NULL, err));
    REFUSED(hanse_node_init(work_dir, &nowhere, err));
    REFUSED(hanse_node_open(NULL, &other, err));
    REFUSED(hanse_node_open(work_dir, NULL, err));
    REFUSED(hanse_node_own_origin(NULL, NULL, &origin, err));
    REFUSED(hanse_node_own_origin(node, NULL, NULL, err));
    REFUSED(hanse_node_verifier_key(NULL, CITY, &text, err));
    REFUSED(hanse_node_verifier_key(node, NULL, &text, err));
    REFUSED(hanse_node_verifier_key(node, CITY, NULL, err));
    REFUSED(hanse_serve_start(NULL, &serve, &server, err));
    REFUSED(hanse_serve_start(node, NULL, &server, err));
    REFUSED(hanse_serve_start(node, &serve, NULL, err));
    REFUSED(hanse_verify_dir(NULL, &verify, err));
    REFUSED(hanse_verify_dir(work_dir, NULL, err));
    REFUSED(hanse_verify_node(NULL, NULL, &verify, err));
    REFUSED(hanse_verify_node(node, NULL, NULL, err));
}

static void refuse_feeds(struct hanse_node *node)
{
    const char *const no_feeds[] = {NULL};
    struct hanse_copy_options copy = {.version = 1, .dir = work_dir};
    struct hanse_copy_options no_dir = {.version = 1};
    struct hanse_copy_options copy_none = {.version = 1, .dir = work_dir, .feeds = no_feeds, .feed_count = 1};
    struct hanse_follow_options follow = {.version = 1};
    struct hanse_mirror_options mirror_options = {.version = 1};
    struct hanse_recover_options recover = {.version = 1};
    struct hanse_sync_options sync = {.version = 1};
    struct hanse_sync_options sync_none = {.version = 1, .feeds = no_feeds, .feed_count = 1};
    struct hanse_error *err = &node_err;
    REFUSED(hanse_copy(NULL, &copy, err));
    REFUSED(hanse_copy(node, NULL, err));
    REFUSED(hanse_copy(node, &no_dir, err));
    REFUSED(hanse_copy(node, &copy_none, err));
    REFUSED(hanse_feed_follow(NULL, &follow, err));
    REFUSED(hanse_feed_follow(node, NULL, err));
    REFUSED(hanse_feed_follow(node, &follow, err));
    REFUSED(hanse_feed_list(NULL, NULL, NULL, err));
    REFUSED(hanse_feed_list(node, NULL, NULL, err));
    REFUSED(hanse_feed_unfollow(NULL, CITY, NULL, NULL, err));
    REFUSED(hanse_feed_unfollow(node, NULL, NULL, NULL, err));
    REFUSED(hanse_mirror_add(NULL, &mirror_options, err));
    REFUSED(hanse_mirror_add(node, NULL, err));
    REFUSED(hanse_mirror_add(node, &mirror_options, err));
    REFUSED(hanse_mirror_list(NULL, CITY, mirror_visit, NULL, err));
    REFUSED(hanse_mirror_list(node, NULL, mirror_visit, NULL, err));
    REFUSED(hanse_mirror_list(node, CITY, NULL, NULL, err));
    REFUSED(hanse_mirror_remove(NULL, CITY, "file:///nowhere/", err));
    REFUSED(hanse_mirror_remove(node, NULL, "file:///nowhere/", err));
    REFUSED(hanse_mirror_remove(node, CITY, NULL, err));
    REFUSED(hanse_recover(NULL, &recover, err));
    REFUSED(hanse_recover(node, NULL, err));
    REFUSED(hanse_recover(node, &recover, err));
    REFUSED(hanse_sync(NULL, &sync, err));
    REFUSED(hanse_sync(node, NULL, err));
    REFUSED(hanse_sync(node, &sync_none, err));
}

/* These return no status: they free, or tell something of an object that is there. */
static bool has_no_status(const char *name)
{
    static const char names[] =
        " hanse_codes_list hanse_csv_export_free hanse_csv_export_losses hanse_free hanse_iati_export_free "
        "hanse_iati_export_head "
        "hanse_iati_export_losses hanse_iati_export_tail hanse_kind_is_personal hanse_kind_name "
        "hanse_kind_number hanse_library_version hanse_node_close hanse_node_dir hanse_protocol_version "
        "hanse_record_cursor_close hanse_record_free hanse_record_kind hanse_record_kind_number "
        "hanse_reply_result_release hanse_report_feed hanse_report_feed_count hanse_report_free "
        "hanse_report_indicator hanse_report_indicator_count hanse_report_scope hanse_report_table "
        "hanse_report_table_count hanse_server_pin hanse_server_stop hanse_server_url hanse_standing_close "
        "hanse_status_name "
        "hanse_sync_outcome_name hanse_version ";
    return strstr(names, name) != NULL;
}

static void assert_all_were_tried(void)
{
    FILE *file = fopen("libsrc/exports.txt", "r");
    char line[80];
    size_t count = 0;
    assert_non_null(file);
    for (; fgets(line, sizeof line, file) != NULL; count++) {
        char name[96];
        (void)snprintf(name, sizeof name, " %.*s ", (int)strcspn(line, "\n"), line);
        if (!has_no_status(name) && strstr(tried, name) == NULL)
            fail_msg("no NULL was given to%s", name);
    }
    (void)fclose(file);
    assert_in_range(count, 50, 1000);
}

static void each_null_is_refused(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    struct hanse_record *record = NULL;
    char *name = NULL;
    uint64_t staged = 0;
    MUST(hanse_record_new("Organisation", &record, &node_err));
    MUST(hanse_record_set(record, "organisation.name[+].text", "Port", &node_err));
    refuse_records(record);
    refuse_codes_and_exports(record);
    refuse_tables(record);
    refuse_reading(node);
    refuse_standings(node);
    refuse_changes(node, record);
    refuse_nodes(node);
    refuse_feeds(node);
    assert_all_were_tried();
    MUST(hanse_stage_count(node, NULL, &staged, &node_err));
    assert_int_equal(staged, 0);
    MUST(hanse_record_get(record, "organisation.name[0].text", &name, &node_err));
    assert_string_equal(name, "Port");
    hanse_free(name);
    hanse_record_free(record);
    hanse_node_close(node);
    MUST_FAIL(hanse_node_open(NULL, &node, NULL), HANSE_INVALID_ARGUMENT);
}

static void what_frees_takes_null(void **state)
{
    (void)state;
    hanse_free(NULL);
    hanse_record_free(NULL);
    hanse_record_cursor_close(NULL);
    hanse_node_close(NULL);
    hanse_standing_close(NULL);
    hanse_report_free(NULL);
    hanse_csv_export_free(NULL);
    hanse_iati_export_free(NULL);
    hanse_server_stop(NULL);
    assert_int_equal(hanse_kind_number(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {NODE_TEST(each_null_is_refused),
                                       cmocka_unit_test(what_frees_takes_null)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
