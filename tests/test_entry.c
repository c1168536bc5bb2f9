/* SPDX-License-Identifier: Apache-2.0 */
/* Entries and payloads: their form, and what makes them INVALID or UNKNOWN. */
#include "feed_support.h"

#include "crypto/signing_key.h"
#include "feed/entry.h"

#define ORIGIN "city.example/hanse"

static uint8_t good_key[33] = {1};
static const uint8_t identity_key[33] = {1, 1}; /* the neutral point: anybody can sign for it */
static const uint8_t salt[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static int make_key(void **state)
{
    (void)state;
    const uint8_t seed[HANSE_SEED_BYTES] = {42};
    struct hanse_signing_key *key;
    must(hanse_signing_key_from_seed(seed, &key, NULL));
    hanse_signing_key_public(key, good_key + 1);
    hanse_signing_key_free(key);
    return 0;
}

static void test_entry_form(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 1 << 20);
    struct hanse_entry entry = {.commitment = {1, 2, 3}, .header = hanse_bytes_of_text("header")};
    must(hanse_entry_encode(&entry, &out, NULL));
    assert_int_equal(out.size, 38);
    assert_memory_equal(out.data + 32, "header", 6);
    struct hanse_entry back;
    must(hanse_entry_decode(hanse_buffer_view(&out), &back, NULL));
    assert_memory_equal(back.commitment, entry.commitment, 32);
    assert_true(hanse_bytes_equal_text(back.header, "header"));
    must(hanse_entry_decode(hanse_bytes_of(out.data, 32), &back, NULL));
    assert_int_equal(back.header.size, 0);
    struct hanse_error err;
    back.header.size = 77;
    assert_int_equal(hanse_entry_decode(hanse_bytes_of(out.data, 31), &back, &err), HANSE_MALFORMED);
    assert_int_equal(err.offset, 31);
    static uint8_t big[65536];
    assert_int_equal(hanse_entry_decode(hanse_bytes_of(big, 65536), &back, &err), HANSE_LIMIT);
    assert_int_equal(back.header.size, 77);
    must(hanse_entry_decode(hanse_bytes_of(big, 65535), &back, &err));
    size_t before = out.size;
    entry.header = hanse_bytes_of(big, 65504);
    assert_int_equal(hanse_entry_encode(&entry, &out, NULL), HANSE_LIMIT);
    assert_int_equal(out.size, before);
    entry.header.size = 65503;
    must(hanse_entry_encode(&entry, &out, NULL));
}

static void test_payload_form(void **state)
{
    (void)state;
    static uint8_t record[HANSE_MAX_RECORD_BYTES + 1];
    static const struct {
        size_t record;
        uint32_t audience;
        size_t payload;
    } sizes[] = {
        {0, HANSE_AUDIENCE_PUBLIC, 20},
        {1, HANSE_AUDIENCE_PUBLIC, 21},
        {HANSE_MAX_RECORD_BYTES, HANSE_AUDIENCE_PUBLIC, HANSE_MAX_RECORD_BYTES + 20},
        {0, HANSE_AUDIENCE_NETWORK, 256},
        {236, HANSE_AUDIENCE_NETWORK, 256},
        {237, HANSE_AUDIENCE_NETWORK, 512},
        {HANSE_MAX_RECORD_BYTES, HANSE_AUDIENCE_NETWORK, HANSE_MAX_RECORD_BYTES + 256},
    };
    memset(record, 0x77, sizeof record);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        hanse_buffer_init(&out, 2 << 20);
        struct hanse_bytes back;
        must(hanse_payload_encode(salt, hanse_bytes_of(record, sizes[i].record), sizes[i].audience, &out,
                                  NULL));
        assert_int_equal(out.size, sizes[i].payload);
        assert_memory_equal(out.data, salt, 16);
        must(hanse_payload_decode(hanse_buffer_view(&out), sizes[i].audience, &back, NULL));
        assert_true(hanse_bytes_equal(back, hanse_bytes_of(record, sizes[i].record)));
        uint32_t other =
            sizes[i].audience == HANSE_AUDIENCE_PUBLIC ? HANSE_AUDIENCE_NETWORK : HANSE_AUDIENCE_PUBLIC;
        bool fits_both = sizes[i].record % 256 == 236;
        assert_int_equal(hanse_payload_decode(hanse_buffer_view(&out), other, &back, NULL),
                         fits_both ? HANSE_OK : HANSE_MALFORMED);
    }
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 2 << 20);
    assert_int_equal(hanse_payload_encode(salt, hanse_bytes_of(record, sizeof record), 0, &out, NULL),
                     HANSE_LIMIT);
    assert_int_equal(out.size, 0);
}

static void test_payload_faults(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 2 << 20);
    struct hanse_bytes back = {.size = 5};
    struct hanse_error err;
    must(hanse_payload_encode(salt, hanse_bytes_of_text("record"), HANSE_AUDIENCE_NETWORK, &out, NULL));
    for (size_t size = 0; size < 256; size++) {
        struct hanse_bytes cut = hanse_bytes_of(out.data, size);
        assert_int_equal(hanse_payload_decode(cut, HANSE_AUDIENCE_NETWORK, &back, &err), HANSE_MALFORMED);
        assert_int_equal(err.offset, size < 20 ? size : 16);
    }
    for (size_t i = 26; i < 256; i++) {
        out.data[i] = 1;
        assert_int_equal(hanse_payload_decode(hanse_buffer_view(&out), HANSE_AUDIENCE_NETWORK, &back, &err),
                         HANSE_MALFORMED);
        assert_int_equal(err.offset, i);
        out.data[i] = 0;
    }
    must(hanse_buffer_append_be(&out, 0, 8, NULL));
    assert_int_equal(hanse_payload_decode(hanse_buffer_view(&out), HANSE_AUDIENCE_NETWORK, &back, &err),
                     HANSE_MALFORMED);
    out.data[16] = 0x80;
    assert_int_equal(hanse_payload_decode(hanse_buffer_view(&out), HANSE_AUDIENCE_NETWORK, &back, &err),
                     HANSE_LIMIT);
    static uint8_t big[HANSE_MAX_PAYLOAD_BYTES + 1];
    assert_int_equal(hanse_payload_decode(hanse_bytes_of(big, sizeof big), 0, &back, &err), HANSE_LIMIT);
    assert_int_equal(back.size, 5);
}

/* Judges an entry of this header; its commitment is to nothing unless it is a PUT. */
static enum hanse_verdict judge_header(uint64_t index, struct hanse_header header)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_buffer_init(&bytes, 1 << 16);
    hanse_arena_init(&arena, 1 << 16);
    must(hanse_header_encode(&header, &bytes, NULL));
    struct hanse_entry entry = {.header = hanse_buffer_view(&bytes)};
    struct hanse_digest nothing;
    must(hanse_digest_compute(hanse_bytes_of(NULL, 0), &nothing, NULL));
    if (header.operation != HANSE_OPERATION_PUT)
        memcpy(entry.commitment, nothing.bytes, 32);
    struct hanse_header back;
    enum hanse_verdict verdict;
    struct hanse_error reason = {.message = ""};
    must(hanse_entry_judge(index, ORIGIN, &entry, &arena, &back, &verdict, &reason));
    assert_int_equal(back.operation, header.operation);
    assert_int_equal(reason.message[0] != '\0', verdict != HANSE_ENTRY_VALID);
    return verdict;
}

static struct hanse_header key_header(void)
{
    return (struct hanse_header){.operation = HANSE_OPERATION_KEY,
                                 .published_unix_s = SUPPORT_TIME,
                                 .verifier_key = hanse_bytes_of(good_key, 33)};
}

static struct hanse_header successor_header(const char *origin)
{
    return (struct hanse_header){.operation = HANSE_OPERATION_SUCCESSOR,
                                 .published_unix_s = SUPPORT_TIME,
                                 .successor_origin = hanse_bytes_of_text(origin),
                                 .successor_key = hanse_bytes_of(good_key, 33)};
}

static void test_verdicts(void **state)
{
    (void)state;
    struct hanse_header header = put_header(300);
    assert_int_equal(judge_header(1, header), HANSE_ENTRY_VALID);
    header.kind = 9999;
    assert_int_equal(judge_header(1, header), HANSE_ENTRY_UNKNOWN);
    header.kind = 1; /* a field of Record, but no body */
    assert_int_equal(judge_header(1, header), HANSE_ENTRY_UNKNOWN);
    header.payload_bytes = 1;
    assert_int_equal(judge_header(1, header), HANSE_ENTRY_INVALID);
    header = put_header(300);
    header.operation = 6;
    assert_int_equal(judge_header(1, header), HANSE_ENTRY_UNKNOWN);
    header = put_header(300);
    header.audience = 3;
    assert_int_equal(judge_header(1, header), HANSE_ENTRY_UNKNOWN);

    assert_int_equal(judge_header(0, key_header()), HANSE_ENTRY_VALID);
    header = key_header();
    header.verifier_key = hanse_bytes_of(identity_key, 33);
    assert_int_equal(judge_header(0, header), HANSE_ENTRY_INVALID);
    header = key_header();
    header.transport_key = hanse_bytes_of(identity_key + 1, 32);
    assert_int_equal(judge_header(0, header), HANSE_ENTRY_INVALID);
    header.transport_key = hanse_bytes_of(good_key + 1, 32);
    assert_int_equal(judge_header(0, header), HANSE_ENTRY_VALID);
    const struct hanse_bytes weak[] = {{identity_key, 33}};
    const struct hanse_bytes strong[] = {{good_key, 33}};
    header.recovery_keys = weak;
    header.recovery_key_count = 1;
    header.recovery_threshold = 1;
    assert_int_equal(judge_header(0, header), HANSE_ENTRY_INVALID);
    header.recovery_keys = strong;
    assert_int_equal(judge_header(0, header), HANSE_ENTRY_VALID);
    header.predecessor_origin = hanse_bytes_of_text("old.example/h");
    header.predecessor_size = 3;
    header.predecessor_root = hanse_bytes_of(salt, 16);
    assert_int_equal(judge_header(0, header), HANSE_ENTRY_INVALID);
    header.predecessor_root = hanse_bytes_of(good_key, 32);
    assert_int_equal(judge_header(0, header), HANSE_ENTRY_VALID);
    assert_int_equal(judge_header(1, header), HANSE_ENTRY_INVALID);
    header.predecessor_origin = hanse_bytes_of_text("Old.example/h");
    assert_int_equal(judge_header(0, header), HANSE_ENTRY_INVALID);

    assert_int_equal(judge_header(1, successor_header("new.example/h")), HANSE_ENTRY_VALID);
    assert_int_equal(judge_header(1, successor_header(ORIGIN)), HANSE_ENTRY_INVALID);
    assert_int_equal(judge_header(1, successor_header("new.example")), HANSE_ENTRY_INVALID);
    header = successor_header("new.example/h");
    header.successor_key = hanse_bytes_of(identity_key, 33);
    assert_int_equal(judge_header(1, header), HANSE_ENTRY_INVALID);
}

static enum hanse_verdict judge_bytes(struct hanse_bytes header, const uint8_t *commitment,
                                      struct hanse_header *out)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1 << 16);
    struct hanse_entry entry = {.header = header};
    enum hanse_verdict verdict;
    if (commitment != NULL)
        memcpy(entry.commitment, commitment, 32);
    must(hanse_entry_judge(7, ORIGIN, &entry, &arena, out, &verdict, NULL));
    return verdict;
}

static void test_verdicts_on_bytes(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 1 << 16);
    struct hanse_header header = key_header();
    struct hanse_header out = {.operation = 99};
    struct hanse_digest nothing;
    must(hanse_digest_compute(hanse_bytes_of(NULL, 0), &nothing, NULL));
    must(hanse_header_encode(&header, &bytes, NULL));
    assert_int_equal(judge_bytes(hanse_buffer_view(&bytes), nothing.bytes, &out), HANSE_ENTRY_VALID);
    /* A commitment to something. */
    assert_int_equal(judge_bytes(hanse_buffer_view(&bytes), NULL, &out), HANSE_ENTRY_INVALID);
    assert_int_equal(out.operation, HANSE_OPERATION_KEY);
    /* 1,024 bytes with an unknown field that fills them, then one more. */
    size_t filler = 1024 - 32 - bytes.size - 3;
    size_t before = bytes.size;
    for (size_t more = 0; more <= 1; more++) {
        bytes.size = before;
        must(hanse_buffer_append_u8(&bytes, 13u << 3 | 2u, NULL));
        must(hanse_buffer_append_varint(&bytes, filler + more, NULL));
        must(hanse_buffer_reserve(&bytes, filler + more, NULL));
        memset(bytes.data + bytes.size, 'x', filler + more);
        bytes.size += filler + more;
        assert_int_equal(bytes.size, 992 + more);
        assert_int_equal(judge_bytes(hanse_buffer_view(&bytes), nothing.bytes, &out),
                         more == 0 ? HANSE_ENTRY_VALID : HANSE_ENTRY_INVALID);
        assert_int_equal(out.operation, HANSE_OPERATION_KEY);
    }
    struct hex_bytes broken = from_hex("08 04 08 04");
    assert_int_equal(judge_bytes(view_of(&broken), nothing.bytes, &out), HANSE_ENTRY_INVALID);
    assert_int_equal(out.operation, 0);
    out.operation = 99;
    assert_int_equal(judge_bytes(hanse_bytes_of(NULL, 0), nothing.bytes, &out), HANSE_ENTRY_INVALID);
    assert_int_equal(out.operation, 0);
}

static enum hanse_verdict judge_record(uint32_t audience, uint32_t kind, const char *record_hex,
                                       struct hanse_bytes *out_record)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer payload;
    hanse_buffer_init(&payload, 1 << 16);
    struct hex_bytes record = from_hex(record_hex);
    must(hanse_payload_encode(salt, view_of(&record), audience, &payload, NULL));
    struct hanse_header header = put_header((uint32_t)payload.size);
    header.audience = audience;
    header.kind = kind;
    enum hanse_verdict verdict;
    struct hanse_error reason = {.message = ""};
    must(hanse_payload_judge(&header, hanse_buffer_view(&payload), out_record, &verdict, &reason));
    assert_int_equal(reason.message[0] != '\0', verdict != HANSE_ENTRY_VALID);
    assert_int_equal(out_record->size, verdict == HANSE_ENTRY_VALID ? record.size : 0);
    return verdict;
}

static void test_records(void **state)
{
    (void)state;
    struct hanse_bytes record;
    const uint32_t open = HANSE_AUDIENCE_PUBLIC;
    const uint32_t closed = HANSE_AUDIENCE_NETWORK;
    assert_int_equal(judge_record(open, 26, "d2 01 00", &record), HANSE_ENTRY_VALID);
    assert_int_equal(judge_record(open, 26, "d2 81 00 80 00", &record), HANSE_ENTRY_VALID); /* long varints */
    assert_int_equal(judge_record(open, 17, "d2 01 00", &record), HANSE_ENTRY_INVALID);     /* other kind */
    assert_int_equal(judge_record(open, 26, "", &record), HANSE_ENTRY_INVALID);             /* no body */
    assert_int_equal(judge_record(open, 26, "7a 00", &record), HANSE_ENTRY_INVALID);
    assert_int_equal(judge_record(open, 26, "d2 01 00 d2 01 00", &record), HANSE_ENTRY_INVALID);
    assert_int_equal(judge_record(open, 26, "8a 01 00 d2 01 00", &record), HANSE_ENTRY_INVALID);
    assert_int_equal(judge_record(open, 26, "d2 01 00 f2 3e 00", &record), HANSE_ENTRY_INVALID); /* 1006 */
    assert_int_equal(judge_record(open, 26, "d2 01 01", &record), HANSE_ENTRY_INVALID); /* cut short */
    assert_int_equal(judge_record(open, 26, "d0 01 00", &record), HANSE_ENTRY_INVALID); /* a number */
    assert_int_equal(judge_record(open, 26, "0a 00 0a 00 d2 01 00", &record), HANSE_ENTRY_INVALID);
    assert_int_equal(judge_record(open, 26, "7a 03 0a 01 ff d2 01 00", &record), HANSE_ENTRY_INVALID);
    assert_int_equal(judge_record(open, 26, "7a 03 0a 01 00 d2 01 00", &record), HANSE_ENTRY_INVALID);
    assert_int_equal(judge_record(open, 26, "7a 03 0a 01 41 d2 01 00", &record), HANSE_ENTRY_VALID);
    assert_int_equal(judge_record(closed, 0, "d2 01 00", &record), HANSE_ENTRY_VALID);
    assert_int_equal(judge_record(closed, 0, "8a 01 00", &record), HANSE_ENTRY_VALID);
    assert_int_equal(judge_record(closed, 0, "f2 3e 00", &record), HANSE_ENTRY_UNKNOWN);
    assert_int_equal(judge_record(closed, 0, "7a 00", &record), HANSE_ENTRY_INVALID);

    struct hanse_header header = put_header(24);
    enum hanse_verdict verdict;
    struct hex_bytes payload = from_hex("01020304050607080910111213141516 00000003 d2 01 00");
    must(hanse_payload_judge(&header, view_of(&payload), &record, &verdict, NULL));
    assert_int_equal(verdict, HANSE_ENTRY_INVALID); /* 23 bytes, not 24 */
    header.payload_bytes = 23;
    must(hanse_payload_judge(&header, view_of(&payload), &record, &verdict, NULL));
    assert_int_equal(verdict, HANSE_ENTRY_VALID);
    assert_ptr_equal(record.data, payload.data + 20);
    header.audience = HANSE_AUDIENCE_PARTIES; /* not opened */
    payload.size = 5;
    must(hanse_payload_judge(&header, view_of(&payload), &record, &verdict, NULL));
    assert_int_equal(verdict, HANSE_ENTRY_VALID);
    assert_int_equal(record.size, 0);
}

static enum hanse_status judge_all(void *context)
{
    (void)context;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_buffer_init(&out, 1 << 16);
    hanse_arena_init(&arena, 1 << 16);
    const struct hanse_bytes strong[] = {{good_key, 33}};
    struct hanse_header header = key_header();
    header.recovery_keys = strong;
    header.recovery_key_count = 1;
    header.recovery_threshold = 1;
    struct hanse_header back = {.operation = 99};
    enum hanse_verdict verdict = HANSE_ENTRY_UNKNOWN;
    struct hanse_digest nothing;
    enum hanse_status status = hanse_digest_compute(hanse_bytes_of(NULL, 0), &nothing, NULL);
    if (status == HANSE_OK)
        status = hanse_header_encode(&header, &out, NULL);
    if (status != HANSE_OK)
        return status;
    struct hanse_entry entry = {.header = hanse_buffer_view(&out)};
    memcpy(entry.commitment, nothing.bytes, 32);
    status = hanse_entry_judge(0, ORIGIN, &entry, &arena, &back, &verdict, NULL);
    assert_int_equal(verdict, status == HANSE_OK ? HANSE_ENTRY_VALID : HANSE_ENTRY_UNKNOWN);
    assert_int_equal(back.operation, status == HANSE_OK ? HANSE_OPERATION_KEY : 99);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    fail_each_allocation(judge_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entry_form),          cmocka_unit_test(test_payload_form),
        cmocka_unit_test(test_payload_faults),      cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_verdicts_on_bytes),   cmocka_unit_test(test_records),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, make_key, NULL);
}
