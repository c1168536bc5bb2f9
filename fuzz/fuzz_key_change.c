/* SPDX-License-Identifier: Apache-2.0 */
/* Key change files. Input: files one after the other, each behind a u16 length. No forged file may move the
 * chain to a key that the known feed never named. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/limits.h"
#include "feed/key_chain.h"
#include "log/verifier_key.h"
#include "wire/manifest.h"

#define ORIGIN "city.example/hanse"

/* The keys that sign in the vectors; nobody here can sign with them. */
static const char *const signers[] = {
    ORIGIN "+bf032e33+AerBN32izgXfy7ZcboKODEIDbaGyyKpguTb4PbhahtEN",
    ORIGIN "+d988f88c+ARnlYFC9ydoJLX6Gk4ZSdTOwQy1PaMk7+k1U0WkzX8x+",
    ORIGIN "+a7787ac8+Afm/PS+0bGxOmnsq8CCJOEJN0IzmbLaRzCwHeTSyRBto",
    ORIGIN "+69aa66c4+AV3cssni4dmjTK0Pg514rIqXe+gmiSJtOnMOPWdMhvUs",
};
enum { SIGNERS = sizeof signers / sizeof signers[0], ARENA_BYTES = 64 << 10 };

static struct hanse_verifier_key key_of(const char *text)
{
    struct hanse_verifier_key key;
    fuzz_must(hanse_verifier_key_decode(hanse_bytes_of_text(text), &key, NULL));
    return key;
}

static bool is_signer(const uint8_t key[HANSE_KEY_MATERIAL_BYTES])
{
    bool found = false;
    for (size_t i = 0; i < SIGNERS; i++) {
        struct hanse_verifier_key signer = key_of(signers[i]);
        found = found || memcmp(signer.material, key, sizeof signer.material) == 0;
    }
    return found;
}

static void check_form(struct hanse_bytes file)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&again, HANSE_MAX_KEY_CHANGE_BYTES);
    struct hanse_key_change change;
    struct hanse_error err;
    enum hanse_status status = hanse_key_change_decode(file, &arena, &change, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, file.size);
        return;
    }
    fuzz_must(hanse_key_change_encode(&change, &again, &err));
    FUZZ_CHECK(again.size <= file.size);
    FUZZ_CHECK(again.size < file.size || hanse_bytes_equal(hanse_buffer_view(&again), file));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_verifier_key known = key_of(signers[0]);
    struct hanse_reader reader = hanse_reader_of(hanse_bytes_of(data, size));
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, ORIGIN, known.material);
    while (hanse_reader_left(&reader) > 0) {
        struct hanse_bytes file = hanse_reader_take(&reader, hanse_reader_u16_be(&reader));
        if (reader.failed)
            return 0;
        check_form(file);
        struct hanse_key_chain before = chain;
        struct hanse_error err;
        enum hanse_status status = hanse_key_chain_extend(&chain, file, &err);
        if (status != HANSE_OK) {
            FUZZ_CHECK(chain.key_index == before.key_index && chain.joined == before.joined);
            fuzz_check_failure(status, &err, file.size);
            return 0;
        }
        FUZZ_CHECK(is_signer(chain.key));
        FUZZ_CHECK(before.key_index == UINT64_MAX || chain.key_index >= before.key_index);
    }
    return 0;
}
