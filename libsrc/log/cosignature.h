/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamped signatures of witnesses and mirrors over a checkpoint (C2SP tlog-cosignature v1.0.1, Ed25519).
 */
#ifndef HANSE_LOG_COSIGNATURE_H
#define HANSE_LOG_COSIGNATURE_H

#include "log/verifier_key.h"

/* Appends the signature line of a signer of type COSIGNATURE over the text of a note (with its last LF).
 * HANSE_INVALID_ARGUMENT: a signer of another type, or a time of 2^63 or later; HANSE_LIMIT, HANSE_NO_MEMORY,
 * HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_cosignature_sign(const struct hanse_signer *signer,
                                                          struct hanse_bytes text, uint64_t unix_s,
                                                          struct hanse_buffer *out, struct hanse_error *err);
/* Verifies `u64 time || Ed25519 signature` and gives the time. HANSE_BAD_SIGNATURE: wrong, of another length,
 * or with a time of 2^63 or later; HANSE_INVALID_ARGUMENT: a key of another type; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_cosignature_verify(const struct hanse_verifier_key *key,
                                                            struct hanse_bytes text,
                                                            struct hanse_bytes signature,
                                                            uint64_t *out_unix_s, struct hanse_error *err);

#endif
