/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519: vectors of RFC 8032, and keys and signatures that must be refused. */
#include "anomaly.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/signing_key.h"

static void from_hex(const char *hex, uint8_t *out, size_t size)
{
    assert_true(hanse_hex_decode(hanse_bytes_of_text(hex), out, size));
}

static const struct {
    const char *seed;
    const char *public_key;
    const char *message;
    const char *signature;
} vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f"
     "0"
     "595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2ea"
     "e"
     "b4302aeeb00d291612bb0c00"},
};

static void test_rfc_8032_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        uint8_t seed[HANSE_SEED_BYTES];
        uint8_t expected[HANSE_SIGNATURE_BYTES];
        uint8_t public_key[HANSE_PUBLIC_KEY_BYTES];
        uint8_t got[HANSE_SIGNATURE_BYTES];
        struct hanse_signing_key *key;
        struct hanse_bytes message = hanse_bytes_of_text(vectors[i].message);
        from_hex(vectors[i].seed, seed, sizeof seed);
        from_hex(vectors[i].public_key, public_key, sizeof public_key);
        from_hex(vectors[i].signature, expected, sizeof expected);
        assert_int_equal(hanse_signing_key_from_seed(seed, &key, NULL), HANSE_OK);
        hanse_signing_key_public(key, got);
        assert_memory_equal(got, public_key, sizeof public_key);
        hanse_signing_key_seed(key, got);
        assert_memory_equal(got, seed, sizeof seed);
        assert_int_equal(hanse_signing_key_sign(key, message, got, NULL), HANSE_OK);
        assert_memory_equal(got, expected, sizeof expected);
        assert_int_equal(hanse_public_key_check(public_key, NULL), HANSE_OK);
        assert_int_equal(hanse_public_key_verify(public_key, message, expected, NULL), HANSE_OK);
        hanse_signing_key_free(key);
    }
    hanse_signing_key_free(NULL);
}

static void test_changed_bits_are_refused(void **state)
{
    (void)state;
    uint8_t public_key[HANSE_PUBLIC_KEY_BYTES];
    uint8_t signature[HANSE_SIGNATURE_BYTES];
    struct hanse_error err;
    from_hex(vectors[1].public_key, public_key, sizeof public_key);
    from_hex(vectors[1].signature, signature, sizeof signature);
    for (size_t bit = 0; bit < sizeof signature * 8; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_failure(hanse_public_key_verify(public_key, hanse_bytes_of("\x72", 1), signature, &err), err,
                       HANSE_BAD_SIGNATURE, HANSE_NO_OFFSET);
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(hanse_public_key_verify(public_key, hanse_bytes_of("\x73", 1), signature, NULL),
                     HANSE_BAD_SIGNATURE);
    assert_int_equal(hanse_public_key_verify(public_key, hanse_bytes_of(NULL, 0), signature, NULL),
                     HANSE_BAD_SIGNATURE);
    public_key[0] ^= 1;
    assert_int_equal(hanse_public_key_verify(public_key, hanse_bytes_of("\x72", 1), signature, NULL),
                     HANSE_BAD_SIGNATURE);
}

/* S + L signs the same message for a careless verifier. */
static void test_second_spelling_of_a_signature(void **state)
{
    (void)state;
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                      0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    uint8_t public_key[HANSE_PUBLIC_KEY_BYTES];
    uint8_t signature[HANSE_SIGNATURE_BYTES];
    from_hex(vectors[1].public_key, public_key, sizeof public_key);
    from_hex(vectors[1].signature, signature, sizeof signature);
    unsigned carry = 0;
    for (size_t i = 0; i < sizeof order; i++) {
        carry += (unsigned)signature[32 + i] + order[i];
        signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(hanse_public_key_verify(public_key, hanse_bytes_of("\x72", 1), signature, NULL),
                     HANSE_BAD_SIGNATURE);
}

/* The eight points of small order in all fourteen spellings, and more that are not below the prime. */
static const char *const bad_keys[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

static void test_keys_that_anybody_can_use(void **state)
{
    (void)state;
    struct hanse_error err;
    uint8_t key[HANSE_PUBLIC_KEY_BYTES];
    uint8_t universal[HANSE_SIGNATURE_BYTES] = {1};
    for (size_t i = 0; i < sizeof bad_keys / sizeof bad_keys[0]; i++) {
        from_hex(bad_keys[i], key, sizeof key);
        assert_failure(hanse_public_key_check(key, &err), err, HANSE_MALFORMED, HANSE_NO_OFFSET);
        assert_failure(hanse_public_key_verify(key, hanse_bytes_of_text("anything"), universal, &err), err,
                       HANSE_BAD_SIGNATURE, HANSE_NO_OFFSET);
    }
}

static void test_keys_off_the_curve(void **state)
{
    (void)state;
    static const struct {
        uint8_t y;
        enum hanse_status status;
    } cases[] = {{2, HANSE_MALFORMED}, {3, HANSE_OK},        {4, HANSE_OK},        {5, HANSE_OK},
                 {6, HANSE_OK},        {7, HANSE_MALFORMED}, {8, HANSE_MALFORMED}, {9, HANSE_OK},
                 {10, HANSE_OK},       {11, HANSE_MALFORMED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t key[HANSE_PUBLIC_KEY_BYTES] = {cases[i].y};
        assert_int_equal(hanse_public_key_check(key, NULL), cases[i].status);
        key[31] |= 0x80;
        assert_int_equal(hanse_public_key_check(key, NULL), cases[i].status);
    }
}

static void test_generated_keys_differ_and_sign(void **state)
{
    (void)state;
    uint8_t public_keys[8][HANSE_PUBLIC_KEY_BYTES];
    for (size_t i = 0; i < 8; i++) {
        struct hanse_signing_key *key;
        uint8_t signature[HANSE_SIGNATURE_BYTES];
        assert_int_equal(hanse_signing_key_generate(&key, NULL), HANSE_OK);
        hanse_signing_key_public(key, public_keys[i]);
        assert_int_equal(hanse_public_key_check(public_keys[i], NULL), HANSE_OK);
        assert_int_equal(hanse_signing_key_sign(key, hanse_bytes_of_text("text"), signature, NULL), HANSE_OK);
        for (size_t k = 0; k <= i; k++)
            assert_int_equal(
                hanse_public_key_verify(public_keys[k], hanse_bytes_of_text("text"), signature, NULL),
                k == i ? HANSE_OK : HANSE_BAD_SIGNATURE);
        hanse_signing_key_free(key);
    }
}

static void test_wipe(void **state)
{
    (void)state;
    uint8_t secret[16];
    uint8_t zeros[16] = {0};
    memset(secret, 's', sizeof secret);
    hanse_secret_wipe(secret, sizeof secret);
    assert_memory_equal(secret, zeros, sizeof zeros);
}

static enum hanse_status generate(void *context)
{
    (void)context;
    struct hanse_signing_key *key = NULL;
    enum hanse_status status = hanse_signing_key_generate(&key, NULL);
    hanse_signing_key_free(key);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_int_equal(anomaly_fail_each_allocation(generate, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc_8032_vectors),
        cmocka_unit_test(test_changed_bits_are_refused),
        cmocka_unit_test(test_second_spelling_of_a_signature),
        cmocka_unit_test(test_keys_that_anybody_can_use),
        cmocka_unit_test(test_keys_off_the_curve),
        cmocka_unit_test(test_generated_keys_differ_and_sign),
        cmocka_unit_test(test_wipe),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
