/* SPDX-License-Identifier: Apache-2.0 */
/* What fuzzers share: the entry point, and properties that end the run where they do not hold. */
#ifndef HANSE_FUZZ_FUZZ_H
#define HANSE_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hanse/status.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/text.h"

#define FUZZ_UNUSED __attribute__((unused))

/* Called by libFuzzer or by replay.c, once for each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run with the property that does not hold. */
#define FUZZ_CHECK(property)                                                                                 \
    do {                                                                                                     \
        if (!(property))                                                                                     \
            fuzz_fail(__FILE__, __LINE__, #property);                                                        \
    } while (0)

FUZZ_UNUSED __attribute__((noreturn)) static void fuzz_fail(const char *file, int line, const char *property)
{
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, property);
    abort();
}

/* What every failure owes its caller: the same status twice, a message that can be shown anywhere, an offset
 * inside of the `size` bytes that were judged. */
FUZZ_UNUSED static void fuzz_check_failure(enum hanse_status status, const struct hanse_error *err,
                                           size_t size)
{
    FUZZ_CHECK(status != HANSE_OK && err->status == status);
    FUZZ_CHECK(status != HANSE_NO_MEMORY && status != HANSE_CRYPTO && status != HANSE_IO);
    FUZZ_CHECK(memchr(err->message, '\0', sizeof err->message) != NULL && err->message[0] != '\0');
    struct hanse_bytes message = hanse_bytes_of_text(err->message);
    FUZZ_CHECK(hanse_utf8_check(message) == message.size);
    for (size_t i = 0; i < message.size; i++)
        FUZZ_CHECK(message.data[i] >= ' ' && message.data[i] != 0x7f);
    FUZZ_CHECK(err->offset == HANSE_NO_OFFSET || err->offset <= size);
}

/* For calls that cannot fail but for memory, which a fuzzer has. */
FUZZ_UNUSED static void fuzz_must(enum hanse_status status)
{
    FUZZ_CHECK(status == HANSE_OK);
}

/* A copy of the input as a C string, cut at its first NUL by whoever reads it; to be freed. */
FUZZ_UNUSED static char *fuzz_text(struct hanse_bytes bytes)
{
    char *text = malloc(bytes.size + 1);
    FUZZ_CHECK(text != NULL);
    if (bytes.size > 0)
        memcpy(text, bytes.data, bytes.size);
    text[bytes.size] = '\0';
    return text;
}

/* Some number that depends on all of the input, to choose what to break. */
FUZZ_UNUSED static uint64_t fuzz_choice(struct hanse_bytes bytes)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ bytes.data[i]) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

/* Flips one bit of a text, which `choice` names; the caller flips it back by calling again. */
FUZZ_UNUSED static void fuzz_flip(uint8_t *data, size_t size, uint64_t choice)
{
    data[choice / 8 % size] ^= (uint8_t)(1u << choice % 8);
}

#endif
