/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence of a fork judged by who knows one key of the feed, be it an older one (docs/protocol.md, "Evidence
 * of a fork"). No I/O. */
#ifndef HANSE_FEED_FORK_PROOF_H
#define HANSE_FEED_FORK_PROOF_H

#include "log/checkpoint.h"
#include "log/fork_evidence.h"

/* Views into the evidence. */
struct hanse_fork_facts {
    struct hanse_checkpoint smaller;
    struct hanse_checkpoint larger;
    uint8_t key[33]; /* that signed both */
};
/* HANSE_OK: proven. The key is `key` or the one that the key changes lead to from it: who stole a key that
 * was replaced can sign what he likes, so it must be the newest. Errors of hanse_fork_evidence_judge and
 * hanse_key_chain_extend. */
HANSE_MUST_CHECK enum hanse_status hanse_fork_proof_judge(const struct hanse_fork_evidence *evidence,
                                                          const struct hanse_verifier_key *key,
                                                          struct hanse_fork_facts *out,
                                                          struct hanse_error *err);

#endif
