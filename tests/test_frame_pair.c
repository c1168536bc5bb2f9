/* SPDX-License-Identifier: Apache-2.0 */
/* Two frames at a time are the frames of one encoder, byte by byte, wherever blocks begin and end. */
#include "feed_support.h"

#include <stdatomic.h>

#include "feed/frame.h"
#include "feed/frame_pair.h"

enum { ENTRIES = 3000, MAX_PAYLOAD = 2000, MAX_OUT = 8 << 20, WORDS = 512 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Payloads of all sizes that deflate can make something of; the views are into `bytes`. */
static void make_entries(struct hanse_frame_entry *entries, size_t count, uint8_t *bytes, uint32_t seed)
{
    uint8_t words[WORDS];
    for (size_t i = 0; i < WORDS; i++)
        words[i] = (uint8_t)next_random(&seed);
    for (size_t i = 0; i < count; i++) {
        size_t size = next_random(&seed) % MAX_PAYLOAD;
        uint8_t *payload = bytes + i * MAX_PAYLOAD;
        for (size_t at = 0; at < size; at += 8)
            memcpy(payload + at, words + next_random(&seed) % (WORDS - 8), size - at < 8 ? size - at : 8);
        entries[i] = (struct hanse_frame_entry){.payload = hanse_bytes_of(payload, size)};
    }
}

static void encode_alone(struct hanse_frame_encoder *encoder, const struct hanse_frame_entry *entries,
                         size_t from, size_t end, struct hanse_buffer *out)
{
    while (from < end) {
        size_t here = hanse_frame_fit(entries + from, end - from);
        must(hanse_frame_encode(encoder, from, entries + from, here, out, NULL));
        from += here;
    }
}

/* Returns how often two frames came of one call. */
static size_t encode_paired(struct hanse_frame_pair *pair, const struct hanse_frame_entry *entries,
                            size_t from, size_t end, struct hanse_buffer *out)
{
    size_t both = 0;
    while (from < end) {
        struct hanse_paired_frame frames[2];
        size_t made = 0;
        must(hanse_frame_pair_encode(pair, from, entries + from, end - from, frames, &made, NULL));
        assert_in_range(made, 1, 2);
        both += made - 1;
        for (size_t i = 0; i < made; i++) {
            struct hanse_frame_start start;
            must(hanse_frame_peek(frames[i].stored, &start, NULL));
            assert_int_equal(start.first_index, from);
            assert_int_equal(start.entries, frames[i].entries);
            assert_int_equal(start.continues, frames[i].continues);
            must(hanse_buffer_append(out, frames[i].stored, NULL));
            from += frames[i].entries;
        }
    }
    return both;
}

static void test_same_bytes(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 7, 100, 130, 700, 1100, ENTRIES};
    struct hanse_frame_entry *entries = test_calloc(ENTRIES, sizeof *entries);
    uint8_t *bytes = test_malloc((size_t)ENTRIES * MAX_PAYLOAD);
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer alone;
        HANSE_SCOPED_BUFFER struct hanse_buffer paired;
        hanse_buffer_init(&alone, MAX_OUT);
        hanse_buffer_init(&paired, MAX_OUT);
        struct hanse_frame_encoder *encoder;
        struct hanse_frame_pair *pair;
        must(hanse_frame_encoder_new(6, &encoder, NULL));
        must(hanse_frame_pair_new(6, &pair, NULL));
        make_entries(entries, ENTRIES, bytes, (uint32_t)s);
        size_t both = 0;
        for (size_t from = 0; from < ENTRIES; from += steps[s]) {
            size_t end = ENTRIES - from < steps[s] ? ENTRIES : from + steps[s];
            encode_alone(encoder, entries, from, end, &alone);
            both += encode_paired(pair, entries, from, end, &paired);
            if (s == 3) { /* now and then a block begins although the last one has room */
                hanse_frame_encoder_start_block(encoder);
                hanse_frame_pair_start_block(pair);
            }
        }
        assert_int_equal(both > 0, steps[s] >= 700);
        assert_true(hanse_bytes_equal(hanse_buffer_view(&alone), hanse_buffer_view(&paired)));
        hanse_frame_encoder_free(encoder);
        hanse_frame_pair_free(pair);
    }
    test_free(bytes);
    test_free(entries);
}

/* A pair goes on in a block that was read. */
static void test_adopt(void **state)
{
    (void)state;
    struct hanse_frame_entry *entries = test_calloc(ENTRIES, sizeof *entries);
    uint8_t *bytes = test_malloc((size_t)ENTRIES * MAX_PAYLOAD);
    HANSE_SCOPED_BUFFER struct hanse_buffer alone;
    HANSE_SCOPED_BUFFER struct hanse_buffer paired;
    hanse_buffer_init(&alone, MAX_OUT);
    hanse_buffer_init(&paired, MAX_OUT);
    struct hanse_frame_encoder *encoder;
    struct hanse_frame_decoder *decoder;
    struct hanse_frame_pair *pair;
    struct hanse_frame frame;
    must(hanse_frame_encoder_new(6, &encoder, NULL));
    must(hanse_frame_decoder_new(&decoder, NULL));
    must(hanse_frame_pair_new(6, &pair, NULL));
    make_entries(entries, ENTRIES, bytes, 5);
    must(hanse_frame_encode(encoder, 0, entries, 20, &alone, NULL));
    must(hanse_frame_decode(decoder, hanse_buffer_view(&alone), &frame, NULL));
    hanse_frame_pair_adopt(pair, decoder);
    hanse_buffer_clear(&alone);
    encode_alone(encoder, entries, 20, ENTRIES, &alone);
    assert_true(encode_paired(pair, entries, 20, ENTRIES, &paired) > 0);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&alone), hanse_buffer_view(&paired)));
    hanse_frame_encoder_free(encoder);
    hanse_frame_decoder_free(decoder);
    hanse_frame_pair_free(pair);
    test_free(bytes);
    test_free(entries);
}

/* Counts for two threads at once. */
struct failing_pair {
    atomic_long left;
    atomic_bool failed;
};

static bool fail_now(void *context)
{
    struct failing_pair *failing = context;
    bool now = atomic_fetch_sub(&failing->left, 1) == 0;
    if (now)
        atomic_store(&failing->failed, true);
    return now;
}

static enum hanse_status make_two(const struct hanse_frame_entry *entries, size_t count,
                                  struct hanse_error *err)
{
    struct hanse_frame_pair *pair = NULL;
    struct hanse_paired_frame frames[2] = {{.entries = 77}, {.entries = 77}};
    size_t made = 99;
    enum hanse_status status = hanse_frame_pair_new(6, &pair, err);
    if (status == HANSE_OK)
        status = hanse_frame_pair_encode(pair, 0, entries, count, frames, &made, err);
    assert_int_equal(made, status == HANSE_OK ? 2 : 99);
    assert_int_equal(frames[0].entries == 77, status != HANSE_OK);
    hanse_frame_pair_free(pair);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    enum { COUNT = 600 };
    struct hanse_frame_entry *entries = test_calloc(COUNT, sizeof *entries);
    uint8_t *bytes = test_malloc((size_t)COUNT * MAX_PAYLOAD);
    make_entries(entries, COUNT, bytes, 9);
    bool failed = true;
    for (long n = 0; failed; n++) {
        struct failing_pair failing;
        struct hanse_error err = {.status = HANSE_OK};
        atomic_init(&failing.left, n);
        atomic_init(&failing.failed, false);
        hanse_alloc_set_failure_hook(fail_now, &failing);
        enum hanse_status status = make_two(entries, COUNT, &err);
        hanse_alloc_set_failure_hook(NULL, NULL);
        failed = atomic_load(&failing.failed);
        assert_int_equal(status, failed ? HANSE_NO_MEMORY : HANSE_OK);
        assert_int_equal(err.status, status);
        assert_true(failed || n > 20);
    }
    test_free(bytes);
    test_free(entries);
}

static void test_limits(void **state)
{
    (void)state;
    struct hanse_frame_pair *pair = NULL;
    struct hanse_paired_frame frames[2];
    size_t made = 99;
    struct hanse_error err;
    struct hanse_frame_entry entry = {.payload = hanse_bytes_of(NULL, 0)};
    assert_int_equal(hanse_frame_pair_new(10, &pair, &err), HANSE_INVALID_ARGUMENT);
    assert_null(pair);
    must(hanse_frame_pair_new(1, &pair, NULL));
    assert_int_equal(hanse_frame_pair_encode(pair, INT64_MAX, &entry, 1, frames, &made, &err), HANSE_LIMIT);
    assert_int_equal(err.status, HANSE_LIMIT);
    assert_int_equal(made, 99);
    hanse_frame_pair_free(pair);
    hanse_frame_pair_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_adopt),
        cmocka_unit_test(test_failing_allocations),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
