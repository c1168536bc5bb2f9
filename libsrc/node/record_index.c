/* SPDX-License-Identifier: Apache-2.0 */
#include "node/record_index.h"

#include <stdio.h>

#include <hanse/record.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "wire/raw_field.h"

/* Field numbers on the way to an identifier's texts: Record, RecordHeader, Identifier. */
enum { RECORD_HEADER = 1, HEADER_IDENTIFIERS = 1, IDENTIFIER_SCHEME = 1, IDENTIFIER_VALUE = 2 };

struct place {
    struct hanse_index *index;
    int64_t feed_id;
    const uint8_t *record_id;
    uint64_t entry_index;
};

static enum hanse_status add_identifier(const struct place *to, const char *scheme, const char *value,
                                        struct hanse_error *err)
{
    return hanse_index_identifier_add(to->index, to->feed_id, to->record_id, to->entry_index, scheme, value,
                                      err);
}

/* Unpacks the record: the way for what is spelled in another way than protobuf writes it. */
static enum hanse_status add_by_path(const struct place *to, const struct hanse_record *record, size_t i,
                                     struct hanse_error *err)
{
    char path[64];
    char *scheme = NULL;
    char *value = NULL;
    (void)snprintf(path, sizeof path, "header.identifiers[%zu].scheme", i);
    enum hanse_status status = hanse_record_get(record, path, &scheme, err);
    (void)snprintf(path, sizeof path, "header.identifiers[%zu].value", i);
    if (status == HANSE_OK)
        status = hanse_record_get(record, path, &value, err);
    if (status == HANSE_OK)
        status = add_identifier(to, scheme, value, err);
    hanse_free(scheme);
    hanse_free(value);
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}

static enum hanse_status unpack(const struct place *to, struct hanse_bytes bytes, struct hanse_error *err)
{
    struct hanse_record *record = NULL;
    enum hanse_status status = hanse_record_from_bytes(bytes, &record, err);
    if (status == HANSE_MALFORMED || status == HANSE_LIMIT)
        return HANSE_OK;
    size_t count = 0;
    if (status == HANSE_OK)
        status = hanse_record_count(record, "header.identifiers", &count, err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        status = add_by_path(to, record, i, err);
    hanse_record_free(record);
    return status;
}

/* The next sized field of this number; false at the end or where the bytes are spelled in another way. */
static bool next_sized(struct hanse_reader *reader, uint32_t number, struct hanse_bytes *out)
{
    struct hanse_raw_field field;
    while (hanse_reader_left(reader) > 0 && hanse_raw_field_read(reader, &field)) {
        if (field.number == number) {
            *out = field.content;
            return true;
        }
    }
    return false;
}

static enum hanse_status append_text(struct hanse_buffer *texts, struct hanse_bytes text,
                                     struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append(texts, text, err);
    return status == HANSE_OK ? hanse_buffer_append_u8(texts, 0, err) : status;
}

/* *out_plain is false, and nothing was added, if the bytes are spelled in another way. */
static enum hanse_status add_raw(const struct place *to, struct hanse_bytes bytes, bool *out_plain,
                                 struct hanse_error *err)
{
    struct hanse_bytes scheme = hanse_bytes_of(NULL, 0);
    struct hanse_bytes value = hanse_bytes_of(NULL, 0);
    struct hanse_reader schemes = hanse_reader_of(bytes);
    struct hanse_reader values = hanse_reader_of(bytes);
    bool complete =
        next_sized(&schemes, IDENTIFIER_SCHEME, &scheme) && next_sized(&values, IDENTIFIER_VALUE, &value);
    *out_plain = !schemes.failed && !values.failed;
    if (!complete || scheme.size == 0 || value.size == 0)
        return HANSE_OK;
    struct hanse_buffer texts __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&texts, HANSE_MAX_RECORD_BYTES + 2);
    enum hanse_status status = append_text(&texts, scheme, err);
    if (status == HANSE_OK)
        status = append_text(&texts, value, err);
    if (status != HANSE_OK)
        return status;
    const char *both = (const char *)texts.data;
    return add_identifier(to, both, both + scheme.size + 1, err);
}

enum hanse_status hanse_record_index(struct hanse_index *index, int64_t feed_id, const uint8_t record_id[16],
                                     uint64_t entry_index, struct hanse_bytes bytes, struct hanse_error *err)
{
    struct place to = {
        .index = index, .feed_id = feed_id, .record_id = record_id, .entry_index = entry_index};
    struct hanse_reader record = hanse_reader_of(bytes);
    struct hanse_bytes header = hanse_bytes_of(NULL, 0);
    struct hanse_bytes identifier;
    bool plain = true;
    enum hanse_status status = HANSE_OK;
    (void)next_sized(&record, RECORD_HEADER, &header);
    struct hanse_reader identifiers = hanse_reader_of(header);
    while (status == HANSE_OK && plain && next_sized(&identifiers, HEADER_IDENTIFIERS, &identifier))
        status = add_raw(&to, identifier, &plain, err);
    plain = plain && !record.failed && !identifiers.failed;
    return status == HANSE_OK && !plain ? unpack(&to, bytes, err) : status;
}
