/* SPDX-License-Identifier: Apache-2.0 */
/* Frames into entries. The buffers of a decoder are reused from frame to frame: no allocation an entry. */
#include "feed/frame.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/deflate.h"
#include "crypto/digest.h"
#include "feed/frame_form.h"
#include "wire/header.h"

enum { MAX_VARINT_BYTES = 10 };

/* Of token 0 the body has 4 bytes less than the payload, which the raw part does not make up for. */
enum {
    MAX_JOINED_BYTES = HANSE_FRAME_MAX_BODY_BYTES + HANSE_FRAME_MAX_RAW_BYTES + 4 * HANSE_MAX_FRAME_ENTRIES
};

struct hanse_frame_decoder {
    struct hanse_inflater *inflater;
    struct hanse_hasher *hasher;
    struct hanse_buffer body;
    struct hanse_buffer joined; /* headers and payloads with what stood in the raw part */
    struct hanse_frame_entry *entries;
    size_t entry_capacity;
    bool commits_later;
    struct hanse_frame_window window;
};

/* A number of the start. A varint that could still go on where the bytes end is no fault of the frame. */
static enum hanse_status peek_number(struct hanse_reader *reader, const char *what, uint64_t max,
                                     uint64_t *out, struct hanse_error *err)
{
    size_t start = reader->position;
    uint64_t value = hanse_reader_varint(reader);
    if (reader->failed) {
        struct hanse_bytes rest = hanse_bytes_slice(reader->bytes, start, MAX_VARINT_BYTES);
        bool open = rest.size < MAX_VARINT_BYTES;
        for (size_t i = 0; i < rest.size; i++)
            open = open && rest.data[i] >= 0x80;
        return hanse_fail_at(err, open ? HANSE_TRUNCATED : HANSE_MALFORMED, start,
                             open ? "frame ends inside \"%s\"" : "\"%s\" of the frame is no varint", what);
    }
    if (value > max)
        return hanse_fail_at(err, HANSE_LIMIT, start,
                             "\"%s\" of the frame is %" PRIu64 ", more than %" PRIu64, what, value, max);
    *out = value;
    return HANSE_OK;
}

static enum hanse_status peek_flags(struct hanse_reader *reader, bool *out_continues, struct hanse_error *err)
{
    const struct hanse_bytes bytes = reader->bytes;
    if (bytes.size > 0 && bytes.data[0] != HANSE_FRAME_MAGIC)
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "frame begins with the byte %u instead of %d",
                             bytes.data[0], HANSE_FRAME_MAGIC);
    if (bytes.size > 1 && bytes.data[1] > HANSE_FRAME_CONTINUES)
        return hanse_fail_at(err, HANSE_MALFORMED, 1, "frame has unknown flags %u", bytes.data[1]);
    (void)hanse_reader_u8(reader);
    *out_continues = hanse_reader_u8(reader) == HANSE_FRAME_CONTINUES;
    if (reader->failed)
        return hanse_fail_at(err, HANSE_TRUNCATED, bytes.size, "frame ends inside its flags");
    return HANSE_OK;
}

enum hanse_status hanse_frame_peek(struct hanse_bytes bytes, struct hanse_frame_start *out,
                                   struct hanse_error *err)
{
    struct hanse_reader reader = hanse_reader_of(bytes);
    bool continues = false;
    uint64_t first_index = 0;
    uint64_t entries = 0;
    uint64_t raw = 0;
    uint64_t inflated = 0;
    uint64_t deflated = 0;
    enum hanse_status status = peek_flags(&reader, &continues, err);
    if (status == HANSE_OK)
        status = peek_number(&reader, "first_index", INT64_MAX, &first_index, err);
    size_t entries_at = reader.position;
    if (status == HANSE_OK)
        status = peek_number(&reader, "entries", HANSE_MAX_FRAME_ENTRIES, &entries, err);
    if (status == HANSE_OK && (entries == 0 || entries > INT64_MAX - first_index))
        status = hanse_fail_at(err, HANSE_MALFORMED, entries_at, "frame has no entries or reaches 2^63");
    if (status == HANSE_OK)
        status = peek_number(&reader, "raw_bytes", HANSE_FRAME_RAW_PER_ENTRY_BYTES * entries, &raw, err);
    if (status == HANSE_OK)
        status = peek_number(&reader, "inflated_bytes", HANSE_FRAME_MAX_BODY_BYTES, &inflated, err);
    if (status == HANSE_OK)
        status = peek_number(&reader, "deflated_bytes", inflated + HANSE_FRAME_DEFLATE_OVERHEAD_BYTES,
                             &deflated, err);
    if (status == HANSE_OK)
        *out = (struct hanse_frame_start){.continues = continues,
                                          .first_index = first_index,
                                          .entries = (uint32_t)entries,
                                          .raw_bytes = (uint32_t)raw,
                                          .inflated_bytes = (uint32_t)inflated,
                                          .deflated_bytes = (uint32_t)deflated,
                                          .frame_bytes = reader.position + (size_t)raw + (size_t)deflated +
                                                         HANSE_FRAME_CHECK_BYTES};
    return status;
}

enum hanse_status hanse_frame_decoder_new(struct hanse_frame_decoder **out, struct hanse_error *err)
{
    struct hanse_frame_decoder *decoder = hanse_alloc_zeroed(1, sizeof *decoder);
    if (decoder == NULL)
        return hanse_fail_memory(err);
    hanse_buffer_init(&decoder->body, HANSE_FRAME_MAX_BODY_BYTES);
    hanse_buffer_init(&decoder->joined, MAX_JOINED_BYTES);
    enum hanse_status status = hanse_inflater_new(&decoder->inflater, err);
    if (status == HANSE_OK)
        status = hanse_hasher_new(&decoder->hasher, err);
    if (status != HANSE_OK) {
        hanse_frame_decoder_free(decoder);
        return status;
    }
    *out = decoder;
    return HANSE_OK;
}

void hanse_frame_decoder_free(struct hanse_frame_decoder *decoder)
{
    if (decoder == NULL)
        return;
    hanse_inflater_free(decoder->inflater);
    hanse_hasher_free(decoder->hasher);
    hanse_buffer_release(&decoder->body);
    hanse_buffer_release(&decoder->joined);
    hanse_free(decoder->entries);
    hanse_free(decoder);
}

void hanse_frame_decoder_start(struct hanse_frame_decoder *decoder)
{
    hanse_frame_window_reset(&decoder->window);
}

void hanse_frame_decoder_commit_later(struct hanse_frame_decoder *decoder)
{
    decoder->commits_later = true;
}

uint64_t hanse_frame_decoder_block_bytes(const struct hanse_frame_decoder *decoder)
{
    return decoder->window.block_bytes;
}

const struct hanse_frame_window *hanse_frame_decoder_window(const struct hanse_frame_decoder *decoder)
{
    return &decoder->window;
}

static enum hanse_status reserve(struct hanse_frame_decoder *decoder, const struct hanse_frame_start *start,
                                 struct hanse_error *err)
{
    hanse_buffer_clear(&decoder->body);
    hanse_buffer_clear(&decoder->joined);
    if (decoder->entry_capacity < start->entries) {
        struct hanse_frame_entry *entries = hanse_alloc_zeroed(start->entries, sizeof *entries);
        if (entries == NULL)
            return hanse_fail_memory(err);
        hanse_free(decoder->entries);
        decoder->entries = entries;
        decoder->entry_capacity = start->entries;
    }
    size_t joined = (size_t)start->inflated_bytes + start->raw_bytes + (size_t)4 * start->entries;
    return hanse_buffer_reserve(&decoder->joined, joined, err);
}

/* Sizes, check and block, before anything is inflated. */
static enum hanse_status check_stored(const struct hanse_frame_decoder *decoder, struct hanse_bytes bytes,
                                      struct hanse_frame_start *out, struct hanse_error *err)
{
    enum hanse_status status = hanse_frame_peek(bytes, out, err);
    if (status == HANSE_TRUNCATED || (status == HANSE_OK && bytes.size < out->frame_bytes))
        return hanse_fail_at(err, HANSE_MALFORMED, bytes.size, "frame is cut short after %zu bytes",
                             bytes.size);
    if (status != HANSE_OK)
        return status;
    if (bytes.size > out->frame_bytes)
        return hanse_fail_at(err, HANSE_MALFORMED, out->frame_bytes, "frame has %zu bytes after its end",
                             bytes.size - out->frame_bytes);
    struct hanse_digest check;
    size_t checked = bytes.size - HANSE_FRAME_CHECK_BYTES;
    hanse_hasher_digest(decoder->hasher, hanse_bytes_slice(bytes, 0, checked), &check);
    if (memcmp(check.bytes, bytes.data + checked, HANSE_FRAME_CHECK_BYTES) != 0)
        return hanse_fail_at(err, HANSE_MALFORMED, checked, "frame does not hash to its check");
    if (out->continues && decoder->window.block_bytes == 0)
        return hanse_fail_at(err, HANSE_MALFORMED, 1, "frame continues a block that has no start");
    if (out->continues && decoder->window.block_bytes > HANSE_MAX_FRAME_INFLATED_BYTES)
        return hanse_fail_at(err, HANSE_MALFORMED, 1, "frame continues a block of %" PRIu64 " bytes",
                             decoder->window.block_bytes);
    return HANSE_OK;
}

/* One frame on its way out of its body. */
struct parse {
    struct hanse_frame_decoder *decoder;
    const struct hanse_frame_start *start;
    struct hanse_reader body;
    struct hanse_reader raw;
};

/* Joins parts behind each other; the room is reserved for all of the frame, so views stay. */
static struct hanse_bytes join(struct hanse_buffer *joined, const struct hanse_bytes *parts, size_t count)
{
    size_t start = joined->size;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > 0)
            memcpy(joined->data + joined->size, parts[i].data, parts[i].size);
        joined->size += parts[i].size;
    }
    return hanse_bytes_of(joined->data + start, joined->size - start);
}

/* False, with a reader failed, where the frame has not what it says. */
static bool parse_header(struct parse *parse, struct hanse_bytes *out)
{
    uint64_t size = hanse_reader_varint(&parse->body);
    if (size > HANSE_FRAME_MAX_HEADER_BYTES) {
        parse->body.failed = true;
        return false;
    }
    const struct hanse_bytes rest = parse->body.bytes;
    bool four = hanse_reader_left(&parse->body) >= 4;
    if (!four || !hanse_frame_has_tail((size_t)size, rest.data + parse->body.position)) {
        *out = hanse_reader_take(&parse->body, size);
        return !parse->body.failed;
    }
    struct hanse_bytes parts[3];
    parts[0] = hanse_reader_take(&parse->body, HANSE_FRAME_TAIL_START);
    parts[1] = hanse_reader_take(&parse->raw, HANSE_FRAME_TAIL_BYTES);
    parts[2] = hanse_reader_take(&parse->body, size - HANSE_FRAME_TAIL_START - HANSE_FRAME_TAIL_BYTES);
    if (parse->body.failed || parse->raw.failed)
        return false;
    *out = join(&parse->decoder->joined, parts, 3);
    return true;
}

static bool parse_payload(struct parse *parse, struct hanse_frame_entry *entry)
{
    uint64_t token = hanse_reader_varint(&parse->body);
    uint64_t size = token > 0 ? token - 1 : hanse_header_peek_payload_bytes(entry->header);
    if (parse->body.failed || (token == 0 && size < HANSE_FRAME_OVERHEAD_BYTES)) {
        parse->body.failed = true;
        return false;
    }
    if (size < HANSE_FRAME_SALT_BYTES) {
        entry->payload = hanse_reader_take(&parse->body, size);
        return !parse->body.failed;
    }
    uint32_t record = (uint32_t)(size - HANSE_FRAME_OVERHEAD_BYTES);
    const uint8_t record_be[4] = {(uint8_t)(record >> 24), (uint8_t)(record >> 16), (uint8_t)(record >> 8),
                                  (uint8_t)record};
    size_t implied = token > 0 ? 0 : sizeof record_be;
    struct hanse_bytes parts[3];
    parts[0] = hanse_reader_take(&parse->raw, HANSE_FRAME_SALT_BYTES);
    parts[1] = hanse_bytes_of(record_be, implied);
    parts[2] = hanse_reader_take(&parse->body, size - HANSE_FRAME_SALT_BYTES - implied);
    if (parse->body.failed || parse->raw.failed)
        return false;
    entry->payload = join(&parse->decoder->joined, parts, 3);
    return true;
}

static bool parse_bitmap(struct parse *parse, struct hanse_frame_entry *entries)
{
    uint32_t count = parse->start->entries;
    struct hanse_bytes bitmap = hanse_reader_take(&parse->body, (count + 7) / 8);
    if (parse->body.failed)
        return false;
    for (uint32_t i = 0; i < count; i++)
        entries[i].absent = (bitmap.data[i / 8] >> (i % 8) & 1) != 0;
    bool spare_bits = count % 8 != 0 && bitmap.data[bitmap.size - 1] >> (count % 8) != 0;
    parse->body.failed = spare_bits;
    return !spare_bits;
}

static bool parse_commitment(struct parse *parse, struct hanse_frame_entry *entry)
{
    struct hanse_bytes commitment = hanse_reader_take(&parse->body, sizeof entry->commitment);
    if (parse->body.failed)
        return false;
    memcpy(entry->commitment, commitment.data, sizeof entry->commitment);
    return true;
}

/* The body in its order; true if body and raw part are used up to their last byte. */
static bool parse_body(struct parse *parse, struct hanse_frame_entry *entries)
{
    uint32_t count = parse->start->entries;
    bool ok = true;
    for (uint32_t i = 0; i < count && ok; i++) {
        entries[i].payload = hanse_bytes_of(NULL, 0);
        ok = parse_header(parse, &entries[i].header);
    }
    ok = ok && parse_bitmap(parse, entries);
    for (uint32_t i = 0; i < count && ok; i++)
        if (!entries[i].absent)
            ok = parse_payload(parse, &entries[i]);
    for (uint32_t i = 0; i < count && ok; i++)
        if (entries[i].absent)
            ok = parse_commitment(parse, &entries[i]);
    return ok && hanse_reader_done(&parse->body) && hanse_reader_done(&parse->raw);
}

void hanse_frame_decoder_commit(struct hanse_frame_decoder *decoder, size_t at)
{
    struct hanse_frame_entry *entry = &decoder->entries[at];
    struct hanse_digest commitment;
    if (entry->absent)
        return;
    hanse_hasher_digest(decoder->hasher, entry->payload, &commitment);
    memcpy(entry->commitment, commitment.bytes, sizeof entry->commitment);
}

static void commit_payloads(struct hanse_frame_decoder *decoder, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!decoder->commits_later)
            hanse_frame_decoder_commit(decoder, i);
        else if (!decoder->entries[i].absent)
            memset(decoder->entries[i].commitment, 0, sizeof decoder->entries[i].commitment);
    }
}

static enum hanse_status inflate_body(struct hanse_frame_decoder *decoder,
                                      const struct hanse_frame_start *start, struct hanse_bytes bytes,
                                      size_t deflated_at, struct hanse_error *err)
{
    struct hanse_bytes dictionary =
        start->continues ? hanse_frame_window_view(&decoder->window) : hanse_bytes_of(NULL, 0);
    enum hanse_status status = hanse_inflater_run(
        decoder->inflater, dictionary, hanse_bytes_slice(bytes, deflated_at, start->deflated_bytes),
        start->inflated_bytes, &decoder->body, err);
    if (status != HANSE_OK && err != NULL && err->offset != HANSE_NO_OFFSET)
        err->offset += deflated_at;
    return status;
}

enum hanse_status hanse_frame_decode(struct hanse_frame_decoder *decoder, struct hanse_bytes bytes,
                                     struct hanse_frame *out, struct hanse_error *err)
{
    struct hanse_frame_start start;
    enum hanse_status status = check_stored(decoder, bytes, &start, err);
    if (status == HANSE_OK)
        status = reserve(decoder, &start, err);
    if (status != HANSE_OK)
        return status;
    size_t deflated_at = bytes.size - HANSE_FRAME_CHECK_BYTES - start.deflated_bytes;
    status = inflate_body(decoder, &start, bytes, deflated_at, err);
    if (status != HANSE_OK)
        return status;
    struct parse parse = {
        .decoder = decoder,
        .start = &start,
        .body = hanse_reader_of(hanse_buffer_view(&decoder->body)),
        .raw = hanse_reader_of(hanse_bytes_slice(bytes, deflated_at - start.raw_bytes, start.raw_bytes))};
    if (!parse_body(&parse, decoder->entries))
        return hanse_fail_at(err, HANSE_MALFORMED, deflated_at,
                             "body of the frame is broken at its byte %zu of %u", parse.body.position,
                             start.inflated_bytes);
    commit_payloads(decoder, start.entries);
    if (!start.continues)
        hanse_frame_window_reset(&decoder->window);
    hanse_frame_window_extend(&decoder->window, hanse_buffer_view(&decoder->body));
    *out = (struct hanse_frame){.first_index = start.first_index,
                                .continues = start.continues,
                                .entries = decoder->entries,
                                .entry_count = start.entries};
    return HANSE_OK;
}
