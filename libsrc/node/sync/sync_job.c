/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "node/sync/sync_entries.h"
#include "node/sync/sync_fork.h"
#include "node/sync/sync_index.h"
#include "node/sync/sync_partial.h"
#include "node/sync/sync_refill.h"
#include "node/sync/sync_retry.h"
#include "node/sync/sync_source.h"

static void request_checkpoint(struct sync_job *job);
static void request_key_change(struct sync_job *job);

enum hanse_status sync_job_init(struct sync_job *job, struct sync_run *run, const char *origin,
                                struct hanse_error *err)
{
    *job = (struct sync_job){.run = run, .writer = {.live = HANSE_FILE_CLOSED}};
    hanse_buffer_init(&job->body, HANSE_MAX_MANIFEST_BYTES + 1);
    hanse_buffer_init(&job->note, HANSE_MAX_NOTE_BYTES + 1);
    hanse_buffer_init(&job->other_note, HANSE_MAX_NOTE_BYTES + 1);
    hanse_arena_init(&job->arena, 32u << 20);
    /* What a sync before stored without getting to the index: else it would be cut off as unverified. */
    enum hanse_status status = hanse_feed_catch_up_if_sound(run->node, origin, err);
    if (status == HANSE_OK)
        status = hanse_feed_row_get(run->node, origin, &job->row, err);
    if (status == HANSE_OK)
        status = hanse_feed_row_state(&job->row, &job->state, err);
    if (status == HANSE_OK)
        status = hanse_node_feed_dir(run->node, job->row.feed.origin, &job->dir, err);
    if (status == HANSE_OK)
        status = sync_source_load(job, err);
    if (status == HANSE_OK)
        job->result = (struct hanse_sync_result){.origin = job->row.feed.origin,
                                                 .old_size = job->row.feed.size,
                                                 .new_size = job->row.feed.size,
                                                 .last_success_unix_s = job->row.feed.last_success_unix_s};
    return status;
}

void sync_job_release(struct sync_job *job)
{
    sync_entries_close(job);
    sync_refill_release(job);
    sync_fork_release(job);
    hanse_key_history_release(&job->keys);
    hanse_buffer_release(&job->body);
    hanse_buffer_release(&job->note);
    hanse_buffer_release(&job->other_note);
    hanse_arena_release(&job->arena);
    hanse_feed_row_release(&job->row);
}

/* Nothing of what the source before was asked for is under way or believed any more. */
static void begin_source(struct sync_job *job)
{
    sync_refill_release(job);
    sync_fork_release(job);
    hanse_key_history_release(&job->keys);
    job->is_signed = false;
    job->asked_without_cache = false;
    job->by_manifest = false;
    job->manifest_read_twice = false;
    job->resumed = false;
    job->attempts = 0;
    job->request_name[0] = '\0';
    job->started_ms = hanse_clock_monotonic_ms();
    if (job->refilling)
        sync_refill_begin(job, HANSE_SYNC_CURRENT);
    else
        request_checkpoint(job);
}

static void leave_entries(struct sync_job *job, enum hanse_sync_outcome outcome)
{
    bool cut_off =
        outcome == HANSE_SYNC_TRUNCATED || outcome == HANSE_SYNC_UNREACHABLE || job->run->cancelled;
    if (cut_off) {
        sync_partial_save(job);
        sync_entries_close(job);
    } else {
        sync_entries_drop(job);
    }
}

void sync_job_end(struct sync_job *job, enum hanse_sync_outcome outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(job->message, sizeof job->message, format, arguments);
    va_end(arguments);
    sync_index_forget(job);
    sync_source_note(job, outcome);
    leave_entries(job, outcome);
    job->refilling = job->refilling || outcome == HANSE_SYNC_INCOMPLETE;
    if (sync_source_move_on(job)) {
        sync_fork_remember(job);
        begin_source(job);
        return;
    }
    struct hanse_error err;
    sync_source_conclude(job);
    job->ended = true;
    if (!job->run->cancelled && sync_source_remember(job, &err) != HANSE_OK) {
        job->result.outcome = HANSE_SYNC_FAILED;
        (void)snprintf(job->message, sizeof job->message, "%s", err.message);
    }
    sync_run_job_ended(job->run, job);
}

void sync_job_refuse(struct sync_job *job, const char *origin, const struct hanse_error *err)
{
    (void)snprintf(job->message, sizeof job->message, "%s", err->message);
    job->ended = true;
    job->result =
        (struct hanse_sync_result){.origin = origin, .outcome = HANSE_SYNC_FAILED, .message = job->message};
    sync_run_job_ended(job->run, job);
}

static enum hanse_sync_outcome outcome_of(enum hanse_status status)
{
    switch (status) {
    case HANSE_BAD_SIGNATURE:
        return HANSE_SYNC_BAD_SIGNATURE;
    case HANSE_MISMATCH:
    case HANSE_MALFORMED:
    case HANSE_LIMIT:
    case HANSE_UNSUPPORTED:
        return HANSE_SYNC_MISMATCH;
    case HANSE_TRUNCATED:
        return HANSE_SYNC_TRUNCATED;
    case HANSE_UNREACHABLE:
    case HANSE_NOT_FOUND:
        return HANSE_SYNC_UNREACHABLE;
    case HANSE_OVER_LIMIT:
        return HANSE_SYNC_OVER_LIMIT;
    default:
        return HANSE_SYNC_FAILED;
    }
}

void sync_job_fail(struct sync_job *job, const struct hanse_error *err)
{
    sync_job_end(job, outcome_of(err->status), "%s", err->message);
}

static enum hanse_status collect(void *context, struct hanse_bytes piece, bool *stop, struct hanse_error *err)
{
    (void)stop;
    struct sync_job *job = context;
    enum hanse_status status = sync_retry_check_time(job, err);
    return status == HANSE_OK ? hanse_buffer_append(&job->body, piece, err) : status;
}

/* Between the fetcher and who asked: failures that may pass are kept from him as long as it makes sense. */
static void request_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    struct hanse_fetch_result told;
    if (sync_retry_later(job, result, &told))
        sync_job_count(job, result);
    else
        job->request.on_done(job, &told);
}

static void add_request(struct sync_job *job)
{
    struct hanse_error err;
    struct hanse_fetch_request request = job->request;
    request.on_done = request_done;
    if (hanse_fetcher_add(job->run->fetcher, &request, &err) != HANSE_OK)
        sync_job_fail(job, &err);
}

void sync_job_request(struct sync_job *job, struct hanse_fetch_request request,
                      void (*again)(struct sync_job *job))
{
    if (strcmp(job->request_name, request.name) != 0)
        job->attempts = 0;
    (void)snprintf(job->request_name, sizeof job->request_name, "%s", request.name);
    request.name = job->request_name;
    request.base_url = sync_source_now(job)->url;
    request.pins = sync_source_now(job)->pin;
    request.ca_file = sync_source_now(job)->cacert;
    request.stall_timeout_s = job->run->options->stall_timeout_s;
    request.context = job;
    job->request = request;
    job->again = again;
    add_request(job);
}

static void request_small_again(struct sync_job *job)
{
    hanse_buffer_clear(&job->body);
    add_request(job);
}

void sync_job_request_small(struct sync_job *job, const char *name, size_t max_bytes, const char *etag,
                            bool no_cache, hanse_fetch_done *done)
{
    hanse_buffer_clear(&job->body);
    sync_job_request(job,
                     (struct hanse_fetch_request){.name = name,
                                                  .max_bytes = max_bytes,
                                                  .etag = etag,
                                                  .no_cache = no_cache,
                                                  .on_body = collect,
                                                  .on_done = done},
                     request_small_again);
}

void sync_job_count(struct sync_job *job, const struct hanse_fetch_result *result)
{
    job->result.bytes += result->wire_bytes;
    job->result.requests += result->requests;
}

static bool is_empty_root(const struct hanse_digest *root)
{
    struct hanse_digest empty = hanse_merkle_empty_root();
    return hanse_digest_equal(root, &empty);
}

/* Signature and origin are right: what does the size say? */
static void compare_sizes(struct sync_job *job)
{
    uint64_t held = job->state.frontier.size;
    uint64_t offered = job->target.size;
    struct hanse_digest root = hanse_merkle_empty_root();
    if (held > 0)
        memcpy(root.bytes, job->row.feed.root, sizeof root.bytes);
    job->is_signed = true;
    if (sync_fork_between(job))
        return;
    if (offered > held && job->row.feed.max_entries > 0 && offered > job->row.feed.max_entries) {
        job->too_large = true;
        sync_job_end(job, HANSE_SYNC_OVER_LIMIT,
                     "the feed has %" PRIu64 " entries, its quota here is %" PRIu64
                     ": follow it again with a higher one to go on",
                     offered, job->row.feed.max_entries);
    } else if (offered > held) {
        sync_entries_begin(job);
    } else if (offered == held && hanse_digest_equal(&job->target.root, &root)) {
        sync_refill_begin(job, HANSE_SYNC_CURRENT);
    } else if (offered == 0 && !is_empty_root(&job->target.root)) {
        sync_job_end(job, HANSE_SYNC_MISMATCH, "no tree of size 0 has the root that the checkpoint says");
    } else if (sync_fork_held(job)) {
        return;
    } else if (sync_source_is_copy(job)) {
        sync_job_end(job, HANSE_SYNC_STALE, "the copy has %" PRIu64 " entries, %" PRIu64 " are held here",
                     offered, held);
    } else if (!job->asked_without_cache) {
        job->asked_without_cache = true;
        request_checkpoint(job);
    } else {
        sync_job_end(job, HANSE_SYNC_ROLLBACK,
                     "the origin now signs %" PRIu64 " entries, it signed %" PRIu64
                     " before: ask its operator",
                     offered, held);
    }
}

/* Tries the checkpoint with one key; the target's views point into job->note. */
static enum hanse_status open_checkpoint(struct sync_job *job, const uint8_t material[33],
                                         struct hanse_error *err)
{
    struct hanse_verifier_key key;
    struct hanse_note note;
    struct hanse_bytes origin = hanse_bytes_of_text(job->row.feed.origin);
    enum hanse_status status = hanse_verifier_key_init(origin, hanse_bytes_of(material, 33), &key, err);
    struct hanse_note_check check = {.key = &key, .required = true};
    if (status == HANSE_OK)
        status = hanse_note_decode(hanse_buffer_view(&job->note), &note, err);
    return status == HANSE_OK ? hanse_checkpoint_open(&note, origin, &check, 1, &job->target, err) : status;
}

static void key_change_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    struct hanse_error err = result->error;
    sync_job_count(job, result);
    if (err.status == HANSE_NOT_FOUND) {
        sync_job_end(job, HANSE_SYNC_BAD_SIGNATURE,
                     "no key that is known or proven for \"%s\" signed its checkpoint: check the key you "
                     "follow it with",
                     job->row.feed.origin);
        return;
    }
    if (err.status == HANSE_OK &&
        hanse_key_chain_extend(&job->chain, hanse_buffer_view(&job->body), &err) == HANSE_OK) {
        if (job->chain.joined && open_checkpoint(job, job->chain.key, &err) == HANSE_OK)
            compare_sizes(job);
        else
            request_key_change(job);
        return;
    }
    bool untrue = err.status == HANSE_MISMATCH || err.status == HANSE_MALFORMED || err.status == HANSE_LIMIT;
    if (untrue)
        err.status = HANSE_BAD_SIGNATURE;
    if (result->error.status == HANSE_OK)
        (void)hanse_fail_within(&err, err.status, "key change \"hanse/key/%u\"", job->key_ordinal);
    sync_job_fail(job, &err);
}

static void request_key_change(struct sync_job *job)
{
    char name[64];
    job->key_ordinal++;
    if (job->key_ordinal > HANSE_MAX_KEY_CHAIN) {
        sync_job_end(job, HANSE_SYNC_BAD_SIGNATURE, "more than %u key changes", HANSE_MAX_KEY_CHAIN);
        return;
    }
    (void)snprintf(name, sizeof name, "hanse/key/%u", job->key_ordinal);
    sync_job_request_small(job, name, HANSE_MAX_KEY_CHANGE_BYTES, NULL, false, key_change_done);
}

static void judge_checkpoint(struct sync_job *job)
{
    struct hanse_error err;
    enum hanse_status status = open_checkpoint(job, job->state.key, &err);
    if (status == HANSE_OK) {
        compare_sizes(job);
    } else if (status == HANSE_BAD_SIGNATURE) {
        job->key_ordinal = 0;
        hanse_key_chain_init(&job->chain, job->row.feed.origin, job->state.key);
        request_key_change(job);
    } else if (status == HANSE_MALFORMED || status == HANSE_LIMIT) {
        sync_job_end(job, HANSE_SYNC_BAD_SIGNATURE, "checkpoint is not readable, so nobody signed it: %s",
                     err.message);
    } else {
        sync_job_fail(job, &err);
    }
}

static void checkpoint_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    struct hanse_error err;
    sync_job_count(job, result);
    if (result->error.status == HANSE_LIMIT) {
        sync_job_end(job, HANSE_SYNC_BAD_SIGNATURE, "checkpoint is too large to be one: %s",
                     result->error.message);
        return;
    }
    if (result->error.status != HANSE_OK) {
        sync_job_fail(job, &result->error);
        return;
    }
    if (result->answer == HANSE_FETCH_UNCHANGED) {
        sync_refill_begin(job, HANSE_SYNC_CURRENT);
        return;
    }
    if (job->source_at == 0)
        memcpy(job->etag, result->etag, sizeof job->etag);
    hanse_buffer_clear(&job->note);
    if (hanse_buffer_append(&job->note, hanse_buffer_view(&job->body), &err) != HANSE_OK)
        sync_job_fail(job, &err);
    else
        judge_checkpoint(job);
}

static void request_checkpoint(struct sync_job *job)
{
    bool unconditional = job->asked_without_cache || job->source_at > 0 || job->run->from != NULL;
    const char *etag = unconditional ? NULL : job->row.feed.etag;
    sync_job_request_small(job, "checkpoint", HANSE_MAX_NOTE_BYTES, etag, job->asked_without_cache,
                           checkpoint_done);
}

void sync_job_start(struct sync_job *job)
{
    begin_source(job);
}

void sync_job_resume(struct sync_job *job)
{
    sync_entries_begin(job);
}
