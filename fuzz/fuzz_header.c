/* SPDX-License-Identifier: Apache-2.0 */
/* The header of an entry: one spelling for one meaning. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/limits.h"
#include "wire/header.h"

enum { ARENA_BYTES = 8 * HANSE_MAX_ENTRY_ACCEPT_BYTES };

static void check_written(struct hanse_bytes input, const struct hanse_header *header)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&again, input.size);
    struct hanse_header other;
    struct hanse_error err;
    fuzz_must(hanse_header_encode(header, &again, &err));
    bool same = hanse_bytes_equal(hanse_buffer_view(&again), input);
    FUZZ_CHECK(same || header->has_unknown_fields);
    fuzz_must(hanse_header_decode(hanse_buffer_view(&again), &arena, &other, &err));
    FUZZ_CHECK(!other.has_unknown_fields && other.operation == header->operation);
    FUZZ_CHECK(hanse_header_peek_payload_bytes(input) == header->payload_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > HANSE_MAX_ENTRY_ACCEPT_BYTES)
        return 0;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, ARENA_BYTES);
    struct hanse_bytes input = hanse_bytes_of(data, size);
    struct hanse_header header = {.operation = 77};
    struct hanse_error err;
    enum hanse_status status = hanse_header_decode(input, &arena, &header, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        FUZZ_CHECK(header.operation == 77);
        (void)hanse_header_peek_payload_bytes(input);
        return 0;
    }
    check_written(input, &header);
    for (uint64_t index = 0; index < 12; index += 11) {
        status = hanse_header_check(&header, index, &err);
        if (status != HANSE_OK)
            fuzz_check_failure(status, &err, size);
    }
    return 0;
}
