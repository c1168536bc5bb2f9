/* SPDX-License-Identifier: Apache-2.0 */
/* Deflate and inflate: dictionaries, exact caps, broken input, failing allocations. */
#include "anomaly.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "codec/deflate.h"

enum { TEXT_BYTES = 50000 };

static uint8_t text[TEXT_BYTES];

/* Compressible, but not trivially. */
static int make_text(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (size_t i = 0; i < sizeof text; i++) {
        seed = seed * 1103515245u + 12345u;
        text[i] = (uint8_t)("abcdefgh"[seed >> 16 & 7]);
    }
    return 0;
}

static struct hanse_bytes whole(void)
{
    return hanse_bytes_of(text, sizeof text);
}

static void deflate_into(struct hanse_buffer *out, int level, struct hanse_bytes dictionary,
                         struct hanse_bytes input)
{
    struct hanse_deflater *deflater;
    assert_int_equal(hanse_deflater_new(level, &deflater, NULL), HANSE_OK);
    assert_int_equal(hanse_deflater_run(deflater, dictionary, input, out, NULL), HANSE_OK);
    hanse_deflater_free(deflater);
}

static void test_round_trip_at_each_level(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 300, 40000, TEXT_BYTES};
    struct hanse_inflater *inflater;
    assert_int_equal(hanse_inflater_new(&inflater, NULL), HANSE_OK);
    for (int level = 0; level <= HANSE_DEFLATE_SMALLEST; level++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            HANSE_SCOPED_BUFFER struct hanse_buffer packed;
            hanse_buffer_init(&packed, 2 * TEXT_BYTES);
            HANSE_SCOPED_BUFFER struct hanse_buffer back;
            hanse_buffer_init(&back, sizes[i] + 4);
            struct hanse_bytes input = hanse_bytes_of(text, sizes[i]);
            deflate_into(&packed, level, hanse_bytes_of(NULL, 0), input);
            assert_int_equal(hanse_buffer_append_text(&back, "kept", NULL), HANSE_OK);
            assert_int_equal(hanse_inflater_run(inflater, hanse_bytes_of(NULL, 0), hanse_buffer_view(&packed),
                                                sizes[i], &back, NULL),
                             HANSE_OK);
            assert_memory_equal(back.data, "kept", 4);
            assert_int_equal(back.size, 4 + sizes[i]);
            assert_true(hanse_bytes_equal(hanse_bytes_slice(hanse_buffer_view(&back), 4, sizes[i]), input));
        }
    hanse_inflater_free(inflater);
}

static void test_dictionary(void **state)
{
    (void)state;
    struct hanse_deflater *deflater;
    struct hanse_inflater *inflater;
    assert_int_equal(hanse_deflater_new(HANSE_DEFLATE_USUAL, &deflater, NULL), HANSE_OK);
    assert_int_equal(hanse_inflater_new(&inflater, NULL), HANSE_OK);
    struct hanse_bytes input = hanse_bytes_slice(whole(), 45000, 400);
    HANSE_SCOPED_BUFFER struct hanse_buffer plain;
    hanse_buffer_init(&plain, 10000);
    HANSE_SCOPED_BUFFER struct hanse_buffer packed;
    hanse_buffer_init(&packed, 10000);
    HANSE_SCOPED_BUFFER struct hanse_buffer back;
    hanse_buffer_init(&back, 10000);
    assert_int_equal(hanse_deflater_run(deflater, hanse_bytes_of(NULL, 0), input, &plain, NULL), HANSE_OK);
    assert_int_equal(hanse_deflater_run(deflater, whole(), input, &packed, NULL), HANSE_OK);
    assert_true(packed.size < 30 && packed.size < plain.size);
    /* Only the last 32 KiB count: what comes before may differ between the two sides. */
    struct hanse_bytes tail = hanse_bytes_slice(whole(), TEXT_BYTES - 32768, 32768);
    assert_int_equal(hanse_inflater_run(inflater, tail, hanse_buffer_view(&packed), 400, &back, NULL),
                     HANSE_OK);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&back), input));
    hanse_buffer_clear(&back);
    struct hanse_error err;
    assert_int_equal(
        hanse_inflater_run(inflater, hanse_bytes_of(NULL, 0), hanse_buffer_view(&packed), 400, &back, &err),
        HANSE_MALFORMED);
    assert_int_equal(back.size, 0);
    /* No dictionary of an earlier run survives. */
    assert_int_equal(hanse_deflater_run(deflater, hanse_bytes_of(NULL, 0), input, &back, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&back), hanse_buffer_view(&plain)));
    hanse_deflater_free(deflater);
    hanse_inflater_free(inflater);
}

static void test_deflate_cap_is_exact(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer packed;
    hanse_buffer_init(&packed, 2 * TEXT_BYTES);
    deflate_into(&packed, HANSE_DEFLATE_USUAL, hanse_bytes_of(NULL, 0), whole());
    struct hanse_deflater *deflater;
    assert_int_equal(hanse_deflater_new(HANSE_DEFLATE_USUAL, &deflater, NULL), HANSE_OK);
    HANSE_SCOPED_BUFFER struct hanse_buffer exact;
    hanse_buffer_init(&exact, packed.size);
    assert_int_equal(hanse_deflater_run(deflater, hanse_bytes_of(NULL, 0), whole(), &exact, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&exact), hanse_buffer_view(&packed)));
    HANSE_SCOPED_BUFFER struct hanse_buffer small;
    struct hanse_error err;
    hanse_buffer_init(&small, packed.size - 1);
    assert_failure(hanse_deflater_run(deflater, hanse_bytes_of(NULL, 0), whole(), &small, &err), err,
                   HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_int_equal(small.size, 0);
    HANSE_SCOPED_BUFFER struct hanse_buffer none;
    hanse_buffer_init(&none, 0);
    assert_int_equal(hanse_deflater_run(deflater, hanse_bytes_of(NULL, 0), whole(), &none, NULL),
                     HANSE_LIMIT);
    hanse_deflater_free(deflater);
    assert_failure(hanse_deflater_new(10, &deflater, &err), err, HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_failure(hanse_deflater_new(-1, &deflater, &err), err, HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
}

/* Inflates what must be refused, and asserts that nothing was added. */
static enum hanse_status refused(struct hanse_bytes input, size_t expected_size, size_t max_bytes,
                                 struct hanse_error *err)
{
    struct hanse_inflater *inflater;
    assert_int_equal(hanse_inflater_new(&inflater, NULL), HANSE_OK);
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, max_bytes);
    *err = (struct hanse_error){.offset = 0};
    enum hanse_status status =
        hanse_inflater_run(inflater, hanse_bytes_of(NULL, 0), input, expected_size, &out, err);
    assert_int_equal(out.size, 0);
    if (status == HANSE_LIMIT)
        assert_null(out.data);
    hanse_inflater_free(inflater);
    return status;
}

static void test_inflate_refusals(void **state)
{
    (void)state;
    struct hanse_error err;
    HANSE_SCOPED_BUFFER struct hanse_buffer packed;
    hanse_buffer_init(&packed, TEXT_BYTES);
    deflate_into(&packed, HANSE_DEFLATE_USUAL, hanse_bytes_of(NULL, 0), hanse_bytes_of(text, 1000));
    struct hanse_bytes good = hanse_buffer_view(&packed);
    assert_int_equal(refused(good, 1000, 999, &err), HANSE_LIMIT);
    assert_int_equal(refused(good, SIZE_MAX, SIZE_MAX, &err), HANSE_LIMIT);
    assert_int_equal(refused(good, 999, 5000, &err), HANSE_MALFORMED);
    assert_int_equal(refused(good, 0, 5000, &err), HANSE_MALFORMED);
    assert_int_equal(refused(good, 1001, 5000, &err), HANSE_MALFORMED);
    assert_int_equal(err.offset, good.size);
    for (size_t size = 0; size < good.size; size++) {
        assert_int_equal(refused(hanse_bytes_slice(good, 0, size), 1000, 5000, &err), HANSE_MALFORMED);
        assert_true(err.offset <= size);
    }
    size_t exact = packed.size;
    assert_int_equal(hanse_buffer_append_u8(&packed, 0, NULL), HANSE_OK);
    assert_failure(refused(hanse_buffer_view(&packed), 1000, 5000, &err), err, HANSE_MALFORMED, exact);
    assert_failure(refused(hanse_bytes_of("\x07", 1), 5, 5000, &err), err, HANSE_MALFORMED, 1);
    assert_failure(refused(hanse_bytes_of(NULL, 0), 0, 5000, &err), err, HANSE_MALFORMED, 0);
}

static void test_changed_bytes_never_give_another_size(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer packed;
    hanse_buffer_init(&packed, TEXT_BYTES);
    deflate_into(&packed, HANSE_DEFLATE_USUAL, hanse_bytes_of(NULL, 0), hanse_bytes_of(text, 300));
    struct hanse_inflater *inflater;
    assert_int_equal(hanse_inflater_new(&inflater, NULL), HANSE_OK);
    for (size_t bit = 0; bit < packed.size * 8; bit++) {
        packed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        hanse_buffer_init(&out, 300);
        enum hanse_status status = hanse_inflater_run(inflater, hanse_bytes_of(NULL, 0),
                                                      hanse_buffer_view(&packed), 300, &out, NULL);
        assert_true(status == HANSE_OK || status == HANSE_MALFORMED);
        assert_int_equal(out.size, status == HANSE_OK ? 300 : 0);
        packed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    hanse_inflater_free(inflater);
}

static enum hanse_status run_all(struct hanse_deflater *deflater, struct hanse_inflater *inflater)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer packed;
    hanse_buffer_init(&packed, TEXT_BYTES);
    HANSE_SCOPED_BUFFER struct hanse_buffer back;
    hanse_buffer_init(&back, TEXT_BYTES);
    struct hanse_bytes dictionary = hanse_bytes_slice(whole(), 0, 2000);
    struct hanse_bytes input = hanse_bytes_slice(whole(), 1000, 9000);
    struct hanse_error err;
    enum hanse_status status = hanse_deflater_run(deflater, dictionary, input, &packed, &err);
    if (status == HANSE_OK)
        status =
            hanse_inflater_run(inflater, dictionary, hanse_buffer_view(&packed), input.size, &back, &err);
    if (status == HANSE_OK)
        assert_true(hanse_bytes_equal(hanse_buffer_view(&back), input));
    else
        assert_int_equal(back.size, 0);
    return status;
}

static enum hanse_status make_and_run(void *context)
{
    (void)context;
    struct hanse_deflater *deflater = NULL;
    struct hanse_inflater *inflater = NULL;
    struct hanse_error err;
    enum hanse_status status = hanse_deflater_new(HANSE_DEFLATE_USUAL, &deflater, &err);
    if (status == HANSE_OK)
        status = hanse_inflater_new(&inflater, &err);
    if (status == HANSE_OK)
        status = run_all(deflater, inflater);
    hanse_deflater_free(deflater);
    hanse_inflater_free(inflater);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(make_and_run, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip_at_each_level),
        cmocka_unit_test(test_dictionary),
        cmocka_unit_test(test_deflate_cap_is_exact),
        cmocka_unit_test(test_inflate_refusals),
        cmocka_unit_test(test_changed_bytes_never_give_another_size),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, make_text, NULL);
}
