/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/header.h"

#include "base/bytes.h"
#include "base/error.h"
#include "wire/canonical_decode.h"
#include "wire/canonical_encode.h"
#include "wire/raw_field.h"

enum {
    RECORD_ID_BYTES = 16,
    NETWORK_ID_BYTES = 16,
    VERIFIER_KEY_BYTES = 33,
    TRANSPORT_KEY_BYTES = 32,
    ROOT_BYTES = 32,
    MAX_ENCRYPTION_KEY_BYTES = 256, /* SubjectPublicKeyInfo of P-256 has 91 */
    MIN_PAYLOAD_BYTES = 20,
    PADDING_UNIT_BYTES = 256,
    KEY_TYPE_ED25519 = 1,
    PAYLOAD_BYTES_FIELD = 6
};
static const uint64_t min_time_unix_s = 1577836800u;   /* 2020-01-01 */
static const uint64_t max_time_unix_s = 253402300799u; /* 9999-12-31 */

#define AT(member) offsetof(struct hanse_header, member)
#define FIELDS(array) .fields = (array), .field_count = sizeof(array) / sizeof(array)[0]

static const struct hanse_canonical_field range_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_UINT64, .offset = offsetof(struct hanse_index_range, first)},
    {.number = 2, .type = HANSE_CANONICAL_UINT64, .offset = offsetof(struct hanse_index_range, count)},
};
static const struct hanse_canonical_message range_table = {
    .name = "index range", FIELDS(range_fields), .struct_bytes = sizeof(struct hanse_index_range)};

static const struct hanse_canonical_field predecessor_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_BYTES, .offset = AT(predecessor_origin)},
    {.number = 2, .type = HANSE_CANONICAL_UINT64, .offset = AT(predecessor_size)},
    {.number = 3, .type = HANSE_CANONICAL_BYTES, .offset = AT(predecessor_root)},
};
static const struct hanse_canonical_message predecessor_table = {.name = "predecessor",
                                                                 FIELDS(predecessor_fields)};

static const struct hanse_canonical_field key_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_BYTES, .offset = AT(verifier_key)},
    {.number = 2, .type = HANSE_CANONICAL_BYTES, .offset = AT(transport_key)},
    {.number = 3, .type = HANSE_CANONICAL_BYTES, .offset = AT(encryption_key)},
    {.number = 4,
     .type = HANSE_CANONICAL_BYTES_LIST,
     .offset = AT(recovery_keys),
     .count_offset = AT(recovery_key_count),
     .max_count = HANSE_MAX_RECOVERY_KEYS,
     .ascending = true},
    {.number = 5, .type = HANSE_CANONICAL_UINT32, .offset = AT(recovery_threshold)},
    {.number = 6,
     .type = HANSE_CANONICAL_MESSAGE,
     .offset = AT(has_predecessor),
     .message = &predecessor_table},
};
static const struct hanse_canonical_message key_table = {.name = "key set", FIELDS(key_fields)};

static const struct hanse_canonical_field successor_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_BYTES, .offset = AT(successor_origin)},
    {.number = 2, .type = HANSE_CANONICAL_BYTES, .offset = AT(successor_key)},
};
static const struct hanse_canonical_message successor_table = {.name = "successor", FIELDS(successor_fields)};

static const struct hanse_canonical_field header_fields[] = {
    {.number = 1, .type = HANSE_CANONICAL_UINT32, .offset = AT(operation)},
    {.number = 2, .type = HANSE_CANONICAL_BYTES, .offset = AT(record_id)},
    {.number = 3, .type = HANSE_CANONICAL_UINT32, .offset = AT(audience)},
    {.number = 4,
     .type = HANSE_CANONICAL_BYTES_LIST,
     .offset = AT(network_ids),
     .count_offset = AT(network_id_count),
     .max_count = HANSE_MAX_NETWORK_IDS,
     .ascending = true},
    {.number = 5, .type = HANSE_CANONICAL_UINT64, .offset = AT(published_unix_s)},
    {.number = PAYLOAD_BYTES_FIELD, .type = HANSE_CANONICAL_UINT32, .offset = AT(payload_bytes)},
    {.number = 7, .type = HANSE_CANONICAL_UINT32, .offset = AT(kind)},
    {.number = 8, .type = HANSE_CANONICAL_UINT32, .offset = AT(reason)},
    {.number = 9,
     .type = HANSE_CANONICAL_MESSAGE_LIST,
     .offset = AT(erased),
     .message = &range_table,
     .count_offset = AT(erased_count),
     .max_count = HANSE_MAX_ERASE_RANGES,
     .ascending = true},
    {.number = 10, .type = HANSE_CANONICAL_UINT64, .offset = AT(erase_by_unix_s)},
    {.number = 11, .type = HANSE_CANONICAL_MESSAGE, .offset = AT(has_key), .message = &key_table},
    {.number = 12, .type = HANSE_CANONICAL_MESSAGE, .offset = AT(has_successor), .message = &successor_table},
};
static const struct hanse_canonical_message header_table = {.name = "header", FIELDS(header_fields)};

enum hanse_status hanse_header_encode(const struct hanse_header *header, struct hanse_buffer *out,
                                      struct hanse_error *err)
{
    return hanse_canonical_encode(&header_table, header, out, err);
}

enum hanse_status hanse_header_decode(struct hanse_bytes bytes, struct hanse_arena *arena,
                                      struct hanse_header *out, struct hanse_error *err)
{
    struct hanse_header header = {0};
    enum hanse_status status =
        hanse_canonical_decode(&header_table, bytes, arena, &header, &header.has_unknown_fields, err);
    if (status == HANSE_OK)
        *out = header;
    return status;
}

static bool has_key(const struct hanse_header *h)
{
    return h->has_key || h->verifier_key.size > 0 || h->transport_key.size > 0 ||
           h->encryption_key.size > 0 || h->recovery_key_count > 0 || h->recovery_threshold > 0 ||
           h->has_predecessor || h->predecessor_origin.size > 0 || h->predecessor_size > 0 ||
           h->predecessor_root.size > 0;
}

static bool has_predecessor(const struct hanse_header *h)
{
    return h->has_predecessor || h->predecessor_origin.size > 0 || h->predecessor_size > 0 ||
           h->predecessor_root.size > 0;
}

static bool has_successor(const struct hanse_header *h)
{
    return h->has_successor || h->successor_origin.size > 0 || h->successor_key.size > 0;
}

/* The presence table of the protocol: for each field which operations need it and which may have it. */
enum {
    PUT = 1 << HANSE_OPERATION_PUT,
    WITHDRAW = 1 << HANSE_OPERATION_WITHDRAW,
    ERASE = 1 << HANSE_OPERATION_ERASE,
    KEY = 1 << HANSE_OPERATION_KEY,
    SUCCESSOR = 1 << HANSE_OPERATION_SUCCESSOR
};

static enum hanse_status check_field(const char *name, bool present, bool required, bool allowed,
                                     struct hanse_error *err)
{
    if (required && !present)
        return hanse_fail(err, HANSE_MALFORMED, "header lacks \"%s\"", name);
    if (!allowed && present)
        return hanse_fail(err, HANSE_MALFORMED, "header has \"%s\", which its operation does not take", name);
    return HANSE_OK;
}

static enum hanse_status check_presence(const struct hanse_header *h, struct hanse_error *err)
{
    bool open = h->audience == HANSE_AUDIENCE_PUBLIC;
    const struct {
        const char *name;
        bool present;
        unsigned required;
        unsigned allowed;
    } rules[] = {
        {"record_id", h->record_id.size > 0, PUT | WITHDRAW, PUT | WITHDRAW},
        {"audience", !open, 0, PUT | WITHDRAW},
        {"network_ids", h->network_id_count > 0, open ? 0 : PUT | WITHDRAW, open ? 0 : PUT | WITHDRAW},
        {"payload_bytes", h->payload_bytes > 0, PUT, PUT},
        {"kind", h->kind > 0, open ? PUT : 0, open ? PUT : 0},
        {"reason", h->reason > 0, WITHDRAW | ERASE, WITHDRAW | ERASE},
        {"erased", h->erased_count > 0, ERASE, ERASE},
        {"erase_by_unix_s", h->erase_by_unix_s > 0, ERASE, ERASE},
        {"key", has_key(h), KEY, KEY},
        {"successor", has_successor(h), SUCCESSOR, SUCCESSOR},
    };
    unsigned operation = 1u << h->operation;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        enum hanse_status status = check_field(rules[i].name, rules[i].present, rules[i].required & operation,
                                               rules[i].allowed & operation, err);
        if (status != HANSE_OK)
            return status;
    }
    return HANSE_OK;
}

static enum hanse_status check_time(const char *name, uint64_t unix_s, struct hanse_error *err)
{
    if (unix_s < min_time_unix_s || unix_s > max_time_unix_s)
        return hanse_fail(err, HANSE_MALFORMED, "\"%s\" is not between the years 2020 and 9999", name);
    return HANSE_OK;
}

static enum hanse_status check_record(const struct hanse_header *h, struct hanse_error *err)
{
    const struct hanse_bytes id = h->record_id;
    if (id.size != RECORD_ID_BYTES || id.data[6] >> 4 != 7 || id.data[8] >> 6 != 2)
        return hanse_fail(err, HANSE_MALFORMED, "\"record_id\" is no UUID of version 7");
    if (h->network_id_count > HANSE_MAX_NETWORK_IDS)
        return hanse_fail(err, HANSE_MALFORMED, "\"network_ids\" has more than %u elements",
                          HANSE_MAX_NETWORK_IDS);
    for (size_t i = 0; i < h->network_id_count; i++)
        if (h->network_ids[i].size != NETWORK_ID_BYTES)
            return hanse_fail(err, HANSE_MALFORMED, "\"network_ids\" has an element of %zu bytes, not %d",
                              h->network_ids[i].size, NETWORK_ID_BYTES);
    if (h->operation != HANSE_OPERATION_PUT)
        return HANSE_OK;
    if (h->payload_bytes < MIN_PAYLOAD_BYTES || h->payload_bytes > HANSE_MAX_PAYLOAD_BYTES)
        return hanse_fail(err, HANSE_MALFORMED, "\"payload_bytes\" %u is not between %d and %u",
                          h->payload_bytes, MIN_PAYLOAD_BYTES, HANSE_MAX_PAYLOAD_BYTES);
    if (h->audience != HANSE_AUDIENCE_PUBLIC && h->payload_bytes % PADDING_UNIT_BYTES != 0)
        return hanse_fail(err, HANSE_MALFORMED, "\"payload_bytes\" %u is no multiple of %d", h->payload_bytes,
                          PADDING_UNIT_BYTES);
    return HANSE_OK;
}

static enum hanse_status check_erase(const struct hanse_header *h, uint64_t index, struct hanse_error *err)
{
    uint64_t free_from = 0;
    if (h->erased_count > HANSE_MAX_ERASE_RANGES)
        return hanse_fail(err, HANSE_MALFORMED, "\"erased\" has more than %u ranges", HANSE_MAX_ERASE_RANGES);
    for (size_t i = 0; i < h->erased_count; i++) {
        const struct hanse_index_range range = h->erased[i];
        if (range.count == 0)
            return hanse_fail(err, HANSE_MALFORMED, "\"erased\" has an empty range");
        if (range.first < free_from)
            return hanse_fail(err, HANSE_MALFORMED, "\"erased\" has ranges that overlap or descend");
        if (range.first > index || range.count > index - range.first)
            return hanse_fail(err, HANSE_MALFORMED, "\"erased\" reaches past the entry's own index");
        free_from = range.first + range.count;
    }
    return check_time("erase_by_unix_s", h->erase_by_unix_s, err);
}

static enum hanse_status check_key_form(const char *name, struct hanse_bytes key, struct hanse_error *err)
{
    if (key.size != VERIFIER_KEY_BYTES || key.data[0] != KEY_TYPE_ED25519)
        return hanse_fail(err, HANSE_MALFORMED, "\"%s\" is not the byte 1 and 32 bytes of Ed25519 key", name);
    return HANSE_OK;
}

static enum hanse_status check_recovery(const struct hanse_header *h, struct hanse_error *err)
{
    if (h->recovery_key_count > HANSE_MAX_RECOVERY_KEYS)
        return hanse_fail(err, HANSE_MALFORMED, "\"recovery_keys\" has more than %u elements",
                          HANSE_MAX_RECOVERY_KEYS);
    for (size_t i = 0; i < h->recovery_key_count; i++) {
        enum hanse_status status = check_key_form("recovery_keys", h->recovery_keys[i], err);
        if (status != HANSE_OK)
            return status;
    }
    bool needs_threshold = h->recovery_key_count > 0;
    if ((h->recovery_threshold > 0) != needs_threshold || h->recovery_threshold > h->recovery_key_count)
        return hanse_fail(err, HANSE_MALFORMED, "\"recovery_threshold\" %u does not fit %zu recovery keys",
                          h->recovery_threshold, h->recovery_key_count);
    return HANSE_OK;
}

static enum hanse_status check_origin_size(const char *name, struct hanse_bytes origin,
                                           struct hanse_error *err)
{
    if (origin.size == 0 || origin.size > HANSE_MAX_ORIGIN_BYTES)
        return hanse_fail(err, HANSE_MALFORMED, "origin of the %s has %zu bytes, not 1 to %u", name,
                          origin.size, HANSE_MAX_ORIGIN_BYTES);
    return HANSE_OK;
}

static enum hanse_status check_predecessor(const struct hanse_header *h, uint64_t index,
                                           struct hanse_error *err)
{
    if (!has_predecessor(h))
        return HANSE_OK;
    if (index != 0)
        return hanse_fail(err, HANSE_MALFORMED, "\"predecessor\" stands in another entry than the first");
    if (h->predecessor_size == 0 || h->predecessor_size > INT64_MAX)
        return hanse_fail(err, HANSE_MALFORMED, "size of the predecessor is not between 1 and 2^63 - 1");
    if (h->predecessor_root.size != ROOT_BYTES)
        return hanse_fail(err, HANSE_MALFORMED, "root of the predecessor has %zu bytes, not %d",
                          h->predecessor_root.size, ROOT_BYTES);
    return check_origin_size("predecessor", h->predecessor_origin, err);
}

static enum hanse_status check_key(const struct hanse_header *h, uint64_t index, struct hanse_error *err)
{
    enum hanse_status status = check_key_form("verifier_key", h->verifier_key, err);
    if (status == HANSE_OK && h->transport_key.size != 0 && h->transport_key.size != TRANSPORT_KEY_BYTES)
        status = hanse_fail(err, HANSE_MALFORMED, "\"transport_key\" has %zu bytes, not %d",
                            h->transport_key.size, TRANSPORT_KEY_BYTES);
    if (status == HANSE_OK && h->encryption_key.size > MAX_ENCRYPTION_KEY_BYTES)
        status = hanse_fail(err, HANSE_MALFORMED, "\"encryption_key\" has %zu bytes, more than %d",
                            h->encryption_key.size, MAX_ENCRYPTION_KEY_BYTES);
    if (status == HANSE_OK)
        status = check_recovery(h, err);
    if (status == HANSE_OK)
        status = check_predecessor(h, index, err);
    return status;
}

enum hanse_status hanse_header_check(const struct hanse_header *header, uint64_t index,
                                     struct hanse_error *err)
{
    const struct hanse_header *h = header;
    if (h->operation == 0)
        return hanse_fail(err, HANSE_MALFORMED, "header lacks \"operation\"");
    if (h->operation > HANSE_OPERATION_SUCCESSOR)
        return hanse_fail(err, HANSE_UNSUPPORTED, "operation %u is unknown", h->operation);
    bool of_record = h->operation == HANSE_OPERATION_PUT || h->operation == HANSE_OPERATION_WITHDRAW;
    if (of_record && h->audience > HANSE_AUDIENCE_PARTIES)
        return hanse_fail(err, HANSE_UNSUPPORTED, "audience %u is unknown", h->audience);
    enum hanse_status status = check_presence(h, err);
    if (status == HANSE_OK)
        status = check_time("published_unix_s", h->published_unix_s, err);
    if (status != HANSE_OK)
        return status;
    if (of_record)
        return check_record(h, err);
    if (h->operation == HANSE_OPERATION_ERASE)
        return check_erase(h, index, err);
    if (h->operation == HANSE_OPERATION_KEY)
        return check_key(h, index, err);
    status = check_key_form("successor.verifier_key", h->successor_key, err);
    return status == HANSE_OK ? check_origin_size("successor", h->successor_origin, err) : status;
}

uint32_t hanse_header_peek_payload_bytes(struct hanse_bytes header)
{
    struct hanse_reader reader = hanse_reader_of(header);
    struct hanse_raw_field field;
    while (hanse_reader_left(&reader) > 0 && hanse_raw_field_read(&reader, &field))
        if (field.number == PAYLOAD_BYTES_FIELD && field.wire_type == HANSE_WIRE_VARINT &&
            field.value <= UINT32_MAX)
            return (uint32_t)field.value;
    return 0;
}
