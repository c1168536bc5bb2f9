/* SPDX-License-Identifier: Apache-2.0 */
/* Syncing many feeds over one fetcher: which jobs run, which wait, what they reported. */
#include <hanse/sync.h>

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "node/sync/sync_job.h"
#include "node/sync/sync_partial.h"
#include "node/sync/sync_progress.h"
#include "node/sync/sync_retry.h"

const char *hanse_sync_outcome_name(enum hanse_sync_outcome outcome)
{
    static const char *const names[] = {"updated",   "current",    "stale",       "bad-signature",
                                        "rollback",  "fork",       "mismatch",    "incomplete",
                                        "truncated", "over-limit", "unreachable", "failed"};
    size_t at = (size_t)outcome;
    return at < sizeof names / sizeof names[0] ? names[at] : "unknown";
}

struct name_list {
    struct hanse_node *node;
    char **origins;
    size_t count;
};

static enum hanse_status add_origin(struct name_list *list, const char *origin, struct hanse_error *err)
{
    char **grown = hanse_realloc(list->origins, (list->count + 1) * sizeof *grown);
    if (grown == NULL)
        return hanse_fail_memory(err);
    list->origins = grown;
    grown[list->count] = hanse_strdup(origin);
    if (grown[list->count] == NULL)
        return hanse_fail_memory(err);
    list->count++;
    return HANSE_OK;
}

static enum hanse_status add_followed(void *context, const struct hanse_index_feed *feed,
                                      struct hanse_error *err)
{
    return feed->own || feed->url == NULL ? HANSE_OK : add_origin(context, feed->origin, err);
}

static void free_names(struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        hanse_free(list->origins[i]);
    hanse_free(list->origins);
}

static enum hanse_status choose_feeds(struct hanse_node *node, const struct hanse_sync_options *options,
                                      struct name_list *list, struct hanse_error *err)
{
    if (options->feeds == NULL)
        return hanse_index_feed_list(node->index, add_followed, list, err);
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < options->feed_count && status == HANSE_OK; i++) {
        struct hanse_index_feed feed;
        status = options->feeds[i] != NULL ? hanse_index_feed_get(node->index, options->feeds[i], &feed, err)
                                           : hanse_fail_null("each of feeds", err);
        if (status == HANSE_OK && (feed.own || feed.url == NULL))
            status = hanse_fail(err, HANSE_NOT_FOUND, "feed \"%.160s\" is not followed from anywhere",
                                options->feeds[i]);
        if (status == HANSE_OK)
            status = add_origin(list, feed.origin, err);
    }
    return status;
}

static void free_job(struct sync_job *job)
{
    if (job != NULL)
        sync_job_release(job);
    hanse_free(job);
}

/* A feed whose state cannot be read is one feed's failure. */
static enum hanse_status start_job(struct sync_run *run, struct sync_job **slot, struct hanse_error *err)
{
    struct hanse_error failure;
    const char *origin = run->origins[run->started];
    struct sync_job *job = hanse_alloc_zeroed(1, sizeof *job);
    if (job == NULL)
        return hanse_fail_memory(err);
    *slot = job;
    run->started++;
    run->running++;
    if (sync_job_init(job, run, origin, &failure) == HANSE_OK)
        sync_job_start(job);
    else
        sync_job_refuse(job, origin, &failure);
    return HANSE_OK;
}

/* Starts what there is room for. A job may end inside its start. */
static enum hanse_status start_more(struct sync_run *run, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < SYNC_MAX_RUNNING && status == HANSE_OK; i++) {
        struct sync_job **slot = &run->jobs[i];
        if (*slot != NULL && (*slot)->ended) {
            free_job(*slot);
            *slot = NULL;
        }
        if (*slot == NULL && run->started < run->origin_count && !run->cancelled)
            status = start_job(run, slot, err);
    }
    while (run->waiting != NULL && run->fetching < SYNC_MAX_FETCHING && !run->cancelled) {
        struct sync_job *job = run->waiting;
        run->waiting = job->next_waiting;
        sync_job_resume(job);
    }
    return status;
}

void sync_run_job_ended(struct sync_run *run, struct sync_job *job)
{
    run->running--;
    run->last_outcome = job->result.outcome;
    if (run->options->visit != NULL)
        run->options->visit(run->options->context, &job->result);
}

static enum hanse_status run_jobs(struct sync_run *run, struct hanse_error *err)
{
    enum hanse_status status;
    do {
        size_t left = 0;
        status = start_more(run, err);
        if (status != HANSE_OK)
            break;
        uint64_t until_due = sync_retry_run_due(run);
        unsigned wait_ms = until_due < SYNC_TELL_MS ? (unsigned)until_due : SYNC_TELL_MS;
        status = hanse_fetcher_step(run->fetcher, wait_ms, &left, err);
        if (status == HANSE_OK && left == 0 && until_due != UINT64_MAX)
            hanse_clock_sleep_ms(wait_ms);
        sync_progress_tick(run);
        if (run->cancelled)
            return hanse_fail(err, HANSE_CANCELLED,
                              "sync was cancelled; feeds that had not ended are as they were");
    } while (status == HANSE_OK && (run->running > 0 || run->started < run->origin_count));
    return status;
}

enum hanse_status sync_run_feeds(struct sync_run *run, struct hanse_error *err)
{
    enum hanse_status status = hanse_fetcher_new(NULL, &run->fetcher, err);
    if (status == HANSE_OK)
        status = run_jobs(run, err);
    hanse_fetcher_free(run->fetcher);
    for (size_t i = 0; i < SYNC_MAX_RUNNING; i++) {
        if (run->jobs[i] != NULL && !run->jobs[i]->ended)
            sync_partial_save(run->jobs[i]); /* the next sync goes on from there */
        free_job(run->jobs[i]);
    }
    return status;
}

enum hanse_status hanse_sync(struct hanse_node *node, const struct hanse_sync_options *options,
                             struct hanse_error *err)
{
    if (node == NULL)
        return hanse_fail_null("node", err);
    if (options == NULL || options->version != 1)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "options of sync need version 1");
    __attribute__((cleanup(free_names))) struct name_list list = {.node = node};
    HANSE_SCOPED_FILE struct hanse_file lock = HANSE_FILE_CLOSED;
    enum hanse_status status = choose_feeds(node, options, &list, err);
    if (status == HANSE_OK && list.count == 0)
        return HANSE_OK;
    if (status == HANSE_OK)
        status = hanse_node_lock(node, &lock, err);
    struct sync_run run = {.node = node,
                           .options = options,
                           .origins = (const char *const *)list.origins,
                           .origin_count = list.count};
    return status == HANSE_OK ? sync_run_feeds(&run, err) : status;
}
