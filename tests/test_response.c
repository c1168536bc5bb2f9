/* SPDX-License-Identifier: Apache-2.0 */
/* What is read out of the header lines of an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/response.h"

static struct hanse_response read_lines(const char *const *lines)
{
    struct hanse_response response = {0};
    for (; *lines != NULL; lines++)
        hanse_response_take_line(&response, hanse_bytes_of_text(*lines));
    return response;
}

#define READ(...) read_lines((const char *const[]){__VA_ARGS__, NULL})

static void facts_are_read(void **state)
{
    (void)state;
    struct hanse_response response =
        READ("HTTP/1.1 206 Partial Content\r\n", "CONTENT-range: bytes 5-9/10\r\n", "Content-Length: 5\r\n",
             "ETag:\t\"a\" \r\n", "Location: /x\x1b[31m\r\n", "\r\n");
    assert_int_equal(response.status, 206);
    assert_true(response.complete);
    assert_true(response.has_range);
    assert_false(response.bad_range);
    assert_int_equal(response.range_first, 5);
    assert_int_equal(response.range_last, 9);
    assert_int_equal(response.range_total, 10);
    assert_int_equal(response.content_length, 5);
    assert_string_equal(response.etag, "\"a\"");
    assert_string_equal(response.location, "/x?[31m");
}

static void dates_are_read(void **state)
{
    (void)state;
    struct hanse_response response =
        READ("HTTP/1.1 200 OK\r\n", "Date: Tue, 24 Nov 2026 13:09:57 GMT\r\n", "\r\n");
    assert_int_equal(response.date_unix_s, 1795525797);
    response = READ("HTTP/1.1 200 OK\r\n", "Date: yesterday at noon\r\n", "\r\n");
    assert_int_equal(response.date_unix_s, 0);
    response = READ("HTTP/1.1 200 OK\r\n", "Date: Wed, 31 Dec 1969 23:00:00 GMT\r\n", "\r\n");
    assert_int_equal(response.date_unix_s, 0);
}

static void a_second_status_line_begins_anew(void **state)
{
    (void)state;
    struct hanse_response response = READ("HTTP/1.1 103 Early Hints\r\n", "ETag: \"early\"\r\n", "\r\n");
    assert_false(response.complete);
    response = READ("HTTP/1.1 103 Early Hints\r\n", "ETag: \"early\"\r\n", "\r\n", "HTTP/2 200\r\n", "\r\n");
    assert_true(response.complete);
    assert_int_equal(response.status, 200);
    assert_string_equal(response.etag, "");
    assert_int_equal(response.content_length, HANSE_SIZE_UNKNOWN);
    assert_int_equal(response.range_total, HANSE_SIZE_UNKNOWN);
}

static void ranges_are_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {"Content-Range: \r\n",
                                      "Content-Range: bytes\r\n",
                                      "Content-Range: 5-9/10\r\n",
                                      "Content-Range: bytes 9-5/10\r\n",
                                      "Content-Range: bytes 5-10/10\r\n",
                                      "Content-Range: bytes 5-9\r\n",
                                      "Content-Range: bytes 5-9/\r\n",
                                      "Content-Range: bytes -9/10\r\n",
                                      "Content-Range: bytes 5-/10\r\n",
                                      "Content-Range: bytes 5-9/x\r\n",
                                      "Content-Range: items 5-9/10\r\n",
                                      "Content-Range: bytes 5-99999999999999999999/*\r\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!READ("HTTP/1.1 206 x\r\n", bad[i]).bad_range)
            fail_msg("accepted %s", bad[i]);
    assert_true(
        READ("HTTP/1.1 206 x\r\n", "Content-Range: bytes 5-9/10\r\n", "Content-Range: bytes 5-9/10\r\n")
            .bad_range);
    struct hanse_response unknown = READ("HTTP/1.1 206 x\r\n", "Content-Range: bytes 5-9/*\r\n");
    assert_true(unknown.has_range);
    assert_int_equal(unknown.range_total, HANSE_SIZE_UNKNOWN);
    struct hanse_response past = READ("HTTP/1.1 416 x\r\n", "Content-Range: bytes */10\r\n");
    assert_false(past.has_range || past.bad_range);
    assert_int_equal(past.range_total, 10);
}

static void long_tags_and_codings(void **state)
{
    (void)state;
    char line[HANSE_ETAG_BYTES + 16] = "ETag: ";
    memset(line + 6, 'x', HANSE_ETAG_BYTES);
    assert_string_equal(READ("HTTP/1.1 200 OK\r\n", line).etag, "");
    line[6 + HANSE_ETAG_BYTES - 1] = '\0';
    assert_int_equal(strlen(READ("HTTP/1.1 200 OK\r\n", line).etag), HANSE_ETAG_BYTES - 1);
    assert_true(READ("HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip\r\n").encoded);
    assert_false(READ("HTTP/1.1 200 OK\r\n", "Content-Encoding: Identity\r\n").encoded);
    assert_false(READ("HTTP/1.1 200 OK\r\n", "\r\n").framed);
    assert_false(READ("HTTP/1.1 200 OK\r\n", "Content-Length: +5\r\n", "\r\n").framed);
    assert_true(READ("HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "\r\n").framed);
    assert_true(READ("HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n", "\r\n").framed);
    assert_true(READ("HTTP/2 200\r\n", "\r\n").framed);
    assert_int_equal(READ("HTTP/1.1 2x0 OK\r\n").status, 0);
    assert_int_equal(READ("HTTP/1.1\r\n").status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_read),
        cmocka_unit_test(dates_are_read),
        cmocka_unit_test(a_second_status_line_begins_anew),
        cmocka_unit_test(ranges_are_strict),
        cmocka_unit_test(long_tags_and_codings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
