/* SPDX-License-Identifier: Apache-2.0 */
/* The places that a feed is asked for at: its url, then its mirrors, one after the other until one of them
 * serves it (docs/decisions/0011-mirrors-of-a-feed.md). What one of them gave is never gone on with at
 * another one but by entry, and only the url's word counts as the origin's. */
#ifndef HANSE_NODE_SYNC_SYNC_SOURCE_H
#define HANSE_NODE_SYNC_SYNC_SOURCE_H

#include "node/sync/sync_job.h"

/* Reads them from the index. Errors as of the index. */
HANSE_MUST_CHECK enum hanse_status sync_source_load(struct sync_job *job, struct hanse_error *err);
/* Whom the job asks now. */
const struct sync_source *sync_source_now(const struct sync_job *job);
/* A smaller feed of it is lag, no rollback: it does not speak for the origin. */
bool sync_source_is_copy(const struct sync_job *job);
/* There is another one to ask. */
bool sync_source_has_next(const struct sync_job *job);
/* Remembers what the source under way came to, with job->message. While its writer is open: from where to go
 * on there. */
void sync_source_note(struct sync_job *job, enum hanse_sync_outcome outcome);
/* Moves to the next one if the outcome of this one is such that another may do better. */
bool sync_source_move_on(struct sync_job *job);
/* No other is asked: fills job->result with what the feed ends as. */
void sync_source_conclude(struct sync_job *job);
/* Writes into the index what the sources came to. Errors as of the index. */
HANSE_MUST_CHECK enum hanse_status sync_source_remember(struct sync_job *job, struct hanse_error *err);
/* Before entries of a mirror are committed: the url's ETag is of the size before. Errors as of the index. */
HANSE_MUST_CHECK enum hanse_status sync_source_forget_etag(struct sync_job *job, struct hanse_error *err);

#endif
