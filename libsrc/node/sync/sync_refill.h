/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for payloads that must be there and are not (docs/protocol.md, "What must be there"): the blocks
 * that hold them are fetched by the manifest, and what hashes to the commitments held here is put into the
 * feed's files. */
#ifndef HANSE_NODE_SYNC_SYNC_REFILL_H
#define HANSE_NODE_SYNC_SYNC_REFILL_H

#include "node/sync/sync_job.h"

/* Ends the job; `reached` is its outcome if nothing is missing any more or nothing was. */
void sync_refill_begin(struct sync_job *job, enum hanse_sync_outcome reached);
void sync_refill_release(struct sync_job *job);

#endif
