/* SPDX-License-Identifier: Apache-2.0 */
/* Frames. Input: a mode, then by mode 0 a file of frames, 1 such a file whose checks are put right, 2 the
 * parts of one frame (u16 entries, u16 raw bytes, raw, body), which is made of them. */
#include "frame_check.h"

#include "base/buffer.h"
#include "codec/deflate.h"
#include "wire/header.h"

enum { MAX_FILE_BYTES = 8 << 20, MAX_CODEC_BYTES = 4 << 20 };

static void check_entry(const struct hanse_frame_entry *entry)
{
    struct hanse_digest digest;
    FUZZ_CHECK(entry->header.size <= HANSE_FRAME_MAX_HEADER_BYTES);
    FUZZ_CHECK(entry->payload.size <= HANSE_MAX_PAYLOAD_BYTES &&
               (!entry->absent || entry->payload.size == 0));
    if (entry->absent)
        return;
    fuzz_must(hanse_digest_compute(entry->payload, &digest, NULL));
    FUZZ_CHECK(memcmp(digest.bytes, entry->commitment, sizeof digest.bytes) == 0);
}

static void check_same(const struct hanse_frame *a, const struct hanse_frame *b)
{
    FUZZ_CHECK(a->first_index == b->first_index && a->entry_count == b->entry_count);
    for (size_t i = 0; i < a->entry_count; i++) {
        FUZZ_CHECK(hanse_bytes_equal(a->entries[i].header, b->entries[i].header));
        FUZZ_CHECK(hanse_bytes_equal(a->entries[i].payload, b->entries[i].payload));
        FUZZ_CHECK(a->entries[i].absent == b->entries[i].absent);
        FUZZ_CHECK(memcmp(a->entries[i].commitment, b->entries[i].commitment, 32) == 0);
    }
}

/* What was read is written and read again. A reader takes frames that are a little too big for a writer. */
static void check_written(const struct hanse_frame *frame)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer out;
    hanse_buffer_init(&out, MAX_FILE_BYTES);
    struct hanse_frame_encoder *encoder;
    struct hanse_frame_decoder *decoder;
    struct hanse_frame again;
    struct hanse_error err;
    fuzz_must(hanse_frame_encoder_new(HANSE_DEFLATE_FASTEST, &encoder, NULL));
    fuzz_must(hanse_frame_decoder_new(&decoder, NULL));
    enum hanse_status status =
        hanse_frame_encode(encoder, frame->first_index, frame->entries, frame->entry_count, &out, &err);
    if (status == HANSE_OK) {
        fuzz_must(hanse_frame_decode(decoder, hanse_buffer_view(&out), &again, &err));
        check_same(frame, &again);
    } else {
        FUZZ_CHECK(status == HANSE_LIMIT);
    }
    hanse_frame_encoder_free(encoder);
    hanse_frame_decoder_free(decoder);
}

static void check_file(struct hanse_bytes file)
{
    struct hanse_frame_decoder *decoder;
    struct hanse_frame frame;
    struct hanse_error err;
    fuzz_must(hanse_frame_decoder_new(&decoder, NULL));
    for (size_t at = 0; at < file.size;) {
        struct hanse_bytes rest = hanse_bytes_slice(file, at, file.size);
        size_t frame_bytes = fuzz_frame_bytes(rest);
        if (frame_bytes > 0)
            rest = hanse_bytes_slice(rest, 0, frame_bytes);
        uint64_t before = hanse_frame_decoder_block_bytes(decoder);
        enum hanse_status status = hanse_frame_decode(decoder, rest, &frame, &err);
        if (status != HANSE_OK) {
            fuzz_check_failure(status, &err, rest.size);
            FUZZ_CHECK(hanse_frame_decoder_block_bytes(decoder) == before);
            break;
        }
        FUZZ_CHECK(frame.entry_count > 0 && frame.entry_count <= HANSE_MAX_FRAME_ENTRIES);
        for (size_t i = 0; i < frame.entry_count; i++)
            check_entry(&frame.entries[i]);
        check_written(&frame);
        at += frame_bytes;
    }
    hanse_frame_decoder_free(decoder);
}

static void make_frame(struct hanse_bytes parts, struct hanse_buffer *out)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer deflated;
    hanse_buffer_init(&deflated, MAX_CODEC_BYTES);
    struct hanse_reader reader = hanse_reader_of(parts);
    uint16_t entries = hanse_reader_u16_be(&reader);
    struct hanse_bytes raw = hanse_reader_take(&reader, hanse_reader_u16_be(&reader));
    struct hanse_bytes body = hanse_reader_take(&reader, hanse_reader_left(&reader));
    struct hanse_deflater *deflater;
    fuzz_must(hanse_deflater_new(HANSE_DEFLATE_FASTEST, &deflater, NULL));
    fuzz_must(hanse_deflater_run(deflater, hanse_bytes_of(NULL, 0), body, &deflated, NULL));
    hanse_deflater_free(deflater);
    const uint64_t start[] = {5, entries, raw.size, body.size, deflated.size};
    fuzz_must(hanse_buffer_append_be(out, HANSE_FRAME_MAGIC << 8, 2, NULL));
    for (size_t i = 0; i < sizeof start / sizeof start[0]; i++)
        fuzz_must(hanse_buffer_append_varint(out, start[i], NULL));
    fuzz_must(hanse_buffer_append(out, raw, NULL));
    fuzz_must(hanse_buffer_append(out, hanse_buffer_view(&deflated), NULL));
    fuzz_must(hanse_buffer_append_be(out, 0, HANSE_FRAME_CHECK_BYTES, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > MAX_CODEC_BYTES / 2)
        return 0;
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    hanse_buffer_init(&file, MAX_FILE_BYTES);
    struct hanse_bytes rest = hanse_bytes_of(data + 1, size - 1);
    unsigned mode = data[0] % 3;
    if (mode == 2)
        make_frame(rest, &file);
    else
        fuzz_must(hanse_buffer_append(&file, rest, NULL));
    if (mode > 0)
        fuzz_mend_checks(file.data, file.size);
    check_file(hanse_buffer_view(&file));
    return 0;
}
