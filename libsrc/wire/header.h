/* SPDX-License-Identifier: Apache-2.0 */
/* Entry headers, manifests and key changes as plain structs (docs/protocol.md, "Entries" and "Segments").
 * No protobuf type leaves this folder. */
#ifndef HANSE_WIRE_HEADER_H
#define HANSE_WIRE_HEADER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/limits.h"

enum hanse_operation {
    HANSE_OPERATION_PUT = 1,
    HANSE_OPERATION_WITHDRAW = 2,
    HANSE_OPERATION_ERASE = 3,
    HANSE_OPERATION_KEY = 4,
    HANSE_OPERATION_SUCCESSOR = 5
};

enum hanse_audience { HANSE_AUDIENCE_PUBLIC = 0, HANSE_AUDIENCE_NETWORK = 1, HANSE_AUDIENCE_PARTIES = 2 };

struct hanse_index_range {
    uint64_t first;
    uint64_t count;
};

/* A decoded header. Views point into the arena given to decode. Absent bytes fields have size 0. */
struct hanse_header {
    uint32_t operation; /* enum hanse_operation, or a number unknown to this build */
    struct hanse_bytes record_id;
    uint32_t audience;
    const struct hanse_bytes *network_ids;
    size_t network_id_count;
    uint64_t published_unix_s;
    uint32_t payload_bytes;
    uint32_t kind;
    uint32_t reason;
    const struct hanse_index_range *erased;
    size_t erased_count;
    uint64_t erase_by_unix_s;
    struct hanse_bytes verifier_key; /* KEY: type byte and key */
    struct hanse_bytes transport_key;
    struct hanse_bytes encryption_key;
    const struct hanse_bytes *recovery_keys;
    size_t recovery_key_count;
    uint32_t recovery_threshold;
    struct hanse_bytes predecessor_origin;
    uint64_t predecessor_size;
    struct hanse_bytes predecessor_root;
    struct hanse_bytes successor_origin;
    struct hanse_bytes successor_key;
    bool has_key;            /* decoding: the message stands there, were it only with unknown fields; */
    bool has_predecessor;    /* encoding ignores these three, checking takes a message for present if */
    bool has_successor;      /* one of its fields is, too */
    bool has_unknown_fields; /* at any level */
};

/* Appends the canonical form. HANSE_INVALID_ARGUMENT: a list is not strictly ascending; HANSE_LIMIT,
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_header_encode(const struct hanse_header *header,
                                                       struct hanse_buffer *out, struct hanse_error *err);
/* Checks the canonical form (fields ascending, known or not; repeated ones adjacent, sorted, unique; shortest
 * varints; defaults left out; wire types 0, 1, 2, 5; the same inside messages) and decodes. Says nothing of
 * which operation needs which field: hanse_header_check does. HANSE_MALFORMED with the offset; HANSE_LIMIT:
 * too many elements; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_header_decode(struct hanse_bytes bytes, struct hanse_arena *arena,
                                                       struct hanse_header *out, struct hanse_error *err);
/* The presence rules of the operation, for the entry at `index`. HANSE_UNSUPPORTED: unknown operation or
 * audience (the entry is UNKNOWN); HANSE_MALFORMED: a rule is broken (INVALID), named in the message. What
 * needs more than this folder knows (grammar of origins, points of keys, kinds) is left to hanse_entry_judge.
 */
HANSE_MUST_CHECK enum hanse_status hanse_header_check(const struct hanse_header *header, uint64_t index,
                                                      struct hanse_error *err);

/* The payload_bytes of a header that may be malformed, for the frame decoder: walks top-level fields as far
 * as they parse; 0 if field 6 is not met as a varint that fits 32 bits. Depends on the bytes alone, never
 * fails. */
uint32_t hanse_header_peek_payload_bytes(struct hanse_bytes header);

#endif
