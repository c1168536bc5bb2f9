/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_index.h"

#include "base/error.h"
#include "node/erasure.h"

/* From so many entries on a thread for the index pays. */
enum { AHEAD_ENTRIES = 1024 };

/* The index has one writer: entries go into it as they come only while no other feed is synced. */
void sync_index_begin(struct sync_job *job)
{
    const struct sync_run *run = job->run;
    bool alone = run->running == 1 && run->started == run->origin_count;
    bool many = job->target.size - job->state.frontier.size >= AHEAD_ENTRIES;
    if (!alone || !many || job->row.feed.own || job->source_at > 0 ||
        job->row.feed.size != job->state.frontier.size ||
        hanse_index_ahead_begin(run->node, job->row.feed.id, &job->ahead, NULL) != HANSE_OK)
        job->ahead = NULL;
}

void sync_index_forget(struct sync_job *job)
{
    hanse_index_ahead_abandon(job->ahead);
    job->ahead = NULL;
}

enum hanse_status sync_index_commit(struct sync_job *job, struct hanse_error *err)
{
    const char *origin = job->row.feed.origin;
    struct hanse_node *node = job->run->node;
    struct hanse_index_ahead *ahead = job->ahead;
    job->ahead = NULL;
    if (ahead != NULL &&
        hanse_index_ahead_finish(ahead, origin, &job->reached, &job->target.root, NULL) == HANSE_OK)
        return hanse_erasure_apply(node, origin, err);
    return hanse_feed_catch_up(node, origin, err);
}
