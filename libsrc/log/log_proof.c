/* SPDX-License-Identifier: Apache-2.0 */
/* The text form of an inclusion proof with its checkpoint. */
#include "log/log_proof.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define EXTRA_START "extra "
#define INDEX_START "index "

static enum hanse_status encode_lines(const struct hanse_log_proof *log_proof, struct hanse_buffer *out,
                                      struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_text(out, FIRST_LINE "\n", err);
    if (status == HANSE_OK && log_proof->has_extra) {
        status = hanse_buffer_append_text(out, EXTRA_START, err);
        if (status == HANSE_OK)
            status = hanse_base64_encode(log_proof->extra, out, err);
        if (status == HANSE_OK)
            status = hanse_buffer_append_text(out, "\n", err);
    }
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(out, err, INDEX_START "%" PRIu64 "\n", log_proof->index);
    for (size_t i = 0; i < log_proof->proof.count && status == HANSE_OK; i++) {
        status = hanse_base64_encode(hanse_digest_view(&log_proof->proof.hashes[i]), out, err);
        if (status == HANSE_OK)
            status = hanse_buffer_append_text(out, "\n", err);
    }
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(out, "\n", err);
    return status == HANSE_OK ? hanse_buffer_append(out, log_proof->note, err) : status;
}

enum hanse_status hanse_log_proof_encode(const struct hanse_log_proof *log_proof, struct hanse_buffer *out,
                                         struct hanse_error *err)
{
    if (log_proof->proof.count > HANSE_MAX_PROOF_HASHES || log_proof->index > INT64_MAX ||
        log_proof->extra.size > HANSE_MAX_LOG_PROOF_BYTES || log_proof->note.size > HANSE_MAX_NOTE_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "log proof is over its limits");
    size_t before = out->size;
    enum hanse_status status = encode_lines(log_proof, out, err);
    if (status == HANSE_OK && out->size - before > HANSE_MAX_LOG_PROOF_BYTES)
        status = hanse_fail(err, HANSE_LIMIT, "log proof has more than %u bytes", HANSE_MAX_LOG_PROOF_BYTES);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

/* A line without its LF; the reader stands behind it. An unfinished line fails the reader. */
static struct hanse_bytes take_line(struct hanse_reader *reader)
{
    size_t end = hanse_bytes_find(reader->bytes, reader->position, '\n');
    struct hanse_bytes line = hanse_reader_take(reader, end - reader->position);
    (void)hanse_reader_u8(reader);
    return line;
}

static bool take_start(struct hanse_bytes *line, const char *start)
{
    struct hanse_bytes expected = hanse_bytes_of_text(start);
    if (!hanse_bytes_equal(hanse_bytes_slice(*line, 0, expected.size), expected))
        return false;
    *line = hanse_bytes_slice(*line, expected.size, line->size);
    return true;
}

static enum hanse_status decode_extra(struct hanse_bytes base64, struct hanse_arena *arena,
                                      struct hanse_bytes *out, struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer decoded;
    hanse_buffer_init(&decoded, HANSE_MAX_LOG_PROOF_BYTES);
    enum hanse_status status = hanse_base64_decode(base64, &decoded, err);
    if (status != HANSE_OK)
        return status;
    const char *copy = hanse_arena_copy(arena, hanse_buffer_view(&decoded));
    if (copy == NULL)
        return hanse_fail_memory(err);
    *out = hanse_bytes_of(copy, decoded.size);
    return HANSE_OK;
}

/* Hash lines up to the empty one. */
static enum hanse_status decode_hashes(struct hanse_reader *reader, struct hanse_proof *proof,
                                       struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer decoded;
    hanse_buffer_init(&decoded, HANSE_MAX_NOTE_BYTES);
    for (;;) {
        size_t at = reader->position;
        struct hanse_bytes line = take_line(reader);
        if (reader->failed)
            return hanse_fail_at(err, HANSE_MALFORMED, at, "log proof has no empty line before its note");
        if (line.size == 0)
            return HANSE_OK;
        if (proof->count == HANSE_MAX_PROOF_HASHES)
            return hanse_fail_at(err, HANSE_LIMIT, at, "log proof has more than %u hashes",
                                 HANSE_MAX_PROOF_HASHES);
        hanse_buffer_clear(&decoded);
        enum hanse_status status = hanse_base64_decode(line, &decoded, err);
        if (status == HANSE_NO_MEMORY)
            return status;
        if (status != HANSE_OK ||
            !hanse_digest_from_bytes(hanse_buffer_view(&decoded), &proof->hashes[proof->count]))
            return hanse_fail_at(err, HANSE_MALFORMED, at, "log proof has a line that is no hash");
        proof->count++;
    }
}

enum hanse_status hanse_log_proof_decode(struct hanse_bytes text, struct hanse_arena *arena,
                                         struct hanse_log_proof *out, struct hanse_error *err)
{
    if (text.size > HANSE_MAX_LOG_PROOF_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_MAX_LOG_PROOF_BYTES, "log proof has more than %u bytes",
                             HANSE_MAX_LOG_PROOF_BYTES);
    struct hanse_reader reader = hanse_reader_of(text);
    struct hanse_log_proof log_proof = {.has_extra = false};
    if (!hanse_bytes_equal_text(take_line(&reader), FIRST_LINE))
        return hanse_fail_at(err, HANSE_MALFORMED, 0, "log proof does not begin with \"" FIRST_LINE "\"");
    size_t at = reader.position;
    struct hanse_bytes line = take_line(&reader);
    log_proof.has_extra = take_start(&line, EXTRA_START);
    if (log_proof.has_extra) {
        enum hanse_status status = decode_extra(line, arena, &log_proof.extra, err);
        if (status == HANSE_MALFORMED)
            return hanse_fail_at(err, status, at, "log proof has extra data that is no base64");
        if (status != HANSE_OK)
            return status;
        at = reader.position;
        line = take_line(&reader);
    }
    if (!take_start(&line, INDEX_START) || !hanse_decimal_decode(line, &log_proof.index) ||
        log_proof.index > INT64_MAX)
        return hanse_fail_at(err, HANSE_MALFORMED, at, "log proof has no index below 2^63");
    enum hanse_status status = decode_hashes(&reader, &log_proof.proof, err);
    if (status != HANSE_OK)
        return status;
    log_proof.note = hanse_reader_take(&reader, hanse_reader_left(&reader));
    *out = log_proof;
    return HANSE_OK;
}
