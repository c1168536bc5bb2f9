/* SPDX-License-Identifier: Apache-2.0 */
/* X.509 by OpenSSL: only what a self-signed server certificate and its pin need. */
#include "crypto/certificate.h"

#include <arpa/inet.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

enum { SERIAL_BYTES = 16, MAX_HOST_BYTES = 253, SHA256_BYTES = 32, SECONDS_PER_DAY = 86400 };

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_certificate(X509 **certificate)
{
    X509_free(*certificate);
}

static void free_bio(BIO **bio)
{
    BIO_free_all(*bio);
}

static void free_names(GENERAL_NAMES **names)
{
    GENERAL_NAMES_free(*names);
}

#define SCOPED(release) __attribute__((cleanup(release)))

/* Takes the newest error off OpenSSL's queue, which is per thread, and leaves the queue empty. */
static enum hanse_status fail_crypto(struct hanse_error *err, const char *what)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return hanse_fail_library(err, HANSE_CRYPTO, (int)(code & 0x7fffffff), "cannot %s: %s", what,
                              reason != NULL ? reason : "no reason given");
}

static bool is_address(const char *name)
{
    unsigned char raw[16];
    return inet_pton(AF_INET, name, raw) == 1 || inet_pton(AF_INET6, name, raw) == 1;
}

static bool is_host(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size <= MAX_HOST_BYTES &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*") == size;
}

static enum hanse_status check_options(const struct hanse_certificate_options *options,
                                       struct hanse_error *err)
{
    if (options->name_count == 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "certificate needs a host name or address");
    for (size_t i = 0; i < options->name_count; i++)
        if (!is_address(options->names[i]) && !is_host(options->names[i]))
            return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                              "certificate for no host name or address: \"%.64s\"", options->names[i]);
    if (options->valid_until_unix_s <= options->valid_from_unix_s || options->valid_until_unix_s > INT64_MAX)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "certificate would end before it begins");
    return HANSE_OK;
}

static bool push_name(GENERAL_NAMES *names, const char *name)
{
    GENERAL_NAME *made = a2i_GENERAL_NAME(NULL, NULL, NULL, is_address(name) ? GEN_IPADD : GEN_DNS, name, 0);
    if (made != NULL && sk_GENERAL_NAME_push(names, made) > 0)
        return true;
    GENERAL_NAME_free(made);
    return false;
}

static bool add_names(X509 *certificate, const struct hanse_certificate_options *options)
{
    SCOPED(free_names) GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    bool good = names != NULL;
    for (size_t i = 0; good && i < options->name_count; i++)
        good = push_name(names, options->names[i]);
    return good && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
}

/* A certificate that is its own authority, so that a client may be given it as its CA file. */
static bool add_constraints(X509 *certificate)
{
    BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
    if (constraints == NULL)
        return false;
    constraints->ca = 0xff;
    int added = X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints, 1, X509V3_ADD_DEFAULT);
    BASIC_CONSTRAINTS_free(constraints);
    return added == 1;
}

static bool set_serial(X509 *certificate)
{
    unsigned char raw[SERIAL_BYTES];
    if (RAND_bytes(raw, sizeof raw) != 1)
        return false;
    raw[0] = (unsigned char)((raw[0] & 0x7f) | 0x40); /* positive and of fixed length */
    BIGNUM *number = BN_bin2bn(raw, sizeof raw, NULL);
    bool good = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return good;
}

/* The common name holds 64 characters at most; clients read the alternative names anyway. */
static bool set_subject(X509 *certificate, const char *name)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    size_t size = strlen(name) <= 64 ? strlen(name) : 64;
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, (int)size,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1;
}

static bool fill_certificate(X509 *certificate, EVP_PKEY *key,
                             const struct hanse_certificate_options *options)
{
    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)options->valid_from_unix_s) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)options->valid_until_unix_s) != NULL &&
           set_subject(certificate, options->names[0]) && X509_set_pubkey(certificate, key) == 1 &&
           add_names(certificate, options) && add_constraints(certificate) &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static enum hanse_status append_bio(BIO *bio, struct hanse_buffer *out, struct hanse_error *err)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    return hanse_buffer_append(out, hanse_bytes_of(data, size > 0 ? (size_t)size : 0), err);
}

static enum hanse_status append_both(X509 *certificate, EVP_PKEY *key, struct hanse_buffer *certificate_pem,
                                     struct hanse_buffer *key_pem, struct hanse_error *err)
{
    SCOPED(free_bio) BIO *certificate_bio = BIO_new(BIO_s_mem());
    SCOPED(free_bio) BIO *key_bio = BIO_new(BIO_s_secmem());
    if (certificate_bio == NULL || key_bio == NULL || PEM_write_bio_X509(certificate_bio, certificate) != 1 ||
        PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) != 1)
        return fail_crypto(err, "write a certificate");
    size_t before = certificate_pem->size;
    enum hanse_status status = append_bio(certificate_bio, certificate_pem, err);
    if (status != HANSE_OK)
        return status;
    status = append_bio(key_bio, key_pem, err);
    if (status != HANSE_OK)
        certificate_pem->size = before;
    return status;
}

enum hanse_status hanse_certificate_make(const struct hanse_certificate_options *options,
                                         struct hanse_buffer *certificate_pem, struct hanse_buffer *key_pem,
                                         struct hanse_error *err)
{
    enum hanse_status status = check_options(options, err);
    if (status != HANSE_OK)
        return status;
    SCOPED(free_key) EVP_PKEY *key = EVP_EC_gen("P-256");
    SCOPED(free_certificate) X509 *certificate = X509_new();
    if (key == NULL || certificate == NULL || !fill_certificate(certificate, key, options))
        return fail_crypto(err, "make a certificate");
    return append_both(certificate, key, certificate_pem, key_pem, err);
}

/* OpenSSL would ask on the terminal otherwise. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static enum hanse_status digest_public_key(X509 *certificate, unsigned char digest[SHA256_BYTES],
                                           struct hanse_error *err)
{
    unsigned char *encoded = NULL;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
    if (size <= 0)
        return fail_crypto(err, "encode the certificate's key");
    int made = EVP_Digest(encoded, (size_t)size, digest, NULL, EVP_sha256(), NULL);
    OPENSSL_free(encoded);
    return made == 1 ? HANSE_OK : fail_crypto(err, "hash the certificate's key");
}

/* What has no bytes, or too many for OpenSSL's int, is read as a blank. */
static BIO *open_pem(struct hanse_bytes pem)
{
    bool readable = pem.size > 0 && pem.size <= INT32_MAX;
    return readable ? BIO_new_mem_buf(pem.data, (int)pem.size) : BIO_new_mem_buf(" ", 1);
}

static enum hanse_status read_certificate(struct hanse_bytes pem, X509 **out, struct hanse_error *err)
{
    SCOPED(free_bio) BIO *bio = open_pem(pem);
    if (bio == NULL)
        return hanse_fail_memory(err);
    *out = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
    ERR_clear_error();
    return *out != NULL ? HANSE_OK
                        : hanse_fail(err, HANSE_MALFORMED, "certificate is no PEM \"CERTIFICATE\"");
}

enum hanse_status hanse_certificate_pin(struct hanse_bytes pem, char out[HANSE_PIN_BYTES],
                                        struct hanse_error *err)
{
    SCOPED(free_certificate) X509 *certificate = NULL;
    unsigned char digest[SHA256_BYTES];
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, HANSE_PIN_BYTES - 1);
    enum hanse_status status = read_certificate(pem, &certificate, err);
    if (status == HANSE_OK)
        status = digest_public_key(certificate, digest, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(&text, "sha256//", err);
    if (status == HANSE_OK)
        status = hanse_base64_encode(hanse_bytes_of(digest, sizeof digest), &text, err);
    if (status != HANSE_OK)
        return status;
    memcpy(out, text.data, HANSE_PIN_BYTES - 1);
    out[HANSE_PIN_BYTES - 1] = '\0';
    return HANSE_OK;
}

static bool unix_of(const ASN1_TIME *time, uint64_t *out_unix_s)
{
    int days = 0;
    int seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    bool good = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
    ASN1_TIME_free(epoch);
    int64_t unix_s = (int64_t)days * SECONDS_PER_DAY + seconds;
    if (good)
        *out_unix_s = unix_s > 0 ? (uint64_t)unix_s : 0;
    return good;
}

enum hanse_status hanse_certificate_period(struct hanse_bytes pem, uint64_t *out_from_unix_s,
                                           uint64_t *out_until_unix_s, struct hanse_error *err)
{
    SCOPED(free_certificate) X509 *certificate = NULL;
    uint64_t from_unix_s = 0;
    uint64_t until_unix_s = 0;
    enum hanse_status status = read_certificate(pem, &certificate, err);
    if (status != HANSE_OK)
        return status;
    bool good = unix_of(X509_get0_notBefore(certificate), &from_unix_s) &&
                unix_of(X509_get0_notAfter(certificate), &until_unix_s);
    ERR_clear_error();
    if (!good)
        return hanse_fail(err, HANSE_MALFORMED, "certificate has dates that cannot be read");
    *out_from_unix_s = from_unix_s;
    *out_until_unix_s = until_unix_s;
    return HANSE_OK;
}

enum hanse_status hanse_certificate_is_for(struct hanse_bytes pem, const char *host, bool *out,
                                           struct hanse_error *err)
{
    SCOPED(free_certificate) X509 *certificate = NULL;
    enum hanse_status status = read_certificate(pem, &certificate, err);
    if (status != HANSE_OK)
        return status;
    *out = is_address(host) ? X509_check_ip_asc(certificate, host, 0) == 1
                            : X509_check_host(certificate, host, 0, 0, NULL) == 1;
    ERR_clear_error();
    return HANSE_OK;
}

enum hanse_status hanse_certificate_match(struct hanse_bytes certificate_pem, struct hanse_bytes key_pem,
                                          struct hanse_error *err)
{
    SCOPED(free_certificate) X509 *certificate = NULL;
    enum hanse_status status = read_certificate(certificate_pem, &certificate, err);
    if (status != HANSE_OK)
        return status;
    SCOPED(free_bio)
    BIO *bio = open_pem(key_pem);
    if (bio == NULL)
        return hanse_fail_memory(err);
    SCOPED(free_key) EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    bool matches = key != NULL && X509_check_private_key(certificate, key) == 1;
    ERR_clear_error();
    if (key == NULL)
        return hanse_fail(err, HANSE_MALFORMED, "TLS key is no PEM private key without a passphrase");
    return matches ? HANSE_OK
                   : hanse_fail(err, HANSE_MALFORMED, "TLS key does not belong to the certificate");
}
