/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_source.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "index/mirror.h"

static const char *keep_text(struct sync_job *job, const char *text)
{
    return text != NULL ? hanse_arena_copy(&job->row.arena, hanse_bytes_of_text(text)) : NULL;
}

static enum hanse_status add_mirror(void *context, const struct hanse_index_mirror *mirror,
                                    struct hanse_error *err)
{
    struct sync_job *job = context;
    if (job->source_count == SYNC_MAX_SOURCES)
        return HANSE_OK;
    struct sync_source *source = &job->sources[job->source_count++];
    *source = (struct sync_source){.mirror_id = mirror->id,
                                   .url = keep_text(job, mirror->url),
                                   .pin = keep_text(job, mirror->pin),
                                   .cacert = keep_text(job, mirror->cacert)};
    bool kept = source->url != NULL && (source->pin != NULL) == (mirror->pin != NULL) &&
                (source->cacert != NULL) == (mirror->cacert != NULL);
    return kept ? HANSE_OK : hanse_fail_memory(err);
}

enum hanse_status sync_source_load(struct sync_job *job, struct hanse_error *err)
{
    const struct hanse_index_feed *feed = &job->row.feed;
    const struct hanse_recover_options *from = job->run->from;
    job->sources[0] = from != NULL
                          ? (struct sync_source){.url = from->url, .pin = from->pin, .cacert = from->cacert}
                          : (struct sync_source){.url = feed->url, .pin = feed->pin, .cacert = feed->cacert};
    job->source_count = 1;
    return from != NULL ? HANSE_OK
                        : hanse_index_mirror_list(job->run->node->index, feed->id, add_mirror, job, err);
}

const struct sync_source *sync_source_now(const struct sync_job *job)
{
    return &job->sources[job->source_at];
}

bool sync_source_is_copy(const struct sync_job *job)
{
    return job->row.feed.own || job->source_at > 0 ||
           strncmp(sync_source_now(job)->url, "file:", strlen("file:")) == 0;
}

bool sync_source_has_next(const struct sync_job *job)
{
    return job->source_at + 1 < job->source_count;
}

static bool is_reached(enum hanse_sync_outcome outcome)
{
    return outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT || outcome == HANSE_SYNC_INCOMPLETE;
}

void sync_source_note(struct sync_job *job, enum hanse_sync_outcome outcome)
{
    bool reached = is_reached(outcome);
    bool at_url = job->source_at == 0;
    const char *message = keep_text(job, job->message);
    job->told[job->source_at] =
        (struct hanse_sync_source){.url = sync_source_now(job)->url,
                                   .outcome = outcome,
                                   .message = message != NULL ? message : "out of memory"};
    if (at_url && !reached)
        job->etag[0] = '\0';
    /* A mirror that says what is known shows nothing of the origin: it may stand still. */
    bool brought = job->result.new_size > job->result.old_size || outcome == HANSE_SYNC_UPDATED;
    job->contact = job->contact || (reached && (at_url || brought));
    if (reached && job->has_place) {
        job->remote.known = true;
        job->remote.mirror_id = sync_source_now(job)->mirror_id;
        job->remote.in_step = job->writer.in_step;
        job->remote.offset = job->segment_offset + hanse_verifier_consumed(job->verifier);
    }
}

static bool another_may_mend(const struct sync_job *job)
{
    switch (job->told[job->source_at].outcome) {
    case HANSE_SYNC_CURRENT: /* of a mirror: another one may have gone on */
        return job->source_at > 0;
    case HANSE_SYNC_OVER_LIMIT: /* what is not signed may be a lie */
        return !job->too_large;
    case HANSE_SYNC_STALE:
    case HANSE_SYNC_BAD_SIGNATURE:
    case HANSE_SYNC_MISMATCH:
    case HANSE_SYNC_INCOMPLETE:
    case HANSE_SYNC_TRUNCATED:
    case HANSE_SYNC_UNREACHABLE:
        return true;
    case HANSE_SYNC_UPDATED:
    case HANSE_SYNC_ROLLBACK:
    case HANSE_SYNC_FORK:
    case HANSE_SYNC_FAILED:
        break;
    }
    return false;
}

bool sync_source_move_on(struct sync_job *job)
{
    if (job->run->cancelled || !sync_source_has_next(job) || !another_may_mend(job))
        return false;
    job->source_at++;
    return true;
}

/* Of the outcomes of several sources the feed has the one with the highest rank: what served it, else what
 * needs a person most. */
static int rank_of(enum hanse_sync_outcome outcome)
{
    static const int ranks[] = {
        [HANSE_SYNC_UPDATED] = 8,     [HANSE_SYNC_ROLLBACK] = 8,      [HANSE_SYNC_FORK] = 8,
        [HANSE_SYNC_FAILED] = 8,      [HANSE_SYNC_INCOMPLETE] = 7,    [HANSE_SYNC_CURRENT] = 6,
        [HANSE_SYNC_MISMATCH] = 4,    [HANSE_SYNC_BAD_SIGNATURE] = 5, [HANSE_SYNC_OVER_LIMIT] = 3,
        [HANSE_SYNC_UNREACHABLE] = 2, [HANSE_SYNC_TRUNCATED] = 2,     [HANSE_SYNC_STALE] = 1,
    };
    return ranks[outcome];
}

static size_t choose(const struct sync_job *job)
{
    size_t best = 0;
    for (size_t i = 1; i <= job->source_at; i++) {
        int rank = rank_of(job->told[i].outcome);
        int before = rank_of(job->told[best].outcome);
        /* What is still missing is what is missing after the last one. */
        if (rank > before || (rank == before && job->told[i].outcome == HANSE_SYNC_INCOMPLETE))
            best = i;
    }
    return best;
}

void sync_source_conclude(struct sync_job *job)
{
    size_t best = choose(job);
    const struct hanse_sync_source *chosen = &job->told[best];
    job->result.outcome = chosen->outcome;
    job->result.sources = job->told;
    job->result.source_count = job->source_at + 1;
    job->result.source = best;
    job->result.message = job->message;
    if (best > 0 && is_reached(chosen->outcome))
        (void)snprintf(job->message, sizeof job->message,
                       "%.100s; by the mirror \"%.60s\", since the feed's own address is %s: %s",
                       chosen->message, chosen->url, hanse_sync_outcome_name(job->told[0].outcome),
                       job->told[0].message);
    else if (job->source_at > 0 && !is_reached(chosen->outcome))
        (void)snprintf(job->message, sizeof job->message, "%.260s; none of %zu places mends it",
                       chosen->message, job->source_at + 1);
    else
        (void)snprintf(job->message, sizeof job->message, "%s", chosen->message);
}

static void fill_feed(const struct sync_job *job, struct hanse_index_feed *feed)
{
    feed->last_try_unix_s = hanse_clock_unix_s();
    feed->last_result = hanse_sync_outcome_name(job->result.outcome);
    feed->last_message = job->message;
    feed->url_result = hanse_sync_outcome_name(job->told[0].outcome);
    feed->url_message = job->told[0].message;
    if (job->contact)
        feed->last_success_unix_s = feed->last_try_unix_s;
    if (job->etag[0] != '\0')
        feed->etag = job->etag;
    if (job->remote.known) {
        feed->remote_segment = job->remote.in_step ? job->segment_name.text : NULL;
        feed->remote_offset = job->remote.offset;
        feed->remote_mirror = job->remote.mirror_id;
    }
    if (job->forget_resume_point)
        feed->remote_segment = NULL;
}

static enum hanse_status put(struct sync_job *job, struct hanse_index_feed *feed, struct hanse_error *err)
{
    struct hanse_index *index = job->run->node->index;
    enum hanse_status status = hanse_index_begin(index, err);
    if (status == HANSE_OK)
        status = hanse_index_feed_put(index, feed, err);
    for (size_t i = 1; i <= job->source_at && status == HANSE_OK; i++) {
        const struct hanse_index_mirror mirror = {.url = job->sources[i].url,
                                                  .pin = job->sources[i].pin,
                                                  .cacert = job->sources[i].cacert,
                                                  .last_try_unix_s = feed->last_try_unix_s,
                                                  .last_result =
                                                      hanse_sync_outcome_name(job->told[i].outcome),
                                                  .last_message = job->told[i].message};
        status = hanse_index_mirror_put(index, feed->id, &mirror, err);
    }
    if (status == HANSE_OK)
        status = hanse_index_commit(index, err);
    if (status != HANSE_OK)
        hanse_index_rollback(index);
    return status;
}

enum hanse_status sync_source_remember(struct sync_job *job, struct hanse_error *err)
{
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    enum hanse_status status = hanse_feed_row_get(job->run->node, job->row.feed.origin, &row, err);
    if (status != HANSE_OK || row.feed.own)
        return status; /* brought back from a mirror, not followed */
    fill_feed(job, &row.feed);
    return put(job, &row.feed, err);
}

enum hanse_status sync_source_forget_etag(struct sync_job *job, struct hanse_error *err)
{
    if (job->source_at == 0)
        return HANSE_OK;
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    enum hanse_status status = hanse_feed_row_get(job->run->node, job->row.feed.origin, &row, err);
    row.feed.etag = NULL;
    return status == HANSE_OK ? hanse_index_feed_put(job->run->node->index, &row.feed, err) : status;
}
