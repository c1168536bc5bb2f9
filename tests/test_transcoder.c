/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings of tables, in pieces of every size; what is no character stays to be seen. */
#include "import_collect.h"

#include "record/csv/transcoder.h"

static struct hanse_error err;
static char got[512];
static size_t got_size;
static bool kept_offsets;
static uint64_t mark_bytes;

static enum hanse_status transcode(const char *encoding, const char *bytes, size_t size, size_t piece)
{
    struct piecewise input = {hanse_bytes_of(bytes, size), piece};
    struct hanse_transcoder *transcoder = NULL;
    struct hanse_source source = {.read = read_piece, .context = &input};
    enum hanse_status status = hanse_transcoder_open(source, encoding, &transcoder, &err);
    if (status != HANSE_OK) {
        assert_null(transcoder);
        return status;
    }
    kept_offsets = hanse_transcoder_keeps_offsets(transcoder, &mark_bytes);
    struct hanse_source text = hanse_transcoder_source(transcoder);
    size_t count = 1;
    for (got_size = 0; status == HANSE_OK && count > 0; got_size += count)
        status = text.read(text.context, (uint8_t *)got + got_size, piece < 7 ? piece : 7, &count, &err);
    hanse_transcoder_close(transcoder);
    return status;
}

static void check(const char *encoding, const char *bytes, size_t size, const char *expected)
{
    for (size_t piece = 1; piece <= size + 1; piece++) {
        if (transcode(encoding, bytes, size, piece) != HANSE_OK)
            fail_msg("%s: %s", encoding, err.message);
        got[got_size] = '\0';
        assert_string_equal(got, expected);
    }
}

static void encodings(void **state)
{
    (void)state;
    check(NULL, "K\xc3\xb6ln", 5, "K\xc3\xb6ln");
    assert_true(kept_offsets);
    assert_int_equal(mark_bytes, 0);
    check(NULL,
          "\xef\xbb\xbf"
          "a",
          4, "a");
    assert_true(kept_offsets);
    assert_int_equal(mark_bytes, 3);
    check("utf-8", "\xef\xbb\xbf", 3, "");
    check(NULL,
          "\xff\xfe"
          "a\0\xf6\0",
          6, "a\xc3\xb6");
    assert_false(kept_offsets);
    check(NULL,
          "\xfe\xff"
          "\0a\0\xf6",
          6, "a\xc3\xb6");
    check("UTF-16", "\xfe\xff\0a", 4, "a");
    check("UTF-16", "a\0", 2, "a");
    check("UTF-16LE", "\x3d\xd8\x00\xde", 4, "\xf0\x9f\x98\x80");
    check("CP932", "\x93\x8c\x8b\x9e,\xb1", 6, "\xe6\x9d\xb1\xe4\xba\xac,\xef\xbd\xb1");
    check("Shift_JIS", "\x87\x40", 2, "\xe2\x91\xa0"); /* a circled one: what Windows calls so has it */
    check("EUC-JP", "\xc5\xec\xb5\xfe", 4, "\xe6\x9d\xb1\xe4\xba\xac");
    check("iso-8859-1", "K\xf6ln", 4, "K\xc3\xb6ln");
    check("windows-1252", "\x80 5", 3, "\xe2\x82\xac 5");
    check("windows-1250", "\xb9", 1, "\xc4\x85");
    check("ISO-8859-15", "\xa4", 1, "\xe2\x82\xac");
    check("GB18030", "\xb1\xb1\xbe\xa9", 4, "\xe5\x8c\x97\xe4\xba\xac");
    check("Big5", "\xa5\x5f", 2, "\xe5\x8c\x97");
    check("EUC-KR", "\xba\xce\xbb\xea", 4, "\xeb\xb6\x80\xec\x82\xb0");
    check(NULL, "", 0, "");
    check("CP932", "", 0, "");
}

static void what_is_no_character(void **state)
{
    (void)state;
    check("CP932", "a\x93", 2, "a\xff"); /* the end is missing */
    check("CP932",
          "\x93\x01"
          "b",
          3,
          "\xff\x01"
          "b");
    check("windows-1252",
          "a\x81"
          "b",
          3,
          "a\xff"
          "b");
    check("UTF-16LE", "a\0b", 3, "a\xff");
    check("UTF-16LE",
          "\x00\xd8"
          "a\0",
          4,
          "\xff"
          "a"); /* half of a pair */
    check(NULL, "a\xf6", 2, "a\xf6");
}

static void refusals(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "UTF-7", "ISO-2022-JP", "CP932//TRANSLIT", "latin"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(transcode(bad[i], "a", 1, 9), HANSE_UNSUPPORTED);
        assert_non_null(strstr(err.message, "CP932"));
    }
}

static enum hanse_status read_short(void *context)
{
    (void)context;
    return transcode("ISO-8859-1", "ab", 2, 9);
}

static void memory_runs_out(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(read_short, NULL) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings),
        cmocka_unit_test(what_is_no_character),
        cmocka_unit_test(refusals),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
