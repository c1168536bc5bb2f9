/* SPDX-License-Identifier: Apache-2.0 */
/* What the index keeps of a record's content. */
#ifndef HANSE_NODE_RECORD_INDEX_H
#define HANSE_NODE_RECORD_INDEX_H

#include "index/index.h"

/* Adds the identifiers of a record: bytes in which hanse_record_scan finds no fault. One that has no scheme
 * or no value is left out. HANSE_NO_MEMORY and the index's errors. */
HANSE_MUST_CHECK enum hanse_status hanse_record_index(struct hanse_index *index, int64_t feed_id,
                                                      const uint8_t record_id[16], uint64_t entry_index,
                                                      struct hanse_bytes record, struct hanse_error *err);

#endif
