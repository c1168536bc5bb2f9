/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes: splitting, verifying against known keys, signing. */
#include "log/note.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "log/cosignature.h"

/* Em dash and space. */
#define LINE_START "\xe2\x80\x94 "

enum { LINE_START_BYTES = 4, KEY_ID_BYTES = 4 };

static enum hanse_status check_characters(struct hanse_bytes text, struct hanse_error *err)
{
    size_t broken = hanse_utf8_check(text);
    if (broken < text.size)
        return hanse_fail_at(err, HANSE_MALFORMED, broken, "note is not UTF-8");
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' && text.data[i] != '\n')
            return hanse_fail_at(err, HANSE_MALFORMED, i, "note has the control byte 0x%02x", text.data[i]);
    return HANSE_OK;
}

/* Decodes one line (without its LF) that begins at `offset` of the input; `scratch` is for the base64. */
static enum hanse_status decode_line(struct hanse_bytes line, size_t offset, struct hanse_buffer *scratch,
                                     struct hanse_note_line *out, struct hanse_error *err)
{
    struct hanse_bytes start = hanse_bytes_of_text(LINE_START);
    if (!hanse_bytes_equal(hanse_bytes_slice(line, 0, start.size), start))
        return hanse_fail_at(err, HANSE_MALFORMED, offset, "signature line does not begin with a dash");
    size_t space = hanse_bytes_find(line, start.size, ' ');
    if (space == line.size)
        return hanse_fail_at(err, HANSE_MALFORMED, offset + space, "signature line has no signature");
    out->name = hanse_bytes_slice(line, start.size, space - start.size);
    out->base64 = hanse_bytes_slice(line, space + 1, line.size);
    if (hanse_key_name_check(out->name, err) != HANSE_OK)
        return hanse_fail_at(err, HANSE_MALFORMED, offset + start.size,
                             "signature line has a key name with white space, a plus sign or nothing");
    hanse_buffer_clear(scratch);
    struct hanse_error inner = {.offset = 0};
    enum hanse_status status = hanse_base64_decode(out->base64, scratch, &inner);
    if (status == HANSE_MALFORMED)
        return hanse_fail_at(err, status, offset + space + 1 + inner.offset, "signature line: %s",
                             inner.message);
    if (status != HANSE_OK)
        return hanse_fail(err, status, "signature line: %s", inner.message);
    if (scratch->size <= KEY_ID_BYTES)
        return hanse_fail_at(err, HANSE_MALFORMED, offset + space + 1, "signature line has no signature");
    struct hanse_reader reader = hanse_reader_of(hanse_buffer_view(scratch));
    out->key_id = hanse_reader_u32_be(&reader);
    return HANSE_OK;
}

/* Decodes the lines from `at` to the end of `bytes`, adding to note->lines. */
static enum hanse_status decode_lines(struct hanse_bytes bytes, size_t at, struct hanse_note *note,
                                      struct hanse_error *err)
{
    if (at >= bytes.size || bytes.data[bytes.size - 1] != '\n')
        return hanse_fail_at(err, HANSE_MALFORMED, bytes.size,
                             "note does not end with a whole signature line");
    HANSE_SCOPED_BUFFER struct hanse_buffer scratch;
    hanse_buffer_init(&scratch, HANSE_MAX_NOTE_BYTES);
    while (at < bytes.size) {
        if (note->line_count == HANSE_MAX_NOTE_SIGNATURES)
            return hanse_fail_at(err, HANSE_LIMIT, at, "note has more than %u signatures",
                                 HANSE_MAX_NOTE_SIGNATURES);
        size_t end = hanse_bytes_find(bytes, at, '\n');
        struct hanse_note_line *line = &note->lines[note->line_count];
        enum hanse_status status =
            decode_line(hanse_bytes_slice(bytes, at, end - at), at, &scratch, line, err);
        if (status != HANSE_OK)
            return status;
        line->line = hanse_bytes_slice(bytes, at, end + 1 - at);
        note->line_count++;
        at = end + 1;
    }
    return HANSE_OK;
}

/* Position of the last "\n\n", bytes.size if there is none. */
static size_t find_split(struct hanse_bytes bytes)
{
    for (size_t i = bytes.size; i >= 2; i--)
        if (bytes.data[i - 1] == '\n' && bytes.data[i - 2] == '\n')
            return i - 2;
    return bytes.size;
}

static enum hanse_status check_size(struct hanse_bytes bytes, struct hanse_error *err)
{
    if (bytes.size > HANSE_MAX_NOTE_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_MAX_NOTE_BYTES, "note has %zu bytes, more than %u",
                             bytes.size, HANSE_MAX_NOTE_BYTES);
    return HANSE_OK;
}

enum hanse_status hanse_note_decode(struct hanse_bytes bytes, struct hanse_note *out, struct hanse_error *err)
{
    enum hanse_status status = check_size(bytes, err);
    if (status == HANSE_OK)
        status = check_characters(bytes, err);
    if (status != HANSE_OK)
        return status;
    size_t split = find_split(bytes);
    if (split == bytes.size)
        return hanse_fail_at(err, HANSE_MALFORMED, split, "note has no empty line before its signatures");
    struct hanse_note note = {.whole = bytes, .text = hanse_bytes_slice(bytes, 0, split + 1)};
    status = decode_lines(bytes, split + 2, &note, err);
    if (status == HANSE_OK)
        *out = note;
    return status;
}

static bool is_line_of(const struct hanse_note_line *line, const struct hanse_verifier_key *key)
{
    return line->key_id == key->id && hanse_bytes_equal_text(line->name, key->name);
}

/* Verifies one line against its key; *out_unix_s is set for cosignatures. */
static enum hanse_status verify_line(const struct hanse_note *note, const struct hanse_note_line *line,
                                     const struct hanse_verifier_key *key, uint64_t *out_unix_s,
                                     struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer decoded;
    hanse_buffer_init(&decoded, HANSE_MAX_NOTE_BYTES);
    enum hanse_status status = hanse_base64_decode(line->base64, &decoded, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes signature = hanse_bytes_slice(hanse_buffer_view(&decoded), KEY_ID_BYTES, decoded.size);
    if (hanse_verifier_key_type(key) == HANSE_KEY_COSIGNATURE)
        status = hanse_cosignature_verify(key, note->text, signature, out_unix_s, err);
    else if (signature.size != HANSE_SIGNATURE_BYTES)
        status = HANSE_BAD_SIGNATURE;
    else
        status = hanse_public_key_verify(hanse_verifier_key_public(key), note->text, signature.data, err);
    if (status == HANSE_BAD_SIGNATURE)
        return hanse_fail_at(err, status, (uint64_t)(line->line.data - note->whole.data),
                             "signature of \"%s\" is not over this text", key->name);
    return status;
}

/* The only line of the key in *out, NULL if it has none. */
static enum hanse_status find_line(const struct hanse_note *note, const struct hanse_verifier_key *key,
                                   const struct hanse_note_line **out, struct hanse_error *err)
{
    const struct hanse_note_line *found = NULL;
    for (size_t i = 0; i < note->line_count; i++) {
        const struct hanse_note_line *line = &note->lines[i];
        if (!is_line_of(line, key))
            continue;
        if (found != NULL)
            return hanse_fail_at(err, HANSE_MALFORMED, (uint64_t)(line->line.data - note->whole.data),
                                 "note has two signatures of \"%s\"", key->name);
        found = line;
    }
    *out = found;
    return HANSE_OK;
}

/* Finds and verifies the line of one key. */
static enum hanse_status judge(const struct hanse_note *note, struct hanse_note_check *check,
                               struct hanse_error *err)
{
    const struct hanse_note_line *line = NULL;
    enum hanse_status status = find_line(note, check->key, &line, err);
    uint64_t unix_s = 0;
    if (status == HANSE_OK && line != NULL)
        status = verify_line(note, line, check->key, &unix_s, err);
    if (status != HANSE_OK)
        return status;
    if (line == NULL && check->required)
        return hanse_fail(err, HANSE_BAD_SIGNATURE, "note has no signature of \"%s\" with key id %08x",
                          check->key->name, check->key->id);
    check->verified = line != NULL;
    check->cosigned_unix_s = unix_s;
    return HANSE_OK;
}

enum hanse_status hanse_note_verify(const struct hanse_note *note, struct hanse_note_check *checks,
                                    size_t count, struct hanse_error *err)
{
    struct hanse_note_check *judged = hanse_alloc_zeroed(count, sizeof *judged);
    if (judged == NULL)
        return hanse_fail_memory(err);
    bool any = false;
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < count && status == HANSE_OK; i++) {
        judged[i] = checks[i];
        status = judge(note, &judged[i], err);
        any = any || judged[i].verified;
    }
    if (status == HANSE_OK && !any)
        status = hanse_fail(err, HANSE_BAD_SIGNATURE, "note has no signature of a known key");
    if (status == HANSE_OK)
        memcpy(checks, judged, count * sizeof *judged);
    hanse_free(judged);
    return status;
}

enum hanse_status hanse_note_line_encode(const struct hanse_verifier_key *key, struct hanse_bytes signature,
                                         struct hanse_buffer *out, struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer decoded;
    hanse_buffer_init(&decoded, HANSE_MAX_NOTE_BYTES);
    size_t before = out->size;
    enum hanse_status status = hanse_buffer_append_be(&decoded, key->id, KEY_ID_BYTES, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&decoded, signature, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(out, err, LINE_START "%s ", key->name);
    if (status == HANSE_OK)
        status = hanse_base64_encode(hanse_buffer_view(&decoded), out, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(out, "\n", err);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

static enum hanse_status check_signers(struct hanse_bytes text, const struct hanse_signer *signers,
                                       size_t count, struct hanse_error *err)
{
    if (count == 0)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "note needs a signer");
    for (size_t i = 0; i < count; i++)
        if (hanse_verifier_key_type(&signers[i].key) != HANSE_KEY_ED25519)
            return hanse_fail(err, HANSE_INVALID_ARGUMENT, "key \"%s\" gives cosignatures only",
                              signers[i].key.name);
    if (count > HANSE_MAX_NOTE_SIGNATURES)
        return hanse_fail(err, HANSE_LIMIT, "note has more than %u signatures", HANSE_MAX_NOTE_SIGNATURES);
    enum hanse_status status = check_size(text, err);
    if (status == HANSE_OK)
        status = check_characters(text, err);
    if (status == HANSE_OK && (text.size == 0 || text.data[text.size - 1] != '\n'))
        status = hanse_fail_at(err, HANSE_MALFORMED, text.size, "note text does not end with a line feed");
    return status;
}

static enum hanse_status sign_line(struct hanse_bytes text, const struct hanse_signer *signer,
                                   struct hanse_buffer *out, struct hanse_error *err)
{
    uint8_t signature[HANSE_SIGNATURE_BYTES];
    enum hanse_status status = hanse_signing_key_sign(signer->signing_key, text, signature, err);
    if (status == HANSE_OK)
        status = hanse_note_line_encode(&signer->key, hanse_bytes_of(signature, sizeof signature), out, err);
    return status;
}

enum hanse_status hanse_note_sign(struct hanse_bytes text, const struct hanse_signer *signers, size_t count,
                                  struct hanse_buffer *out, struct hanse_error *err)
{
    enum hanse_status status = check_signers(text, signers, count, err);
    if (status != HANSE_OK)
        return status;
    size_t before = out->size;
    status = hanse_buffer_append(out, text, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(out, "\n", err);
    for (size_t i = 0; i < count && status == HANSE_OK; i++)
        status = sign_line(text, &signers[i], out, err);
    if (status == HANSE_OK)
        status = check_size(hanse_bytes_of(out->data + before, out->size - before), err);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

static bool is_replaced(const struct hanse_note_line *line, const struct hanse_note *added)
{
    for (size_t i = 0; i < added->line_count; i++)
        if (added->lines[i].key_id == line->key_id && hanse_bytes_equal(added->lines[i].name, line->name))
            return true;
    return false;
}

/* The text, the lines that stay, the lines that come. */
static enum hanse_status join(const struct hanse_note *note, const struct hanse_note *added,
                              struct hanse_buffer *out, struct hanse_error *err)
{
    size_t count = added->line_count;
    enum hanse_status status = hanse_buffer_append(out, note->text, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_text(out, "\n", err);
    for (size_t i = 0; i < note->line_count && status == HANSE_OK; i++) {
        if (is_replaced(&note->lines[i], added))
            continue;
        count++;
        status = hanse_buffer_append(out, note->lines[i].line, err);
    }
    if (status == HANSE_OK)
        status = hanse_buffer_append(out, added->whole, err);
    if (status == HANSE_OK && count > HANSE_MAX_NOTE_SIGNATURES)
        status = hanse_fail(err, HANSE_LIMIT, "note has more than %u signatures", HANSE_MAX_NOTE_SIGNATURES);
    return status;
}

enum hanse_status hanse_note_add_lines(const struct hanse_note *note, struct hanse_bytes lines,
                                       struct hanse_buffer *out, struct hanse_error *err)
{
    struct hanse_note added = {.whole = lines};
    enum hanse_status status = check_size(lines, err);
    if (status == HANSE_OK)
        status = check_characters(lines, err);
    if (status == HANSE_OK)
        status = decode_lines(lines, 0, &added, err);
    if (status != HANSE_OK)
        return status;
    size_t before = out->size;
    status = join(note, &added, out, err);
    if (status == HANSE_OK)
        status = check_size(hanse_bytes_of(out->data + before, out->size - before), err);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}
