/* SPDX-License-Identifier: Apache-2.0 */
/* The small parts of importing: format by content, loss report, personal data in text, values of IATI. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "record/detect.h"
#include "record/iati/seen.h"
#include "record/iati/value.h"
#include "record/loss.h"
#include "record/personal.h"

static void formats_by_content(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum hanse_status status;
        enum hanse_format format;
        uint64_t offset;
    } cases[] = {
        {"<?xml", 5, HANSE_OK, HANSE_FORMAT_IATI, 0},
        {"\xef\xbb\xbf\n <i", 7, HANSE_OK, HANSE_FORMAT_IATI, 0},
        {"\xff\xfe<\0", 4, HANSE_OK, HANSE_FORMAT_IATI, 0},
        {"\xfe\xff\0<", 4, HANSE_OK, HANSE_FORMAT_IATI, 0},
        {"{\"a\"", 4, HANSE_OK, HANSE_FORMAT_JSONL, 0},
        {"\r\n\t {", 5, HANSE_OK, HANSE_FORMAT_JSONL, 0},
        {"\xef\xbb\xbf{", 4, HANSE_OK, HANSE_FORMAT_JSONL, 0},
        {"\xff\xfe{\0", 4, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 2},
        {"PK\3\4", 4, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 0},
        {"  name;city", 11, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 2},
        {"[{", 2, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 0},
        {"", 0, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 0},
        {" \n", 2, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum hanse_format format = (enum hanse_format)99;
        struct hanse_error err = {0};
        enum hanse_status status =
            hanse_format_detect(hanse_bytes_of(cases[i].bytes, cases[i].size), &format, &err);
        assert_int_equal(status, cases[i].status);
        assert_int_equal(format, status == HANSE_OK ? (int)cases[i].format : 99);
        assert_int_equal(err.offset, cases[i].offset);
        if (status != HANSE_OK)
            assert_non_null(strstr(err.message, "JSON Lines"));
    }
    assert_string_equal(hanse_format_name(HANSE_FORMAT_IATI), "iati");
    assert_string_equal(hanse_format_name(HANSE_FORMAT_JSONL), "jsonl");
}

static void losses_are_sorted_and_counted(void **state)
{
    (void)state;
    struct hanse_loss_report report;
    hanse_loss_report_init(&report);
    static const char *const paths[] = {"b", "a/@x", "c", "b", "a", "b"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(hanse_loss_report_add(&report, paths[i], i == 0 ? 5 : 1, NULL), HANSE_OK);
    assert_int_equal(report.count, 4);
    for (size_t i = 1; i < report.count; i++)
        assert_true(strcmp(report.items[i - 1].path, report.items[i].path) < 0);
    assert_int_equal(hanse_loss_report_count(&report, "b"), 7);
    assert_int_equal(hanse_loss_report_count(&report, "nothing"), 0);
    assert_int_equal(hanse_loss_report_total(&report), 10);
    hanse_loss_report_release(&report);
    assert_int_equal(report.count, 0);
}

static void losses_are_bounded(void **state)
{
    (void)state;
    struct hanse_loss_report report;
    hanse_loss_report_init(&report);
    char path[HANSE_MAX_LOSS_PATH_BYTES + 2];
    for (unsigned i = 0; i < HANSE_MAX_LOSS_PATHS + 10; i++) {
        (void)snprintf(path, sizeof path, "path-%u", i);
        assert_int_equal(hanse_loss_report_add(&report, path, 1, NULL), HANSE_OK);
    }
    assert_int_equal(report.count, HANSE_MAX_LOSS_PATHS);
    assert_int_equal(hanse_loss_report_count(&report, "other"), 10);
    assert_int_equal(hanse_loss_report_add(&report, "path-7", 1, NULL), HANSE_OK);
    assert_int_equal(hanse_loss_report_count(&report, "path-7"), 2);
    hanse_loss_report_release(&report);

    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(hanse_loss_report_add(&report, path, 3, NULL), HANSE_OK);
    assert_int_equal(report.count, 0);
    assert_int_equal(report.other, 3);
    assert_int_equal(hanse_loss_report_total(&report), 3);
    hanse_loss_report_release(&report);
}

static bool fail_nth(void *context)
{
    size_t *left = context;
    return (*left)-- == 0;
}

static void losses_survive_failing_allocations(void **state)
{
    (void)state;
    for (size_t nth = 0; nth < 2; nth++) {
        struct hanse_loss_report report;
        hanse_loss_report_init(&report);
        size_t left = nth;
        hanse_alloc_set_failure_hook(fail_nth, &left);
        assert_int_equal(hanse_loss_report_add(&report, "a", 1, NULL), HANSE_NO_MEMORY);
        hanse_alloc_set_failure_hook(NULL, NULL);
        assert_int_equal(hanse_loss_report_total(&report), 0);
        assert_int_equal(hanse_loss_report_add(&report, "a", 1, NULL), HANSE_OK);
        assert_int_equal(hanse_loss_report_total(&report), 1);
        hanse_loss_report_release(&report);
    }
}

static void assert_found(bool (*find)(const char *, struct hanse_bytes *), const char *text,
                         const char *expected)
{
    struct hanse_bytes seen = {0};
    bool found = find(text, &seen);
    if (found != (expected != NULL) || (found && !hanse_bytes_equal_text(seen, expected)))
        fail_msg("in \"%s\": \"%.*s\"", text, (int)seen.size, (const char *)seen.data);
}

static void emails_are_found(void **state)
{
    (void)state;
    assert_found(hanse_personal_find_email, "write to a.person+x@city.example.", "a.person+x@city.example");
    assert_found(hanse_personal_find_email, "<mayor@minatogawa.example>", "mayor@minatogawa.example");
    assert_found(hanse_personal_find_email, "a@b then c@d.example", "c@d.example");
    assert_found(hanse_personal_find_email, "連絡先office@city.example", "office@city.example");
    assert_found(hanse_personal_find_email, "@minatogawa on the network", NULL);
    assert_found(hanse_personal_find_email, "5 @ 3.50 each", NULL);
    assert_found(hanse_personal_find_email, "a@", NULL);
    assert_found(hanse_personal_find_email, "", NULL);
}

static void telephones_are_found(void **state)
{
    (void)state;
    assert_found(hanse_personal_find_telephone, "call +81 93 555 0100 today", "+81 93 555 0100");
    assert_found(hanse_personal_find_telephone, "+1 (202) 555-0143", "+1 (202) 555-0143");
    assert_found(hanse_personal_find_telephone, "Tel. (020) 7946 0018", "(020) 7946 0018");
    assert_found(hanse_personal_find_telephone, "093-555-0100", "093-555-0100");
    assert_found(hanse_personal_find_telephone, "in 2015-2018, 1200 people", NULL);
    assert_found(hanse_personal_find_telephone, "from 01-04-2015 on", NULL);
    assert_found(hanse_personal_find_telephone, "0.123456789", NULL);
    assert_found(hanse_personal_find_telephone, "share 0.0123456789", NULL);
    assert_found(hanse_personal_find_telephone, "XM-DAC-0123456789", NULL);
    assert_found(hanse_personal_find_telephone, "00000000000000000000", NULL);
    assert_found(hanse_personal_find_telephone, "+50 000 trees", NULL);
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

static void assert_percentage(const char *text, bool good, uint32_t millionths, bool rounded)
{
    uint32_t value = 0;
    bool was_rounded = false;
    if (hanse_iati_percentage_parse(text, &value, &was_rounded) != good)
        fail_msg("%s", text);
    assert_int_equal(value, millionths);
    assert_int_equal(was_rounded, rounded);
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

static void seen_identifiers_are_remembered(void **state)
{
    (void)state;
    struct hanse_iati_seen seen;
    hanse_iati_seen_init(&seen);
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 5000; i++) {
            char identifier[32];
            bool repeated = round == 0;
            (void)snprintf(identifier, sizeof identifier, "XX-%u", i);
            assert_int_equal(hanse_iati_seen_add(&seen, identifier, &repeated, NULL), HANSE_OK);
            assert_int_equal(repeated, round == 1);
        }
    }
    assert_int_equal(seen.count, 5000);
    hanse_iati_seen_release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_by_content),
        cmocka_unit_test(losses_are_sorted_and_counted),
        cmocka_unit_test(losses_are_bounded),
        cmocka_unit_test(losses_survive_failing_allocations),
        cmocka_unit_test(emails_are_found),
        cmocka_unit_test(telephones_are_found),
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(percentages_become_millionths),
        cmocka_unit_test(dates_exist),
        cmocka_unit_test(times_are_seconds),
        cmocka_unit_test(languages_are_tags),
        cmocka_unit_test(points_are_degrees),
        cmocka_unit_test(booleans_are_xml_schema_ones),
        cmocka_unit_test(seen_identifiers_are_remembered),
    };
    return cmocka_run_group_tests_name("import_parts", tests, NULL, NULL);
}
