/* SPDX-License-Identifier: Apache-2.0 */
/* TLS certificates: a self-signed one for a server without an authority, and the pin that its clients hold.
 */
#ifndef HANSE_CRYPTO_CERTIFICATE_H
#define HANSE_CRYPTO_CERTIFICATE_H

#include <stdbool.h>

#include "base/buffer.h"

/* "sha256//", 44 base64 characters and a NUL. */
#define HANSE_PIN_BYTES 53
#define HANSE_CERTIFICATE_VALID_S (3652ull * 86400) /* ten years */

struct hanse_certificate_options {
    const char *const *names; /* DNS names and IP addresses; at least one, the first is the common name */
    size_t name_count;
    uint64_t valid_from_unix_s;
    uint64_t valid_until_unix_s;
};

/* A new P-256 key and its self-signed certificate, appended as PEM; the caller wipes the key's buffer.
 * HANSE_INVALID_ARGUMENT: no name, a name with characters that no host has, or an empty period;
 * HANSE_CRYPTO, HANSE_NO_MEMORY, HANSE_LIMIT (a buffer is too small). */
HANSE_MUST_CHECK enum hanse_status hanse_certificate_make(const struct hanse_certificate_options *options,
                                                          struct hanse_buffer *certificate_pem,
                                                          struct hanse_buffer *key_pem,
                                                          struct hanse_error *err);
/* Of the first certificate in `pem`: "sha256//" and the base64 SHA-256 of its SubjectPublicKeyInfo.
 * HANSE_MALFORMED: there is no certificate; HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_certificate_pin(struct hanse_bytes pem, char out[HANSE_PIN_BYTES],
                                                         struct hanse_error *err);
/* When the first certificate in `pem` begins and ends; a time before 1970 is given as 0. HANSE_MALFORMED,
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_certificate_period(struct hanse_bytes pem, uint64_t *out_from_unix_s,
                                                            uint64_t *out_until_unix_s,
                                                            struct hanse_error *err);
/* Whether it is for that host name or IP address. HANSE_MALFORMED, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_certificate_is_for(struct hanse_bytes pem, const char *host,
                                                            bool *out, struct hanse_error *err);
/* HANSE_MALFORMED: no certificate, no private key (one under a passphrase is none), or the key of another
 * certificate; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_certificate_match(struct hanse_bytes certificate_pem,
                                                           struct hanse_bytes key_pem,
                                                           struct hanse_error *err);

#endif
