/* SPDX-License-Identifier: Apache-2.0 */
/* Versions: present, and as many as there are foreign libraries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hanse/version.h>

static void each_library_has_a_name_and_a_number(void **state)
{
    (void)state;
    size_t count = 0;
    const char *name;
    const char *version;
    while (hanse_library_version(count, &name, &version)) {
        assert_true(strlen(name) > 0);
        assert_in_range(version[0], '0', '9');
        count++;
    }
    assert_int_equal(count, 8);
}

static void outputs_stay_past_the_last(void **state)
{
    (void)state;
    const char *name = "kept";
    const char *version = "kept";
    assert_false(hanse_library_version(SIZE_MAX, &name, &version));
    assert_string_equal(name, "kept");
    assert_string_equal(version, "kept");
}

static void own_versions_are_those_of_the_project(void **state)
{
    (void)state;
    assert_string_equal(hanse_version(), HANSE_PROJECT_VERSION);
    assert_string_equal(hanse_protocol_version(), "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_library_has_a_name_and_a_number),
        cmocka_unit_test(outputs_stay_past_the_last),
        cmocka_unit_test(own_versions_are_those_of_the_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
