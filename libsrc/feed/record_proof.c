/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/record_proof.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"
#include "feed/key_chain.h"
#include "log/log_proof.h"
#include "log/merkle.h"

enum { MAGIC = 0xf2, CHECK_BYTES = 8 };

static enum hanse_status append_part(struct hanse_buffer *out, struct hanse_bytes part,
                                     struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_varint(out, part.size, err);
    return status == HANSE_OK ? hanse_buffer_append(out, part, err) : status;
}

/* The check is there for accidents: what no signature covers would else change unnoticed. */
static enum hanse_status append_check(struct hanse_buffer *out, struct hanse_error *err)
{
    struct hanse_digest digest;
    enum hanse_status status = hanse_digest_compute(hanse_buffer_view(out), &digest, err);
    return status == HANSE_OK ? hanse_buffer_append(out, hanse_bytes_of(digest.bytes, CHECK_BYTES), err)
                              : status;
}

static enum hanse_status encode_extra(const struct hanse_record_proof *proof, struct hanse_buffer *out,
                                      struct hanse_error *err)
{
    enum hanse_status status = hanse_buffer_append_u8(out, MAGIC, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_varint(out, proof->revision, err);
    if (status == HANSE_OK)
        status = append_part(out, proof->entry, err);
    if (status == HANSE_OK)
        status = append_part(out, proof->payload, err);
    if (status == HANSE_OK)
        status = hanse_buffer_append_varint(out, proof->key_change_count, err);
    for (size_t i = 0; i < proof->key_change_count && status == HANSE_OK; i++)
        status = append_part(out, proof->key_changes[i], err);
    return status == HANSE_OK ? append_check(out, err) : status;
}

enum hanse_status hanse_record_proof_encode(const struct hanse_record_proof *proof, struct hanse_buffer *out,
                                            struct hanse_error *err)
{
    if (proof->revision == 0 || proof->entry.size < HANSE_DIGEST_BYTES)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "record proof has no revision or no entry");
    if (proof->entry.size > HANSE_MAX_ENTRY_ACCEPT_BYTES || proof->payload.size > HANSE_MAX_PAYLOAD_BYTES ||
        proof->key_change_count > HANSE_MAX_KEY_CHAIN)
        return hanse_fail(err, HANSE_LIMIT, "record proof is over its limits");
    HANSE_SCOPED_BUFFER struct hanse_buffer extra;
    hanse_buffer_init(&extra, HANSE_MAX_LOG_PROOF_BYTES);
    enum hanse_status status = encode_extra(proof, &extra, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_log_proof log_proof = {.has_extra = true,
                                        .extra = hanse_buffer_view(&extra),
                                        .index = proof->index,
                                        .proof = proof->proof,
                                        .note = proof->note};
    return hanse_log_proof_encode(&log_proof, out, err);
}

static struct hanse_bytes take_part(struct hanse_reader *reader, uint64_t most)
{
    uint64_t size = hanse_reader_varint(reader);
    reader->failed = reader->failed || size > most;
    return hanse_reader_take(reader, size);
}

static enum hanse_status check_extra(struct hanse_bytes extra, struct hanse_error *err)
{
    struct hanse_digest digest;
    if (extra.size < CHECK_BYTES + 1 || extra.data[0] != MAGIC)
        return hanse_fail(err, HANSE_MALFORMED, "extra data of the proof is not that of a record");
    struct hanse_bytes check = hanse_bytes_slice(extra, extra.size - CHECK_BYTES, CHECK_BYTES);
    enum hanse_status status =
        hanse_digest_compute(hanse_bytes_slice(extra, 0, extra.size - CHECK_BYTES), &digest, err);
    if (status == HANSE_OK && !hanse_bytes_equal(check, hanse_bytes_of(digest.bytes, CHECK_BYTES)))
        status = hanse_fail(err, HANSE_MISMATCH,
                            "record in this proof was altered or damaged: its checksum differs");
    return status;
}

static enum hanse_status decode_key_changes(struct hanse_reader *reader, struct hanse_arena *arena,
                                            struct hanse_record_proof *out, struct hanse_error *err)
{
    uint64_t count = hanse_reader_varint(reader);
    if (reader->failed)
        return HANSE_OK; /* told by the caller */
    if (count > HANSE_MAX_KEY_CHAIN)
        return hanse_fail(err, HANSE_LIMIT, "proof has %" PRIu64 " key changes, at most %u are allowed",
                          count, HANSE_MAX_KEY_CHAIN);
    struct hanse_bytes *changes = hanse_arena_alloc(arena, (size_t)count * sizeof *changes + 1);
    if (changes == NULL)
        return hanse_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        changes[i] = take_part(reader, HANSE_MAX_KEY_CHANGE_BYTES);
    out->key_changes = changes;
    out->key_change_count = (size_t)count;
    return HANSE_OK;
}

enum hanse_status hanse_record_proof_decode(struct hanse_bytes text, struct hanse_arena *arena,
                                            struct hanse_record_proof *out, struct hanse_error *err)
{
    struct hanse_log_proof log_proof;
    enum hanse_status status = hanse_log_proof_decode(text, arena, &log_proof, err);
    if (status == HANSE_OK)
        status = check_extra(log_proof.extra, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_reader reader =
        hanse_reader_of(hanse_bytes_slice(log_proof.extra, 1, log_proof.extra.size - 1 - CHECK_BYTES));
    struct hanse_record_proof proof = {
        .index = log_proof.index, .proof = log_proof.proof, .note = log_proof.note};
    proof.revision = hanse_reader_varint(&reader);
    proof.entry = take_part(&reader, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    proof.payload = take_part(&reader, HANSE_MAX_PAYLOAD_BYTES);
    status = decode_key_changes(&reader, arena, &proof, err);
    if (status == HANSE_OK && (!hanse_reader_done(&reader) || proof.revision == 0))
        status =
            hanse_fail(err, HANSE_MALFORMED, "extra data of the proof breaks off at byte %zu, or goes on",
                       reader.position + 1);
    if (status == HANSE_OK)
        *out = proof;
    return status;
}

/* From the known key to the one that must have signed; `previous` too where the checkpoint ends with the last
 * KEY entry. */
struct signers {
    struct hanse_key_chain chain;
    uint8_t previous[33];
};

static enum hanse_status follow_keys(const struct hanse_record_proof *proof,
                                     const struct hanse_verifier_key *key, struct signers *out,
                                     struct hanse_error *err)
{
    hanse_key_chain_init(&out->chain, key->name, key->material);
    memcpy(out->previous, key->material, sizeof out->previous);
    for (size_t i = 0; i < proof->key_change_count; i++) {
        struct hanse_key_chain before = out->chain;
        enum hanse_status status = hanse_key_chain_extend(&out->chain, proof->key_changes[i], err);
        if (status != HANSE_OK)
            return hanse_fail_within(err, status, "key change %zu", i + 1);
        memcpy(out->previous, before.key, sizeof out->previous);
    }
    return HANSE_OK;
}

static enum hanse_status open_checkpoint(const struct hanse_record_proof *proof,
                                         const struct signers *signers, struct hanse_checkpoint *out,
                                         struct hanse_error *err)
{
    const struct hanse_key_chain *chain = &signers->chain;
    struct hanse_bytes origin = hanse_bytes_of_text(chain->origin);
    struct hanse_verifier_key current;
    struct hanse_verifier_key previous;
    struct hanse_note note;
    struct hanse_note_check checks[] = {{.key = &current, .required = true},
                                        {.key = &previous, .required = true}};
    enum hanse_status status =
        hanse_verifier_key_init(origin, hanse_bytes_of(chain->key, sizeof chain->key), &current, err);
    if (status == HANSE_OK)
        status = hanse_verifier_key_init(origin, hanse_bytes_of(signers->previous, sizeof signers->previous),
                                         &previous, err);
    if (status == HANSE_OK)
        status = hanse_note_decode(proof->note, &note, err);
    if (status == HANSE_OK)
        status = hanse_checkpoint_open(&note, origin, checks, 1, out, err);
    if (status != HANSE_OK || !chain->joined)
        return status;
    if (chain->key_index >= out->size)
        return hanse_fail(err, HANSE_MALFORMED,
                          "a key change at index %" PRIu64 " lies beyond its %" PRIu64 " entries",
                          chain->key_index, out->size);
    bool is_change = out->size == chain->key_index + 1;
    bool differ = memcmp(current.material, previous.material, sizeof current.material) != 0;
    return is_change && differ ? hanse_checkpoint_open(&note, origin, checks, 2, out, err) : HANSE_OK;
}

static enum hanse_status check_inclusion(const struct hanse_record_proof *proof,
                                         const struct hanse_checkpoint *checkpoint, struct hanse_error *err)
{
    struct hanse_hasher *hasher = NULL;
    struct hanse_digest leaf;
    enum hanse_status status = hanse_hasher_new(&hasher, err);
    if (status != HANSE_OK)
        return status;
    hanse_merkle_leaf(hasher, proof->entry, &leaf);
    status = hanse_proof_verify_inclusion(hasher, proof->index, checkpoint->size, &leaf, &proof->proof,
                                          &checkpoint->root, err);
    hanse_hasher_free(hasher);
    return status;
}

/* A revision that has no effect, or that this build cannot judge, is no proof of anything. */
static enum hanse_status check_verdict(enum hanse_verdict verdict, const struct hanse_error *reason,
                                       struct hanse_error *err)
{
    if (verdict == HANSE_ENTRY_VALID)
        return HANSE_OK;
    return hanse_fail(err, verdict == HANSE_ENTRY_UNKNOWN ? HANSE_UNSUPPORTED : HANSE_MALFORMED,
                      "it has no effect: %s", reason->message);
}

static enum hanse_status judge_entry(const struct hanse_record_proof *proof, const char *origin,
                                     struct hanse_arena *arena, struct hanse_entry *entry,
                                     struct hanse_header *out, struct hanse_error *err)
{
    enum hanse_verdict verdict;
    struct hanse_error reason = {.message = "its operation or kind is unknown"};
    enum hanse_status status = hanse_entry_decode(proof->entry, entry, err);
    if (status == HANSE_OK)
        status = hanse_entry_judge(proof->index, origin, entry, arena, out, &verdict, &reason);
    if (status != HANSE_OK)
        return status == HANSE_NO_MEMORY ? hanse_fail_memory(err) : status;
    status = check_verdict(verdict, &reason, err);
    bool is_revision = out->operation == HANSE_OPERATION_PUT || out->operation == HANSE_OPERATION_WITHDRAW;
    if (status == HANSE_OK && !is_revision)
        status = hanse_fail(err, HANSE_MALFORMED, "it is no revision of a record");
    return status;
}

static enum hanse_status judge_payload(const struct hanse_record_proof *proof,
                                       const struct hanse_entry *entry, const struct hanse_header *header,
                                       struct hanse_bytes *out_record, struct hanse_error *err)
{
    struct hanse_digest digest;
    enum hanse_verdict verdict;
    struct hanse_error reason = {.message = "its kind is unknown"};
    *out_record = hanse_bytes_of(NULL, 0);
    if (proof->payload.size == 0)
        return HANSE_OK;
    enum hanse_status status = hanse_digest_compute(proof->payload, &digest, err);
    if (status == HANSE_OK && memcmp(digest.bytes, entry->commitment, sizeof digest.bytes) != 0)
        status = hanse_fail(err, HANSE_MISMATCH, "it does not hash to the entry's commitment");
    if (status == HANSE_OK &&
        hanse_payload_judge(header, proof->payload, out_record, &verdict, &reason) != HANSE_OK)
        status = hanse_fail_memory(err);
    return status == HANSE_OK ? check_verdict(verdict, &reason, err) : status;
}

enum hanse_status hanse_record_proof_judge(const struct hanse_record_proof *proof,
                                           const struct hanse_verifier_key *key, struct hanse_arena *arena,
                                           struct hanse_record_facts *out, struct hanse_error *err)
{
    struct hanse_record_facts facts = {.record = {.size = 0}};
    struct hanse_entry entry;
    struct signers signers;
    enum hanse_status status = follow_keys(proof, key, &signers, err);
    if (status != HANSE_OK)
        return status;
    status = open_checkpoint(proof, &signers, &facts.checkpoint, err);
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "checkpoint of \"%s\"", key->name);
    status = check_inclusion(proof, &facts.checkpoint, err);
    if (status == HANSE_OK)
        status = judge_entry(proof, key->name, arena, &entry, &facts.header, err);
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "entry %" PRIu64, proof->index);
    status = judge_payload(proof, &entry, &facts.header, &facts.record, err);
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "content of entry %" PRIu64, proof->index);
    memcpy(facts.key, signers.chain.key, sizeof facts.key);
    *out = facts;
    return HANSE_OK;
}
