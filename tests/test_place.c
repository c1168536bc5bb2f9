/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_fixture.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/place.h"

static void a_place_is_looked_at(void **state)
{
    struct folder *folder = *state;
    struct hanse_path path;
    struct hanse_place place;
    ASSERT_OK(folder, hanse_place_look(folder->dir, &place, &folder->err));
    assert_true(place.is_dir && place.own && place.writable && !place.read_only);
    assert_int_equal(place.mode, 0700);
    assert_true(place.free_bytes > 0 && place.free_files > 0);
    ASSERT_OK(folder, hanse_path_format(&path, &folder->err, "%s/file", folder->dir));
    ASSERT_OK(folder, hanse_file_replace(path.text, (struct hanse_bytes){0}, 0640, &folder->err));
    ASSERT_OK(folder, hanse_place_look(path.text, &place, &folder->err));
    assert_false(place.is_dir);
    assert_int_equal(place.mode, 0640);
    assert_true(place.modified_unix_s + 60 > hanse_clock_unix_s());
    assert_int_equal(chmod(path.text, 0444), 0);
    ASSERT_OK(folder, hanse_place_look(path.text, &place, &folder->err));
    assert_int_equal(place.mode, 0444);
    assert_true(place.writable == (geteuid() == 0)); /* to root every mode is open */
}

static void what_is_missing_leaves_the_place_alone(void **state)
{
    struct folder *folder = *state;
    struct hanse_path path;
    struct hanse_place place = {.mode = 7};
    ASSERT_OK(folder, hanse_path_format(&path, &folder->err, "%s/none", folder->dir));
    assert_int_equal(hanse_place_look(path.text, &place, &folder->err), HANSE_NOT_FOUND);
    assert_non_null(strstr(folder->err.message, "none"));
    assert_int_equal(place.mode, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_place_is_looked_at),
        FOLDER_TEST(what_is_missing_leaves_the_place_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
