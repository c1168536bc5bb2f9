/* SPDX-License-Identifier: Apache-2.0 */
/* One revision of a record with its proof in one text, checked offline with the feed's key alone
 * (docs/protocol.md, "Record proofs"). No I/O. */
#ifndef HANSE_FEED_RECORD_PROOF_H
#define HANSE_FEED_RECORD_PROOF_H

#include "feed/entry.h"
#include "log/checkpoint.h"
#include "log/proof.h"

struct hanse_record_proof {
    uint64_t index;
    struct hanse_proof proof;
    struct hanse_bytes note;               /* the signed checkpoint */
    uint64_t revision;                     /* as who made the proof counted it: nothing proves it */
    struct hanse_bytes entry;              /* commitment || header */
    struct hanse_bytes payload;            /* as transmitted; empty: not in the file */
    const struct hanse_bytes *key_changes; /* hanse/key/1, 2 ... below the checkpoint's size */
    size_t key_change_count;
};

/* Appends the text. HANSE_LIMIT: over 2 MiB, or a part over its own limit; HANSE_INVALID_ARGUMENT: no
 * revision, or an entry below 32 bytes; HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_record_proof_encode(const struct hanse_record_proof *proof,
                                                             struct hanse_buffer *out,
                                                             struct hanse_error *err);
/* Strict. The note is a view into the text, the rest lies in the arena. Only the check bytes are verified.
 * HANSE_MALFORMED: not of this form, with the offset in the text where it is a line's; HANSE_MISMATCH: the
 * extra data does not hash to its check; HANSE_LIMIT, HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_record_proof_decode(struct hanse_bytes text,
                                                             struct hanse_arena *arena,
                                                             struct hanse_record_proof *out,
                                                             struct hanse_error *err);

/* What is proven. Views of the proof, of the arena. */
struct hanse_record_facts {
    struct hanse_checkpoint checkpoint;
    uint8_t key[33]; /* that had to sign the checkpoint */
    struct hanse_header header;
    struct hanse_bytes record; /* empty: not in the file, sealed, or the operation has none */
};
/* Verifies everything with a key of the feed; its name is the origin. HANSE_BAD_SIGNATURE: the key, or the
 * one that the key changes lead to, did not sign; HANSE_MISMATCH: entry or payload do not hash to what was
 * signed; HANSE_MALFORMED: a part breaks a rule, the entry is no revision of a record; HANSE_UNSUPPORTED: it
 * is of a newer version; HANSE_LIMIT, HANSE_NO_MEMORY, HANSE_CRYPTO. The message names the part. */
HANSE_MUST_CHECK enum hanse_status
hanse_record_proof_judge(const struct hanse_record_proof *proof, const struct hanse_verifier_key *key,
                         struct hanse_arena *arena, struct hanse_record_facts *out, struct hanse_error *err);

#endif
