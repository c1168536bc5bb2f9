/* SPDX-License-Identifier: Apache-2.0 */
/* What the program prints: hostile text is harmless, columns fit, JSON is JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "output.h"

static char text[1024];
static FILE *out;

static int open_memory(void **state)
{
    (void)state;
    memset(text, 0, sizeof text);
    out = fmemopen(text, sizeof text, "w");
    return out == NULL;
}

static int close_memory(void **state)
{
    (void)state;
    return fclose(out);
}

static const char *printed(void)
{
    (void)fflush(out);
    return text;
}

static void text_cannot_steer_a_terminal(void **state)
{
    (void)state;
    output_text(out, "a\x1b[2Jb\nc\x7f\xC2\x9B"
                     "d\xE2\x80\xAE"
                     "e\xFF"
                     "f\xC0\x80"
                     "g\xED\xA0\x80h");
    assert_string_equal(printed(), "a\\u{1B}[2Jb\\u{A}c\\u{7F}\\u{9B}d\\u{202E}e\xEF\xBF\xBD"
                                   "f\xEF\xBF\xBD\xEF\xBF\xBD"
                                   "g\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDh");
}

static void columns_are_filled_and_cut(void **state)
{
    (void)state;
    output_column(out, "abc", 5, true);
    output_column(out, "|", 1, true);
    output_column(out, "abcdef", 5, true);
    output_column(out, "|", 1, true);
    /* Two columns each: the ellipsis takes the place of one, and a space fills the other. */
    output_column(out, "湊川市役所", 6, true);
    output_column(out, "|", 1, true);
    output_column(out, "e\xCC\x81t\xCC\x81", 2, true);
    output_column(out, "|", 1, true);
    output_column(out, "abc", 9, false);
    assert_string_equal(printed(), "abc  |abcd…|湊川… |e\xCC\x81t\xCC\x81|abc");
}

static void json_escapes_and_stays_utf8(void **state)
{
    (void)state;
    static const uint8_t hash[32] = {0xE3, 0xB0, 0xC4, 0x42, [31] = 0x55};
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_text(&json, "a", "q\"b\\n\nü\x01\xFF");
    json_text(&json, "none", NULL);
    json_number(&json, "n", UINT64_MAX);
    json_open(&json, "list", '[');
    json_bool(&json, NULL, true);
    json_raw(&json, NULL, "{\"x\":1}");
    json_close(&json, ']');
    json_open(&json, "empty", '[');
    json_close(&json, ']');
    json_hash(&json, "h", hash);
    json_time(&json, "t", 1795525797);
    json_time(&json, "never", 0);
    json_end(&json);
    assert_string_equal(
        printed(),
        "{\"a\": \"q\\\"b\\\\n\\u000aü\\u0001\\ufffd\", \"none\": null, \"n\": 18446744073709551615, "
        "\"list\": [true, {\"x\":1}], \"empty\": [], "
        "\"h\": \"47DEQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFU=\", \"t\": \"2026-11-24T13:09:57Z\", "
        "\"never\": null}\n");
}

static void times_and_sizes(void **state)
{
    (void)state;
    char moment[21];
    output_time(UINT64_MAX, moment);
    assert_string_equal(moment, "9999-12-31T23:59:59Z");
    output_time(951782400, moment);
    assert_string_equal(moment, "2000-02-29T00:00:00Z");
    static const struct {
        uint64_t bytes;
        const char *text;
    } sizes[] = {{0, "0 B"},         {999, "999 B"},      {1000, "1.0 kB"},
                 {123456, "123 kB"}, {5600000, "5.6 MB"}, {UINT64_MAX, "18446744 TB"}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char size[16];
        output_bytes(sizes[i].bytes, size);
        assert_string_equal(size, sizes[i].text);
    }
    output_count(out, 1, "entry", "entries");
    output_count(out, 0, "entry", "entries");
    assert_string_equal(printed(), "1 entry0 entries");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_cannot_steer_a_terminal, open_memory, close_memory),
        cmocka_unit_test_setup_teardown(columns_are_filled_and_cut, open_memory, close_memory),
        cmocka_unit_test_setup_teardown(json_escapes_and_stays_utf8, open_memory, close_memory),
        cmocka_unit_test_setup_teardown(times_and_sizes, open_memory, close_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
