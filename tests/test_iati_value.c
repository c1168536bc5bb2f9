/* SPDX-License-Identifier: Apache-2.0 */
/* Values of XML Schema in IATI, exact to the last digit. */
#include "anomaly.h"

#include <string.h>

#include "record/iati/value.h"

static void assert_percentage(const char *text, bool good, uint32_t millionths, bool rounded)
{
    uint32_t value = 0;
    bool was_rounded = false;
    if (hanse_iati_percentage_parse(text, &value, &was_rounded) != good)
        fail_msg("%s", text);
    assert_int_equal(value, millionths);
    assert_int_equal(was_rounded, rounded);
}

static void decimals_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        struct hanse_iati_decimal value;
    } cases[] = {
        {"0", true, {0, 0, false}},
        {"-1.5", true, {-1, -500000000, false}},
        {"-0.25", true, {0, -250000000, false}},
        {"+.5", true, {0, 500000000, false}},
        {"7.", true, {7, 0, false}},
        {"21189.0975000000", true, {21189, 97500000, false}},
        {"0.0000000014", true, {0, 1, true}},
        {"0.0000000015", true, {0, 2, true}},
        {"0.9999999995", true, {1, 0, true}},
        {"-0.9999999999", true, {-1, 0, true}},
        {"9223372036854775807", true, {INT64_MAX, 0, false}},
        {"9223372036854775808", false, {0}},
        {"9223372036854775807.9999999999", false, {0}},
        {"", false, {0}},
        {"-", false, {0}},
        {".", false, {0}},
        {"1,000", false, {0}},
        {"1e3", false, {0}},
        {"1 000", false, {0}},
        {"--1", false, {0}},
        {"0x10", false, {0}},
        {"1.2.3", false, {0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hanse_iati_decimal value = {0};
        if (hanse_iati_decimal_parse(cases[i].text, &value) != cases[i].good)
            fail_msg("%s", cases[i].text);
        assert_int_equal(value.whole, cases[i].value.whole);
        assert_int_equal(value.nanos, cases[i].value.nanos);
        assert_int_equal(value.rounded, cases[i].value.rounded);
    }
}

static void percentages_become_millionths(void **state)
{
    (void)state;
    assert_percentage("100", true, 1000000, false);
    assert_percentage("100.0000000000", true, 1000000, false);
    assert_percentage("0", true, 0, false);
    assert_percentage("33.3333", true, 333333, false);
    assert_percentage("33.33333", true, 333333, true);
    assert_percentage("66.66665", true, 666667, true);
    assert_percentage("99.99996", true, 1000000, true);
    assert_percentage("100.0001", false, 0, false);
    assert_percentage("-1", false, 0, false);
    assert_percentage("-0.1", false, 0, false);
    assert_percentage("50%", false, 0, false);
}

static void dates_exist(void **state)
{
    (void)state;
    static const char *const good[] = {
        "2024-02-29",  "2000-02-29",       "0001-01-01",           "9999-12-31",
        "2014-09-10Z", "2014-09-10+09:00", "2014-09-10T07:15:37Z", "2014-09-10T00:00:00.000-05:00"};
    static const char *const bad[] = {"2023-02-29",
                                      "1900-02-29",
                                      "2024-04-31",
                                      "2024-13-01",
                                      "2024-00-01",
                                      "2024-01-00",
                                      "0000-01-01",
                                      "24-01-01",
                                      "2024-1-1",
                                      "2024/01/01",
                                      "01-01-2024",
                                      "2024-01-01x",
                                      "2024-01-01T",
                                      "2024-01-01T25:00:00",
                                      "2024-01-01+99:00",
                                      "2024-01",
                                      "",
                                      "-2024-01-01"};
    struct hanse_iati_date date = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!hanse_iati_date_parse(good[i], &date))
            fail_msg("%s", good[i]);
    assert_true(date.year == 2014 && date.month == 9 && date.day == 10);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (hanse_iati_date_parse(bad[i], &date))
            fail_msg("%s", bad[i]);
    assert_true(date.year == 2014 && date.month == 9 && date.day == 10);
}

static void times_are_seconds(void **state)
{
    (void)state;
    uint64_t unix_s = 7;
    assert_true(hanse_iati_time_parse("2014-09-10T07:15:37Z", &unix_s));
    assert_int_equal(unix_s, 1410333337);
    assert_true(hanse_iati_time_parse("2014-09-10T16:15:37.999+09:00", &unix_s));
    assert_int_equal(unix_s, 1410333337);
    assert_true(hanse_iati_time_parse("1970-01-01", &unix_s));
    assert_int_equal(unix_s, 0);
    assert_false(hanse_iati_time_parse("1970-01-01T00:00:00+01:00", &unix_s));
    assert_false(hanse_iati_time_parse("0001-01-01T00:00:00", &unix_s));
    assert_false(hanse_iati_time_parse("2014-09-10 07:15:37", &unix_s));
}

static void languages_are_tags(void **state)
{
    (void)state;
    char language[HANSE_IATI_LANGUAGE_BYTES] = "";
    assert_true(hanse_iati_language_parse("EN", language));
    assert_string_equal(language, "en");
    assert_true(hanse_iati_language_parse("zh-Hant-TW", language));
    assert_string_equal(language, "zh-Hant-TW");
    static const char *const bad[] = {"",
                                      "e",
                                      "english language",
                                      "en_US",
                                      "en-",
                                      "-en",
                                      "en--US",
                                      "12",
                                      "en-abcdefghi",
                                      "abcdefghi",
                                      "en-abcdefgh-abcdefgh-abcdefgh-abcdefgh"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (hanse_iati_language_parse(bad[i], language))
            fail_msg("%s", bad[i]);
    assert_string_equal(language, "zh-Hant-TW");
}

static void points_are_degrees(void **state)
{
    (void)state;
    int32_t lat = 7;
    int32_t lon = 7;
    assert_true(hanse_iati_point_parse("31.616944 65.716944", &lat, &lon));
    assert_true(lat == 316169440 && lon == 657169440);
    assert_true(hanse_iati_point_parse("-90 \n -180.0", &lat, &lon));
    assert_true(lat == -900000000 && lon == -1800000000);
    assert_true(hanse_iati_point_parse("-0.00000006 0.00000004", &lat, &lon));
    assert_true(lat == -1 && lon == 0);
    static const char *const bad[] = {"90.0000001 0", "0 180.0000001", "0", "", "0,0", "0 0 0", "x y"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (hanse_iati_point_parse(bad[i], &lat, &lon))
            fail_msg("%s", bad[i]);
    assert_true(lat == -1 && lon == 0);
}

static void booleans_are_xml_schema_ones(void **state)
{
    (void)state;
    bool yes = false;
    assert_true(hanse_iati_boolean_parse("true", &yes) && yes);
    assert_true(hanse_iati_boolean_parse("0", &yes) && !yes);
    assert_false(hanse_iati_boolean_parse("yes", &yes));
    assert_false(hanse_iati_boolean_parse("", &yes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(percentages_become_millionths),
        cmocka_unit_test(dates_exist),
        cmocka_unit_test(times_are_seconds),
        cmocka_unit_test(languages_are_tags),
        cmocka_unit_test(points_are_degrees),
        cmocka_unit_test(booleans_are_xml_schema_ones),
    };
    return cmocka_run_group_tests_name("iati_value", tests, NULL, NULL);
}
