/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of origins. */
#include "log/origin.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_host_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-';
}

static bool is_segment_byte(uint8_t c)
{
    return is_host_byte(c) || c == '_' || c == '~';
}

/* The end of the run of bytes from `start` that `belongs` accepts. */
static size_t skip(struct hanse_bytes text, size_t start, bool (*belongs)(uint8_t))
{
    while (start < text.size && belongs(text.data[start]))
        start++;
    return start;
}

static enum hanse_status check_segments(struct hanse_bytes origin, size_t at, struct hanse_error *err)
{
    while (at < origin.size) {
        if (origin.data[at] != '/')
            return hanse_fail_at(err, HANSE_MALFORMED, at, "origin has a character that is not allowed");
        size_t start = at + 1;
        at = skip(origin, start, is_segment_byte);
        struct hanse_bytes segment = hanse_bytes_slice(origin, start, at - start);
        if (segment.size == 0)
            return hanse_fail_at(err, HANSE_MALFORMED, start, "origin has an empty path segment");
        if (hanse_bytes_equal_text(segment, ".") || hanse_bytes_equal_text(segment, ".."))
            return hanse_fail_at(err, HANSE_MALFORMED, start, "origin has the path segment \"%.*s\"",
                                 (int)segment.size, (const char *)segment.data);
    }
    return HANSE_OK;
}

enum hanse_status hanse_origin_check(struct hanse_bytes origin, struct hanse_error *err)
{
    if (origin.size > HANSE_MAX_ORIGIN_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_MAX_ORIGIN_BYTES, "origin has %zu bytes, more than %u",
                             origin.size, HANSE_MAX_ORIGIN_BYTES);
    size_t at = skip(origin, 0, is_host_byte);
    if (at == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "origin does not begin with a host name");
    if (at < origin.size && origin.data[at] == ':') {
        size_t start = at + 1;
        at = skip(origin, start, is_digit);
        if (at == start)
            return hanse_fail_at(err, HANSE_MALFORMED, start, "origin has a colon without a port number");
    }
    if (at == origin.size)
        return hanse_fail_at(err, HANSE_MALFORMED, at, "origin has no path after its host");
    return check_segments(origin, at, err);
}
