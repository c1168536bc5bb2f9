/* SPDX-License-Identifier: Apache-2.0 */
#include "node/query/proof_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "feed/fork_proof.h"
#include "feed/record_proof.h"
#include "node/feed_key.h"
#include "node/held_item.h"
#include "node/reason.h"

enum { ARENA_BYTES = HANSE_PROOF_BYTES + (1u << 20) };

/* Texts of the facts; `record` is to be freed. */
struct telling {
    char origin[HANSE_MAX_ORIGIN_BYTES + 1];
    char id[HANSE_FULL_NAME_BYTES];
    struct hanse_record *record;
    struct hanse_buffer key;
};

static void release(struct telling *telling)
{
    hanse_record_free(telling->record);
    hanse_buffer_release(&telling->key);
}

static const char *kind_of(const struct hanse_record_facts *facts, const struct hanse_record *record)
{
    const char *kind = hanse_kind_name(facts->header.kind);
    if (kind == NULL && record != NULL)
        kind = hanse_record_kind(record);
    return kind != NULL ? kind : "Unknown";
}

static const char *payload_state_of(const struct hanse_record_proof *proof, bool withdrawn,
                                    const char *absent)
{
    if (withdrawn)
        return hanse_payload_state_name(HANSE_PAYLOAD_NONE);
    return proof->payload.size > 0 ? hanse_payload_state_name(HANSE_PAYLOAD_PRESENT) : absent;
}

static void tell(const struct hanse_record_proof *proof, const struct hanse_record_facts *facts,
                 const struct telling *telling, const char *absent, hanse_proof_visit *visit, void *context)
{
    bool withdrawn = facts->header.operation == HANSE_OPERATION_WITHDRAW;
    const struct hanse_item item = {.id = telling->id,
                                    .origin = telling->origin,
                                    .revision = proof->revision,
                                    .entry_index = proof->index,
                                    .kind = kind_of(facts, telling->record),
                                    .published_unix_s = facts->header.published_unix_s,
                                    .audience = hanse_audience_name(facts->header.audience),
                                    .withdrawn = withdrawn,
                                    .payload_state = payload_state_of(proof, withdrawn, absent),
                                    .record = telling->record};
    struct hanse_proof_facts told = {.feed = telling->origin,
                                     .key = (const char *)telling->key.data,
                                     .size = facts->checkpoint.size,
                                     .item = &item,
                                     .reason = withdrawn ? hanse_reason_name(facts->header.reason) : NULL};
    memcpy(told.root, facts->checkpoint.root.bytes, sizeof told.root);
    memcpy(told.commitment, proof->entry.data, sizeof told.commitment);
    visit(context, &told);
}

enum hanse_status hanse_record_proof_check(struct hanse_bytes text, const struct hanse_verifier_key *key,
                                           const char *absent, hanse_proof_visit *visit, void *context,
                                           struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    __attribute__((cleanup(release))) struct telling telling = {.record = NULL};
    struct hanse_record_proof proof;
    struct hanse_record_facts facts;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&telling.key, HANSE_FEED_KEY_TEXT_BYTES);
    enum hanse_status status = hanse_record_proof_decode(text, &arena, &proof, err);
    if (status == HANSE_OK)
        status = hanse_record_proof_judge(&proof, key, &arena, &facts, err);
    if (status == HANSE_OK && facts.record.size > 0)
        status = hanse_record_from_bytes(facts.record, &telling.record, err);
    if (status == HANSE_OK)
        status = hanse_feed_key_encode(key->name, facts.key, &telling.key, err);
    if (status != HANSE_OK || visit == NULL)
        return status;
    char uuid[HANSE_UUID_TEXT_BYTES];
    hanse_uuid_encode(facts.header.record_id.data, uuid);
    (void)snprintf(telling.origin, sizeof telling.origin, "%s", key->name);
    (void)snprintf(telling.id, sizeof telling.id, "hanse:%s/%s", key->name, uuid);
    tell(&proof, &facts, &telling, absent, visit, context);
    return HANSE_OK;
}

static enum hanse_status check_fork(struct hanse_bytes text, const struct hanse_verifier_key *key,
                                    hanse_proof_visit *visit, void *context, struct hanse_error *err)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer vkey;
    struct hanse_fork_evidence evidence;
    struct hanse_fork_facts facts;
    hanse_arena_init(&arena, ARENA_BYTES);
    hanse_buffer_init(&vkey, HANSE_FEED_KEY_TEXT_BYTES);
    enum hanse_status status = hanse_fork_evidence_decode(text, &arena, &evidence, err);
    if (status == HANSE_OK)
        status = hanse_fork_proof_judge(&evidence, key, &facts, err);
    if (status == HANSE_OK)
        status = hanse_feed_key_encode(key->name, facts.key, &vkey, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_proven_fork fork = {.size = facts.smaller.size, .larger_size = facts.larger.size};
    struct hanse_proof_facts told = {
        .feed = key->name, .key = (const char *)vkey.data, .size = facts.larger.size, .fork = &fork};
    memcpy(fork.root, facts.smaller.root.bytes, sizeof fork.root);
    memcpy(fork.other_root, evidence.root.bytes, sizeof fork.other_root);
    memcpy(told.root, facts.larger.root.bytes, sizeof told.root);
    if (visit != NULL)
        visit(context, &told);
    return hanse_fail(err, HANSE_FORK,
                      "the key of \"%s\" signed two trees that differ in their first %" PRIu64 " entries",
                      key->name, fork.size);
}

enum hanse_status hanse_proof_check(struct hanse_bytes bytes, const char *verifier_key,
                                    hanse_proof_visit *visit, void *context, struct hanse_error *err)
{
    if (verifier_key == NULL)
        return hanse_fail_null("verifier_key", err);
    struct hanse_verifier_key key;
    if (verifier_key == NULL)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "proof cannot be checked without a verifier key");
    enum hanse_status status = hanse_feed_key_decode(verifier_key, &key, err);
    if (status == HANSE_OK && hanse_fork_evidence_is(bytes))
        return check_fork(bytes, &key, visit, context, err);
    return status == HANSE_OK ? hanse_record_proof_check(bytes, &key, "absent", visit, context, err) : status;
}
