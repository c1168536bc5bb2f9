/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_progress.h"

#include "base/clock.h"
#include "base/error.h"

enum hanse_status sync_progress_tell(struct sync_job *job, struct hanse_error *err)
{
    struct sync_run *run = job->run;
    const struct hanse_sync_options *options = run->options;
    if (options->progress == NULL)
        return HANSE_OK;
    bool counts = job->verifier != NULL;
    uint64_t held = job->state.frontier.size;
    uint64_t done = counts ? hanse_verifier_next_index(job->verifier) - held : 0;
    uint64_t total = counts ? job->target.size - held : 0;
    run->told_ms = hanse_clock_monotonic_ms();
    if (options->progress(options->context, job->row.feed.origin, done, total, "entries"))
        return HANSE_OK;
    run->cancelled = true;
    return hanse_fail(err, HANSE_CANCELLED, "sync was cancelled");
}

/* One that fetches entries has most to tell. */
static struct sync_job *find_running(const struct sync_run *run)
{
    struct sync_job *found = NULL;
    for (size_t i = 0; i < SYNC_MAX_RUNNING; i++) {
        struct sync_job *job = run->jobs[i];
        bool runs = job != NULL && !job->ended;
        if (runs && (found == NULL || (job->has_place && !found->has_place)))
            found = job;
    }
    return found;
}

void sync_progress_tick(struct sync_run *run)
{
    if (run->options->progress == NULL || run->cancelled ||
        hanse_clock_monotonic_ms() - run->told_ms < SYNC_TELL_MS)
        return;
    struct sync_job *job = find_running(run);
    if (job != NULL && sync_progress_tell(job, NULL) != HANSE_OK)
        run->cancelled = true;
}
