/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/key_chain.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"
#include "feed/entry.h"
#include "log/checkpoint.h"
#include "log/merkle.h"
#include "log/proof.h"
#include "wire/manifest.h"

enum { ARENA_BYTES = 64 << 10 };

void hanse_key_chain_init(struct hanse_key_chain *chain, const char *origin, const uint8_t known_key[33])
{
    *chain = (struct hanse_key_chain){.origin = origin, .key_index = UINT64_MAX};
    memcpy(chain->key, known_key, sizeof chain->key);
}

/* One link, read but not believed. */
struct link {
    struct hanse_key_change change;
    struct hanse_note note;
    struct hanse_entry entry;
    struct hanse_header header;
};

static bool has_line_of(const struct hanse_note *note, const struct hanse_verifier_key *key)
{
    for (size_t i = 0; i < note->line_count; i++)
        if (note->lines[i].key_id == key->id && hanse_bytes_equal_text(note->lines[i].name, key->name))
            return true;
    return false;
}

/* The entry must be a KEY entry that has an effect. */
static enum hanse_status read_entry(const struct hanse_key_chain *chain, struct hanse_arena *arena,
                                    struct link *link, struct hanse_error *err)
{
    enum hanse_verdict verdict;
    struct hanse_error reason = {.message = "it is no KEY entry"};
    enum hanse_status status = hanse_entry_decode(link->change.entry, &link->entry, err);
    if (status == HANSE_OK)
        status = hanse_entry_judge(link->change.index, chain->origin, &link->entry, arena, &link->header,
                                   &verdict, &reason);
    if (status != HANSE_OK)
        return status == HANSE_NO_MEMORY ? hanse_fail_memory(err) : status;
    if (verdict != HANSE_ENTRY_VALID || link->header.operation != HANSE_OPERATION_KEY)
        return hanse_fail(err, HANSE_MALFORMED, "entry %" PRIu64 " of the key change cannot be used: %s",
                          link->change.index, reason.message);
    return HANSE_OK;
}

static enum hanse_status check_index(const struct hanse_key_chain *chain, uint64_t index,
                                     struct hanse_error *err)
{
    if (index == 0 || index >= INT64_MAX)
        return hanse_fail(err, HANSE_MALFORMED, "key change stands at the index %" PRIu64, index);
    if (chain->key_index != UINT64_MAX && index <= chain->key_index)
        return hanse_fail(err, HANSE_MALFORMED,
                          "key change at index %" PRIu64 " does not come after that at %" PRIu64, index,
                          chain->key_index);
    return HANSE_OK;
}

/* Old and new key must both have signed; they are one where a link begins with the key that it names. */
static enum hanse_status open_checkpoint(const struct hanse_key_chain *chain, const struct link *link,
                                         const struct hanse_verifier_key *old_key,
                                         struct hanse_checkpoint *out, struct hanse_error *err)
{
    struct hanse_verifier_key new_key;
    struct hanse_bytes origin = hanse_bytes_of_text(chain->origin);
    enum hanse_status status = hanse_verifier_key_init(origin, link->header.verifier_key, &new_key, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_note_check checks[2] = {{.key = old_key, .required = true},
                                         {.key = &new_key, .required = true}};
    bool same = memcmp(old_key->material, new_key.material, sizeof new_key.material) == 0;
    return hanse_checkpoint_open(&link->note, origin, checks, same ? 1 : 2, out, err);
}

static enum hanse_status check_inclusion(const struct link *link, const struct hanse_checkpoint *checkpoint,
                                         struct hanse_error *err)
{
    struct hanse_proof proof = {.count = link->change.proof_count};
    for (size_t i = 0; i < proof.count; i++)
        if (!hanse_digest_from_bytes(link->change.proof[i], &proof.hashes[i]))
            return hanse_fail(err, HANSE_MALFORMED, "hash %zu of the key change's proof is too short", i);
    struct hanse_hasher *hasher;
    struct hanse_digest leaf;
    enum hanse_status status = hanse_hasher_new(&hasher, err);
    if (status != HANSE_OK)
        return status;
    hanse_merkle_leaf(hasher, link->change.entry, &leaf);
    status = hanse_proof_verify_inclusion(hasher, link->change.index, checkpoint->size, &leaf, &proof,
                                          &checkpoint->root, err);
    hanse_hasher_free(hasher);
    return status;
}

static enum hanse_status follow(struct hanse_key_chain *chain, struct hanse_arena *arena, struct link *link,
                                const struct hanse_verifier_key *known, struct hanse_error *err)
{
    struct hanse_checkpoint checkpoint;
    enum hanse_status status = check_index(chain, link->change.index, err);
    if (status == HANSE_OK)
        status = read_entry(chain, arena, link, err);
    if (status == HANSE_OK)
        status = open_checkpoint(chain, link, known, &checkpoint, err);
    if (status == HANSE_OK && checkpoint.size != link->change.index + 1)
        status = hanse_fail(err, HANSE_MALFORMED,
                            "checkpoint of the key change at index %" PRIu64 " has the size %" PRIu64,
                            link->change.index, checkpoint.size);
    if (status == HANSE_OK)
        status = check_inclusion(link, &checkpoint, err);
    if (status != HANSE_OK)
        return status;
    memcpy(chain->key, link->header.verifier_key.data, sizeof chain->key);
    chain->key_index = link->change.index;
    chain->joined = true;
    return HANSE_OK;
}

enum hanse_status hanse_key_chain_extend(struct hanse_key_chain *chain, struct hanse_bytes file,
                                         struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, ARENA_BYTES);
    struct link link;
    struct hanse_verifier_key known;
    enum hanse_status status = hanse_verifier_key_init(
        hanse_bytes_of_text(chain->origin), hanse_bytes_of(chain->key, sizeof chain->key), &known, err);
    if (status == HANSE_OK)
        status = hanse_key_change_decode(file, &arena, &link.change, err);
    if (status == HANSE_OK)
        status = hanse_note_decode(link.change.checkpoint, &link.note, err);
    if (status != HANSE_OK)
        return status;
    if (!chain->joined && !has_line_of(&link.note, &known))
        return HANSE_OK;
    return follow(chain, &arena, &link, &known, err);
}
