/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a key change around its checkpoint. The next key lies in private/keys/<hex>.next from before
 * it signs until it takes the place of the old one, which is kept as <hex>.retired-<key id>. A pending
 * checkpoint that the next key signed is a change under way: it is always brought to its end, since somebody
 * may have seen it. */
#ifndef HANSE_NODE_ROTATION_H
#define HANSE_NODE_ROTATION_H

#include "node/node_internal.h"

/* A new key, durable; that of an earlier change that ended before anything was signed is taken again.
 * *out_key is the caller's and is what *out_signer borrows. Errors of the key files. */
HANSE_MUST_CHECK enum hanse_status hanse_rotation_prepare(const struct hanse_node *node, const char *origin,
                                                          struct hanse_signing_key **out_key,
                                                          struct hanse_signer *out_signer,
                                                          struct hanse_error *err);
/* Whether the next key signed the checkpoint. HANSE_IO, HANSE_DENIED, HANSE_NO_MEMORY, HANSE_CRYPTO;
 * HANSE_MALFORMED: the key file or the note cannot be read. */
HANSE_MUST_CHECK enum hanse_status hanse_rotation_is_pending(const struct hanse_node *node,
                                                             const char *origin, struct hanse_bytes note,
                                                             bool *out, struct hanse_error *err);
/* What must be durable before that checkpoint is shown: the key change file, and what is noted outside the
 * node under the new key. Can be repeated. Errors of reading and writing the feed; HANSE_LIMIT: 1,024
 * changes. */
HANSE_MUST_CHECK enum hanse_status hanse_rotation_announce(const struct hanse_node *node, const char *origin,
                                                           struct hanse_bytes note, struct hanse_error *err);
/* After it was shown: the next key takes the place of the old one. Can be repeated. Errors of the key files.
 */
HANSE_MUST_CHECK enum hanse_status hanse_rotation_install(const struct hanse_node *node, const char *origin,
                                                          struct hanse_error *err);

#endif
