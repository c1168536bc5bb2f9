/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes: the known answer, each rule's refusal, several keys, every changed bit. */
#include "anomaly.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "log/cosignature.h"
#include "log/note.h"

#define DASH "\xe2\x80\x94 "
#define KNOWN_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define KNOWN_TEXT "This is an example message.\n"
#define KNOWN_SIGNATURE                                                                                      \
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
#define KNOWN_NOTE KNOWN_TEXT "\n" DASH "example.com/foo " KNOWN_SIGNATURE "\n"

static struct hanse_verifier_key known;

/* Signing keys of the tests, by number; names differ too. */
enum { SIGNERS = 4 };
static struct hanse_signing_key *signing_keys[SIGNERS];
static struct hanse_signer signers[SIGNERS];
static struct hanse_signer witness;

static int make_keys(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < SIGNERS; i++) {
        const uint8_t seed[HANSE_SEED_BYTES] = {(uint8_t)(i + 1)};
        char name[16];
        (void)snprintf(name, sizeof name, "city%d/feed", i / 2);
        if (hanse_signing_key_from_seed(seed, &signing_keys[i], NULL) != HANSE_OK ||
            hanse_signer_init(hanse_bytes_of_text(name), HANSE_KEY_ED25519, signing_keys[i], &signers[i],
                              NULL) != HANSE_OK)
            return -1;
    }
    if (hanse_signer_init(hanse_bytes_of_text("witness/one"), HANSE_KEY_COSIGNATURE, signing_keys[3],
                          &witness, NULL) != HANSE_OK)
        return -1;
    return hanse_verifier_key_decode(hanse_bytes_of_text(KNOWN_KEY), &known, NULL) == HANSE_OK ? 0 : -1;
}

static int free_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIGNERS; i++)
        hanse_signing_key_free(signing_keys[i]);
    return 0;
}

static enum hanse_status verify_with(struct hanse_bytes bytes, const struct hanse_verifier_key *key,
                                     struct hanse_error *err)
{
    struct hanse_note note;
    struct hanse_note_check check = {.key = key};
    enum hanse_status status = hanse_note_decode(bytes, &note, err);
    if (status == HANSE_OK)
        status = hanse_note_verify(&note, &check, 1, err);
    assert_int_equal(check.verified, status == HANSE_OK);
    return status;
}

static void test_known_answer(void **state)
{
    (void)state;
    struct hanse_note note;
    struct hanse_bytes bytes = hanse_bytes_of_text(KNOWN_NOTE);
    assert_int_equal(hanse_note_decode(bytes, &note, NULL), HANSE_OK);
    assert_ptr_equal(note.text.data, bytes.data);
    assert_true(hanse_bytes_equal_text(note.text, KNOWN_TEXT));
    assert_int_equal(note.line_count, 1);
    assert_int_equal(note.lines[0].key_id, 0x530d903a);
    assert_true(hanse_bytes_equal_text(note.lines[0].name, "example.com/foo"));
    assert_int_equal(verify_with(bytes, &known, NULL), HANSE_OK);
}

static void test_changed_bits_never_pass_with_changed_text(void **state)
{
    (void)state;
    uint8_t bytes[sizeof KNOWN_NOTE - 1];
    size_t text_size = sizeof KNOWN_TEXT - 1;
    memcpy(bytes, KNOWN_NOTE, sizeof bytes);
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        struct hanse_error err = {.offset = 0};
        enum hanse_status status = verify_with(hanse_bytes_of(bytes, sizeof bytes), &known, &err);
        assert_true(status == HANSE_MALFORMED || status == HANSE_BAD_SIGNATURE);
        assert_int_equal(err.status, status);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t size = 0; size < sizeof bytes; size++)
        assert_int_not_equal(verify_with(hanse_bytes_of(bytes, size), &known, NULL), HANSE_OK);
    assert_true(text_size < sizeof bytes);
}

static void check_refused(const char *bytes, size_t size, enum hanse_status expected, uint64_t offset)
{
    static struct hanse_note note;
    struct hanse_error err = {.offset = 0};
    note.line_count = 77;
    assert_failure(hanse_note_decode(hanse_bytes_of(bytes, size), &note, &err), err, expected, offset);
    assert_int_equal(note.line_count, 77);
}

static void test_refused_forms(void **state)
{
    (void)state;
    static const struct {
        const char *note;
        uint64_t offset;
    } bad[] = {
        {"", 0},
        {"text\n", 5},
        {"text\n\n", 6},
        {"text" DASH "a AAAAAAE=\n", 19},
        {"text\n" DASH "a AAAAAAE=\n", 20},
        {"text\n\n" DASH "a AAAAAAE=", 20},
        {"text\n\n\n" DASH "a AAAAAAE=\nx", 23},
        {"text\n\n" DASH "a AAAAAAE=\nx\n", 21},
        {"text\n\n- a AAAAAAE=\n", 6},
        {"text\n\n\xe2\x80\x94"
         "a AAAAAAE=\n",
         6},
        {"text\n\n" DASH "a\n", 11},
        {"text\n\n" DASH " AAAAAAE=\n", 10},
        {"text\n\n" DASH "a+b AAAAAAE=\n", 10},
        {"text\n\n" DASH "a\xc2\xa0z AAAAAAE=\n", 10},
        {"text\n\n" DASH "a  AAAAAAE=\n", 21},
        {"text\n\n" DASH "a AAAAAAE= \n", 21},
        {"text\n\n" DASH "a AAAAAAE\n", 19},
        {"text\n\n" DASH "a AAAAAAF=\n", 18},
        {"text\n\n" DASH "a AAAAAA==\n", 12},
        {"text\n\n" DASH "a \n", 12},
        {"te\txt\n\n" DASH "a AAAAAAE=\n", 2},
        {"text\r\n\n" DASH "a AAAAAAE=\n", 4},
        {"text\n\n" DASH "a AAAAAAE=\r\n", 20},
        {"te\xfft\n\n" DASH "a AAAAAAE=\n", 2},
        {"te\xc0\x80\n\n" DASH "a AAAAAAE=\n", 2},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_refused(bad[i].note, strlen(bad[i].note), HANSE_MALFORMED, bad[i].offset);
    check_refused("te\0t\n\n" DASH "a AAAAAAE=\n", 21, HANSE_MALFORMED, 2);
}

static void test_splits_at_the_last_empty_line(void **state)
{
    (void)state;
    static struct hanse_note note;
    static const char bytes[] = "one\n\n" DASH "a AAAAAAE=\n\n\n" DASH "b AAAAAAE=\n" DASH "c AAAAAAI=\n";
    assert_int_equal(hanse_note_decode(hanse_bytes_of_text(bytes), &note, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(note.text, "one\n\n" DASH "a AAAAAAE=\n\n"));
    assert_int_equal(note.line_count, 2);
    assert_true(hanse_bytes_equal_text(note.lines[1].line, DASH "c AAAAAAI=\n"));
    assert_true(hanse_bytes_equal_text(note.lines[1].base64, "AAAAAAI="));
    assert_int_equal(hanse_note_decode(hanse_bytes_of_text("\n\n" DASH "a AAAAAAE=\n"), &note, NULL),
                     HANSE_OK);
    assert_true(hanse_bytes_equal_text(note.text, "\n"));
}

static void append_text(struct hanse_buffer *out, const char *text)
{
    assert_int_equal(hanse_buffer_append_text(out, text, NULL), HANSE_OK);
}

static void test_limits(void **state)
{
    (void)state;
    static struct hanse_note note;
    struct hanse_error err;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 100000);
    append_text(&bytes, "text\n\n");
    for (size_t i = 0; i < HANSE_MAX_NOTE_SIGNATURES; i++)
        append_text(&bytes, DASH "a AAAAAAE=\n");
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&bytes), &note, NULL), HANSE_OK);
    assert_int_equal(note.line_count, 100);
    uint64_t end = bytes.size;
    append_text(&bytes, DASH "a AAAAAAE=\n");
    note.line_count = 7;
    assert_failure(hanse_note_decode(hanse_buffer_view(&bytes), &note, &err), err, HANSE_LIMIT, end);
    assert_int_equal(note.line_count, 7);
    hanse_buffer_clear(&bytes);
    static const char tail[] = "\n\n" DASH "a AAAAAAE=\n";
    while (bytes.size < HANSE_MAX_NOTE_BYTES - (sizeof tail - 1))
        assert_int_equal(hanse_buffer_append_u8(&bytes, 'x', NULL), HANSE_OK);
    append_text(&bytes, tail);
    assert_int_equal(bytes.size, HANSE_MAX_NOTE_BYTES);
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&bytes), &note, NULL), HANSE_OK);
    append_text(&bytes, DASH "a AAAAAAE=\n");
    assert_failure(hanse_note_decode(hanse_buffer_view(&bytes), &note, &err), err, HANSE_LIMIT,
                   HANSE_MAX_NOTE_BYTES);
}

static void test_several_keys(void **state)
{
    (void)state;
    static struct hanse_note note;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 10000);
    assert_int_equal(hanse_note_sign(hanse_bytes_of_text("text\n"), signers, 2, &bytes, NULL), HANSE_OK);
    assert_int_equal(
        hanse_cosignature_sign(&witness, hanse_bytes_of_text("text\n"), 1700000000, &bytes, NULL), HANSE_OK);
    append_text(&bytes, DASH "city0/feed AAAAAAE=\n" DASH "stranger AAAAAAE=\n");
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&bytes), &note, NULL), HANSE_OK);
    struct hanse_note_check checks[] = {
        {.key = &signers[2].key},
        {.key = &signers[0].key, .required = true},
        {.key = &signers[1].key},
        {.key = &witness.key},
    };
    assert_int_equal(hanse_note_verify(&note, checks, 4, NULL), HANSE_OK);
    assert_false(checks[0].verified);
    assert_true(checks[1].verified);
    assert_true(checks[2].verified);
    assert_true(checks[3].verified);
    assert_int_equal(checks[3].cosigned_unix_s, 1700000000);
    struct hanse_error err;
    checks[0].required = true;
    checks[1].verified = false;
    assert_failure(hanse_note_verify(&note, checks, 4, &err), err, HANSE_BAD_SIGNATURE, HANSE_NO_OFFSET);
    assert_false(checks[1].verified);
    assert_int_equal(hanse_note_verify(&note, checks, 0, &err), HANSE_BAD_SIGNATURE);
    checks[0].required = false;
    assert_failure(hanse_note_verify(&note, checks, 1, &err), err, HANSE_BAD_SIGNATURE, HANSE_NO_OFFSET);
}

static void test_known_and_bad_rejects(void **state)
{
    (void)state;
    static struct hanse_note note;
    struct hanse_error err;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 10000);
    assert_int_equal(hanse_note_sign(hanse_bytes_of_text("text\n"), signers, 1, &bytes, NULL), HANSE_OK);
    uint64_t second = bytes.size;
    uint8_t wrong[HANSE_SIGNATURE_BYTES] = {0};
    assert_int_equal(
        hanse_note_line_encode(&signers[1].key, hanse_bytes_of(wrong, sizeof wrong), &bytes, NULL), HANSE_OK);
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&bytes), &note, NULL), HANSE_OK);
    struct hanse_note_check checks[] = {{.key = &signers[0].key}, {.key = &signers[1].key}};
    assert_int_equal(hanse_note_verify(&note, checks, 1, NULL), HANSE_OK);
    checks[0].verified = false;
    assert_failure(hanse_note_verify(&note, checks, 2, &err), err, HANSE_BAD_SIGNATURE, second);
    assert_false(checks[0].verified);
    /* Right key, signature of a wrong length. */
    bytes.size = second;
    assert_int_equal(hanse_note_line_encode(&signers[1].key, hanse_bytes_of(wrong, 63), &bytes, NULL),
                     HANSE_OK);
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&bytes), &note, NULL), HANSE_OK);
    assert_failure(hanse_note_verify(&note, checks, 2, &err), err, HANSE_BAD_SIGNATURE, second);
}

static void test_known_key_twice_rejects(void **state)
{
    (void)state;
    struct hanse_error err;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 10000);
    assert_int_equal(hanse_note_sign(hanse_bytes_of_text("text\n"), signers, 1, &bytes, NULL), HANSE_OK);
    struct hanse_bytes line = hanse_bytes_slice(hanse_buffer_view(&bytes), 6, bytes.size);
    uint64_t end = bytes.size;
    char copy[256] = "";
    memcpy(copy, line.data, line.size);
    append_text(&bytes, copy);
    assert_failure(verify_with(hanse_buffer_view(&bytes), &signers[0].key, &err), err, HANSE_MALFORMED, end);
}

/* Same name with another id, same id with another name: neither is the known key. */
static void test_half_known_is_unknown(void **state)
{
    (void)state;
    struct hanse_error err;
    struct hanse_verifier_key half = known;
    half.id ^= 1;
    assert_failure(verify_with(hanse_bytes_of_text(KNOWN_NOTE), &half, &err), err, HANSE_BAD_SIGNATURE,
                   HANSE_NO_OFFSET);
    half = known;
    half.name[0] = 'E';
    assert_failure(verify_with(hanse_bytes_of_text(KNOWN_NOTE), &half, &err), err, HANSE_BAD_SIGNATURE,
                   HANSE_NO_OFFSET);
}

static void test_refused_signing(void **state)
{
    (void)state;
    struct hanse_error err;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 10000);
    assert_failure(hanse_note_sign(hanse_bytes_of_text("text"), signers, 1, &out, &err), err, HANSE_MALFORMED,
                   4);
    assert_failure(hanse_note_sign(hanse_bytes_of_text(""), signers, 1, &out, &err), err, HANSE_MALFORMED, 0);
    assert_failure(hanse_note_sign(hanse_bytes_of_text("a\tb\n"), signers, 1, &out, &err), err,
                   HANSE_MALFORMED, 1);
    assert_failure(hanse_note_sign(hanse_bytes_of_text("\xff\n"), signers, 1, &out, &err), err,
                   HANSE_MALFORMED, 0);
    assert_failure(hanse_note_sign(hanse_bytes_of_text("text\n"), signers, 0, &out, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_failure(hanse_note_sign(hanse_bytes_of_text("text\n"), &witness, 1, &out, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_int_equal(out.size, 0);
    HANSE_SCOPED_BUFFER struct hanse_buffer small;
    hanse_buffer_init(&small, 60);
    assert_int_equal(hanse_note_sign(hanse_bytes_of_text("text\n"), signers, 1, &small, &err), HANSE_LIMIT);
    assert_int_equal(small.size, 0);
}

static void test_add_lines_replaces(void **state)
{
    (void)state;
    static struct hanse_note note;
    struct hanse_bytes text = hanse_bytes_of_text("text\n");
    HANSE_SCOPED_BUFFER struct hanse_buffer first;
    hanse_buffer_init(&first, 10000);
    HANSE_SCOPED_BUFFER struct hanse_buffer line;
    hanse_buffer_init(&line, 10000);
    HANSE_SCOPED_BUFFER struct hanse_buffer second;
    hanse_buffer_init(&second, 10000);
    assert_int_equal(hanse_note_sign(text, signers, 1, &first, NULL), HANSE_OK);
    assert_int_equal(hanse_cosignature_sign(&witness, text, 5, &first, NULL), HANSE_OK);
    assert_int_equal(hanse_cosignature_sign(&witness, text, 9, &line, NULL), HANSE_OK);
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&first), &note, NULL), HANSE_OK);
    assert_int_equal(hanse_note_add_lines(&note, hanse_buffer_view(&line), &second, NULL), HANSE_OK);
    static struct hanse_note joined;
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&second), &joined, NULL), HANSE_OK);
    assert_int_equal(joined.line_count, 2);
    struct hanse_note_check checks[] = {{.key = &signers[0].key}, {.key = &witness.key}};
    assert_int_equal(hanse_note_verify(&joined, checks, 2, NULL), HANSE_OK);
    assert_true(checks[0].verified);
    assert_int_equal(checks[1].cosigned_unix_s, 9);
    struct hanse_error err;
    size_t before = second.size;
    assert_failure(hanse_note_add_lines(&note, hanse_bytes_of_text("text\n"), &second, &err), err,
                   HANSE_MALFORMED, 0);
    assert_failure(hanse_note_add_lines(&note, hanse_bytes_of_text(""), &second, &err), err, HANSE_MALFORMED,
                   0);
    assert_failure(hanse_note_add_lines(&note, hanse_bytes_of_text(DASH "a AAAAAAE="), &second, &err), err,
                   HANSE_MALFORMED, 14);
    assert_int_equal(second.size, before);
    hanse_buffer_clear(&line);
    for (size_t i = 0; i < 99; i++)
        append_text(&line, DASH "a AAAAAAE=\n");
    assert_failure(hanse_note_add_lines(&note, hanse_buffer_view(&line), &second, &err), err, HANSE_LIMIT,
                   HANSE_NO_OFFSET);
    assert_int_equal(second.size, before);
}

static enum hanse_status sign_and_verify(void *context)
{
    (void)context;
    static struct hanse_note note;
    struct hanse_note_check checks[] = {{.key = &signers[0].key}, {.key = &witness.key}};
    struct hanse_bytes text = hanse_bytes_of_text("text\n");
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 10000);
    HANSE_SCOPED_BUFFER struct hanse_buffer line;
    hanse_buffer_init(&line, 10000);
    HANSE_SCOPED_BUFFER struct hanse_buffer joined;
    hanse_buffer_init(&joined, 10000);
    enum hanse_status status = hanse_note_sign(text, signers, 2, &bytes, NULL);
    if (status == HANSE_OK)
        status = hanse_note_decode(hanse_buffer_view(&bytes), &note, NULL);
    else
        assert_int_equal(bytes.size, 0);
    if (status == HANSE_OK)
        status = hanse_cosignature_sign(&witness, text, 5, &line, NULL);
    if (status == HANSE_OK)
        status = hanse_note_add_lines(&note, hanse_buffer_view(&line), &joined, NULL);
    if (status == HANSE_OK)
        status = hanse_note_decode(hanse_buffer_view(&joined), &note, NULL);
    if (status == HANSE_OK)
        status = hanse_note_verify(&note, checks, 2, NULL);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(sign_and_verify, NULL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answer),
        cmocka_unit_test(test_changed_bits_never_pass_with_changed_text),
        cmocka_unit_test(test_refused_forms),
        cmocka_unit_test(test_splits_at_the_last_empty_line),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_several_keys),
        cmocka_unit_test(test_known_and_bad_rejects),
        cmocka_unit_test(test_known_key_twice_rejects),
        cmocka_unit_test(test_half_known_is_unknown),
        cmocka_unit_test(test_refused_signing),
        cmocka_unit_test(test_add_lines_replaces),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
