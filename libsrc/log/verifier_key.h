/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of signed notes: the public half with its name and id, and the private half that signs under them
 * (C2SP signed-note v1.0.0; docs/protocol.md, "Signed notes"). */
#ifndef HANSE_LOG_VERIFIER_KEY_H
#define HANSE_LOG_VERIFIER_KEY_H

#include "base/buffer.h"
#include "base/limits.h"
#include "crypto/signing_key.h"

enum hanse_key_type { HANSE_KEY_ED25519 = 0x01, HANSE_KEY_COSIGNATURE = 0x04 };

#define HANSE_KEY_MATERIAL_BYTES 33

/* A plain value: it owns nothing and may be copied. */
struct hanse_verifier_key {
    char name[HANSE_MAX_ORIGIN_BYTES + 1]; /* ends with NUL */
    uint32_t id;
    uint8_t material[HANSE_KEY_MATERIAL_BYTES]; /* type, then the public key */
};

/* The rule for every key name: not empty, no white space of Unicode, no "+", no control byte, UTF-8.
 * HANSE_MALFORMED with the offset. */
HANSE_MUST_CHECK enum hanse_status hanse_key_name_check(struct hanse_bytes name, struct hanse_error *err);

/* From a name and `type || public key` as KEY entries hold it. HANSE_MALFORMED: the name, the length, or a
 * public key that hanse_public_key_check refuses; HANSE_LIMIT: a name over 127 bytes; HANSE_UNSUPPORTED:
 * another type; HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_verifier_key_init(struct hanse_bytes name,
                                                           struct hanse_bytes material,
                                                           struct hanse_verifier_key *out,
                                                           struct hanse_error *err);
/* From the text `name+hex8(id)+base64(type || public key)`. Errors as for init; HANSE_MALFORMED too where the
 * id is not that of name and key. */
HANSE_MUST_CHECK enum hanse_status
hanse_verifier_key_decode(struct hanse_bytes text, struct hanse_verifier_key *out, struct hanse_error *err);
/* Appends that text. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_verifier_key_encode(const struct hanse_verifier_key *key,
                                                             struct hanse_buffer *out,
                                                             struct hanse_error *err);

enum hanse_key_type hanse_verifier_key_type(const struct hanse_verifier_key *key);
/* The 32 bytes of the public key, inside `key`. */
const uint8_t *hanse_verifier_key_public(const struct hanse_verifier_key *key);

/* What signs under a name and type. The signing key is borrowed: it must outlive the signer. */
struct hanse_signer {
    struct hanse_verifier_key key;
    const struct hanse_signing_key *signing_key;
};

/* Errors as for hanse_verifier_key_init. */
HANSE_MUST_CHECK enum hanse_status hanse_signer_init(struct hanse_bytes name, enum hanse_key_type type,
                                                     const struct hanse_signing_key *signing_key,
                                                     struct hanse_signer *out, struct hanse_error *err);

#endif
