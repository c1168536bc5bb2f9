/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers of the tests of feeds: bytes from hexadecimal, valid headers and records, allocations that fail. */
#ifndef HANSE_TESTS_FEED_SUPPORT_H
#define HANSE_TESTS_FEED_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/text.h"
#include "wire/header.h"

#define SUPPORT_UNUSED __attribute__((unused))

struct hex_bytes {
    uint8_t data[4096];
    size_t size;
};

/* Blanks are for the eye. */
SUPPORT_UNUSED static struct hex_bytes from_hex(const char *text)
{
    struct hex_bytes out = {.size = 0};
    for (; *text != '\0'; text += *text == ' ' ? 1 : 2) {
        if (*text == ' ')
            continue;
        assert_true(out.size < sizeof out.data);
        assert_true(hanse_hex_decode(hanse_bytes_of(text, 2), &out.data[out.size], 1));
        out.size++;
    }
    return out;
}

SUPPORT_UNUSED static struct hanse_bytes view_of(const struct hex_bytes *bytes)
{
    return hanse_bytes_of(bytes->data, bytes->size);
}

/* Fails the allocation number `left`, counted from 0, and all after it. */
struct failing {
    size_t left;
    bool failed;
};

SUPPORT_UNUSED static bool fail_after(void *context)
{
    struct failing *failing = context;
    if (failing->left > 0) {
        failing->left--;
        return false;
    }
    failing->failed = true;
    return true;
}

/* Runs `step` with the first, the second ... allocation failing until it gets through without a failure. Each
 * run must say HANSE_NO_MEMORY or, where nothing failed, HANSE_OK. */
SUPPORT_UNUSED static void fail_each_allocation(enum hanse_status (*step)(void *context), void *context)
{
    for (size_t n = 0;; n++) {
        struct failing failing = {.left = n};
        hanse_alloc_set_failure_hook(fail_after, &failing);
        enum hanse_status status = step(context);
        hanse_alloc_set_failure_hook(NULL, NULL);
        assert_int_equal(status, failing.failed ? HANSE_NO_MEMORY : HANSE_OK);
        if (!failing.failed) {
            assert_true(n > 0);
            return;
        }
        assert_true(n < 10000);
    }
}

SUPPORT_UNUSED static const uint8_t support_id[16] = {0x01, 0x8f, 0, 0, 0, 0, 0x70, 1,
                                                      0x80, 2,    3, 4, 5, 6, 7,    8};
enum { SUPPORT_TIME = 1764000000, SUPPORT_KIND = 26 };

SUPPORT_UNUSED static struct hanse_header put_header(uint32_t payload_bytes)
{
    return (struct hanse_header){.operation = HANSE_OPERATION_PUT,
                                 .record_id = hanse_bytes_of(support_id, sizeof support_id),
                                 .published_unix_s = SUPPORT_TIME,
                                 .payload_bytes = payload_bytes,
                                 .kind = SUPPORT_KIND};
}

SUPPORT_UNUSED static void must(enum hanse_status status)
{
    assert_int_equal(status, HANSE_OK);
}

/* Appends a hanse.v1.Record with an empty body of the kind and, if `filler` is not 0, an extension whose
 * payload has that many bytes. */
SUPPORT_UNUSED static void append_record(struct hanse_buffer *out, uint32_t kind, size_t filler, uint8_t seed)
{
    if (filler > 0) {
        must(hanse_buffer_append_varint(out, 15u << 3 | 2u, NULL));
        must(hanse_buffer_append_varint(out,
                                        1 +
                                            (filler < 128     ? 1u
                                             : filler < 16384 ? 2u
                                                              : 3u) +
                                            filler,
                                        NULL));
        must(hanse_buffer_append_varint(out, 4u << 3 | 2u, NULL));
        must(hanse_buffer_append_varint(out, filler, NULL));
    }
    uint32_t noise = seed;
    for (size_t i = 0; i < filler; i++) {
        noise = noise * 1664525u + 1013904223u;
        must(hanse_buffer_append_u8(out, (uint8_t)(noise >> 28 | 0x60), NULL));
    }
    must(hanse_buffer_append_varint(out, kind << 3 | 2u, NULL));
    must(hanse_buffer_append_u8(out, 0, NULL));
}

#endif
