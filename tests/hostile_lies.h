/* SPDX-License-Identifier: Apache-2.0 */
/* The lies of a scripted server: files that are made beforehand, and twists that put them into replies. */
#ifndef TESTS_HOSTILE_LIES_H
#define TESTS_HOSTILE_LIES_H

#include "hostile_world.h"

#include "codec/deflate.h"
#include "feed/frame.h"
#include "wire/manifest.h"

static struct lies {
    struct hanse_buffer extension;  /* signed, with a fourth line */
    struct hanse_buffer not_text;   /* signed text with a byte that is no UTF-8 */
    struct hanse_buffer signatures; /* 101 lines */
    struct hanse_buffer zero_root;  /* size 0 with a root that no empty tree has */
    struct hanse_buffer vast;       /* size 2^62 */
    struct hanse_buffer stranger;   /* signed by another key of the same name */
    struct hanse_buffer weak_chain; /* key change to a key of small order */
    struct hanse_buffer bomb;       /* a frame that inflates to 64 MiB and says so little */
    struct hanse_buffer lying;      /* a frame whose sizes are not those of its body */
    struct hanse_buffer missing_manifest;
    struct hanse_buffer overlapping_manifest;
    struct hanse_buffer vast_manifest;
    struct hanse_buffer many_manifest; /* of thousands of segments */
} lies;

static inline void lies_frame(struct hanse_buffer *out, uint32_t inflated_bytes, struct hanse_bytes body)
{
    struct hanse_buffer deflated;
    struct hanse_deflater *deflater = NULL;
    struct hanse_digest check;
    hanse_buffer_init(&deflated, 8 << 20);
    hanse_buffer_init(out, 8 << 20);
    WORLD_OK(hanse_deflater_new(HANSE_DEFLATE_SMALLEST, &deflater, &err));
    WORLD_OK(hanse_deflater_run(deflater, hanse_bytes_of(NULL, 0), body, &deflated, &err));
    WORLD_OK(hanse_buffer_append_u8(out, 0xf1, &err));
    WORLD_OK(hanse_buffer_append_u8(out, 0, &err));
    const uint64_t numbers[] = {0, 1, 0, inflated_bytes, deflated.size};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        WORLD_OK(hanse_buffer_append_varint(out, numbers[i], &err));
    WORLD_OK(hanse_buffer_append(out, hanse_buffer_view(&deflated), &err));
    WORLD_OK(hanse_digest_compute(hanse_buffer_view(out), &check, &err));
    WORLD_OK(hanse_buffer_append(out, hanse_bytes_of(check.bytes, 8), &err));
    hanse_deflater_free(deflater);
    hanse_buffer_release(&deflated);
}

static inline void lies_make_frames(void)
{
    size_t size = (size_t)64 << 20;
    uint8_t *zeros = calloc(1, size);
    assert_non_null(zeros);
    lies_frame(&lies.bomb, 1 << 20, hanse_bytes_of(zeros, size));
    lies_frame(&lies.lying, 700, hanse_bytes_of(zeros, 701));
    free(zeros);
}

static inline void lies_make_manifest(struct hanse_buffer *out, const struct hanse_segment *segments,
                                      size_t count)
{
    struct hanse_manifest manifest = {.segments = (struct hanse_segment *)(uintptr_t)segments,
                                      .segment_count = count};
    hanse_buffer_init(out, HANSE_MAX_MANIFEST_BYTES);
    WORLD_OK(hanse_manifest_encode(&manifest, out, &err));
}

static inline void lies_make_manifests(void)
{
    struct hanse_block start = {0, 0};
    struct hanse_segment one = {
        .entries = 14, .bytes = 5000, .generation = 77, .blocks = &start, .block_count = 1};
    lies_make_manifest(&lies.missing_manifest, &one, 1);
    struct hanse_segment two[2] = {one, one};
    two[0].sealed = true;
    two[1].first_index = 5;
    lies_make_manifest(&lies.overlapping_manifest, two, 2);
    size_t count = 60000;
    struct hanse_block *blocks = calloc(count, sizeof *blocks);
    struct hanse_segment *segments = calloc(count, sizeof *segments);
    assert_non_null(blocks);
    assert_non_null(segments);
    for (size_t i = 0; i < count; i++)
        blocks[i] = (struct hanse_block){.entries_before = 1000 * i, .offset = 1000 * i};
    one.entries = 1ull << 40;
    one.bytes = 64 << 20;
    one.blocks = blocks;
    one.block_count = count;
    lies_make_manifest(&lies.vast_manifest, &one, 1);
    for (size_t i = 0; i < count / 4; i++)
        segments[i] = (struct hanse_segment){.first_index = i,
                                             .entries = 1,
                                             .bytes = 100,
                                             .generation = 77,
                                             .sealed = true,
                                             .blocks = &start,
                                             .block_count = 1};
    lies_make_manifest(&lies.many_manifest, segments, count / 4);
    free(blocks);
    free(segments);
}

static inline void lies_sign(struct hanse_buffer *out, const char *text)
{
    hanse_buffer_init(out, HANSE_MAX_NOTE_BYTES);
    world_sign(text, out);
}

#define LIES_ROOT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

/* The note signs nothing about itself: a byte of its text is replaced behind the signature's back. */
static inline void lies_make_notes(void)
{
    lies_sign(&lies.extension, CITY_ORIGIN "\n14\n" LIES_ROOT "\nextension\n");
    lies_sign(&lies.zero_root, CITY_ORIGIN "\n0\n" LIES_ROOT "\n");
    lies_sign(&lies.vast, CITY_ORIGIN "\n4611686018427387904\n" LIES_ROOT "\n");
    lies_sign(&lies.not_text, CITY_ORIGIN "\n14\n" LIES_ROOT "\n");
    lies.not_text.data[2] = 0xff;
    lies_sign(&lies.signatures, CITY_ORIGIN "\n14\n" LIES_ROOT "\n");
    for (unsigned i = 0; i < 100; i++) {
        char line[64];
        int size = snprintf(line, sizeof line, "\xe2\x80\x94 witness-%u AAAAAAAA\n", i);
        WORLD_OK(hanse_buffer_append(&lies.signatures, hanse_bytes_of(line, (size_t)size), &err));
    }
    struct hanse_signing_key *key = NULL;
    struct hanse_signer signer;
    hanse_buffer_init(&lies.stranger, HANSE_MAX_NOTE_BYTES);
    WORLD_OK(hanse_signing_key_generate(&key, &err));
    WORLD_OK(hanse_signer_init(hanse_bytes_of_text(CITY_ORIGIN), HANSE_KEY_ED25519, key, &signer, &err));
    WORLD_OK(hanse_note_sign(hanse_bytes_of_text(CITY_ORIGIN "\n14\n" LIES_ROOT "\n"), &signer, 1,
                             &lies.stranger, &err));
    hanse_signing_key_free(key);
}

/* A KEY entry at index 1 that names a key of small order, in a checkpoint that the known key signed. */
static inline void lies_make_chain(void)
{
    uint8_t material[33] = {0x01, 0x01};
    struct hanse_header header = {.operation = HANSE_OPERATION_KEY,
                                  .published_unix_s = 1764000000,
                                  .verifier_key = hanse_bytes_of(material, sizeof material)};
    struct hanse_buffer entry;
    struct hanse_buffer note;
    struct hanse_digest hash;
    hanse_buffer_init(&entry, 2048);
    hanse_buffer_init(&note, HANSE_MAX_NOTE_BYTES);
    hanse_buffer_init(&lies.weak_chain, HANSE_MAX_KEY_CHANGE_BYTES);
    WORLD_OK(hanse_digest_compute(hanse_bytes_of(NULL, 0), &hash, &err));
    WORLD_OK(hanse_buffer_append(&entry, hanse_bytes_of(hash.bytes, 32), &err));
    WORLD_OK(hanse_header_encode(&header, &entry, &err));
    world_sign(CITY_ORIGIN "\n2\n" LIES_ROOT "\n", &note);
    struct hanse_bytes proof = hanse_bytes_of(hash.bytes, 32);
    struct hanse_key_change change = {.index = 1,
                                      .entry = hanse_buffer_view(&entry),
                                      .checkpoint = hanse_buffer_view(&note),
                                      .proof = &proof,
                                      .proof_count = 1};
    WORLD_OK(hanse_key_change_encode(&change, &lies.weak_chain, &err));
    hanse_buffer_release(&entry);
    hanse_buffer_release(&note);
}

/* Frames a history anew: entries in `absent` lose their payload. Each frame is independent then. */
static inline void lies_reframe(const char *history, const char *absent)
{
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    WORLD_OK(hanse_feed_store_open(&store, world_path("%s/public", history), &err));
    struct hanse_segment *segment = &store.manifest.segments[0];
    assert_int_equal(store.manifest.segment_count, 1);
    struct hanse_path name;
    struct hanse_buffer file;
    struct hanse_buffer out;
    struct hanse_buffer manifest;
    struct hanse_frame_decoder *decoder = NULL;
    struct hanse_frame_encoder *encoder = NULL;
    struct hanse_block blocks[64];
    hanse_buffer_init(&file, HANSE_MAX_SEGMENT_BYTES);
    hanse_buffer_init(&out, HANSE_MAX_SEGMENT_BYTES);
    WORLD_OK(hanse_layout_segment_name(segment->first_index, segment->generation, &name, &err));
    feed_file(world_path("%s/public", history), name.text, &file);
    WORLD_OK(hanse_frame_decoder_new(&decoder, &err));
    WORLD_OK(hanse_frame_encoder_new(6, &encoder, &err));
    segment->blocks = blocks;
    segment->block_count = 0;
    for (size_t at = 0; at < file.size;) {
        struct hanse_bytes rest = hanse_bytes_slice(hanse_buffer_view(&file), at, file.size);
        struct hanse_frame_start start;
        struct hanse_frame frame;
        struct hanse_frame_entry entries[64];
        WORLD_OK(hanse_frame_peek(rest, &start, &err));
        WORLD_OK(hanse_frame_decode(decoder, hanse_bytes_slice(rest, 0, start.frame_bytes), &frame, &err));
        memcpy(entries, frame.entries, frame.entry_count * sizeof *entries);
        for (size_t i = 0; i < frame.entry_count; i++)
            if (absent[frame.first_index + i] == 'x') {
                entries[i].absent = true;
                entries[i].payload = hanse_bytes_of(NULL, 0);
            }
        blocks[segment->block_count++] = (struct hanse_block){frame.first_index, out.size};
        hanse_frame_encoder_start_block(encoder);
        WORLD_OK(hanse_frame_encode(encoder, frame.first_index, entries, frame.entry_count, &out, &err));
        at += start.frame_bytes;
    }
    segment->bytes = out.size;
    segment->generation++;
    assert_int_equal(unlink(world_path("%s/public/%s", history, name.text)), 0);
    WORLD_OK(hanse_layout_segment_name(segment->first_index, segment->generation, &name, &err));
    write_file(world_path("%s/public", history), name.text, out.data, out.size);
    lies_make_manifest(&manifest, segment, 1);
    write_file(world_path("%s/public", history), "hanse/manifest", manifest.data, manifest.size);
    hanse_frame_decoder_free(decoder);
    hanse_frame_encoder_free(encoder);
    hanse_buffer_release(&file);
    hanse_buffer_release(&out);
    hanse_buffer_release(&manifest);
}

/* A copy of city14 whose segment is cut by 30 bytes, or has one bit flipped 20 bytes before its end. */
static inline void lies_damage(const char *history, bool cut)
{
    struct hanse_path name;
    struct hanse_buffer file;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    hanse_buffer_init(&file, HANSE_MAX_SEGMENT_BYTES);
    world_copy("city14", history);
    WORLD_OK(hanse_feed_store_open(&store, world_path("%s/public", history), &err));
    const struct hanse_segment *last = &store.manifest.segments[0];
    WORLD_OK(hanse_layout_segment_name(last->first_index, last->generation, &name, &err));
    feed_file(world_path("%s/public", history), name.text, &file);
    file.data[file.size - 20] ^= 0x10;
    write_file(world_path("%s/public", history), name.text, file.data, file.size - (cut ? 30 : 0));
    hanse_buffer_release(&file);
}

static inline void lies_make(void)
{
    lies_make_frames();
    lies_make_manifests();
    lies_make_notes();
    lies_make_chain();
    world_copy("city14", "withheld");
    lies_reframe("withheld", "--------x-x---");
    lies_damage("cut", true);
    lies_damage("flipped", false);
    world_init_node("other", "other.example/hanse");
    assert_int_equal(world_publish("other", "O", 20), 21);
}

static inline void lies_release(void)
{
    struct hanse_buffer *all[] = {
        &lies.extension,    &lies.not_text,         &lies.signatures,           &lies.zero_root,
        &lies.vast,         &lies.stranger,         &lies.weak_chain,           &lies.bomb,
        &lies.lying,        &lies.missing_manifest, &lies.overlapping_manifest, &lies.vast_manifest,
        &lies.many_manifest};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        hanse_buffer_release(all[i]);
}

#endif
