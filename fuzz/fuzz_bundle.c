/* SPDX-License-Identifier: Apache-2.0 */
/* An entry bundle: what is read from it and written again is the same bytes. */
#include "fuzz.h"

#include "log/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_buffer_init(&again, size);
    struct hanse_bytes input = hanse_bytes_of(data, size);
    struct hanse_reader reader = hanse_reader_of(input);
    struct hanse_bytes entry;
    struct hanse_error err;
    unsigned count = 0;
    enum hanse_status status = HANSE_OK;
    while ((status = hanse_bundle_next(&reader, &entry, &err)) == HANSE_OK) {
        fuzz_must(hanse_bundle_append(&again, entry, &err));
        count++;
    }
    bool whole = status == HANSE_NOT_FOUND;
    if (whole)
        FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&again), input));
    else
        fuzz_check_failure(status, &err, size);
    status = hanse_bundle_check(input, count, &err);
    FUZZ_CHECK((status == HANSE_OK) == whole);
    status = hanse_bundle_check(input, count + 1, &err);
    fuzz_check_failure(status, &err, size);
    return 0;
}
