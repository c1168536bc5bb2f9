/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

enum { CHUNK_BYTES = 4096 };

struct hanse_arena_chunk {
    struct hanse_arena_chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) uint8_t memory[];
};

void hanse_arena_init(struct hanse_arena *arena, size_t max_bytes)
{
    *arena = (struct hanse_arena){.max_bytes = max_bytes};
}

static void free_chunks(struct hanse_arena_chunk *chunk)
{
    while (chunk != NULL) {
        struct hanse_arena_chunk *next = chunk->next;
        hanse_free(chunk);
        chunk = next;
    }
}

void hanse_arena_release(struct hanse_arena *arena)
{
    free_chunks(arena->chunks);
    *arena = (struct hanse_arena){.max_bytes = arena->max_bytes};
}

void hanse_arena_reset(struct hanse_arena *arena)
{
    if (arena->chunks != NULL) {
        free_chunks(arena->chunks->next);
        arena->chunks->next = NULL;
        arena->chunks->used = 0;
    }
    arena->used_bytes = 0;
}

static struct hanse_arena_chunk *add_chunk(struct hanse_arena *arena, size_t size)
{
    size_t chunk_size = size > CHUNK_BYTES ? size : CHUNK_BYTES;
    if (chunk_size > SIZE_MAX - sizeof(struct hanse_arena_chunk))
        return NULL;
    struct hanse_arena_chunk *chunk = hanse_alloc(sizeof *chunk + chunk_size);
    if (chunk == NULL)
        return NULL;
    chunk->size = chunk_size;
    chunk->used = 0;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk;
}

void *hanse_arena_alloc(struct hanse_arena *arena, size_t size)
{
    size_t unit = alignof(max_align_t);
    size_t rounded = size < SIZE_MAX - unit ? (size + unit - 1) / unit * unit : SIZE_MAX;
    if (rounded > arena->max_bytes - arena->used_bytes)
        return NULL;
    struct hanse_arena_chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->size - chunk->used < rounded)
        chunk = add_chunk(arena, rounded);
    if (chunk == NULL)
        return NULL;
    void *memory = chunk->memory + chunk->used;
    chunk->used += rounded;
    arena->used_bytes += rounded;
    return memory;
}

char *hanse_arena_copy(struct hanse_arena *arena, struct hanse_bytes bytes)
{
    char *copy = bytes.size < SIZE_MAX ? hanse_arena_alloc(arena, bytes.size + 1) : NULL;
    if (copy != NULL) {
        if (bytes.size > 0)
            memcpy(copy, bytes.data, bytes.size);
        copy[bytes.size] = '\0';
    }
    return copy;
}
