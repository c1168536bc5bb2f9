/* SPDX-License-Identifier: Apache-2.0 */
/* A checkpoint: origin, size and root of a tree as the text of a note (C2SP tlog-checkpoint v1.0.0, without
 * extension lines; docs/protocol.md, "Checkpoint"). */
#ifndef HANSE_LOG_CHECKPOINT_H
#define HANSE_LOG_CHECKPOINT_H

#include "crypto/digest.h"
#include "log/note.h"

struct hanse_checkpoint {
    struct hanse_bytes origin;
    uint64_t size;
    struct hanse_digest root;
};

/* Appends the three lines. HANSE_MALFORMED, HANSE_LIMIT: the origin, or a size of 2^63 or more;
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_checkpoint_encode(const struct hanse_checkpoint *checkpoint,
                                                           struct hanse_buffer *out, struct hanse_error *err);
/* From the text of a note; the origin is a view into it. HANSE_MALFORMED with the offset: other than three
 * lines, an origin against its grammar, a size that is not decimal or not below 2^63, a root that is not the
 * base64 of 32 bytes; HANSE_LIMIT: the origin is too long; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status
hanse_checkpoint_decode(struct hanse_bytes text, struct hanse_checkpoint *out, struct hanse_error *err);
/* The checkpoint of a note that hanse_note_verify accepts, of just this origin; views into `note`. Errors of
 * both, and HANSE_BAD_SIGNATURE: the checkpoint is of another origin. */
HANSE_MUST_CHECK enum hanse_status hanse_checkpoint_open(const struct hanse_note *note,
                                                         struct hanse_bytes origin,
                                                         struct hanse_note_check *checks, size_t count,
                                                         struct hanse_checkpoint *out,
                                                         struct hanse_error *err);

#endif
