/* SPDX-License-Identifier: Apache-2.0 */
/* Headers: canonical form both ways, presence rules, what a hostile header can do. */
#include "feed_support.h"

#define ID "12 10 018f0000000070018002030405060708"

static const uint8_t key_a[33] = {1, 2, 3};
static const uint8_t key_b[33] = {1, 2, 4};
static const uint8_t network_a[16] = {1};
static const uint8_t network_b[16] = {2};
static const uint8_t root[32] = {9};

static const struct hanse_bytes networks[] = {{network_a, 16}, {network_b, 16}};
static const struct hanse_bytes recovery[] = {{key_a, 33}, {key_b, 33}};
static const struct hanse_index_range ranges[] = {{2, 3}, {5, 1}, {90, 10}};

static struct hanse_header withdraw_header(void)
{
    return (struct hanse_header){.operation = HANSE_OPERATION_WITHDRAW,
                                 .record_id = hanse_bytes_of(support_id, sizeof support_id),
                                 .audience = HANSE_AUDIENCE_NETWORK,
                                 .network_ids = networks,
                                 .network_id_count = 2,
                                 .published_unix_s = SUPPORT_TIME,
                                 .reason = 3};
}

static struct hanse_header erase_header(void)
{
    return (struct hanse_header){.operation = HANSE_OPERATION_ERASE,
                                 .published_unix_s = SUPPORT_TIME,
                                 .reason = 4,
                                 .erased = ranges,
                                 .erased_count = 3,
                                 .erase_by_unix_s = SUPPORT_TIME + 86400};
}

static struct hanse_header key_header(void)
{
    return (struct hanse_header){.operation = HANSE_OPERATION_KEY,
                                 .published_unix_s = SUPPORT_TIME,
                                 .verifier_key = hanse_bytes_of(key_a, 33),
                                 .transport_key = hanse_bytes_of(root, 32),
                                 .encryption_key = hanse_bytes_of(root, 17),
                                 .recovery_keys = recovery,
                                 .recovery_key_count = 2,
                                 .recovery_threshold = 2,
                                 .predecessor_origin = hanse_bytes_of_text("old.example/h"),
                                 .predecessor_size = 7,
                                 .predecessor_root = hanse_bytes_of(root, 32)};
}

static struct hanse_header successor_header(void)
{
    return (struct hanse_header){.operation = HANSE_OPERATION_SUCCESSOR,
                                 .published_unix_s = SUPPORT_TIME,
                                 .successor_origin = hanse_bytes_of_text("new.example/h"),
                                 .successor_key = hanse_bytes_of(key_b, 33)};
}

static struct hanse_header header_of(unsigned operation)
{
    return operation == HANSE_OPERATION_PUT        ? put_header(300)
           : operation == HANSE_OPERATION_WITHDRAW ? withdraw_header()
           : operation == HANSE_OPERATION_ERASE    ? erase_header()
           : operation == HANSE_OPERATION_KEY      ? key_header()
                                                   : successor_header();
}

static enum hanse_status decode(struct hanse_bytes bytes, struct hanse_header *out, struct hanse_error *err)
{
    /* The views of the lists die with the arena: callers look at numbers only. */
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 1 << 16);
    return hanse_header_decode(bytes, &arena, out, err);
}

static void test_known_bytes(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 4096);
    struct hanse_header header = put_header(300);
    must(hanse_header_encode(&header, &out, NULL));
    const struct hex_bytes expected = from_hex("08 01" ID "28 80 82 92 c9 06"
                                               "30 ac 02"
                                               "38 1a");
    assert_int_equal(out.size, expected.size);
    assert_memory_equal(out.data, expected.data, expected.size);
    hanse_buffer_clear(&out);
    struct hanse_header withdraw = withdraw_header();
    must(hanse_header_encode(&withdraw, &out, NULL));
    const struct hex_bytes expected_withdraw = from_hex("08 02" ID "18 01"
                                                        "22 10 01000000000000000000000000000000"
                                                        "22 10 02000000000000000000000000000000"
                                                        "28 80 82 92 c9 06"
                                                        "40 03");
    assert_int_equal(out.size, expected_withdraw.size);
    assert_memory_equal(out.data, expected_withdraw.data, expected_withdraw.size);
    hanse_buffer_clear(&out);
    struct hanse_header erase = erase_header();
    must(hanse_header_encode(&erase, &out, NULL));
    const struct hex_bytes expected_erase = from_hex("08 03"
                                                     "28 80 82 92 c9 06"
                                                     "40 04"
                                                     "4a 04 08 02 10 03"
                                                     "4a 04 08 05 10 01"
                                                     "4a 04 08 5a 10 0a"
                                                     "50 80 a5 97 c9 06");
    assert_int_equal(out.size, expected_erase.size);
    assert_memory_equal(out.data, expected_erase.data, expected_erase.size);
}

static void assert_same_header(const struct hanse_header *a, const struct hanse_header *b)
{
    assert_int_equal(a->operation, b->operation);
    assert_true(hanse_bytes_equal(a->record_id, b->record_id));
    assert_int_equal(a->audience, b->audience);
    assert_int_equal(a->network_id_count, b->network_id_count);
    for (size_t i = 0; i < a->network_id_count; i++)
        assert_true(hanse_bytes_equal(a->network_ids[i], b->network_ids[i]));
    assert_int_equal(a->published_unix_s, b->published_unix_s);
    assert_int_equal(a->payload_bytes, b->payload_bytes);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->reason, b->reason);
    assert_int_equal(a->erased_count, b->erased_count);
    for (size_t i = 0; i < a->erased_count; i++) {
        assert_int_equal(a->erased[i].first, b->erased[i].first);
        assert_int_equal(a->erased[i].count, b->erased[i].count);
    }
    assert_int_equal(a->erase_by_unix_s, b->erase_by_unix_s);
    assert_true(hanse_bytes_equal(a->verifier_key, b->verifier_key));
    assert_true(hanse_bytes_equal(a->transport_key, b->transport_key));
    assert_true(hanse_bytes_equal(a->encryption_key, b->encryption_key));
    assert_int_equal(a->recovery_key_count, b->recovery_key_count);
    for (size_t i = 0; i < a->recovery_key_count; i++)
        assert_true(hanse_bytes_equal(a->recovery_keys[i], b->recovery_keys[i]));
    assert_int_equal(a->recovery_threshold, b->recovery_threshold);
    assert_true(hanse_bytes_equal(a->predecessor_origin, b->predecessor_origin));
    assert_int_equal(a->predecessor_size, b->predecessor_size);
    assert_true(hanse_bytes_equal(a->predecessor_root, b->predecessor_root));
    assert_true(hanse_bytes_equal(a->successor_origin, b->successor_origin));
    assert_true(hanse_bytes_equal(a->successor_key, b->successor_key));
}

static void test_round_trips(void **state)
{
    (void)state;
    for (unsigned operation = 1; operation <= 5; operation++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        HANSE_SCOPED_ARENA struct hanse_arena arena;
        hanse_buffer_init(&out, 4096);
        hanse_arena_init(&arena, 1 << 16);
        struct hanse_header header = header_of(operation);
        struct hanse_header back;
        must(hanse_header_check(&header, operation == HANSE_OPERATION_KEY ? 0 : 100, NULL));
        must(hanse_header_encode(&header, &out, NULL));
        must(hanse_header_decode(hanse_buffer_view(&out), &arena, &back, NULL));
        assert_same_header(&header, &back);
        assert_false(back.has_unknown_fields);
        assert_int_equal(back.has_key, operation == HANSE_OPERATION_KEY);
        assert_int_equal(back.has_predecessor, operation == HANSE_OPERATION_KEY);
        assert_int_equal(back.has_successor, operation == HANSE_OPERATION_SUCCESSOR);
    }
}

/* Each: bytes, the offset of the fault (-1: accepted). */
static const struct {
    const char *hex;
    int offset;
} forms[] = {
    {"", -1},
    {"08 01", -1},
    {"08 00", 0},                   /* default */
    {"08 01 08 01", 2},             /* duplicate */
    {"08 01 08 02", 2},             /* duplicate */
    {"28 01 08 01", 2},             /* order */
    {"08 8100", 0},                 /* value not shortest */
    {"88 00 01", 0},                /* key not shortest */
    {"08 ffffffff0f", -1},          /* fits 32 bits */
    {"08 8080808010", 0},           /* does not */
    {"08 ffffffffffffffffff01", 0}, /* 64 bits where 32 fit */
    {"28 ffffffffffffffffff01", -1},
    {"28 ffffffffffffffffff02", 0},   /* 65 bits */
    {"28 ffffffffffffffffffff01", 0}, /* 11 bytes */
    {"12 00", 0},                     /* empty bytes */
    {"12 01 aa", -1},                 /* length is for the check */
    {"12 81 00 aa", 0},               /* length not shortest */
    {"12 02 aa", 0},                  /* cut short */
    {"12", 0},
    {"08", 0},
    {"08 81", 0},
    {"10 01", 0},       /* record_id as a varint */
    {"0a 01 01", 0},    /* operation as bytes */
    {"2a 02 01 02", 0}, /* packed number */
    {"4a 00", -1},      /* an element may be empty */
    {"4a 02 08 01 4a 02 08 02", -1},
    {"4a 02 08 02 4a 02 08 01", 4},       /* unsorted */
    {"4a 02 08 01 4a 02 08 01", 4},       /* duplicate */
    {"4a 02 08 01 4a 04 08 01 10 02", 4}, /* the same first */
    {"4a 02 08 00", 2},                   /* default inside */
    {"4a 04 10 01 08 01", 4},             /* order inside */
    {"4a 02 08 01 50 01 4a 02 08 02", 6}, /* not adjacent */
    {"22 01 01 22 01 02", -1},
    {"22 01 02 22 01 01", 3},
    {"22 01 01 22 01 01", 3},
    {"22 01 01 22 02 01 00", -1}, /* a prefix comes first */
    {"22 02 01 00 22 01 01", 4},
    {"22 01 01 20 01", 3},          /* another wire type among the elements */
    {"5a 00", 0},                   /* empty message */
    {"5a 04 32 02 0a 00", 4},       /* default two levels down */
    {"5a 06 22 01 02 22 01 01", 5}, /* recovery keys unsorted */
    {"5a 02 0a 01", 2},             /* inner length past the inner end */
    {"5a 05 0a 01 aa 0a 01", 5},
    {"08 01 78 05 80 01 07", -1},      /* unknown 15 and 16 in place */
    {"70 00", -1},                     /* unknown: nobody knows its default */
    {"08 01 69 0102030405060708", -1}, /* unknown fixed64 */
    {"08 01 6d 01020304", -1},         /* unknown fixed32 */
    {"08 01 6d 010203", 2},
    {"08 01 69 01020304050607", 2},
    {"08 01 6a 02 ffff 6a 00", -1}, /* unknown and repeated */
    {"78 05 08 01", 2},             /* known behind unknown */
    {"80 01 05 78 01", 3},          /* unknown out of order */
    {"08 01 6b", 2},                /* wire type 3 */
    {"08 01 6c", 2},                /* 4 */
    {"08 01 6e", 2},                /* 6 */
    {"08 01 6f", 2},                /* 7 */
    {"0b 0c", 0},                   /* a group in place of a known field */
    {"00 01", 0},                   /* field 0 */
    {"f8 ff ff ff 0f 01", -1},      /* field 2^29 - 1 */
    {"80 80 80 80 10 01", 0},       /* field 2^29 */
    {"08 01 78 81 00", 2},          /* unknown value not shortest */
    {"5a 05 0a 01 aa 38 05", -1},   /* unknown field 7 inside the key set */
    {"62 04 0a 01 61 08", 2 + 3},   /* broken inside the successor */
};

static void test_canonical_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct hex_bytes bytes = from_hex(forms[i].hex);
        struct hanse_header header = {.operation = 77};
        struct hanse_error err = {.offset = 0};
        enum hanse_status status = decode(view_of(&bytes), &header, &err);
        if (forms[i].offset < 0) {
            if (status != HANSE_OK)
                fail_msg("\"%s\" is refused: %s", forms[i].hex, err.message);
            continue;
        }
        if (status != HANSE_MALFORMED || err.offset != (uint64_t)forms[i].offset)
            fail_msg("\"%s\" gives %d at %d: %s", forms[i].hex, status, (int)err.offset, err.message);
        assert_int_equal(header.operation, 77);
    }
}

static void test_unknown_fields_are_told(void **state)
{
    (void)state;
    struct hanse_header header;
    struct hex_bytes outside = from_hex("08 01 78 05");
    must(decode(view_of(&outside), &header, NULL));
    assert_true(header.has_unknown_fields);
    struct hex_bytes inside = from_hex("08 04 5a 05 0a 01 aa 38 05");
    must(decode(view_of(&inside), &header, NULL));
    assert_true(header.has_unknown_fields);
    assert_int_equal(header.verifier_key.size, 1);
    /* A message that holds unknown fields alone is there all the same. */
    struct hex_bytes only = from_hex("08 01 5a 02 38 05");
    must(decode(view_of(&only), &header, NULL));
    assert_true(header.has_key);
    assert_int_equal(hanse_header_check(&header, 1, NULL), HANSE_MALFORMED);
}

static void test_list_limits(void **state)
{
    (void)state;
    for (unsigned count = 64; count <= 65; count++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
        hanse_buffer_init(&bytes, 4096);
        for (unsigned i = 0; i < count; i++) {
            const uint8_t element[3] = {0x22, 1, (uint8_t)(i + 1)};
            must(hanse_buffer_append(&bytes, hanse_bytes_of(element, 3), NULL));
        }
        struct hanse_header header;
        assert_int_equal(decode(hanse_buffer_view(&bytes), &header, NULL),
                         count == 64 ? HANSE_OK : HANSE_LIMIT);
    }
    struct hanse_bytes many[65];
    uint8_t ids[65][16] = {{0}};
    for (size_t i = 0; i < 65; i++) {
        ids[i][0] = (uint8_t)(i + 1);
        many[i] = hanse_bytes_of(ids[i], 16);
    }
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 4096);
    struct hanse_header header = withdraw_header();
    header.network_ids = many;
    header.network_id_count = 65;
    assert_int_equal(hanse_header_encode(&header, &out, NULL), HANSE_LIMIT);
    assert_int_equal(hanse_header_check(&header, 1, NULL), HANSE_MALFORMED);
    header.network_id_count = 64;
    must(hanse_header_encode(&header, &out, NULL));
    must(hanse_header_check(&header, 1, NULL));
    size_t size = out.size;
    struct hanse_bytes swapped[2] = {networks[1], networks[0]};
    header.network_ids = swapped;
    header.network_id_count = 2;
    assert_int_equal(hanse_header_encode(&header, &out, NULL), HANSE_INVALID_ARGUMENT);
    assert_int_equal(out.size, size);
}

/* Whatever decodes is the one form of what it says. */
static void check_any(struct hanse_bytes bytes)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_arena_init(&arena, 1 << 16);
    hanse_buffer_init(&out, 8192);
    struct hanse_header header;
    (void)hanse_header_peek_payload_bytes(bytes);
    if (hanse_header_decode(bytes, &arena, &header, NULL) != HANSE_OK)
        return;
    (void)!hanse_header_check(&header, 3, NULL);
    assert_int_equal(hanse_header_peek_payload_bytes(bytes), header.payload_bytes);
    if (header.has_unknown_fields)
        return;
    must(hanse_header_encode(&header, &out, NULL));
    assert_true(hanse_bytes_equal(bytes, hanse_buffer_view(&out)));
}

static void test_flips_and_cuts(void **state)
{
    (void)state;
    for (unsigned operation = 1; operation <= 5; operation++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        hanse_buffer_init(&out, 4096);
        struct hanse_header header = header_of(operation);
        must(hanse_header_encode(&header, &out, NULL));
        for (size_t bit = 0; bit < 8 * out.size; bit++) {
            out.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
            check_any(hanse_buffer_view(&out));
            out.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        for (size_t size = 0; size <= out.size; size++)
            check_any(hanse_bytes_of(out.data, size));
    }
}

/* Changes of a valid header and what the check says then. */
typedef void change(struct hanse_header *h);

static const uint8_t short_id[15] = {0};
static const uint8_t uuid_v4[16] = {0, 0, 0, 0, 0, 0, 0x40, 0, 0x80};
static const uint8_t bad_variant[16] = {0, 0, 0, 0, 0, 0, 0x70, 0, 0xc0};
static const uint8_t other_type[33] = {4};
static const uint8_t long_bytes[300] = {1};
static const struct hanse_bytes short_network[] = {{network_a, 15}};
static const struct hanse_bytes odd_recovery[] = {{other_type, 33}};
static const struct hanse_index_range empty_range[] = {{2, 0}};
static const struct hanse_index_range overlapping[] = {{2, 3}, {4, 1}};
static const struct hanse_index_range touching[] = {{0, 100}};
static const struct hanse_index_range too_far[] = {{2, 99}};
static const struct hanse_index_range overflowing[] = {{2, UINT64_MAX}};
static const struct hanse_index_range outside[] = {{UINT64_MAX, 1}};

#define CHANGE(name, ...)                                                                                    \
    static void name(struct hanse_header *h)                                                                 \
    {                                                                                                        \
        __VA_ARGS__;                                                                                         \
    }

CHANGE(same, (void)h)
CHANGE(no_operation, h->operation = 0)
CHANGE(operation_6, h->operation = 6)
CHANGE(operation_max, h->operation = UINT32_MAX)
CHANGE(audience_3, h->audience = 3)
CHANGE(audience_1, h->audience = 1)
CHANGE(no_id, h->record_id.size = 0)
CHANGE(id_short, h->record_id = hanse_bytes_of(short_id, 15))
CHANGE(id_v4, h->record_id = hanse_bytes_of(uuid_v4, 16))
CHANGE(id_variant, h->record_id = hanse_bytes_of(bad_variant, 16))
CHANGE(some_id, h->record_id = hanse_bytes_of(support_id, 16))
CHANGE(some_networks, h->network_ids = networks; h->network_id_count = 2)
CHANGE(no_networks, h->network_id_count = 0)
CHANGE(networks_short, h->network_ids = short_network; h->network_id_count = 1)
CHANGE(to_public, h->audience = 0; h->network_id_count = 0)
CHANGE(to_network, h->audience = 1; some_networks(h); h->kind = 0; h->payload_bytes = 512)
CHANGE(to_parties, to_network(h); h->audience = 2)
CHANGE(to_network_unpadded, to_network(h); h->payload_bytes = 300)
CHANGE(to_network_with_kind, to_network(h); h->kind = 26)
CHANGE(no_time, h->published_unix_s = 0)
CHANGE(time_first, h->published_unix_s = 1577836800u)
CHANGE(time_early, h->published_unix_s = 1577836799u)
CHANGE(time_last, h->published_unix_s = 253402300799u)
CHANGE(time_late, h->published_unix_s = 253402300800u)
CHANGE(no_payload, h->payload_bytes = 0)
CHANGE(payload_19, h->payload_bytes = 19)
CHANGE(payload_20, h->payload_bytes = 20)
CHANGE(payload_max, h->payload_bytes = 1048851)
CHANGE(payload_over, h->payload_bytes = 1048852)
CHANGE(no_kind, h->kind = 0)
CHANGE(some_kind, h->kind = 26)
CHANGE(no_reason, h->reason = 0)
CHANGE(odd_reason, h->reason = 4000000000u)
CHANGE(some_erased, h->erased = ranges; h->erased_count = 3)
CHANGE(no_erased, h->erased_count = 0)
CHANGE(erased_empty, h->erased = empty_range; h->erased_count = 1)
CHANGE(erased_overlap, h->erased = overlapping; h->erased_count = 2)
CHANGE(erased_touching, h->erased = touching; h->erased_count = 1)
CHANGE(erased_far, h->erased = too_far; h->erased_count = 1)
CHANGE(erased_overflow, h->erased = overflowing; h->erased_count = 1)
CHANGE(erased_outside, h->erased = outside; h->erased_count = 1)
CHANGE(no_erase_by, h->erase_by_unix_s = 0)
CHANGE(erase_by_early, h->erase_by_unix_s = 1577836799u)
CHANGE(some_erase_by, h->erase_by_unix_s = SUPPORT_TIME)
CHANGE(no_verifier, h->verifier_key.size = 0)
CHANGE(some_verifier, h->verifier_key = hanse_bytes_of(key_a, 33))
CHANGE(verifier_short, h->verifier_key.size = 32)
CHANGE(verifier_type, h->verifier_key = hanse_bytes_of(other_type, 33))
CHANGE(no_transport, h->transport_key.size = 0)
CHANGE(transport_31, h->transport_key.size = 31)
CHANGE(encryption_256, h->encryption_key = hanse_bytes_of(long_bytes, 256))
CHANGE(encryption_257, h->encryption_key = hanse_bytes_of(long_bytes, 257))
CHANGE(recovery_type, h->recovery_keys = odd_recovery; h->recovery_key_count = 1; h->recovery_threshold = 1)
CHANGE(threshold_0, h->recovery_threshold = 0)
CHANGE(threshold_1, h->recovery_threshold = 1)
CHANGE(threshold_3, h->recovery_threshold = 3)
CHANGE(threshold_alone, h->recovery_key_count = 0)
CHANGE(no_recovery, h->recovery_key_count = 0; h->recovery_threshold = 0)
CHANGE(no_predecessor, h->predecessor_origin.size = 0; h->predecessor_size = 0; h->predecessor_root.size = 0)
CHANGE(predecessor_nameless, h->predecessor_origin.size = 0)
CHANGE(predecessor_long, h->predecessor_origin = hanse_bytes_of(long_bytes, 128))
CHANGE(predecessor_size_0, h->predecessor_size = 0)
CHANGE(predecessor_size_big, h->predecessor_size = (uint64_t)INT64_MAX + 1)
CHANGE(predecessor_root_31, h->predecessor_root.size = 31)
CHANGE(predecessor_flag, no_predecessor(h); h->has_predecessor = true)
CHANGE(no_successor, h->successor_origin.size = 0; h->successor_key.size = 0)
CHANGE(some_successor, h->successor_origin = hanse_bytes_of_text("a/b"))
CHANGE(successor_flag, h->has_successor = true)
CHANGE(key_flag, h->has_key = true)
CHANGE(successor_keyless, h->successor_key.size = 0)
CHANGE(successor_nameless, h->successor_origin.size = 0)
CHANGE(successor_type, h->successor_key = hanse_bytes_of(other_type, 33))

enum { PUT = 1, WITHDRAW, ERASE, KEY, SUCCESSOR };

static const struct {
    unsigned operation;
    change *change;
    uint64_t index;
    enum hanse_status expected;
} rules[] = {
    {PUT, no_operation, 1, HANSE_MALFORMED},
    {PUT, operation_6, 1, HANSE_UNSUPPORTED},
    {PUT, operation_max, 1, HANSE_UNSUPPORTED},
    {PUT, audience_3, 1, HANSE_UNSUPPORTED},
    {WITHDRAW, audience_3, 1, HANSE_UNSUPPORTED},
    {ERASE, audience_3, 100, HANSE_MALFORMED},
    {PUT, no_id, 1, HANSE_MALFORMED},
    {PUT, id_short, 1, HANSE_MALFORMED},
    {PUT, id_v4, 1, HANSE_MALFORMED},
    {PUT, id_variant, 1, HANSE_MALFORMED},
    {PUT, audience_1, 1, HANSE_MALFORMED},
    {PUT, some_networks, 1, HANSE_MALFORMED},
    {PUT, to_network, 1, HANSE_OK},
    {PUT, to_parties, 1, HANSE_OK},
    {PUT, to_network_unpadded, 1, HANSE_MALFORMED},
    {PUT, to_network_with_kind, 1, HANSE_MALFORMED},
    {PUT, no_time, 1, HANSE_MALFORMED},
    {PUT, time_first, 1, HANSE_OK},
    {PUT, time_early, 1, HANSE_MALFORMED},
    {PUT, time_last, 1, HANSE_OK},
    {PUT, time_late, 1, HANSE_MALFORMED},
    {PUT, no_payload, 1, HANSE_MALFORMED},
    {PUT, payload_19, 1, HANSE_MALFORMED},
    {PUT, payload_20, 1, HANSE_OK},
    {PUT, payload_max, 1, HANSE_OK},
    {PUT, payload_over, 1, HANSE_MALFORMED},
    {PUT, no_kind, 1, HANSE_MALFORMED},
    {PUT, odd_reason, 1, HANSE_MALFORMED},
    {PUT, some_erased, 1000, HANSE_MALFORMED},
    {PUT, some_erase_by, 1, HANSE_MALFORMED},
    {PUT, some_verifier, 1, HANSE_MALFORMED},
    {PUT, key_flag, 1, HANSE_MALFORMED},
    {PUT, some_successor, 1, HANSE_MALFORMED},
    {PUT, successor_flag, 1, HANSE_MALFORMED},
    {WITHDRAW, same, 1, HANSE_OK},
    {WITHDRAW, to_public, 1, HANSE_OK},
    {WITHDRAW, no_id, 1, HANSE_MALFORMED},
    {WITHDRAW, id_v4, 1, HANSE_MALFORMED},
    {WITHDRAW, no_networks, 1, HANSE_MALFORMED},
    {WITHDRAW, networks_short, 1, HANSE_MALFORMED},
    {WITHDRAW, no_reason, 1, HANSE_MALFORMED},
    {WITHDRAW, odd_reason, 1, HANSE_OK},
    {WITHDRAW, payload_20, 1, HANSE_MALFORMED},
    {WITHDRAW, some_kind, 1, HANSE_MALFORMED},
    {WITHDRAW, no_time, 1, HANSE_MALFORMED},
    {WITHDRAW, some_erase_by, 1, HANSE_MALFORMED},
    {ERASE, same, 100, HANSE_OK},
    {ERASE, same, 99, HANSE_MALFORMED},
    {ERASE, same, 0, HANSE_MALFORMED},
    {ERASE, erased_touching, 100, HANSE_OK},
    {ERASE, erased_touching, 99, HANSE_MALFORMED},
    {ERASE, erased_far, 100, HANSE_MALFORMED},
    {ERASE, erased_overflow, 100, HANSE_MALFORMED},
    {ERASE, erased_outside, 100, HANSE_MALFORMED},
    {ERASE, erased_empty, 100, HANSE_MALFORMED},
    {ERASE, erased_overlap, 100, HANSE_MALFORMED},
    {ERASE, no_erased, 100, HANSE_MALFORMED},
    {ERASE, no_reason, 100, HANSE_MALFORMED},
    {ERASE, no_erase_by, 100, HANSE_MALFORMED},
    {ERASE, erase_by_early, 100, HANSE_MALFORMED},
    {ERASE, no_time, 100, HANSE_MALFORMED},
    {ERASE, some_id, 100, HANSE_MALFORMED},
    {ERASE, audience_1, 100, HANSE_MALFORMED},
    {ERASE, some_networks, 100, HANSE_MALFORMED},
    {ERASE, payload_20, 100, HANSE_MALFORMED},
    {KEY, same, 0, HANSE_OK},
    {KEY, same, 1, HANSE_MALFORMED}, /* the predecessor */
    {KEY, no_predecessor, 1, HANSE_OK},
    {KEY, no_predecessor, 0, HANSE_OK},
    {KEY, predecessor_flag, 1, HANSE_MALFORMED},
    {KEY, predecessor_flag, 0, HANSE_MALFORMED},
    {KEY, predecessor_nameless, 0, HANSE_MALFORMED},
    {KEY, predecessor_long, 0, HANSE_MALFORMED},
    {KEY, predecessor_size_0, 0, HANSE_MALFORMED},
    {KEY, predecessor_size_big, 0, HANSE_MALFORMED},
    {KEY, predecessor_root_31, 0, HANSE_MALFORMED},
    {KEY, no_verifier, 0, HANSE_MALFORMED},
    {KEY, verifier_short, 0, HANSE_MALFORMED},
    {KEY, verifier_type, 0, HANSE_MALFORMED},
    {KEY, no_transport, 0, HANSE_OK},
    {KEY, transport_31, 0, HANSE_MALFORMED},
    {KEY, encryption_256, 0, HANSE_OK},
    {KEY, encryption_257, 0, HANSE_MALFORMED},
    {KEY, recovery_type, 0, HANSE_MALFORMED},
    {KEY, threshold_0, 0, HANSE_MALFORMED},
    {KEY, threshold_1, 0, HANSE_OK},
    {KEY, threshold_3, 0, HANSE_MALFORMED},
    {KEY, threshold_alone, 0, HANSE_MALFORMED},
    {KEY, no_recovery, 0, HANSE_OK},
    {KEY, no_time, 0, HANSE_MALFORMED},
    {KEY, some_id, 0, HANSE_MALFORMED},
    {KEY, audience_1, 0, HANSE_MALFORMED},
    {KEY, odd_reason, 0, HANSE_MALFORMED},
    {KEY, some_successor, 0, HANSE_MALFORMED},
    {SUCCESSOR, same, 1, HANSE_OK},
    {SUCCESSOR, no_successor, 1, HANSE_MALFORMED},
    {SUCCESSOR, successor_keyless, 1, HANSE_MALFORMED},
    {SUCCESSOR, successor_nameless, 1, HANSE_MALFORMED},
    {SUCCESSOR, successor_type, 1, HANSE_MALFORMED},
    {SUCCESSOR, no_time, 1, HANSE_MALFORMED},
    {SUCCESSOR, some_verifier, 1, HANSE_MALFORMED},
    {SUCCESSOR, some_erased, 1000, HANSE_MALFORMED},
    {SUCCESSOR, some_id, 1, HANSE_MALFORMED},
};

static void test_presence_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct hanse_header header = header_of(rules[i].operation);
        struct hanse_error err = {.message = "nothing"};
        rules[i].change(&header);
        enum hanse_status status = hanse_header_check(&header, rules[i].index, &err);
        if (status != rules[i].expected)
            fail_msg("rule %zu: %d instead of %d (%s)", i, status, rules[i].expected, err.message);
    }
}

static void test_peek_payload_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        uint32_t expected;
    } cases[] = {
        {"", 0},
        {"30 05", 5},
        {"30 ffffffff0f", UINT32_MAX},
        {"30 8080808010 30 07", 7}, /* too large: the next one counts */
        {"32 01 05 30 07", 7},      /* another wire type */
        {"30 05 30 07", 5},         /* the first one */
        {"38 01 30 05", 5},         /* order does not matter */
        {"30 8500", 0},             /* not the shortest form: no field */
        {"30 8500 30 05", 0},       /* the walk ends there */
        {"0b 30 05", 0},
        {"09 0102030405060708 0d 01020304 30 09", 9},
        {"0a 05 30 05 30", 0},
        {"0a 02 30 05", 0},
        {"00 30 05", 0},
        {"30", 0},
        {"30 85", 0},
        {"30 05 ff", 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hex_bytes bytes = from_hex(cases[i].hex);
        assert_int_equal(hanse_header_peek_payload_bytes(view_of(&bytes)), cases[i].expected);
    }
}

static enum hanse_status decode_all(void *context)
{
    (void)context;
    for (unsigned operation = 1; operation <= 5; operation++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        HANSE_SCOPED_ARENA struct hanse_arena arena;
        hanse_buffer_init(&out, 4096);
        hanse_arena_init(&arena, 1 << 16);
        struct hanse_header header = header_of(operation);
        struct hanse_header back = {.operation = 88};
        enum hanse_status status = hanse_header_encode(&header, &out, NULL);
        if (status == HANSE_OK)
            status = hanse_header_decode(hanse_buffer_view(&out), &arena, &back, NULL);
        if (status != HANSE_OK) {
            assert_int_equal(back.operation, 88);
            return status;
        }
    }
    return HANSE_OK;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    fail_each_allocation(decode_all, NULL);
    struct hex_bytes bytes = from_hex("22 01 01");
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 15);
    struct hanse_header header;
    assert_int_equal(hanse_header_decode(view_of(&bytes), &arena, &header, NULL), HANSE_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_bytes),         cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_canonical_form),      cmocka_unit_test(test_unknown_fields_are_told),
        cmocka_unit_test(test_list_limits),         cmocka_unit_test(test_flips_and_cuts),
        cmocka_unit_test(test_presence_rules),      cmocka_unit_test(test_peek_payload_bytes),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
