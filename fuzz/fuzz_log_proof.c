/* SPDX-License-Identifier: Apache-2.0 */
/* A proof file, as it comes by mail: read strictly, written again byte for byte. */
#include "fuzz.h"

#include "base/arena.h"
#include "log/log_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_arena_init(&arena, HANSE_MAX_LOG_PROOF_BYTES + 64);
    hanse_buffer_init(&again, HANSE_MAX_LOG_PROOF_BYTES);
    struct hanse_bytes input = hanse_bytes_of(data, size);
    struct hanse_log_proof proof = {.index = 77};
    struct hanse_error err;
    enum hanse_status status = hanse_log_proof_decode(input, &arena, &proof, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        FUZZ_CHECK(proof.index == 77 && proof.note.size == 0);
        return 0;
    }
    status = hanse_log_proof_encode(&proof, &again, &err);
    if (proof.note.size > HANSE_MAX_NOTE_BYTES)
        FUZZ_CHECK(status == HANSE_LIMIT);
    else
        FUZZ_CHECK(status == HANSE_OK && hanse_bytes_equal(hanse_buffer_view(&again), input));
    return 0;
}
