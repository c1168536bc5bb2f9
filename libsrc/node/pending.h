/* SPDX-License-Identifier: Apache-2.0 */
/* private/pending/<hex>: a signed checkpoint between its signing and its appearance in public/, and which
 * staged changes it covers. What it covers is durable and never cut off; opening the node ends what it began.
 */
#ifndef HANSE_NODE_PENDING_H
#define HANSE_NODE_PENDING_H

#include "node/node_internal.h"

/* Durable when it returns. */
HANSE_MUST_CHECK enum hanse_status hanse_pending_write(struct hanse_node *node, const char *origin,
                                                       uint64_t staged_upto, struct hanse_bytes note,
                                                       struct hanse_error *err);

#endif
