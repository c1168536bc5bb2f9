/* SPDX-License-Identifier: Apache-2.0 */
/* From a known key to the current one (docs/protocol.md, "Keys"). No I/O. */
#ifndef HANSE_FEED_KEY_CHAIN_H
#define HANSE_FEED_KEY_CHAIN_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/limits.h"

struct hanse_key_chain {
    const char *origin; /* borrowed */
    uint8_t key[33];    /* the newest key that is proven */
    uint64_t key_index; /* of its KEY entry; UINT64_MAX while it is the known one */
    bool joined;        /* a link signed by the known key was met */
};
void hanse_key_chain_init(struct hanse_key_chain *chain, const char *origin, const uint8_t known_key[33]);
/* Takes the next hanse/key/<ordinal>. Links before the known key's are passed over (HANSE_OK, nothing
 * changes). HANSE_BAD_SIGNATURE, HANSE_MISMATCH (proof), HANSE_MALFORMED, HANSE_LIMIT, HANSE_NO_MEMORY; the
 * chain is unchanged on failure. */
HANSE_MUST_CHECK enum hanse_status hanse_key_chain_extend(struct hanse_key_chain *chain,
                                                          struct hanse_bytes file, struct hanse_error *err);

#endif
