/* SPDX-License-Identifier: Apache-2.0 */
/* Record proofs of the vectors: written again byte for byte, altered at each byte, with allocations that
 * fail. */
#include "vector_support.h"

#include "feed/record_proof.h"
#include "feed_support.h"

enum { ARENA_BYTES = 4 << 20 };

struct proof_file {
    struct hanse_bytes text;
    struct hanse_verifier_key key;
};

static enum hanse_status check(const struct proof_file *file, struct hanse_bytes text,
                               struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, ARENA_BYTES);
    struct hanse_record_proof proof = {.index = 77};
    struct hanse_record_facts facts = {.record = {.size = 78}};
    enum hanse_status status = hanse_record_proof_decode(text, &arena, &proof, err);
    if (status != HANSE_OK)
        assert_true(proof.index == 77 && proof.entry.size == 0);
    if (status == HANSE_OK)
        status = hanse_record_proof_judge(&proof, &file->key, &arena, &facts, err);
    if (status != HANSE_OK)
        assert_true(facts.record.size == 78);
    return status;
}

/* Calls `visit` for each good vector. */
static void each_good(void (*visit)(const struct proof_file *file))
{
    json_t *vectors = load_vectors("record_proofs");
    size_t index;
    const json_t *vector;
    size_t good = 0;
    json_array_foreach(vectors, index, vector)
    {
        if (must_refuse(vector))
            continue;
        hanse_arena_init(&vector_arena, ARENA_BYTES);
        struct proof_file file = {.text = bytes_member(vector, "proof"),
                                  .key = key_of(text_of(vector, "key"))};
        assert_int_equal(check(&file, file.text, NULL), HANSE_OK);
        visit(&file);
        hanse_arena_release(&vector_arena);
        good++;
    }
    assert_true(good > 5);
    json_decref(vectors);
}

static void write_again(const struct proof_file *file)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&out, HANSE_MAX_LOG_PROOF_BYTES);
    struct hanse_record_proof proof;
    must(hanse_record_proof_decode(file->text, &arena, &proof, NULL));
    must(hanse_record_proof_encode(&proof, &out, NULL));
    assert_true(hanse_bytes_equal(hanse_buffer_view(&out), file->text));
}

static void test_round_trips(void **state)
{
    (void)state;
    each_good(write_again);
}

/* The line of a signer that is not asked may be anything: such vectors are not for this. */
static bool all_signers_count(const struct proof_file *file)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, ARENA_BYTES);
    struct hanse_record_proof proof;
    struct hanse_note note;
    must(hanse_record_proof_decode(file->text, &arena, &proof, NULL));
    must(hanse_note_decode(proof.note, &note, NULL));
    return note.line_count == 1;
}

static void alter_each_byte(const struct proof_file *file)
{
    if (!all_signers_count(file))
        return;
    uint8_t *copy = malloc(file->text.size + 1);
    assert_non_null(copy);
    for (size_t i = 0; i < file->text.size; i++) {
        memcpy(copy, file->text.data, file->text.size);
        copy[i] ^= (uint8_t)(1u << (i % 8));
        struct hanse_error err = {.status = HANSE_OK};
        enum hanse_status status = check(file, hanse_bytes_of(copy, file->text.size), &err);
        if (status == HANSE_OK || err.status != status || err.message[0] == '\0')
            fail_msg("byte %zu altered: %s", i, hanse_status_name(status));
    }
    copy[file->text.size] = '\n';
    memcpy(copy, file->text.data, file->text.size);
    assert_int_not_equal(check(file, hanse_bytes_of(copy, file->text.size + 1), NULL), HANSE_OK);
    for (size_t size = 0; size < file->text.size; size++)
        assert_int_not_equal(check(file, hanse_bytes_of(copy, size), NULL), HANSE_OK);
    free(copy);
}

static void test_altered_bytes(void **state)
{
    (void)state;
    each_good(alter_each_byte);
}

static const struct proof_file *failing_file;

static enum hanse_status check_failing(void *context)
{
    (void)context;
    return check(failing_file, failing_file->text, NULL);
}

static void fail_allocations(const struct proof_file *file)
{
    failing_file = file;
    fail_each_allocation(check_failing, NULL);
}

static void test_failing_allocations(void **state)
{
    (void)state;
    each_good(fail_allocations);
}

static void test_encode_limits(void **state)
{
    (void)state;
    static uint8_t large[HANSE_MAX_LOG_PROOF_BYTES];
    const struct hanse_bytes entry = hanse_bytes_of(large, 40);
    static struct hanse_bytes changes[1025];
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 2 * HANSE_MAX_LOG_PROOF_BYTES);
    const struct {
        struct hanse_record_proof proof;
        enum hanse_status wanted;
    } cases[] = {
        {{.entry = entry}, HANSE_INVALID_ARGUMENT},
        {{.revision = 1, .entry = hanse_bytes_of(large, 31)}, HANSE_INVALID_ARGUMENT},
        {{.revision = 1, .entry = hanse_bytes_of(large, HANSE_MAX_ENTRY_ACCEPT_BYTES + 1)}, HANSE_LIMIT},
        {{.revision = 1, .entry = entry, .payload = hanse_bytes_of(large, HANSE_MAX_PAYLOAD_BYTES + 1)},
         HANSE_LIMIT},
        {{.revision = 1, .entry = entry, .key_changes = changes, .key_change_count = 1025}, HANSE_LIMIT},
        {{.revision = 1, .entry = entry, .note = hanse_bytes_of(large, HANSE_MAX_NOTE_BYTES + 1)},
         HANSE_LIMIT},
        {{.revision = 1, .entry = entry, .payload = hanse_bytes_of(large, HANSE_MAX_PAYLOAD_BYTES)},
         HANSE_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(hanse_record_proof_encode(&cases[i].proof, &out, NULL), cases[i].wanted);
        assert_int_equal(out.size > 0, cases[i].wanted == HANSE_OK);
    }
    struct hanse_record_proof over = cases[6].proof; /* each part fits, the whole does not */
    for (size_t i = 0; i < 4; i++)
        changes[i] = hanse_bytes_of(large, HANSE_MAX_KEY_CHANGE_BYTES);
    over.key_changes = changes;
    over.key_change_count = 4;
    hanse_buffer_clear(&out);
    assert_int_equal(hanse_record_proof_encode(&over, &out, NULL), HANSE_LIMIT);
    assert_int_equal(out.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_altered_bytes),
        cmocka_unit_test(test_failing_allocations),
        cmocka_unit_test(test_encode_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
