/* SPDX-License-Identifier: Apache-2.0 */
/* Range, If-None-Match and If-Range as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "serve/conditions.h"

static void expect_part(const char *header, uint64_t total, uint64_t first, uint64_t size)
{
    struct hanse_range range = {0};
    assert_int_equal(hanse_range_of(header, total, &range), HANSE_RANGE_PART);
    assert_int_equal(range.first, first);
    assert_int_equal(range.size, size);
}

static void expect_whole(const char *header, uint64_t total)
{
    struct hanse_range range = {.first = 7, .size = 7};
    assert_int_equal(hanse_range_of(header, total, &range), HANSE_RANGE_WHOLE);
    assert_int_equal(range.first, 0);
    assert_int_equal(range.size, total);
}

static void expect_unsatisfiable(const char *header, uint64_t total)
{
    struct hanse_range range;
    assert_int_equal(hanse_range_of(header, total, &range), HANSE_RANGE_UNSATISFIABLE);
}

static void ranges_are_cut_to_the_file(void **state)
{
    (void)state;
    expect_part("bytes=0-", 10, 0, 10);
    expect_part("bytes=0-0", 10, 0, 1);
    expect_part("bytes=9-", 10, 9, 1);
    expect_part("bytes=3-5", 10, 3, 3);
    expect_part("bytes=3-99", 10, 3, 7);
    expect_part("bytes=3-18446744073709551615", 10, 3, 7);
    expect_part("bytes=-4", 10, 6, 4);
    expect_part("bytes=-40", 10, 0, 10);
    expect_part("Bytes=1-2", 10, 1, 2);
}

static void other_ranges_are_ignored(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "",           "bytes",      "bytes=",        "bytes=-",     "bytes=5",
        "bytes=a-b",  "bytes=5-3",  "bytes=1-2,4-5", "bytes=-1,0-", "items=0-1",
        "bytes=1-2x", "bytes= 1-2", "bytes=--1",     "bytes=1--2",  "bytes=99999999999999999999-"};
    expect_whole(NULL, 10);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        expect_whole(headers[i], 10);
    expect_whole("bytes=-5", 0);
}

static void ranges_past_the_end_are_unsatisfiable(void **state)
{
    (void)state;
    expect_unsatisfiable("bytes=10-", 10);
    expect_unsatisfiable("bytes=10-11", 10);
    expect_unsatisfiable("bytes=18446744073709551615-", 10);
    expect_unsatisfiable("bytes=-0", 10);
    expect_unsatisfiable("bytes=0-", 0);
}

static void tags_are_found_in_lists(void **state)
{
    (void)state;
    assert_true(hanse_tag_listed("\"a\"", "\"a\""));
    assert_true(hanse_tag_listed("W/\"a\"", "\"a\""));
    assert_true(hanse_tag_listed("\"x\", \"y\",W/\"a\" , \"z\"", "\"a\""));
    assert_true(hanse_tag_listed("*", "\"a\""));
    assert_true(hanse_tag_listed("\"x,y\", \"a\"", "\"a\""));
    assert_false(hanse_tag_listed(NULL, "\"a\""));
    assert_false(hanse_tag_listed("", "\"a\""));
    assert_false(hanse_tag_listed("a", "\"a\""));
    assert_false(hanse_tag_listed("\"a", "\"a\""));
    assert_false(hanse_tag_listed("\"aa\"", "\"a\""));
    assert_false(hanse_tag_listed("\"x, \"a\"", "\"a\"")); /* the quote opens inside another */
}

static void if_range_is_strong(void **state)
{
    (void)state;
    assert_true(hanse_range_condition_holds(NULL, "\"a\""));
    assert_true(hanse_range_condition_holds("\"a\"", "\"a\""));
    assert_false(hanse_range_condition_holds("W/\"a\"", "\"a\""));
    assert_false(hanse_range_condition_holds("Wed, 21 Oct 2015 07:28:00 GMT", "\"a\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_cut_to_the_file),
        cmocka_unit_test(other_ranges_are_ignored),
        cmocka_unit_test(ranges_past_the_end_are_unsatisfiable),
        cmocka_unit_test(tags_are_found_in_lists),
        cmocka_unit_test(if_range_is_strong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
