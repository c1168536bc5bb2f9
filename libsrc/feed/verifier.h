/* SPDX-License-Identifier: Apache-2.0 */
/* The follower's judge: stored frames in, verified entries out, the root decides at the end
 * (docs/protocol.md, "Fetching" steps 4 and 5). No I/O, no clock, bounded memory. */
#ifndef HANSE_FEED_VERIFIER_H
#define HANSE_FEED_VERIFIER_H

#include "feed/entry.h"
#include "feed/frame.h"
#include "log/merkle.h"

/* What a reader knows of a feed at a verified size; copied by value, persisted by who holds it. */
struct hanse_feed_state {
    struct hanse_frontier frontier; /* size and right edge */
    uint8_t key[33];          /* type and public key that signs at this size (the pinned one at size 0) */
    uint64_t key_index;       /* of the KEY entry that named it; UINT64_MAX: none, it was pinned */
    uint8_t previous_key[33]; /* the key before it; used if size == key_index + 1 and key_index > 0 */
    uint64_t successor_index; /* of the valid SUCCESSOR entry; UINT64_MAX: none */
};
/* Empty tree and the pinned key. */
void hanse_feed_state_init(struct hanse_feed_state *state, const uint8_t key[33]);

/* One entry that came with a frame and lies from the verified size on and below the target size. */
struct hanse_verified_entry {
    uint64_t index;
    uint8_t leaf_hash[32];
    struct hanse_entry entry;
    bool absent;                /* its payload is not in the frame */
    struct hanse_bytes payload; /* as transmitted */
    struct hanse_bytes record;  /* the serialized record of a VALID PUT that can be read */
    enum hanse_verdict verdict;
    const struct hanse_header *header; /* operation 0 if it does not decode */
    const char *reason;                /* why it is not VALID, NULL if it is */
};

struct hanse_verified_frame {
    struct hanse_bytes stored; /* the frame as it came */
    bool continues;
    bool whole;                                 /* every entry of the stored frame is in `entries` */
    uint64_t first_index;                       /* of entries[0] */
    const struct hanse_verified_entry *entries; /* ascending; may be none */
    size_t entry_count;
    const struct hanse_frame_entry *frame_entries; /* the same entries, ready for hanse_frame_encode */
};
/* Called once a frame, in order; everything in it dies when it returns. A status but HANSE_OK stops the
 * verifier and is returned. The entries are authentic only after hanse_verifier_end. */
typedef enum hanse_status hanse_verifier_sink(void *context, const struct hanse_verified_frame *frame,
                                              struct hanse_error *err);

struct hanse_verifier;

/* Goes on from `state` (copied) to the tree of `size` and `root`, which a checkpoint signed. origin is
 * copied. HANSE_INVALID_ARGUMENT: size below the state's; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_verifier_new(const char *origin,
                                                      const struct hanse_feed_state *state, uint64_t size,
                                                      const uint8_t root[32], hanse_verifier_sink *sink,
                                                      void *context, struct hanse_verifier **out,
                                                      struct hanse_error *err);
void hanse_verifier_free(struct hanse_verifier *verifier);
/* What follows comes from the start of a file or of a block (another segment, a new range): a frame that was
 * cut off is forgotten. */
void hanse_verifier_start_file(struct hanse_verifier *verifier);
/* What follows comes right behind a frame of a block whose frames are given first by `prime` (stored bytes of
 * the block so far, decoded for the dictionary only). Errors of hanse_frame_decode. */
HANSE_MUST_CHECK enum hanse_status hanse_verifier_prime(struct hanse_verifier *verifier,
                                                        struct hanse_bytes frames, struct hanse_error *err);
/* Stored bytes in pieces of any size. Stops reading (out_done true) once the size is reached; the rest is
 * ignored. HANSE_MALFORMED with the offset in the stream since start_file: broken frame, or an index gap;
 * HANSE_LIMIT, HANSE_NO_MEMORY, or what the sink says. After a failure only free may be called. */
HANSE_MUST_CHECK enum hanse_status hanse_verifier_feed(struct hanse_verifier *verifier,
                                                       struct hanse_bytes piece, bool *out_done,
                                                       struct hanse_error *err);
/* Bytes of complete frames consumed since start_file (prime not counted): where a later Range may go on. */
uint64_t hanse_verifier_consumed(const struct hanse_verifier *verifier);
/* Index of the next entry that is wanted. */
uint64_t hanse_verifier_next_index(const struct hanse_verifier *verifier);
/* The judgement. HANSE_OK: the root matches, *out is the new state; HANSE_TRUNCATED: entries are missing at
 * the end; HANSE_MISMATCH: all entries are there and hash to another root. *out is untouched on failure.
 * Which key must have signed the checkpoint is in *out: the caller compares. */
HANSE_MUST_CHECK enum hanse_status hanse_verifier_end(const struct hanse_verifier *verifier,
                                                      struct hanse_feed_state *out, struct hanse_error *err);

#endif
