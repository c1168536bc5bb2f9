/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders, on a real file system in a folder of its own. */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/hanse-test-file-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static enum hanse_status remove_one(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%s", (const char *)context, name);
    if (status != HANSE_OK)
        return status;
    if (!is_dir)
        return hanse_file_remove(path.text, err);
    status = hanse_file_list(path.text, remove_one, path.text, err);
    (void)rmdir(path.text);
    return status;
}

static int remove_folder(void **state)
{
    (void)state;
    enum hanse_status status = hanse_file_list(folder, remove_one, folder, NULL);
    return status == HANSE_OK ? rmdir(folder) : -1;
}

static const char *at(const char *name)
{
    static struct hanse_path path;
    assert_int_equal(hanse_path_format(&path, NULL, "%s/%s", folder, name), HANSE_OK);
    return path.text;
}

static void check_content(const char *path, const char *expected)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer content;
    hanse_buffer_init(&content, strlen(expected));
    assert_int_equal(hanse_file_read(path, strlen(expected), &content, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&content), expected));
}

static void test_replace_and_read(void **state)
{
    (void)state;
    struct stat first;
    struct stat second;
    assert_int_equal(hanse_file_replace(at("a"), hanse_bytes_of_text("one"), 0644, NULL), HANSE_OK);
    assert_int_equal(stat(at("a"), &first), 0);
    assert_int_equal(first.st_mode & 0777, 0644);
    check_content(at("a"), "one");
    mode_t mask = umask(077);
    assert_int_equal(hanse_file_replace_later_synced(at("a"), hanse_bytes_of_text("two"), 0644, NULL),
                     HANSE_OK);
    (void)umask(mask);
    assert_int_equal(stat(at("a"), &second), 0);
    assert_int_equal(second.st_mode & 0777, 0644);
    assert_true(second.st_mtim.tv_sec > first.st_mtim.tv_sec);
    assert_int_equal(second.st_mtim.tv_nsec, 0);
    check_content(at("a"), "two");
    assert_false(hanse_file_exists(at("a.tmp")));
}

static void test_failed_replace_changes_nothing(void **state)
{
    (void)state;
    struct hanse_error err;
    assert_int_equal(hanse_file_make_dirs(at("dir/full"), 0755, NULL), HANSE_OK);
    assert_failure(hanse_file_replace(at("dir"), hanse_bytes_of_text("x"), 0644, &err), err, HANSE_IO,
                   HANSE_NO_OFFSET);
    assert_true(hanse_file_exists(at("dir/full")));
    assert_false(hanse_file_exists(at("dir.tmp")));
    assert_failure(hanse_file_replace(at("none/x"), hanse_bytes_of_text("x"), 0644, &err), err,
                   HANSE_NOT_FOUND, HANSE_NO_OFFSET);
}

static void test_read_caps(void **state)
{
    (void)state;
    static char large[200000];
    memset(large, 'z', sizeof large);
    assert_int_equal(hanse_file_replace(at("large"), hanse_bytes_of(large, sizeof large), 0600, NULL),
                     HANSE_OK);
    HANSE_SCOPED_BUFFER struct hanse_buffer content;
    hanse_buffer_init(&content, sizeof large + 1);
    struct hanse_error err;
    assert_int_equal(hanse_buffer_append_text(&content, "k", NULL), HANSE_OK);
    assert_failure(hanse_file_read(at("large"), sizeof large - 1, &content, &err), err, HANSE_LIMIT,
                   sizeof large - 1);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&content), "k"));
    assert_int_equal(hanse_file_read(at("large"), sizeof large, &content, NULL), HANSE_OK);
    assert_int_equal(content.size, sizeof large + 1);
    assert_memory_equal(content.data + 1, large, sizeof large);
    HANSE_SCOPED_BUFFER struct hanse_buffer small;
    hanse_buffer_init(&small, 3);
    assert_failure(hanse_file_read(at("large"), sizeof large, &small, &err), err, HANSE_LIMIT, 3);
    assert_failure(hanse_file_read(at("absent"), 10, &small, &err), err, HANSE_NOT_FOUND, HANSE_NO_OFFSET);
    assert_failure(hanse_file_read(folder, 3, &small, &err), err, HANSE_IO, HANSE_NO_OFFSET);
    assert_int_equal(small.size, 0);
}

static void test_make_dirs(void **state)
{
    (void)state;
    struct stat found;
    struct hanse_error err;
    mode_t mask = umask(077);
    assert_int_equal(hanse_file_make_dirs(at("p/q/r/"), 0755, NULL), HANSE_OK);
    (void)umask(mask);
    assert_int_equal(stat(at("p/q"), &found), 0);
    assert_int_equal(found.st_mode & 0777, 0755);
    assert_int_equal(chmod(at("p"), 0700), 0);
    assert_int_equal(hanse_file_make_dirs(at("p/q/r"), 0755, NULL), HANSE_OK);
    assert_int_equal(stat(at("p"), &found), 0);
    assert_int_equal(found.st_mode & 0777, 0700);
    assert_int_equal(hanse_file_replace(at("p/file"), hanse_bytes_of_text("x"), 0644, NULL), HANSE_OK);
    assert_failure(hanse_file_make_dirs(at("p/file"), 0755, &err), err, HANSE_EXISTS, HANSE_NO_OFFSET);
    assert_failure(hanse_file_make_dirs("", 0755, &err), err, HANSE_NOT_FOUND, HANSE_NO_OFFSET);
    assert_int_equal(hanse_file_make_dirs("/", 0755, NULL), HANSE_OK);
}

static void test_random_access(void **state)
{
    (void)state;
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    struct hanse_error err;
    uint8_t read[4] = {0};
    uint64_t size = 0;
    assert_int_equal(hanse_file_open_write(&file, at("random"), 0600, NULL), HANSE_OK);
    assert_int_equal(hanse_file_write_at(&file, 2, hanse_bytes_of_text("cdef"), NULL), HANSE_OK);
    assert_int_equal(hanse_file_write_at(&file, 0, hanse_bytes_of_text("ab"), NULL), HANSE_OK);
    assert_int_equal(hanse_file_sync(&file, NULL), HANSE_OK);
    assert_int_equal(hanse_file_read_at(&file, 1, read, 4, NULL), HANSE_OK);
    assert_memory_equal(read, "bcde", 4);
    assert_failure(hanse_file_read_at(&file, 4, read, 4, &err), err, HANSE_TRUNCATED, 6);
    assert_int_equal(hanse_file_truncate(&file, 3, NULL), HANSE_OK);
    assert_int_equal(hanse_file_size(at("random"), &size, NULL), HANSE_OK);
    assert_int_equal(size, 3);
    hanse_file_close(&file);
    hanse_file_close(&file);
    assert_failure(hanse_file_open_read(&file, at("absent"), &err), err, HANSE_NOT_FOUND, HANSE_NO_OFFSET);
    assert_int_equal(file.fd, -1);
    assert_failure(hanse_file_size(at("absent"), &size, &err), err, HANSE_NOT_FOUND, HANSE_NO_OFFSET);
    assert_int_equal(hanse_file_sync_dir(folder, NULL), HANSE_OK);
    assert_int_equal(hanse_file_sync_tree(folder, NULL), HANSE_OK);
}

struct seen {
    char names[256];
    size_t count;
    size_t stop_at;
};

static enum hanse_status see(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    (void)err;
    struct seen *seen = context;
    if (seen->count == seen->stop_at)
        return HANSE_CANCELLED;
    seen->count++;
    strcat(seen->names, name);
    strcat(seen->names, is_dir ? "/ " : " ");
    return HANSE_OK;
}

static enum hanse_status list_all(void *context)
{
    (void)context;
    struct seen seen = {.stop_at = SIZE_MAX};
    return hanse_file_list(folder, see, &seen, NULL);
}

static void test_list(void **state)
{
    (void)state;
    assert_int_equal(hanse_file_make_dirs(at("list/b"), 0755, NULL), HANSE_OK);
    assert_int_equal(hanse_file_replace(at("list/c"), hanse_bytes_of_text(""), 0644, NULL), HANSE_OK);
    assert_int_equal(hanse_file_replace(at("list/B"), hanse_bytes_of_text(""), 0644, NULL), HANSE_OK);
    assert_int_equal(hanse_file_replace(at("list/a"), hanse_bytes_of_text(""), 0644, NULL), HANSE_OK);
    struct seen seen = {.stop_at = SIZE_MAX};
    assert_int_equal(hanse_file_list(at("list"), see, &seen, NULL), HANSE_OK);
    assert_string_equal(seen.names, "B a b/ c ");
    seen = (struct seen){.stop_at = 2};
    assert_int_equal(hanse_file_list(at("list"), see, &seen, NULL), HANSE_CANCELLED);
    assert_string_equal(seen.names, "B a ");
    seen = (struct seen){.stop_at = 0};
    assert_int_equal(hanse_file_list(at("no such folder"), see, &seen, NULL), HANSE_OK);
    assert_int_equal(hanse_file_list(at("list/a"), see, &seen, NULL), HANSE_IO);
    assert_true(anomaly_fail_each_allocation(list_all, NULL) > 2);
}

static void test_long_path(void **state)
{
    (void)state;
    static char name[HANSE_PATH_BYTES + 1];
    struct hanse_error err;
    struct hanse_path path;
    memset(name, 'n', sizeof name - 1);
    assert_failure(hanse_path_format(&path, &err, "%s", name), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_failure(hanse_file_replace(name, hanse_bytes_of_text(""), 0644, &err), err, HANSE_LIMIT,
                   HANSE_NO_OFFSET);
    name[HANSE_PATH_BYTES - 1] = '\0';
    assert_int_equal(hanse_path_format(&path, NULL, "%s", name), HANSE_OK);
}

static void test_lock_excludes_others(void **state)
{
    (void)state;
    HANSE_SCOPED_FILE struct hanse_file held = HANSE_FILE_CLOSED;
    assert_int_equal(hanse_file_lock(&held, at("lock"), 0, NULL), HANSE_OK);
    struct hanse_file second = HANSE_FILE_CLOSED;
    struct hanse_error err;
    assert_failure(hanse_file_lock(&second, at("lock"), 0, &err), err, HANSE_LOCKED, HANSE_NO_OFFSET);
    assert_int_equal(second.fd, -1);
    pid_t child = fork();
    if (child == 0) {
        struct hanse_file other = HANSE_FILE_CLOSED;
        _exit(hanse_file_lock(&other, at("lock"), 30, NULL) == HANSE_LOCKED ? 0 : 1);
    }
    int how = -1;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(how, 0);
    hanse_file_close(&held);
    assert_int_equal(hanse_file_lock(&second, at("lock"), 0, NULL), HANSE_OK);
    hanse_file_close(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replace_and_read), cmocka_unit_test(test_failed_replace_changes_nothing),
        cmocka_unit_test(test_read_caps),        cmocka_unit_test(test_make_dirs),
        cmocka_unit_test(test_random_access),    cmocka_unit_test(test_list),
        cmocka_unit_test(test_long_path),        cmocka_unit_test(test_lock_excludes_others),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
