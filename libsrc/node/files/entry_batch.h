/* SPDX-License-Identifier: Apache-2.0 */
/* Entries gathered until they are worth framing, as copies: what they were made of may go. */
#ifndef HANSE_NODE_FILES_ENTRY_BATCH_H
#define HANSE_NODE_FILES_ENTRY_BATCH_H

#include "feed/frame.h"

struct hanse_entry_batch;

HANSE_MUST_CHECK enum hanse_status hanse_entry_batch_new(struct hanse_entry_batch **out,
                                                         struct hanse_error *err);
void hanse_entry_batch_free(struct hanse_entry_batch *batch);
/* Copies one entry; its commitment must be filled. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_entry_batch_add(struct hanse_entry_batch *batch,
                                                         const struct hanse_frame_entry *entry,
                                                         struct hanse_error *err);
/* True once it should be taken: some 4 MiB or 4,096 entries. */
bool hanse_entry_batch_is_full(const struct hanse_entry_batch *batch);
/* The entries; views live until clear. */
const struct hanse_frame_entry *hanse_entry_batch_entries(struct hanse_entry_batch *batch, size_t *out_count);
void hanse_entry_batch_clear(struct hanse_entry_batch *batch);

#endif
