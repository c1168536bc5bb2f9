/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 private keys over OpenSSL. */
#include "crypto/signing_key.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/alloc.h"
#include "base/error.h"
#include "crypto/random.h"

struct hanse_signing_key {
    EVP_PKEY *opened;
    uint8_t seed[HANSE_SEED_BYTES];
    uint8_t public_key[HANSE_PUBLIC_KEY_BYTES];
};

static enum hanse_status fail_openssl(struct hanse_error *err, const char *what)
{
    unsigned long code = ERR_get_error();
    ERR_clear_error();
    if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
        return hanse_fail_memory(err);
    return hanse_fail_library(err, HANSE_CRYPTO, (int)code, "%s failed in OpenSSL", what);
}

void hanse_secret_wipe(void *memory, size_t size)
{
    OPENSSL_cleanse(memory, size);
}

enum hanse_status hanse_signing_key_generate(struct hanse_signing_key **out, struct hanse_error *err)
{
    uint8_t seed[HANSE_SEED_BYTES];
    enum hanse_status status = hanse_random_fill(seed, sizeof seed, err);
    if (status == HANSE_OK)
        status = hanse_signing_key_from_seed(seed, out, err);
    hanse_secret_wipe(seed, sizeof seed);
    return status;
}

enum hanse_status hanse_signing_key_from_seed(const uint8_t seed[HANSE_SEED_BYTES],
                                              struct hanse_signing_key **out, struct hanse_error *err)
{
    struct hanse_signing_key *key = hanse_alloc(sizeof *key);
    if (key == NULL)
        return hanse_fail_memory(err);
    size_t public_size = sizeof key->public_key;
    memcpy(key->seed, seed, sizeof key->seed);
    key->opened = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, HANSE_SEED_BYTES);
    if (key->opened == NULL || EVP_PKEY_get_raw_public_key(key->opened, key->public_key, &public_size) != 1) {
        hanse_signing_key_free(key);
        return fail_openssl(err, "opening a private key");
    }
    *out = key;
    return HANSE_OK;
}

void hanse_signing_key_free(struct hanse_signing_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->opened);
    hanse_secret_wipe(key, sizeof *key);
    hanse_free(key);
}

void hanse_signing_key_seed(const struct hanse_signing_key *key, uint8_t out[HANSE_SEED_BYTES])
{
    memcpy(out, key->seed, sizeof key->seed);
}

void hanse_signing_key_public(const struct hanse_signing_key *key, uint8_t out[HANSE_PUBLIC_KEY_BYTES])
{
    memcpy(out, key->public_key, sizeof key->public_key);
}

enum hanse_status hanse_signing_key_sign(const struct hanse_signing_key *key, struct hanse_bytes message,
                                         uint8_t out[HANSE_SIGNATURE_BYTES], struct hanse_error *err)
{
    uint8_t signature[HANSE_SIGNATURE_BYTES];
    size_t size = sizeof signature;
    const uint8_t *data = message.size > 0 ? message.data : (const uint8_t *)"";
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int ok = context != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key->opened) == 1 &&
             EVP_DigestSign(context, signature, &size, data, message.size) == 1;
    EVP_MD_CTX_free(context);
    if (!ok || size != sizeof signature)
        return fail_openssl(err, "signing");
    memcpy(out, signature, sizeof signature);
    return HANSE_OK;
}
