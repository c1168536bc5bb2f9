/* SPDX-License-Identifier: Apache-2.0 */
/* Where an import reads from: a callback that fills a buffer, so that files of any size stream. */
#ifndef HANSE_RECORD_SOURCE_H
#define HANSE_RECORD_SOURCE_H

#include <hanse/status.h>

/* Writes 1 to `capacity` bytes into `out` and their number into *out_size; 0 means the end.
 * A status that is not HANSE_OK ends the import with it. */
typedef enum hanse_status hanse_source_read(void *context, uint8_t *out, size_t capacity, size_t *out_size,
                                            struct hanse_error *err);

struct hanse_source {
    hanse_source_read *read;
    void *context;
};

/* A source over bytes in memory. `left` is consumed and must outlive the source. */
struct hanse_source hanse_source_of_bytes(struct hanse_bytes *left);

#endif
