/* SPDX-License-Identifier: Apache-2.0 */
/* The proof that a key signed two trees that contradict each other (docs/protocol.md, "Evidence of a fork"):
 * anybody who has the key can judge it, offline. */
#ifndef HANSE_LOG_FORK_EVIDENCE_H
#define HANSE_LOG_FORK_EVIDENCE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "log/proof.h"
#include "log/verifier_key.h"

struct hanse_fork_evidence {
    struct hanse_bytes smaller; /* signed checkpoints; of the same size where one is not smaller */
    struct hanse_bytes larger;
    struct hanse_digest root;              /* at the smaller size, of the tree of the larger checkpoint */
    struct hanse_proof proof;              /* of consistency between that root and the larger checkpoint's */
    const struct hanse_bytes *key_changes; /* hanse/key/1, 2 ... up to the key that signed both */
    size_t key_change_count;
};

/* Appends the text. Nothing is judged. HANSE_LIMIT: a note over 64 KiB, more than 63 hashes or
 * 1,024 key changes, over 2 MiB in all; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_fork_evidence_encode(const struct hanse_fork_evidence *evidence,
                                                              struct hanse_buffer *out,
                                                              struct hanse_error *err);
/* Whether a file says that it is such evidence. */
bool hanse_fork_evidence_is(struct hanse_bytes text);
/* Strict; the notes are views into `text`, the key changes lie in the arena. HANSE_MALFORMED with the offset,
 * HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_fork_evidence_decode(struct hanse_bytes text,
                                                              struct hanse_arena *arena,
                                                              struct hanse_fork_evidence *out,
                                                              struct hanse_error *err);
/* HANSE_OK: proven, keys of this one name signed both. HANSE_INVALID_ARGUMENT: no key, or of different names;
 * HANSE_BAD_SIGNATURE: a checkpoint is not signed by any of the keys; HANSE_MALFORMED: a checkpoint cannot be
 * read, or the sizes do not fit; HANSE_MISMATCH: the proof does not lead to the larger root, or the trees do
 * not contradict each other; HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_fork_evidence_judge(const struct hanse_fork_evidence *evidence,
                                                             const struct hanse_verifier_key *keys,
                                                             size_t key_count, struct hanse_error *err);

#endif
