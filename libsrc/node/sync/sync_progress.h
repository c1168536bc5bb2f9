/* SPDX-License-Identifier: Apache-2.0 */
/* Telling how far a sync is, which is also how its caller ends it: often enough that a server which says
 * nothing delays neither. */
#ifndef HANSE_NODE_SYNC_SYNC_PROGRESS_H
#define HANSE_NODE_SYNC_SYNC_PROGRESS_H

#include "node/sync/sync_job.h"

/* The longest time without telling. */
enum { SYNC_TELL_MS = 200 };

/* After entries came. HANSE_CANCELLED: the caller wants no more of the whole run. */
HANSE_MUST_CHECK enum hanse_status sync_progress_tell(struct sync_job *job, struct hanse_error *err);
/* When nothing was told for SYNC_TELL_MS: the same of a job that runs; sets run->cancelled. */
void sync_progress_tick(struct sync_run *run);

#endif
