/* SPDX-License-Identifier: Apache-2.0 */
/* One record in whatever form it comes. */
#include <hanse/record.h>

#include "base/bytes.h"
#include "base/error.h"
#include "record/json/envelope.h"

static bool begins_object(struct hanse_bytes input)
{
    size_t at = 0;
    while (at < input.size && (input.data[at] == ' ' || input.data[at] == '\t' || input.data[at] == '\r' ||
                               input.data[at] == '\n'))
        at++;
    return at < input.size && input.data[at] == '{';
}

/* Whether the beginning is what people write, rather than a serialization. */
static bool is_text(struct hanse_bytes input)
{
    struct hanse_bytes head = hanse_bytes_slice(input, 0, 256);
    for (size_t at = 0; at < head.size; at++)
        if (head.data[at] < ' ' && head.data[at] != '\t' && head.data[at] != '\r' && head.data[at] != '\n')
            return false;
    return head.size > 0;
}

static enum hanse_status from_json(struct hanse_bytes input, struct hanse_record **out, char **out_id,
                                   struct hanse_error *err)
{
    struct hanse_envelope envelope;
    enum hanse_status status = hanse_envelope_open(input, &envelope, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_record_from_json(envelope.record, out, err);
    if (status == HANSE_OK) {
        *out_id = envelope.id;
        return HANSE_OK;
    }
    hanse_free(envelope.id);
    if (err != NULL && err->offset != HANSE_NO_OFFSET)
        err->offset += (uint64_t)(envelope.record.data - input.data);
    return status;
}

enum hanse_status hanse_record_from_any(struct hanse_bytes input, struct hanse_record **out, char **out_id,
                                        struct hanse_error *err)
{
    if (out == NULL || out_id == NULL)
        return hanse_fail_null("out or out_id", err);
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    struct hanse_error as_json;
    char *id = NULL;
    size_t skip =
        input.size >= 3 && hanse_bytes_equal_text(hanse_bytes_slice(input, 0, 3), byte_order_mark) ? 3 : 0;
    struct hanse_bytes text = hanse_bytes_slice(input, skip, input.size - skip);
    if (!begins_object(text)) {
        enum hanse_status status = hanse_record_from_bytes(input, out, err);
        if (status == HANSE_OK)
            *out_id = NULL;
        return status == HANSE_MALFORMED && is_text(text)
                   ? hanse_fail_at(err, HANSE_MALFORMED, 0,
                                   "input is neither JSON nor a record; tables go to 'hanse import --map'")
                   : status;
    }
    enum hanse_status status = from_json(text, out, &id, &as_json);
    /* A serialized header of 123 bytes begins with a line end and a brace, too. */
    if (status == HANSE_MALFORMED && text.data[0] == '\n' &&
        hanse_record_from_bytes(input, out, NULL) == HANSE_OK)
        status = HANSE_OK;
    if (status == HANSE_OK)
        *out_id = id;
    else if (err != NULL)
        *err = as_json;
    return status;
}
