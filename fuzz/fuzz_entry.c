/* SPDX-License-Identifier: Apache-2.0 */
/* An authentic entry with its payload, whose publisher may be malicious. Input: u8 index, u16 length, entry,
 * payload. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/limits.h"
#include "feed/entry.h"
#include "wire/record_scan.h"

#define ORIGIN "city.example/hanse"

enum { ARENA_BYTES = 8 * HANSE_MAX_ENTRY_ACCEPT_BYTES };

static void check_payload(const struct hanse_header *header, struct hanse_bytes payload)
{
    struct hanse_bytes record = {.size = 0};
    enum hanse_verdict verdict;
    struct hanse_error reason = {.status = HANSE_OK, .offset = HANSE_NO_OFFSET};
    uint32_t kind;
    fuzz_must(hanse_payload_judge(header, payload, &record, &verdict, &reason));
    if (verdict != HANSE_ENTRY_VALID) {
        fuzz_check_failure(reason.status, &reason, payload.size);
        FUZZ_CHECK(record.size == 0);
        return;
    }
    if (header->audience == HANSE_AUDIENCE_PARTIES)
        return;
    FUZZ_CHECK(record.size > 0 && payload.size == header->payload_bytes);
    fuzz_must(hanse_record_scan(record, &kind, &reason));
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_buffer_init(&again, HANSE_MAX_PAYLOAD_BYTES);
    fuzz_must(hanse_payload_encode(payload.data, record, header->audience, &again, &reason));
    FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&again), payload));
}

static void check_written(const struct hanse_entry *entry, struct hanse_bytes bytes)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_buffer_init(&again, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    fuzz_must(hanse_entry_encode(entry, &again, NULL));
    FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&again), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_reader reader = hanse_reader_of(hanse_bytes_of(data, size));
    uint8_t index = hanse_reader_u8(&reader);
    uint16_t entry_bytes = hanse_reader_u16_be(&reader);
    struct hanse_bytes bytes = hanse_reader_take(&reader, entry_bytes);
    struct hanse_bytes payload = hanse_reader_take(&reader, hanse_reader_left(&reader));
    struct hanse_entry entry;
    struct hanse_error err = {.status = HANSE_OK, .offset = HANSE_NO_OFFSET};
    if (reader.failed)
        return 0;
    enum hanse_status status = hanse_entry_decode(bytes, &entry, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, bytes.size);
        return 0;
    }
    check_written(&entry, bytes);
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, ARENA_BYTES);
    struct hanse_header header;
    enum hanse_verdict verdict;
    fuzz_must(hanse_entry_judge(index, ORIGIN, &entry, &arena, &header, &verdict, &err));
    if (verdict != HANSE_ENTRY_VALID)
        fuzz_check_failure(err.status, &err, bytes.size);
    else if (header.operation == HANSE_OPERATION_PUT)
        check_payload(&header, payload);
    return 0;
}
