/* SPDX-License-Identifier: Apache-2.0 */
#include "node/entry_row.h"

#include "base/bytes.h"
#include "node/record_index.h"

static uint32_t payload_state_of(const struct hanse_verified_entry *entry)
{
    if (entry->header->operation != HANSE_OPERATION_PUT)
        return HANSE_PAYLOAD_NONE;
    if (!entry->absent)
        return HANSE_PAYLOAD_PRESENT;
    bool must_be_there =
        entry->verdict == HANSE_ENTRY_VALID && entry->header->audience == HANSE_AUDIENCE_PUBLIC;
    return must_be_there ? HANSE_PAYLOAD_MISSING : HANSE_PAYLOAD_WITHHELD;
}

void hanse_entry_row_of(const struct hanse_verified_entry *entry, struct hanse_entry_row *out)
{
    const struct hanse_header *header = entry->header;
    *out = (struct hanse_entry_row){
        .entry = {.index = entry->index,
                  .operation = header->operation,
                  .verdict = (uint32_t)entry->verdict,
                  .audience = header->audience,
                  .kind = header->kind,
                  .published_unix_s = header->published_unix_s,
                  .record_id = header->record_id.size == 16 ? header->record_id.data : NULL,
                  .payload_state = payload_state_of(entry)},
        .record = entry->verdict == HANSE_ENTRY_VALID ? entry->record : hanse_bytes_of(NULL, 0),
    };
}

enum hanse_status hanse_entry_row_add(struct hanse_index *index, int64_t feed_id,
                                      const struct hanse_entry_row *row, struct hanse_error *err)
{
    enum hanse_status status = hanse_index_entry_add(index, feed_id, &row->entry, err);
    if (status != HANSE_OK || row->record.size == 0)
        return status;
    return hanse_record_index(index, feed_id, row->entry.record_id, row->entry.index, row->record, err);
}
