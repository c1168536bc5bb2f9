/* SPDX-License-Identifier: Apache-2.0 */
/* Views and owned bytes: how data crosses the API. */
#ifndef HANSE_BYTES_H
#define HANSE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef HANSE_API
#if defined(__GNUC__)
#define HANSE_API __attribute__((visibility("default")))
#define HANSE_MUST_CHECK __attribute__((warn_unused_result))
#else
#define HANSE_API
#define HANSE_MUST_CHECK
#endif
#endif

/* A borrowed view of `size` bytes; `data` may be NULL only if `size` is 0. Never freed by who holds it:
 * its lifetime is that of the object named in the function that hands it out. */
struct hanse_bytes {
    const uint8_t *data;
    size_t size;
};

/* Frees memory that a Hanse function handed over as owned (a `char *` or `uint8_t *` out parameter whose
 * documentation says so). NULL does nothing. */
HANSE_API void hanse_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
