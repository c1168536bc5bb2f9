/* SPDX-License-Identifier: Apache-2.0 */
/* Entries and payloads, and the judgement of their meaning (docs/protocol.md, "Entries"). */
#ifndef HANSE_FEED_ENTRY_H
#define HANSE_FEED_ENTRY_H

#include "crypto/digest.h"
#include "wire/header.h"

enum { HANSE_SALT_BYTES = 16, HANSE_PAYLOAD_OVERHEAD_BYTES = 20 };

/* One leaf of the tree; `header` is a view. */
struct hanse_entry {
    uint8_t commitment[32];
    struct hanse_bytes header;
};

/* Appends commitment || header. HANSE_LIMIT over 65,535 bytes, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_entry_encode(const struct hanse_entry *entry,
                                                      struct hanse_buffer *out, struct hanse_error *err);
/* The header is a view into bytes. HANSE_MALFORMED under 32 bytes, HANSE_LIMIT over 65,535. */
HANSE_MUST_CHECK enum hanse_status hanse_entry_decode(struct hanse_bytes bytes, struct hanse_entry *out,
                                                      struct hanse_error *err);

/* Appends salt || u32 size || record || padding for the audience. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_payload_encode(const uint8_t salt[HANSE_SALT_BYTES],
                                                        struct hanse_bytes record, uint32_t audience,
                                                        struct hanse_buffer *out, struct hanse_error *err);
/* The record as a view into payload. Checks size and padding for the audience (PUBLIC or NETWORK).
 * HANSE_MALFORMED with the offset, HANSE_LIMIT. */
HANSE_MUST_CHECK enum hanse_status hanse_payload_decode(struct hanse_bytes payload, uint32_t audience,
                                                        struct hanse_bytes *out_record,
                                                        struct hanse_error *err);

enum hanse_verdict {
    HANSE_ENTRY_VALID = 0,
    HANSE_ENTRY_INVALID = 1, /* breaks a rule: kept, no effect */
    HANSE_ENTRY_UNKNOWN = 2  /* an operation, audience or kind of a newer version: kept, no effect */
};

/* Judges an authentic entry at `index` of the feed of `origin` ("Integrity and meaning"). *out_header is
 * filled if the header decodes (its operation is 0 otherwise). `reason` gets why it is not VALID (its
 * message; NULL ok). Only HANSE_NO_MEMORY fails. */
HANSE_MUST_CHECK enum hanse_status
hanse_entry_judge(uint64_t index, const char *origin, const struct hanse_entry *entry,
                  struct hanse_arena *arena, struct hanse_header *out_header, enum hanse_verdict *out_verdict,
                  struct hanse_error *reason);
/* Judges a present payload of a PUT that was VALID so far; out_record is its record (empty if it has none
 * that can be read). PARTIES payloads are not opened: VALID. Only HANSE_NO_MEMORY fails. */
HANSE_MUST_CHECK enum hanse_status hanse_payload_judge(const struct hanse_header *header,
                                                       struct hanse_bytes payload,
                                                       struct hanse_bytes *out_record,
                                                       enum hanse_verdict *out_verdict,
                                                       struct hanse_error *reason);

#endif
