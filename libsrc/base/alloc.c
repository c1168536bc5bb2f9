/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hanse/bytes.h>

static bool (*failure_hook)(void *context);
static void *failure_context;

void hanse_alloc_set_failure_hook(bool (*hook)(void *context), void *context)
{
    failure_hook = hook;
    failure_context = context;
}

static bool must_fail(void)
{
    return failure_hook != NULL && failure_hook(failure_context);
}

/* No object is larger than a difference of pointers can say: allocators and checkers stumble over such sizes.
 */
static bool is_too_large(size_t size)
{
    return size > PTRDIFF_MAX;
}

void *hanse_alloc(size_t size)
{
    return must_fail() || is_too_large(size) ? NULL : malloc(size > 0 ? size : 1);
}

void *hanse_alloc_zeroed(size_t count, size_t size)
{
    return must_fail() ? NULL : calloc(count > 0 ? count : 1, size > 0 ? size : 1);
}

void *hanse_realloc(void *memory, size_t size)
{
    return must_fail() || is_too_large(size) ? NULL : realloc(memory, size > 0 ? size : 1);
}

char *hanse_strndup(const char *text, size_t size)
{
    char *copy = hanse_alloc(size + 1);
    if (copy != NULL) {
        if (size > 0)
            memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

char *hanse_strdup(const char *text)
{
    return hanse_strndup(text, strlen(text));
}

void hanse_free(void *memory)
{
    free(memory);
}
