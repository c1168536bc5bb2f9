/* SPDX-License-Identifier: Apache-2.0 */
#include "log/fork_evidence.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "log/checkpoint.h"

#define FIRST_LINE "hanse fork evidence 1"
#define KEY_START "key "
enum { MAX_KEYS = 64 };

static enum hanse_status append_hash(struct hanse_buffer *out, const struct hanse_digest *hash,
                                     struct hanse_error *err)
{
    enum hanse_status status = hanse_base64_encode(hanse_digest_view(hash), out, err);
    return status == HANSE_OK ? hanse_buffer_append_u8(out, '\n', err) : status;
}

static enum hanse_status append_note(struct hanse_buffer *out, const char *word, struct hanse_bytes note,
                                     struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_format(out, err, "%s %zu\n", word, note.size);
    return status == HANSE_OK ? hanse_buffer_append(out, note, err) : status;
}

static enum hanse_status append_key_change(struct hanse_buffer *out, struct hanse_bytes change,
                                           struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_text(out, KEY_START, err);
    if (status == HANSE_OK)
        status = hanse_base64_encode(change, out, err);
    return status == HANSE_OK ? hanse_buffer_append_u8(out, '\n', err) : status;
}

enum hanse_status hanse_fork_evidence_encode(const struct hanse_fork_evidence *evidence,
                                             struct hanse_buffer *out, struct hanse_error *err)
{
    if (evidence->proof.count > HANSE_MAX_PROOF_HASHES || evidence->smaller.size > HANSE_MAX_NOTE_BYTES ||
        evidence->larger.size > HANSE_MAX_NOTE_BYTES || evidence->key_change_count > HANSE_MAX_KEY_CHAIN)
        return hanse_fail(err, HANSE_LIMIT, "evidence of a fork is over its limits");
    size_t before = out->size;
    enum hanse_status status = hanse_buffer_append_text(out, FIRST_LINE "\nroot ", err);
    if (status == HANSE_OK)
        status = append_hash(out, &evidence->root, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_format(out, err, "proof %zu\n", evidence->proof.count);
    for (size_t i = 0; i < evidence->proof.count && status == HANSE_OK; i++)
        status = append_hash(out, &evidence->proof.hashes[i], err);
    if (status == HANSE_OK)
        status = append_note(out, "smaller", evidence->smaller, err);
    if (status == HANSE_OK)
        status = append_note(out, "larger", evidence->larger, err);
    for (size_t i = 0; i < evidence->key_change_count && status == HANSE_OK; i++)
        status = append_key_change(out, evidence->key_changes[i], err);
    if (status == HANSE_OK && out->size - before > HANSE_MAX_FORK_EVIDENCE_BYTES)
        status = hanse_fail(err, HANSE_LIMIT, "evidence of a fork has more than %u bytes",
                            HANSE_MAX_FORK_EVIDENCE_BYTES);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

static enum hanse_status fail_line(const struct hanse_reader *reader, const char *what,
                                   struct hanse_error *err)
{
    return hanse_fail_at(err, HANSE_MALFORMED, reader->position, "evidence of a fork has no %s at byte %zu",
                         what, reader->position);
}

/* The rest of a line that begins with `start`, without its LF. */
static enum hanse_status take_line(struct hanse_reader *reader, const char *start, struct hanse_bytes *out,
                                   struct hanse_error *err)
{
    size_t end = hanse_bytes_find(reader->bytes, reader->position, '\n');
    struct hanse_bytes line = hanse_bytes_slice(reader->bytes, reader->position, end - reader->position);
    struct hanse_bytes expected = hanse_bytes_of_text(start);
    bool begins = hanse_bytes_equal(hanse_bytes_slice(line, 0, expected.size), expected);
    if (end >= reader->bytes.size || !begins)
        return fail_line(reader, start[0] != '\0' ? start : "hash", err);
    (void)hanse_reader_take(reader, line.size + 1);
    *out = hanse_bytes_slice(line, expected.size, line.size);
    return HANSE_OK;
}

static enum hanse_status take_hash(struct hanse_reader *reader, const char *start, struct hanse_digest *out,
                                   struct hanse_error *err)
{
    struct hanse_bytes text;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, HANSE_DIGEST_BYTES);
    enum hanse_status status = take_line(reader, start, &text, err);
    if (status == HANSE_OK && hanse_base64_decode(text, &bytes, NULL) == HANSE_NO_MEMORY)
        status = hanse_fail_memory(err);
    if (status == HANSE_OK && !hanse_digest_from_bytes(hanse_buffer_view(&bytes), out))
        status = fail_line(reader, "hash", err);
    return status;
}

static enum hanse_status take_number(struct hanse_reader *reader, const char *start, uint64_t most,
                                     uint64_t *out, struct hanse_error *err)
{
    struct hanse_bytes text;
    enum hanse_status status = take_line(reader, start, &text, err);
    if (status == HANSE_OK && !hanse_decimal_decode(text, out))
        status = fail_line(reader, "number", err);
    if (status == HANSE_OK && *out > most)
        status = hanse_fail_at(err, HANSE_LIMIT, reader->position,
                               "evidence of a fork says %s%" PRIu64 ", at most %" PRIu64 " are allowed",
                               start, *out, most);
    return status;
}

static enum hanse_status take_note(struct hanse_reader *reader, const char *start, struct hanse_bytes *out,
                                   struct hanse_error *err)
{
    uint64_t size = 0;
    enum hanse_status status = take_number(reader, start, HANSE_MAX_NOTE_BYTES, &size, err);
    if (status == HANSE_OK && size > hanse_reader_left(reader))
        status = fail_line(reader, "whole checkpoint", err);
    if (status == HANSE_OK)
        *out = hanse_reader_take(reader, size);
    return status;
}

static enum hanse_status take_key_change(struct hanse_reader *reader, struct hanse_arena *arena,
                                         struct hanse_bytes *out, struct hanse_error *err)
{
    struct hanse_bytes base64;
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, HANSE_MAX_KEY_CHANGE_BYTES);
    enum hanse_status status = take_line(reader, KEY_START, &base64, err);
    if (status != HANSE_OK)
        return status;
    status = hanse_base64_decode(base64, &bytes, NULL);
    if (status != HANSE_OK)
        return status == HANSE_NO_MEMORY ? hanse_fail_memory(err) : fail_line(reader, "key change", err);
    const char *copy = hanse_arena_copy(arena, hanse_buffer_view(&bytes));
    if (copy == NULL)
        return hanse_fail_memory(err);
    *out = hanse_bytes_of(copy, bytes.size);
    return HANSE_OK;
}

/* The lines that follow the notes, up to the end. */
static enum hanse_status take_key_changes(struct hanse_reader *reader, struct hanse_arena *arena,
                                          struct hanse_fork_evidence *evidence, struct hanse_error *err)
{
    size_t most = 0;
    for (size_t at = reader->position; at < reader->bytes.size; at++)
        most += reader->bytes.data[at] == '\n';
    if (most > HANSE_MAX_KEY_CHAIN)
        return hanse_fail_at(err, HANSE_LIMIT, reader->position,
                             "evidence of a fork has more than %u key changes", HANSE_MAX_KEY_CHAIN);
    struct hanse_bytes *changes = most > 0 ? hanse_arena_alloc(arena, most * sizeof *changes) : NULL;
    if (most > 0 && changes == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < most && status == HANSE_OK; i++)
        status = take_key_change(reader, arena, &changes[i], err);
    evidence->key_changes = changes;
    evidence->key_change_count = most;
    return status;
}

bool hanse_fork_evidence_is(struct hanse_bytes text)
{
    struct hanse_bytes first = hanse_bytes_of_text(FIRST_LINE "\n");
    return hanse_bytes_equal(hanse_bytes_slice(text, 0, first.size), first);
}

enum hanse_status hanse_fork_evidence_decode(struct hanse_bytes text, struct hanse_arena *arena,
                                             struct hanse_fork_evidence *out, struct hanse_error *err)
{
    if (text.size > HANSE_MAX_FORK_EVIDENCE_BYTES)
        return hanse_fail_at(err, HANSE_LIMIT, HANSE_MAX_FORK_EVIDENCE_BYTES,
                             "evidence of a fork has more than %u bytes", HANSE_MAX_FORK_EVIDENCE_BYTES);
    struct hanse_fork_evidence evidence = {.proof = {.count = 0}};
    struct hanse_reader reader = hanse_reader_of(text);
    struct hanse_bytes rest = {0};
    uint64_t count = 0;
    enum hanse_status status = take_line(&reader, FIRST_LINE, &rest, err);
    if (status == HANSE_OK && rest.size > 0)
        status = fail_line(&reader, FIRST_LINE, err);
    if (status == HANSE_OK)
        status = take_hash(&reader, "root ", &evidence.root, err);
    if (status == HANSE_OK)
        status = take_number(&reader, "proof ", HANSE_MAX_PROOF_HASHES, &count, err);
    for (; evidence.proof.count < count && status == HANSE_OK; evidence.proof.count++)
        status = take_hash(&reader, "", &evidence.proof.hashes[evidence.proof.count], err);
    if (status == HANSE_OK)
        status = take_note(&reader, "smaller ", &evidence.smaller, err);
    if (status == HANSE_OK)
        status = take_note(&reader, "larger ", &evidence.larger, err);
    if (status == HANSE_OK)
        status = take_key_changes(&reader, arena, &evidence, err);
    if (status == HANSE_OK && hanse_reader_left(&reader) > 0)
        status = fail_line(&reader, "end", err);
    if (status == HANSE_OK)
        *out = evidence;
    return status;
}

/* A checkpoint that one of the keys signed, at least. */
static enum hanse_status open_note(struct hanse_bytes bytes, const struct hanse_verifier_key *keys,
                                   size_t key_count, struct hanse_checkpoint *out, struct hanse_error *err)
{
    struct hanse_note note;
    struct hanse_note_check checks[MAX_KEYS] = {{.key = NULL}};
    for (size_t i = 0; i < key_count; i++)
        checks[i].key = &keys[i];
    enum hanse_status status = hanse_note_decode(bytes, &note, err);
    return status == HANSE_OK
               ? hanse_checkpoint_open(&note, hanse_bytes_of_text(keys[0].name), checks, key_count, out, err)
               : status;
}

enum hanse_status hanse_fork_evidence_judge(const struct hanse_fork_evidence *evidence,
                                            const struct hanse_verifier_key *keys, size_t key_count,
                                            struct hanse_error *err)
{
    struct hanse_checkpoint smaller;
    struct hanse_checkpoint larger;
    struct hanse_hasher *hasher = NULL;
    bool one_name = key_count > 0 && key_count <= MAX_KEYS;
    for (size_t i = 0; i < key_count && one_name; i++)
        one_name = strcmp(keys[i].name, keys[0].name) == 0;
    if (!one_name)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "evidence is judged with 1 to %d keys of one name",
                          MAX_KEYS);
    enum hanse_status status = open_note(evidence->smaller, keys, key_count, &smaller, err);
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "smaller checkpoint");
    status = open_note(evidence->larger, keys, key_count, &larger, err);
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "larger checkpoint");
    if (status == HANSE_OK && smaller.size == 0)
        status = hanse_fail(err, HANSE_MALFORMED, "an empty tree contradicts none");
    if (status == HANSE_OK)
        status = hanse_hasher_new(&hasher, err);
    if (status == HANSE_OK)
        status = hanse_proof_verify_consistency(hasher, smaller.size, &evidence->root, larger.size,
                                                &larger.root, &evidence->proof, err);
    hanse_hasher_free(hasher);
    if (status == HANSE_OK && hanse_digest_equal(&evidence->root, &smaller.root))
        status = hanse_fail(err, HANSE_MISMATCH, "the two trees have the same root at size %" PRIu64,
                            smaller.size);
    return status;
}
