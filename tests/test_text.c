/* SPDX-License-Identifier: Apache-2.0 */
/* Strict text forms: each value has one spelling, all others are refused. */
#include "anomaly.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

static size_t utf8(const char *text)
{
    return hanse_utf8_check(hanse_bytes_of_text(text));
}

static void test_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "abc",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "12345678\xe5\x8c\x97\xe4\xb9\x9d\xe5\xb7\x9e"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(utf8(good[i]), strlen(good[i]));
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xc2\x41",
                                      "\xe0\x9f\xbf",
                                      "\xe0\xa0",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xf0\x90\x80",
                                      "\xff",
                                      "\xe2\x28\xa1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[64] = "abcdefghijk";
        assert_int_equal(utf8(bad[i]), 0);
        strcat(text, bad[i]);
        assert_int_equal(utf8(text), 11);
    }
    assert_int_equal(hanse_utf8_check(hanse_bytes_of("a\0b", 3)), 3);
}

static void test_hex(void **state)
{
    (void)state;
    char text[9];
    uint8_t bytes[4] = {9, 9, 9, 9};
    hanse_hex_encode(hanse_bytes_of("\x00\xab\x7f\xff", 4), text);
    assert_string_equal(text, "00ab7fff");
    assert_true(hanse_hex_decode(hanse_bytes_of_text("00ab7fff"), bytes, 4));
    assert_memory_equal(bytes, "\x00\xab\x7f\xff", 4);
    static const char *const bad[] = {"00AB7FFF", "00ab7ff",    "00ab7fff0", "00ab7ffg",
                                      "",         "00ab7fff00", " 0ab7fff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(hanse_hex_decode(hanse_bytes_of_text(bad[i]), bytes, 4));
    assert_memory_equal(bytes, "\x00\xab\x7f\xff", 4);
}

static void check_base64(const char *text, const char *bytes)
{
    size_t size = strlen(bytes);
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, size);
    assert_int_equal(hanse_base64_decode(hanse_bytes_of_text(text), &out, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&out), bytes));
    HANSE_SCOPED_BUFFER struct hanse_buffer back;
    hanse_buffer_init(&back, strlen(text));
    assert_int_equal(hanse_base64_encode(hanse_bytes_of_text(bytes), &back, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&back), text));
}

static void test_base64_of_rfc_4648(void **state)
{
    (void)state;
    check_base64("", "");
    check_base64("Zg==", "f");
    check_base64("Zm8=", "fo");
    check_base64("Zm9v", "foo");
    check_base64("Zm9vYg==", "foob");
    check_base64("Zm9vYmE=", "fooba");
    check_base64("Zm9vYmFy", "foobar");
    check_base64("++//", "\xfb\xef\xff");
}

static void test_base64_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t offset;
    } bad[] = {{"Zg", 2},    {"Zg=", 3},  {"Z===", 1},     {"====", 0},      {"Zh==", 1}, {"Zm9=", 2},
               {"Zm9\n", 3}, {"Zm-v", 2}, {"Zg==Zg==", 2}, {"Zm9vYg=\n", 6}, {" Zg=", 0}, {"Zm9v\n", 5}};
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 100);
    assert_int_equal(hanse_buffer_append_text(&out, "kept", NULL), HANSE_OK);
    struct hanse_error err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_failure(hanse_base64_decode(hanse_bytes_of_text(bad[i].text), &out, &err), err,
                       HANSE_MALFORMED, bad[i].offset);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&out), "kept"));
    HANSE_SCOPED_BUFFER struct hanse_buffer small;
    hanse_buffer_init(&small, 3);
    assert_int_equal(hanse_base64_decode(hanse_bytes_of_text("Zm9vYg=="), &small, NULL), HANSE_LIMIT);
    assert_int_equal(hanse_base64_encode(hanse_bytes_of_text("a"), &small, NULL), HANSE_LIMIT);
    assert_int_equal(small.size, 0);
}

static void test_decimal(void **state)
{
    (void)state;
    uint64_t value = 77;
    static const char *const bad[] = {
        "", "00", "01", "-1", "+1", " 1", "1 ", "1a", "18446744073709551616", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(hanse_decimal_decode(hanse_bytes_of_text(bad[i]), &value));
    assert_int_equal(value, 77);
    assert_true(hanse_decimal_decode(hanse_bytes_of_text("0"), &value));
    assert_int_equal(value, 0);
    assert_true(hanse_decimal_decode(hanse_bytes_of_text("18446744073709551615"), &value));
    assert_int_equal(value, UINT64_MAX);
}

static void check_time(uint64_t unix_s, const char *text)
{
    char encoded[21];
    uint64_t decoded = 0;
    hanse_time_encode(unix_s, encoded);
    assert_string_equal(encoded, text);
    assert_true(hanse_time_decode(hanse_bytes_of_text(text), &decoded));
    assert_int_equal(decoded, unix_s);
}

static void test_time(void **state)
{
    (void)state;
    check_time(0, "1970-01-01T00:00:00Z");
    check_time(951782400, "2000-02-29T00:00:00Z");
    check_time(1709251199, "2024-02-29T23:59:59Z");
    check_time(253402300799, "9999-12-31T23:59:59Z");
    char encoded[21];
    hanse_time_encode(UINT64_MAX, encoded);
    assert_string_equal(encoded, "9999-12-31T23:59:59Z");
    uint64_t value = 5;
    assert_true(hanse_time_decode(hanse_bytes_of_text("2024-02-29"), &value));
    assert_int_equal(value, 1709164800);
    static const char *const bad[] = {"",
                                      "2023-02-29",
                                      "1969-12-31",
                                      "2024-13-01",
                                      "2024-00-01",
                                      "2024-01-00",
                                      "2024-04-31",
                                      "1900-02-29",
                                      "2024-1-011",
                                      "2024-01-01T24:00:00Z",
                                      "2024-01-01T00:60:00Z",
                                      "2024-01-01T00:00:60Z",
                                      "2024-01-01 00:00:00Z",
                                      "2024-01-01T00:00:00z",
                                      "2024-01-01T00:00:00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(hanse_time_decode(hanse_bytes_of_text(bad[i]), &value));
    assert_int_equal(value, 1709164800);
}

static enum hanse_status encode_and_decode(void *context)
{
    (void)context;
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, 100);
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 100);
    enum hanse_status status = hanse_base64_encode(hanse_bytes_of_text("some bytes"), &text, NULL);
    return status == HANSE_OK ? hanse_base64_decode(hanse_buffer_view(&text), &bytes, NULL) : status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_int_equal(anomaly_fail_each_allocation(encode_and_decode, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_base64_of_rfc_4648),
        cmocka_unit_test(test_base64_refusals),
        cmocka_unit_test(test_decimal),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
