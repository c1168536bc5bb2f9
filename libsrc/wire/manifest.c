/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/manifest.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/checked.h"
#include "base/error.h"
#include "wire/canonical_decode.h"
#include "wire/canonical_encode.h"
#include "wire/raw_field.h"

enum { MANIFEST_VERSION = 1, SEGMENTS_FIELD = 2, PROOF_FIELD = 4, PROOF_HASH_BYTES = 32 };
/* No valid segment or block is shorter on the wire, tag included: more elements cannot be meant. */
enum { MIN_SEGMENT_BYTES = 8, MIN_BLOCK_BYTES = 2 };

/* What the wire has and callers need not see. */
struct versioned_manifest {
    uint32_t version;
    struct hanse_manifest manifest;
};

#define FIELDS(array) .fields = (array), .field_count = sizeof(array) / sizeof(array)[0]

static const struct hanse_canonical_field block_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_UINT64, .offset = offsetof(struct hanse_block, entries_before)},
    {.number = 2, .type = HANSE_CANONICAL_UINT64, .offset = offsetof(struct hanse_block, offset)},
};
static const struct hanse_canonical_message block_table = {
    .name = "block", FIELDS(block_fields), .struct_bytes = sizeof(struct hanse_block)};

static const struct hanse_canonical_field segment_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_UINT64, .offset = offsetof(struct hanse_segment, first_index)},
    {.number = 2, .type = HANSE_CANONICAL_UINT64, .offset = offsetof(struct hanse_segment, entries)},
    {.number = 3, .type = HANSE_CANONICAL_UINT64, .offset = offsetof(struct hanse_segment, bytes)},
    {.number = 4, .type = HANSE_CANONICAL_FIXED64, .offset = offsetof(struct hanse_segment, generation)},
    {.number = 5, .type = HANSE_CANONICAL_BOOL, .offset = offsetof(struct hanse_segment, sealed)},
    {.number = 6,
     .type = HANSE_CANONICAL_MESSAGE_LIST,
     .offset = offsetof(struct hanse_segment, blocks),
     .message = &block_table,
     .count_offset = offsetof(struct hanse_segment, block_count),
     .max_count = HANSE_MAX_MANIFEST_BYTES / MIN_BLOCK_BYTES},
};
static const struct hanse_canonical_message segment_table = {
    .name = "segment", FIELDS(segment_fields), .struct_bytes = sizeof(struct hanse_segment)};

static const struct hanse_canonical_field manifest_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_UINT32, .offset = offsetof(struct versioned_manifest, version)},
    {.number = SEGMENTS_FIELD,
     .type = HANSE_CANONICAL_MESSAGE_LIST,
     .offset = offsetof(struct versioned_manifest, manifest.segments),
     .message = &segment_table,
     .count_offset = offsetof(struct versioned_manifest, manifest.segment_count),
     .max_count = HANSE_MAX_MANIFEST_BYTES / MIN_SEGMENT_BYTES},
};
static const struct hanse_canonical_message manifest_table = {.name = "manifest", FIELDS(manifest_fields)};

static const struct hanse_canonical_field change_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_UINT64, .offset = offsetof(struct hanse_key_change, index)},
    {.number = 2, .type = HANSE_CANONICAL_BYTES, .offset = offsetof(struct hanse_key_change, entry)},
    {.number = 3, .type = HANSE_CANONICAL_BYTES, .offset = offsetof(struct hanse_key_change, checkpoint)},
    {.number = PROOF_FIELD,
     .type = HANSE_CANONICAL_BYTES_LIST,
     .offset = offsetof(struct hanse_key_change, proof),
     .count_offset = offsetof(struct hanse_key_change, proof_count),
     .max_count = HANSE_MAX_PROOF_HASHES},
};
static const struct hanse_canonical_message change_table = {.name = "key change", FIELDS(change_fields)};

/* Appends; nothing is kept if the whole is over the limit, whatever the buffer would take. */
static enum hanse_status encode_under(const struct hanse_canonical_message *table, const void *object,
                                      size_t max_bytes, struct hanse_buffer *out, struct hanse_error *err)
{
    size_t before = out->size;
    enum hanse_status status = hanse_canonical_encode(table, object, out, err);
    if (status != HANSE_OK || out->size - before <= max_bytes)
        return status;
    size_t size = out->size - before;
    out->size = before;
    return hanse_fail(err, HANSE_LIMIT, "%s has %zu bytes, more than %zu", table->name, size, max_bytes);
}

static enum hanse_status check_size(const struct hanse_canonical_message *table, struct hanse_bytes bytes,
                                    size_t max_bytes, struct hanse_error *err)
{
    if (bytes.size > max_bytes)
        return hanse_fail_at(err, HANSE_LIMIT, max_bytes, "%s has %zu bytes, more than %zu", table->name,
                             bytes.size, max_bytes);
    return HANSE_OK;
}

enum hanse_status hanse_manifest_encode(const struct hanse_manifest *manifest, struct hanse_buffer *out,
                                        struct hanse_error *err)
{
    const struct versioned_manifest versioned = {.version = MANIFEST_VERSION, .manifest = *manifest};
    return encode_under(&manifest_table, &versioned, HANSE_MAX_MANIFEST_BYTES, out, err);
}

/* Where element `wanted` of a list of the outermost message stands. */
static uint64_t offset_of_element(struct hanse_bytes bytes, uint32_t number, size_t wanted)
{
    struct hanse_reader reader = hanse_reader_of(bytes);
    size_t seen = 0;
    for (;;) {
        uint64_t start = reader.position;
        struct hanse_raw_field field;
        if (!hanse_raw_field_read(&reader, &field))
            return HANSE_NO_OFFSET;
        if (field.number == number && seen++ == wanted)
            return start;
    }
}

/* What is wrong with the blocks; NULL if nothing is. */
static const char *blocks_fault(const struct hanse_segment *segment)
{
    if (segment->block_count == 0 || segment->blocks[0].entries_before != 0 || segment->blocks[0].offset != 0)
        return "has no block at its start";
    const struct hanse_block *before = &segment->blocks[0];
    for (size_t i = 1; i < segment->block_count; i++) {
        const struct hanse_block *block = &segment->blocks[i];
        if (block->entries_before <= before->entries_before || block->offset <= before->offset)
            return "has blocks that do not ascend";
        before = block;
    }
    if (before->entries_before >= segment->entries || before->offset >= segment->bytes)
        return "has a block past its end";
    return NULL;
}

static const char *segment_fault(const struct hanse_segment *segment, uint64_t first_index, bool last)
{
    uint64_t end;
    if (segment->first_index != first_index)
        return "does not begin where the one before it ends";
    if (segment->entries == 0)
        return "has no entry";
    if (!hanse_add_u64(segment->first_index, segment->entries, &end) || end > INT64_MAX)
        return "has indices over 2^63";
    if (!segment->sealed && !last)
        return "is not sealed and not the last";
    return blocks_fault(segment);
}

static enum hanse_status check_segments(const struct hanse_manifest *manifest, struct hanse_bytes bytes,
                                        struct hanse_error *err)
{
    uint64_t first_index = 0;
    for (size_t i = 0; i < manifest->segment_count; i++) {
        const struct hanse_segment *segment = &manifest->segments[i];
        const char *fault = segment_fault(segment, first_index, i + 1 == manifest->segment_count);
        if (fault != NULL)
            return hanse_fail_at(err, HANSE_MALFORMED, offset_of_element(bytes, SEGMENTS_FIELD, i),
                                 "segment %zu of the manifest %s", i, fault);
        if (segment->bytes > HANSE_MAX_SEGMENT_BYTES)
            return hanse_fail_at(err, HANSE_LIMIT, offset_of_element(bytes, SEGMENTS_FIELD, i),
                                 "segment %zu of the manifest has %" PRIu64 " bytes, more than %u", i,
                                 segment->bytes, HANSE_MAX_SEGMENT_BYTES);
        first_index += segment->entries;
    }
    return HANSE_OK;
}

enum hanse_status hanse_manifest_decode(struct hanse_bytes bytes, struct hanse_arena *arena,
                                        struct hanse_manifest *out, struct hanse_error *err)
{
    struct versioned_manifest versioned = {0};
    bool unknown;
    enum hanse_status status = check_size(&manifest_table, bytes, HANSE_MAX_MANIFEST_BYTES, err);
    if (status == HANSE_OK)
        status = hanse_canonical_decode(&manifest_table, bytes, arena, &versioned, &unknown, err);
    if (status == HANSE_OK && versioned.version != MANIFEST_VERSION)
        status = hanse_fail(err, HANSE_UNSUPPORTED, "manifest has version %u, not %d", versioned.version,
                            MANIFEST_VERSION);
    if (status == HANSE_OK)
        status = check_segments(&versioned.manifest, bytes, err);
    if (status == HANSE_OK)
        *out = versioned.manifest;
    return status;
}

enum hanse_status hanse_key_change_encode(const struct hanse_key_change *change, struct hanse_buffer *out,
                                          struct hanse_error *err)
{
    return encode_under(&change_table, change, HANSE_MAX_KEY_CHANGE_BYTES, out, err);
}

enum hanse_status hanse_key_change_decode(struct hanse_bytes bytes, struct hanse_arena *arena,
                                          struct hanse_key_change *out, struct hanse_error *err)
{
    struct hanse_key_change change = {0};
    bool unknown;
    enum hanse_status status = check_size(&change_table, bytes, HANSE_MAX_KEY_CHANGE_BYTES, err);
    if (status == HANSE_OK)
        status = hanse_canonical_decode(&change_table, bytes, arena, &change, &unknown, err);
    if (status != HANSE_OK)
        return status;
    for (size_t i = 0; i < change.proof_count; i++)
        if (change.proof[i].size != PROOF_HASH_BYTES)
            return hanse_fail_at(err, HANSE_MALFORMED, offset_of_element(bytes, PROOF_FIELD, i),
                                 "hash %zu of the key change's proof has %zu bytes, not %d", i,
                                 change.proof[i].size, PROOF_HASH_BYTES);
    *out = change;
    return HANSE_OK;
}
