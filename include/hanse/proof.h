/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs in one file: a record that the feed's key signed, or a fork of a feed. Checked with a key alone,
 * without a node or a network (docs/protocol.md, "Record proofs" and "Evidence of a fork"). */
#ifndef HANSE_PROOF_H
#define HANSE_PROOF_H

#include <hanse/query.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No proof file is longer. */
#define HANSE_PROOF_BYTES (2u << 20)

/* Two trees that one key signed and that differ in their first `size` entries. */
struct hanse_proven_fork {
    uint64_t size;
    uint8_t root[32];       /* of the first `size` entries, as one checkpoint says */
    uint8_t other_root[32]; /* of as many entries, as the other one says */
    uint64_t larger_size;   /* of the tree that has `other_root` as its beginning */
};

/* What a proof shows. Texts live until the visitor returns; NULL: none. */
struct hanse_proof_facts {
    const char *feed; /* origin */
    const char
        *key;      /* verifier key that signed: the one given, or what the key changes in the file lead to */
    uint64_t size; /* of the signed checkpoint, the larger one of a fork */
    uint8_t root[32]; /* of that tree */
    /* The record; NULL: it is evidence of a fork. `own` is false, `revision` is what the maker of the file
     * counted (the only part that is not proven), `payload_state` is "present", "absent" (the file is without
     * the content) or "none" (a withdrawal has none); hanse_proof_make says why it is absent: "erased",
     * "withheld" or "missing". */
    const struct hanse_item *item;
    const char *reason; /* of a withdrawal, as a word */
    uint8_t commitment[32];
    const struct hanse_proven_fork *fork; /* NULL: it is a record */
};
typedef void hanse_proof_visit(void *context, const struct hanse_proof_facts *facts);

/* The proof of the current revision of a record by its name (as hanse_query_show) under the newest checkpoint
 * that is held; *out is its text, the caller's: hanse_free. It was checked before it is given out, and
 * `visit` (NULL ok) told what it shows. HANSE_NOT_FOUND; HANSE_INVALID_ARGUMENT: not a name, an ambiguous
 * one, or a code of records of several feeds; HANSE_LIMIT: it would be longer than a proof may be;
 * HANSE_MISMATCH, HANSE_BAD_SIGNATURE, HANSE_TRUNCATED, HANSE_MALFORMED: what is stored is damaged; HANSE_IO,
 * HANSE_CRYPTO, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_proof_make(struct hanse_node *node, const char *name,
                                                              hanse_proof_visit *visit, void *context,
                                                              char **out, struct hanse_error *err);
/* Verifies the bytes of a proof file with a verifier key (`name+hex+base64`) of the feed. HANSE_OK: a record
 * is proven. HANSE_FORK: the evidence of a fork holds. Of both `visit` (NULL ok) is told.
 * HANSE_BAD_SIGNATURE: the key, or one that it led to, did not sign; HANSE_MISMATCH: something does not hash
 * to what was signed; HANSE_MALFORMED, HANSE_LIMIT: the bytes are no proof; HANSE_UNSUPPORTED: of a newer
 * version; HANSE_INVALID_ARGUMENT: the key is none of a feed; HANSE_CRYPTO, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_proof_check(struct hanse_bytes bytes,
                                                               const char *verifier_key,
                                                               hanse_proof_visit *visit, void *context,
                                                               struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
