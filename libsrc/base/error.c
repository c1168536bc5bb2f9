/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum { MAX_CHARACTER_BYTES = 4, C1_LEAD = 0xc2, C1_END = 0xa0 };

/* Ends the message before a character that was cut off where the room ends; writes "?" for any other byte
 * that is no UTF-8. */
static void mend_utf8(uint8_t *message)
{
    size_t size = strlen((const char *)message);
    bool full = size == HANSE_ERROR_MESSAGE_BYTES - 1;
    for (size_t at = 0;; at++) {
        at += hanse_utf8_check(hanse_bytes_of(message + at, size - at));
        if (at == size)
            return;
        if (full && size - at < MAX_CHARACTER_BYTES) {
            message[at] = '\0';
            return;
        }
        message[at] = '?';
    }
}

/* A message may quote what a stranger wrote: nothing of that steers a terminal or breaks a text. */
static void make_printable(char *text)
{
    uint8_t *message = (uint8_t *)text;
    mend_utf8(message);
    for (size_t at = 0; message[at] != '\0'; at++) {
        if (message[at] < ' ' || message[at] == 0x7f)
            message[at] = '?';
        if (message[at] == C1_LEAD && message[at + 1] < C1_END)
            message[at] = message[at + 1] = '?';
    }
}

HANSE_PRINTF(5, 0)
static enum hanse_status fill(struct hanse_error *err, enum hanse_status status, int code, uint64_t offset,
                              const char *format, va_list arguments)
{
    if (err != NULL) {
        err->status = status;
        err->library_code = code;
        err->offset = offset;
        (void)vsnprintf(err->message, sizeof err->message, format, arguments);
        make_printable(err->message);
    }
    return status;
}

enum hanse_status hanse_fail(struct hanse_error *err, enum hanse_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(err, status, 0, HANSE_NO_OFFSET, format, arguments);
    va_end(arguments);
    return status;
}

enum hanse_status hanse_fail_at(struct hanse_error *err, enum hanse_status status, uint64_t offset,
                                const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(err, status, 0, offset, format, arguments);
    va_end(arguments);
    return status;
}

enum hanse_status hanse_fail_library(struct hanse_error *err, enum hanse_status status, int code,
                                     const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(err, status, code, HANSE_NO_OFFSET, format, arguments);
    va_end(arguments);
    return status;
}

enum hanse_status hanse_fail_memory(struct hanse_error *err)
{
    return hanse_fail(err, HANSE_NO_MEMORY, "out of memory");
}

enum hanse_status hanse_fail_null(const char *names, struct hanse_error *err)
{
    return hanse_fail(err, HANSE_INVALID_ARGUMENT, "call is refused: %s must not be NULL", names);
}

static enum hanse_status status_of_errno(int saved_errno)
{
    switch (saved_errno) {
    case EACCES:
    case EPERM:
    case EROFS:
        return HANSE_DENIED;
    case ENOENT:
        return HANSE_NOT_FOUND;
    case EEXIST:
        return HANSE_EXISTS;
    case ENOMEM:
        return HANSE_NO_MEMORY;
    default:
        return HANSE_IO;
    }
}

enum hanse_status hanse_fail_errno(struct hanse_error *err, int saved_errno, const char *format, ...)
{
    enum hanse_status status = status_of_errno(saved_errno);
    va_list arguments;
    va_start(arguments, format);
    fill(err, status, saved_errno, HANSE_NO_OFFSET, format, arguments);
    va_end(arguments);
    if (err != NULL) {
        size_t used = strlen(err->message);
        (void)snprintf(err->message + used, sizeof err->message - used, ": %s", strerror(saved_errno));
        make_printable(err->message);
    }
    return status;
}

enum hanse_status hanse_fail_within(struct hanse_error *err, enum hanse_status status, const char *format,
                                    ...)
{
    if (err == NULL)
        return status;
    char inner[HANSE_ERROR_MESSAGE_BYTES];
    memcpy(inner, err->message, sizeof inner);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    size_t used = strlen(err->message);
    (void)snprintf(err->message + used, sizeof err->message - used, ": %s", inner);
    make_printable(err->message);
    return err->status;
}

enum hanse_status hanse_fail_as(struct hanse_error *err, enum hanse_status status)
{
    if (err != NULL)
        err->status = status;
    return status;
}

const char *hanse_status_name(enum hanse_status status)
{
    static const char *const names[] = {
        "ok",
        "invalid-argument",
        "no-memory",
        "io",
        "not-found",
        "exists",
        "limit",
        "malformed",
        "unsupported",
        "bad-signature",
        "mismatch",
        "incomplete",
        "rollback",
        "fork",
        "stale",
        "truncated",
        "over-limit",
        "unreachable",
        "invalid-record",
        "locked",
        "cancelled",
        "denied",
        "crypto",
        "behind",
    };
    int index = -(int)status;
    return index >= 0 && index < (int)(sizeof names / sizeof names[0]) ? names[index] : "unknown";
}
