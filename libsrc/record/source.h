/* SPDX-License-Identifier: Apache-2.0 */
/* Where an import reads from: a callback that fills a buffer, so that files of any size stream. */
#ifndef HANSE_RECORD_SOURCE_H
#define HANSE_RECORD_SOURCE_H

#include <hanse/change.h>

/* hanse_read writes 1 to `size` bytes and says how many; 0 means the end. A status that is not HANSE_OK ends
 * the import with it. */
struct hanse_source {
    hanse_read *read;
    void *context;
};

/* A source over bytes in memory. `left` is consumed and must outlive the source. */
struct hanse_source hanse_source_of_bytes(struct hanse_bytes *left);

#endif
