/* SPDX-License-Identifier: Apache-2.0 */
/* A verifier key as people paste it, and an origin. */
#include "fuzz.h"

#include "log/origin.h"
#include "log/verifier_key.h"

static void check_key(struct hanse_bytes input)
{
    struct hanse_verifier_key key;
    struct hanse_verifier_key again;
    struct hanse_error err;
    enum hanse_status status = hanse_verifier_key_decode(input, &key, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, input.size);
        return;
    }
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, 1 << 12);
    fuzz_must(hanse_verifier_key_encode(&key, &text, &err));
    FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&text), input));
    struct hanse_bytes name = hanse_bytes_of_text(key.name);
    fuzz_must(hanse_key_name_check(name, &err));
    fuzz_must(hanse_verifier_key_init(name, hanse_bytes_of(key.material, sizeof key.material), &again, &err));
    FUZZ_CHECK(again.id == key.id && strcmp(again.name, key.name) == 0);
    fuzz_must(hanse_public_key_check(hanse_verifier_key_public(&key), &err));
}

/* Each origin is a key name that a path and a checkpoint can hold. */
static void check_origin(struct hanse_bytes input)
{
    struct hanse_error err;
    enum hanse_status status = hanse_origin_check(input, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, input.size);
        return;
    }
    FUZZ_CHECK(input.size <= HANSE_MAX_ORIGIN_BYTES);
    fuzz_must(hanse_key_name_check(input, &err));
    for (size_t i = 0; i < input.size; i++)
        FUZZ_CHECK(input.data[i] > ' ' && input.data[i] < 0x7f);
    FUZZ_CHECK(hanse_bytes_find(input, 0, '/') < input.size && input.data[input.size - 1] != '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_key(hanse_bytes_of(data, size));
    check_origin(hanse_bytes_of(data, size));
    return 0;
}
