/* SPDX-License-Identifier: Apache-2.0 */
/* Writing messages in canonical form (docs/protocol.md, "Canonical form"). */
#ifndef HANSE_WIRE_CANONICAL_ENCODE_H
#define HANSE_WIRE_CANONICAL_ENCODE_H

#include "base/buffer.h"
#include "wire/canonical_table.h"

/* Appends the canonical form. HANSE_INVALID_ARGUMENT: a list that must ascend does not; HANSE_LIMIT,
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_canonical_encode(const struct hanse_canonical_message *table,
                                                          const void *object, struct hanse_buffer *out,
                                                          struct hanse_error *err);

#endif
