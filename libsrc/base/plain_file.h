/* SPDX-License-Identifier: Apache-2.0 */
/* Regular files below a folder, opened without following links: what a server hands out and what a `file:`
 * URL reads. */
#ifndef HANSE_BASE_PLAIN_FILE_H
#define HANSE_BASE_PLAIN_FILE_H

#include "base/file.h"

/* The state of a file when it was opened; together they tell whether it was replaced. */
struct hanse_file_facts {
    uint64_t size_bytes;
    uint64_t modified_ns; /* since 1970 */
    uint64_t inode;
};

/* Opens `name` (components joined by '/') below `dir`. Links are followed in `dir` only; a link, a folder, a
 * device or ".." in `name` is HANSE_NOT_FOUND, as is a missing file. HANSE_DENIED, HANSE_IO; HANSE_LIMIT: the
 * path is too long. `file` is closed on failure. */
HANSE_MUST_CHECK enum hanse_status hanse_plain_file_open(struct hanse_file *file, const char *dir,
                                                         const char *name, struct hanse_file_facts *facts,
                                                         struct hanse_error *err);
/* Up to `size` bytes at `offset`; *got is 0 at the end of the file. HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status hanse_plain_file_read_some(struct hanse_file *file, uint64_t offset,
                                                              uint8_t *out, size_t size, size_t *got,
                                                              struct hanse_error *err);

/* A quoted text that changes whenever the facts do: for ETags. */
#define HANSE_FILE_TAG_BYTES 19
void hanse_file_facts_tag(const struct hanse_file_facts *facts, char out[HANSE_FILE_TAG_BYTES]);

#endif
