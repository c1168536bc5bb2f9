/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys an import has met, and in which line: a set of hashes, so that a table of millions fits in
 * memory.
 */
#ifndef HANSE_RECORD_LINE_SET_H
#define HANSE_RECORD_LINE_SET_H

#include <stdbool.h>

#include <hanse/status.h>

struct hanse_line_set_slot;

struct hanse_line_set {
    struct hanse_line_set_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void hanse_line_set_init(struct hanse_line_set *set);
void hanse_line_set_release(struct hanse_line_set *set);
/* *out_earlier: the line (1 or more) in which the key was met before, which stays; 0 if it is new.
 * HANSE_LIMIT over HANSE_MAX_IMPORT_KEYS, HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_line_set_add(struct hanse_line_set *set, struct hanse_bytes key,
                                                      uint64_t line, uint64_t *out_earlier,
                                                      struct hanse_error *err);
/* HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_line_set_has(const struct hanse_line_set *set,
                                                      struct hanse_bytes key, bool *out,
                                                      struct hanse_error *err);

#define HANSE_SCOPED_LINE_SET __attribute__((cleanup(hanse_line_set_release)))

#endif
