/* SPDX-License-Identifier: Apache-2.0 */
/* Formats by content. */
#include "anomaly.h"

#include <string.h>

#include "base/bytes.h"
#include "record/detect.h"

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
        {"  name;city", 11, HANSE_OK, HANSE_FORMAT_CSV, 0},
        {"name\tcity\n", 10, HANSE_OK, HANSE_FORMAT_CSV, 0},
        {"\"na\"\"me\",city\r\n\x01", 18, HANSE_OK, HANSE_FORMAT_CSV, 0},
        {"\x8f\xf3,b", 4, HANSE_OK, HANSE_FORMAT_CSV, 0},
        {"\xff\xfe"
         "a\0,\0",
         6, HANSE_OK, HANSE_FORMAT_CSV, 0},
        {"a\0,\0", 4, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 0},
        {"name\na,b", 8, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 0},
        {"\x1f\x8b,", 3, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 0},
        {"[{\"a\":1,", 8, HANSE_UNSUPPORTED, HANSE_FORMAT_IATI, 0},
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
    assert_string_equal(hanse_format_name(HANSE_FORMAT_CSV), "csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_by_content),
    };
    return cmocka_run_group_tests_name("detect", tests, NULL, NULL);
}
