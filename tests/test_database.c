/* SPDX-License-Identifier: Apache-2.0 */
/* The index as a file: modes, versions, damage, a full disk, memory, and several processes. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "anomaly.h"
#include "index/database_access.h"
#include "index/index_internal.h"
#include "index_fixture.h"
#include "old_index.h"

enum { RECORDS = 2000 };

static const struct hanse_index_filter everything = {.withdrawn_too = true};

static void run_sql(struct hanse_index *index, const char *sql)
{
    assert_int_equal(sqlite3_exec(index->database.handle, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void assert_private(const char *dir, const char *name)
{
    struct hanse_path path;
    struct stat found;
    struct hanse_error err;
    assert_int_equal(hanse_path_format(&path, &err, "%s/%s", dir, name), HANSE_OK);
    assert_int_equal(stat(path.text, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0600);
}

static void test_files_are_private_whatever_the_umask(void **state)
{
    struct folder *folder = *state;
    const mode_t masks[] = {0, 022, 077, 0177};
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        mode_t before = umask(masks[i]);
        struct hanse_index *index = open_index(folder);
        ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
        (void)add_feed(folder, index, "bonn.example/hanse", NULL, true);
        ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
        (void)umask(before);
        assert_private(folder->dir, "test.sqlite");
        assert_private(folder->dir, "test.sqlite-wal");
        assert_private(folder->dir, "test.sqlite-shm");
        hanse_index_close(index);
        ASSERT_OK(folder, hanse_file_remove(folder->path.text, &folder->err));
    }
}

/* Runs the check where a common user would: root may write everywhere. */
static void run_unprivileged(struct folder *folder, mode_t dir_mode,
                             enum hanse_status (*check)(struct folder *folder), enum hanse_status wanted)
{
    assert_int_equal(chmod(folder->dir, dir_mode), 0);
    if (getuid() == 0)
        assert_int_equal(chown(folder->dir, 65534, 65534), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool dropped = getuid() != 0 || setuid(65534) == 0;
        _exit(dropped ? -(int)check(folder) : 100);
    }
    int code = 0;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(chmod(folder->dir, 0700), 0);
    assert_true(WIFEXITED(code));
    assert_int_equal(-WEXITSTATUS(code), wanted);
}

static enum hanse_status open_and_close(struct folder *folder)
{
    struct hanse_index *index = NULL;
    enum hanse_status status = hanse_index_open(folder->path.text, &index, &folder->err);
    hanse_index_close(index);
    return status;
}

/* It can be read, cannot be written, and leaves no trace. */
static enum hanse_status read_only(struct folder *folder)
{
    struct hanse_index *index = NULL;
    enum hanse_status status = hanse_index_open(folder->path.text, &index, &folder->err);
    bool right = status == HANSE_OK && hanse_index_is_read_only(index) &&
                 hanse_index_check(index, &folder->err) == HANSE_OK &&
                 hanse_index_begin(index, &folder->err) == HANSE_DENIED &&
                 !hanse_database_has_log(folder->path.text);
    hanse_index_close(index);
    return right ? HANSE_OK : HANSE_MISMATCH;
}

static enum hanse_status old_version(struct folder *folder)
{
    struct hanse_index *index = open_index(folder);
    run_sql(index, OLD_INDEX_SQL);
    hanse_index_close(index);
    return HANSE_OK;
}

static void test_read_only_folder(void **state)
{
    struct folder *folder = *state;
    run_unprivileged(folder, 0555, open_and_close, HANSE_DENIED); /* cannot be made */
    run_unprivileged(folder, 0755, open_and_close, HANSE_OK);
    run_unprivileged(folder, 0555, read_only, HANSE_OK); /* is there, but its log cannot be made */
    run_unprivileged(folder, 0755, old_version, HANSE_OK);
    run_unprivileged(folder, 0555, open_and_close, HANSE_DENIED); /* cannot be brought up to date */
    run_unprivileged(folder, 0755, open_and_close, HANSE_OK);
    assert_int_equal(chmod(folder->path.text, 0400), 0);
    run_unprivileged(folder, 0755, read_only, HANSE_OK);
    assert_int_equal(chmod(folder->path.text, 0), 0);
    run_unprivileged(folder, 0755, open_and_close, HANSE_DENIED);
}

static void test_missing_folder(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = NULL;
    ASSERT_OK(folder, hanse_path_format(&folder->path, &folder->err, "%s/none/x.sqlite", folder->dir));
    ASSERT_STATUS(hanse_index_open(folder->path.text, &index, &folder->err), HANSE_NOT_FOUND);
    assert_null(index);
    ASSERT_STATUS(hanse_index_open(folder->dir, &index, &folder->err), HANSE_IO); /* a folder is no file */
    assert_null(index);
}

static void test_versions(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    run_sql(index, "PRAGMA user_version=4");
    hanse_index_close(index);
    ASSERT_STATUS(open_and_close(folder), HANSE_UNSUPPORTED);
    assert_non_null(strstr(folder->err.message, "version 4"));

    ASSERT_OK(folder, hanse_file_remove(folder->path.text, &folder->err));
    index = open_index(folder);
    run_sql(index, "PRAGMA user_version=0");
    hanse_index_close(index);
    ASSERT_STATUS(open_and_close(folder), HANSE_MALFORMED);

    ASSERT_OK(folder, hanse_file_remove(folder->path.text, &folder->err));
    index = open_index(folder);
    run_sql(index, "PRAGMA application_id=7");
    hanse_index_close(index);
    ASSERT_STATUS(open_and_close(folder), HANSE_MALFORMED);
}

static void test_file_that_is_no_database(void **state)
{
    struct folder *folder = *state;
    static const uint8_t text[8192] = "this is a letter and not a database";
    struct hanse_bytes content = {text, sizeof text};
    ASSERT_OK(folder, hanse_file_replace(folder->path.text, content, 0600, &folder->err));
    ASSERT_STATUS(open_and_close(folder), HANSE_MALFORMED);
    assert_non_null(strstr(folder->err.message, "make it again from the feeds"));
    assert_non_null(strstr(folder->err.message, folder->path.text));
}

static void fill(struct folder *folder, uint64_t records)
{
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", "bonn", true);
    for (uint64_t i = 0; i < records; i++) {
        struct id id = id_of((uint8_t)i);
        id.bytes[1] = (uint8_t)(i >> 8);
        struct hanse_index_entry entry = {.index = i,
                                          .operation = PUT,
                                          .kind = 3,
                                          .record_id = id.bytes,
                                          .payload_state = 1 + (uint32_t)(i % 3),
                                          .digest = id.bytes};
        ASSERT_OK(folder, hanse_index_entry_add(index, feed, &entry, &folder->err));
        ASSERT_OK(folder, hanse_index_identifier_add(index, feed, id.bytes, i, "iati", "A", &folder->err));
    }
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    hanse_index_close(index);
}

static enum hanse_status count_visit(void *context, const struct hanse_index_record *record,
                                     struct hanse_error *err)
{
    (void)err;
    ++*(int *)context;
    return strlen(record->origin) > 0 ? HANSE_OK : HANSE_CANCELLED;
}

/* Reads in every way, then writes in every way; the first failure. */
static enum hanse_status use_everything(struct folder *folder)
{
    struct hanse_index *index = NULL;
    struct hanse_error *err = &folder->err;
    struct hanse_index_feed feed;
    struct hanse_index_record record;
    struct hanse_index_counts counts;
    uint64_t missing[4], total;
    size_t given;
    int visits = 0;
    enum hanse_status status = hanse_index_open(folder->path.text, &index, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_index_feed_get(index, "bonn", &feed, err);
    if (status == HANSE_OK)
        status = hanse_index_record_list(index, &everything, count_visit, &visits, err);
    if (status == HANSE_OK)
        status = hanse_index_record_find_identifier(index, 0, "iati", "A", count_visit, &visits, err);
    if (status == HANSE_OK)
        status = hanse_index_record_find_prefix(index, "1", count_visit, &visits, err);
    if (status == HANSE_OK)
        status = hanse_index_record_find_digest(index, 1, id_of(1).bytes, count_visit, &visits, err);
    if (status == HANSE_OK)
        status = hanse_index_record_get(index, 1, (const uint8_t[16]){[15] = 0}, &record, err);
    if (status == HANSE_NOT_FOUND)
        status = hanse_index_missing(index, 1, missing, 4, &given, &total, err);
    if (status == HANSE_OK)
        status = hanse_index_count(index, 1, &counts, err);
    if (status == HANSE_OK)
        status = hanse_index_begin(index, err);
    feed.size = RECORDS / 2;
    feed.last_message = feed.last_result = feed.pin = NULL;
    if (status == HANSE_OK)
        status = hanse_index_feed_put(index, &feed, err);
    if (status == HANSE_OK)
        status = hanse_index_erase(index, 1, 5, 500, err);
    if (status == HANSE_OK)
        status = hanse_index_feed_reset(index, 1, err);
    if (status == HANSE_OK)
        status = hanse_index_feed_remove(index, 1, err);
    if (status == HANSE_OK)
        status = hanse_index_commit(index, err);
    if (status != HANSE_OK)
        assert_int_not_equal(hanse_index_commit(index, NULL), HANSE_OK);
    hanse_index_close(index);
    return status;
}

static void test_damaged_pages(void **state)
{
    struct folder *folder = *state;
    struct hanse_buffer good, bad;
    hanse_buffer_init(&good, 4u << 20);
    hanse_buffer_init(&bad, 4u << 20);
    fill(folder, RECORDS);
    ASSERT_OK(folder, hanse_file_read(folder->path.text, 4u << 20, &good, &folder->err));
    assert_true(good.size > 40 * 4096);
    int damaged = 0, unharmed = 0;
    for (size_t page = 0; page < good.size; page += 4096) {
        hanse_buffer_clear(&bad);
        ASSERT_OK(folder, hanse_buffer_append(&bad, hanse_buffer_view(&good), &folder->err));
        /* The start of a page, where its kind and its cells are told; on the first page after the header. */
        for (size_t i = page == 0 ? 100 : page; i < (page == 0 ? 120 : page + 20); i++)
            bad.data[i] ^= 0xff;
        ASSERT_OK(folder, hanse_file_replace(folder->path.text, hanse_buffer_view(&bad), 0600, &folder->err));
        enum hanse_status status = use_everything(folder);
        if (status == HANSE_MALFORMED)
            assert_non_null(strstr(folder->err.message, "make it again from the feeds"));
        else
            ASSERT_STATUS(status, HANSE_OK); /* a page that is not needed for any of this */
        damaged += status == HANSE_MALFORMED;
        unharmed += status == HANSE_OK;
        for (const char *const *tail = (const char *const[]){"-wal", "-shm", NULL}; *tail != NULL; tail++) {
            struct hanse_path path;
            ASSERT_OK(folder, hanse_path_format(&path, &folder->err, "%s%s", folder->path.text, *tail));
            (void)unlink(path.text);
        }
    }
    assert_true(damaged > 10 * unharmed);
    hanse_buffer_release(&good);
    hanse_buffer_release(&bad);
}

/* What a check says of a file of which one page is rubbish. */
static enum hanse_status check_damaged(struct folder *folder, const struct hanse_buffer *good, size_t page)
{
    struct hanse_index *index = NULL;
    struct hanse_buffer bad;
    hanse_buffer_init(&bad, 4u << 20);
    ASSERT_OK(folder, hanse_buffer_append(&bad, hanse_buffer_view(good), &folder->err));
    memset(bad.data + page, 0xff, 4096);
    ASSERT_OK(folder, hanse_file_replace(folder->path.text, hanse_buffer_view(&bad), 0600, &folder->err));
    hanse_buffer_release(&bad);
    ASSERT_OK(folder, hanse_index_open(folder->path.text, &index, &folder->err));
    enum hanse_status status = hanse_index_check(index, &folder->err);
    hanse_index_close(index);
    return status;
}

static void test_check_finds_damaged_pages(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = NULL;
    struct hanse_buffer good;
    hanse_buffer_init(&good, 4u << 20);
    fill(folder, RECORDS);
    ASSERT_OK(folder, hanse_index_open(folder->path.text, &index, &folder->err));
    ASSERT_OK(folder, hanse_index_check(index, &folder->err));
    hanse_index_close(index);
    ASSERT_OK(folder, hanse_file_read(folder->path.text, 4u << 20, &good, &folder->err));
    for (size_t page = good.size / 2 / 4096 * 4096, i = 0; i < 8; i++, page += 4096) {
        ASSERT_STATUS(check_damaged(folder, &good, page), HANSE_MALFORMED);
        assert_non_null(strstr(folder->err.message, folder->path.text));
    }
    hanse_buffer_release(&good);
}

static void test_damaged_header(void **state)
{
    struct folder *folder = *state;
    struct hanse_buffer content;
    hanse_buffer_init(&content, 4u << 20);
    fill(folder, 100);
    ASSERT_OK(folder, hanse_file_read(folder->path.text, 4u << 20, &content, &folder->err));
    for (size_t at = 0; at < 100; at++) {
        content.data[at] ^= 0xff;
        ASSERT_OK(folder,
                  hanse_file_replace(folder->path.text, hanse_buffer_view(&content), 0600, &folder->err));
        enum hanse_status status = use_everything(folder);
        if (at < 16)
            ASSERT_STATUS(status, HANSE_MALFORMED);
        else
            assert_true(status == HANSE_OK || status == HANSE_MALFORMED || status == HANSE_UNSUPPORTED ||
                        status == HANSE_DENIED || status == HANSE_IO || status == HANSE_NOT_FOUND);
        content.data[at] ^= 0xff;
    }
    hanse_buffer_release(&content);
}

static void test_value_of_wrong_size(void **state)
{
    struct folder *folder = *state;
    struct hanse_index_feed feed;
    int visits = 0;
    fill(folder, 3);
    struct hanse_index *index = open_index(folder);
    run_sql(index, "UPDATE entry SET record_id = x'0102' WHERE entry_index = 1");
    ASSERT_STATUS(hanse_index_record_list(index, &everything, count_visit, &visits, &folder->err),
                  HANSE_MALFORMED);
    assert_int_equal(visits, 1);
    run_sql(index, "UPDATE feed SET key = x''");
    ASSERT_STATUS(hanse_index_feed_get(index, "bonn", &feed, &folder->err), HANSE_MALFORMED);
    run_sql(index, "DROP TABLE identifier");
    ASSERT_STATUS(
        hanse_index_record_find_identifier(index, 0, "iati", "A", count_visit, &visits, &folder->err),
        HANSE_MALFORMED);
    hanse_index_close(index);
}

static void test_full_disk(void **state)
{
    struct folder *folder = *state;
    struct hanse_index_counts counts;
    fill(folder, 10);
    struct hanse_index *index = open_index(folder);
    run_sql(index, "PRAGMA max_page_count=1"); /* means as many as there are */
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    enum hanse_status status = HANSE_OK;
    for (uint64_t i = 10; i < 5000 && status == HANSE_OK; i++) {
        struct id id = id_of((uint8_t)i);
        struct hanse_index_entry entry = {.index = i, .operation = PUT, .record_id = id.bytes};
        status = hanse_index_entry_add(index, 1, &entry, &folder->err);
    }
    ASSERT_STATUS(status, HANSE_IO);
    assert_int_equal(folder->err.library_code, SQLITE_FULL);
    ASSERT_STATUS(hanse_index_commit(index, &folder->err), HANSE_INVALID_ARGUMENT);
    hanse_index_rollback(index);
    ASSERT_OK(folder, hanse_index_count(index, 1, &counts, &folder->err));
    assert_int_equal(counts.entries, 10);
    run_sql(index, "PRAGMA max_page_count=100000");
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    add(folder, index, 1, 10, PUT, VALID, 200);
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    hanse_index_close(index);
}

static enum hanse_status read_with_failures(void *context)
{
    struct folder *folder = context;
    struct hanse_index *index = NULL;
    struct hanse_index_feed feed;
    struct hanse_index_record record;
    int visits = 0;
    enum hanse_status status = hanse_index_open(folder->path.text, &index, &folder->err);
    if (status != HANSE_OK) {
        assert_null(index);
        return status;
    }
    status = hanse_index_feed_get(index, "bonn", &feed, &folder->err);
    if (status == HANSE_OK)
        status = hanse_index_record_get(
            index, 1, (const uint8_t[16]){1, 0, 3, 4, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, 1},
            &record, &folder->err);
    if (status == HANSE_OK)
        status = hanse_index_record_list(index, &everything, count_visit, &visits, &folder->err);
    hanse_index_close(index);
    return status;
}

static void test_failing_allocations(void **state)
{
    struct folder *folder = *state;
    fill(folder, 3);
    assert_true(anomaly_fail_each_allocation(read_with_failures, folder) >= 4);
}

/* SQLite's own memory runs out within a transaction: nothing of it is kept. */
static void test_memory_of_sqlite(void **state)
{
    struct folder *folder = *state;
    struct hanse_index_counts counts;
    fill(folder, 3);
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t before = sqlite3_hard_heap_limit64(sqlite3_memory_used() + 20000);
    enum hanse_status status = HANSE_OK;
    for (uint64_t i = 3; i < 100000 && status == HANSE_OK; i++) {
        struct id id = id_of((uint8_t)i);
        struct hanse_index_entry entry = {.index = i, .operation = PUT, .record_id = id.bytes};
        status = hanse_index_entry_add(index, 1, &entry, &folder->err);
    }
    (void)sqlite3_hard_heap_limit64(before);
    ASSERT_STATUS(status, HANSE_NO_MEMORY);
    ASSERT_STATUS(hanse_index_commit(index, &folder->err), HANSE_INVALID_ARGUMENT);
    hanse_index_rollback(index);
    ASSERT_OK(folder, hanse_index_count(index, 1, &counts, &folder->err));
    assert_int_equal(counts.entries, 3);
    hanse_index_close(index);
}

static void assert_children_succeed(int count)
{
    for (int i = 0; i < count; i++) {
        int code = 0;
        assert_true(wait(&code) > 0);
        assert_true(WIFEXITED(code) && WEXITSTATUS(code) == 0);
    }
}

/* All make the same new file; often, since it is a matter of moments. */
static void test_processes_open_at_once(void **state)
{
    struct folder *folder = *state;
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 8; i++) {
            pid_t child = fork();
            assert_true(child >= 0);
            if (child == 0)
                _exit(-(int)open_and_close(folder));
        }
        assert_children_succeed(8);
        ASSERT_OK(folder, open_and_close(folder));
        ASSERT_OK(folder, hanse_file_remove(folder->path.text, &folder->err));
    }
}

/* Reads until the writer is done; what it sees must be the state after one of the commits. */
static int read_while_written(struct folder *folder)
{
    struct hanse_index *index = NULL;
    struct hanse_index_counts counts = {0};
    if (hanse_index_open(folder->path.text, &index, &folder->err) != HANSE_OK)
        return 1;
    uint64_t last = 0;
    while (counts.entries < 200) {
        if (hanse_index_count(index, 1, &counts, &folder->err) != HANSE_OK)
            return 2;
        if (counts.entries % 10 != 0 || counts.entries < last)
            return 3;
        last = counts.entries;
    }
    hanse_index_close(index);
    return 0;
}

static void test_readers_beside_a_writer(void **state)
{
    struct folder *folder = *state;
    fill(folder, 10);
    for (int i = 0; i < 3; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(read_while_written(folder));
    }
    struct hanse_index *index = open_index(folder);
    for (uint64_t i = 10; i < 200; i++) {
        if (i % 10 == 0)
            ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
        add(folder, index, 1, i, PUT, VALID, (uint8_t)i);
        if (i % 10 == 9)
            ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    }
    hanse_index_close(index);
    assert_children_succeed(3);
}

static void test_second_writer_waits_and_gives_up(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *first = open_index(folder);
    struct hanse_index *second = open_index(folder);
    (void)sqlite3_busy_timeout(second->database.handle, 10);
    ASSERT_OK(folder, hanse_index_begin(first, &folder->err));
    ASSERT_STATUS(hanse_index_begin(second, &folder->err), HANSE_LOCKED);
    assert_int_equal(folder->err.library_code & 0xff, SQLITE_BUSY);
    hanse_index_rollback(first);
    ASSERT_OK(folder, hanse_index_begin(second, &folder->err));
    hanse_index_close(second);
    hanse_index_close(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_files_are_private_whatever_the_umask),
        FOLDER_TEST(test_read_only_folder),
        FOLDER_TEST(test_missing_folder),
        FOLDER_TEST(test_versions),
        FOLDER_TEST(test_file_that_is_no_database),
        FOLDER_TEST(test_damaged_pages),
        FOLDER_TEST(test_check_finds_damaged_pages),
        FOLDER_TEST(test_damaged_header),
        FOLDER_TEST(test_value_of_wrong_size),
        FOLDER_TEST(test_full_disk),
        FOLDER_TEST(test_failing_allocations),
        FOLDER_TEST(test_memory_of_sqlite),
        FOLDER_TEST(test_processes_open_at_once),
        FOLDER_TEST(test_readers_beside_a_writer),
        FOLDER_TEST(test_second_writer_waits_and_gives_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
