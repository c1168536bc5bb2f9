/* SPDX-License-Identifier: Apache-2.0 */
/* A record proof, as it comes by mail: once as it is, once with its check put right, since no mutation would
 * meet a hash. What is accepted is written again byte for byte, and its content is what the entry commits to.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "feed/record_proof.h"
#include "log/log_proof.h"

enum { ARENA_BYTES = 8 << 20, CHECK_BYTES = 8 };

/* The first key of the vectors. */
static const char known_key[] = "city.example/hanse+bf032e33+AerBN32izgXfy7ZcboKODEIDbaGyyKpguTb4PbhahtEN";

static void judge(const struct hanse_record_proof *proof, size_t size, struct hanse_arena *arena)
{
    struct hanse_verifier_key key;
    struct hanse_record_facts facts = {.record = {.size = 78}};
    struct hanse_digest digest;
    struct hanse_error err;
    fuzz_must(hanse_verifier_key_decode(hanse_bytes_of_text(known_key), &key, NULL));
    enum hanse_status status = hanse_record_proof_judge(proof, &key, arena, &facts, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        FUZZ_CHECK(facts.record.size == 78);
        return;
    }
    FUZZ_CHECK(hanse_bytes_equal_text(facts.checkpoint.origin, key.name));
    FUZZ_CHECK(proof->index < facts.checkpoint.size && facts.header.record_id.size == 16);
    fuzz_must(hanse_digest_compute(proof->payload, &digest, NULL));
    FUZZ_CHECK(proof->payload.size == 0 || memcmp(digest.bytes, proof->entry.data, sizeof digest.bytes) == 0);
}

static void check(struct hanse_bytes text)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&again, HANSE_MAX_LOG_PROOF_BYTES);
    struct hanse_record_proof proof = {.index = 77};
    struct hanse_error err;
    enum hanse_status status = hanse_record_proof_decode(text, &arena, &proof, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, text.size);
        FUZZ_CHECK(proof.index == 77 && proof.entry.size == 0);
        return;
    }
    judge(&proof, text.size, &arena);
    status = hanse_record_proof_encode(&proof, &again, &err);
    if (proof.entry.size < 32 || proof.note.size > HANSE_MAX_NOTE_BYTES)
        FUZZ_CHECK(status == HANSE_INVALID_ARGUMENT || status == HANSE_LIMIT);
    else
        FUZZ_CHECK(status == HANSE_OK && hanse_bytes_equal(hanse_buffer_view(&again), text));
}

/* The same text with the check that its extra data should have. */
static void check_mended(struct hanse_bytes text)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer mended;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&mended, HANSE_MAX_LOG_PROOF_BYTES);
    struct hanse_log_proof proof;
    struct hanse_digest digest;
    if (hanse_log_proof_decode(text, &arena, &proof, NULL) != HANSE_OK || proof.extra.size < CHECK_BYTES ||
        proof.note.size > HANSE_MAX_NOTE_BYTES)
        return;
    struct hanse_bytes before = hanse_bytes_slice(proof.extra, 0, proof.extra.size - CHECK_BYTES);
    char *extra = hanse_arena_copy(&arena, proof.extra);
    FUZZ_CHECK(extra != NULL);
    fuzz_must(hanse_digest_compute(before, &digest, NULL));
    memcpy(extra + before.size, digest.bytes, CHECK_BYTES);
    proof.extra = hanse_bytes_of(extra, proof.extra.size);
    fuzz_must(hanse_log_proof_encode(&proof, &mended, NULL));
    check(hanse_buffer_view(&mended));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check(hanse_bytes_of(data, size));
    check_mended(hanse_bytes_of(data, size));
    return 0;
}
