/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints: three lines, each with one spelling. */
#include "log/checkpoint.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "log/origin.h"

enum { LINES = 3 };

enum hanse_status hanse_checkpoint_encode(const struct hanse_checkpoint *checkpoint, struct hanse_buffer *out,
                                          struct hanse_error *err)
{
    if (checkpoint->size > INT64_MAX)
        return hanse_fail(err, HANSE_LIMIT, "checkpoint size %" PRIu64 " is not below 2^63",
                          checkpoint->size);
    enum hanse_status status = hanse_origin_check(checkpoint->origin, err);
    if (status != HANSE_OK)
        return status;
    size_t before = out->size;
    status = hanse_buffer_append(out, checkpoint->origin, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(out, err, "\n%" PRIu64 "\n", checkpoint->size);
    if (status == HANSE_OK)
        status = hanse_base64_encode(hanse_digest_view(&checkpoint->root), out, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(out, "\n", err);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

/* The three lines without their LF. */
static enum hanse_status split_lines(struct hanse_bytes text, struct hanse_bytes lines[LINES],
                                     struct hanse_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < LINES; i++) {
        size_t end = hanse_bytes_find(text, at, '\n');
        if (end == text.size)
            return hanse_fail_at(err, HANSE_MALFORMED, end, "checkpoint has fewer than three lines");
        lines[i] = hanse_bytes_of(text.data + at, end - at);
        at = end + 1;
    }
    if (at != text.size)
        return hanse_fail_at(err, HANSE_MALFORMED, at, "checkpoint has more than three lines");
    return HANSE_OK;
}

static enum hanse_status decode_root(struct hanse_bytes line, size_t offset, struct hanse_digest *out,
                                     struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer decoded;
    hanse_buffer_init(&decoded, HANSE_MAX_NOTE_BYTES);
    enum hanse_status status = hanse_base64_decode(line, &decoded, err);
    if (status == HANSE_NO_MEMORY)
        return status;
    if (status != HANSE_OK || !hanse_digest_from_bytes(hanse_buffer_view(&decoded), out))
        return hanse_fail_at(err, HANSE_MALFORMED, offset, "checkpoint root is not the base64 of %d bytes",
                             HANSE_DIGEST_BYTES);
    return HANSE_OK;
}

enum hanse_status hanse_checkpoint_decode(struct hanse_bytes text, struct hanse_checkpoint *out,
                                          struct hanse_error *err)
{
    struct hanse_bytes lines[LINES];
    enum hanse_status status = split_lines(text, lines, err);
    if (status == HANSE_OK)
        status = hanse_origin_check(lines[0], err);
    if (status != HANSE_OK)
        return status;
    struct hanse_checkpoint checkpoint = {.origin = lines[0]};
    if (!hanse_decimal_decode(lines[1], &checkpoint.size) || checkpoint.size > INT64_MAX)
        return hanse_fail_at(err, HANSE_MALFORMED, lines[0].size + 1,
                             "checkpoint size is not a decimal number below 2^63");
    status = decode_root(lines[2], (size_t)(lines[2].data - text.data), &checkpoint.root, err);
    if (status == HANSE_OK)
        *out = checkpoint;
    return status;
}

enum hanse_status hanse_checkpoint_open(const struct hanse_note *note, struct hanse_bytes origin,
                                        struct hanse_note_check *checks, size_t count,
                                        struct hanse_checkpoint *out, struct hanse_error *err)
{
    struct hanse_checkpoint checkpoint;
    enum hanse_status status = hanse_checkpoint_decode(note->text, &checkpoint, err);
    if (status == HANSE_OK && !hanse_bytes_equal(checkpoint.origin, origin))
        status = hanse_fail_at(err, HANSE_BAD_SIGNATURE, 0, "checkpoint is of \"%.*s\", not of \"%.*s\"",
                               (int)checkpoint.origin.size, (const char *)checkpoint.origin.data,
                               (int)origin.size, (const char *)origin.data);
    if (status == HANSE_OK)
        status = hanse_note_verify(note, checks, count, err);
    if (status == HANSE_OK)
        *out = checkpoint;
    return status;
}
