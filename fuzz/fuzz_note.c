/* SPDX-License-Identifier: Apache-2.0 */
/* A note as `checkpoint` and key change files hold it: form, signatures of known keys, the three lines. */
#include "fuzz.h"

#include "log/checkpoint.h"

static const char *const known[] = {
    "city.example/hanse+bf032e33+AerBN32izgXfy7ZcboKODEIDbaGyyKpguTb4PbhahtEN",
    "city.example/hanse+d988f88c+ARnlYFC9ydoJLX6Gk4ZSdTOwQy1PaMk7+k1U0WkzX8x+",
    "witness.example/w+a2ddc56a+BJrEj+YDlhU+plENYy3ygfV3futjmPEXuTULwae7qtII",
};
enum { KNOWN = sizeof known / sizeof known[0], MAX_OUT_BYTES = 1 << 20 };

static void check_parts(const struct hanse_note *note)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer whole;
    hanse_buffer_init(&whole, MAX_OUT_BYTES);
    fuzz_must(hanse_buffer_append(&whole, note->text, NULL));
    fuzz_must(hanse_buffer_append_text(&whole, "\n", NULL));
    for (size_t i = 0; i < note->line_count; i++)
        fuzz_must(hanse_buffer_append(&whole, note->lines[i].line, NULL));
    FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&whole), note->whole));
}

static void check_text(const struct hanse_note *note)
{
    struct hanse_checkpoint checkpoint;
    struct hanse_error err;
    enum hanse_status status = hanse_checkpoint_decode(note->text, &checkpoint, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, note->text.size);
        return;
    }
    HANSE_SCOPED_BUFFER struct hanse_buffer again;
    hanse_buffer_init(&again, MAX_OUT_BYTES);
    fuzz_must(hanse_checkpoint_encode(&checkpoint, &again, &err));
    FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&again), note->text));
}

static enum hanse_status verify(const struct hanse_note *note, struct hanse_error *err)
{
    struct hanse_verifier_key keys[KNOWN];
    struct hanse_note_check checks[KNOWN] = {{.key = NULL}};
    for (size_t i = 0; i < KNOWN; i++) {
        fuzz_must(hanse_verifier_key_decode(hanse_bytes_of_text(known[i]), &keys[i], NULL));
        checks[i].key = &keys[i];
    }
    enum hanse_status status = hanse_note_verify(note, checks, KNOWN, err);
    for (size_t i = 0; i < KNOWN && status != HANSE_OK; i++)
        FUZZ_CHECK(!checks[i].verified);
    return status;
}

/* What is signed cannot be changed in any bit. */
static void check_signatures(const struct hanse_note *note, struct hanse_bytes input)
{
    struct hanse_error err;
    enum hanse_status status = verify(note, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, input.size);
        return;
    }
    uint8_t *changed = (uint8_t *)fuzz_text(input);
    struct hanse_note other;
    fuzz_flip(changed, note->text.size, fuzz_choice(input));
    if (hanse_note_decode(hanse_bytes_of(changed, input.size), &other, NULL) == HANSE_OK)
        FUZZ_CHECK(verify(&other, NULL) != HANSE_OK);
    free(changed);
}

static void check_added(const struct hanse_note *note)
{
    struct hanse_error err;
    struct hanse_note other;
    HANSE_SCOPED_BUFFER struct hanse_buffer more;
    hanse_buffer_init(&more, MAX_OUT_BYTES);
    size_t start = note->text.size + 1;
    struct hanse_bytes lines = hanse_bytes_slice(note->whole, start, note->whole.size);
    fuzz_must(hanse_note_add_lines(note, lines, &more, &err));
    fuzz_must(hanse_note_decode(hanse_buffer_view(&more), &other, &err));
    FUZZ_CHECK(hanse_bytes_equal(hanse_buffer_view(&more), note->whole));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hanse_bytes input = hanse_bytes_of(data, size);
    struct hanse_note note;
    struct hanse_error err;
    enum hanse_status status = hanse_note_decode(input, &note, &err);
    if (status != HANSE_OK) {
        fuzz_check_failure(status, &err, size);
        return 0;
    }
    check_parts(&note);
    check_text(&note);
    check_signatures(&note, input);
    check_added(&note);
    return 0;
}
