/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "node/sync/sync_entries.h"

/* The root of the tree that ends with an entry of the frame, which the writer does not have yet: a key change
 * file must be of just that tree. KEY entries are few. */
static enum hanse_status note_root(struct sync_job *job, const struct hanse_verified_frame *frame, size_t at,
                                   struct hanse_error *err)
{
    struct hanse_frontier frontier = *hanse_tile_builder_frontier(job->writer.tiles.builder);
    struct hanse_hasher *hasher = NULL;
    struct hanse_digest hash;
    enum hanse_status status = hanse_hasher_new(&hasher, err);
    for (size_t i = 0; i <= at && status == HANSE_OK; i++) {
        memcpy(hash.bytes, frame->entries[i].leaf_hash, sizeof hash.bytes);
        status = hanse_frontier_append(&frontier, hasher, &hash, err);
    }
    if (status == HANSE_OK) {
        hanse_frontier_root(&frontier, hasher, &hash);
        hanse_key_history_set_root(&job->keys, frontier.size, &hash);
    }
    hanse_hasher_free(hasher);
    return status;
}

enum hanse_status sync_keys_note(struct sync_job *job, const struct hanse_verified_frame *frame,
                                 struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < frame->entry_count && status == HANSE_OK; i++) {
        size_t before = job->keys.count;
        status = hanse_key_history_add(&job->keys, &frame->entries[i], err);
        if (status == HANSE_OK && job->keys.count > before)
            status = note_root(job, frame, i, err);
    }
    return status;
}

static void request_file(struct sync_job *job);

/* Only the key change of the entry that was verified is taken: others would be handed on from here. */
static void file_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    const struct hanse_key_moment *moment = &job->keys.items[job->key_at];
    struct hanse_path path;
    struct hanse_error err = result->error;
    sync_job_count(job, result);
    if (err.status == HANSE_NOT_FOUND) {
        sync_job_end(job, HANSE_SYNC_TRUNCATED, "key change \"%s\" of entry %" PRIu64 " is not there",
                     job->request_name, moment->index);
        return;
    }
    enum hanse_status status = err.status;
    if (status == HANSE_OK)
        status = hanse_key_moment_check(moment, &job->file_chain, hanse_buffer_view(&job->body), &err);
    if (status != HANSE_OK && result->error.status == HANSE_OK)
        (void)hanse_fail_within(&err, status, "key change \"%s\"", job->request_name);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, &err, "%s/%s", job->dir.text, job->request_name);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, hanse_buffer_view(&job->body), HANSE_MODE_PUBLIC_FILE, &err);
    job->key_at++;
    if (status == HANSE_OK)
        request_file(job);
    else
        sync_job_fail(job, &err);
}

static void request_file(struct sync_job *job)
{
    char name[HANSE_FEED_NAME_BYTES];
    if (job->key_at >= job->keys.count) {
        job->keys_done(job);
        return;
    }
    job->key_ordinal++;
    (void)snprintf(name, sizeof name, "hanse/key/%u", job->key_ordinal);
    sync_job_request_small(job, name, HANSE_MAX_KEY_CHANGE_BYTES, NULL, false, file_done);
}

/* The first file that is asked for, and the chain that it goes on with. A mirror serves the key changes too:
 * those of the KEY entries that came. */
static enum hanse_status begin(struct sync_job *job, struct hanse_error *err)
{
    struct hanse_feed_store store = {.dir = job->dir};
    uint64_t held = job->state.frontier.size;
    const uint8_t *start = job->state.key;
    if (held == 0)
        start = hanse_key_history_start(&job->keys, job->state.key);
    hanse_key_chain_init(&job->file_chain, job->row.feed.origin, start);
    job->key_at = hanse_key_history_first_change(&job->keys);
    return job->keys.count > job->key_at ? hanse_feed_store_count_keys(&store, held, &job->key_ordinal, err)
                                         : HANSE_OK;
}

void sync_keys_fetch(struct sync_job *job, void (*done)(struct sync_job *job))
{
    struct hanse_error err;
    job->keys_done = done;
    if (begin(job, &err) == HANSE_OK)
        request_file(job);
    else
        sync_job_fail(job, &err);
}
