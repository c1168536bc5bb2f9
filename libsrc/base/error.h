/* SPDX-License-Identifier: Apache-2.0 */
/* Filling the caller's error: the only way that the library reports. */
#ifndef HANSE_BASE_ERROR_H
#define HANSE_BASE_ERROR_H

#include <hanse/status.h>

#if defined(__GNUC__)
#define HANSE_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#else
#define HANSE_PRINTF(format_index, first)
#endif

/* Each fills *err (NULL ok) and returns `status`, so that a caller writes `return hanse_fail(err, ...)`.
 * Message law: no capital, no full stop, what failed first, the subject in quotes. Control characters and
 * what is no UTF-8 of a quoted subject become "?". */
enum hanse_status hanse_fail(struct hanse_error *err, enum hanse_status status, const char *format, ...)
    HANSE_PRINTF(3, 4);
enum hanse_status hanse_fail_at(struct hanse_error *err, enum hanse_status status, uint64_t offset,
                                const char *format, ...) HANSE_PRINTF(4, 5);
/* `code` is the foreign library's number (errno, CURLcode ...). */
enum hanse_status hanse_fail_library(struct hanse_error *err, enum hanse_status status, int code,
                                     const char *format, ...) HANSE_PRINTF(4, 5);
/* HANSE_NO_MEMORY with the usual message. */
enum hanse_status hanse_fail_memory(struct hanse_error *err);
/* HANSE_INVALID_ARGUMENT, for a function of the API that was called without what it needs: "node or visit".
 */
enum hanse_status hanse_fail_null(const char *names, struct hanse_error *err);
/* From errno: EACCES, EPERM and EROFS become HANSE_DENIED, ENOENT HANSE_NOT_FOUND, EEXIST HANSE_EXISTS,
 * ENOMEM HANSE_NO_MEMORY, the rest HANSE_IO. The message ends with ": " and strerror. */
enum hanse_status hanse_fail_errno(struct hanse_error *err, int saved_errno, const char *format, ...)
    HANSE_PRINTF(3, 4);
/* Puts "prefix: " before the message that is already there, keeps everything else; returns err->status.
 * With err NULL it returns `status`. For a caller that knows the subject better than who failed. */
enum hanse_status hanse_fail_within(struct hanse_error *err, enum hanse_status status, const char *format,
                                    ...) HANSE_PRINTF(3, 4);
/* Gives the failure that is there another status, for a caller to whom it means something else; returns it.
 */
enum hanse_status hanse_fail_as(struct hanse_error *err, enum hanse_status status);

#endif
