/* SPDX-License-Identifier: Apache-2.0 */
/* Origins, key names, and verifier keys in text form. */
#include "anomaly.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "log/origin.h"
#include "log/verifier_key.h"

#define KNOWN "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

static void test_origins(void **state)
{
    (void)state;
    static const char *const good[] = {"kitakyushu.example/hanse", "a/b",
                                       "xn--mnchen-3ya.example:8443/a/b~_.-", "a.b/...", "1-2/.a"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(hanse_origin_check(hanse_bytes_of_text(good[i]), NULL), HANSE_OK);
    static const struct {
        const char *text;
        uint64_t offset;
    } bad[] = {{"", 0},           {"/a", 0},     {"a", 1},      {"a/", 2},     {"a//b", 2},
               {"a/b/", 4},       {"A/b", 0},    {"a/B", 2},    {"a:/b", 2},   {"a:80", 4},
               {"a:8x/b", 3},     {"a/.", 2},    {"a/../b", 2}, {"a/b/..", 4}, {"a b/c", 1},
               {"a/b c", 3},      {"a/b\n", 3},  {"a/b+c", 3},  {"a_b/c", 1},  {"https://a/b", 6},
               {"\xc3\xbc/b", 0}, {"a/b%20", 3}, {"a/b?c", 3}};
    struct hanse_error err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_failure(hanse_origin_check(hanse_bytes_of_text(bad[i].text), &err), err, HANSE_MALFORMED,
                       bad[i].offset);
    char longest[129];
    memset(longest, 'a', sizeof longest);
    longest[1] = '/';
    assert_int_equal(hanse_origin_check(hanse_bytes_of(longest, 127), NULL), HANSE_OK);
    assert_failure(hanse_origin_check(hanse_bytes_of(longest, 128), &err), err, HANSE_LIMIT, 127);
    assert_int_equal(hanse_origin_check(hanse_bytes_of("a/b\0c", 5), NULL), HANSE_MALFORMED);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a", "example.com/foo", "sera", "\xe5\x8c\x97\xe4\xb9\x9d", "\xe2\x80\x94", "\xc2\x86"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(hanse_key_name_check(hanse_bytes_of_text(good[i]), NULL), HANSE_OK);
    static const char *const bad[] = {"a b",           "a+b",           "a\tb",          "a\nb",
                                      "a\xc2\xa0z",    "a\xc2\x85z",    "a\xe3\x80\x80", "a\xe2\x80\xa8",
                                      "a\xe1\x9a\x80", "a\xe2\x80\x83", "a\xff"};
    struct hanse_error err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_failure(hanse_key_name_check(hanse_bytes_of_text(bad[i]), &err), err, HANSE_MALFORMED, 1);
    assert_failure(hanse_key_name_check(hanse_bytes_of(NULL, 0), &err), err, HANSE_MALFORMED, 0);
}

static void test_known_key(void **state)
{
    (void)state;
    struct hanse_verifier_key key;
    assert_int_equal(hanse_verifier_key_decode(hanse_bytes_of_text(KNOWN), &key, NULL), HANSE_OK);
    assert_string_equal(key.name, "example.com/foo");
    assert_int_equal(key.id, 0x530d903a);
    assert_int_equal(hanse_verifier_key_type(&key), HANSE_KEY_ED25519);
    assert_int_equal(hanse_verifier_key_public(&key)[0], 0xe9);
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, strlen(KNOWN));
    assert_int_equal(hanse_verifier_key_encode(&key, &text, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&text), KNOWN));
    HANSE_SCOPED_BUFFER struct hanse_buffer small;
    hanse_buffer_init(&small, strlen(KNOWN) - 1);
    assert_int_equal(hanse_verifier_key_encode(&key, &small, NULL), HANSE_LIMIT);
    assert_int_equal(small.size, 0);
}

static void test_refused_texts(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+0530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAAAA",
        "example.com foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+",
        "example.com/foo+530d903a+AQ==",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hanse_verifier_key key = {.id = 5};
        struct hanse_error err;
        assert_int_equal(hanse_verifier_key_decode(hanse_bytes_of_text(bad[i]), &key, &err), HANSE_MALFORMED);
        assert_int_equal(key.id, 5);
    }
}

/* The base64 part may have plus signs: only the first two split. */
static void test_plus_in_base64(void **state)
{
    (void)state;
    struct hanse_signing_key *signing_key;
    struct hanse_signer signer;
    bool seen = false;
    for (uint8_t i = 0; i < 200 && !seen; i++) {
        uint8_t seed[HANSE_SEED_BYTES] = {i};
        HANSE_SCOPED_BUFFER struct hanse_buffer text;
        hanse_buffer_init(&text, 300);
        assert_int_equal(hanse_signing_key_from_seed(seed, &signing_key, NULL), HANSE_OK);
        assert_int_equal(
            hanse_signer_init(hanse_bytes_of_text("a/b"), HANSE_KEY_COSIGNATURE, signing_key, &signer, NULL),
            HANSE_OK);
        assert_int_equal(hanse_verifier_key_encode(&signer.key, &text, NULL), HANSE_OK);
        struct hanse_bytes view = hanse_buffer_view(&text);
        seen = hanse_bytes_find(view, 13, '+') < view.size;
        struct hanse_verifier_key key;
        assert_int_equal(hanse_verifier_key_decode(view, &key, NULL), HANSE_OK);
        assert_memory_equal(&key, &signer.key, sizeof key);
        hanse_signing_key_free(signing_key);
    }
    assert_true(seen);
}

static void test_refused_material(void **state)
{
    (void)state;
    struct hanse_bytes name = hanse_bytes_of_text("a/b");
    struct hanse_verifier_key key = {.id = 5};
    struct hanse_error err;
    uint8_t material[34] = {1, 3};
    assert_int_equal(hanse_verifier_key_init(name, hanse_bytes_of(material, 33), &key, NULL), HANSE_OK);
    key.id = 5;
    assert_int_equal(hanse_verifier_key_init(name, hanse_bytes_of(material, 32), &key, &err),
                     HANSE_MALFORMED);
    assert_int_equal(hanse_verifier_key_init(name, hanse_bytes_of(material, 34), &key, &err),
                     HANSE_MALFORMED);
    assert_int_equal(hanse_verifier_key_init(name, hanse_bytes_of(NULL, 0), &key, &err), HANSE_MALFORMED);
    material[0] = 2;
    assert_int_equal(hanse_verifier_key_init(name, hanse_bytes_of(material, 33), &key, &err),
                     HANSE_UNSUPPORTED);
    material[0] = HANSE_KEY_COSIGNATURE;
    material[1] = 1;
    assert_int_equal(hanse_verifier_key_init(name, hanse_bytes_of(material, 33), &key, &err),
                     HANSE_MALFORMED);
    char longest[128];
    memset(longest, 'n', sizeof longest);
    material[1] = 3;
    assert_failure(
        hanse_verifier_key_init(hanse_bytes_of(longest, 128), hanse_bytes_of(material, 33), &key, &err), err,
        HANSE_LIMIT, 127);
    assert_int_equal(key.id, 5);
    assert_int_equal(
        hanse_verifier_key_init(hanse_bytes_of(longest, 127), hanse_bytes_of(material, 33), &key, NULL),
        HANSE_OK);
    assert_int_equal(strlen(key.name), 127);
}

static enum hanse_status decode_and_encode(void *context)
{
    (void)context;
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, 300);
    struct hanse_verifier_key key;
    enum hanse_status status = hanse_verifier_key_decode(hanse_bytes_of_text(KNOWN), &key, NULL);
    return status == HANSE_OK ? hanse_verifier_key_encode(&key, &text, NULL) : status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(decode_and_encode, NULL) >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_known_key),
        cmocka_unit_test(test_refused_texts),
        cmocka_unit_test(test_plus_in_base64),
        cmocka_unit_test(test_refused_material),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
