/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_entries.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "node/files/layout.h"
#include "node/sync/sync_fork.h"
#include "node/sync/sync_index.h"
#include "node/sync/sync_keys.h"
#include "node/sync/sync_partial.h"
#include "node/sync/sync_progress.h"
#include "node/sync/sync_refill.h"
#include "node/sync/sync_retry.h"
#include "node/sync/sync_source.h"

static void request_manifest(struct sync_job *job);
static void request_segment(struct sync_job *job);

void sync_entries_close(struct sync_job *job)
{
    sync_index_forget(job);
    if (!job->has_place)
        return;
    hanse_verifier_free(job->verifier);
    hanse_feed_writer_release(&job->writer);
    job->verifier = NULL;
    job->has_place = false;
    job->run->fetching--;
}

void sync_entries_drop(struct sync_job *job)
{
    if (job->has_place)
        hanse_feed_writer_abandon(&job->writer);
    sync_entries_close(job);
}

/* A frame that is written anew has another size, about the same. */
static enum hanse_status check_quota(const struct sync_job *job, const struct hanse_verified_frame *frame,
                                     struct hanse_error *err)
{
    uint64_t most = job->row.feed.max_bytes;
    uint64_t bytes = frame->entry_count > 0 ? frame->stored.size : 0;
    for (size_t i = 0; i < job->writer.segments.count; i++)
        bytes += job->writer.segments.items[i].bytes;
    if (most == 0 || frame->entry_count == 0 || bytes <= most)
        return HANSE_OK;
    return hanse_fail(err, HANSE_OVER_LIMIT,
                      "the feed takes %" PRIu64 " bytes up to entry %" PRIu64 ", its quota here is %" PRIu64
                      ": follow it again with a higher one to go on",
                      bytes, frame->first_index + frame->entry_count - 1, most);
}

static enum hanse_status store_frame(void *context, const struct hanse_verified_frame *frame,
                                     struct hanse_error *err)
{
    struct sync_job *job = context;
    enum hanse_status status = check_quota(job, frame, err);
    if (status == HANSE_OK)
        status = sync_keys_note(job, frame, err);
    if (status == HANSE_OK)
        status = hanse_feed_writer_add_frame(&job->writer, frame, err);
    if (status == HANSE_OK && job->ahead != NULL)
        hanse_index_ahead_add(job->ahead, frame);
    return status;
}

void sync_entries_take_place(struct sync_job *job)
{
    job->has_place = true;
    job->placed_ms = hanse_clock_monotonic_ms();
    job->run->fetching++;
}

/* Verifier and writer at the verified state. */
static enum hanse_status open_entries(struct sync_job *job, bool in_step, struct hanse_error *err)
{
    sync_entries_take_place(job);
    hanse_key_history_release(&job->keys);
    enum hanse_status status =
        hanse_feed_writer_open(&job->writer, job->dir.text, job->state.frontier.size, in_step, err);
    if (status == HANSE_OK)
        status = hanse_verifier_new(job->row.feed.origin, &job->state, job->target.size,
                                    job->target.root.bytes, store_frame, job, &job->verifier, err);
    if (status == HANSE_OK)
        sync_index_begin(job);
    return status;
}

/* Gives the verifier the block that the source's next frame may continue: it is the last one here. */
static enum hanse_status prime(struct sync_job *job, struct hanse_error *err)
{
    const struct hanse_segment *live = hanse_segment_list_last(&job->writer.segments);
    uint64_t offset = live->blocks[live->block_count - 1].offset;
    struct hanse_buffer block __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&block, HANSE_MAX_SEGMENT_BYTES);
    enum hanse_status status = hanse_buffer_reserve(&block, (size_t)(live->bytes - offset), err);
    if (status == HANSE_OK)
        status =
            hanse_file_read_at(&job->writer.live, offset, block.data, (size_t)(live->bytes - offset), err);
    if (status == HANSE_OK)
        status = hanse_verifier_prime(job->verifier,
                                      hanse_bytes_of(block.data, (size_t)(live->bytes - offset)), err);
    return status;
}

static enum hanse_status take_piece(void *context, struct hanse_bytes piece, bool *stop,
                                    struct hanse_error *err)
{
    struct sync_job *job = context;
    struct hanse_error found = {0};
    if (sync_retry_check_time(job, err) != HANSE_OK)
        return HANSE_UNREACHABLE;
    enum hanse_status status = hanse_verifier_feed(job->verifier, piece, stop, &found);
    if (status != HANSE_OK && found.offset != HANSE_NO_OFFSET)
        status = hanse_fail_at(err, status, job->segment_offset + found.offset,
                               "segment \"%s\", byte %" PRIu64 ": %s", job->segment_name.text,
                               job->segment_offset + found.offset, found.message);
    else if (status != HANSE_OK && err != NULL)
        *err = found;
    return status == HANSE_OK ? sync_progress_tell(job, err) : status;
}

/* An erasure that came with the entries wrote the live segment again: it is no longer the source's, frame by
 * frame. */
static bool live_is_another(const struct sync_job *job)
{
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    size_t count = job->writer.segments.count;
    if (hanse_feed_store_open(&store, job->dir.text, NULL) != HANSE_OK ||
        store.manifest.segment_count != count)
        return true;
    return count > 0 &&
           store.manifest.segments[count - 1].generation != job->writer.segments.items[count - 1].generation;
}

/* Index, state and files say the same: the feed is at the new size. */
static void commit(struct sync_job *job)
{
    struct hanse_path path;
    struct hanse_error err;
    enum hanse_status status = sync_source_forget_etag(job, &err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, &err, "%s/checkpoint", job->dir.text);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, hanse_buffer_view(&job->note), HANSE_MODE_PUBLIC_FILE, &err);
    if (status == HANSE_OK)
        status = sync_index_commit(job, &err);
    if (status != HANSE_OK) {
        sync_job_fail(job, &err);
        return;
    }
    job->forget_resume_point = job->forget_resume_point || live_is_another(job);
    job->result.new_size = job->target.size;
    sync_refill_begin(job, HANSE_SYNC_UPDATED);
}

/* Everything is verified: the files become those of the new size. */
static void finish(struct sync_job *job)
{
    struct hanse_error err;
    if (hanse_feed_writer_finish(&job->writer, &err) == HANSE_OK)
        commit(job);
    else
        sync_job_fail(job, &err);
}

/* Starts over by the manifest: what came by the tail, or with an earlier sync, was not what it should be. The
 * source of now may be innocent of that. */
static void start_over(struct sync_job *job)
{
    struct hanse_error err;
    sync_entries_drop(job);
    job->by_manifest = true;
    job->resumed = false;
    if (open_entries(job, false, &err) == HANSE_OK)
        request_manifest(job);
    else
        sync_job_fail(job, &err);
}

static void judge(struct sync_job *job)
{
    struct hanse_error err;
    enum hanse_status status = hanse_verifier_end(job->verifier, &job->reached, &err);
    if (status == HANSE_MISMATCH && (!job->by_manifest || job->resumed)) {
        start_over(job);
        return;
    }
    if (status == HANSE_OK)
        status =
            hanse_feed_state_judge(&job->reached, job->row.feed.origin, hanse_buffer_view(&job->note), &err);
    if (status == HANSE_MISMATCH)
        sync_fork_search(job, &err);
    else if (status != HANSE_OK)
        sync_job_fail(job, &err);
    else
        sync_keys_fetch(job, finish);
}

static void end_truncated(struct sync_job *job)
{
    sync_job_end(job, HANSE_SYNC_TRUNCATED,
                 "the source ends at entry %" PRIu64 " of %" PRIu64 " that its checkpoint promises",
                 hanse_verifier_next_index(job->verifier), job->target.size);
}

static bool all_there(const struct sync_job *job)
{
    return hanse_verifier_next_index(job->verifier) == job->target.size;
}

/* Whether the segment gave all that the manifest says of it: else the next one would leave a gap. */
static bool segment_is_read(const struct sync_job *job)
{
    const struct hanse_segment *segment = &job->manifest.segments[job->segment_at];
    return hanse_verifier_next_index(job->verifier) >= segment->first_index + segment->entries;
}

static void segment_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    sync_job_count(job, result);
    enum hanse_status status = result->error.status;
    if (status == HANSE_OK && !all_there(job) && segment_is_read(job) &&
        job->segment_at + 1 < job->manifest.segment_count) {
        job->segment_at++;
        request_segment(job);
    } else if (status == HANSE_OK && all_there(job)) {
        judge(job);
    } else if ((status == HANSE_OK || status == HANSE_NOT_FOUND) && !job->manifest_read_twice) {
        job->manifest_read_twice = true; /* sealed meanwhile? */
        request_manifest(job);
    } else if (status == HANSE_OK || status == HANSE_NOT_FOUND) {
        end_truncated(job);
    } else {
        sync_job_fail(job, &result->error);
    }
}

/* The rest of the segment that job->segment_name names, from job->segment_offset on. */
static void request_from_offset(struct sync_job *job, hanse_fetch_done *done,
                                void (*again)(struct sync_job *job))
{
    sync_job_request(job,
                     (struct hanse_fetch_request){.name = job->segment_name.text,
                                                  .offset = job->segment_offset,
                                                  .max_bytes = HANSE_MAX_SEGMENT_BYTES,
                                                  .bulk = true,
                                                  .on_body = take_piece,
                                                  .on_done = done},
                     again);
}

static void request_segment(struct sync_job *job)
{
    struct hanse_error err;
    const struct hanse_segment *segment = &job->manifest.segments[job->segment_at];
    uint64_t next = hanse_verifier_next_index(job->verifier);
    if (hanse_layout_segment_name(segment->first_index, segment->generation, &job->segment_name, &err) !=
        HANSE_OK) {
        sync_job_fail(job, &err);
        return;
    }
    job->segment_offset = hanse_segment_find_block(segment, next)->offset;
    job->writer.in_step = false; /* until an independent frame comes */
    hanse_verifier_start_file(job->verifier);
    request_from_offset(job, segment_done, request_segment);
}

/* A feed that says that it is too large is not fetched in vain at each sync. */
static bool is_over_quota(const struct sync_job *job)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < job->manifest.segment_count; i++)
        bytes += job->manifest.segments[i].bytes;
    return job->row.feed.max_bytes > 0 && bytes > job->row.feed.max_bytes;
}

static void manifest_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    struct hanse_error err = result->error;
    sync_job_count(job, result);
    hanse_arena_reset(&job->arena);
    enum hanse_status status = err.status;
    if (status == HANSE_OK)
        status = hanse_manifest_decode(hanse_buffer_view(&job->body), &job->arena, &job->manifest, &err);
    if (status == HANSE_NOT_FOUND)
        status = hanse_fail_as(&err, HANSE_TRUNCATED);
    if (status != HANSE_OK) {
        if (result->error.status == HANSE_OK)
            (void)hanse_fail_within(&err, status, "manifest");
        sync_job_fail(job, &err);
        return;
    }
    job->segment_at = hanse_manifest_find(&job->manifest, hanse_verifier_next_index(job->verifier));
    if (is_over_quota(job))
        sync_job_end(job, HANSE_SYNC_OVER_LIMIT,
                     "the feed's segments take more than the %" PRIu64
                     " bytes of its quota here: follow it again with a higher one to go on",
                     job->row.feed.max_bytes);
    else if (job->segment_at == job->manifest.segment_count)
        end_truncated(job);
    else
        request_segment(job);
}

static void request_manifest(struct sync_job *job)
{
    job->by_manifest = true;
    sync_job_request_small(job, "hanse/manifest", HANSE_MAX_MANIFEST_BYTES, NULL, false, manifest_done);
}

static void tail_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    sync_job_count(job, result);
    enum hanse_status status = result->error.status;
    if (status == HANSE_OK && all_there(job))
        judge(job);
    else if (status == HANSE_OK || status == HANSE_NOT_FOUND)
        request_manifest(job); /* the live segment is another one now */
    else if (status == HANSE_MALFORMED || status == HANSE_LIMIT || status == HANSE_MISMATCH)
        start_over(job);
    else
        sync_job_fail(job, &result->error);
}

static void request_tail(struct sync_job *job);

/* What came is kept: with something of it the tail begins elsewhere, as the manifest tells. */
static void request_tail_again(struct sync_job *job)
{
    if (hanse_verifier_next_index(job->verifier) > job->state.frontier.size)
        request_manifest(job);
    else
        request_tail(job);
}

static void request_tail(struct sync_job *job)
{
    struct hanse_error err;
    hanse_verifier_start_file(job->verifier);
    if (hanse_path_format(&job->segment_name, &err, "%s", job->row.feed.remote_segment) != HANSE_OK ||
        prime(job, &err) != HANSE_OK) {
        start_over(job);
        return;
    }
    job->segment_offset = job->row.feed.remote_offset;
    request_from_offset(job, tail_done, request_tail_again);
}

void sync_entries_begin(struct sync_job *job)
{
    if (job->run->fetching >= SYNC_MAX_FETCHING) {
        struct sync_job **last = &job->run->waiting;
        while (*last != NULL)
            last = &(*last)->next_waiting;
        job->next_waiting = NULL;
        *last = job;
        return;
    }
    struct hanse_error err;
    bool by_tail = job->row.feed.remote_segment != NULL && job->state.frontier.size > 0 &&
                   job->row.feed.remote_mirror == sync_source_now(job)->mirror_id && job->run->from == NULL;
    if (sync_partial_resume(job, store_frame)) {
        if (all_there(job))
            judge(job);
        else
            request_manifest(job);
    } else if (open_entries(job, by_tail, &err) != HANSE_OK)
        sync_job_fail(job, &err);
    else if (by_tail && job->writer.in_step)
        request_tail(job);
    else
        request_manifest(job);
}
