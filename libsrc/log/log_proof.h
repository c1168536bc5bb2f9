/* SPDX-License-Identifier: Apache-2.0 */
/* One entry's proof in one text, checked offline (C2SP tlog-proof): index, inclusion hashes and the
 * checkpoint's note, with data of the application in front. */
#ifndef HANSE_LOG_LOG_PROOF_H
#define HANSE_LOG_LOG_PROOF_H

#include "base/arena.h"
#include "base/buffer.h"
#include "log/proof.h"

struct hanse_log_proof {
    bool has_extra;
    struct hanse_bytes extra; /* not authenticated by the proof; may be empty */
    uint64_t index;
    struct hanse_proof proof;
    struct hanse_bytes note; /* the signed checkpoint, not verified */
};

/* Appends the text. HANSE_LIMIT: over 2 MiB or 63 hashes, an index of 2^63 or more; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_log_proof_encode(const struct hanse_log_proof *log_proof,
                                                          struct hanse_buffer *out, struct hanse_error *err);
/* Strict. `extra` lies in the arena, `note` is a view into the input. Nothing is verified: the caller opens
 * the note and then asks hanse_proof_verify_inclusion. HANSE_MALFORMED with the offset; HANSE_LIMIT: over
 * 2 MiB or 63 hashes; HANSE_NO_MEMORY, also where the arena is full. */
HANSE_MUST_CHECK enum hanse_status hanse_log_proof_decode(struct hanse_bytes text, struct hanse_arena *arena,
                                                          struct hanse_log_proof *out,
                                                          struct hanse_error *err);

#endif
