/* SPDX-License-Identifier: Apache-2.0 */
#include "node/record_index.h"

#include <stdio.h>

#include <hanse/record.h>

struct place {
    struct hanse_index *index;
    int64_t feed_id;
    const uint8_t *record_id;
    uint64_t entry_index;
};

static enum hanse_status add_identifier(const struct place *to, const struct hanse_record *record, size_t i,
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
        status = hanse_index_identifier_add(to->index, to->feed_id, to->record_id, to->entry_index, scheme,
                                            value, err);
    hanse_free(scheme);
    hanse_free(value);
    return status == HANSE_NOT_FOUND ? HANSE_OK : status;
}

enum hanse_status hanse_record_index(struct hanse_index *index, int64_t feed_id, const uint8_t record_id[16],
                                     uint64_t entry_index, struct hanse_bytes bytes, struct hanse_error *err)
{
    struct place to = {
        .index = index, .feed_id = feed_id, .record_id = record_id, .entry_index = entry_index};
    struct hanse_record *record = NULL;
    enum hanse_status status = hanse_record_from_bytes(bytes, &record, err);
    if (status == HANSE_MALFORMED || status == HANSE_LIMIT)
        return HANSE_OK;
    size_t count = 0;
    if (status == HANSE_OK)
        status = hanse_record_count(record, "header.identifiers", &count, err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        status = add_identifier(&to, record, i, err);
    hanse_record_free(record);
    return status;
}
