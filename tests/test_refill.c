/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads that a source withholds are missed, remembered, asked for again, and put in when they come. */
#include "node_fixture.h"

#include "base/bytes.h"
#include "node/files/feed_store.h"
#include "node/files/segment_list.h"
#include "node/files/segment_rewrite.h"

#define ORIGIN "city.example/hanse"
enum { RECORDS = 5, WITHHELD_INDEX = 3 };

static void stage_organisation(struct folder *folder, struct hanse_node *node, int number)
{
    char name[64];
    struct hanse_record *record = NULL;
    enum hanse_stage_outcome outcome;
    (void)snprintf(name, sizeof name, "Office %d", number);
    ASSERT_OK(folder, hanse_record_new("Organisation", &record, &folder->err));
    ASSERT_OK(folder, hanse_record_set(record, "organisation.name[+].text", name, &folder->err));
    ASSERT_OK(folder, hanse_record_set(record, "organisation.name[-].language", "en", &folder->err));
    ASSERT_OK(folder, hanse_record_set(record, "header.identifiers[+].scheme", "X-TEST", &folder->err));
    ASSERT_OK(folder, hanse_record_set(record, "header.identifiers[-].value", name, &folder->err));
    ASSERT_OK(folder, hanse_stage_put(node, NULL, NULL, record, &outcome, NULL, &folder->err));
    hanse_record_free(record);
}

static enum hanse_status withhold(void *context, uint64_t index, struct hanse_frame_entry *entry,
                                  struct hanse_error *err)
{
    (void)context;
    (void)err;
    if (index == WITHHELD_INDEX) {
        entry->payload = hanse_bytes_of(NULL, 0);
        entry->absent = true;
    }
    return HANSE_OK;
}

/* Makes <folder>/source: the feed of the city without one payload. */
static void make_source(struct folder *folder)
{
    struct hanse_path dir;
    struct hanse_path manifest_path;
    struct hanse_feed_store store;
    struct hanse_segment_list list = {0};
    struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, HANSE_MAX_MANIFEST_BYTES);
    char command[512];
    (void)snprintf(command, sizeof command, "cp -a %s/city/public %s/source", folder->dir, folder->dir);
    run(command);
    ASSERT_OK(folder, hanse_path_format(&dir, &folder->err, "%s/source", folder->dir));
    ASSERT_OK(folder, hanse_feed_store_open(&store, dir.text, &folder->err));
    ASSERT_OK(folder, hanse_segment_list_copy(&list, &store.manifest, UINT64_MAX, &folder->err));
    ASSERT_OK(folder, hanse_segment_rewrite(dir.text, &list.items[0], withhold, NULL, &folder->err));
    struct hanse_manifest manifest = hanse_segment_list_manifest(&list);
    ASSERT_OK(folder, hanse_manifest_encode(&manifest, &bytes, &folder->err));
    ASSERT_OK(folder, hanse_path_format(&manifest_path, &folder->err, "%s/hanse/manifest", dir.text));
    ASSERT_OK(folder, hanse_file_replace(manifest_path.text, hanse_buffer_view(&bytes),
                                         HANSE_MODE_PUBLIC_FILE, &folder->err));
    hanse_buffer_release(&bytes);
    hanse_segment_list_release(&list);
    hanse_feed_store_release(&store);
}

static enum hanse_status count_item(void *context, const struct hanse_item *item, struct hanse_error *err)
{
    (void)err;
    size_t *count = context;
    *count += item->record != NULL;
    return HANSE_OK;
}

static size_t count_readable(struct folder *folder, struct hanse_node *node)
{
    size_t count = 0;
    struct hanse_query query = {.version = 1, .feed = ORIGIN};
    ASSERT_OK(folder, hanse_query_list(node, &query, count_item, &count, &folder->err));
    return count;
}

static enum hanse_status ignore_show(void *context, const struct hanse_item *item,
                                     const struct hanse_item_origin *from, struct hanse_error *err)
{
    (void)from;
    (void)err;
    *(bool *)context = item->record != NULL;
    return HANSE_OK;
}

static void missing_payload_comes_from_another_source(void **state)
{
    struct folder *folder = *state;
    char *key = NULL;
    bool shown = false;
    struct hanse_node *city = make_node(folder, "city", ORIGIN);
    for (int i = 0; i < RECORDS; i++)
        stage_organisation(folder, city, i);
    struct hanse_publish_options publish = {.version = 1};
    struct hanse_publish_result published;
    ASSERT_OK(folder, hanse_publish(city, &publish, &published, &folder->err));
    assert_int_equal(published.new_size, RECORDS + 1);
    ASSERT_OK(folder, hanse_node_verifier_key(city, ORIGIN, &key, &folder->err));
    make_source(folder);

    struct hanse_node *reader = make_node(folder, "reader", "reader.example/hanse");
    follow(folder, reader, key, "source");
    struct outcome outcome = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(outcome.outcome), "incomplete");
    assert_int_equal(outcome.new_size, RECORDS + 1);
    assert_non_null(strstr(outcome.message, "entry 3"));
    assert_int_equal(count_readable(folder, reader), RECORDS - 1);
    ASSERT_STATUS(verify(folder, reader), HANSE_INCOMPLETE);

    outcome = sync(folder, reader); /* nothing new, and still asked for */
    assert_string_equal(hanse_sync_outcome_name(outcome.outcome), "incomplete");
    ASSERT_STATUS(hanse_query_show(reader, "X-TEST:Office 2", ignore_show, &shown, &folder->err),
                  HANSE_NOT_FOUND);

    follow(folder, reader, key, "city/public");
    outcome = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(outcome.outcome), "updated");
    assert_non_null(strstr(outcome.message, "1 payloads that were missing have come"));
    assert_int_equal(count_readable(folder, reader), RECORDS);
    ASSERT_STATUS(verify(folder, reader), HANSE_OK);
    ASSERT_OK(folder, hanse_query_show(reader, "X-TEST:Office 2", ignore_show, &shown, &folder->err));
    assert_true(shown);

    stage_organisation(folder, city, RECORDS); /* and it goes on from there */
    ASSERT_OK(folder, hanse_publish(city, &publish, &published, &folder->err));
    outcome = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(outcome.outcome), "updated");
    assert_int_equal(count_readable(folder, reader), RECORDS + 1);
    ASSERT_STATUS(verify(folder, reader), HANSE_OK);
    hanse_free(key);
    hanse_node_close(reader);
    hanse_node_close(city);
    char command[512];
    (void)snprintf(command, sizeof command, "rm -rf %s/city %s/source %s/reader", folder->dir, folder->dir,
                   folder->dir);
    run(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(missing_payload_comes_from_another_source, folder_setup,
                                        folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
