/* SPDX-License-Identifier: Apache-2.0 */
/* hanse/manifest: unsigned, so anybody on the way can write it. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/limits.h"
#include "wire/manifest.h"

enum { ARENA_BYTES = 64 << 20 };

static void check_rules(const struct hanse_manifest *manifest)
{
    uint64_t next = 0;
    for (size_t i = 0; i < manifest->segment_count; i++) {
        const struct hanse_segment *segment = &manifest->segments[i];
        FUZZ_CHECK(segment->first_index == next && segment->entries > 0 && segment->block_count > 0);
        FUZZ_CHECK(segment->bytes <= HANSE_MAX_SEGMENT_BYTES);
        FUZZ_CHECK(segment->sealed || i + 1 == manifest->segment_count);
        for (size_t k = 0; k < segment->block_count; k++)
            FUZZ_CHECK(segment->blocks[k].offset < segment->bytes &&
                       segment->blocks[k].entries_before < segment->entries);
        next += segment->entries;
        FUZZ_CHECK(next <= INT64_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer first;
    HANSE_SCOPED_BUFFER struct hanse_buffer second;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&first, HANSE_MAX_MANIFEST_BYTES);
    hanse_buffer_init(&second, HANSE_MAX_MANIFEST_BYTES);
    struct hanse_manifest manifest;
    struct hanse_error err;
    enum hanse_status status = hanse_manifest_decode(hanse_bytes_of(data, size), &arena, &manifest, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        return 0;
    }
    check_rules(&manifest);
    fuzz_must(hanse_manifest_encode(&manifest, &first, &err));
    /* Shorter only where there were fields of a newer version, which are not kept. */
    FUZZ_CHECK(first.size <= size);
    FUZZ_CHECK(first.size < size || hanse_bytes_equal(hanse_buffer_view(&first), hanse_bytes_of(data, size)));
    fuzz_must(hanse_manifest_decode(hanse_buffer_view(&first), &arena, &manifest, &err));
    fuzz_must(hanse_manifest_encode(&manifest, &second, &err));
    FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&first), hanse_buffer_view(&second)));
    return 0;
}
