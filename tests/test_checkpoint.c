/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints and cosignatures: forms, refusals, and every changed bit of a signed one. */
#include "anomaly.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "log/checkpoint.h"
#include "log/cosignature.h"

#define DASH "\xe2\x80\x94 "
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
#define TEXT "example.com/behind-the-sofa\n20852163\n" ROOT "\n"

static struct hanse_signing_key *log_key;
static struct hanse_signing_key *witness_key;
static struct hanse_signer log_signer;
static struct hanse_signer witness;

static int make_keys(void **state)
{
    (void)state;
    const uint8_t one[HANSE_SEED_BYTES] = {1};
    const uint8_t two[HANSE_SEED_BYTES] = {2};
    bool ok = hanse_signing_key_from_seed(one, &log_key, NULL) == HANSE_OK &&
              hanse_signing_key_from_seed(two, &witness_key, NULL) == HANSE_OK &&
              hanse_signer_init(hanse_bytes_of_text("example.com/behind-the-sofa"), HANSE_KEY_ED25519,
                                log_key, &log_signer, NULL) == HANSE_OK &&
              hanse_signer_init(hanse_bytes_of_text("witness.example.com/w1"), HANSE_KEY_COSIGNATURE,
                                witness_key, &witness, NULL) == HANSE_OK;
    return ok ? 0 : -1;
}

static int free_keys(void **state)
{
    (void)state;
    hanse_signing_key_free(log_key);
    hanse_signing_key_free(witness_key);
    return 0;
}

static void test_decode_and_encode(void **state)
{
    (void)state;
    struct hanse_checkpoint checkpoint;
    assert_int_equal(hanse_checkpoint_decode(hanse_bytes_of_text(TEXT), &checkpoint, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(checkpoint.origin, "example.com/behind-the-sofa"));
    assert_int_equal(checkpoint.size, 20852163);
    assert_int_equal(checkpoint.root.bytes[0], 0x0a);
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, 1000);
    assert_int_equal(hanse_checkpoint_encode(&checkpoint, &text, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(hanse_buffer_view(&text), TEXT));
    struct hanse_error err;
    checkpoint.size = UINT64_C(1) << 63;
    assert_failure(hanse_checkpoint_encode(&checkpoint, &text, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    checkpoint.size = 0;
    checkpoint.origin = hanse_bytes_of_text("no path");
    assert_failure(hanse_checkpoint_encode(&checkpoint, &text, &err), err, HANSE_MALFORMED, 2);
    assert_int_equal(text.size, strlen(TEXT));
    HANSE_SCOPED_BUFFER struct hanse_buffer small;
    hanse_buffer_init(&small, 51);
    checkpoint.origin = hanse_bytes_of_text("a/b");
    assert_int_equal(hanse_checkpoint_encode(&checkpoint, &small, NULL), HANSE_OK);
    hanse_buffer_clear(&small);
    checkpoint.size = 10;
    assert_int_equal(hanse_checkpoint_encode(&checkpoint, &small, NULL), HANSE_LIMIT);
    assert_int_equal(small.size, 0);
}

static void test_refused_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t offset;
    } bad[] = {
        {"", 0},
        {"a/b\n", 4},
        {"a/b\n1\n", 6},
        {"a/b\n1\n" ROOT, 50},
        {"a/b\n1\n" ROOT "\nextension\n", 51},
        {"a/b\n1\n" ROOT "\n\n", 51},
        {"\n1\n" ROOT "\n", 0},
        {"A/b\n1\n" ROOT "\n", 0},
        {"a/b\n\n" ROOT "\n", 4},
        {"a/b\n01\n" ROOT "\n", 4},
        {"a/b\n+1\n" ROOT "\n", 4},
        {"a/b\n-1\n" ROOT "\n", 4},
        {"a/b\n1 \n" ROOT "\n", 4},
        {"a/b\n9223372036854775808\n" ROOT "\n", 4},
        {"a/b\n18446744073709551616\n" ROOT "\n", 4},
        {"a/b\n1\n\n", 6},
        {"a/b\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", 6},
        {"a/b\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", 6},
        {"a/b\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx\n", 6},
        {"a/b\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA\n", 6},
        {"a/b\n1\n CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", 6},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hanse_checkpoint checkpoint = {.size = 77};
        struct hanse_error err;
        assert_failure(hanse_checkpoint_decode(hanse_bytes_of_text(bad[i].text), &checkpoint, &err), err,
                       HANSE_MALFORMED, bad[i].offset);
        assert_int_equal(checkpoint.size, 77);
    }
    struct hanse_checkpoint largest;
    assert_int_equal(
        hanse_checkpoint_decode(hanse_bytes_of_text("a/b\n9223372036854775807\n" ROOT "\n"), &largest, NULL),
        HANSE_OK);
}

/* Signs TEXT with the log's key and the witness's. */
static void sign_both(struct hanse_buffer *out)
{
    hanse_buffer_init(out, HANSE_MAX_NOTE_BYTES);
    assert_int_equal(hanse_note_sign(hanse_bytes_of_text(TEXT), &log_signer, 1, out, NULL), HANSE_OK);
    assert_int_equal(hanse_cosignature_sign(&witness, hanse_bytes_of_text(TEXT), 1679315147, out, NULL),
                     HANSE_OK);
}

static enum hanse_status open_both(struct hanse_bytes bytes, const char *origin, uint64_t *out_time,
                                   struct hanse_error *err)
{
    static struct hanse_note note;
    struct hanse_checkpoint checkpoint = {.size = 77};
    struct hanse_note_check checks[] = {{.key = &log_signer.key, .required = true},
                                        {.key = &witness.key, .required = true}};
    enum hanse_status status = hanse_note_decode(bytes, &note, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_open(&note, hanse_bytes_of_text(origin), checks, 2, &checkpoint, err);
    assert_int_equal(checkpoint.size, status == HANSE_OK ? 20852163 : 77);
    if (status == HANSE_OK)
        *out_time = checks[1].cosigned_unix_s;
    return status;
}

static void test_open(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    sign_both(&bytes);
    uint64_t time = 0;
    struct hanse_error err;
    assert_int_equal(open_both(hanse_buffer_view(&bytes), "example.com/behind-the-sofa", &time, NULL),
                     HANSE_OK);
    assert_int_equal(time, 1679315147);
    assert_failure(open_both(hanse_buffer_view(&bytes), "example.com/on-the-sofa", &time, &err), err,
                   HANSE_BAD_SIGNATURE, 0);
}

static void test_every_changed_bit_is_refused(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    sign_both(&bytes);
    uint64_t time;
    for (size_t bit = 0; bit < bytes.size * 8; bit++) {
        struct hanse_error err = {.offset = 0};
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum hanse_status status =
            open_both(hanse_buffer_view(&bytes), "example.com/behind-the-sofa", &time, &err);
        assert_true(status == HANSE_MALFORMED || status == HANSE_BAD_SIGNATURE);
        bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* A note of another kind that the log's key signed, with the text of a checkpoint moved into it. */
static void test_other_notes_are_no_checkpoints(void **state)
{
    (void)state;
    static struct hanse_note note;
    static const char text[] = "hanse.v1 feeds\n1\n" ROOT "\n";
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 1000);
    assert_int_equal(hanse_note_sign(hanse_bytes_of_text(text), &log_signer, 1, &bytes, NULL), HANSE_OK);
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&bytes), &note, NULL), HANSE_OK);
    struct hanse_note_check check = {.key = &log_signer.key};
    struct hanse_checkpoint checkpoint;
    assert_int_equal(
        hanse_checkpoint_open(&note, hanse_bytes_of_text("hanse.v1 feeds"), &check, 1, &checkpoint, NULL),
        HANSE_MALFORMED);
    assert_false(check.verified);
}

static void test_cosignature_refusals(void **state)
{
    (void)state;
    struct hanse_error err;
    uint8_t bytes[73] = {0};
    uint64_t time = 77;
    struct hanse_bytes text = hanse_bytes_of_text(TEXT);
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 1000);
    for (size_t size = 0; size < sizeof bytes; size += 9)
        assert_failure(hanse_cosignature_verify(&witness.key, text, hanse_bytes_of(bytes, size), &time, &err),
                       err, HANSE_BAD_SIGNATURE, HANSE_NO_OFFSET);
    assert_failure(hanse_cosignature_verify(&witness.key, text, hanse_bytes_of(bytes, 73), &time, &err), err,
                   HANSE_BAD_SIGNATURE, HANSE_NO_OFFSET);
    assert_failure(hanse_cosignature_verify(&log_signer.key, text, hanse_bytes_of(bytes, 72), &time, &err),
                   err, HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_failure(hanse_cosignature_sign(&log_signer, text, 1, &out, &err), err, HANSE_INVALID_ARGUMENT,
                   HANSE_NO_OFFSET);
    assert_failure(hanse_cosignature_sign(&witness, text, UINT64_C(1) << 63, &out, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_int_equal(time, 77);
    assert_int_equal(out.size, 0);
    /* A plain signature of the same key over the text is no cosignature. */
    assert_int_equal(hanse_signing_key_sign(witness_key, text, bytes + 8, NULL), HANSE_OK);
    assert_failure(hanse_cosignature_verify(&witness.key, text, hanse_bytes_of(bytes, 72), &time, &err), err,
                   HANSE_BAD_SIGNATURE, HANSE_NO_OFFSET);
    /* What is signed is as the specification writes it. */
    static const char message[] = "cosignature/v1\ntime 1679315147\n" TEXT;
    uint8_t cosignature[72] = {0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb};
    assert_int_equal(hanse_signing_key_sign(witness_key, hanse_bytes_of_text(message), cosignature + 8, NULL),
                     HANSE_OK);
    assert_int_equal(
        hanse_cosignature_verify(&witness.key, text, hanse_bytes_of(cosignature, 72), &time, NULL), HANSE_OK);
    assert_int_equal(time, 1679315147);
}

static enum hanse_status encode_and_decode(void *context)
{
    (void)context;
    struct hanse_checkpoint checkpoint = {.origin = hanse_bytes_of_text("a/b"), .size = 5};
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, 1000);
    enum hanse_status status = hanse_checkpoint_encode(&checkpoint, &text, NULL);
    return status == HANSE_OK ? hanse_checkpoint_decode(hanse_buffer_view(&text), &checkpoint, NULL) : status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    assert_int_equal(anomaly_fail_each_allocation(encode_and_decode, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode_and_encode),
        cmocka_unit_test(test_refused_texts),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_every_changed_bit_is_refused),
        cmocka_unit_test(test_other_notes_are_no_checkpoints),
        cmocka_unit_test(test_cosignature_refusals),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
