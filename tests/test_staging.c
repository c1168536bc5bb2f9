/* SPDX-License-Identifier: Apache-2.0 */
/* Staged changes, and that nothing of them stays on the disk once they are published. */
#include <stdio.h>

#include "anomaly.h"
#include "folder_fixture.h"
#include "index/staging_internal.h"

#define BONN "bonn.example/hanse"
#define KOBE "kobe.example/hanse"
#define SECRET "the mayor's unpublished plan"

static struct hanse_staging *open_staging(struct folder *folder)
{
    struct hanse_staging *staging = NULL;
    ASSERT_OK(folder, hanse_staging_open(folder->path.text, &staging, &folder->err));
    return staging;
}

static void begin(struct folder *folder, struct hanse_staging *staging)
{
    ASSERT_OK(folder, hanse_staging_begin(staging, &folder->err));
}

static void commit(struct folder *folder, struct hanse_staging *staging)
{
    ASSERT_OK(folder, hanse_staging_commit(staging, &folder->err));
}

static struct hanse_staged_change change_of(const char *origin, uint8_t number, const char *text)
{
    return (struct hanse_staged_change){.origin = origin,
                                        .operation = 1,
                                        .record_id = {1, [15] = number},
                                        .audience = 2,
                                        .kind = 3,
                                        .reason = 4,
                                        .published_unix_s = 5,
                                        .salt = {6, [15] = number},
                                        .digest = {7, [15] = number},
                                        .record = {(const uint8_t *)text, strlen(text)}};
}

static bool put(struct folder *folder, struct hanse_staging *staging, const char *origin, uint8_t number,
                const char *text, uint64_t *out_sequence)
{
    bool replaced = false;
    struct hanse_staged_change change = change_of(origin, number, text);
    ASSERT_OK(folder, hanse_staging_put(staging, &change, &replaced, &folder->err));
    *out_sequence = change.sequence;
    return replaced;
}

/* The last byte of the record id says which one it is. */
static const uint8_t *record_id(uint8_t number)
{
    static uint8_t id[16] = {1};
    id[15] = number;
    return id;
}

static enum hanse_status see_change(void *context, const struct hanse_staged_change *change,
                                    struct hanse_error *err)
{
    char *text = context;
    (void)err;
    (void)snprintf(text + strlen(text), 128 - strlen(text), "%u:%u:%.*s ", (unsigned)change->sequence,
                   change->record_id[15], (int)change->record.size, (const char *)change->record.data);
    return HANSE_OK;
}

static void assert_staged(struct folder *folder, struct hanse_staging *staging, const char *origin,
                          uint64_t wanted_count, const char *wanted)
{
    char text[128] = "";
    uint64_t count = 0;
    ASSERT_OK(folder, hanse_staging_list(staging, origin, see_change, text, &folder->err));
    assert_string_equal(text, wanted);
    ASSERT_OK(folder, hanse_staging_count(staging, origin, &count, &folder->err));
    assert_int_equal(count, wanted_count);
}

static void test_put_get_replace(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    struct hanse_staged_change found;
    uint64_t first, second, again;
    begin(folder, staging);
    assert_false(put(folder, staging, BONN, 1, "one", &first));
    assert_false(put(folder, staging, BONN, 2, "two", &second));
    assert_false(put(folder, staging, KOBE, 1, "other", &again));
    assert_true(first < second && second < again);
    assert_true(put(folder, staging, BONN, 1, "one, better", &again));
    assert_int_equal(again, first);
    commit(folder, staging);
    ASSERT_OK(folder, hanse_staging_get(staging, BONN, record_id(1), &found, &folder->err));
    struct hanse_staged_change wanted = change_of(BONN, 1, "one, better");
    assert_string_equal(found.origin, BONN);
    assert_true(found.sequence == first && found.operation == 1 && found.audience == 2 && found.kind == 3 &&
                found.reason == 4 && found.published_unix_s == 5 && found.record.size == wanted.record.size);
    assert_memory_equal(found.record.data, wanted.record.data, wanted.record.size);
    assert_memory_equal(found.record_id, wanted.record_id, 16);
    assert_memory_equal(found.salt, wanted.salt, 16);
    assert_memory_equal(found.digest, wanted.digest, 16);
    ASSERT_STATUS(hanse_staging_get(staging, KOBE, record_id(2), &found, &folder->err), HANSE_NOT_FOUND);
    assert_staged(folder, staging, BONN, 2, "1:1:one, better 2:2:two ");
    assert_staged(folder, staging, KOBE, 1, "3:1:other ");
    hanse_staging_close(staging);
    staging = open_staging(folder); /* and all of it is on the disk */
    assert_staged(folder, staging, BONN, 2, "1:1:one, better 2:2:two ");
    hanse_staging_close(staging);
}

static void test_withdraw_has_no_record(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    struct hanse_staged_change change = {.origin = BONN, .operation = 2, .record_id = {1}}, found;
    bool replaced = true;
    uint8_t id[16] = {9};
    begin(folder, staging);
    ASSERT_OK(folder, hanse_staging_put(staging, &change, &replaced, &folder->err));
    assert_false(replaced);
    ASSERT_OK(folder, hanse_staging_get(staging, BONN, change.record_id, &found, &folder->err));
    assert_true(found.operation == 2 && found.record.size == 0);
    /* It says nothing that an import could repeat. */
    ASSERT_STATUS(hanse_staging_find_digest(staging, BONN, change.digest, id, &folder->err), HANSE_NOT_FOUND);
    assert_int_equal(id[0], 9);
    hanse_staging_close(staging);
}

static void test_find(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    struct hanse_error *err = &folder->err;
    uint64_t sequence;
    uint8_t id[16] = {9};
    begin(folder, staging);
    (void)put(folder, staging, BONN, 1, "one", &sequence);
    ASSERT_OK(folder, hanse_staging_identifier_add(staging, BONN, record_id(1), "iati", "A", err));
    ASSERT_OK(folder, hanse_staging_identifier_add(staging, BONN, record_id(1), "iati", "A", err));
    ASSERT_STATUS(hanse_staging_identifier_add(staging, KOBE, record_id(1), "iati", "A", err),
                  HANSE_NOT_FOUND);
    ASSERT_STATUS(hanse_staging_find_identifier(staging, KOBE, "iati", "A", id, err), HANSE_NOT_FOUND);
    ASSERT_STATUS(hanse_staging_find_identifier(staging, BONN, "url", "A", id, err), HANSE_NOT_FOUND);
    ASSERT_STATUS(hanse_staging_find_identifier(staging, BONN, "iati", "B", id, err), HANSE_NOT_FOUND);
    assert_int_equal(id[0], 9);
    ASSERT_OK(folder, hanse_staging_find_identifier(staging, BONN, "iati", "A", id, err));
    assert_memory_equal(id, record_id(1), 16);
    memset(id, 0, sizeof id);
    ASSERT_OK(folder, hanse_staging_find_digest(staging, BONN, (const uint8_t[16]){7, [15] = 1}, id, err));
    assert_memory_equal(id, record_id(1), 16);
    ASSERT_STATUS(hanse_staging_find_digest(staging, KOBE, (const uint8_t[16]){7, [15] = 1}, id, err),
                  HANSE_NOT_FOUND);
    (void)put(folder, staging, BONN, 1, "one, without identifiers", &sequence);
    ASSERT_STATUS(hanse_staging_find_identifier(staging, BONN, "iati", "A", id, err), HANSE_NOT_FOUND);
    ASSERT_OK(folder, hanse_staging_identifier_add(staging, BONN, record_id(1), "iati", "B", err));
    ASSERT_OK(folder, hanse_staging_remove(staging, BONN, record_id(1), err));
    ASSERT_STATUS(hanse_staging_find_identifier(staging, BONN, "iati", "B", id, err), HANSE_NOT_FOUND);
    ASSERT_STATUS(hanse_staging_remove(staging, BONN, record_id(1), err), HANSE_NOT_FOUND);
    commit(folder, staging);
    hanse_staging_close(staging);
}

static void test_remove_upto_keeps_the_rest(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    uint64_t first, second, third, other;
    begin(folder, staging);
    (void)put(folder, staging, BONN, 1, "one", &first);
    (void)put(folder, staging, KOBE, 1, "other", &other);
    (void)put(folder, staging, BONN, 2, "two", &second);
    (void)put(folder, staging, BONN, 3, "three", &third);
    commit(folder, staging);
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, BONN, second, &folder->err));
    assert_staged(folder, staging, BONN, 1, "4:3:three ");
    assert_staged(folder, staging, KOBE, 1, "2:1:other ");
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, BONN, UINT64_MAX, &folder->err));
    assert_staged(folder, staging, BONN, 0, "");
    assert_staged(folder, staging, KOBE, 1, "2:1:other ");
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, KOBE, other - 1, &folder->err));
    assert_staged(folder, staging, KOBE, 1, "2:1:other ");
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, KOBE, other, &folder->err));
    assert_staged(folder, staging, KOBE, 0, "");
    begin(folder, staging);
    (void)put(folder, staging, KOBE, 5, "next", &other);
    assert_true(other > third); /* no sequence is given twice */
    commit(folder, staging);
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, KOBE, third, &folder->err));
    assert_staged(folder, staging, KOBE, 1, "5:5:next ");
    hanse_staging_close(staging);
}

static void test_remove_published_keeps_what_is_not_for_everybody(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    struct hanse_staged_change public = change_of(BONN, 1, "one");
    uint64_t second = 0;
    uint64_t held_back = 9;
    bool replaced;
    public.audience = 0;
    begin(folder, staging);
    ASSERT_OK(folder, hanse_staging_put(staging, &public, &replaced, &folder->err));
    (void)put(folder, staging, BONN, 2, "two", &second);
    public = change_of(BONN, 3, "three");
    public.audience = 0;
    ASSERT_OK(folder, hanse_staging_put(staging, &public, &replaced, &folder->err));
    commit(folder, staging);
    ASSERT_OK(folder, hanse_staging_count_held_back(staging, KOBE, &held_back, &folder->err));
    assert_int_equal(held_back, 0);
    ASSERT_OK(folder, hanse_staging_count_held_back(staging, BONN, &held_back, &folder->err));
    assert_int_equal(held_back, 1);
    ASSERT_OK(folder, hanse_staging_remove_published(staging, BONN, second, &folder->err));
    assert_staged(folder, staging, BONN, 2, "2:2:two 3:3:three ");
    begin(folder, staging);
    ASSERT_OK(folder, hanse_staging_remove_published(staging, BONN, UINT64_MAX, &folder->err));
    commit(folder, staging);
    assert_staged(folder, staging, BONN, 1, "2:2:two ");
    begin(folder, staging);
    ASSERT_OK(folder, hanse_staging_remove(staging, BONN, record_id(2), &folder->err));
    commit(folder, staging);
    ASSERT_OK(folder, hanse_staging_remove_published(staging, BONN, UINT64_MAX, &folder->err));
    assert_staged(folder, staging, BONN, 0, "");
    hanse_staging_close(staging);
}

struct search {
    struct folder *folder;
    int files;
    int hits;
};

static enum hanse_status search_file(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    struct search *search = context;
    struct hanse_path path;
    HANSE_SCOPED_BUFFER struct hanse_buffer content;
    hanse_buffer_init(&content, 64u << 20);
    (void)is_dir;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%s", search->folder->dir, name);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, content.max_bytes, &content, err);
    search->files++;
    for (size_t i = 0; i + strlen(SECRET) <= content.size; i++)
        search->hits += memcmp(content.data + i, SECRET, strlen(SECRET)) == 0;
    return status;
}

/* How often the text stands in the bytes of all files of the folder. */
static int count_secrets(struct folder *folder)
{
    struct search search = {.folder = folder};
    ASSERT_OK(folder, hanse_file_list(folder->dir, search_file, &search, &folder->err));
    assert_true(search.files >= 1);
    return search.hits;
}

/* Some that fit a page and some that need several, each with an identifier that tells the text too. */
static void stage_secrets(struct folder *folder, struct hanse_staging *staging, const char *origin)
{
    static char text[20000];
    for (size_t i = 0; i + strlen(SECRET) < sizeof text; i += strlen(SECRET))
        memcpy(text + i, SECRET, strlen(SECRET));
    begin(folder, staging);
    for (uint8_t i = 0; i < 50; i++) {
        uint64_t sequence;
        (void)put(folder, staging, origin, i, i % 2 == 0 ? SECRET : text, &sequence);
        ASSERT_OK(folder,
                  hanse_staging_identifier_add(staging, origin, record_id(i), "iati", SECRET, &folder->err));
    }
    commit(folder, staging);
    assert_true(count_secrets(folder) > 1000);
}

static void test_no_text_stays_when_all_is_removed(void **state)
{
    struct folder *folder = *state;
    for (int within = 0; within < 2; within++) {
        struct hanse_staging *staging = open_staging(folder);
        stage_secrets(folder, staging, BONN);
        if (within != 0)
            begin(folder, staging);
        ASSERT_OK(folder, hanse_staging_remove_upto(staging, BONN, UINT64_MAX, &folder->err));
        if (within != 0)
            commit(folder, staging);
        assert_int_equal(count_secrets(folder), 0);
        assert_staged(folder, staging, BONN, 0, "");
        hanse_staging_close(staging);
        assert_int_equal(count_secrets(folder), 0);
    }
}

static void test_no_text_stays_when_some_is_removed(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    uint64_t sequence;
    begin(folder, staging);
    (void)put(folder, staging, KOBE, 1, "other", &sequence);
    commit(folder, staging);
    stage_secrets(folder, staging, BONN);
    begin(folder, staging);
    for (uint8_t i = 0; i < 20; i++)
        (void)put(folder, staging, BONN, i, "plain", &sequence);
    for (uint8_t i = 20; i < 30; i++)
        ASSERT_OK(folder, hanse_staging_remove(staging, BONN, record_id(i), &folder->err));
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, BONN, UINT64_MAX, &folder->err));
    commit(folder, staging);
    assert_int_equal(count_secrets(folder), 0);
    assert_staged(folder, staging, KOBE, 1, "1:1:other ");
    hanse_staging_close(staging);
}

static void test_rollback_after_removing_all(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    uint64_t sequence;
    begin(folder, staging);
    (void)put(folder, staging, BONN, 1, "one", &sequence);
    commit(folder, staging);
    begin(folder, staging);
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, BONN, sequence, &folder->err));
    hanse_staging_rollback(staging);
    assert_staged(folder, staging, BONN, 1, "1:1:one ");

    /* What comes after it in the transaction finds nothing, and is kept. */
    begin(folder, staging);
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, BONN, sequence, &folder->err));
    ASSERT_OK(folder, hanse_staging_remove_upto(staging, KOBE, sequence, &folder->err));
    assert_staged(folder, staging, BONN, 0, "");
    assert_false(put(folder, staging, BONN, 1, "anew", &sequence));
    commit(folder, staging);
    assert_staged(folder, staging, BONN, 1, "2:1:anew ");
    hanse_staging_close(staging);
}

/* Another process keeps the file open, with statements prepared, while it is emptied: it loses nothing. */
static void test_emptied_beside_another_connection(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *one = open_staging(folder);
    struct hanse_staging *two = open_staging(folder);
    uint64_t sequence;
    begin(folder, one);
    (void)put(folder, one, BONN, 1, "one", &sequence);
    commit(folder, one);
    assert_staged(folder, two, BONN, 1, "1:1:one ");
    ASSERT_OK(folder, hanse_staging_remove_upto(one, BONN, sequence, &folder->err));
    assert_staged(folder, two, BONN, 0, "");
    begin(folder, two);
    (void)put(folder, two, BONN, 2, "two", &sequence);
    commit(folder, two);
    assert_staged(folder, one, BONN, 1, "2:2:two ");
    hanse_staging_close(two);
    hanse_staging_close(one);
    one = open_staging(folder);
    assert_staged(folder, one, BONN, 1, "2:2:two ");
    hanse_staging_close(one);
}

/* As a crash left it in the middle of being emptied where that took two transactions. */
static void test_emptied_without_schema(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    uint64_t sequence;
    begin(folder, staging);
    (void)put(folder, staging, BONN, 1, "one", &sequence);
    commit(folder, staging);
    (void)sqlite3_db_config(staging->database.handle, SQLITE_DBCONFIG_RESET_DATABASE, 1, NULL);
    assert_int_equal(sqlite3_exec(staging->database.handle, "VACUUM", NULL, NULL, NULL), SQLITE_OK);
    hanse_staging_close(staging);
    staging = open_staging(folder);
    assert_staged(folder, staging, BONN, 0, "");
    begin(folder, staging);
    (void)put(folder, staging, BONN, 1, "one", &sequence);
    commit(folder, staging);
    hanse_staging_close(staging);
}

struct walk {
    struct folder *folder;
    struct hanse_staging *staging;
    int visits;
};

static enum hanse_status walk_change(void *context, const struct hanse_staged_change *change,
                                     struct hanse_error *err)
{
    struct walk *walk = context;
    struct hanse_staged_change other;
    uint8_t number = change->record_id[15];
    ASSERT_OK(walk->folder, hanse_staging_get(walk->staging, BONN, record_id(1), &other, err));
    if (number == 2)
        assert_staged(walk->folder, walk->staging, BONN, 3, "1:1:one 2:2:two 3:3:three ");
    const char *texts[] = {"", "one", "two", "three"};
    assert_int_equal(change->record.size, strlen(texts[number]));
    assert_memory_equal(change->record.data, texts[number], change->record.size);
    walk->visits++;
    return number == 2 ? HANSE_CANCELLED : HANSE_OK;
}

/* What a reader still looks at keeps the old text alive; what is staged is gone all the same. */
static enum hanse_status empty_meanwhile(void *context, const struct hanse_staged_change *change,
                                         struct hanse_error *err)
{
    struct walk *walk = context;
    if (walk->visits++ > 0)
        return HANSE_OK;
    struct hanse_staging *other = open_staging(walk->folder);
    ASSERT_OK(walk->folder, hanse_staging_remove_upto(other, BONN, UINT64_MAX, err));
    assert_staged(walk->folder, other, BONN, 0, "");
    hanse_staging_close(other);
    (void)change;
    return HANSE_OK;
}

static void test_list_visitors(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    struct walk walk = {.folder = folder, .staging = staging};
    uint64_t sequence;
    begin(folder, staging);
    (void)put(folder, staging, BONN, 1, "one", &sequence);
    (void)put(folder, staging, BONN, 2, "two", &sequence);
    (void)put(folder, staging, BONN, 3, "three", &sequence);
    commit(folder, staging);
    ASSERT_STATUS(hanse_staging_list(staging, BONN, walk_change, &walk, &folder->err), HANSE_CANCELLED);
    assert_int_equal(walk.visits, 2);
    ASSERT_STATUS(hanse_staging_remove(staging, BONN, record_id(3), &folder->err), HANSE_INVALID_ARGUMENT);
    hanse_staging_close(staging);
}

static void test_emptied_beside_a_reader(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    struct walk walk = {.folder = folder, .staging = staging};
    stage_secrets(folder, staging, BONN);
    ASSERT_OK(folder, hanse_staging_list(staging, BONN, empty_meanwhile, &walk, &folder->err));
    assert_int_equal(walk.visits, 50);
    assert_staged(folder, staging, BONN, 0, "");
    hanse_staging_close(staging); /* the last to close cleans up */
    assert_int_equal(count_secrets(folder), 0);
}

static enum hanse_status use_with_failures(void *context)
{
    struct folder *folder = context;
    struct hanse_staging *staging = NULL;
    struct hanse_staged_change found;
    char text[128] = "";
    enum hanse_status status = hanse_staging_open(folder->path.text, &staging, &folder->err);
    if (status != HANSE_OK) {
        assert_null(staging);
        return status;
    }
    status = hanse_staging_get(staging, BONN, record_id(1), &found, &folder->err);
    if (status == HANSE_OK)
        status = hanse_staging_list(staging, BONN, see_change, text, &folder->err);
    hanse_staging_close(staging);
    return status;
}

static void test_failing_allocations(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    uint64_t sequence;
    begin(folder, staging);
    (void)put(folder, staging, BONN, 1, "one", &sequence);
    commit(folder, staging);
    hanse_staging_close(staging);
    assert_true(anomaly_fail_each_allocation(use_with_failures, folder) >= 4);
}

static void test_full_disk_and_foreign_file(void **state)
{
    struct folder *folder = *state;
    struct hanse_staging *staging = open_staging(folder);
    bool replaced;
    uint64_t sequence;
    static char text[100000];
    memset(text, 'x', sizeof text - 1);
    begin(folder, staging);
    (void)put(folder, staging, BONN, 1, "one", &sequence);
    commit(folder, staging);
    assert_int_equal(sqlite3_exec(staging->database.handle, "PRAGMA max_page_count=1", NULL, NULL, NULL), 0);
    begin(folder, staging);
    struct hanse_staged_change change = change_of(BONN, 2, text);
    ASSERT_STATUS(hanse_staging_put(staging, &change, &replaced, &folder->err), HANSE_IO);
    assert_int_equal(change.sequence, 0);
    ASSERT_STATUS(hanse_staging_commit(staging, &folder->err), HANSE_INVALID_ARGUMENT);
    hanse_staging_rollback(staging);
    assert_staged(folder, staging, BONN, 1, "1:1:one ");
    assert_int_equal(sqlite3_exec(staging->database.handle, "PRAGMA application_id=1", NULL, NULL, NULL), 0);
    hanse_staging_close(staging);
    ASSERT_STATUS(hanse_staging_open(folder->path.text, &staging, &folder->err), HANSE_MALFORMED);
    assert_non_null(strstr(folder->err.message, "stage the changes again"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_put_get_replace),
        FOLDER_TEST(test_withdraw_has_no_record),
        FOLDER_TEST(test_find),
        FOLDER_TEST(test_remove_upto_keeps_the_rest),
        FOLDER_TEST(test_remove_published_keeps_what_is_not_for_everybody),
        FOLDER_TEST(test_no_text_stays_when_all_is_removed),
        FOLDER_TEST(test_no_text_stays_when_some_is_removed),
        FOLDER_TEST(test_rollback_after_removing_all),
        FOLDER_TEST(test_emptied_beside_another_connection),
        FOLDER_TEST(test_emptied_without_schema),
        FOLDER_TEST(test_list_visitors),
        FOLDER_TEST(test_emptied_beside_a_reader),
        FOLDER_TEST(test_failing_allocations),
        FOLDER_TEST(test_full_disk_and_foreign_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
