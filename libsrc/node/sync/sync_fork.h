/* SPDX-License-Identifier: Apache-2.0 */
/* Is it a fork? Only what the feed's key signed twice proves one: a checkpoint of the same size with another
 * root, or one whose tree has another root at the smaller of both sizes. The proof is kept in
 * private/evidence/<hex H(origin)>, the first one of a feed. */
#ifndef HANSE_NODE_SYNC_SYNC_FORK_H
#define HANSE_NODE_SYNC_SYNC_FORK_H

#include "node/sync/sync_job.h"

/* The target is signed and not larger than what is held: true if it contradicts that, or if telling failed;
 * then the job has ended. */
bool sync_fork_held(struct sync_job *job);
/* The target is larger and its entries, as they came, hash to another root (`mismatch`): asks for hash tiles
 * of the new tree, and ends the job: `fork` if they prove one, else the mismatch. */
void sync_fork_search(struct sync_job *job, const struct hanse_error *mismatch);
/* The source under way did not serve: remembers the checkpoint that it showed, if it is signed. */
void sync_fork_remember(struct sync_job *job);
/* The target is signed: true if it contradicts what another source showed; then the job has ended. */
bool sync_fork_between(struct sync_job *job);
void sync_fork_release(struct sync_job *job);

#endif
