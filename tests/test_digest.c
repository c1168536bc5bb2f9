/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 against known answers, and the ways to feed it against each other. */
#include "anomaly.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"

static void check_hex(const struct hanse_digest *digest, const char *expected)
{
    char text[2 * HANSE_DIGEST_BYTES + 1];
    hanse_hex_encode(hanse_digest_view(digest), text);
    assert_string_equal(text, expected);
}

/* FIPS 180-4 examples. */
static void test_known_answers(void **state)
{
    (void)state;
    struct hanse_digest digest;
    assert_int_equal(hanse_digest_compute(hanse_bytes_of(NULL, 0), &digest, NULL), HANSE_OK);
    check_hex(&digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_int_equal(hanse_digest_compute(hanse_bytes_of_text("abc"), &digest, NULL), HANSE_OK);
    check_hex(&digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_int_equal(hanse_digest_compute(hanse_bytes_of_text(two_blocks), &digest, NULL), HANSE_OK);
    check_hex(&digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void test_pieces_and_reuse(void **state)
{
    (void)state;
    struct hanse_hasher *hasher;
    assert_int_equal(hanse_hasher_new(&hasher, NULL), HANSE_OK);
    struct hanse_digest digest;
    hanse_hasher_begin(hasher);
    hanse_hasher_add(hasher, hanse_bytes_of_text("forgotten"));
    hanse_hasher_begin(hasher);
    hanse_hasher_add(hasher, hanse_bytes_of_text("a"));
    hanse_hasher_add(hasher, hanse_bytes_of(NULL, 0));
    hanse_hasher_add(hasher, hanse_bytes_of_text("bc"));
    hanse_hasher_finish(hasher, &digest);
    check_hex(&digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hanse_hasher_digest(hasher, hanse_bytes_of_text("abc"), &digest);
    check_hex(&digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hanse_hasher_free(hasher);
    hanse_hasher_free(NULL);
}

static void test_prefixed_is_the_joined_digest(void **state)
{
    (void)state;
    uint8_t joined[1 + 600];
    memset(joined, 'x', sizeof joined);
    joined[0] = 1;
    struct hanse_hasher *hasher;
    assert_int_equal(hanse_hasher_new(&hasher, NULL), HANSE_OK);
    for (size_t a = 0; a <= 300; a += 7)
        for (size_t b = 0; b <= 300; b += 11) {
            struct hanse_digest expected;
            struct hanse_digest digest;
            hanse_hasher_digest(hasher, hanse_bytes_of(joined, 1 + a + b), &expected);
            hanse_hasher_digest_prefixed(hasher, 1, hanse_bytes_of(joined + 1, a),
                                         hanse_bytes_of(joined + 1 + a, b), &digest);
            assert_true(hanse_digest_equal(&digest, &expected));
        }
    struct hanse_digest in_place = {{5}};
    struct hanse_digest other = {{5}};
    struct hanse_digest apart;
    hanse_hasher_digest_prefixed(hasher, 1, hanse_digest_view(&in_place), hanse_digest_view(&other), &apart);
    hanse_hasher_digest_prefixed(hasher, 1, hanse_digest_view(&in_place), hanse_digest_view(&other),
                                 &in_place);
    assert_true(hanse_digest_equal(&in_place, &apart));
    hanse_hasher_free(hasher);
}

static void test_from_bytes(void **state)
{
    (void)state;
    uint8_t bytes[33] = {1, 2, 3};
    struct hanse_digest digest = {{9}};
    assert_false(hanse_digest_from_bytes(hanse_bytes_of(bytes, 31), &digest));
    assert_false(hanse_digest_from_bytes(hanse_bytes_of(bytes, 33), &digest));
    assert_false(hanse_digest_from_bytes(hanse_bytes_of(NULL, 0), &digest));
    assert_int_equal(digest.bytes[0], 9);
    assert_true(hanse_digest_from_bytes(hanse_bytes_of(bytes, 32), &digest));
    assert_memory_equal(digest.bytes, bytes, 32);
}

static enum hanse_status compute(void *context)
{
    struct hanse_digest digest;
    (void)context;
    return hanse_digest_compute(hanse_bytes_of_text("abc"), &digest, NULL);
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_int_equal(anomaly_fail_each_allocation(compute, NULL), 1);
}

static void test_random(void **state)
{
    (void)state;
    uint8_t a[64] = {0};
    uint8_t b[64] = {0};
    assert_int_equal(hanse_random_fill(a, sizeof a - 1, NULL), HANSE_OK);
    assert_int_equal(a[63], 0);
    assert_int_equal(hanse_random_fill(b, sizeof b, NULL), HANSE_OK);
    assert_memory_not_equal(a, b, 16);
    assert_memory_not_equal(a + 47, a, 16);
    assert_int_equal(hanse_random_fill(NULL, 0, NULL), HANSE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_pieces_and_reuse),
        cmocka_unit_test(test_prefixed_is_the_joined_digest),
        cmocka_unit_test(test_from_bytes),
        cmocka_unit_test(test_failing_allocations),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
