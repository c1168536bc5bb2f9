/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests and key changes: both ways, and each rule broken once. */
#include "feed_support.h"

#include "wire/manifest.h"

static enum hanse_status decode(struct hanse_bytes bytes, struct hanse_manifest *out, struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 16 << 20);
    return hanse_manifest_decode(bytes, &arena, out, err);
}

static void test_empty_manifest(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 100);
    const struct hanse_manifest empty = {0};
    must(hanse_manifest_encode(&empty, &out, NULL));
    const uint8_t expected[] = {0x08, 0x01};
    assert_int_equal(out.size, 2);
    assert_memory_equal(out.data, expected, 2);
    struct hanse_manifest back = {.segment_count = 5};
    must(decode(hanse_buffer_view(&out), &back, NULL));
    assert_int_equal(back.segment_count, 0);
}

static void test_round_trip(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_buffer_init(&out, 1000);
    hanse_arena_init(&arena, 1 << 16);
    struct hanse_block first[] = {{0, 0}, {3, 400}};
    struct hanse_block second[] = {{0, 0}};
    struct hanse_segment segments[] = {
        {.first_index = 0,
         .entries = 10,
         .bytes = 1000,
         .generation = 0x0102030405060708,
         .sealed = true,
         .blocks = first,
         .block_count = 2},
        {.first_index = 10, .entries = 1, .bytes = 60, .blocks = second, .block_count = 1},
    };
    const struct hanse_manifest manifest = {segments, 2};
    must(hanse_manifest_encode(&manifest, &out, NULL));
    const struct hex_bytes expected =
        from_hex("08 01 12 19 10 0a 18 e8 07 21 0807060504030201 28 01 32 00 32 05 08 03 10 90 03"
                 "12 08 08 0a 10 01 18 3c 32 00");
    assert_int_equal(out.size, expected.size);
    assert_memory_equal(out.data, expected.data, expected.size);
    struct hanse_manifest back;
    must(hanse_manifest_decode(hanse_buffer_view(&out), &arena, &back, NULL));
    assert_int_equal(back.segment_count, 2);
    assert_int_equal(back.segments[0].entries, 10);
    assert_int_equal(back.segments[0].bytes, 1000);
    assert_true(back.segments[0].generation == 0x0102030405060708);
    assert_true(back.segments[0].sealed);
    assert_int_equal(back.segments[0].block_count, 2);
    assert_int_equal(back.segments[0].blocks[1].entries_before, 3);
    assert_int_equal(back.segments[0].blocks[1].offset, 400);
    assert_int_equal(back.segments[1].first_index, 10);
    assert_int_equal(back.segments[1].generation, 0);
    assert_false(back.segments[1].sealed);
}

/* S: segment of one entry and two bytes with one block; numbers count bytes of the manifest. */
static const struct {
    const char *hex;
    enum hanse_status status;
    uint64_t offset;
} cases[] = {
    {"08 01 12 06 10 01 18 02 32 00", HANSE_OK, 0},
    {"08 01 12 06 10 01 18 02 32 00 1a 01 05", HANSE_OK, 0}, /* unknown */
    {"12 06 10 01 18 02 32 00", HANSE_UNSUPPORTED, HANSE_NO_OFFSET},
    {"08 02 12 06 10 01 18 02 32 00", HANSE_UNSUPPORTED, HANSE_NO_OFFSET},
    {"08 01 12 00", HANSE_MALFORMED, 2},
    {"08 01 12 04 18 02 32 00", HANSE_MALFORMED, 2},                   /* no entry */
    {"08 01 12 04 10 01 18 02", HANSE_MALFORMED, 2},                   /* no block */
    {"08 01 12 04 10 01 32 00", HANSE_MALFORMED, 2},                   /* no bytes */
    {"08 01 12 08 08 01 10 01 18 02 32 00", HANSE_MALFORMED, 2},       /* not from index 0 */
    {"08 01 12 08 10 01 18 02 32 02 08 00", HANSE_MALFORMED, 10},      /* default in the block */
    {"08 01 12 0a 10 02 18 02 32 04 08 01 10 01", HANSE_MALFORMED, 2}, /* first block not at 0 */
    {"08 01 12 08 10 02 18 02 28 02 32 00", HANSE_MALFORMED, 8},       /* a bool of 2 */
    {"08 01 12 0c 10 02 18 02 32 00 32 04 08 01 10 01", HANSE_OK, 0},
    {"08 01 12 0c 10 02 18 02 32 00 32 04 08 02 10 01", HANSE_MALFORMED, 2}, /* past the entries */
    {"08 01 12 0c 10 02 18 02 32 00 32 04 08 01 10 02", HANSE_MALFORMED, 2}, /* past the bytes */
    {"08 01 12 0a 10 02 18 02 32 00 32 02 08 01", HANSE_MALFORMED, 2},       /* offset does not ascend */
    {"08 01 12 0a 10 02 18 02 32 00 32 02 10 01", HANSE_MALFORMED, 2},       /* nor the index */
    {"08 01 12 06 10 01 18 02 32 00 12 08 08 01 10 01 18 02 32 00", HANSE_MALFORMED, 2}, /* unsealed */
    {"08 01 12 08 10 01 18 02 28 01 32 00 12 08 08 01 10 01 18 02 32 00", HANSE_OK, 0},
    {"08 01 12 08 10 01 18 02 28 01 32 00 12 0a 08 01 10 01 18 02 28 01 32 00", HANSE_OK, 0},
    {"08 01 12 08 10 01 18 02 28 01 32 00 12 08 08 02 10 01 18 02 32 00", HANSE_MALFORMED, 12}, /* gap */
    {"08 01 12 08 10 01 18 02 28 01 32 00 12 06 10 01 18 02 32 00", HANSE_MALFORMED, 12},
    {"08 01 12 09 10 01 18 80 80 80 20 32 00", HANSE_OK, 0},    /* 64 MiB */
    {"08 01 12 09 10 01 18 81 80 80 20 32 00", HANSE_LIMIT, 2}, /* one more */
    {"08 01 12 0e 10 ff ff ff ff ff ff ff ff 7f 18 02 32 00", HANSE_OK, 0},
    {"08 01 12 0f 10 80 80 80 80 80 80 80 80 80 01 18 02 32 00", HANSE_MALFORMED, 2},
    {"12 06 10 01 18 02 32 00 08 01", HANSE_MALFORMED, 8},
    {"08 01 12 07 10 01 18 02 32 00", HANSE_MALFORMED, 2},
    {"08 01 12 06 10 01 18 02 32", HANSE_MALFORMED, 2},
};

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hex_bytes bytes = from_hex(cases[i].hex);
        struct hanse_manifest out = {.segment_count = 99};
        struct hanse_error err = {.offset = 0};
        enum hanse_status status = decode(view_of(&bytes), &out, &err);
        if (status != cases[i].status || (status != HANSE_OK && err.offset != cases[i].offset))
            fail_msg("\"%s\": %d at %d (%s)", cases[i].hex, status, (int)err.offset, err.message);
        if (status != HANSE_OK)
            assert_int_equal(out.segment_count, 99);
    }
}

static void test_size_limit(void **state)
{
    (void)state;
    static uint8_t big[HANSE_MAX_MANIFEST_BYTES + 1];
    struct hanse_manifest out;
    assert_int_equal(decode(hanse_bytes_of(big, sizeof big), &out, NULL), HANSE_LIMIT);
    /* More segments than can be valid are refused before memory is taken for them. */
    for (size_t i = 0; i + 1 < sizeof big; i += 2) {
        big[i] = i == 0 ? 0x08 : 0x12;
        big[i + 1] = i == 0 ? 0x01 : 0x00;
    }
    assert_int_equal(decode(hanse_bytes_of(big, sizeof big - 1), &out, NULL), HANSE_LIMIT);
    /* 140,000 blocks with long numbers have over 1 MiB. */
    static struct hanse_block blocks[140000];
    for (size_t i = 1; i < 140000; i++)
        blocks[i] = (struct hanse_block){i + 3000000, i + 3000000};
    struct hanse_segment segment = {
        .entries = 1u << 30, .bytes = 1u << 25, .blocks = blocks, .block_count = 140000};
    const struct hanse_manifest manifest = {&segment, 1};
    HANSE_SCOPED_BUFFER struct hanse_buffer buffer;
    hanse_buffer_init(&buffer, 4 << 20);
    assert_int_equal(hanse_manifest_encode(&manifest, &buffer, NULL), HANSE_LIMIT);
    assert_int_equal(buffer.size, 0);
    segment.block_count = 80000;
    must(hanse_manifest_encode(&manifest, &buffer, NULL));
    must(decode(hanse_buffer_view(&buffer), &out, NULL));
}

static void check_any(struct hanse_bytes bytes)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1 << 20);
    struct hanse_manifest manifest;
    struct hanse_key_change change;
    (void)!hanse_manifest_decode(bytes, &arena, &manifest, NULL);
    (void)!hanse_key_change_decode(bytes, &arena, &change, NULL);
}

static void test_flips_and_cuts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hex_bytes bytes = from_hex(cases[i].hex);
        for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
            bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
            check_any(view_of(&bytes));
            bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        for (size_t size = 0; size < bytes.size; size++)
            check_any(hanse_bytes_of(bytes.data, size));
    }
}

static void test_key_change(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_buffer_init(&out, 512 << 10);
    hanse_arena_init(&arena, 1 << 16);
    static const uint8_t hash[32] = {7};
    struct hanse_bytes proof[64];
    for (size_t i = 0; i < 64; i++)
        proof[i] = hanse_bytes_of(hash, 32);
    struct hanse_key_change change = {.index = 9,
                                      .entry = hanse_bytes_of_text("entry"),
                                      .checkpoint = hanse_bytes_of_text("note"),
                                      .proof = proof,
                                      .proof_count = 63};
    must(hanse_key_change_encode(&change, &out, NULL));
    struct hanse_key_change back = {.index = 1};
    must(hanse_key_change_decode(hanse_buffer_view(&out), &arena, &back, NULL));
    assert_int_equal(back.index, 9);
    assert_true(hanse_bytes_equal_text(back.entry, "entry"));
    assert_true(hanse_bytes_equal_text(back.checkpoint, "note"));
    assert_int_equal(back.proof_count, 63);
    assert_memory_equal(back.proof[62].data, hash, 32);
    size_t before = out.size;
    change.proof_count = 64;
    assert_int_equal(hanse_key_change_encode(&change, &out, NULL), HANSE_LIMIT);
    assert_int_equal(out.size, before);

    struct hanse_error err;
    struct hex_bytes small = from_hex("08 09 12 01 aa 22 02 0102");
    assert_int_equal(hanse_key_change_decode(view_of(&small), &arena, &back, &err), HANSE_MALFORMED);
    assert_int_equal(err.offset, 5);
    struct hex_bytes none = from_hex("08 09 12 01 aa 22 00");
    assert_int_equal(hanse_key_change_decode(view_of(&none), &arena, &back, &err), HANSE_MALFORMED);
    assert_int_equal(err.offset, 5);
    static uint8_t big[HANSE_MAX_KEY_CHANGE_BYTES + 1];
    assert_int_equal(hanse_key_change_decode(hanse_bytes_of(big, sizeof big), &arena, &back, NULL),
                     HANSE_LIMIT);
    change.proof_count = 0;
    change.entry = hanse_bytes_of(big, sizeof big);
    assert_int_equal(hanse_key_change_encode(&change, &out, NULL), HANSE_LIMIT);
    assert_int_equal(out.size, before);
}

static enum hanse_status decode_all(void *context)
{
    (void)context;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1 << 16);
    struct hex_bytes bytes = from_hex("08 01 12 06 10 01 18 02 32 00");
    struct hanse_manifest manifest = {.segment_count = 77};
    enum hanse_status status = hanse_manifest_decode(view_of(&bytes), &arena, &manifest, NULL);
    assert_int_equal(manifest.segment_count, status == HANSE_OK ? 1 : 77);
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 100);
    if (status == HANSE_OK)
        status = hanse_manifest_encode(&manifest, &out, NULL);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    fail_each_allocation(decode_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_manifest),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_size_limit),
        cmocka_unit_test(test_flips_and_cuts),
        cmocka_unit_test(test_key_change),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
