/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/entry_batch.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

enum { BATCH_ENTRIES = 4096, BATCH_BYTES = 4 << 20, MAX_BATCH_BYTES = 16 << 20 };

/* The bytes move while they grow, so places are kept until the entries are asked for. */
struct place {
    size_t header_at;
    size_t payload_at;
    size_t end;
};

struct hanse_entry_batch {
    struct hanse_buffer bytes;
    struct place places[BATCH_ENTRIES];
    struct hanse_frame_entry entries[BATCH_ENTRIES];
    size_t count;
};

enum hanse_status hanse_entry_batch_new(struct hanse_entry_batch **out, struct hanse_error *err)
{
    struct hanse_entry_batch *batch = hanse_alloc(sizeof *batch);
    if (batch == NULL)
        return hanse_fail_memory(err);
    batch->count = 0;
    hanse_buffer_init(&batch->bytes, MAX_BATCH_BYTES);
    *out = batch;
    return HANSE_OK;
}

void hanse_entry_batch_free(struct hanse_entry_batch *batch)
{
    if (batch != NULL)
        hanse_buffer_release(&batch->bytes);
    hanse_free(batch);
}

enum hanse_status hanse_entry_batch_add(struct hanse_entry_batch *batch,
                                        const struct hanse_frame_entry *entry, struct hanse_error *err)
{
    struct place place = {.header_at = batch->bytes.size,
                          .payload_at = batch->bytes.size + entry->header.size};
    enum hanse_status status = hanse_buffer_append(&batch->bytes, entry->header, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&batch->bytes, entry->payload, err);
    if (status != HANSE_OK) {
        batch->bytes.size = place.header_at;
        return status;
    }
    place.end = batch->bytes.size;
    batch->places[batch->count] = place;
    batch->entries[batch->count] = *entry;
    batch->count++;
    return HANSE_OK;
}

bool hanse_entry_batch_is_full(const struct hanse_entry_batch *batch)
{
    return batch->count == BATCH_ENTRIES || batch->bytes.size >= BATCH_BYTES;
}

const struct hanse_frame_entry *hanse_entry_batch_entries(struct hanse_entry_batch *batch, size_t *out_count)
{
    struct hanse_bytes all = hanse_buffer_view(&batch->bytes);
    for (size_t i = 0; i < batch->count; i++) {
        struct place place = batch->places[i];
        batch->entries[i].header =
            hanse_bytes_slice(all, place.header_at, place.payload_at - place.header_at);
        batch->entries[i].payload = hanse_bytes_slice(all, place.payload_at, place.end - place.payload_at);
    }
    *out_count = batch->count;
    return batch->entries;
}

void hanse_entry_batch_clear(struct hanse_entry_batch *batch)
{
    batch->count = 0;
    hanse_buffer_clear(&batch->bytes);
}
