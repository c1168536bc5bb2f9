/* SPDX-License-Identifier: Apache-2.0 */
/* Files opened below a folder: no links, no devices, no way out; and the tags that tell versions apart. */
#include "tls_fixture.h"

#include "base/plain_file.h"

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/hanse-test-plain-XXXXXX");
    assert_non_null(mkdtemp(folder));
    write_file(folder, "in/a/file", "0123456789", 10);
    write_file(folder, "secret", "secret", 6);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

static enum hanse_status open_in(const char *name, struct hanse_file *file, struct hanse_file_facts *facts)
{
    struct hanse_path dir;
    struct hanse_error err = {0};
    assert_int_equal(hanse_path_format(&dir, NULL, "%s/in", folder), HANSE_OK);
    enum hanse_status status = hanse_plain_file_open(file, dir.text, name, facts, &err);
    assert_int_equal(err.status, status);
    assert_int_equal(file->fd >= 0, status == HANSE_OK);
    return status;
}

static void files_are_opened_and_read(void **state)
{
    (void)state;
    struct hanse_file file;
    struct hanse_file_facts facts;
    uint8_t block[16];
    size_t got = 0;
    assert_int_equal(open_in("a/file", &file, &facts), HANSE_OK);
    assert_int_equal(facts.size_bytes, 10);
    assert_int_equal(hanse_plain_file_read_some(&file, 4, block, sizeof block, &got, NULL), HANSE_OK);
    assert_int_equal(got, 6);
    assert_memory_equal(block, "456789", 6);
    assert_int_equal(hanse_plain_file_read_some(&file, 10, block, sizeof block, &got, NULL), HANSE_OK);
    assert_int_equal(got, 0);
    hanse_file_close(&file);
}

static void nothing_else_is_opened(void **state)
{
    (void)state;
    static const char *const names[] = {"",          "a",        "a/",          "a/none",
                                        "none/file", "a/file/x", "../secret",   "a/../a/file",
                                        "./a/file",  "a//file",  "/etc/passwd", ".."};
    struct hanse_file file;
    struct hanse_file_facts facts = {.size_bytes = 77};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (open_in(names[i], &file, &facts) != HANSE_NOT_FOUND)
            fail_msg("\"%s\"", names[i]);
    char name[400];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(open_in(name, &file, &facts), HANSE_NOT_FOUND);
    assert_int_equal(facts.size_bytes, 77);
}

static void links_lead_nowhere(void **state)
{
    (void)state;
    struct hanse_file file;
    struct hanse_file_facts facts;
    char link[128];
    (void)snprintf(link, sizeof link, "%s/in/link", folder);
    assert_int_equal(symlink("../secret", link), 0);
    assert_int_equal(open_in("link", &file, &facts), HANSE_NOT_FOUND);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("a", link), 0);
    assert_int_equal(open_in("link/file", &file, &facts), HANSE_NOT_FOUND);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(mkfifo(link, 0600), 0);
    assert_int_equal(open_in("link", &file, &facts), HANSE_NOT_FOUND);
    assert_int_equal(unlink(link), 0);
}

static void tags_differ_with_each_fact(void **state)
{
    (void)state;
    const struct hanse_file_facts base = {.size_bytes = 1, .modified_ns = 2, .inode = 3};
    struct hanse_file_facts others[] = {base, base, base};
    others[0].size_bytes++;
    others[1].modified_ns++;
    others[2].inode++;
    char tag[HANSE_FILE_TAG_BYTES];
    char other[HANSE_FILE_TAG_BYTES];
    hanse_file_facts_tag(&base, tag);
    assert_int_equal(strlen(tag), HANSE_FILE_TAG_BYTES - 1);
    assert_true(tag[0] == '"' && tag[HANSE_FILE_TAG_BYTES - 2] == '"');
    for (size_t i = 0; i < 3; i++) {
        hanse_file_facts_tag(&others[i], other);
        assert_string_not_equal(tag, other);
    }
    hanse_file_facts_tag(&base, other);
    assert_string_equal(tag, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_opened_and_read),
        cmocka_unit_test(nothing_else_is_opened),
        cmocka_unit_test(links_lead_nowhere),
        cmocka_unit_test(tags_differ_with_each_fact),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
