/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is given out piece by piece and freed at once, under a cap. What counts against the cap is each
 * piece with its alignment, so that many small ones cannot take a multiple of it. */
#ifndef HANSE_BASE_ARENA_H
#define HANSE_BASE_ARENA_H

#include <stdint.h>

#include <hanse/bytes.h>

struct hanse_arena_chunk;

struct hanse_arena {
    struct hanse_arena_chunk *chunks;
    size_t used_bytes;
    size_t max_bytes;
};

void hanse_arena_init(struct hanse_arena *arena, size_t max_bytes);
void hanse_arena_release(struct hanse_arena *arena);
/* Forgets everything given out but keeps one chunk for reuse. */
void hanse_arena_reset(struct hanse_arena *arena);
/* Aligned for any type; NULL past the cap or when memory is out. */
void *hanse_arena_alloc(struct hanse_arena *arena, size_t size);
/* A copy in the arena with a NUL after it; NULL as above. */
char *hanse_arena_copy(struct hanse_arena *arena, struct hanse_bytes bytes);

#define HANSE_SCOPED_ARENA __attribute__((cleanup(hanse_arena_release)))

#endif
