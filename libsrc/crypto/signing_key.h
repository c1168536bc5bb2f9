/* SPDX-License-Identifier: Apache-2.0 */
/* An Ed25519 private key (RFC 8032). Its memory is wiped when it is freed. */
#ifndef HANSE_CRYPTO_SIGNING_KEY_H
#define HANSE_CRYPTO_SIGNING_KEY_H

#include "crypto/public_key.h"

#define HANSE_SEED_BYTES 32

struct hanse_signing_key;

/* A new random key. HANSE_CRYPTO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_signing_key_generate(struct hanse_signing_key **out,
                                                              struct hanse_error *err);
/* The key of a seed (the 32 private bytes of RFC 8032). HANSE_CRYPTO, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_signing_key_from_seed(const uint8_t seed[HANSE_SEED_BYTES],
                                                               struct hanse_signing_key **out,
                                                               struct hanse_error *err);
/* NULL does nothing. */
void hanse_signing_key_free(struct hanse_signing_key *key);

/* The seed, for storing the key; the caller wipes its copy with hanse_secret_wipe. */
void hanse_signing_key_seed(const struct hanse_signing_key *key, uint8_t out[HANSE_SEED_BYTES]);
void hanse_signing_key_public(const struct hanse_signing_key *key, uint8_t out[HANSE_PUBLIC_KEY_BYTES]);
/* HANSE_CRYPTO, HANSE_NO_MEMORY. A key may sign in several threads at once. */
HANSE_MUST_CHECK enum hanse_status hanse_signing_key_sign(const struct hanse_signing_key *key,
                                                          struct hanse_bytes message,
                                                          uint8_t out[HANSE_SIGNATURE_BYTES],
                                                          struct hanse_error *err);
/* Overwrites a secret in a way that the compiler keeps. */
void hanse_secret_wipe(void *memory, size_t size);

#endif
