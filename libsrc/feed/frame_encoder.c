/* SPDX-License-Identifier: Apache-2.0 */
/* Entries into frames. */
#include <inttypes.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/deflate.h"
#include "crypto/digest.h"
#include "feed/frame.h"
#include "feed/frame_form.h"
#include "wire/header.h"

enum { MAX_START_BYTES = 2 + 5 * 10 };

struct hanse_frame_encoder {
    struct hanse_deflater *deflater;
    struct hanse_hasher *hasher;
    struct hanse_buffer raw;
    struct hanse_buffer body;
    struct hanse_buffer deflated;
    struct hanse_frame_window window;
    /* Of the frame that is prepared: */
    struct hanse_frame_window before; /* what its dictionary is, and what a failure goes back to */
    bool continues;
    uint64_t first_index;
    size_t count;
};

enum hanse_status hanse_frame_encoder_new(int level, struct hanse_frame_encoder **out,
                                          struct hanse_error *err)
{
    struct hanse_frame_encoder *encoder = hanse_alloc_zeroed(1, sizeof *encoder);
    if (encoder == NULL)
        return hanse_fail_memory(err);
    hanse_buffer_init(&encoder->raw, HANSE_FRAME_MAX_RAW_BYTES);
    hanse_buffer_init(&encoder->body, HANSE_FRAME_MAX_BODY_BYTES);
    hanse_buffer_init(&encoder->deflated, HANSE_FRAME_MAX_BODY_BYTES + HANSE_FRAME_DEFLATE_OVERHEAD_BYTES);
    enum hanse_status status = hanse_deflater_new(level, &encoder->deflater, err);
    if (status == HANSE_OK)
        status = hanse_hasher_new(&encoder->hasher, err);
    if (status != HANSE_OK) {
        hanse_frame_encoder_free(encoder);
        return status;
    }
    *out = encoder;
    return HANSE_OK;
}

void hanse_frame_encoder_free(struct hanse_frame_encoder *encoder)
{
    if (encoder == NULL)
        return;
    hanse_deflater_free(encoder->deflater);
    hanse_hasher_free(encoder->hasher);
    hanse_buffer_release(&encoder->raw);
    hanse_buffer_release(&encoder->body);
    hanse_buffer_release(&encoder->deflated);
    hanse_free(encoder);
}

void hanse_frame_encoder_start_block(struct hanse_frame_encoder *encoder)
{
    hanse_frame_window_reset(&encoder->window);
}

void hanse_frame_encoder_adopt(struct hanse_frame_encoder *encoder, const struct hanse_frame_decoder *decoder)
{
    encoder->window = *hanse_frame_decoder_window(decoder);
}

bool hanse_frame_encoder_at_block_start(const struct hanse_frame_encoder *encoder)
{
    return encoder->window.block_bytes == 0 || encoder->window.block_bytes >= HANSE_BLOCK_INFLATED_BYTES;
}

static bool has_tail(struct hanse_bytes header)
{
    return header.size >= 4 && hanse_frame_has_tail(header.size, header.data);
}

/* Token 0: all that the salt and the header do not say already is the payload from byte 20 on. */
static bool is_plain(const struct hanse_frame_entry *entry)
{
    const struct hanse_bytes payload = entry->payload;
    if (payload.size < HANSE_FRAME_OVERHEAD_BYTES ||
        payload.size != hanse_header_peek_payload_bytes(entry->header))
        return false;
    struct hanse_reader size =
        hanse_reader_of(hanse_bytes_slice(payload, HANSE_FRAME_SALT_BYTES, sizeof(uint32_t)));
    return hanse_reader_u32_be(&size) == payload.size - HANSE_FRAME_OVERHEAD_BYTES;
}

static size_t varint_bytes(uint64_t value)
{
    size_t size = 1;
    for (; value > 0x7f; value >>= 7)
        size++;
    return size;
}

/* How many bytes an entry adds to the body, the bitmap left aside. */
static uint64_t body_bytes(const struct hanse_frame_entry *entry)
{
    uint64_t header = varint_bytes(entry->header.size) + entry->header.size -
                      (has_tail(entry->header) ? HANSE_FRAME_TAIL_BYTES : 0u);
    uint64_t payload = entry->payload.size;
    if (entry->absent)
        return header + HANSE_FRAME_COMMITMENT_BYTES;
    if (is_plain(entry))
        return header + 1 + payload - HANSE_FRAME_OVERHEAD_BYTES;
    return header + varint_bytes(payload + 1) + payload -
           (payload >= HANSE_FRAME_SALT_BYTES ? HANSE_FRAME_SALT_BYTES : 0u);
}

size_t hanse_frame_fit(const struct hanse_frame_entry *entries, size_t count)
{
    size_t limit = count < HANSE_MAX_FRAME_ENTRIES ? count : HANSE_MAX_FRAME_ENTRIES;
    uint64_t sum = 0;
    for (size_t i = 0; i < limit; i++) {
        sum += body_bytes(&entries[i]);
        if (i > 0 && sum + i / 8 + 1 > HANSE_BLOCK_INFLATED_BYTES)
            return i;
    }
    return limit;
}

static enum hanse_status put_header(struct hanse_frame_encoder *encoder, struct hanse_bytes header,
                                    struct hanse_error *err)
{
    if (header.size > HANSE_FRAME_MAX_HEADER_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "header has %zu bytes, more than %d", header.size,
                          HANSE_FRAME_MAX_HEADER_BYTES);
    enum hanse_status status = hanse_buffer_append_varint(&encoder->body, header.size, err);
    size_t start = HANSE_FRAME_TAIL_START;
    size_t end = start;
    if (has_tail(header)) {
        end = start + HANSE_FRAME_TAIL_BYTES;
        if (status == HANSE_OK)
            status = hanse_buffer_append(&encoder->raw, hanse_bytes_slice(header, start, end - start), err);
    }
    if (status == HANSE_OK)
        status = hanse_buffer_append(&encoder->body, hanse_bytes_slice(header, 0, start), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&encoder->body, hanse_bytes_slice(header, end, header.size), err);
    return status;
}

static enum hanse_status put_bitmap(struct hanse_frame_encoder *encoder,
                                    const struct hanse_frame_entry *entries, size_t count,
                                    struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < count && status == HANSE_OK; i += 8) {
        uint8_t byte = 0;
        for (size_t bit = 0; bit < 8 && i + bit < count; bit++)
            byte |= (uint8_t)((entries[i + bit].absent ? 1u : 0u) << bit);
        status = hanse_buffer_append_u8(&encoder->body, byte, err);
    }
    return status;
}

static enum hanse_status put_payload(struct hanse_frame_encoder *encoder,
                                     const struct hanse_frame_entry *entry, struct hanse_error *err)
{
    bool plain = is_plain(entry);
    bool salted = entry->payload.size >= HANSE_FRAME_SALT_BYTES;
    size_t start = plain ? HANSE_FRAME_OVERHEAD_BYTES : salted ? HANSE_FRAME_SALT_BYTES : 0;
    uint64_t token = plain ? 0 : (uint64_t)entry->payload.size + 1;
    enum hanse_status status = hanse_buffer_append_varint(&encoder->body, token, err);
    if (status == HANSE_OK && salted)
        status = hanse_buffer_append(&encoder->raw,
                                     hanse_bytes_slice(entry->payload, 0, HANSE_FRAME_SALT_BYTES), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&encoder->body,
                                     hanse_bytes_slice(entry->payload, start, entry->payload.size), err);
    return status;
}

static enum hanse_status put_body(struct hanse_frame_encoder *encoder,
                                  const struct hanse_frame_entry *entries, size_t count,
                                  struct hanse_error *err)
{
    hanse_buffer_clear(&encoder->raw);
    hanse_buffer_clear(&encoder->body);
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        status = put_header(encoder, entries[i].header, err);
    if (status == HANSE_OK)
        status = put_bitmap(encoder, entries, count, err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        if (!entries[i].absent)
            status = put_payload(encoder, &entries[i], err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        if (entries[i].absent)
            status = hanse_buffer_append(
                &encoder->body, hanse_bytes_of(entries[i].commitment, sizeof entries[i].commitment), err);
    return status;
}

static enum hanse_status put_start(const struct hanse_frame_encoder *encoder, struct hanse_buffer *out,
                                   struct hanse_error *err)
{
    const uint64_t numbers[] = {encoder->first_index, encoder->count, encoder->raw.size, encoder->body.size,
                                encoder->deflated.size};
    enum hanse_status status = hanse_buffer_append_u8(out, HANSE_FRAME_MAGIC, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_u8(out, encoder->continues ? HANSE_FRAME_CONTINUES : 0, err);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == HANSE_OK; i++)
        status = hanse_buffer_append_varint(out, numbers[i], err);
    return status;
}

static enum hanse_status put_frame(struct hanse_frame_encoder *encoder, struct hanse_buffer *out,
                                   struct hanse_error *err)
{
    size_t start = out->size;
    enum hanse_status status = put_start(encoder, out, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(out, hanse_buffer_view(&encoder->raw), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(out, hanse_buffer_view(&encoder->deflated), err);
    if (status != HANSE_OK)
        return status;
    struct hanse_digest check;
    hanse_hasher_digest(encoder->hasher, hanse_bytes_slice(hanse_buffer_view(out), start, out->size), &check);
    return hanse_buffer_append(out, hanse_bytes_of(check.bytes, HANSE_FRAME_CHECK_BYTES), err);
}

static enum hanse_status check_numbers(uint64_t first_index, size_t count, struct hanse_error *err)
{
    if (count == 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "frame without entries cannot be written");
    if (count > HANSE_MAX_FRAME_ENTRIES)
        return hanse_fail(err, HANSE_LIMIT, "frame would have %zu entries, more than %u", count,
                          HANSE_MAX_FRAME_ENTRIES);
    if (first_index > (uint64_t)INT64_MAX - count)
        return hanse_fail(err, HANSE_LIMIT, "frame at index %" PRIu64 " would reach 2^63", first_index);
    return HANSE_OK;
}

void hanse_frame_encoder_follow(struct hanse_frame_encoder *encoder, const struct hanse_frame_encoder *other)
{
    encoder->window = other->window;
}

enum hanse_status hanse_frame_prepare(struct hanse_frame_encoder *encoder, uint64_t first_index,
                                      const struct hanse_frame_entry *entries, size_t count,
                                      struct hanse_error *err)
{
    enum hanse_status status = check_numbers(first_index, count, err);
    if (status == HANSE_OK)
        status = put_body(encoder, entries, count, err);
    if (status != HANSE_OK)
        return status;
    encoder->before = encoder->window;
    encoder->continues = !hanse_frame_encoder_at_block_start(encoder);
    encoder->first_index = first_index;
    encoder->count = count;
    if (!encoder->continues)
        hanse_frame_window_reset(&encoder->window);
    hanse_frame_window_extend(&encoder->window, hanse_buffer_view(&encoder->body));
    return HANSE_OK;
}

enum hanse_status hanse_frame_deflate(struct hanse_frame_encoder *encoder, struct hanse_buffer *out,
                                      struct hanse_error *err)
{
    struct hanse_bytes dictionary =
        encoder->continues ? hanse_frame_window_view(&encoder->before) : hanse_bytes_of(NULL, 0);
    size_t before = out->size;
    hanse_buffer_clear(&encoder->deflated);
    enum hanse_status status = hanse_deflater_run(encoder->deflater, dictionary,
                                                  hanse_buffer_view(&encoder->body), &encoder->deflated, err);
    if (status == HANSE_OK)
        status = put_frame(encoder, out, err);
    if (status != HANSE_OK) {
        out->size = before;
        encoder->window = encoder->before;
    }
    return status;
}

enum hanse_status hanse_frame_encode(struct hanse_frame_encoder *encoder, uint64_t first_index,
                                     const struct hanse_frame_entry *entries, size_t count,
                                     struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = hanse_frame_prepare(encoder, first_index, entries, count, err);
    return status == HANSE_OK ? hanse_frame_deflate(encoder, out, err) : status;
}
