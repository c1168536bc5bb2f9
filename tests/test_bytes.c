/* SPDX-License-Identifier: Apache-2.0 */
/* Views and the sticky-error reader. */
#include "anomaly.h"

#include "base/bytes.h"
#include "base/checked.h"

static void test_equal_and_order(void **state)
{
    (void)state;
    struct hanse_bytes none = hanse_bytes_of(NULL, 0);
    assert_true(hanse_bytes_equal(none, hanse_bytes_of_text("")));
    assert_true(hanse_bytes_equal(none, hanse_bytes_of_text(NULL)));
    assert_true(hanse_bytes_equal_text(hanse_bytes_of_text("abc"), "abc"));
    assert_false(hanse_bytes_equal_text(hanse_bytes_of_text("abc"), "ab"));
    assert_false(hanse_bytes_equal_text(hanse_bytes_of_text("abc"), "abd"));
    assert_int_equal(hanse_bytes_compare(none, none), 0);
    assert_true(hanse_bytes_compare(hanse_bytes_of_text("ab"), hanse_bytes_of_text("abc")) < 0);
    assert_true(hanse_bytes_compare(hanse_bytes_of_text("b"), hanse_bytes_of_text("abc")) > 0);
    assert_true(hanse_bytes_compare(hanse_bytes_of_text("\xff"), hanse_bytes_of_text("a")) > 0);
}

static void test_slice_is_clamped(void **state)
{
    (void)state;
    struct hanse_bytes text = hanse_bytes_of_text("abcdef");
    assert_true(hanse_bytes_equal_text(hanse_bytes_slice(text, 2, 3), "cde"));
    assert_true(hanse_bytes_equal_text(hanse_bytes_slice(text, 4, SIZE_MAX), "ef"));
    assert_int_equal(hanse_bytes_slice(text, 6, 1).size, 0);
    assert_int_equal(hanse_bytes_slice(text, SIZE_MAX, SIZE_MAX).size, 0);
    assert_int_equal(hanse_bytes_slice(hanse_bytes_of(NULL, 0), 0, 4).size, 0);
}

static void test_find(void **state)
{
    (void)state;
    struct hanse_bytes text = hanse_bytes_of_text("a,b,c");
    assert_int_equal(hanse_bytes_find(text, 0, ','), 1);
    assert_int_equal(hanse_bytes_find(text, 2, ','), 3);
    assert_int_equal(hanse_bytes_find(text, 4, ','), 5);
    assert_int_equal(hanse_bytes_find(text, 99, ','), 5);
    assert_int_equal(hanse_bytes_find(hanse_bytes_of(NULL, 0), 0, ','), 0);
}

static void test_reader_reads_big_endian(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    struct hanse_reader reader = hanse_reader_of(hanse_bytes_of(bytes, sizeof bytes));
    assert_int_equal(hanse_reader_u8(&reader), 1);
    assert_int_equal(hanse_reader_u16_be(&reader), 0x0203);
    assert_int_equal(hanse_reader_u32_be(&reader), 0x04050607);
    assert_int_equal(hanse_reader_u64_be(&reader), UINT64_C(0x08090a0b0c0d0e0f));
    assert_int_equal(hanse_reader_left(&reader), 1);
    assert_false(hanse_reader_done(&reader));
    assert_int_equal(hanse_reader_take(&reader, 1).data[0], 16);
    assert_true(hanse_reader_done(&reader));
}

static void test_reader_stays_failed(void **state)
{
    (void)state;
    struct hanse_reader reader = hanse_reader_of(hanse_bytes_of_text("abc"));
    assert_int_equal(hanse_reader_u16_be(&reader), 'a' << 8 | 'b');
    assert_int_equal(hanse_reader_u16_be(&reader), 0);
    assert_true(reader.failed);
    assert_int_equal(reader.position, 2);
    assert_int_equal(hanse_reader_u8(&reader), 0);
    assert_int_equal(hanse_reader_varint(&reader), 0);
    assert_int_equal(hanse_reader_take(&reader, 0).size, 0);
    assert_int_equal(hanse_reader_left(&reader), 0);
    assert_int_equal(reader.position, 2);
    assert_false(hanse_reader_done(&reader));
    reader = hanse_reader_of(hanse_bytes_of_text("abc"));
    assert_int_equal(hanse_reader_take(&reader, UINT64_MAX).size, 0);
    assert_true(reader.failed);
}

static void check_varint(const char *bytes, size_t size, bool ok, uint64_t value)
{
    struct hanse_reader reader = hanse_reader_of(hanse_bytes_of(bytes, size));
    assert_int_equal(hanse_reader_varint(&reader), value);
    assert_int_equal(hanse_reader_done(&reader), ok);
    assert_int_equal(reader.position, ok ? size : 0);
}

static void test_varint_has_one_form(void **state)
{
    (void)state;
    check_varint("\x00", 1, true, 0);
    check_varint("\x7f", 1, true, 127);
    check_varint("\x80\x01", 2, true, 128);
    check_varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, true, UINT64_MAX);
    check_varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, false, 0);
    check_varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00", 11, false, 0);
    check_varint("\x80\x00", 2, false, 0);
    check_varint("\xff\x80\x00", 3, false, 0);
    check_varint("\x80", 1, false, 0);
    check_varint("", 0, false, 0);
}

static void test_checked_arithmetic(void **state)
{
    (void)state;
    size_t size = 7;
    uint64_t number = 7;
    assert_false(hanse_add_size(SIZE_MAX, 1, &size));
    assert_false(hanse_mul_size(SIZE_MAX, 2, &size));
    assert_false(hanse_add_u64(UINT64_MAX, 1, &number));
    assert_false(hanse_mul_u64(UINT64_MAX / 2 + 1, 2, &number));
    assert_int_equal(size, 7);
    assert_int_equal(number, 7);
    assert_true(hanse_add_size(SIZE_MAX - 1, 1, &size));
    assert_int_equal(size, SIZE_MAX);
    assert_true(hanse_mul_u64(3, 5, &number));
    assert_int_equal(number, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_and_order),
        cmocka_unit_test(test_slice_is_clamped),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_reader_reads_big_endian),
        cmocka_unit_test(test_reader_stays_failed),
        cmocka_unit_test(test_varint_has_one_form),
        cmocka_unit_test(test_checked_arithmetic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
