/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/entry.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/public_key.h"
#include "log/merkle.h"
#include "log/origin.h"
#include "wire/record_scan.h"

enum { COMMITMENT_BYTES = 32, PADDING_UNIT_BYTES = 256 };

enum hanse_status hanse_entry_encode(const struct hanse_entry *entry, struct hanse_buffer *out,
                                     struct hanse_error *err)
{
    if (entry->header.size > HANSE_MAX_ENTRY_ACCEPT_BYTES - COMMITMENT_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "entry with a header of %zu bytes has more than %u",
                          entry->header.size, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    enum hanse_status status = hanse_buffer_reserve(out, COMMITMENT_BYTES + entry->header.size, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(out, hanse_bytes_of(entry->commitment, COMMITMENT_BYTES), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(out, entry->header, err);
    return status;
}

enum hanse_status hanse_entry_decode(struct hanse_bytes bytes, struct hanse_entry *out,
                                     struct hanse_error *err)
{
    if (bytes.size < COMMITMENT_BYTES)
        return hanse_fail_at(err, HANSE_MALFORMED, bytes.size,
                             "entry has %zu bytes, less than its commitment", bytes.size);
    if (bytes.size > HANSE_MAX_ENTRY_ACCEPT_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_MAX_ENTRY_ACCEPT_BYTES,
                             "entry has %zu bytes, more than %u", bytes.size, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    memcpy(out->commitment, bytes.data, COMMITMENT_BYTES);
    out->header = hanse_bytes_slice(bytes, COMMITMENT_BYTES, bytes.size);
    return HANSE_OK;
}

/* Of the whole payload, padding included. */
static size_t payload_bytes(size_t record_bytes, uint32_t audience)
{
    size_t size = HANSE_PAYLOAD_OVERHEAD_BYTES + record_bytes;
    if (audience == HANSE_AUDIENCE_PUBLIC)
        return size;
    return (size + PADDING_UNIT_BYTES - 1) / PADDING_UNIT_BYTES * PADDING_UNIT_BYTES;
}

enum hanse_status hanse_payload_encode(const uint8_t salt[HANSE_SALT_BYTES], struct hanse_bytes record,
                                       uint32_t audience, struct hanse_buffer *out, struct hanse_error *err)
{
    if (record.size > HANSE_MAX_RECORD_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "record has %zu bytes, more than %u", record.size,
                          HANSE_MAX_RECORD_BYTES);
    size_t size = payload_bytes(record.size, audience);
    size_t padding = size - HANSE_PAYLOAD_OVERHEAD_BYTES - record.size;
    enum hanse_status status = hanse_buffer_reserve(out, size, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(out, hanse_bytes_of(salt, HANSE_SALT_BYTES), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_be(out, record.size, sizeof(uint32_t), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(out, record, err);
    if (status == HANSE_OK && padding > 0) {
        memset(out->data + out->size, 0, padding);
        out->size += padding;
    }
    return status;
}

enum hanse_status hanse_payload_decode(struct hanse_bytes payload, uint32_t audience,
                                       struct hanse_bytes *out_record, struct hanse_error *err)
{
    if (payload.size > HANSE_MAX_PAYLOAD_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_MAX_PAYLOAD_BYTES, "payload has %zu bytes, more than %u",
                             payload.size, HANSE_MAX_PAYLOAD_BYTES);
    struct hanse_reader reader = hanse_reader_of(payload);
    (void)hanse_reader_take(&reader, HANSE_SALT_BYTES);
    uint32_t record_bytes = hanse_reader_u32_be(&reader);
    if (reader.failed)
        return hanse_fail_at(err, HANSE_MALFORMED, payload.size, "payload has %zu bytes, less than %d",
                             payload.size, HANSE_PAYLOAD_OVERHEAD_BYTES);
    if (record_bytes > HANSE_MAX_RECORD_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_SALT_BYTES, "record has %u bytes, more than %u",
                             record_bytes, HANSE_MAX_RECORD_BYTES);
    if (payload.size != payload_bytes(record_bytes, audience))
        return hanse_fail_at(err, HANSE_MALFORMED, HANSE_SALT_BYTES,
                             "payload of %zu bytes does not fit its record of %u", payload.size,
                             record_bytes);
    struct hanse_bytes record = hanse_reader_take(&reader, record_bytes);
    for (size_t i = reader.position; i < payload.size; i++)
        if (payload.data[i] != 0)
            return hanse_fail_at(err, HANSE_MALFORMED, i, "padding of the payload is not zero");
    *out_record = record;
    return HANSE_OK;
}

/* A key of `type byte || public key`, whose form the header's check has seen. */
static enum hanse_status check_typed_key(struct hanse_bytes key, struct hanse_error *err)
{
    return hanse_public_key_check(key.data + 1, err);
}

static enum hanse_status check_keys(const struct hanse_header *header, struct hanse_error *err)
{
    enum hanse_status status = check_typed_key(header->verifier_key, err);
    if (status == HANSE_OK && header->transport_key.size > 0)
        status = hanse_public_key_check(header->transport_key.data, err);
    for (size_t i = 0; i < header->recovery_key_count && status == HANSE_OK; i++)
        status = check_typed_key(header->recovery_keys[i], err);
    if (status == HANSE_OK && header->predecessor_origin.size > 0)
        status = hanse_origin_check(header->predecessor_origin, err);
    return status;
}

static enum hanse_status check_successor(const struct hanse_header *header, const char *origin,
                                         struct hanse_error *err)
{
    enum hanse_status status = hanse_origin_check(header->successor_origin, err);
    if (status == HANSE_OK && hanse_bytes_equal_text(header->successor_origin, origin))
        status = hanse_fail(err, HANSE_MALFORMED, "successor has the origin \"%s\" of this feed", origin);
    if (status == HANSE_OK)
        status = check_typed_key(header->successor_key, err);
    return status;
}

/* The rules behind those of the header alone. HANSE_UNSUPPORTED: the entry is UNKNOWN. */
static enum hanse_status check_meaning(const struct hanse_header *header, const char *origin,
                                       const struct hanse_entry *entry, struct hanse_error *err)
{
    const struct hanse_digest nothing = hanse_merkle_empty_root(); /* SHA-256 of no bytes, too */
    if (header->operation == HANSE_OPERATION_PUT) {
        if (header->audience == HANSE_AUDIENCE_PUBLIC && !hanse_record_kind_is_known(header->kind))
            return hanse_fail(err, HANSE_UNSUPPORTED, "kind %u is unknown", header->kind);
        return HANSE_OK;
    }
    if (memcmp(entry->commitment, nothing.bytes, COMMITMENT_BYTES) != 0)
        return hanse_fail(err, HANSE_MALFORMED,
                          "entry commits to a payload that its operation does not have");
    if (header->operation == HANSE_OPERATION_KEY)
        return check_keys(header, err);
    if (header->operation == HANSE_OPERATION_SUCCESSOR)
        return check_successor(header, origin, err);
    return HANSE_OK;
}

/* What can be said before the operation is looked at. */
static enum hanse_status check_place(uint64_t index, const struct hanse_entry *entry,
                                     const struct hanse_header *header, struct hanse_error *err)
{
    if (index == 0 && header->operation != HANSE_OPERATION_KEY)
        return hanse_fail(err, HANSE_MALFORMED, "first entry of the feed is no KEY entry");
    size_t size = COMMITMENT_BYTES + entry->header.size;
    if (size > HANSE_MAX_ENTRY_PUBLISH_BYTES)
        return hanse_fail(err, HANSE_MALFORMED, "entry has %zu bytes, more than %u", size,
                          HANSE_MAX_ENTRY_PUBLISH_BYTES);
    return HANSE_OK;
}

/* What a refusal means for the entry; what is no refusal is handed on. */
static enum hanse_status verdict_of(enum hanse_status status, enum hanse_verdict *out_verdict)
{
    if (status == HANSE_NO_MEMORY || status == HANSE_CRYPTO)
        return status;
    *out_verdict = status == HANSE_OK            ? HANSE_ENTRY_VALID
                   : status == HANSE_UNSUPPORTED ? HANSE_ENTRY_UNKNOWN
                                                 : HANSE_ENTRY_INVALID;
    return HANSE_OK;
}

enum hanse_status hanse_entry_judge(uint64_t index, const char *origin, const struct hanse_entry *entry,
                                    struct hanse_arena *arena, struct hanse_header *out_header,
                                    enum hanse_verdict *out_verdict, struct hanse_error *reason)
{
    struct hanse_header header = {0};
    enum hanse_verdict verdict = HANSE_ENTRY_INVALID;
    enum hanse_status status = hanse_header_decode(entry->header, arena, &header, reason);
    if (status == HANSE_OK)
        status = check_place(index, entry, &header, reason);
    if (status == HANSE_OK)
        status = hanse_header_check(&header, index, reason);
    if (status == HANSE_OK)
        status = check_meaning(&header, origin, entry, reason);
    status = verdict_of(status, &verdict);
    if (status != HANSE_OK)
        return status;
    *out_header = header;
    *out_verdict = verdict;
    return HANSE_OK;
}

static enum hanse_status check_record(const struct hanse_header *header, struct hanse_bytes payload,
                                      struct hanse_bytes *out_record, struct hanse_error *err)
{
    uint32_t kind;
    if (payload.size != header->payload_bytes)
        return hanse_fail(err, HANSE_MALFORMED, "payload has %zu bytes, not the %u of its header",
                          payload.size, header->payload_bytes);
    enum hanse_status status = hanse_payload_decode(payload, header->audience, out_record, err);
    if (status == HANSE_OK)
        status = hanse_record_scan(*out_record, &kind, err);
    if (status != HANSE_OK)
        return status;
    if (header->audience == HANSE_AUDIENCE_PUBLIC && kind != header->kind)
        return hanse_fail(err, HANSE_MALFORMED, "record has the kind %u, its header says %u", kind,
                          header->kind);
    if (!hanse_record_kind_is_known(kind))
        return hanse_fail(err, HANSE_UNSUPPORTED, "kind %u is unknown", kind);
    return HANSE_OK;
}

enum hanse_status hanse_payload_judge(const struct hanse_header *header, struct hanse_bytes payload,
                                      struct hanse_bytes *out_record, enum hanse_verdict *out_verdict,
                                      struct hanse_error *reason)
{
    struct hanse_bytes record = {0};
    enum hanse_verdict verdict = HANSE_ENTRY_VALID;
    enum hanse_status status = HANSE_OK;
    if (header->audience != HANSE_AUDIENCE_PARTIES)
        status = check_record(header, payload, &record, reason);
    status = verdict_of(status, &verdict);
    if (status != HANSE_OK)
        return status;
    *out_record = verdict == HANSE_ENTRY_VALID ? record : hanse_bytes_of(NULL, 0);
    *out_verdict = verdict;
    return HANSE_OK;
}
