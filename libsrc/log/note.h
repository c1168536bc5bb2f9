/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes (C2SP signed-note v1.0.0; docs/protocol.md, "Signed notes"). Nothing in a note may be believed
 * before it is verified. What is signed is kept as received: views into the caller's bytes. */
#ifndef HANSE_LOG_NOTE_H
#define HANSE_LOG_NOTE_H

#include <stdbool.h>

#include "log/verifier_key.h"

/* One signature line, not verified. */
struct hanse_note_line {
    struct hanse_bytes line;   /* with its LF */
    struct hanse_bytes name;   /* of the key that is said to have signed */
    struct hanse_bytes base64; /* key id and signature, well-formed */
    uint32_t key_id;
};

struct hanse_note {
    struct hanse_bytes whole;
    struct hanse_bytes text; /* with its last LF, without the empty line that ends it */
    struct hanse_note_line lines[HANSE_MAX_NOTE_SIGNATURES];
    size_t line_count;
};

/* Splits a note and checks its form, signatures not yet. The views live as long as `bytes`. HANSE_MALFORMED
 * with the offset: no UTF-8, a control byte, no empty line before the signatures, a broken signature line;
 * HANSE_LIMIT: over 64 KiB or 100 signatures; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_note_decode(struct hanse_bytes bytes, struct hanse_note *out,
                                                     struct hanse_error *err);

/* A known key and, after verification, what the note says of it. */
struct hanse_note_check {
    const struct hanse_verifier_key *key;
    bool required;            /* refuse the note unless this key signed it */
    bool verified;            /* out: this key signed the text */
    uint64_t cosigned_unix_s; /* out: type COSIGNATURE only, its time */
};

/* Verifies against all known keys together; the checks are filled on success only. Signatures of unknown keys
 * (by name and id) are ignored. HANSE_BAD_SIGNATURE with the offset of the line: a known key's signature is
 * wrong, or no known key signed, or a required one did not; HANSE_MALFORMED: a known key has two lines;
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_note_verify(const struct hanse_note *note,
                                                     struct hanse_note_check *checks, size_t count,
                                                     struct hanse_error *err);

/* Appends a note over `text` with one line for each signer, all of type ED25519. HANSE_MALFORMED with the
 * offset: the text does not end with LF, is no UTF-8 or has a control byte; HANSE_INVALID_ARGUMENT: no
 * signer, or one of another type; HANSE_LIMIT, HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_note_sign(struct hanse_bytes text,
                                                   const struct hanse_signer *signers, size_t count,
                                                   struct hanse_buffer *out, struct hanse_error *err);

/* Appends one signature line of a key. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_note_line_encode(const struct hanse_verifier_key *key,
                                                          struct hanse_bytes signature,
                                                          struct hanse_buffer *out, struct hanse_error *err);

/* Appends the note with more signature lines (such as a witness answers), each of which takes the place of
 * the lines with its name and id. Nothing is verified here. `out` must not hold the note. HANSE_MALFORMED
 * with the offset in `lines`, HANSE_LIMIT: over 100 lines or 64 KiB then; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_note_add_lines(const struct hanse_note *note,
                                                        struct hanse_bytes lines, struct hanse_buffer *out,
                                                        struct hanse_error *err);

#endif
