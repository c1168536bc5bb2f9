/* SPDX-License-Identifier: Apache-2.0 */
/* The key change files that belong to the KEY entries of a sync: a mirror hands them on, so each is judged
 * before it is kept (docs/protocol.md, "Keys"). */
#ifndef HANSE_NODE_SYNC_SYNC_KEYS_H
#define HANSE_NODE_SYNC_SYNC_KEYS_H

#include "node/sync/sync_job.h"

/* Remembers the KEY entries of a frame that the writer does not have yet. HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status
sync_keys_note(struct sync_job *job, const struct hanse_verified_frame *frame, struct hanse_error *err);
/* All entries are verified: fetches, judges and keeps the file of each KEY entry, then calls `done`.
 * Otherwise the job ends: `truncated` without a file, `bad-signature` or `mismatch` with another one. */
void sync_keys_fetch(struct sync_job *job, void (*done)(struct sync_job *job));

#endif
