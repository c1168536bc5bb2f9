/* SPDX-License-Identifier: Apache-2.0 */
/* The vectors of docs/protocol.md, structure by structure: what the independent reader accepts is accepted,
 * and what it refuses is refused. Whole feeds are in test_vector_feeds.c. */
#include "vector_support.h"

#include "feed/entry.h"
#include "feed/frame.h"
#include "feed/key_chain.h"
#include "feed/record_proof.h"
#include "log/checkpoint.h"
#include "log/cosignature.h"
#include "log/merkle.h"
#include "log/note.h"
#include "log/origin.h"
#include "log/proof.h"
#include "log/tile.h"
#include "wire/manifest.h"

#define ORIGIN "city.example/hanse"

static bool check_origin(const json_t *vector, struct hanse_error *why)
{
    return hanse_origin_check(text_view(json_object_get(vector, "origin")), why) == HANSE_OK;
}

static bool check_vkey(const json_t *vector, struct hanse_error *why)
{
    struct hanse_verifier_key key;
    struct hanse_bytes text = text_view(json_object_get(vector, "vkey"));
    if (hanse_verifier_key_decode(text, &key, why) != HANSE_OK)
        return false;
    if (must_refuse(vector))
        return true;
    if (hanse_verifier_key_type(&key) != number_member(vector, "type") ||
        !hanse_bytes_equal(hanse_bytes_of(hanse_verifier_key_public(&key), 32),
                           bytes_member(vector, "public_key")))
        return DIFFERS(why, "another key");
    struct hanse_buffer again;
    hanse_buffer_init(&again, 4096);
    bool same = hanse_verifier_key_encode(&key, &again, why) == HANSE_OK &&
                hanse_bytes_equal(hanse_buffer_view(&again), text);
    hanse_buffer_release(&again);
    return same;
}

static bool check_note(const json_t *vector, struct hanse_error *why)
{
    enum { MOST_KEYS = 4 };
    struct hanse_verifier_key keys[MOST_KEYS];
    struct hanse_note_check checks[MOST_KEYS];
    const json_t *known = json_object_get(vector, "keys");
    size_t count = json_array_size(known);
    assert_true(count <= MOST_KEYS);
    for (size_t i = 0; i < count; i++) {
        keys[i] = key_of(json_string_value(json_array_get(known, i)));
        checks[i] = (struct hanse_note_check){.key = &keys[i]};
    }
    struct hanse_note note;
    if (hanse_note_decode(bytes_member(vector, "note"), &note, why) != HANSE_OK ||
        hanse_note_verify(&note, checks, count, why) != HANSE_OK)
        return false;
    if (must_refuse(vector))
        return true;
    if (!hanse_bytes_equal(note.text, bytes_member(vector, "text")))
        return DIFFERS(why, "another text");
    size_t signer = 0;
    const json_t *signers = json_object_get(vector, "signers");
    for (size_t i = 0; i < count; i++) {
        const char *next = json_string_value(json_array_get(signers, signer));
        bool expected = next != NULL && strcmp(next, json_string_value(json_array_get(known, i))) == 0;
        if (checks[i].verified != expected)
            return DIFFERS(why, "another signer");
        signer += expected;
    }
    return signer == json_array_size(signers);
}

static bool check_checkpoint(const json_t *vector, struct hanse_error *why)
{
    struct hanse_checkpoint checkpoint;
    if (hanse_checkpoint_decode(bytes_member(vector, "text"), &checkpoint, why) != HANSE_OK)
        return false;
    return must_refuse(vector) ||
           (hanse_bytes_equal_text(checkpoint.origin, text_of(vector, "origin")) &&
            checkpoint.size == number_member(vector, "size") &&
            hanse_bytes_equal(hanse_digest_view(&checkpoint.root), bytes_member(vector, "root")));
}

static bool check_cosignature(const json_t *vector, struct hanse_error *why)
{
    struct hanse_buffer whole;
    hanse_buffer_init(&whole, 65536);
    assert_int_equal(
        hanse_buffer_append_format(&whole, NULL, "%s\n%s", text_of(vector, "text"), text_of(vector, "line")),
        HANSE_OK);
    struct hanse_verifier_key key = key_of(text_of(vector, "vkey"));
    struct hanse_note_check check = {.key = &key};
    struct hanse_note note;
    bool ok = hanse_note_decode(hanse_buffer_view(&whole), &note, why) == HANSE_OK &&
              hanse_note_verify(&note, &check, 1, why) == HANSE_OK;
    if (ok && !must_refuse(vector) && check.cosigned_unix_s != number_member(vector, "time"))
        ok = DIFFERS(why, "another time");
    hanse_buffer_release(&whole);
    return ok;
}

static bool check_root(const json_t *vector, struct hanse_error *why)
{
    struct hanse_hasher *hasher;
    assert_int_equal(hanse_hasher_new(&hasher, NULL), HANSE_OK);
    struct hanse_frontier frontier = {.size = 0};
    struct hanse_digest hash;
    size_t index;
    const json_t *entry;
    json_array_foreach(json_object_get(vector, "entries"), index, entry)
    {
        hanse_merkle_leaf(hasher, bytes_of_text(json_string_value(entry)), &hash);
        assert_int_equal(hanse_frontier_append(&frontier, hasher, &hash, why), HANSE_OK);
    }
    hanse_frontier_root(&frontier, hasher, &hash);
    hanse_hasher_free(hasher);
    return hanse_bytes_equal(hanse_digest_view(&hash), bytes_member(vector, "root"));
}

static bool check_proof(const json_t *vector, struct hanse_error *why)
{
    struct hanse_hasher *hasher;
    struct hanse_digest leaf;
    struct hanse_digest root;
    struct hanse_proof proof = {.count = json_array_size(json_object_get(vector, "proof"))};
    assert_true(hanse_digest_from_bytes(bytes_member(vector, "leaf"), &leaf));
    assert_true(hanse_digest_from_bytes(bytes_member(vector, "root"), &root));
    for (size_t i = 0; i < proof.count; i++) {
        const char *text = json_string_value(json_array_get(json_object_get(vector, "proof"), i));
        if (!hanse_digest_from_bytes(bytes_of_text(text), &proof.hashes[i]))
            return DIFFERS(why, "no hash");
    }
    assert_int_equal(hanse_hasher_new(&hasher, NULL), HANSE_OK);
    enum hanse_status status = hanse_proof_verify_inclusion(
        hasher, number_member(vector, "index"), number_member(vector, "size"), &leaf, &proof, &root, why);
    hanse_hasher_free(hasher);
    return status == HANSE_OK;
}

static bool check_tile(const json_t *vector, struct hanse_error *why)
{
    const struct hanse_tile tile = {
        .is_bundle = json_is_string(json_object_get(vector, "level")),
        .level = (unsigned)json_integer_value(json_object_get(vector, "level")),
        .index = number_member(vector, "number"),
        .width = (unsigned)number_member(vector, "width"),
    };
    char path[HANSE_TILE_PATH_BYTES];
    struct hanse_tile again;
    return hanse_tile_path_encode(&tile, path, why) == HANSE_OK &&
           strcmp(path, text_of(vector, "path")) == 0 &&
           hanse_tile_path_decode(hanse_bytes_of_text(path), &again, why) == HANSE_OK &&
           again.is_bundle == tile.is_bundle && again.level == tile.level && again.index == tile.index &&
           again.width == tile.width;
}

static const char *verdict_name(enum hanse_verdict verdict)
{
    static const char *const names[] = {"VALID", "INVALID", "UNKNOWN"};
    return names[verdict];
}

static bool same_bytes(const json_t *fields, const char *name, struct hanse_bytes seen)
{
    return hanse_bytes_equal(bytes_member(fields, name), seen);
}

static bool same_text(const json_t *fields, const char *name, struct hanse_bytes seen)
{
    return hanse_bytes_equal(hanse_bytes_of_text(text_of(fields, name)), seen);
}

static bool same_list(const json_t *fields, const char *name, const struct hanse_bytes *seen, size_t count)
{
    const json_t *list = json_object_get(fields, name);
    if (json_array_size(list) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!hanse_bytes_equal(bytes_of_text(json_string_value(json_array_get(list, i))), seen[i]))
            return false;
    return true;
}

static bool same_ranges(const json_t *fields, const struct hanse_header *header)
{
    const json_t *list = json_object_get(fields, "erased");
    if (json_array_size(list) != header->erased_count)
        return false;
    for (size_t i = 0; i < header->erased_count; i++) {
        const json_t *range = json_array_get(list, i);
        uint64_t first;
        uint64_t count;
        assert_true(hanse_decimal_decode(text_view(json_array_get(range, 0)), &first));
        assert_true(hanse_decimal_decode(text_view(json_array_get(range, 1)), &count));
        if (header->erased[i].first != first || header->erased[i].count != count)
            return false;
    }
    return true;
}

static bool same_numbers(const json_t *fields, const struct hanse_header *h)
{
    return number_member(fields, "operation") == h->operation &&
           number_member(fields, "audience") == h->audience &&
           number_member(fields, "published_unix_s") == h->published_unix_s &&
           number_member(fields, "payload_bytes") == h->payload_bytes &&
           number_member(fields, "kind") == h->kind && number_member(fields, "reason") == h->reason &&
           number_member(fields, "erase_by_unix_s") == h->erase_by_unix_s &&
           number_member(fields, "recovery_threshold") == h->recovery_threshold &&
           number_member(fields, "predecessor_size") == h->predecessor_size;
}

static bool same_fields(const json_t *fields, const struct hanse_header *h)
{
    return same_numbers(fields, h) && same_ranges(fields, h) &&
           same_bytes(fields, "record_id", h->record_id) &&
           same_list(fields, "network_ids", h->network_ids, h->network_id_count) &&
           same_bytes(fields, "verifier_key", h->verifier_key) &&
           same_bytes(fields, "transport_key", h->transport_key) &&
           same_bytes(fields, "encryption_key", h->encryption_key) &&
           same_list(fields, "recovery_keys", h->recovery_keys, h->recovery_key_count) &&
           same_text(fields, "predecessor_origin", h->predecessor_origin) &&
           same_bytes(fields, "predecessor_root", h->predecessor_root) &&
           same_text(fields, "successor_origin", h->successor_origin) &&
           same_bytes(fields, "successor_key", h->successor_key);
}

/* What was decoded, encoded again, gives the same bytes. */
static bool encodes_again(const struct hanse_header *header, struct hanse_bytes bytes,
                          struct hanse_error *why)
{
    struct hanse_buffer again;
    hanse_buffer_init(&again, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    bool same = hanse_header_encode(header, &again, why) == HANSE_OK &&
                hanse_bytes_equal(hanse_buffer_view(&again), bytes);
    hanse_buffer_release(&again);
    return same;
}

static bool check_entry(const json_t *vector, struct hanse_error *why)
{
    struct hanse_entry entry;
    struct hanse_header header;
    enum hanse_verdict verdict;
    assert_int_equal(hanse_entry_decode(bytes_member(vector, "entry"), &entry, why), HANSE_OK);
    assert_int_equal(hanse_entry_judge(number_member(vector, "index"), ORIGIN, &entry, &vector_arena, &header,
                                       &verdict, why),
                     HANSE_OK);
    if (strcmp(verdict_name(verdict), text_of(vector, "verdict")) != 0)
        return hanse_fail_within(why, HANSE_MISMATCH, "%s", verdict_name(verdict)), false;
    if (json_is_false(json_object_get(vector, "canonical")) !=
        (hanse_header_decode(entry.header, &vector_arena, &header, NULL) == HANSE_MALFORMED))
        return DIFFERS(why, "the canonical form is judged otherwise");
    if (verdict != HANSE_ENTRY_VALID)
        return true;
    const json_t *fields = json_object_get(vector, "fields");
    if (fields != NULL && !same_fields(fields, &header))
        return DIFFERS(why, "other fields");
    return header.has_unknown_fields || encodes_again(&header, entry.header, why) ||
           DIFFERS(why, "other bytes when encoded again");
}

static bool check_payload(const json_t *vector, struct hanse_error *why)
{
    struct hanse_header header;
    enum hanse_verdict verdict;
    struct hanse_bytes record;
    assert_int_equal(hanse_header_decode(bytes_member(vector, "header"), &vector_arena, &header, why),
                     HANSE_OK);
    assert_int_equal(hanse_payload_judge(&header, bytes_member(vector, "payload"), &record, &verdict, why),
                     HANSE_OK);
    if (strcmp(verdict_name(verdict), text_of(vector, "verdict")) != 0)
        return hanse_fail_within(why, HANSE_MISMATCH, "%s", verdict_name(verdict)), false;
    return text_of(vector, "record") == NULL || same_bytes(vector, "record", record);
}

static bool same_entries(const json_t *vector, const struct hanse_frame *frame)
{
    const json_t *list = json_object_get(vector, "entries");
    if (frame->first_index != number_member(vector, "first") || json_array_size(list) != frame->entry_count)
        return false;
    for (size_t i = 0; i < frame->entry_count; i++) {
        const json_t *expected = json_array_get(list, i);
        const struct hanse_frame_entry *seen = &frame->entries[i];
        if (!same_bytes(expected, "header", seen->header) ||
            json_is_true(json_object_get(expected, "absent")) != seen->absent ||
            !same_bytes(expected, "commitment", hanse_bytes_of(seen->commitment, 32)))
            return false;
        if (json_object_get(expected, "payload_bytes") != NULL
                ? seen->payload.size != number_member(expected, "payload_bytes")
                : !same_bytes(expected, "payload", seen->payload))
            return false;
    }
    return true;
}

/* Reads the frames of the file; on refusal *out_count tells how many were good. */
static bool read_frames(struct hanse_frame_decoder *decoder, struct hanse_bytes file,
                        struct hanse_frame *frame, uint64_t *out_count, struct hanse_error *why)
{
    *out_count = 0;
    for (size_t at = 0; at < file.size; (*out_count)++) {
        struct hanse_bytes rest = hanse_bytes_slice(file, at, file.size);
        struct hanse_frame_start start;
        if (hanse_frame_peek(rest, &start, why) != HANSE_OK)
            return false;
        if (start.frame_bytes > rest.size)
            return DIFFERS(why, "frame is cut off");
        rest = hanse_bytes_slice(rest, 0, start.frame_bytes);
        if (hanse_frame_decode(decoder, rest, frame, why) != HANSE_OK)
            return false;
        at += start.frame_bytes;
    }
    return true;
}

static bool check_frame(const json_t *vector, struct hanse_error *why)
{
    struct hanse_frame_decoder *decoder;
    struct hanse_frame frame = {.entry_count = 0};
    uint64_t count;
    assert_int_equal(hanse_frame_decoder_new(&decoder, NULL), HANSE_OK);
    bool ok = read_frames(decoder, bytes_member(vector, "file"), &frame, &count, why);
    if (ok && !must_refuse(vector) && !same_entries(vector, &frame))
        ok = DIFFERS(why, "other entries");
    if (ok && json_object_get(vector, "good_frames") == NULL)
        assert_int_equal(count, number_member(vector, "frames"));
    if (!ok && json_object_get(vector, "good_frames") != NULL)
        assert_int_equal(count, number_member(vector, "good_frames"));
    hanse_frame_decoder_free(decoder);
    return ok;
}

static bool check_manifest(const json_t *vector, struct hanse_error *why)
{
    struct hanse_manifest manifest;
    if (hanse_manifest_decode(bytes_member(vector, "manifest"), &vector_arena, &manifest, why) != HANSE_OK)
        return false;
    if (must_refuse(vector))
        return true;
    const json_t *paths = json_object_get(vector, "segments");
    if (json_array_size(paths) != manifest.segment_count)
        return DIFFERS(why, "other segments");
    for (size_t i = 0; i < manifest.segment_count; i++) {
        const struct hanse_segment *segment = &manifest.segments[i];
        char path[64];
        (void)snprintf(path, sizeof path, "hanse/public/%llu-%016llx",
                       (unsigned long long)segment->first_index, (unsigned long long)segment->generation);
        if (strcmp(path, json_string_value(json_array_get(paths, i))) != 0)
            return DIFFERS(why, "segment \"%s\"", path);
    }
    return true;
}

static bool check_key_changes(const json_t *vector, struct hanse_error *why)
{
    struct hanse_verifier_key known = key_of(text_of(vector, "key"));
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, text_of(vector, "origin"), known.material);
    size_t index;
    const json_t *file;
    json_array_foreach(json_object_get(vector, "files"), index, file)
    {
        if (hanse_key_chain_extend(&chain, bytes_of_text(json_string_value(file)), why) != HANSE_OK)
            return false;
    }
    if (must_refuse(vector))
        return true;
    struct hanse_verifier_key newest = key_of(text_of(vector, "newest"));
    return memcmp(newest.material, chain.key, sizeof chain.key) == 0 &&
           json_is_true(json_object_get(vector, "joined")) == chain.joined;
}

static bool check_record_proof(const json_t *vector, struct hanse_error *why)
{
    struct hanse_verifier_key known = key_of(text_of(vector, "key"));
    struct hanse_record_proof proof;
    struct hanse_record_facts facts;
    if (hanse_record_proof_decode(bytes_member(vector, "proof"), &vector_arena, &proof, why) != HANSE_OK ||
        hanse_record_proof_judge(&proof, &known, &vector_arena, &facts, why) != HANSE_OK)
        return false;
    if (must_refuse(vector))
        return true;
    struct hanse_verifier_key by = key_of(text_of(vector, "signed_by"));
    bool withdrawn = facts.header.operation == HANSE_OPERATION_WITHDRAW;
    if (proof.index != number_member(vector, "index") ||
        proof.revision != number_member(vector, "revision") ||
        facts.checkpoint.size != number_member(vector, "size"))
        return DIFFERS(why, "numbers differ");
    if (!hanse_bytes_equal(facts.header.record_id, bytes_member(vector, "record_id")) ||
        !hanse_bytes_equal(facts.record, bytes_member(vector, "record")))
        return DIFFERS(why, "record differs");
    return memcmp(by.material, facts.key, sizeof facts.key) == 0 &&
           json_is_true(json_object_get(vector, "withdrawn")) == withdrawn;
}

#define VECTOR_TEST(file, check)                                                                             \
    static void file##_agree(void **state)                                                                   \
    {                                                                                                        \
        (void)state;                                                                                         \
        check_vectors(#file, check);                                                                         \
    }
VECTOR_TEST(origins, check_origin)
VECTOR_TEST(vkeys, check_vkey)
VECTOR_TEST(notes, check_note)
VECTOR_TEST(checkpoints, check_checkpoint)
VECTOR_TEST(cosignatures, check_cosignature)
VECTOR_TEST(roots, check_root)
VECTOR_TEST(proofs, check_proof)
VECTOR_TEST(tiles, check_tile)
VECTOR_TEST(entries, check_entry)
VECTOR_TEST(payloads, check_payload)
VECTOR_TEST(frames, check_frame)
VECTOR_TEST(manifests, check_manifest)
VECTOR_TEST(key_changes, check_key_changes)
VECTOR_TEST(record_proofs, check_record_proof)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origins_agree),      cmocka_unit_test(vkeys_agree),
        cmocka_unit_test(notes_agree),        cmocka_unit_test(checkpoints_agree),
        cmocka_unit_test(cosignatures_agree), cmocka_unit_test(roots_agree),
        cmocka_unit_test(proofs_agree),       cmocka_unit_test(tiles_agree),
        cmocka_unit_test(entries_agree),      cmocka_unit_test(payloads_agree),
        cmocka_unit_test(frames_agree),       cmocka_unit_test(manifests_agree),
        cmocka_unit_test(key_changes_agree),  cmocka_unit_test(record_proofs_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
