/* SPDX-License-Identifier: Apache-2.0 */
/* What an ERASE entry names leaves the files of whoever holds a copy. */
#include "node_fixture.h"

#include <sys/wait.h>

#include "erasure_support.h"
#include "node/erasure.h"

#define ORIGIN "city.example/hanse"
enum { RECORDS = 5, ERASED_INDEX = 3 };

static void stage_office(struct folder *folder, struct hanse_node *node, int number)
{
    char name[64];
    struct hanse_record *record = NULL;
    enum hanse_stage_outcome outcome;
    (void)snprintf(name, sizeof name, number + 1 == ERASED_INDEX ? "Lighthouse %d" : "Office number %d",
                   number);
    ASSERT_OK(folder, hanse_record_new("Organisation", &record, &folder->err));
    ASSERT_OK(folder, hanse_record_set(record, "organisation.name[+].text", name, &folder->err));
    ASSERT_OK(folder, hanse_record_set(record, "organisation.name[-].language", "en", &folder->err));
    ASSERT_OK(folder, hanse_stage_put(node, NULL, NULL, record, &outcome, NULL, &folder->err));
    hanse_record_free(record);
}

static enum hanse_status count_name(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    (void)name;
    (void)is_dir;
    (void)err;
    ++*(size_t *)context;
    return HANSE_OK;
}

/* Of the reader's copy: how many segment files there are, and whether the erased payload is in them. */
static bool holds_erased(struct folder *folder, struct hanse_node *reader, size_t *files)
{
    struct hanse_path dir;
    struct hanse_path segments;
    struct hanse_feed_store store;
    struct hanse_entry_reader *entries = NULL;
    const struct hanse_frame_entry *entry;
    struct hanse_digest leaf;
    ASSERT_OK(folder, hanse_node_feed_dir(reader, ORIGIN, &dir, &folder->err));
    ASSERT_OK(folder, hanse_path_format(&segments, &folder->err, "%s/hanse/public", dir.text));
    *files = 0;
    ASSERT_OK(folder, hanse_file_list(segments.text, count_name, files, &folder->err));
    ASSERT_OK(folder, hanse_feed_store_open(&store, dir.text, &folder->err));
    ASSERT_OK(folder, hanse_entry_reader_new(&store, &entries, &folder->err));
    ASSERT_OK(folder, hanse_entry_reader_get(entries, ERASED_INDEX, &entry, &leaf, &folder->err));
    bool absent = entry->absent;
    hanse_entry_reader_free(entries);
    hanse_feed_store_release(&store);
    return !absent;
}

static enum hanse_status count_hit(void *context, const struct hanse_search_hit *hit, struct hanse_error *err)
{
    (void)hit;
    (void)err;
    ++*(unsigned *)context;
    return HANSE_OK;
}

/* Whether a text stands in a file below the reader's private/; a term stands behind what it shares with
 * others. */
static bool reader_holds(struct folder *folder, const char *text)
{
    char command[256];
    (void)snprintf(command, sizeof command, "grep -qr '%s' '%s/reader/private'", text, folder->dir);
    int code = WEXITSTATUS(system(command));
    assert_true(code == 0 || code == 1);
    return code == 0;
}

static unsigned count_hits(struct folder *folder, struct hanse_node *node, const char *words)
{
    const struct hanse_search search = {.version = 1, .words = words};
    unsigned count = 0;
    ASSERT_OK(folder, hanse_search_run(node, &search, count_hit, &count, NULL, &folder->err));
    return count;
}

static void keep_verdict(void *context, const struct hanse_verify_result *result)
{
    if (strcmp(result->feed, ORIGIN) == 0)
        *(uint64_t *)context = result->erased;
}

static struct hanse_node *city_with_records(struct folder *folder, char **key)
{
    struct hanse_publish_options publish = {.version = 1};
    struct hanse_publish_result published;
    struct hanse_node *city = make_node(folder, "city", ORIGIN);
    for (int i = 0; i < RECORDS; i++)
        stage_office(folder, city, i);
    ASSERT_OK(folder, hanse_publish(city, &publish, &published, &folder->err));
    ASSERT_OK(folder, hanse_node_verifier_key(city, ORIGIN, key, &folder->err));
    return city;
}

static int teardown(void **state)
{
    struct folder *folder = *state;
    char command[256];
    (void)snprintf(command, sizeof command, "rm -rf %s/city %s/reader", folder->dir, folder->dir);
    run(command);
    return folder_teardown(state);
}

static void mirror_destroys_what_was_erased(void **state)
{
    struct folder *folder = *state;
    char *key = NULL;
    size_t files = 0;
    uint64_t erased = 0;
    struct hanse_node *city = city_with_records(folder, &key);
    struct hanse_node *reader = make_node(folder, "reader", "reader.example/hanse");
    follow(folder, reader, key, "city/public");
    assert_string_equal(hanse_sync_outcome_name(sync(folder, reader).outcome), "updated");
    assert_true(holds_erased(folder, reader, &files));
    assert_int_equal(count_hits(folder, reader, "lighthouse"), 1);
    assert_true(reader_holds(folder, "ighthouse"));

    publish_erasure(city, ORIGIN, ERASED_INDEX);
    struct outcome outcome = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(outcome.outcome), "updated");
    assert_false(reader_holds(folder, "ighthouse")); /* and nobody searched since */
    assert_int_equal(count_hits(folder, reader, "lighthouse"), 0);
    assert_int_equal(count_hits(folder, reader, "office"), RECORDS - 1);
    assert_false(holds_erased(folder, reader, &files));
    assert_int_equal(files, 1); /* the old file went at once */
    struct hanse_verify_options options = {.version = 1, .visit = keep_verdict, .context = &erased};
    ASSERT_OK(folder, hanse_verify_node(reader, NULL, &options, &folder->err));
    assert_int_equal(erased, 1);
    assert_string_equal(hanse_sync_outcome_name(sync(folder, reader).outcome), "current");
    hanse_free(key);
    hanse_node_close(reader);
    hanse_node_close(city);
}

/* A crash before the files were written again: the mark stands, and opening the node ends it. */
static void erasure_is_ended_when_the_node_opens(void **state)
{
    struct folder *folder = *state;
    char *key = NULL;
    size_t files = 0;
    struct hanse_path dir;
    char command[3 * HANSE_PATH_BYTES];
    struct hanse_node *city = city_with_records(folder, &key);
    struct hanse_node *reader = make_node(folder, "reader", "reader.example/hanse");
    follow(folder, reader, key, "city/public");
    (void)sync(folder, reader);
    publish_erasure(city, ORIGIN, ERASED_INDEX);
    (void)sync(folder, reader);
    /* The city's own files still have the payload: as if the crash had come before the rewriting. */
    ASSERT_OK(folder, hanse_node_feed_dir(reader, ORIGIN, &dir, &folder->err));
    (void)snprintf(command, sizeof command, "rm -rf %s/hanse && cp -a %s/city/public/hanse %s/hanse",
                   dir.text, folder->dir, dir.text);
    run(command);
    assert_true(holds_erased(folder, reader, &files));
    ASSERT_OK(folder, hanse_erasure_mark(reader, ORIGIN, &folder->err));
    hanse_node_close(reader);
    ASSERT_OK(folder, hanse_path_format(&dir, &folder->err, "%s/reader", folder->dir));
    ASSERT_OK(folder, hanse_node_open(dir.text, &reader, &folder->err));
    assert_false(holds_erased(folder, reader, &files));
    assert_int_equal(files, 1);
    hanse_free(key);
    hanse_node_close(reader);
    hanse_node_close(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(mirror_destroys_what_was_erased, folder_setup, teardown),
        cmocka_unit_test_setup_teardown(erasure_is_ended_when_the_node_opens, folder_setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
