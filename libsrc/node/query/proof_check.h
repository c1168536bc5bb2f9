/* SPDX-License-Identifier: Apache-2.0 */
/* Judging a record proof and telling what it shows, for who checks one and for who has just made it. */
#ifndef HANSE_NODE_QUERY_PROOF_CHECK_H
#define HANSE_NODE_QUERY_PROOF_CHECK_H

#include <hanse/proof.h>

#include "log/verifier_key.h"

/* `absent`: what payload_state says where the file is without the content. Errors of
 * hanse_record_proof_decode and _judge; HANSE_MALFORMED, HANSE_LIMIT, HANSE_NO_MEMORY of
 * hanse_record_from_bytes. */
HANSE_MUST_CHECK enum hanse_status hanse_record_proof_check(struct hanse_bytes text,
                                                            const struct hanse_verifier_key *key,
                                                            const char *absent, hanse_proof_visit *visit,
                                                            void *context, struct hanse_error *err);

#endif
