/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence of a fork, as a stranger hands it on: read strictly, written again byte for byte, and judged
 * without harm. */
#include "fuzz.h"

#include "base/arena.h"
#include "feed/fork_proof.h"

enum { ARENA_BYTES = 8 << 20 };

/* The first key of the vectors. */
static const char known_key[] = "city.example/hanse+bf032e33+AerBN32izgXfy7ZcboKODEIDbaGyyKpguTb4PbhahtEN";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&again, HANSE_MAX_FORK_EVIDENCE_BYTES);
    struct hanse_bytes input = hanse_bytes_of(data, size);
    struct hanse_fork_evidence evidence = {.key_change_count = 77};
    struct hanse_fork_facts facts = {.smaller = {.size = 78}};
    struct hanse_verifier_key key;
    struct hanse_error err;
    enum hanse_status status = hanse_fork_evidence_decode(input, &arena, &evidence, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        FUZZ_CHECK(evidence.key_change_count == 77);
        return 0;
    }
    FUZZ_CHECK(hanse_fork_evidence_is(input));
    fuzz_must(hanse_fork_evidence_encode(&evidence, &again, &err));
    FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&again), input));
    fuzz_must(hanse_verifier_key_decode(hanse_bytes_of_text(known_key), &key, NULL));
    status = hanse_fork_proof_judge(&evidence, &key, &facts, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        FUZZ_CHECK(facts.smaller.size == 78);
        return 0;
    }
    FUZZ_CHECK(facts.smaller.size > 0 && facts.smaller.size <= facts.larger.size);
    FUZZ_CHECK(!hanse_digest_equal(&evidence.root, &facts.smaller.root));
    return 0;
}
