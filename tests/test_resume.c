/* SPDX-License-Identifier: Apache-2.0 */
/* A sync that was cut off goes on where it stopped, and what it kept is judged again. */
#include "node_fixture.h"

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/random.h"

#define ORIGIN "city.example/hanse"
enum { RECORDS = 300, TEXT_BYTES = 8000 };

/* Text that hardly compresses, so that the feed has many blocks. */
static void stage_long_record(struct folder *folder, struct hanse_node *node)
{
    static uint8_t noise[TEXT_BYTES / 2];
    static char text[TEXT_BYTES + 1];
    struct hanse_record *record = NULL;
    enum hanse_stage_outcome outcome;
    ASSERT_OK(folder, hanse_random_fill(noise, sizeof noise, &folder->err));
    hanse_hex_encode(hanse_bytes_of(noise, sizeof noise), text);
    ASSERT_OK(folder, hanse_record_new("Organisation", &record, &folder->err));
    ASSERT_OK(folder, hanse_record_set(record, "organisation.name[+].text", text, &folder->err));
    ASSERT_OK(folder, hanse_record_set(record, "organisation.name[-].language", "en", &folder->err));
    ASSERT_OK(folder, hanse_stage_put(node, NULL, NULL, record, &outcome, NULL, &folder->err));
    hanse_record_free(record);
}

static char *publish_long_feed(struct folder *folder)
{
    char *key = NULL;
    struct hanse_publish_options publish = {.version = 1};
    struct hanse_publish_result published;
    struct hanse_node *city = make_node(folder, "city", ORIGIN);
    for (int i = 0; i < RECORDS; i++)
        stage_long_record(folder, city);
    ASSERT_OK(folder, hanse_publish(city, &publish, &published, &folder->err));
    ASSERT_OK(folder, hanse_node_verifier_key(city, ORIGIN, &key, &folder->err));
    hanse_node_close(city);
    return key;
}

static enum hanse_status keep_name(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    (void)is_dir;
    return hanse_path_format(context, err, "%s", name);
}

/* <folder>/source is the city's feed with its segment cut to half. */
static void make_cut_source(struct folder *folder)
{
    char command[512];
    uint64_t bytes = 0;
    struct hanse_path dir;
    struct hanse_path name;
    struct hanse_path path;
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    (void)snprintf(command, sizeof command, "cp -a %s/city/public %s/source", folder->dir, folder->dir);
    run(command);
    ASSERT_OK(folder, hanse_path_format(&dir, &folder->err, "%s/source/hanse/public", folder->dir));
    ASSERT_OK(folder, hanse_file_list(dir.text, keep_name, &name, &folder->err));
    ASSERT_OK(folder, hanse_path_format(&path, &folder->err, "%s/%s", dir.text, name.text));
    ASSERT_OK(folder, hanse_file_size(path.text, &bytes, &folder->err));
    ASSERT_OK(folder, hanse_file_open_write(&file, path.text, HANSE_MODE_PUBLIC_FILE, &folder->err));
    ASSERT_OK(folder, hanse_file_truncate(&file, bytes / 2, &folder->err));
}

static int teardown(void **state)
{
    struct folder *folder = *state;
    char command[512];
    (void)snprintf(command, sizeof command, "rm -rf %s/city %s/source %s/reader", folder->dir, folder->dir,
                   folder->dir);
    run(command);
    return folder_teardown(state);
}

static void sync_goes_on_where_it_stopped(void **state)
{
    struct folder *folder = *state;
    char *key = publish_long_feed(folder);
    make_cut_source(folder);
    struct hanse_node *reader = make_node(folder, "reader", "reader.example/hanse");
    follow(folder, reader, key, "source");
    struct outcome cut = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(cut.outcome), "truncated");
    assert_int_equal(cut.new_size, 0);
    follow(folder, reader, key, "city/public");
    struct outcome rest = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(rest.outcome), "updated");
    assert_int_equal(rest.new_size, RECORDS + 1);
    assert_true(rest.bytes <
                (uint64_t)RECORDS * TEXT_BYTES / 2 * 7 / 10); /* hexadecimal deflates to a half */
    ASSERT_STATUS(verify(folder, reader), HANSE_OK);
    struct outcome again = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(again.outcome), "current");
    hanse_free(key);
    hanse_node_close(reader);
}

/* Flips a byte in the provisional part of the reader's own copy. */
static void spoil(struct folder *folder)
{
    char command[512];
    (void)snprintf(command, sizeof command,
                   "f=$(find %s/reader/public/*/hanse/public -type f) && printf '\\377' | "
                   "dd of=\"$f\" bs=1 seek=5000 conv=notrunc 2>/dev/null",
                   folder->dir);
    run(command);
}

static void spoilt_rest_is_fetched_again(void **state)
{
    struct folder *folder = *state;
    char *key = publish_long_feed(folder);
    make_cut_source(folder);
    struct hanse_node *reader = make_node(folder, "reader", "reader.example/hanse");
    follow(folder, reader, key, "source");
    struct outcome cut = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(cut.outcome), "truncated");
    spoil(folder);
    follow(folder, reader, key, "city/public");
    struct outcome rest = sync(folder, reader);
    assert_string_equal(hanse_sync_outcome_name(rest.outcome), "updated");
    assert_true(rest.bytes > (uint64_t)RECORDS * TEXT_BYTES / 2);
    ASSERT_STATUS(verify(folder, reader), HANSE_OK);
    hanse_free(key);
    hanse_node_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sync_goes_on_where_it_stopped, folder_setup, teardown),
        cmocka_unit_test_setup_teardown(spoilt_rest_is_fetched_again, folder_setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
