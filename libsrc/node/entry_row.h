/* SPDX-License-Identifier: Apache-2.0 */
/* What the index keeps of a verified entry. */
#ifndef HANSE_NODE_ENTRY_ROW_H
#define HANSE_NODE_ENTRY_ROW_H

#include "feed/verifier.h"
#include "index/index.h"

struct hanse_entry_row {
    struct hanse_index_entry entry; /* record_id points into what the entry borrows; no digest */
    struct hanse_bytes record;      /* of a VALID PUT that is there; else empty */
};

void hanse_entry_row_of(const struct hanse_verified_entry *entry, struct hanse_entry_row *out);
/* Adds the entry and its record's identifiers. Errors of hanse_index_entry_add and hanse_record_index. */
HANSE_MUST_CHECK enum hanse_status hanse_entry_row_add(struct hanse_index *index, int64_t feed_id,
                                                       const struct hanse_entry_row *row,
                                                       struct hanse_error *err);

#endif
