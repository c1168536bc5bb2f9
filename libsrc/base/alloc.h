/* SPDX-License-Identifier: Apache-2.0 */
/* All allocation of the library goes through here, so that a test can fail the Nth. */
#ifndef HANSE_BASE_ALLOC_H
#define HANSE_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* NULL when memory is out; size 0 gives a unique pointer. Freed by hanse_free (include/hanse/bytes.h). */
void *hanse_alloc(size_t size);
/* Zeroed; NULL when count * size overflows too. */
void *hanse_alloc_zeroed(size_t count, size_t size);
/* As realloc; the old block stays valid on NULL. */
void *hanse_realloc(void *memory, size_t size);
/* An owned copy of a C string or of `size` bytes with a NUL after them; NULL when memory is out. */
char *hanse_strdup(const char *text);
char *hanse_strndup(const char *text, size_t size);

/* Tests only: called before each allocation; returning true makes it fail. NULL turns it off. */
void hanse_alloc_set_failure_hook(bool (*hook)(void *context), void *context);

#endif
