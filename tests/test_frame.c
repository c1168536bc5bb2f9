/* SPDX-License-Identifier: Apache-2.0 */
/* Frames against the document: bytes put together by hand, every form of payload, every lie. */
#include "feed_support.h"

#include "codec/deflate.h"
#include "crypto/digest.h"
#include "feed/frame.h"

enum { MAX_BODY = (1 << 20) + 1048851 };

static void append(struct hanse_buffer *out, const void *data, size_t size)
{
    must(hanse_buffer_append(out, hanse_bytes_of(data, size), NULL));
}

static void append_hex(struct hanse_buffer *out, const char *hex)
{
    struct hex_bytes bytes = from_hex(hex);
    append(out, bytes.data, bytes.size);
}

/* A frame by hand. Sizes are those of the parts plus the lies. */
struct craft {
    uint8_t magic;
    uint8_t flags;
    uint64_t first_index;
    uint64_t entries;
    int64_t raw_lie;
    int64_t inflated_lie;
    int64_t deflated_lie;
    struct hanse_bytes raw;
    struct hanse_bytes body;
    struct hanse_bytes dictionary;
    struct hanse_bytes behind_deflated;
    uint8_t check_lie;
};

static void craft_frame(const struct craft *craft, struct hanse_buffer *out)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer deflated;
    hanse_buffer_init(&deflated, 4 << 20);
    struct hanse_deflater *deflater;
    must(hanse_deflater_new(6, &deflater, NULL));
    must(hanse_deflater_run(deflater, craft->dictionary, craft->body, &deflated, NULL));
    hanse_deflater_free(deflater);
    append(&deflated, craft->behind_deflated.data, craft->behind_deflated.size);
    size_t start = out->size;
    must(hanse_buffer_append_u8(out, craft->magic, NULL));
    must(hanse_buffer_append_u8(out, craft->flags, NULL));
    must(hanse_buffer_append_varint(out, craft->first_index, NULL));
    must(hanse_buffer_append_varint(out, craft->entries, NULL));
    must(hanse_buffer_append_varint(out, (uint64_t)((int64_t)craft->raw.size + craft->raw_lie), NULL));
    must(hanse_buffer_append_varint(out, (uint64_t)((int64_t)craft->body.size + craft->inflated_lie), NULL));
    must(hanse_buffer_append_varint(out, (uint64_t)((int64_t)deflated.size + craft->deflated_lie), NULL));
    append(out, craft->raw.data, craft->raw.size);
    append(out, deflated.data, deflated.size);
    struct hanse_digest check;
    must(hanse_digest_compute(hanse_bytes_of(out->data + start, out->size - start), &check, NULL));
    check.bytes[7] ^= craft->check_lie;
    append(out, check.bytes, 8);
}

struct pair {
    struct hanse_frame_encoder *encoder;
    struct hanse_frame_decoder *decoder;
};

static struct pair make_pair(void)
{
    struct pair pair;
    must(hanse_frame_encoder_new(6, &pair.encoder, NULL));
    must(hanse_frame_decoder_new(&pair.decoder, NULL));
    return pair;
}

static void free_pair(struct pair *pair)
{
    hanse_frame_encoder_free(pair->encoder);
    hanse_frame_decoder_free(pair->decoder);
}

static void assert_same_entries(const struct hanse_frame *frame, const struct hanse_frame_entry *entries,
                                size_t count)
{
    assert_int_equal(frame->entry_count, count);
    for (size_t i = 0; i < count; i++) {
        const struct hanse_frame_entry *entry = &frame->entries[i];
        struct hanse_digest commitment;
        assert_true(hanse_bytes_equal(entry->header, entries[i].header));
        assert_int_equal(entry->absent, entries[i].absent);
        if (entries[i].absent) {
            assert_int_equal(entry->payload.size, 0);
            assert_memory_equal(entry->commitment, entries[i].commitment, 32);
            continue;
        }
        assert_true(hanse_bytes_equal(entry->payload, entries[i].payload));
        must(hanse_digest_compute(entries[i].payload, &commitment, NULL));
        assert_memory_equal(entry->commitment, commitment.bytes, 32);
    }
}

static void round_trip(const struct hanse_frame_entry *entries, size_t count)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 4 << 20);
    struct pair pair = make_pair();
    append(&out, "xyz", 3);
    must(hanse_frame_encode(pair.encoder, 7, entries, count, &out, NULL));
    assert_memory_equal(out.data, "xyz", 3);
    struct hanse_bytes stored = hanse_bytes_of(out.data + 3, out.size - 3);
    struct hanse_frame_start start;
    must(hanse_frame_peek(stored, &start, NULL));
    assert_int_equal(start.frame_bytes, stored.size);
    assert_int_equal(start.first_index, 7);
    assert_int_equal(start.entries, count);
    assert_false(start.continues);
    struct hanse_frame frame;
    must(hanse_frame_decode(pair.decoder, stored, &frame, NULL));
    assert_int_equal(frame.first_index, 7);
    assert_false(frame.continues);
    assert_int_equal(hanse_frame_decoder_block_bytes(pair.decoder), start.inflated_bytes);
    assert_same_entries(&frame, entries, count);
    hanse_frame_decoder_start(pair.decoder);
    hanse_frame_decoder_commit_later(pair.decoder);
    must(hanse_frame_decode(pair.decoder, stored, &frame, NULL));
    static const uint8_t none[32];
    for (size_t i = 0; i < count; i++) {
        assert_true(entries[i].absent || memcmp(frame.entries[i].commitment, none, sizeof none) == 0);
        hanse_frame_decoder_commit(pair.decoder, i);
    }
    assert_same_entries(&frame, entries, count);
    free_pair(&pair);
}

#define HEADER_30 "08 01 12 10 018f0000000070018002030405060708 30 1e 38 1a" /* payload_bytes 30 */
#define HEADER_BODY "18 08 01 12 10 018f00000000 30 1e 38 1a"
#define HEADER_TAIL "70018002030405060708"
#define SALT "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"

/* The bytes that the document says, for three entries: token 0, absent, token 1. */
static void test_bytes_of_the_document(void **state)
{
    (void)state;
    struct hex_bytes header = from_hex(HEADER_30);
    struct hex_bytes key_header = from_hex("08 04 28 05");
    struct hex_bytes payload = from_hex(SALT "0000000a 30313233343536373839");
    struct hanse_frame_entry entries[] = {
        {.header = view_of(&header), .payload = view_of(&payload)},
        {.header = view_of(&header), .absent = true, .commitment = {5, 6, 7}},
        {.header = view_of(&key_header)},
    };
    struct hex_bytes raw = from_hex(HEADER_TAIL HEADER_TAIL SALT);
    struct hex_bytes body =
        from_hex(HEADER_BODY HEADER_BODY "04 08 04 28 05"
                                         "02"
                                         "00 30313233343536373839"
                                         "01"
                                         "0506070000000000000000000000000000000000000000000000000000000000");
    struct craft craft = {
        .magic = 0xf1, .first_index = 1000, .entries = 3, .raw = view_of(&raw), .body = view_of(&body)};
    HANSE_SCOPED_BUFFER struct hanse_buffer expected;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&expected, 4096);
    hanse_buffer_init(&out, 4096);
    craft_frame(&craft, &expected);
    struct pair pair = make_pair();
    must(hanse_frame_encode(pair.encoder, 1000, entries, 3, &out, NULL));
    assert_int_equal(out.size, expected.size);
    assert_memory_equal(out.data, expected.data, expected.size);
    struct hanse_frame frame;
    must(hanse_frame_decode(pair.decoder, hanse_buffer_view(&expected), &frame, NULL));
    assert_same_entries(&frame, entries, 3);
    free_pair(&pair);
    round_trip(entries, 3);
}

static void test_payload_forms(void **state)
{
    (void)state;
    uint8_t noise[600];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)(i * 37 + 11);
    struct hex_bytes plain_header = from_hex(HEADER_30);
    struct hex_bytes lying = from_hex(SALT "0000000b 30313233343536373839"); /* record size is wrong */
    struct hex_bytes longer = from_hex(SALT "0000000a 3031323334353637383940");
    struct hex_bytes tiny_header = from_hex("30 14");
    struct hex_bytes tiny = from_hex(SALT "00000000");
    struct hex_bytes below_header = from_hex("30 13"); /* payload_bytes 19 */
    struct hanse_frame_entry entries[60] = {
        {.header = view_of(&plain_header), .payload = view_of(&lying)},
        {.header = view_of(&plain_header), .payload = view_of(&longer)},
        {.header = view_of(&plain_header)},
        {.header = view_of(&tiny_header), .payload = view_of(&tiny)},
        {.header = view_of(&below_header), .payload = hanse_bytes_of(noise, 19)},
        {.header = {0}, .payload = {0}},
        {.header = {0}, .absent = true},
    };
    size_t count = 7;
    for (size_t size = 0; size < 40; size++)
        entries[count++] = (struct hanse_frame_entry){.header = hanse_bytes_of(noise, size),
                                                      .payload = hanse_bytes_of(noise + size, size)};
    entries[count++] = (struct hanse_frame_entry){.header = hanse_bytes_of(noise, 599),
                                                  .payload = hanse_bytes_of(noise, 599)};
    for (size_t i = 1; i <= count; i++)
        round_trip(entries, i);
}

static void test_tails(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        bool tail;
    } headers[] = {
        {"08 01 12 10 000102030405060708090a0b0c0d0e0f", true}, /* 20 bytes */
        {"08 01 12 10 000102030405060708090a0b0c0d0e", false},  /* 19 */
        {"08 7f 12 10 000102030405060708090a0b0c0d0e0f 99", true},
        {"08 80 12 10 000102030405060708090a0b0c0d0e0f 99", false},
        {"09 01 12 10 000102030405060708090a0b0c0d0e0f 99", false},
        {"08 01 13 10 000102030405060708090a0b0c0d0e0f 99", false},
        {"08 01 12 11 000102030405060708090a0b0c0d0e0f 99", false},
        {"08 01 12", false},
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        hanse_buffer_init(&out, 4096);
        struct hex_bytes header = from_hex(headers[i].hex);
        struct hanse_frame_entry entry = {.header = view_of(&header)};
        struct pair pair = make_pair();
        must(hanse_frame_encode(pair.encoder, 0, &entry, 1, &out, NULL));
        struct hanse_frame_start start;
        must(hanse_frame_peek(hanse_buffer_view(&out), &start, NULL));
        assert_int_equal(start.raw_bytes, headers[i].tail ? 10 : 0);
        free_pair(&pair);
        round_trip(&entry, 1);
    }
}

/* Lies about a small frame: what is changed, the status, the offset of the fault. */
static void expect_refused(const struct craft *craft, enum hanse_status status, const char *what)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer stored;
    hanse_buffer_init(&stored, 4 << 20);
    craft_frame(craft, &stored);
    struct pair pair = make_pair();
    struct hanse_frame frame = {.entry_count = 99};
    struct hanse_error err = {.offset = 0};
    enum hanse_status got = hanse_frame_decode(pair.decoder, hanse_buffer_view(&stored), &frame, &err);
    if (got != status)
        fail_msg("%s: %d instead of %d (%s)", what, got, status, err.message);
    assert_true(err.offset <= stored.size);
    assert_int_equal(frame.entry_count, 99);
    assert_int_equal(hanse_frame_decoder_block_bytes(pair.decoder), 0);
    free_pair(&pair);
}

static struct craft honest(const struct hex_bytes *raw, const struct hex_bytes *body)
{
    return (struct craft){
        .magic = 0xf1, .first_index = 4, .entries = 1, .raw = view_of(raw), .body = view_of(body)};
}

static void test_lies(void **state)
{
    (void)state;
    struct hex_bytes raw = from_hex(HEADER_TAIL SALT);
    struct hex_bytes body = from_hex(HEADER_BODY "00"
                                                 "00 30313233343536373839");
    struct hex_bytes nothing = from_hex("");
    struct hex_bytes extra = from_hex("03 00");
    struct craft c = honest(&raw, &body);
    HANSE_SCOPED_BUFFER struct hanse_buffer stored;
    hanse_buffer_init(&stored, 4096);
    craft_frame(&c, &stored);
    struct pair pair = make_pair();
    struct hanse_frame frame;
    must(hanse_frame_decode(pair.decoder, hanse_buffer_view(&stored), &frame, NULL));
    free_pair(&pair);

#define LIE(status, what, ...)                                                                               \
    c = honest(&raw, &body);                                                                                 \
    __VA_ARGS__;                                                                                             \
    expect_refused(&c, status, what)
    LIE(HANSE_MALFORMED, "check", c.check_lie = 1);
    LIE(HANSE_MALFORMED, "magic", c.magic = 0xf0);
    LIE(HANSE_MALFORMED, "flags", c.flags = 2);
    LIE(HANSE_MALFORMED, "both flags", c.flags = 3);
    LIE(HANSE_MALFORMED, "continues nothing", c.flags = 1);
    LIE(HANSE_MALFORMED, "no entries", c.entries = 0);
    LIE(HANSE_MALFORMED, "two entries", c.entries = 2);
    LIE(HANSE_MALFORMED, "eight more entries", c.entries = 9);
    LIE(HANSE_LIMIT, "too many entries", c.entries = 4097);
    LIE(HANSE_LIMIT, "index", c.first_index = (uint64_t)1 << 63);
    LIE(HANSE_MALFORMED, "last index", c.first_index = INT64_MAX);
    LIE(HANSE_MALFORMED, "raw less", c.raw_lie = -1);
    LIE(HANSE_LIMIT, "raw more", c.raw_lie = 1);
    LIE(HANSE_MALFORMED, "inflated less", c.inflated_lie = -1);
    LIE(HANSE_MALFORMED, "inflated more", c.inflated_lie = 1);
    LIE(HANSE_LIMIT, "inflated huge", c.inflated_lie = MAX_BODY);
    LIE(HANSE_MALFORMED, "deflated less", c.deflated_lie = -1);
    LIE(HANSE_MALFORMED, "deflated more", c.deflated_lie = 1);
    LIE(HANSE_LIMIT, "deflated huge", c.deflated_lie = 65536 + 1000);
    LIE(HANSE_MALFORMED, "bytes behind the deflated", c.behind_deflated = view_of(&extra));
    LIE(HANSE_MALFORMED, "no body", c.body = view_of(&nothing));
    LIE(HANSE_MALFORMED, "no raw", c.raw = view_of(&nothing));
}

static void test_broken_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        const char *raw;
        const char *body;
        enum hanse_status status;
    } cases[] = {
        {"nothing in the entry", "", "00 00 01", HANSE_OK},
        {"a byte of payload", "", "00 00 02 aa", HANSE_OK},
        {"16 bytes of payload", SALT, "00 00 11", HANSE_OK},
        {"token in a longer form", "", "00 00 81 00", HANSE_MALFORMED},
        {"header length in a longer form", "", "80 00 00 01", HANSE_MALFORMED},
        {"a byte more", "", "00 00 01 00", HANSE_MALFORMED},
        {"a byte less", "", "00 00", HANSE_MALFORMED},
        {"no bitmap", "", "00", HANSE_MALFORMED},
        {"spare bit", "", "00 02 01", HANSE_MALFORMED},
        {"highest spare bit", "", "00 80 01", HANSE_MALFORMED},
        {"spare bit beside an absent entry", "",
         "00 03 0000000000000000000000000000000000000000000000000000000000000000", HANSE_MALFORMED},
        {"absent", "", "00 01 0000000000000000000000000000000000000000000000000000000000000000", HANSE_OK},
        {"short commitment", "", "00 01 00000000000000000000000000000000000000000000000000000000000000",
         HANSE_MALFORMED},
        {"salt in the raw part that nobody wants", SALT, "00 00 01", HANSE_MALFORMED},
        {"raw byte that nobody wants", "aa", "00 00 01", HANSE_MALFORMED},
        {"salt missing", "", "00 00 11", HANSE_MALFORMED},
        {"salt short", "a0a1", "00 00 11", HANSE_MALFORMED},
        {"token 0 without payload_bytes", SALT, "00 00 00", HANSE_MALFORMED},
        {"token 0 under 20 bytes", SALT, "02 30 13 00 00", HANSE_MALFORMED},
        {"token 0 of 20 bytes", SALT, "02 30 14 00 00", HANSE_OK},
        {"token 0 without its bytes", SALT, "02 30 15 00 00", HANSE_MALFORMED},
        {"token 0 of 4 GiB", SALT, "06 30 ffffffff0f 00 00", HANSE_MALFORMED},
        {"token of 2^64 - 1", SALT, "00 00 ffffffffffffffffff01", HANSE_MALFORMED},
        {"a token where 0 would do", SALT, "02 30 14 00 15 00000000", HANSE_OK},
        {"header past the end", "", "05 00 01", HANSE_MALFORMED},
        {"header of 65503 bytes past the end", "", "df ff 03 00 01", HANSE_MALFORMED},
        {"header of 2^64 - 1", "", "ffffffffffffffffff01 00 01", HANSE_MALFORMED},
        {"tail missing", "", HEADER_BODY "00 01", HANSE_MALFORMED},
        {"tail there", HEADER_TAIL, HEADER_BODY "00 01", HANSE_OK},
        {"tail short", "aaaaaaaaaaaaaaaaaa", HEADER_BODY "00 01", HANSE_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hex_bytes raw = from_hex(cases[i].raw);
        struct hex_bytes body = from_hex(cases[i].body);
        struct craft craft = honest(&raw, &body);
        if (cases[i].status != HANSE_OK) {
            expect_refused(&craft, cases[i].status, cases[i].what);
            continue;
        }
        HANSE_SCOPED_BUFFER struct hanse_buffer stored;
        hanse_buffer_init(&stored, 4096);
        craft_frame(&craft, &stored);
        struct pair pair = make_pair();
        struct hanse_frame frame;
        must(hanse_frame_decode(pair.decoder, hanse_buffer_view(&stored), &frame, NULL));
        free_pair(&pair);
    }
}

static void test_zip_bomb(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer zeros;
    hanse_buffer_init(&zeros, 3 << 20);
    must(hanse_buffer_reserve(&zeros, 3 << 20, NULL));
    memset(zeros.data, 0, 3 << 20);
    zeros.size = 3 << 20;
    struct craft craft = {.magic = 0xf1, .entries = 1, .body = hanse_buffer_view(&zeros)};
    expect_refused(&craft, HANSE_LIMIT, "3 MiB");
    craft.inflated_lie = 100 - (3 << 20);
    expect_refused(&craft, HANSE_MALFORMED, "3 MiB that say 100 bytes");
    craft.inflated_lie = MAX_BODY - (3 << 20);
    expect_refused(&craft, HANSE_MALFORMED, "3 MiB that say the most allowed");
}

/* A frame of text-like records, `count` of them from `first` on. */
struct records {
    struct hanse_buffer headers;
    struct hanse_buffer payloads;
    struct hanse_frame_entry entries[64];
};

static void make_records(struct records *records, size_t count, size_t filler, uint8_t seed)
{
    hanse_buffer_init(&records->headers, 1 << 20);
    hanse_buffer_init(&records->payloads, 4 << 20);
    must(hanse_buffer_reserve(&records->headers, 64 * count, NULL));
    must(hanse_buffer_reserve(&records->payloads, (filler + 64) * count, NULL));
    for (size_t i = 0; i < count; i++) {
        size_t payload_at = records->payloads.size;
        uint8_t salt[16];
        memset(salt, (int)(seed + i), sizeof salt);
        append(&records->payloads, salt, 16);
        must(hanse_buffer_append_be(&records->payloads, 0, 4, NULL));
        size_t record_at = records->payloads.size;
        append_record(&records->payloads, SUPPORT_KIND, filler, (uint8_t)(seed + i));
        size_t record = records->payloads.size - record_at;
        records->payloads.data[record_at - 2] = (uint8_t)(record >> 8);
        records->payloads.data[record_at - 1] = (uint8_t)record;
        records->payloads.data[record_at - 3] = (uint8_t)(record >> 16);
        size_t header_at = records->headers.size;
        struct hanse_header header = put_header((uint32_t)(records->payloads.size - payload_at));
        must(hanse_header_encode(&header, &records->headers, NULL));
        records->entries[i] = (struct hanse_frame_entry){
            .header = hanse_bytes_of(records->headers.data + header_at, records->headers.size - header_at),
            .payload =
                hanse_bytes_of(records->payloads.data + payload_at, records->payloads.size - payload_at)};
    }
}

static void free_records(struct records *records)
{
    hanse_buffer_release(&records->headers);
    hanse_buffer_release(&records->payloads);
}

static void test_every_byte_counts(void **state)
{
    (void)state;
    struct records records;
    make_records(&records, 5, 100, 1);
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 1 << 20);
    struct pair pair = make_pair();
    must(hanse_frame_encode(pair.encoder, 3, records.entries, 5, &out, NULL));
    struct hanse_bytes stored = hanse_buffer_view(&out);
    for (size_t bit = 0; bit < 8 * out.size; bit++) {
        struct hanse_frame frame;
        struct hanse_frame_start start;
        out.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(hanse_frame_decode(pair.decoder, stored, &frame, NULL), HANSE_OK);
        (void)!hanse_frame_peek(stored, &start, NULL);
        out.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    struct hanse_frame_start whole;
    must(hanse_frame_peek(stored, &whole, NULL));
    for (size_t size = 0; size < out.size; size++) {
        struct hanse_frame frame;
        struct hanse_frame_start start;
        struct hanse_bytes cut = hanse_bytes_of(out.data, size);
        assert_int_equal(hanse_frame_decode(pair.decoder, cut, &frame, NULL), HANSE_MALFORMED);
        enum hanse_status status = hanse_frame_peek(cut, &start, NULL);
        assert_true(status == HANSE_OK ? start.frame_bytes == out.size : status == HANSE_TRUNCATED);
        assert_int_equal(hanse_frame_decoder_block_bytes(pair.decoder), 0);
    }
    append(&out, "", 1);
    struct hanse_frame frame;
    assert_int_equal(hanse_frame_decode(pair.decoder, hanse_buffer_view(&out), &frame, NULL),
                     HANSE_MALFORMED);
    must(hanse_frame_decode(pair.decoder, hanse_bytes_of(out.data, out.size - 1), &frame, NULL));
    free_pair(&pair);
    free_records(&records);
}

static void test_peek_faults(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        enum hanse_status status;
        uint64_t offset;
    } cases[] = {
        {"", HANSE_TRUNCATED, 0},
        {"f1", HANSE_TRUNCATED, 1},
        {"f2", HANSE_MALFORMED, 0},
        {"f1 02", HANSE_MALFORMED, 1},
        {"f1 00", HANSE_TRUNCATED, 2},
        {"f1 00 80", HANSE_TRUNCATED, 2},
        {"f1 00 80 00", HANSE_MALFORMED, 2},
        {"f1 00 ffffffffffffffffff", HANSE_TRUNCATED, 2},
        {"f1 00 ffffffffffffffffffff", HANSE_MALFORMED, 2},
        {"f1 00 ffffffffffffffffff01", HANSE_LIMIT, 2},
        {"f1 00 00 00", HANSE_MALFORMED, 3},
        {"f1 00 00 81 20", HANSE_LIMIT, 3},
        {"f1 00 00 80 20", HANSE_TRUNCATED, 5},
        {"f1 00 ffffffffffffffff7f 01", HANSE_MALFORMED, 11},
        {"f1 00 feffffffffffffff7f 01", HANSE_TRUNCATED, 12},
        {"f1 00 00 01 1b", HANSE_LIMIT, 4},
        {"f1 00 00 01 1a", HANSE_TRUNCATED, 5},
        {"f1 00 00 01 00 93828001", HANSE_TRUNCATED, 9}, /* 2,097,427 inflated */
        {"f1 00 00 01 00 94828001", HANSE_LIMIT, 5},
        {"f1 00 00 01 00 00 81 80 04", HANSE_LIMIT, 6},
        {"f1 00 00 01 00 00 80 80 04", HANSE_OK, 0},
        {"f1 01 00 01 00 05 00", HANSE_OK, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hex_bytes bytes = from_hex(cases[i].hex);
        struct hanse_frame_start start = {.entries = 99};
        struct hanse_error err = {.offset = 0};
        enum hanse_status status = hanse_frame_peek(view_of(&bytes), &start, &err);
        if (status != cases[i].status || err.offset != cases[i].offset)
            fail_msg("\"%s\": %d at %d (%s)", cases[i].hex, status, (int)err.offset, err.message);
        assert_int_equal(start.entries, status == HANSE_OK ? 1 : 99);
    }
}

/* Several frames of a block; with an inflater that has another dictionary nothing of them is right. */
static void test_dictionary(void **state)
{
    (void)state;
    struct pair pair = make_pair();
    struct records records[4];
    size_t ends[4];
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 4 << 20);
    for (size_t i = 0; i < 4; i++) {
        make_records(&records[i], 20, 1000, (uint8_t)(i > 0 ? 40 + i : 0));
        assert_int_equal(hanse_frame_encoder_at_block_start(pair.encoder), i == 0);
        must(hanse_frame_encode(pair.encoder, 20 * i, records[i].entries, 20, &out, NULL));
        ends[i] = out.size;
    }
    size_t start = 0;
    for (size_t i = 0; i < 4; i++) {
        struct hanse_frame frame;
        must(hanse_frame_decode(pair.decoder, hanse_bytes_of(out.data + start, ends[i] - start), &frame,
                                NULL));
        assert_int_equal(frame.continues, i > 0);
        assert_same_entries(&frame, records[i].entries, 20);
        start = ends[i];
    }
    /* The same content right behind itself in a block is nearly free. */
    struct hanse_frame frame;
    size_t alone = ends[0];
    hanse_frame_encoder_adopt(pair.encoder, pair.decoder);
    assert_false(hanse_frame_encoder_at_block_start(pair.encoder));
    must(hanse_frame_encode(pair.encoder, 80, records[3].entries, 20, &out, NULL));
    struct hanse_bytes adopted = hanse_bytes_of(out.data + ends[3], out.size - ends[3]);
    assert_true(adopted.size < alone / 4);
    /* Without its block it is refused, with the wrong one it is not what it was. */
    hanse_frame_decoder_start(pair.decoder);
    struct hanse_error err;
    assert_int_equal(hanse_frame_decode(pair.decoder, adopted, &frame, &err), HANSE_MALFORMED);
    assert_int_equal(err.offset, 1);
    must(hanse_frame_decode(pair.decoder, hanse_bytes_of(out.data, ends[0]), &frame, NULL));
    uint64_t before = hanse_frame_decoder_block_bytes(pair.decoder);
    if (hanse_frame_decode(pair.decoder, adopted, &frame, NULL) == HANSE_OK)
        assert_false(hanse_bytes_equal(frame.entries[0].payload, records[3].entries[0].payload));
    else
        assert_int_equal(hanse_frame_decoder_block_bytes(pair.decoder), before);
    /* A frame that fails leaves the block: the right one still follows. */
    hanse_frame_decoder_start(pair.decoder);
    must(hanse_frame_decode(pair.decoder, hanse_bytes_of(out.data, ends[0]), &frame, NULL));
    out.data[ends[1] - 1] ^= 1;
    struct hanse_bytes second = hanse_bytes_of(out.data + ends[0], ends[1] - ends[0]);
    assert_int_equal(hanse_frame_decode(pair.decoder, second, &frame, NULL), HANSE_MALFORMED);
    out.data[ends[1] - 1] ^= 1;
    must(hanse_frame_decode(pair.decoder, second, &frame, NULL));
    assert_same_entries(&frame, records[1].entries, 20);
    for (size_t i = 0; i < 4; i++)
        free_records(&records[i]);
    free_pair(&pair);
}

static void test_writer_ends_blocks(void **state)
{
    (void)state;
    struct pair pair = make_pair();
    struct records records;
    make_records(&records, 10, 1500, 3);
    uint64_t inflated = 0;
    unsigned blocks = 0;
    for (size_t i = 0; i < 60; i++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        hanse_buffer_init(&out, 4 << 20);
        struct hanse_frame_start start;
        struct hanse_frame frame;
        must(hanse_frame_encode(pair.encoder, 10 * i, records.entries, 10, &out, NULL));
        must(hanse_frame_peek(hanse_buffer_view(&out), &start, NULL));
        must(hanse_frame_decode(pair.decoder, hanse_buffer_view(&out), &frame, NULL));
        assert_int_equal(start.continues, i > 0 && inflated < 262144);
        blocks += start.continues ? 0 : 1;
        inflated = start.continues ? inflated + start.inflated_bytes : start.inflated_bytes;
        assert_int_equal(hanse_frame_decoder_block_bytes(pair.decoder), inflated);
        assert_int_equal(hanse_frame_encoder_at_block_start(pair.encoder), inflated >= 262144);
        if (i == 1) {
            hanse_frame_encoder_start_block(pair.encoder);
            assert_true(hanse_frame_encoder_at_block_start(pair.encoder));
            inflated = 262144;
        }
    }
    assert_int_equal(blocks, 5);
    hanse_frame_encoder_adopt(pair.encoder, pair.decoder);
    assert_int_equal(hanse_frame_encoder_at_block_start(pair.encoder), inflated >= 262144);
    free_records(&records);
    free_pair(&pair);
}

/* One entry without header and with one payload: a body of exactly `size` bytes (over 16 KiB). */
static void make_body(struct hanse_buffer *body, size_t size)
{
    hanse_buffer_clear(body);
    append_hex(body, "00 00");
    must(hanse_buffer_append_varint(body, size - 5 + 16 + 1, NULL));
    must(hanse_buffer_reserve(body, size - 5, NULL));
    memset(body->data + 5, 0x55, size - 5);
    body->size = size;
}

static void test_reader_ends_blocks(void **state)
{
    (void)state;
    struct hex_bytes salt = from_hex(SALT);
    for (size_t over = 0; over <= 1; over++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer body;
        HANSE_SCOPED_BUFFER struct hanse_buffer stored;
        hanse_buffer_init(&body, 4 << 20);
        hanse_buffer_init(&stored, 4 << 20);
        make_body(&body, (1 << 20) + over);
        struct craft craft = {
            .magic = 0xf1, .entries = 1, .raw = view_of(&salt), .body = hanse_buffer_view(&body)};
        craft_frame(&craft, &stored);
        struct pair pair = make_pair();
        struct hanse_frame frame;
        must(hanse_frame_decode(pair.decoder, hanse_buffer_view(&stored), &frame, NULL));
        craft.flags = 1;
        craft.dictionary = hanse_bytes_of(body.data + body.size - 32768, 32768);
        hanse_buffer_clear(&stored);
        craft_frame(&craft, &stored);
        struct hanse_error err;
        enum hanse_status status = hanse_frame_decode(pair.decoder, hanse_buffer_view(&stored), &frame, &err);
        assert_int_equal(status, over == 0 ? HANSE_OK : HANSE_MALFORMED);
        assert_int_equal(hanse_frame_decoder_block_bytes(pair.decoder), over == 0 ? 2 << 20 : (1 << 20) + 1);
        free_pair(&pair);
    }
}

static void test_fit(void **state)
{
    (void)state;
    struct records records;
    make_records(&records, 60, 10000, 9);
    size_t fit = hanse_frame_fit(records.entries, 60);
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 4 << 20);
    struct pair pair = make_pair();
    struct hanse_frame_start start;
    must(hanse_frame_encode(pair.encoder, 0, records.entries, fit, &out, NULL));
    must(hanse_frame_peek(hanse_buffer_view(&out), &start, NULL));
    assert_in_range(start.inflated_bytes, 262144 - 11000, 262144);
    hanse_frame_encoder_start_block(pair.encoder);
    hanse_buffer_clear(&out);
    must(hanse_frame_encode(pair.encoder, 0, records.entries, fit + 1, &out, NULL));
    must(hanse_frame_peek(hanse_buffer_view(&out), &start, NULL));
    assert_true(start.inflated_bytes > 262144);
    assert_int_equal(hanse_frame_fit(records.entries, fit), fit);
    assert_int_equal(hanse_frame_fit(records.entries, 1), 1);
    free_records(&records);
    free_pair(&pair);

    static struct hanse_frame_entry small[5000];
    assert_int_equal(hanse_frame_fit(small, 5000), 4096);
    static uint8_t payload[HANSE_MAX_PAYLOAD_BYTES];
    small[0].payload = hanse_bytes_of(payload, sizeof payload);
    assert_int_equal(hanse_frame_fit(small, 5000), 1);
    small[0].payload = hanse_bytes_of(NULL, 0);
    small[1].payload = hanse_bytes_of(payload, sizeof payload);
    assert_int_equal(hanse_frame_fit(small, 5000), 1);
}

static void test_encoder_limits(void **state)
{
    (void)state;
    static struct hanse_frame_entry entries[4097];
    static uint8_t payload[HANSE_MAX_PAYLOAD_BYTES];
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 8 << 20);
    struct pair pair = make_pair();
    struct hanse_frame frame;
    assert_int_equal(hanse_frame_encode(pair.encoder, 0, entries, 4097, &out, NULL), HANSE_LIMIT);
    assert_int_equal(hanse_frame_encode(pair.encoder, 0, entries, 0, &out, NULL), HANSE_INVALID_ARGUMENT);
    assert_int_equal(hanse_frame_encode(pair.encoder, INT64_MAX, entries, 1, &out, NULL), HANSE_LIMIT);
    for (size_t i = 0; i < 3; i++)
        entries[i].payload = hanse_bytes_of(payload, sizeof payload);
    assert_int_equal(hanse_frame_encode(pair.encoder, 0, entries, 3, &out, NULL), HANSE_LIMIT);
    entries[0].header = hanse_bytes_of(payload, 65504);
    assert_int_equal(hanse_frame_encode(pair.encoder, 0, entries, 1, &out, NULL), HANSE_LIMIT);
    assert_int_equal(out.size, 0);
    assert_true(hanse_frame_encoder_at_block_start(pair.encoder));
    entries[0].header.size = 65503;
    must(hanse_frame_encode(pair.encoder, 0, entries, 1, &out, NULL));
    must(hanse_frame_decode(pair.decoder, hanse_buffer_view(&out), &frame, NULL));
    assert_same_entries(&frame, entries, 1);
    hanse_buffer_clear(&out);
    entries[0] = entries[1] = entries[2] = (struct hanse_frame_entry){0};
    must(hanse_frame_encode(pair.encoder, INT64_MAX - 4096, entries, 4096, &out, NULL));
    must(hanse_frame_decode(pair.decoder, hanse_buffer_view(&out), &frame, NULL));
    assert_int_equal(frame.entry_count, 4096);
    /* Where the caller's buffer has no room nothing of the frame stays. */
    HANSE_SCOPED_BUFFER struct hanse_buffer narrow;
    hanse_buffer_init(&narrow, 30);
    append(&narrow, "ab", 2);
    assert_int_equal(hanse_frame_encode(pair.encoder, 0, entries, 1, &narrow, NULL), HANSE_OK);
    size_t size = narrow.size;
    assert_int_equal(hanse_frame_encode(pair.encoder, 1, entries, 1, &narrow, NULL), HANSE_LIMIT);
    assert_int_equal(narrow.size, size);
    free_pair(&pair);
    assert_int_equal(hanse_frame_encoder_new(10, &pair.encoder, NULL), HANSE_INVALID_ARGUMENT);
}

static enum hanse_status pass_through(void *context)
{
    const struct records *records = context;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 1 << 20);
    struct hanse_frame_encoder *encoder = NULL;
    struct hanse_frame_decoder *decoder = NULL;
    struct hanse_frame frame;
    enum hanse_status status = hanse_frame_encoder_new(6, &encoder, NULL);
    if (status == HANSE_OK)
        status = hanse_frame_decoder_new(&decoder, NULL);
    if (status == HANSE_OK) {
        status = hanse_frame_encode(encoder, 0, records->entries, 5, &out, NULL);
        assert_int_equal(hanse_frame_encoder_at_block_start(encoder), status != HANSE_OK);
        assert_int_equal(out.size > 0, status == HANSE_OK);
    }
    if (status == HANSE_OK) {
        status = hanse_frame_decode(decoder, hanse_buffer_view(&out), &frame, NULL);
        assert_int_equal(hanse_frame_decoder_block_bytes(decoder) > 0, status == HANSE_OK);
    }
    hanse_frame_encoder_free(encoder);
    hanse_frame_decoder_free(decoder);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    struct records records;
    make_records(&records, 5, 100, 1);
    fail_each_allocation(pass_through, &records);
    free_records(&records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_of_the_document),
        cmocka_unit_test(test_payload_forms),
        cmocka_unit_test(test_tails),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_broken_bodies),
        cmocka_unit_test(test_zip_bomb),
        cmocka_unit_test(test_every_byte_counts),
        cmocka_unit_test(test_peek_faults),
        cmocka_unit_test(test_dictionary),
        cmocka_unit_test(test_writer_ends_blocks),
        cmocka_unit_test(test_reader_ends_blocks),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_encoder_limits),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
