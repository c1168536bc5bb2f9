/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/fork_proof.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "feed/key_chain.h"

static enum hanse_status newest_key(const struct hanse_fork_evidence *evidence,
                                    const struct hanse_verifier_key *key, struct hanse_verifier_key *out,
                                    struct hanse_error *err)
{
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, key->name, key->material);
    for (size_t i = 0; i < evidence->key_change_count; i++) {
        enum hanse_status status = hanse_key_chain_extend(&chain, evidence->key_changes[i], err);
        if (status != HANSE_OK)
            return hanse_fail_within(err, status, "key change %zu", i + 1);
    }
    return hanse_verifier_key_init(hanse_bytes_of_text(key->name),
                                   hanse_bytes_of(chain.key, sizeof chain.key), out, err);
}

/* Of a note that was verified. */
static enum hanse_status read_note(struct hanse_bytes bytes, struct hanse_checkpoint *out,
                                   struct hanse_error *err)
{
    struct hanse_note note;
    enum hanse_status status = hanse_note_decode(bytes, &note, err);
    return status == HANSE_OK ? hanse_checkpoint_decode(note.text, out, err) : status;
}

enum hanse_status hanse_fork_proof_judge(const struct hanse_fork_evidence *evidence,
                                         const struct hanse_verifier_key *key, struct hanse_fork_facts *out,
                                         struct hanse_error *err)
{
    struct hanse_verifier_key newest;
    struct hanse_fork_facts facts;
    enum hanse_status status = newest_key(evidence, key, &newest, err);
    if (status == HANSE_OK)
        status = hanse_fork_evidence_judge(evidence, &newest, 1, err);
    if (status == HANSE_OK)
        status = read_note(evidence->smaller, &facts.smaller, err);
    if (status == HANSE_OK)
        status = read_note(evidence->larger, &facts.larger, err);
    if (status != HANSE_OK)
        return status;
    memcpy(facts.key, newest.material, sizeof facts.key);
    *out = facts;
    return HANSE_OK;
}
