/* SPDX-License-Identifier: Apache-2.0 */
/* The follower's judge. Input: a mode, the length of a piece, a stream. By mode 0 the stream is judged
 * against the signed tree of a known feed, by 1 too, its checks put right; by 2 it describes entries (u8
 * flags, u8 header bytes, header, u8 payload bytes, payload), of which a feed is made that must verify, and
 * must not against a root with one bit flipped. */
#include "frame_check.h"

#include "base/buffer.h"
#include "feed/verifier.h"
#include "log/merkle.h"

#define ORIGIN "city.example/hanse"

enum { KNOWN_SIZE = 7, MAX_ENTRIES = 64, MAX_STREAM_BYTES = 1 << 20, FLAG_ABSENT = 1, FLAG_NEW_FRAME = 2 };

/* The feed "plain" of tests/vectors/feeds.json; the hash over its leaf hashes, which its bundle gives. */
static const char known_root_base64[] = "X59PaCVqZyhH09PXN/kPSqYL7x2jo7iKj3JI3oTnJU8=";
static const char known_leaves_hex[] = "f8139df5c66169000253271bab9c4fceb938e50911260d2b28699603ebb56863";
static const uint8_t pinned[33] = {1, 77};

/* What one run says. */
struct run {
    enum hanse_status status;
    uint64_t consumed;
    uint64_t next;
    struct hanse_hasher *leaves; /* over all leaf hashes that were handed out */
    struct hanse_digest leaf_digest;
    uint64_t seen;
};

static enum hanse_status see_frame(void *context, const struct hanse_verified_frame *frame,
                                   struct hanse_error *err)
{
    struct run *run = context;
    (void)err;
    for (size_t i = 0; i < frame->entry_count; i++) {
        const struct hanse_verified_entry *entry = &frame->entries[i];
        FUZZ_CHECK(entry->index == run->seen);
        FUZZ_CHECK((entry->verdict == HANSE_ENTRY_VALID) == (entry->reason == NULL));
        FUZZ_CHECK(entry->record.size == 0 || entry->verdict == HANSE_ENTRY_VALID);
        hanse_hasher_add(run->leaves, hanse_bytes_of(entry->leaf_hash, sizeof entry->leaf_hash));
        run->seen++;
    }
    return HANSE_OK;
}

static struct run verify(struct hanse_bytes stream, size_t piece, uint64_t size, const uint8_t root[32])
{
    struct run run = {.status = HANSE_OK};
    struct hanse_feed_state state;
    struct hanse_verifier *verifier;
    struct hanse_error err;
    hanse_feed_state_init(&state, pinned);
    fuzz_must(hanse_hasher_new(&run.leaves, NULL));
    hanse_hasher_begin(run.leaves);
    fuzz_must(hanse_verifier_new(ORIGIN, &state, size, root, see_frame, &run, &verifier, NULL));
    bool done = false;
    for (size_t at = 0; at < stream.size && run.status == HANSE_OK && !done; at += piece)
        run.status = hanse_verifier_feed(verifier, hanse_bytes_slice(stream, at, piece), &done, &err);
    run.consumed = hanse_verifier_consumed(verifier);
    run.next = hanse_verifier_next_index(verifier);
    if (run.status == HANSE_OK)
        run.status = hanse_verifier_end(verifier, &state, &err);
    if (run.status != HANSE_OK)
        fuzz_check_failure(run.status, &err, stream.size);
    else
        FUZZ_CHECK(state.frontier.size == size && run.seen == size);
    FUZZ_CHECK(run.consumed <= stream.size && run.seen <= size);
    hanse_hasher_finish(run.leaves, &run.leaf_digest);
    hanse_hasher_free(run.leaves);
    hanse_verifier_free(verifier);
    return run;
}

/* However the bytes come, the same is said. */
static struct run verify_in_pieces(struct hanse_bytes stream, size_t piece, uint64_t size,
                                   const uint8_t root[32])
{
    struct run whole = verify(stream, stream.size + 1, size, root);
    struct run pieces = verify(stream, piece, size, root);
    FUZZ_CHECK(whole.status == pieces.status && whole.next == pieces.next);
    FUZZ_CHECK(whole.consumed == pieces.consumed);
    FUZZ_CHECK(hanse_digest_equal(&whole.leaf_digest, &pieces.leaf_digest));
    return whole;
}

static void check_known(struct hanse_bytes stream, size_t piece)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer root;
    hanse_buffer_init(&root, HANSE_DIGEST_BYTES);
    fuzz_must(hanse_base64_decode(hanse_bytes_of_text(known_root_base64), &root, NULL));
    struct run run = verify_in_pieces(stream, piece, KNOWN_SIZE, root.data);
    uint8_t leaves[HANSE_DIGEST_BYTES];
    FUZZ_CHECK(hanse_hex_decode(hanse_bytes_of_text(known_leaves_hex), leaves, sizeof leaves));
    if (run.status == HANSE_OK)
        FUZZ_CHECK(memcmp(run.leaf_digest.bytes, leaves, sizeof leaves) == 0);
}

struct made {
    struct hanse_frame_entry entries[MAX_ENTRIES];
    size_t count;
    size_t frame_ends[MAX_ENTRIES]; /* of entries */
    size_t frames;
    struct hanse_digest root;
};

static void read_entries(struct hanse_bytes bytes, struct made *made)
{
    struct hanse_reader reader = hanse_reader_of(bytes);
    while (made->count < MAX_ENTRIES && hanse_reader_left(&reader) > 0) {
        struct hanse_frame_entry *entry = &made->entries[made->count];
        struct hanse_digest commitment;
        uint8_t flags = hanse_reader_u8(&reader);
        entry->header = hanse_reader_take(&reader, hanse_reader_u8(&reader));
        entry->payload = hanse_reader_take(&reader, hanse_reader_u8(&reader));
        if (reader.failed)
            break;
        fuzz_must(hanse_digest_compute(entry->payload, &commitment, NULL));
        memcpy(entry->commitment, commitment.bytes, sizeof entry->commitment);
        entry->absent = (flags & FLAG_ABSENT) != 0;
        if (entry->absent)
            entry->payload = hanse_bytes_of(NULL, 0);
        if ((flags & FLAG_NEW_FRAME) != 0 && made->count > 0)
            made->frame_ends[made->frames++] = made->count;
        made->count++;
    }
    made->frame_ends[made->frames++] = made->count;
}

static void hash_entries(struct made *made)
{
    struct hanse_frontier frontier = {.size = 0};
    struct hanse_hasher *hasher;
    fuzz_must(hanse_hasher_new(&hasher, NULL));
    for (size_t i = 0; i < made->count; i++) {
        uint8_t leaf[32 + UINT8_MAX];
        struct hanse_digest hash;
        struct hanse_bytes header = made->entries[i].header;
        memcpy(leaf, made->entries[i].commitment, 32);
        if (header.size > 0)
            memcpy(leaf + 32, header.data, header.size);
        hanse_merkle_leaf(hasher, hanse_bytes_of(leaf, 32 + header.size), &hash);
        fuzz_must(hanse_frontier_append(&frontier, hasher, &hash, NULL));
    }
    hanse_frontier_root(&frontier, hasher, &made->root);
    hanse_hasher_free(hasher);
}

static void check_made(struct hanse_bytes bytes, size_t piece)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer stream;
    hanse_buffer_init(&stream, MAX_STREAM_BYTES);
    struct made made = {.count = 0};
    struct hanse_frame_encoder *encoder;
    read_entries(bytes, &made);
    if (made.count == 0)
        return;
    hash_entries(&made);
    fuzz_must(hanse_frame_encoder_new(1, &encoder, NULL));
    for (size_t i = 0, start = 0; i < made.frames; start = made.frame_ends[i++])
        fuzz_must(hanse_frame_encode(encoder, start, &made.entries[start], made.frame_ends[i] - start,
                                     &stream, NULL));
    hanse_frame_encoder_free(encoder);
    struct run run = verify_in_pieces(hanse_buffer_view(&stream), piece, made.count, made.root.bytes);
    FUZZ_CHECK(run.status == HANSE_OK && run.consumed == stream.size);
    fuzz_flip(made.root.bytes, sizeof made.root.bytes, fuzz_choice(bytes));
    run = verify(hanse_buffer_view(&stream), piece, made.count, made.root.bytes);
    FUZZ_CHECK(run.status == HANSE_MISMATCH);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > MAX_STREAM_BYTES / 2)
        return 0;
    size_t piece = (size_t)data[1] + 1;
    struct hanse_bytes stream = hanse_bytes_of(data + 2, size - 2);
    if (data[0] % 3 == 2) {
        check_made(stream, piece);
        return 0;
    }
    uint8_t *copy = (uint8_t *)fuzz_text(stream);
    if (data[0] % 3 == 1)
        fuzz_mend_checks(copy, stream.size);
    check_known(hanse_bytes_of(copy, stream.size), piece);
    free(copy);
    return 0;
}
