/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of a report: all of it goes at once. A pool fails once and stays failed, so that the many small
 * steps of counting need no check of their own: whoever ends a report asks once. */
#ifndef HANSE_REPORT_POOL_H
#define HANSE_REPORT_POOL_H

#include <stdbool.h>

#include <hanse/status.h>

#include "base/arena.h"

struct hanse_pool {
    struct hanse_arena arena;
    bool failed;
};

void hanse_pool_init(struct hanse_pool *pool);
void hanse_pool_release(struct hanse_pool *pool);
/* Zeroed room for `count` things; NULL once the pool has failed. */
void *hanse_pool_alloc(struct hanse_pool *pool, size_t count, size_t size);
/* A copy with a NUL after it; "" once the pool has failed. */
const char *hanse_pool_text(struct hanse_pool *pool, struct hanse_bytes text);
const char *hanse_pool_format(struct hanse_pool *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Makes room for one more element behind `count` in an array that grows by doubling: `items` itself, or a
 * copy. NULL, with the old array as it was, once the pool has failed. */
void *hanse_pool_grow(struct hanse_pool *pool, void *items, size_t count, size_t *capacity, size_t size);
/* HANSE_LIMIT: the report takes more than HANSE_MAX_REPORT_BYTES; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_pool_check(const struct hanse_pool *pool, struct hanse_error *err);

#endif
