/* SPDX-License-Identifier: Apache-2.0 */
/* The verifier over a feed that has every sort of entry: whatever way its bytes come, the same is said. */
#include "feed_support.h"

#include "crypto/signing_key.h"
#include "feed/verifier.h"
#include "log/merkle.h"

#define ORIGIN "city.example/hanse"

enum { ENTRIES = 14 };

static const uint8_t pinned[33] = {1, 77};
static const uint8_t weak_key[33] = {1, 1};
static uint8_t first_key[33] = {1};
static uint8_t second_key[33] = {1};

/* What is published, and what must be said of it. */
struct feed {
    struct hanse_buffer headers[ENTRIES];
    struct hanse_buffer payloads[ENTRIES];
    struct hanse_frame_entry entries[ENTRIES];
    struct hanse_buffer stored;
    size_t frame_ends[ENTRIES];
    size_t frames;
    uint8_t roots[ENTRIES + 1][32];
    uint8_t leaves[ENTRIES][32];
};

static const enum hanse_verdict verdicts[ENTRIES] = {
    HANSE_ENTRY_VALID,   /* KEY */
    HANSE_ENTRY_VALID,   /* PUT */
    HANSE_ENTRY_VALID,   /* PUT, absent */
    HANSE_ENTRY_UNKNOWN, /* a kind of tomorrow */
    HANSE_ENTRY_INVALID, /* no canonical header */
    HANSE_ENTRY_INVALID, /* KEY with a weak key */
    HANSE_ENTRY_VALID,   /* WITHDRAW */
    HANSE_ENTRY_VALID,   /* KEY */
    HANSE_ENTRY_VALID,   /* PUT */
    HANSE_ENTRY_INVALID, /* PUT, its record is broken */
    HANSE_ENTRY_VALID,   /* ERASE */
    HANSE_ENTRY_VALID,   /* SUCCESSOR */
    HANSE_ENTRY_INVALID, /* PUT behind it */
    HANSE_ENTRY_INVALID, /* KEY behind it */
};

static void derive_key(uint8_t seed_byte, uint8_t out[33])
{
    const uint8_t seed[HANSE_SEED_BYTES] = {seed_byte};
    struct hanse_signing_key *key;
    must(hanse_signing_key_from_seed(seed, &key, NULL));
    hanse_signing_key_public(key, out + 1);
    hanse_signing_key_free(key);
}

static void set_entry(struct feed *feed, size_t i, const struct hanse_header *header)
{
    must(hanse_header_encode(header, &feed->headers[i], NULL));
}

static void set_put(struct feed *feed, size_t i, uint32_t kind, size_t filler)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer record;
    hanse_buffer_init(&record, 1 << 16);
    uint8_t salt[16];
    memset(salt, (int)i, sizeof salt);
    append_record(&record, kind, filler, (uint8_t)i);
    must(hanse_payload_encode(salt, hanse_buffer_view(&record), 0, &feed->payloads[i], NULL));
    struct hanse_header header = put_header((uint32_t)feed->payloads[i].size);
    header.kind = kind;
    set_entry(feed, i, &header);
}

static void set_key(struct feed *feed, size_t i, const uint8_t key[33])
{
    struct hanse_header header = {.operation = HANSE_OPERATION_KEY,
                                  .published_unix_s = SUPPORT_TIME,
                                  .verifier_key = hanse_bytes_of(key, 33)};
    set_entry(feed, i, &header);
}

static void fill_feed(struct feed *feed)
{
    static const struct hanse_index_range erased[] = {{2, 1}};
    struct hanse_header withdraw = {.operation = HANSE_OPERATION_WITHDRAW,
                                    .record_id = hanse_bytes_of(support_id, 16),
                                    .published_unix_s = SUPPORT_TIME,
                                    .reason = 1};
    struct hanse_header erase = {.operation = HANSE_OPERATION_ERASE,
                                 .published_unix_s = SUPPORT_TIME,
                                 .reason = 4,
                                 .erased = erased,
                                 .erased_count = 1,
                                 .erase_by_unix_s = SUPPORT_TIME};
    struct hanse_header successor = {.operation = HANSE_OPERATION_SUCCESSOR,
                                     .published_unix_s = SUPPORT_TIME,
                                     .successor_origin = hanse_bytes_of_text("new.example/h"),
                                     .successor_key = hanse_bytes_of(first_key, 33)};
    set_key(feed, 0, first_key);
    set_put(feed, 1, SUPPORT_KIND, 100);
    set_put(feed, 2, SUPPORT_KIND, 50);
    set_put(feed, 3, 999, 10);
    must(hanse_buffer_append(&feed->headers[4], hanse_bytes_of("\x08\x01\x08\x01", 4), NULL));
    must(hanse_buffer_append(&feed->payloads[4], hanse_bytes_of_text("whatever"), NULL));
    set_key(feed, 5, weak_key);
    set_entry(feed, 6, &withdraw);
    set_key(feed, 7, second_key);
    set_put(feed, 8, SUPPORT_KIND, 300);
    set_put(feed, 9, SUPPORT_KIND, 20);
    feed->payloads[9].data[feed->payloads[9].size - 1] = 5; /* the body is longer than what is there */
    set_entry(feed, 10, &erase);
    set_entry(feed, 11, &successor);
    set_put(feed, 12, SUPPORT_KIND, 5);
    set_key(feed, 13, first_key);
}

static void hash_feed(struct feed *feed)
{
    struct hanse_hasher *hasher;
    struct hanse_frontier frontier = {0};
    struct hanse_digest digest;
    must(hanse_hasher_new(&hasher, NULL));
    hanse_frontier_root(&frontier, hasher, &digest);
    memcpy(feed->roots[0], digest.bytes, 32);
    for (size_t i = 0; i < ENTRIES; i++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
        hanse_buffer_init(&bytes, 1 << 16);
        struct hanse_frame_entry *entry = &feed->entries[i];
        hanse_hasher_digest(hasher, hanse_buffer_view(&feed->payloads[i]), &digest);
        memcpy(entry->commitment, digest.bytes, 32);
        entry->header = hanse_buffer_view(&feed->headers[i]);
        entry->absent = i == 2;
        entry->payload = entry->absent ? hanse_bytes_of(NULL, 0) : hanse_buffer_view(&feed->payloads[i]);
        must(hanse_buffer_append(&bytes, hanse_bytes_of(entry->commitment, 32), NULL));
        must(hanse_buffer_append(&bytes, entry->header, NULL));
        hanse_merkle_leaf(hasher, hanse_buffer_view(&bytes), &digest);
        memcpy(feed->leaves[i], digest.bytes, 32);
        must(hanse_frontier_append(&frontier, hasher, &digest, NULL));
        hanse_frontier_root(&frontier, hasher, &digest);
        memcpy(feed->roots[i + 1], digest.bytes, 32);
    }
    hanse_hasher_free(hasher);
}

/* Frames of `per_frame` entries in one block. */
static void make_feed(struct feed *feed, size_t per_frame)
{
    memset(feed, 0, sizeof *feed);
    for (size_t i = 0; i < ENTRIES; i++) {
        hanse_buffer_init(&feed->headers[i], 1 << 16);
        hanse_buffer_init(&feed->payloads[i], 1 << 16);
    }
    hanse_buffer_init(&feed->stored, 1 << 20);
    fill_feed(feed);
    hash_feed(feed);
    struct hanse_frame_encoder *encoder;
    must(hanse_frame_encoder_new(6, &encoder, NULL));
    for (size_t i = 0; i < ENTRIES; i += per_frame) {
        size_t count = ENTRIES - i < per_frame ? ENTRIES - i : per_frame;
        must(hanse_frame_encode(encoder, i, feed->entries + i, count, &feed->stored, NULL));
        feed->frame_ends[feed->frames++] = feed->stored.size;
    }
    hanse_frame_encoder_free(encoder);
}

static void free_feed(struct feed *feed)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        hanse_buffer_release(&feed->headers[i]);
        hanse_buffer_release(&feed->payloads[i]);
    }
    hanse_buffer_release(&feed->stored);
}

/* A sink that compares with the feed. */
struct watch {
    const struct feed *feed;
    uint64_t next;
    size_t calls;
    size_t whole_frames;
    size_t stored_bytes;
    enum hanse_status answer;
};

static void compare_entry(const struct feed *feed, const struct hanse_verified_entry *entry)
{
    uint64_t i = entry->index;
    const struct hanse_frame_entry *expected = &feed->entries[i];
    assert_memory_equal(entry->leaf_hash, feed->leaves[i], 32);
    assert_memory_equal(entry->entry.commitment, expected->commitment, 32);
    assert_true(hanse_bytes_equal(entry->entry.header, expected->header));
    assert_true(hanse_bytes_equal(entry->payload, expected->payload));
    assert_int_equal(entry->absent, expected->absent);
    assert_int_equal(entry->verdict, verdicts[i]);
    assert_int_equal(entry->reason == NULL, entry->verdict == HANSE_ENTRY_VALID);
    if (entry->reason != NULL)
        assert_true(strlen(entry->reason) > 5);
    bool has_record = i == 1 || i == 8;
    assert_int_equal(entry->record.size, has_record ? expected->payload.size - 20 : 0);
    assert_int_equal(entry->header->operation == 0, i == 4);
}

static enum hanse_status watch_frame(void *context, const struct hanse_verified_frame *frame,
                                     struct hanse_error *err)
{
    (void)err;
    struct watch *watch = context;
    watch->calls++;
    watch->whole_frames += frame->whole ? 1 : 0;
    watch->stored_bytes += frame->stored.size;
    assert_int_equal(frame->first_index, watch->next);
    for (size_t i = 0; i < frame->entry_count; i++) {
        assert_int_equal(frame->entries[i].index, watch->next);
        compare_entry(watch->feed, &frame->entries[i]);
        assert_true(hanse_bytes_equal(frame->frame_entries[i].header, frame->entries[i].entry.header));
        assert_true(hanse_bytes_equal(frame->frame_entries[i].payload, frame->entries[i].payload));
        assert_memory_equal(frame->frame_entries[i].commitment, frame->entries[i].entry.commitment, 32);
        watch->next++;
    }
    return watch->answer;
}

/* Everything from `state` to `size`, in pieces; gives the new state. */
static void verify(const struct feed *feed, const struct hanse_feed_state *state, uint64_t size, size_t piece,
                   struct hanse_feed_state *out, struct watch *watch)
{
    struct hanse_verifier *verifier;
    bool done = state->frontier.size == size;
    *watch = (struct watch){.feed = feed, .next = state->frontier.size};
    must(hanse_verifier_new(ORIGIN, state, size, feed->roots[size], watch_frame, watch, &verifier, NULL));
    for (size_t at = 0; at < feed->stored.size && !done; at += piece)
        must(hanse_verifier_feed(verifier, hanse_bytes_slice(hanse_buffer_view(&feed->stored), at, piece),
                                 &done, NULL));
    assert_true(done);
    assert_int_equal(hanse_verifier_next_index(verifier), size);
    assert_int_equal(watch->next, size);
    must(hanse_verifier_end(verifier, out, NULL));
    size_t consumed = 0;
    for (size_t i = 0; i < feed->frames; i++) {
        size_t per_frame = (ENTRIES + feed->frames - 1) / feed->frames;
        size_t end = (i + 1) * per_frame < ENTRIES ? (i + 1) * per_frame : ENTRIES;
        if (end <= size && state->frontier.size < size)
            consumed = feed->frame_ends[i];
    }
    assert_int_equal(hanse_verifier_consumed(verifier), consumed);
    hanse_verifier_free(verifier);
}

static void assert_same_state(const struct hanse_feed_state *a, const struct hanse_feed_state *b)
{
    assert_int_equal(a->frontier.size, b->frontier.size);
    for (unsigned level = 0; level < 64; level++)
        if ((a->frontier.size >> level & 1) != 0)
            assert_true(hanse_digest_equal(&a->frontier.hashes[level], &b->frontier.hashes[level]));
    assert_memory_equal(a->key, b->key, 33);
    assert_memory_equal(a->previous_key, b->previous_key, 33);
    assert_int_equal(a->key_index, b->key_index);
    assert_int_equal(a->successor_index, b->successor_index);
}

static void test_pieces_of_any_size(void **state)
{
    (void)state;
    struct feed feed;
    struct hanse_feed_state start;
    struct hanse_feed_state end;
    struct hanse_feed_state again;
    struct watch watch;
    make_feed(&feed, 3);
    hanse_feed_state_init(&start, pinned);
    verify(&feed, &start, ENTRIES, feed.stored.size, &end, &watch);
    assert_int_equal(watch.calls, feed.frames);
    assert_int_equal(watch.whole_frames, feed.frames);
    assert_int_equal(watch.stored_bytes, feed.stored.size);
    assert_int_equal(end.key_index, 7);
    assert_memory_equal(end.key, second_key, 33);
    assert_memory_equal(end.previous_key, first_key, 33);
    assert_int_equal(end.successor_index, 11);
    for (size_t piece = 1; piece <= feed.stored.size + 1; piece += piece < 300 ? 1 : 13) {
        verify(&feed, &start, ENTRIES, piece, &again, &watch);
        assert_int_equal(watch.calls, feed.frames);
        assert_int_equal(watch.stored_bytes, feed.stored.size);
        assert_same_state(&end, &again);
    }
    free_feed(&feed);
}

/* From any size to any size, whatever the frames are: held entries are skipped, those beyond dropped. */
static void test_any_part(void **state)
{
    (void)state;
    for (size_t per_frame = 1; per_frame <= ENTRIES; per_frame += per_frame < 5 ? 2 : 9) {
        struct feed feed;
        struct hanse_feed_state states[ENTRIES + 1];
        struct watch watch;
        make_feed(&feed, per_frame);
        hanse_feed_state_init(&states[0], pinned);
        for (size_t size = 1; size <= ENTRIES; size++)
            verify(&feed, &states[0], size, 1000000, &states[size], &watch);
        assert_memory_equal(states[1].key, first_key, 33);
        assert_int_equal(states[1].key_index, 0);
        assert_int_equal(states[7].key_index, 0);
        assert_int_equal(states[8].key_index, 7);
        assert_memory_equal(states[8].previous_key, first_key, 33);
        assert_true(states[11].successor_index == UINT64_MAX);
        assert_int_equal(states[12].successor_index, 11);
        for (size_t from = 0; from <= ENTRIES; from++)
            for (size_t to = from; to <= ENTRIES; to++) {
                struct hanse_feed_state got;
                verify(&feed, &states[from], to, 100, &got, &watch);
                assert_same_state(&got, &states[to]);
                if (from == 0 && to % per_frame == 0)
                    assert_int_equal(watch.whole_frames, watch.calls);
            }
        free_feed(&feed);
    }
}

/* A verifier over 2 entries a frame and all of the feed. */
static struct hanse_verifier *make_verifier(const struct feed *feed, struct watch *watch)
{
    struct hanse_feed_state start;
    struct hanse_verifier *verifier;
    *watch = (struct watch){.feed = feed};
    hanse_feed_state_init(&start, pinned);
    must(hanse_verifier_new(ORIGIN, &start, ENTRIES, feed->roots[ENTRIES], watch_frame, watch, &verifier,
                            NULL));
    return verifier;
}

static struct hanse_bytes frames_of(const struct feed *feed, size_t from, size_t to)
{
    size_t start = from > 0 ? feed->frame_ends[from - 1] : 0;
    return hanse_bytes_of(feed->stored.data + start, feed->frame_ends[to - 1] - start);
}

static void test_truncated_and_mismatch(void **state)
{
    (void)state;
    struct feed feed;
    struct watch watch;
    make_feed(&feed, 2);
    for (size_t cut = 0; cut < feed.stored.size; cut += 7) {
        struct hanse_verifier *verifier = make_verifier(&feed, &watch);
        struct hanse_feed_state out = {.key_index = 555};
        bool done = true;
        must(hanse_verifier_feed(verifier, hanse_bytes_of(feed.stored.data, cut), &done, NULL));
        assert_false(done);
        assert_int_equal(hanse_verifier_end(verifier, &out, NULL), HANSE_TRUNCATED);
        assert_int_equal(out.key_index, 555);
        hanse_verifier_free(verifier);
    }
    feed.roots[ENTRIES][31] ^= 1;
    struct hanse_verifier *verifier = make_verifier(&feed, &watch);
    struct hanse_feed_state out = {.key_index = 555};
    bool done = false;
    must(hanse_verifier_feed(verifier, hanse_buffer_view(&feed.stored), &done, NULL));
    assert_true(done);
    assert_int_equal(hanse_verifier_end(verifier, &out, NULL), HANSE_MISMATCH);
    assert_int_equal(out.key_index, 555);
    hanse_verifier_free(verifier);
    free_feed(&feed);
}

static void expect_malformed(const struct feed *feed, const struct hanse_bytes *parts, size_t count,
                             uint64_t offset)
{
    struct watch watch;
    struct hanse_verifier *verifier = make_verifier(feed, &watch);
    bool done;
    struct hanse_error err = {.offset = 0};
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        status = hanse_verifier_feed(verifier, parts[i], &done, &err);
    assert_int_equal(status, HANSE_MALFORMED);
    assert_int_equal(err.offset, offset);
    hanse_verifier_free(verifier);
}

static void test_gaps_and_breaks(void **state)
{
    (void)state;
    struct feed feed;
    make_feed(&feed, 2);
    struct hanse_bytes first = frames_of(&feed, 0, 1);
    struct hanse_bytes second = frames_of(&feed, 1, 2);
    struct hanse_bytes third = frames_of(&feed, 2, 3);
    const struct hanse_bytes gap[] = {first, third};
    const struct hanse_bytes twice[] = {first, second, second};
    const struct hanse_bytes back[] = {first, second, first};
    const struct hanse_bytes late[] = {second};
    expect_malformed(&feed, gap, 2, first.size);
    expect_malformed(&feed, twice, 3, first.size + second.size);
    expect_malformed(&feed, back, 3, first.size + second.size);
    expect_malformed(&feed, late, 1, 1); /* continues nothing */
    /* The same where the check is right and the first byte of the next frame is not. */
    uint8_t junk[] = {0x00, 0x01};
    const struct hanse_bytes junk_behind[] = {first, hanse_bytes_of(junk, 2)};
    expect_malformed(&feed, junk_behind, 2, first.size);
    /* In pieces of one byte the offset is the same. */
    struct watch watch;
    struct hanse_verifier *verifier = make_verifier(&feed, &watch);
    feed.stored.data[feed.frame_ends[1] - 1] ^= 1;
    bool done;
    struct hanse_error err;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < feed.stored.size && status == HANSE_OK; i++)
        status = hanse_verifier_feed(verifier, hanse_bytes_of(feed.stored.data + i, 1), &done, &err);
    assert_int_equal(status, HANSE_MALFORMED);
    assert_int_equal(err.offset, feed.frame_ends[1] - 8);
    assert_int_equal(watch.next, 2);
    hanse_verifier_free(verifier);
    free_feed(&feed);
    /* Independent frames that leave something out. */
    struct hanse_frame_encoder *encoder;
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, 1 << 20);
    make_feed(&feed, 2);
    must(hanse_frame_encoder_new(6, &encoder, NULL));
    must(hanse_frame_encode(encoder, 1, feed.entries + 1, 2, &out, NULL));
    const struct hanse_bytes from_one[] = {hanse_buffer_view(&out)};
    expect_malformed(&feed, from_one, 1, 0);
    hanse_frame_encoder_free(encoder);
    free_feed(&feed);
}

static void test_files_and_prime(void **state)
{
    (void)state;
    struct feed feed;
    struct watch watch;
    struct hanse_feed_state out;
    bool done;
    make_feed(&feed, 2);
    /* A frame that was cut off is forgotten; the file comes again from its start. */
    struct hanse_verifier *verifier = make_verifier(&feed, &watch);
    must(
        hanse_verifier_feed(verifier, hanse_bytes_of(feed.stored.data, feed.frame_ends[2] + 5), &done, NULL));
    assert_int_equal(hanse_verifier_consumed(verifier), feed.frame_ends[2]);
    assert_int_equal(hanse_verifier_next_index(verifier), 6);
    hanse_verifier_start_file(verifier);
    assert_int_equal(hanse_verifier_consumed(verifier), 0);
    must(hanse_verifier_feed(verifier, hanse_buffer_view(&feed.stored), &done, NULL));
    assert_true(done);
    must(hanse_verifier_end(verifier, &out, NULL));
    hanse_verifier_free(verifier);
    /* Goes on behind two frames of a block that come again, and only for the dictionary. */
    verifier = make_verifier(&feed, &watch);
    must(hanse_verifier_feed(verifier, frames_of(&feed, 0, 2), &done, NULL));
    must(hanse_verifier_prime(verifier, frames_of(&feed, 0, 2), NULL));
    assert_int_equal(watch.calls, 2);
    assert_int_equal(hanse_verifier_consumed(verifier), 0);
    must(hanse_verifier_feed(verifier, frames_of(&feed, 2, feed.frames), &done, NULL));
    assert_true(done);
    assert_int_equal(hanse_verifier_consumed(verifier), feed.stored.size - feed.frame_ends[1]);
    must(hanse_verifier_end(verifier, &out, NULL));
    assert_int_equal(out.key_index, 7);
    hanse_verifier_free(verifier);
    /* What primes must be whole frames that follow each other, and what follows must follow. */
    verifier = make_verifier(&feed, &watch);
    struct hanse_error err;
    struct hanse_bytes cut = hanse_bytes_of(feed.stored.data, feed.frame_ends[1] - 1);
    assert_int_equal(hanse_verifier_prime(verifier, cut, &err), HANSE_MALFORMED);
    assert_int_equal(err.offset, cut.size);
    assert_int_equal(hanse_verifier_prime(verifier, frames_of(&feed, 1, 2), &err), HANSE_MALFORMED);
    must(hanse_verifier_prime(verifier, frames_of(&feed, 0, 1), &err));
    assert_int_equal(hanse_verifier_feed(verifier, frames_of(&feed, 2, 3), &done, &err), HANSE_MALFORMED);
    hanse_verifier_free(verifier);
    free_feed(&feed);
}

static void test_limits_of_use(void **state)
{
    (void)state;
    struct feed feed;
    struct watch watch;
    struct hanse_feed_state start;
    struct hanse_verifier *verifier = NULL;
    bool done = false;
    make_feed(&feed, 2);
    hanse_feed_state_init(&start, pinned);
    assert_memory_equal(start.key, pinned, 33);
    assert_true(start.key_index == UINT64_MAX && start.successor_index == UINT64_MAX);
    start.frontier.size = 5;
    assert_int_equal(
        hanse_verifier_new(ORIGIN, &start, 4, feed.roots[4], watch_frame, &watch, &verifier, NULL),
        HANSE_INVALID_ARGUMENT);
    assert_null(verifier);
    /* Nothing to do: done at once, and judged by the root all the same. */
    hanse_feed_state_init(&start, pinned);
    must(hanse_verifier_new(ORIGIN, &start, 0, feed.roots[0], watch_frame, &watch, &verifier, NULL));
    must(hanse_verifier_feed(verifier, hanse_bytes_of_text("junk"), &done, NULL));
    assert_true(done);
    struct hanse_feed_state out;
    must(hanse_verifier_end(verifier, &out, NULL));
    assert_memory_equal(out.key, pinned, 33);
    hanse_verifier_free(verifier);
    must(hanse_verifier_new(ORIGIN, &start, 0, feed.roots[1], watch_frame, &watch, &verifier, NULL));
    assert_int_equal(hanse_verifier_end(verifier, &out, NULL), HANSE_MISMATCH);
    hanse_verifier_free(verifier);
    /* What the sink says is what the verifier says. */
    verifier = make_verifier(&feed, &watch);
    watch.answer = HANSE_CANCELLED;
    assert_int_equal(hanse_verifier_feed(verifier, hanse_buffer_view(&feed.stored), &done, NULL),
                     HANSE_CANCELLED);
    assert_int_equal(watch.calls, 1);
    hanse_verifier_free(verifier);
    hanse_verifier_free(NULL);
    free_feed(&feed);
}

static enum hanse_status ignore_frame(void *context, const struct hanse_verified_frame *frame,
                                      struct hanse_error *err)
{
    (void)err;
    enum hanse_verdict *verdict = context;
    *verdict = frame->entries[0].verdict;
    return HANSE_OK;
}

/* Without a valid KEY entry at index 0 the known key stays. */
static void test_first_entry(void **state)
{
    (void)state;
    struct feed feed;
    make_feed(&feed, 2);
    const size_t candidates[] = {1, 5, 4};
    for (size_t i = 0; i < 3; i++) {
        HANSE_SCOPED_BUFFER struct hanse_buffer out;
        hanse_buffer_init(&out, 1 << 16);
        struct hanse_frame_encoder *encoder;
        must(hanse_frame_encoder_new(6, &encoder, NULL));
        must(hanse_frame_encode(encoder, 0, &feed.entries[candidates[i]], 1, &out, NULL));
        hanse_frame_encoder_free(encoder);
        struct hanse_feed_state start;
        struct hanse_feed_state end;
        struct hanse_verifier *verifier;
        enum hanse_verdict verdict;
        bool done;
        hanse_feed_state_init(&start, pinned);
        /* The root of one entry is its leaf hash. */
        must(hanse_verifier_new(ORIGIN, &start, 1, feed.leaves[candidates[i]], ignore_frame, &verdict,
                                &verifier, NULL));
        must(hanse_verifier_feed(verifier, hanse_buffer_view(&out), &done, NULL));
        must(hanse_verifier_end(verifier, &end, NULL));
        hanse_verifier_free(verifier);
        assert_memory_equal(end.key, pinned, 33);
        assert_true(end.key_index == UINT64_MAX);
        /* A first entry that is no KEY entry is judged INVALID, whatever it would be elsewhere. */
        assert_int_equal(verdict, HANSE_ENTRY_INVALID);
    }
    free_feed(&feed);
}

static enum hanse_status verify_all(void *context)
{
    const struct feed *feed = context;
    struct watch watch = {.feed = feed};
    struct hanse_feed_state start;
    struct hanse_feed_state out = {.key_index = 555};
    struct hanse_verifier *verifier = NULL;
    bool done = false;
    hanse_feed_state_init(&start, pinned);
    enum hanse_status status = hanse_verifier_new(ORIGIN, &start, ENTRIES, feed->roots[ENTRIES], watch_frame,
                                                  &watch, &verifier, NULL);
    for (size_t at = 0; at < feed->stored.size && status == HANSE_OK; at += 500)
        status = hanse_verifier_feed(verifier, hanse_bytes_slice(hanse_buffer_view(&feed->stored), at, 500),
                                     &done, NULL);
    if (status == HANSE_OK)
        status = hanse_verifier_end(verifier, &out, NULL);
    assert_int_equal(out.key_index, status == HANSE_OK ? 7 : 555);
    hanse_verifier_free(verifier);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    struct feed feed;
    make_feed(&feed, 5);
    fail_each_allocation(verify_all, &feed);
    free_feed(&feed);
}

static int make_keys(void **state)
{
    (void)state;
    derive_key(1, first_key);
    derive_key(2, second_key);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_of_any_size),
        cmocka_unit_test(test_any_part),
        cmocka_unit_test(test_truncated_and_mismatch),
        cmocka_unit_test(test_gaps_and_breaks),
        cmocka_unit_test(test_files_and_prime),
        cmocka_unit_test(test_limits_of_use),
        cmocka_unit_test(test_first_entry),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
