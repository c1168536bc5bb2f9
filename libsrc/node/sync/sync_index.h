/* SPDX-License-Identifier: Apache-2.0 */
/* How the entries of a sync get into the index: as they come where that can be, else from the files at the
 * end. */
#ifndef HANSE_NODE_SYNC_SYNC_INDEX_H
#define HANSE_NODE_SYNC_SYNC_INDEX_H

#include "node/sync/sync_job.h"

/* Before the first entry comes. What keeps the index from going along is no failure. */
void sync_index_begin(struct sync_job *job);
/* After the checkpoint was replaced: the index says what the files say. Errors of hanse_feed_catch_up. */
HANSE_MUST_CHECK enum hanse_status sync_index_commit(struct sync_job *job, struct hanse_error *err);
/* Takes back what the index got of entries that nobody believes yet. */
void sync_index_forget(struct sync_job *job);

#endif
