/* SPDX-License-Identifier: Apache-2.0 */
/* Owned bytes: growth, exact caps, failing allocations, and the errors they fill. */
#include "anomaly.h"

#include <errno.h>
#include <string.h>

#include <hanse/bytes.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"

static void test_exact_cap(void **state)
{
    (void)state;
    struct hanse_error err;
    struct hanse_buffer buffer;
    hanse_buffer_init(&buffer, 10);
    assert_int_equal(hanse_buffer_append_text(&buffer, "0123456", NULL), HANSE_OK);
    assert_true(buffer.capacity <= buffer.max_bytes);
    assert_failure(hanse_buffer_append_text(&buffer, "789a", &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_failure(hanse_buffer_append_format(&buffer, &err, "%d", 1234), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_failure(hanse_buffer_append_be(&buffer, 0, 8, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_failure(hanse_buffer_reserve(&buffer, SIZE_MAX, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&buffer), "0123456"));
    assert_int_equal(hanse_buffer_append_format(&buffer, NULL, "%s", "789"), HANSE_OK);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&buffer), "0123456789"));
    char *text = NULL;
    assert_int_equal(hanse_buffer_detach_text(&buffer, &text, NULL), HANSE_OK);
    assert_string_equal(text, "0123456789");
    assert_null(buffer.data);
    assert_int_equal(buffer.size, 0);
    hanse_free(text);
    hanse_buffer_release(&buffer);
}

static void test_detach_of_nothing(void **state)
{
    (void)state;
    struct hanse_buffer buffer;
    hanse_buffer_init(&buffer, 0);
    char *text = NULL;
    assert_int_equal(hanse_buffer_append(&buffer, hanse_bytes_of(NULL, 0), NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_format(&buffer, NULL, "%s", ""), HANSE_OK);
    assert_int_equal(hanse_buffer_detach_text(&buffer, &text, NULL), HANSE_OK);
    assert_string_equal(text, "");
    hanse_free(text);
}

static void test_encodings(void **state)
{
    (void)state;
    static const uint8_t expected[] = {7,    1, 2,    0,    0,    0,    0,    0,    0,    0,    9,    0,
                                       0x80, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1};
    struct hanse_buffer buffer;
    hanse_buffer_init(&buffer, 100);
    assert_int_equal(hanse_buffer_append_u8(&buffer, 7, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_be(&buffer, 0x0102, 2, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_be(&buffer, 9, 8, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_varint(&buffer, 0, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_varint(&buffer, 128, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_varint(&buffer, UINT64_MAX, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&buffer), hanse_bytes_of(expected, sizeof expected)));
    hanse_buffer_release(&buffer);
}

static void test_drop_front(void **state)
{
    (void)state;
    struct hanse_buffer buffer;
    hanse_buffer_init(&buffer, 100);
    hanse_buffer_drop_front(&buffer, 5);
    assert_int_equal(hanse_buffer_append_text(&buffer, "abcdef", NULL), HANSE_OK);
    hanse_buffer_drop_front(&buffer, 0);
    hanse_buffer_drop_front(&buffer, 2);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&buffer), "cdef"));
    hanse_buffer_drop_front(&buffer, 99);
    assert_int_equal(buffer.size, 0);
    assert_int_equal(hanse_buffer_append_text(&buffer, "x", NULL), HANSE_OK);
    hanse_buffer_clear(&buffer);
    assert_int_equal(buffer.size, 0);
    hanse_buffer_release(&buffer);
    hanse_buffer_release(&buffer);
}

static enum hanse_status grow_large(void *context)
{
    (void)context;
    HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
    hanse_buffer_init(&buffer, 5000);
    enum hanse_status status = HANSE_OK;
    while (buffer.size < 5000 && status == HANSE_OK) {
        size_t before = buffer.size;
        struct hanse_error err;
        status = hanse_buffer_append_text(&buffer, "0123456789", &err);
        if (status != HANSE_OK)
            assert_int_equal(buffer.size, before);
        for (size_t i = 0; i < buffer.size; i++)
            assert_int_equal(buffer.data[i], '0' + i % 10);
    }
    char *text;
    if (status == HANSE_OK)
        status = hanse_buffer_detach_text(&buffer, &text, NULL);
    if (status == HANSE_OK)
        hanse_free(text);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(grow_large, NULL) > 3);
}

static void test_errors(void **state)
{
    (void)state;
    struct hanse_error err = {.offset = 0};
    assert_int_equal(hanse_fail(NULL, HANSE_IO, "x"), HANSE_IO);
    assert_failure(hanse_fail_at(&err, HANSE_MALFORMED, 12, "thing \"%s\" is odd", "a"), err, HANSE_MALFORMED,
                   12);
    assert_string_equal(err.message, "thing \"a\" is odd");
    assert_int_equal(hanse_fail_within(&err, HANSE_IO, "file \"%s\"", "f"), HANSE_MALFORMED);
    assert_string_equal(err.message, "file \"f\": thing \"a\" is odd");
    assert_int_equal(err.offset, 12);
    assert_int_equal(hanse_fail_within(NULL, HANSE_IO, "x"), HANSE_IO);
    assert_int_equal(hanse_fail_errno(&err, EROFS, "cannot write"), HANSE_DENIED);
    assert_int_equal(err.library_code, EROFS);
    assert_int_equal(hanse_fail_errno(NULL, ENOENT, "x"), HANSE_NOT_FOUND);
    assert_int_equal(hanse_fail_errno(NULL, EEXIST, "x"), HANSE_EXISTS);
    assert_int_equal(hanse_fail_errno(NULL, ENOSPC, "x"), HANSE_IO);
    char longest[2 * HANSE_ERROR_MESSAGE_BYTES];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    (void)hanse_fail(&err, HANSE_IO, "%s", longest);
    (void)hanse_fail_within(&err, HANSE_IO, "%s", longest);
    (void)hanse_fail_errno(&err, EIO, "%s", longest);
    assert_int_equal(strlen(err.message), HANSE_ERROR_MESSAGE_BYTES - 1);
}

static void test_messages_are_printable(void **state)
{
    (void)state;
    struct hanse_error err = {.offset = 0};
    (void)hanse_fail(&err, HANSE_IO, "a\x1b[2J\nb \xc3\xa9 \x7f \xc2\x9b \xc2\xa0 \xff\xc3");
    assert_string_equal(err.message, "a?[2J?b \xc3\xa9 ? ?? \xc2\xa0 ??");
    (void)hanse_fail_within(&err, HANSE_IO, "\x01 \x80");
    assert_string_equal(err.message, "? ?: a?[2J?b \xc3\xa9 ? ?? \xc2\xa0 ??");
    (void)hanse_fail_errno(&err, ENOENT, "\t");
    assert_int_equal(err.message[0], '?');
    /* A character that does not fit is left out, wherever it is cut. */
    for (int room = 1; room < 4; room++) {
        (void)hanse_fail(&err, HANSE_IO, "%*s\xf0\x9f\x98\x80", HANSE_ERROR_MESSAGE_BYTES - 1 - room, "");
        assert_int_equal(strlen(err.message), HANSE_ERROR_MESSAGE_BYTES - 1 - room);
    }
    (void)hanse_fail(&err, HANSE_IO, "%*s\xf0\x9f\x98\x80", HANSE_ERROR_MESSAGE_BYTES - 1 - 4, "");
    assert_int_equal(strlen(err.message), HANSE_ERROR_MESSAGE_BYTES - 1);
}

static void test_status_names(void **state)
{
    (void)state;
    assert_string_equal(hanse_status_name(HANSE_OK), "ok");
    assert_string_equal(hanse_status_name(HANSE_BAD_SIGNATURE), "bad-signature");
    assert_string_equal(hanse_status_name(HANSE_BEHIND), "behind");
    assert_string_equal(hanse_status_name((enum hanse_status) - 24), "unknown");
    assert_string_equal(hanse_status_name((enum hanse_status)1), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_cap),
        cmocka_unit_test(test_detach_of_nothing),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_drop_front),
        cmocka_unit_test(test_failing_allocations),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_messages_are_printable),
        cmocka_unit_test(test_status_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
