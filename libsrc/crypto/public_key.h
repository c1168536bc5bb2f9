/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 public keys and their signatures (RFC 8032). */
#ifndef HANSE_CRYPTO_PUBLIC_KEY_H
#define HANSE_CRYPTO_PUBLIC_KEY_H

#include <hanse/status.h>

#define HANSE_PUBLIC_KEY_BYTES 32
#define HANSE_SIGNATURE_BYTES 64

/* To be asked when a key is entered or received. HANSE_MALFORMED: the key is a point of small order in any of
 * its spellings (anybody can sign for those), its y is not below the field's prime, or it is no point of the
 * curve; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_public_key_check(const uint8_t key[HANSE_PUBLIC_KEY_BYTES],
                                                          struct hanse_error *err);
/* HANSE_BAD_SIGNATURE: the signature is not this key's over the message, or hanse_public_key_check refuses
 * the key; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_public_key_verify(const uint8_t key[HANSE_PUBLIC_KEY_BYTES],
                                                           struct hanse_bytes message,
                                                           const uint8_t signature[HANSE_SIGNATURE_BYTES],
                                                           struct hanse_error *err);

#endif
