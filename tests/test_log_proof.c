/* SPDX-License-Identifier: Apache-2.0 */
/* The text form of a log proof, both ways and refused. */
#include "anomaly.h"

#include <string.h>

#include "base/bytes.h"
#include "log/log_proof.h"

#define FIRST "c2sp.org/tlog-proof@v1\n"
#define HASH_1 "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
#define HASH_2 "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
#define NOTE "example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\nsignatures\n"
#define PROOF FIRST "extra YWJj\nindex 73894\n" HASH_1 HASH_2 "\n" NOTE

static void check_round_trip(const char *text)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 10000);
    struct hanse_log_proof proof;
    assert_int_equal(hanse_log_proof_decode(hanse_bytes_of_text(text), &arena, &proof, NULL), HANSE_OK);
    HANSE_SCOPED_BUFFER struct hanse_buffer back;
    hanse_buffer_init(&back, 10000);
    assert_int_equal(hanse_log_proof_encode(&proof, &back, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&back), text));
}

static void test_round_trips(void **state)
{
    (void)state;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 10000);
    struct hanse_log_proof proof;
    assert_int_equal(hanse_log_proof_decode(hanse_bytes_of_text(PROOF), &arena, &proof, NULL), HANSE_OK);
    assert_true(proof.has_extra);
    assert_true(hanse_bytes_equal_text(proof.extra, "abc"));
    assert_int_equal(proof.index, 73894);
    assert_int_equal(proof.proof.count, 2);
    assert_int_equal(proof.proof.hashes[1].bytes[0], 0x07);
    assert_true(hanse_bytes_equal_text(proof.note, NOTE));
    check_round_trip(PROOF);
    check_round_trip(FIRST "index 0\n\n" NOTE);
    check_round_trip(FIRST "extra \nindex 0\n\n" NOTE);
    check_round_trip(FIRST "index 9223372036854775807\n" HASH_1 "\n");
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t offset;
    } bad[] = {
        {"", 0},
        {"c2sp.org/tlog-proof@v2\nindex 0\n\n" NOTE, 0},
        {FIRST, 23},
        {FIRST "index 00\n\n", 23},
        {FIRST "index  0\n\n", 23},
        {FIRST "index 0 \n\n", 23},
        {FIRST "Index 0\n\n", 23},
        {FIRST "index\n\n", 23},
        {FIRST "index 9223372036854775808\n\n", 23},
        {FIRST "extra YWI\nindex 0\n\n", 23},
        {FIRST "extra YWJ=\nindex 0\n\n", 23},
        {FIRST "extra YWJj\nextra YWJj\nindex 0\n\n", 34},
        {FIRST "index 0\n" HASH_1, 76},
        {FIRST "index 0\nAAAA\n\n", 31},
        {FIRST "index 0\nindex 1\n\n", 31},
        {FIRST "index 0\n" HASH_1 "extra YWJj\n\n", 76},
        {FIRST "index 0", 30},
    };
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 10000);
    struct hanse_error err;
    struct hanse_log_proof proof = {.index = 77};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_failure(hanse_log_proof_decode(hanse_bytes_of_text(bad[i].text), &arena, &proof, &err), err,
                       HANSE_MALFORMED, bad[i].offset);
    HANSE_SCOPED_BUFFER struct hanse_buffer many;
    hanse_buffer_init(&many, 10000);
    assert_int_equal(hanse_buffer_append_text(&many, FIRST "index 0\n", NULL), HANSE_OK);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(hanse_buffer_append_text(&many, HASH_1, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_text(&many, "\n" NOTE, NULL), HANSE_OK);
    assert_failure(hanse_log_proof_decode(hanse_buffer_view(&many), &arena, &proof, &err), err, HANSE_LIMIT,
                   31 + 63 * 45);
    static uint8_t large[HANSE_MAX_LOG_PROOF_BYTES + 1];
    assert_failure(hanse_log_proof_decode(hanse_bytes_of(large, sizeof large), &arena, &proof, &err), err,
                   HANSE_LIMIT, HANSE_MAX_LOG_PROOF_BYTES);
    assert_int_equal(proof.index, 77);
    HANSE_SCOPED_ARENA struct hanse_arena full;
    hanse_arena_init(&full, 2);
    assert_int_equal(hanse_log_proof_decode(hanse_bytes_of_text(PROOF), &full, &proof, NULL),
                     HANSE_NO_MEMORY);
}

static void test_encode_limits(void **state)
{
    (void)state;
    static uint8_t large[HANSE_MAX_LOG_PROOF_BYTES];
    struct hanse_error err;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 2 * HANSE_MAX_LOG_PROOF_BYTES);
    struct hanse_log_proof proof = {.index = UINT64_C(1) << 63};
    assert_failure(hanse_log_proof_encode(&proof, &out, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    proof = (struct hanse_log_proof){.proof.count = 64};
    assert_failure(hanse_log_proof_encode(&proof, &out, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    proof = (struct hanse_log_proof){.has_extra = true, .extra = hanse_bytes_of(large, sizeof large)};
    assert_failure(hanse_log_proof_encode(&proof, &out, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    proof = (struct hanse_log_proof){.note = hanse_bytes_of(large, HANSE_MAX_NOTE_BYTES + 1)};
    assert_failure(hanse_log_proof_encode(&proof, &out, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_int_equal(out.size, 0);
}

static enum hanse_status decode_and_encode(void *context)
{
    (void)context;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 10000);
    HANSE_SCOPED_BUFFER struct hanse_buffer back;
    hanse_buffer_init(&back, 10000);
    struct hanse_log_proof proof;
    enum hanse_status status = hanse_log_proof_decode(hanse_bytes_of_text(PROOF), &arena, &proof, NULL);
    if (status == HANSE_OK)
        status = hanse_log_proof_encode(&proof, &back, NULL);
    if (status != HANSE_OK)
        assert_int_equal(back.size, 0);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(decode_and_encode, NULL) > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_encode_limits),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
