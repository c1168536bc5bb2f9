/* SPDX-License-Identifier: Apache-2.0 */
/* Reading messages in canonical form (docs/protocol.md, "Canonical form"): one walk over the received bytes
 * checks the form and fills a struct, so that nothing is read twice and unknown fields cost nothing. */
#ifndef HANSE_WIRE_CANONICAL_DECODE_H
#define HANSE_WIRE_CANONICAL_DECODE_H

#include <hanse/status.h>

#include "base/arena.h"
#include "wire/canonical_table.h"

/* Fills `object`, which must be zeroed; views point into bytes, lists into the arena. *out_unknown becomes
 * true if a field is not in the tables. HANSE_MALFORMED with the offset in bytes, HANSE_LIMIT: a list over
 * its max_count; HANSE_NO_MEMORY (also at the arena's cap). After a failure `object` holds rubbish. */
HANSE_MUST_CHECK enum hanse_status hanse_canonical_decode(const struct hanse_canonical_message *table,
                                                          struct hanse_bytes bytes, struct hanse_arena *arena,
                                                          void *object, bool *out_unknown,
                                                          struct hanse_error *err);

#endif
