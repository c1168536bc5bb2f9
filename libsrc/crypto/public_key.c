/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying Ed25519 with OpenSSL, and what it does not refuse by itself: keys for which anybody can sign. */
#include "crypto/public_key.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/error.h"

/* The y coordinates, little-endian, of the eight points whose order divides 8 (x and -x share one). */
static const uint8_t small_order_y[][HANSE_PUBLIC_KEY_BYTES] = {
    /* order 4 */
    {0},
    /* order 1, the identity */
    {1},
    /* order 2: p - 1 */
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    /* order 8 */
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

/* y >= p = 2^255 - 19, little-endian, sign bit cleared. */
static bool is_not_reduced(const uint8_t y[HANSE_PUBLIC_KEY_BYTES])
{
    if (y[31] != 0x7f || y[0] < 0xed)
        return false;
    for (size_t i = 1; i < 31; i++)
        if (y[i] != 0xff)
            return false;
    return true;
}

/* The spellings that must not be used, whatever the message: cheap, and asked at each verification too. */
static enum hanse_status check_spelling(const uint8_t key[HANSE_PUBLIC_KEY_BYTES], struct hanse_error *err)
{
    uint8_t y[HANSE_PUBLIC_KEY_BYTES];
    memcpy(y, key, sizeof y);
    y[31] &= 0x7f;
    if (is_not_reduced(y))
        return hanse_fail(err, HANSE_MALFORMED, "public key is not in canonical form");
    for (size_t i = 0; i < sizeof small_order_y / sizeof small_order_y[0]; i++)
        if (memcmp(y, small_order_y[i], sizeof y) == 0)
            return hanse_fail(err, HANSE_MALFORMED,
                              "public key is a point of small order, for which anybody can sign");
    return HANSE_OK;
}

/* 1 if y^2 - 1 over d y^2 + 1 is a square modulo p, which makes y the coordinate of a point, -1 if not, -2 if
 * OpenSSL failed. With d = -121665/121666 that quotient is a square where the product
 * (y^2 - 1) * 121666 * (121666 - 121665 y^2) is one. */
static int square_symbol(const uint8_t key[HANSE_PUBLIC_KEY_BYTES], BN_CTX *context)
{
    BN_CTX_start(context);
    BIGNUM *prime = BN_CTX_get(context);
    BIGNUM *square = BN_CTX_get(context);
    BIGNUM *product = BN_CTX_get(context);
    BIGNUM *other = BN_CTX_get(context);
    int symbol = -2;
    if (other != NULL && BN_one(prime) && BN_lshift(prime, prime, 255) && BN_sub_word(prime, 19) &&
        BN_lebin2bn(key, HANSE_PUBLIC_KEY_BYTES, square) != NULL &&
        (BN_num_bits(square) < 256 || BN_clear_bit(square, 255)) &&
        BN_mod_sqr(square, square, prime, context) && BN_copy(product, square) != NULL &&
        BN_sub_word(product, 1) && BN_mul_word(product, 121666) && BN_mul_word(square, 121665) &&
        BN_set_word(other, 121666) && BN_sub(other, other, square) &&
        BN_mod_mul(product, product, other, prime, context))
        symbol = BN_kronecker(product, prime, context);
    BN_CTX_end(context);
    return symbol;
}

enum hanse_status hanse_public_key_check(const uint8_t key[HANSE_PUBLIC_KEY_BYTES], struct hanse_error *err)
{
    enum hanse_status status = check_spelling(key, err);
    if (status != HANSE_OK)
        return status;
    BN_CTX *context = BN_CTX_new();
    int symbol = context != NULL ? square_symbol(key, context) : -2;
    BN_CTX_free(context);
    if (symbol == -2)
        return hanse_fail_memory(err);
    return symbol == 1 ? HANSE_OK : hanse_fail(err, HANSE_MALFORMED, "public key is no point of the curve");
}

enum hanse_status hanse_public_key_verify(const uint8_t key[HANSE_PUBLIC_KEY_BYTES],
                                          struct hanse_bytes message,
                                          const uint8_t signature[HANSE_SIGNATURE_BYTES],
                                          struct hanse_error *err)
{
    if (check_spelling(key, err) != HANSE_OK)
        return hanse_fail(err, HANSE_BAD_SIGNATURE, "signature is under a public key that must not be used");
    EVP_PKEY *opened = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, HANSE_PUBLIC_KEY_BYTES);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const uint8_t *data = message.size > 0 ? message.data : (const uint8_t *)"";
    bool ready =
        opened != NULL && context != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, opened) == 1;
    bool verified =
        ready && EVP_DigestVerify(context, signature, HANSE_SIGNATURE_BYTES, data, message.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(opened);
    if (verified)
        return HANSE_OK;
    ERR_clear_error();
    if (!ready)
        return hanse_fail_memory(err);
    return hanse_fail(err, HANSE_BAD_SIGNATURE, "signature does not belong to this key and text");
}
