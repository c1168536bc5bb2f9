/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 over OpenSSL: one context that keeps its algorithm, since fetching it costs more than a small
 * digest. */
#include "crypto/digest.h"

#include <assert.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

/* Inputs up to here are joined on the stack: one call into OpenSSL is cheaper than three. A tree node has 65.
 */
enum { JOINED_BYTES = 128 };

struct hanse_hasher {
    EVP_MD_CTX *context;
};

struct hanse_bytes hanse_digest_view(const struct hanse_digest *digest)
{
    return hanse_bytes_of(digest->bytes, sizeof digest->bytes);
}

bool hanse_digest_equal(const struct hanse_digest *a, const struct hanse_digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool hanse_digest_from_bytes(struct hanse_bytes bytes, struct hanse_digest *out)
{
    if (bytes.size != sizeof out->bytes)
        return false;
    memcpy(out->bytes, bytes.data, sizeof out->bytes);
    return true;
}

enum hanse_status hanse_digest_compute(struct hanse_bytes bytes, struct hanse_digest *out,
                                       struct hanse_error *err)
{
    struct hanse_hasher *hasher;
    enum hanse_status status = hanse_hasher_new(&hasher, err);
    if (status == HANSE_OK) {
        hanse_hasher_digest(hasher, bytes, out);
        hanse_hasher_free(hasher);
    }
    return status;
}

enum hanse_status hanse_hasher_new(struct hanse_hasher **out, struct hanse_error *err)
{
    struct hanse_hasher *hasher = hanse_alloc(sizeof *hasher);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_MD *algorithm = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    /* The first init allocates all that later ones use: that is why those cannot fail. */
    bool ready = context != NULL && algorithm != NULL && EVP_DigestInit_ex(context, algorithm, NULL) == 1;
    EVP_MD_free(algorithm);
    if (hasher != NULL && ready) {
        hasher->context = context;
        *out = hasher;
        return HANSE_OK;
    }
    EVP_MD_CTX_free(context);
    if (hasher == NULL)
        return hanse_fail_memory(err);
    hanse_free(hasher);
    return hanse_fail_library(err, HANSE_CRYPTO, (int)ERR_get_error(), "SHA-256 is not available");
}

void hanse_hasher_free(struct hanse_hasher *hasher)
{
    if (hasher != NULL)
        EVP_MD_CTX_free(hasher->context);
    hanse_free(hasher);
}

void hanse_hasher_begin(struct hanse_hasher *hasher)
{
    int ok = EVP_DigestInit_ex(hasher->context, NULL, NULL);
    assert(ok == 1);
    (void)ok;
}

void hanse_hasher_add(struct hanse_hasher *hasher, struct hanse_bytes bytes)
{
    int ok = EVP_DigestUpdate(hasher->context, bytes.data, bytes.size);
    assert(ok == 1);
    (void)ok;
}

void hanse_hasher_finish(struct hanse_hasher *hasher, struct hanse_digest *out)
{
    unsigned size = 0;
    int ok = EVP_DigestFinal_ex(hasher->context, out->bytes, &size);
    assert(ok == 1 && size == sizeof out->bytes);
    (void)ok;
}

void hanse_hasher_digest(struct hanse_hasher *hasher, struct hanse_bytes bytes, struct hanse_digest *out)
{
    hanse_hasher_begin(hasher);
    hanse_hasher_add(hasher, bytes);
    hanse_hasher_finish(hasher, out);
}

void hanse_hasher_digest_prefixed(struct hanse_hasher *hasher, uint8_t prefix, struct hanse_bytes a,
                                  struct hanse_bytes b, struct hanse_digest *out)
{
    hanse_hasher_begin(hasher);
    if (a.size < JOINED_BYTES && b.size < JOINED_BYTES - a.size) {
        uint8_t joined[1 + JOINED_BYTES] = {prefix};
        if (a.size > 0)
            memcpy(joined + 1, a.data, a.size);
        if (b.size > 0)
            memcpy(joined + 1 + a.size, b.data, b.size);
        hanse_hasher_add(hasher, hanse_bytes_of(joined, 1 + a.size + b.size));
    } else {
        hanse_hasher_add(hasher, hanse_bytes_of(&prefix, 1));
        hanse_hasher_add(hasher, a);
        hanse_hasher_add(hasher, b);
    }
    hanse_hasher_finish(hasher, out);
}
