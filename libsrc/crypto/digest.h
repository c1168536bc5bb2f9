/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256. A hasher is made once and reused: only making it can fail, so that hot loops have nothing to
 * check. One hasher serves one thread at a time. */
#ifndef HANSE_CRYPTO_DIGEST_H
#define HANSE_CRYPTO_DIGEST_H

#include <stdbool.h>

#include <hanse/status.h>

#define HANSE_DIGEST_BYTES 32

struct hanse_digest {
    uint8_t bytes[HANSE_DIGEST_BYTES];
};

struct hanse_bytes hanse_digest_view(const struct hanse_digest *digest);
bool hanse_digest_equal(const struct hanse_digest *a, const struct hanse_digest *b);
/* From a view of exactly 32 bytes; false otherwise. */
bool hanse_digest_from_bytes(struct hanse_bytes bytes, struct hanse_digest *out);
/* For a single digest, without a hasher at hand. HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_digest_compute(struct hanse_bytes bytes, struct hanse_digest *out,
                                                        struct hanse_error *err);

struct hanse_hasher;

/* HANSE_NO_MEMORY; HANSE_CRYPTO: the cryptographic library has no SHA-256. */
HANSE_MUST_CHECK enum hanse_status hanse_hasher_new(struct hanse_hasher **out, struct hanse_error *err);
void hanse_hasher_free(struct hanse_hasher *hasher);

/* A digest in pieces: begin, any number of adds, finish. A second begin forgets what was added. */
void hanse_hasher_begin(struct hanse_hasher *hasher);
void hanse_hasher_add(struct hanse_hasher *hasher, struct hanse_bytes bytes);
void hanse_hasher_finish(struct hanse_hasher *hasher, struct hanse_digest *out);
/* All of it at once; these begin anew too. */
void hanse_hasher_digest(struct hanse_hasher *hasher, struct hanse_bytes bytes, struct hanse_digest *out);
/* SHA-256(prefix || a || b); `out` may be where a or b lies. */
void hanse_hasher_digest_prefixed(struct hanse_hasher *hasher, uint8_t prefix, struct hanse_bytes a,
                                  struct hanse_bytes b, struct hanse_digest *out);

#endif
