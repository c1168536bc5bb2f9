/* SPDX-License-Identifier: Apache-2.0 */
/* The source over bytes in memory. */
#include "record/source.h"

#include <string.h>

static enum hanse_status read_bytes(void *context, uint8_t *out, size_t capacity, size_t *out_size,
                                    struct hanse_error *err)
{
    (void)err;
    struct hanse_bytes *left = context;
    size_t size = left->size < capacity ? left->size : capacity;
    if (size > 0) {
        memcpy(out, left->data, size);
        left->data += size;
        left->size -= size;
    }
    *out_size = size;
    return HANSE_OK;
}

struct hanse_source hanse_source_of_bytes(struct hanse_bytes *left)
{
    return (struct hanse_source){.read = read_bytes, .context = left};
}
