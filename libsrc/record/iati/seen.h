/* SPDX-License-Identifier: Apache-2.0 */
/* Which identifiers a file has shown: a set of 64-bit hashes, so that a file of millions fits in memory. */
#ifndef HANSE_RECORD_IATI_SEEN_H
#define HANSE_RECORD_IATI_SEEN_H

#include <stdbool.h>

#include <hanse/status.h>

struct hanse_iati_seen {
    uint64_t *slots; /* 0: empty */
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void hanse_iati_seen_init(struct hanse_iati_seen *seen);
void hanse_iati_seen_release(struct hanse_iati_seen *seen);
/* *out_repeated: it was added before. Two identifiers of one hash count as one, which costs no more than a
 * needless warning; past HANSE_MAX_IATI_IDENTIFIERS, and where many crowd one place of the table on purpose,
 * new ones are not remembered. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_seen_add(struct hanse_iati_seen *seen, const char *identifier,
                                                       bool *out_repeated, struct hanse_error *err);

#endif
