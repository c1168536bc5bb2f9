/* SPDX-License-Identifier: Apache-2.0 */
/* Self-signed certificates and pins, checked against OpenSSL's own reading of them. */
#include "tls_fixture.h"

#include <openssl/x509v3.h>

#include "base/text.h"

static X509 *read_certificate(const struct tls_identity *identity)
{
    BIO *bio = BIO_new_mem_buf(identity->certificate_pem.data, (int)identity->certificate_pem.size);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    assert_non_null(certificate);
    return certificate;
}

static void names_and_times_are_in_it(void **state)
{
    (void)state;
    static const char *const names[] = {"city.example", "*.city.example", "192.0.2.7", "2001:db8::7"};
    struct hanse_certificate_options options = {
        .names = names, .name_count = 4, .valid_from_unix_s = 1577836800, .valid_until_unix_s = 4102444800};
    struct tls_identity identity;
    hanse_buffer_init(&identity.certificate_pem, 16384);
    hanse_buffer_init(&identity.key_pem, 16384);
    assert_int_equal(hanse_certificate_make(&options, &identity.certificate_pem, &identity.key_pem, NULL),
                     HANSE_OK);
    X509 *certificate = read_certificate(&identity);
    assert_int_equal(X509_check_host(certificate, "city.example", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(certificate, "a.city.example", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(certificate, "other.example", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ip_asc(certificate, "192.0.2.7", 0), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "2001:db8::7", 0), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "192.0.2.8", 0), 0);
    time_t from = 1577836800;
    time_t until = 4102444800;
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate), from), 0);
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), until), 0);
    assert_int_equal(X509_verify(certificate, X509_get0_pubkey(certificate)), 1);
    X509_free(certificate);
    uint64_t told_from = 0;
    uint64_t told_until = 0;
    bool is_for = false;
    struct hanse_bytes pem = hanse_buffer_view(&identity.certificate_pem);
    assert_int_equal(hanse_certificate_period(pem, &told_from, &told_until, NULL), HANSE_OK);
    assert_int_equal(told_from, from);
    assert_int_equal(told_until, until);
    static const char *const hosts[] = {"city.example", "a.city.example", "192.0.2.7", "2001:db8::7"};
    static const char *const others[] = {"other.example", "a.b.city.example", "192.0.2.8", "2001:db8::8", ""};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        assert_int_equal(hanse_certificate_is_for(pem, hosts[i], &is_for, NULL), HANSE_OK);
        assert_true(is_for);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(hanse_certificate_is_for(pem, others[i], &is_for, NULL), HANSE_OK);
        assert_false(is_for);
    }
    tls_identity_release(&identity);
}

static void what_is_no_certificate_has_no_facts(void **state)
{
    (void)state;
    struct hanse_error err;
    uint64_t from = 7;
    uint64_t until = 7;
    bool is_for = true;
    struct hanse_bytes rubbish = hanse_bytes_of_text("-----BEGIN CERTIFICATE-----\nAAAA\n");
    assert_int_equal(hanse_certificate_period(rubbish, &from, &until, &err), HANSE_MALFORMED);
    assert_int_equal(hanse_certificate_is_for(rubbish, "city.example", &is_for, &err), HANSE_MALFORMED);
    assert_int_equal(from, 7);
    assert_int_equal(until, 7);
    assert_true(is_for);
}

static void pins_are_of_the_public_key(void **state)
{
    (void)state;
    struct tls_identity identity;
    tls_identity_make_valid(&identity, "city.example");
    X509 *certificate = read_certificate(&identity);
    unsigned char *encoded = NULL;
    int size = i2d_PUBKEY(X509_get0_pubkey(certificate), &encoded);
    unsigned char digest[32];
    assert_int_equal(EVP_Digest(encoded, (size_t)size, digest, NULL, EVP_sha256(), NULL), 1);
    struct hanse_buffer decoded;
    hanse_buffer_init(&decoded, 64);
    assert_memory_equal(identity.pin, "sha256//", 8);
    assert_int_equal(hanse_base64_decode(hanse_bytes_of_text(identity.pin + 8), &decoded, NULL), HANSE_OK);
    assert_int_equal(decoded.size, 32);
    assert_memory_equal(decoded.data, digest, 32);
    hanse_buffer_release(&decoded);
    OPENSSL_free(encoded);
    X509_free(certificate);
    tls_identity_release(&identity);
}

static void keys_match_their_certificate_only(void **state)
{
    (void)state;
    struct hanse_error err;
    struct tls_identity a;
    struct tls_identity b;
    tls_identity_make_valid(&a, "a.example");
    tls_identity_make_valid(&b, "b.example");
    struct hanse_bytes certificate = hanse_buffer_view(&a.certificate_pem);
    assert_string_not_equal(a.pin, b.pin);
    assert_int_equal(hanse_certificate_match(certificate, hanse_buffer_view(&a.key_pem), NULL), HANSE_OK);
    assert_failure(hanse_certificate_match(certificate, hanse_buffer_view(&b.key_pem), &err), err,
                   HANSE_MALFORMED, HANSE_NO_OFFSET);
    assert_failure(hanse_certificate_match(certificate, certificate, &err), err, HANSE_MALFORMED,
                   HANSE_NO_OFFSET);
    assert_failure(hanse_certificate_match(certificate, hanse_bytes_of(NULL, 0), &err), err, HANSE_MALFORMED,
                   HANSE_NO_OFFSET);
    static const char locked[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqG\n"
                                 "-----END ENCRYPTED PRIVATE KEY-----\n";
    assert_failure(hanse_certificate_match(certificate, hanse_bytes_of_text(locked), &err), err,
                   HANSE_MALFORMED, HANSE_NO_OFFSET);
    tls_identity_release(&a);
    tls_identity_release(&b);
}

static void broken_certificates_are_refused(void **state)
{
    (void)state;
    struct hanse_error err;
    struct tls_identity identity;
    char pin[HANSE_PIN_BYTES] = "untouched";
    tls_identity_make_valid(&identity, "city.example");
    struct hanse_bytes pem = hanse_buffer_view(&identity.certificate_pem);
    for (size_t size = 0; size + 30 < pem.size; size += 7)
        assert_failure(hanse_certificate_pin(hanse_bytes_slice(pem, 0, size), pin, &err), err,
                       HANSE_MALFORMED, HANSE_NO_OFFSET);
    identity.certificate_pem.data[pem.size / 2] = '!';
    assert_failure(hanse_certificate_pin(pem, pin, &err), err, HANSE_MALFORMED, HANSE_NO_OFFSET);
    assert_string_equal(pin, "untouched");
    tls_identity_release(&identity);
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    struct hanse_error err;
    static const char *const bad[] = {"",           "a b", "a/b", "city.example\n", "caf\xc3\xa9.example",
                                      "300.1.1.1,x"};
    struct hanse_buffer certificate;
    struct hanse_buffer key;
    hanse_buffer_init(&certificate, 16384);
    hanse_buffer_init(&key, 16384);
    struct hanse_certificate_options options = {.name_count = 1, .valid_until_unix_s = 1};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.names = &bad[i];
        assert_failure(hanse_certificate_make(&options, &certificate, &key, &err), err,
                       HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    }
    static const char *const good[] = {"city.example"};
    options.names = good;
    options.valid_until_unix_s = 0;
    assert_failure(hanse_certificate_make(&options, &certificate, &key, &err), err, HANSE_INVALID_ARGUMENT,
                   HANSE_NO_OFFSET);
    options.valid_until_unix_s = 1;
    options.name_count = 0;
    assert_failure(hanse_certificate_make(&options, &certificate, &key, &err), err, HANSE_INVALID_ARGUMENT,
                   HANSE_NO_OFFSET);
    options.name_count = 1;
    key.max_bytes = 10; /* the certificate must not stay behind without its key */
    assert_int_equal(hanse_certificate_make(&options, &certificate, &key, &err), HANSE_LIMIT);
    assert_int_equal(certificate.size, 0);
    assert_int_equal(key.size, 0);
    hanse_buffer_release(&certificate);
    hanse_buffer_release(&key);
}

static enum hanse_status make_and_pin(void *context)
{
    (void)context;
    static const char *const names[] = {"city.example"};
    struct hanse_certificate_options options = {.names = names, .name_count = 1, .valid_until_unix_s = 1};
    struct hanse_buffer certificate;
    struct hanse_buffer key;
    char pin[HANSE_PIN_BYTES];
    hanse_buffer_init(&certificate, 16384);
    hanse_buffer_init(&key, 16384);
    enum hanse_status status = hanse_certificate_make(&options, &certificate, &key, NULL);
    if (status == HANSE_OK)
        status = hanse_certificate_pin(hanse_buffer_view(&certificate), pin, NULL);
    hanse_buffer_release(&certificate);
    hanse_buffer_release(&key);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(make_and_pin, NULL) > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_times_are_in_it),
        cmocka_unit_test(what_is_no_certificate_has_no_facts),
        cmocka_unit_test(pins_are_of_the_public_key),
        cmocka_unit_test(keys_match_their_certificate_only),
        cmocka_unit_test(broken_certificates_are_refused),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
