/* SPDX-License-Identifier: Apache-2.0 */
/* One file to another disk, read back and compared. */
#ifndef HANSE_NODE_FILES_FILE_COPY_H
#define HANSE_NODE_FILES_FILE_COPY_H

#include "base/file.h"

enum { HANSE_COPY_PIECE_BYTES = 256 << 10 };

/* Two buffers of a piece each, made once. */
struct hanse_file_copier {
    uint8_t *from;
    uint8_t *to;
};
/* HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_file_copier_init(struct hanse_file_copier *copier,
                                                          struct hanse_error *err);
void hanse_file_copier_release(struct hanse_file_copier *copier);

/* Makes `to` what `from` is, unless it is that already (*out_copied false): under a name that ends in ".tmp",
 * synced and read back, then renamed. *out_bytes: the size. HANSE_MISMATCH: what was written reads otherwise;
 * HANSE_IO, HANSE_DENIED, HANSE_NOT_FOUND. */
HANSE_MUST_CHECK enum hanse_status hanse_file_copy(struct hanse_file_copier *copier, const char *from,
                                                   const char *to, bool *out_copied, uint64_t *out_bytes,
                                                   struct hanse_error *err);

#endif
