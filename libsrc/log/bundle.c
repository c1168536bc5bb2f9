/* SPDX-License-Identifier: Apache-2.0 */
/* Entry bundles. */
#include "log/bundle.h"

#include "base/error.h"
#include "base/limits.h"

enum { LENGTH_BYTES = 2 };

enum hanse_status hanse_bundle_append(struct hanse_buffer *bundle, struct hanse_bytes entry,
                                      struct hanse_error *err)
{
    if (entry.size > HANSE_MAX_ENTRY_ACCEPT_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "entry has %zu bytes, more than %u", entry.size,
                          HANSE_MAX_ENTRY_ACCEPT_BYTES);
    enum hanse_status status = hanse_buffer_reserve(bundle, LENGTH_BYTES + entry.size, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_be(bundle, entry.size, LENGTH_BYTES, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(bundle, entry, err);
    return status;
}

enum hanse_status hanse_bundle_next(struct hanse_reader *reader, struct hanse_bytes *out,
                                    struct hanse_error *err)
{
    if (hanse_reader_done(reader))
        return HANSE_NOT_FOUND;
    size_t start = reader->position;
    struct hanse_bytes entry = hanse_reader_take(reader, hanse_reader_u16_be(reader));
    if (reader->failed)
        return hanse_fail_at(err, HANSE_MALFORMED, start, "entry bundle ends within an entry");
    *out = entry;
    return HANSE_OK;
}

enum hanse_status hanse_bundle_check(struct hanse_bytes bundle, unsigned width, struct hanse_error *err)
{
    struct hanse_reader reader = hanse_reader_of(bundle);
    struct hanse_bytes entry;
    for (unsigned i = 0; i < width; i++) {
        enum hanse_status status = hanse_bundle_next(&reader, &entry, err);
        if (status == HANSE_NOT_FOUND)
            return hanse_fail_at(err, HANSE_MALFORMED, reader.position,
                                 "entry bundle has %u entries instead of %u", i, width);
        if (status != HANSE_OK)
            return status;
    }
    if (!hanse_reader_done(&reader))
        return hanse_fail_at(err, HANSE_MALFORMED, reader.position, "entry bundle has more than %u entries",
                             width);
    return HANSE_OK;
}
