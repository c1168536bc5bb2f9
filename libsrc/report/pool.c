/* SPDX-License-Identifier: Apache-2.0 */
#include "report/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/checked.h"
#include "base/error.h"
#include "base/limits.h"

void hanse_pool_init(struct hanse_pool *pool)
{
    *pool = (struct hanse_pool){.failed = false};
    hanse_arena_init(&pool->arena, HANSE_MAX_REPORT_BYTES);
}

void hanse_pool_release(struct hanse_pool *pool)
{
    hanse_arena_release(&pool->arena);
}

void *hanse_pool_alloc(struct hanse_pool *pool, size_t count, size_t size)
{
    size_t bytes = 0;
    void *memory = NULL;
    if (!pool->failed && hanse_mul_size(count, size, &bytes))
        memory = hanse_arena_alloc(&pool->arena, bytes);
    pool->failed = memory == NULL;
    if (memory != NULL)
        memset(memory, 0, bytes);
    return memory;
}

const char *hanse_pool_text(struct hanse_pool *pool, struct hanse_bytes text)
{
    char *copy = pool->failed ? NULL : hanse_arena_copy(&pool->arena, text);
    pool->failed = copy == NULL;
    return copy != NULL ? copy : "";
}

const char *hanse_pool_format(struct hanse_pool *pool, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return hanse_pool_text(pool, hanse_bytes_of_text(text));
}

void *hanse_pool_grow(struct hanse_pool *pool, void *items, size_t count, size_t *capacity, size_t size)
{
    if (pool->failed || count < *capacity)
        return pool->failed ? NULL : items;
    size_t wanted = count < 4 ? 4 : count * 2;
    void *grown = hanse_pool_alloc(pool, wanted, size);
    if (grown == NULL)
        return NULL;
    if (count > 0)
        memcpy(grown, items, count * size);
    *capacity = wanted;
    return grown;
}

enum hanse_status hanse_pool_check(const struct hanse_pool *pool, struct hanse_error *err)
{
    if (!pool->failed)
        return HANSE_OK;
    /* Doubling arrays ask for as much again as is there. */
    if (pool->arena.used_bytes > HANSE_MAX_REPORT_BYTES / 3)
        return hanse_fail(err, HANSE_LIMIT, "report takes more than %u MiB", HANSE_MAX_REPORT_BYTES >> 20);
    return hanse_fail_memory(err);
}
