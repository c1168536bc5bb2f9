/* SPDX-License-Identifier: Apache-2.0 */
/* A feed's folder as it grows: segments are sealed, made dense, and cut back to what is signed. */
#include "folder_fixture.h"

#include <stdio.h>

#include "base/bytes.h"
#include "crypto/random.h"
#include "node/files/feed_writer.h"

enum { ENTRIES = 1200, PAYLOAD_BYTES = 8000 };

/* Entries whose payloads do not compress, one frame each, until a segment is sealed. */
static void add_entries(struct folder *folder, struct hanse_feed_writer *writer, uint64_t from, size_t count)
{
    static uint8_t payload[PAYLOAD_BYTES];
    for (uint64_t i = from; i < from + count; i++) {
        char header[64];
        struct hanse_digest digest;
        ASSERT_OK(folder, hanse_random_fill(payload, sizeof payload, &folder->err));
        int length = snprintf(header, sizeof header, "header of entry %u", (unsigned)i);
        struct hanse_frame_entry entry = {.header = hanse_bytes_of(header, (size_t)length),
                                          .payload = hanse_bytes_of(payload, sizeof payload)};
        ASSERT_OK(folder, hanse_digest_compute(entry.payload, &digest, &folder->err));
        memcpy(entry.commitment, digest.bytes, sizeof entry.commitment);
        ASSERT_OK(folder, hanse_feed_writer_add_entries(writer, &entry, 1, &folder->err));
    }
}

static enum hanse_status count_frames(void *context, const struct hanse_verified_frame *frame,
                                      struct hanse_error *err)
{
    (void)err;
    size_t *frames = context;
    *frames += frame->entry_count > 0;
    return HANSE_OK;
}

/* Reads the whole folder back against the root of its tiles; returns the number of frames. */
static size_t read_back(struct folder *folder, const char *dir, uint64_t size,
                        const struct hanse_digest *root)
{
    struct hanse_feed_store store;
    struct hanse_feed_state state;
    struct hanse_verifier *verifier = NULL;
    size_t frames = 0;
    uint8_t key[33] = {1};
    hanse_feed_state_init(&state, key);
    ASSERT_OK(folder, hanse_feed_store_open(&store, dir, &folder->err));
    ASSERT_OK(folder, hanse_verifier_new("city.example/hanse", &state, size, root->bytes, count_frames,
                                         &frames, &verifier, &folder->err));
    ASSERT_OK(folder, hanse_feed_store_replay(&store, 0, verifier, &folder->err));
    ASSERT_OK(folder, hanse_verifier_end(verifier, &state, &folder->err));
    hanse_verifier_free(verifier);
    hanse_feed_store_release(&store);
    return frames;
}

static void sealed_segment_is_made_dense(void **state)
{
    struct folder *folder = *state;
    struct hanse_path dir;
    struct hanse_feed_writer writer;
    struct hanse_digest root;
    ASSERT_OK(folder, hanse_path_format(&dir, &folder->err, "%s/feed", folder->dir));
    ASSERT_OK(folder, hanse_feed_writer_open(&writer, dir.text, 0, false, &folder->err));
    add_entries(folder, &writer, 0, ENTRIES);
    assert_int_equal(writer.segments.count, 2);
    ASSERT_OK(folder, hanse_feed_writer_finish(&writer, &folder->err));
    const struct hanse_segment *sealed = &writer.segments.items[0];
    assert_true(sealed->sealed);
    assert_false(writer.segments.items[1].sealed);
    assert_true(sealed->entries > 1000);
    size_t live = (size_t)writer.segments.items[1].entries;
    size_t blocks = sealed->block_count;
    assert_true(blocks < 60); /* of 32 records each */
    hanse_tile_builder_root(writer.tiles.builder, &root);
    hanse_feed_writer_release(&writer);
    assert_int_equal(read_back(folder, dir.text, ENTRIES, &root), blocks + live);
}

/* Without a checkpoint nothing is signed: the next writer cuts everything off and gives the same tree again.
 */
static void unsigned_entries_are_cut_off(void **state)
{
    struct folder *folder = *state;
    struct hanse_path dir;
    struct hanse_path file;
    struct hanse_feed_writer writer;
    struct hanse_digest root;
    ASSERT_OK(folder, hanse_path_format(&dir, &folder->err, "%s/feed", folder->dir));
    ASSERT_OK(folder, hanse_feed_writer_open(&writer, dir.text, 0, false, &folder->err));
    add_entries(folder, &writer, 0, 3);
    ASSERT_OK(folder, hanse_feed_writer_finish(&writer, &folder->err));
    hanse_tile_builder_root(writer.tiles.builder, &root);
    uint64_t kept_generation = writer.segments.items[0].generation;
    uint64_t kept_bytes = writer.segments.items[0].bytes;
    hanse_feed_writer_release(&writer);

    ASSERT_OK(folder, hanse_feed_writer_open(&writer, dir.text, 3, false, &folder->err));
    add_entries(folder, &writer, 3, 2);
    ASSERT_OK(folder, hanse_feed_writer_finish(&writer, &folder->err));
    assert_int_equal(writer.segments.items[0].generation, kept_generation);
    hanse_feed_writer_release(&writer);

    ASSERT_OK(folder, hanse_feed_writer_open(&writer, dir.text, 3, false, &folder->err));
    assert_int_equal(writer.segments.count, 1);
    assert_int_equal(writer.segments.items[0].entries, 3);
    assert_int_equal(writer.segments.items[0].bytes, kept_bytes);
    assert_true(writer.segments.items[0].generation != kept_generation);
    ASSERT_OK(folder, hanse_feed_writer_finish(&writer, &folder->err));
    hanse_feed_writer_release(&writer);
    assert_int_equal(read_back(folder, dir.text, 3, &root), 3);
    ASSERT_OK(folder, hanse_path_format(&file, &folder->err, "%s/hanse/manifest", dir.text));
    assert_true(hanse_file_exists(file.text));
}

static int teardown(void **state)
{
    struct folder *folder = *state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s/feed", folder->dir);
    assert_int_equal(system(command), 0);
    return folder_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sealed_segment_is_made_dense, folder_setup, teardown),
        cmocka_unit_test_setup_teardown(unsigned_entries_are_cut_off, folder_setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
