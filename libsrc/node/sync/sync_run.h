/* SPDX-License-Identifier: Apache-2.0 */
/* What the jobs of one sync share: one fetcher, places for those that run, and the results. */
#ifndef HANSE_NODE_SYNC_SYNC_RUN_H
#define HANSE_NODE_SYNC_SYNC_RUN_H

#include <hanse/sync.h>

#include "net/fetch.h"
#include "node/node_internal.h"

struct sync_job;

/* Jobs that run at once, and those of them that hold a verifier and a writer, some 8 MiB each: a sync of any
 * number of feeds stays within 64 MiB. */
enum { SYNC_MAX_RUNNING = 48, SYNC_MAX_FETCHING = 4 };

struct sync_run {
    struct hanse_node *node;
    const struct hanse_sync_options *options;
    struct hanse_fetcher *fetcher;
    const char *const *origins; /* of the feeds, in order */
    size_t origin_count;
    size_t started;                          /* feeds, in order */
    struct sync_job *jobs[SYNC_MAX_RUNNING]; /* of those that run; NULL: free for the next one */
    size_t running;
    size_t fetching;                          /* of them, those that hold verifier and writer */
    struct sync_job *waiting;                 /* those that wait for a place to fetch, the first one first */
    enum hanse_sync_outcome last_outcome;     /* of the job that ended last */
    const struct hanse_recover_options *from; /* NULL: each feed comes from its own sources */
    uint64_t told_ms;                         /* when the progress was told */
    bool cancelled;
};

/* Makes and runs a job for each origin. HANSE_CANCELLED, HANSE_NO_MEMORY, HANSE_IO. */
HANSE_MUST_CHECK enum hanse_status sync_run_feeds(struct sync_run *run, struct hanse_error *err);
/* The job has its outcome. */
void sync_run_job_ended(struct sync_run *run, struct sync_job *job);

#endif
