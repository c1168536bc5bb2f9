/* SPDX-License-Identifier: Apache-2.0 */
/* The arena: alignment, its cap, failing allocations. */
#include "anomaly.h"

#include <stdalign.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

static void test_pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1 << 20);
    uint8_t *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = hanse_arena_alloc(&arena, i * 3);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        memset(pieces[i], (int)i, i * 3);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < i * 3; k++)
            assert_int_equal(pieces[i][k], i);
}

static void test_cap_counts_alignment(void **state)
{
    (void)state;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1600);
    size_t given = 0;
    while (hanse_arena_alloc(&arena, 1) != NULL)
        given++;
    assert_int_equal(given, 1600 / alignof(max_align_t));
    assert_null(hanse_arena_alloc(&arena, 1));
    assert_non_null(hanse_arena_alloc(&arena, 0));
    hanse_arena_reset(&arena);
    assert_non_null(hanse_arena_alloc(&arena, 1600));
    assert_null(hanse_arena_alloc(&arena, SIZE_MAX));
    assert_null(hanse_arena_alloc(&arena, SIZE_MAX - 1));
    hanse_arena_release(&arena);
    assert_non_null(hanse_arena_alloc(&arena, 1));
}

static void test_huge_request_under_a_huge_cap(void **state)
{
    (void)state;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, SIZE_MAX);
    assert_null(hanse_arena_alloc(&arena, SIZE_MAX));
    assert_null(hanse_arena_alloc(&arena, SIZE_MAX - 64));
    assert_null(hanse_arena_copy(&arena, hanse_bytes_of(NULL, SIZE_MAX)));
}

static void test_copy_ends_with_nul(void **state)
{
    (void)state;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 10000);
    assert_string_equal(hanse_arena_copy(&arena, hanse_bytes_of("abcdef", 3)), "abc");
    assert_string_equal(hanse_arena_copy(&arena, hanse_bytes_of(NULL, 0)), "");
}

static enum hanse_status fill(void *context)
{
    (void)context;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < 5; i++) {
        size_t used = arena.used_bytes;
        if (hanse_arena_alloc(&arena, 3000) == NULL) {
            assert_int_equal(arena.used_bytes, used);
            return HANSE_NO_MEMORY;
        }
    }
    return HANSE_OK;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_int_equal(anomaly_fail_each_allocation(fill, NULL), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_aligned_and_apart),  cmocka_unit_test(test_cap_counts_alignment),
        cmocka_unit_test(test_huge_request_under_a_huge_cap), cmocka_unit_test(test_copy_ends_with_nul),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
