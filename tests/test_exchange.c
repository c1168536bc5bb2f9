/* SPDX-License-Identifier: Apache-2.0 */
/* The main job with real input: the activities of an IATI file imported, published, served over HTTPS,
 * followed and read on the other side. */
#include "node_support.h"

#include <hanse/serve.h>

#define ACTIVITIES "../shared/data/iati/who-bra.xml"
enum { ACTIVITY_COUNT = 134 };

static enum hanse_status read_stream(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                     struct hanse_error *err)
{
    (void)err;
    *out_read = fread(buffer, 1, size, context);
    return HANSE_OK;
}

static struct hanse_import_result import_activities(struct hanse_node *node)
{
    FILE *file = fopen(ACTIVITIES, "rb");
    assert_non_null(file);
    struct hanse_import_options options = {
        .version = 1, .source = ACTIVITIES, .read = read_stream, .read_context = file};
    struct hanse_import_result result;
    MUST(hanse_import(node, &options, &result, &node_err));
    assert_int_equal(fclose(file), 0);
    return result;
}

/* Id, revision and JSON of each record, a line each, in the order of the feed. */
static enum hanse_status write_item(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    char *json = NULL;
    assert_non_null(item->record);
    MUST(hanse_record_json(item->record, &json, err));
    MUST(hanse_buffer_append_format(context, err, "%s %u %u ", item->id, (unsigned)item->revision,
                                    (unsigned)item->published_unix_s));
    MUST(hanse_buffer_append_text(context, json, err));
    MUST(hanse_buffer_append_u8(context, '\n', err));
    hanse_free(json);
    return HANSE_OK;
}

static struct hanse_buffer export_city(struct hanse_node *node)
{
    struct hanse_buffer out;
    struct hanse_query query = {.version = 1, .feed = CITY, .kind = "Project"};
    hanse_buffer_init(&out, 64u << 20);
    MUST(hanse_query_list(node, &query, write_item, &out, &node_err));
    return out;
}

static size_t line_count(const struct hanse_buffer *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->size; i++)
        count += text->data[i] == '\n';
    return count;
}

static void follow_server(struct hanse_node *node, const struct hanse_server *server, const char *key)
{
    struct hanse_follow_options options = {
        .version = 1, .url = hanse_server_url(server), .verifier_key = key, .pin = hanse_server_pin(server)};
    MUST(hanse_feed_follow(node, &options, &node_err));
}

static void test_activities_arrive_as_they_are(void **state)
{
    (void)state;
    if (access(ACTIVITIES, R_OK) != 0) {
        print_message("skipped: \"" ACTIVITIES "\" is not here\n");
        skip();
    }
    char key[512];
    struct verify_report verdict;
    struct hanse_server *server = NULL;
    struct hanse_node *city = make_node("city", CITY);
    struct hanse_import_result result = import_activities(city);
    assert_int_equal(result.read, ACTIVITY_COUNT);
    assert_int_equal(result.staged, ACTIVITY_COUNT);
    assert_int_equal(result.invalid, 0);
    result = import_activities(city);
    assert_int_equal(result.staged, 0);
    assert_int_equal(result.unchanged, ACTIVITY_COUNT);
    assert_int_equal(publish(city).new_size, ACTIVITY_COUNT + 1);
    result = import_activities(city);
    assert_int_equal(result.staged, 0);
    assert_int_equal(result.unchanged, ACTIVITY_COUNT);
    own_key(city, key);
    MUST(verify_dir(at("city/public"), key, &verdict));

    struct hanse_serve_options options = {.version = 1, .listen = "127.0.0.1:0"};
    MUST(hanse_serve_start(city, &options, &server, &node_err));
    struct hanse_node *office = make_node("office", "office.example/hanse");
    follow_server(office, server, key);
    struct sync_report report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    assert_int_equal(report.new_size, ACTIVITY_COUNT + 1);
    report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_CURRENT);
    hanse_server_stop(server);
    report = sync_node(office);
    assert_outcome(&report, HANSE_SYNC_UNREACHABLE);

    struct hanse_buffer sent = export_city(city);
    struct hanse_buffer received = export_city(office);
    assert_int_equal(line_count(&sent), ACTIVITY_COUNT);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&sent), hanse_buffer_view(&received)));
    struct hanse_verify_options all = {.version = 1};
    MUST(hanse_verify_node(office, NULL, &all, &node_err));
    MUST(verify_dir(mirror_of("office", CITY), key, &verdict));
    hanse_buffer_release(&sent);
    hanse_buffer_release(&received);
    hanse_node_close(city);
    hanse_node_close(office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_activities_arrive_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
