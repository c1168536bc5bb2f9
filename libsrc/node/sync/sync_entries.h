/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a sync job that fetches entries, judges them and commits; and what the two parts call of each
 * other. */
#ifndef HANSE_NODE_SYNC_SYNC_ENTRIES_H
#define HANSE_NODE_SYNC_SYNC_ENTRIES_H

#include <stdarg.h>

#include "node/sync/sync_job.h"

/* Fetches from the verified size to job->target, or waits for a place. */
void sync_entries_begin(struct sync_job *job);
/* The job counts among those that hold a verifier and a writer. */
void sync_entries_take_place(struct sync_job *job);
/* Frees verifier, writer and the place. */
void sync_entries_close(struct sync_job *job);
/* The same, and takes back from the files what no checkpoint covers: nobody may believe it. */
void sync_entries_drop(struct sync_job *job);

/* The job is over; the message is a printf format. */
void sync_job_end(struct sync_job *job, enum hanse_sync_outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with the outcome and message of an error. */
void sync_job_fail(struct sync_job *job, const struct hanse_error *err);
/* Adds a request to the feed's source; name, sizes and callbacks are the caller's. `again` makes it once more
 * after a failure that may pass. */
void sync_job_request(struct sync_job *job, struct hanse_fetch_request request,
                      void (*again)(struct sync_job *job));
/* A small file into job->body. */
void sync_job_request_small(struct sync_job *job, const char *name, size_t max_bytes, const char *etag,
                            bool no_cache, hanse_fetch_done *done);
void sync_job_count(struct sync_job *job, const struct hanse_fetch_result *result);

#endif
