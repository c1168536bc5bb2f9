/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_refill.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "node/files/layout.h"
#include "node/payload_fill.h"
#include "node/sync/sync_entries.h"
#include "node/sync/sync_retry.h"

/* At most so many payloads and bytes in one sync; the rest is asked for at the next one. */
enum { MAX_TOLD = 6, MAX_WANTED = 1024, MAX_BLOCK_BYTES = 8 << 20, MAX_LATE_BYTES = 24 << 20 };

struct sync_refill {
    enum hanse_sync_outcome reached;
    uint64_t wanted[MAX_WANTED];
    size_t wanted_count;
    size_t next;            /* of wanted */
    struct hanse_path name; /* of the segment under way */
    struct hanse_buffer block;
    struct hanse_buffer bytes; /* payloads that came, joined */
    struct {
        uint64_t index;
        size_t at;
        size_t size;
    } late[MAX_WANTED];
    size_t late_count;
    uint64_t blocks_end; /* first index behind the block that was fetched */
};

static void request_block(struct sync_job *job);

void sync_refill_release(struct sync_job *job)
{
    if (job->refill == NULL)
        return;
    hanse_buffer_release(&job->refill->block);
    hanse_buffer_release(&job->refill->bytes);
    hanse_free(job->refill);
    job->refill = NULL;
}

/* "4, 7, 9 ..." */
static const char *tell_indices(const uint64_t *indices, size_t given, uint64_t all, char *out, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < given && used < room; i++)
        used += (size_t)snprintf(out + used, room - used, "%s%" PRIu64, i > 0 ? ", " : "", indices[i]);
    if (all > given && used < room)
        (void)snprintf(out + used, room - used, " ...");
    return out;
}

static void end(struct sync_job *job, uint64_t came)
{
    uint64_t missing = 0;
    uint64_t indices[MAX_TOLD];
    size_t given = 0;
    char told[MAX_TOLD * 22 + 8] = "";
    struct hanse_error err;
    enum hanse_sync_outcome reached = job->refill->reached;
    uint64_t added = job->result.new_size - job->result.old_size;
    if (hanse_index_missing(job->run->node->index, job->row.feed.id, indices, MAX_TOLD, &given, &missing,
                            &err) != HANSE_OK)
        sync_job_fail(job, &err);
    else if (missing > 0)
        sync_job_end(job, HANSE_SYNC_INCOMPLETE,
                     "%" PRIu64 " new entries; %" PRIu64
                     " payloads are missing and nothing accounts for them (entry %s): they are asked for "
                     "again at each sync",
                     added, missing, tell_indices(indices, given, missing, told, sizeof told));
    else if (came > 0)
        sync_job_end(job, HANSE_SYNC_UPDATED,
                     "%" PRIu64 " new entries, and %" PRIu64 " payloads that were missing have come", added,
                     came);
    else if (reached == HANSE_SYNC_UPDATED)
        sync_job_end(job, reached, "%" PRIu64 " new entries, all verified", added);
    else
        sync_job_end(job, reached, "nothing new");
}

/* What came goes into the files; a source that gave wrong bytes is not believed, nor accused. */
static void apply(struct sync_job *job)
{
    struct sync_refill *refill = job->refill;
    struct hanse_late_payload *late = hanse_alloc_zeroed(refill->late_count, sizeof *late);
    struct hanse_error err;
    bool live_changed = false;
    enum hanse_status status = late != NULL ? HANSE_OK : hanse_fail_memory(&err);
    for (size_t i = 0; i < refill->late_count && status == HANSE_OK; i++)
        late[i] = (struct hanse_late_payload){.index = refill->late[i].index,
                                              .payload = hanse_bytes_slice(hanse_buffer_view(&refill->bytes),
                                                                           refill->late[i].at,
                                                                           refill->late[i].size)};
    if (status == HANSE_OK && refill->late_count > 0)
        status = hanse_payload_fill(job->run->node, &job->row, late, refill->late_count, &live_changed, &err);
    hanse_free(late);
    job->forget_resume_point = job->forget_resume_point || live_changed;
    if (status == HANSE_OK || status == HANSE_MISMATCH)
        end(job, status == HANSE_OK ? refill->late_count : 0);
    else
        sync_job_fail(job, &err);
}

static enum hanse_status take_piece(void *context, struct hanse_bytes piece, bool *stop,
                                    struct hanse_error *err)
{
    (void)stop;
    struct sync_job *job = context;
    enum hanse_status status = sync_retry_check_time(job, err);
    return status == HANSE_OK ? hanse_buffer_append(&job->refill->block, piece, err) : status;
}

/* Keeps the payload of an entry that is wanted. */
static enum hanse_status keep_payload(struct sync_refill *refill, uint64_t index,
                                      const struct hanse_frame_entry *entry, struct hanse_error *err)
{
    while (refill->next < refill->wanted_count && refill->wanted[refill->next] < index)
        refill->next++;
    if (refill->next == refill->wanted_count || refill->wanted[refill->next] != index)
        return HANSE_OK;
    refill->next++;
    if (entry->absent || entry->payload.size > MAX_LATE_BYTES - refill->bytes.size)
        return HANSE_OK;
    refill->late[refill->late_count].index = index;
    refill->late[refill->late_count].at = refill->bytes.size;
    refill->late[refill->late_count].size = entry->payload.size;
    refill->late_count++;
    return hanse_buffer_append(&refill->bytes, entry->payload, err);
}

static enum hanse_status read_block(struct sync_refill *refill, struct hanse_error *err)
{
    struct hanse_frame_decoder *decoder = NULL;
    struct hanse_bytes rest = hanse_buffer_view(&refill->block);
    enum hanse_status status = hanse_frame_decoder_new(&decoder, err);
    while (status == HANSE_OK && rest.size > 0) {
        struct hanse_frame_start start;
        struct hanse_frame frame = {0};
        status = hanse_frame_peek(rest, &start, err);
        if (status == HANSE_OK && start.frame_bytes > rest.size)
            break;
        if (status == HANSE_OK)
            status = hanse_frame_decode(decoder, hanse_bytes_slice(rest, 0, start.frame_bytes), &frame, err);
        for (size_t i = 0; status == HANSE_OK && i < frame.entry_count; i++)
            status = keep_payload(refill, frame.first_index + i, &frame.entries[i], err);
        if (status == HANSE_OK)
            rest = hanse_bytes_slice(rest, start.frame_bytes, rest.size);
    }
    hanse_frame_decoder_free(decoder);
    return status;
}

static void block_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    struct sync_refill *refill = job->refill;
    struct hanse_error err;
    sync_job_count(job, result);
    bool usable = result->error.status == HANSE_OK;
    if (usable && read_block(refill, &err) == HANSE_NO_MEMORY) {
        sync_job_fail(job, &err);
        return;
    }
    /* A block that cannot be fetched or read keeps its payloads missing; the next one may do. */
    while (refill->next < refill->wanted_count && refill->wanted[refill->next] < refill->blocks_end)
        refill->next++;
    request_block(job);
}

static void request_block(struct sync_job *job)
{
    struct sync_refill *refill = job->refill;
    struct hanse_error err;
    size_t at = job->manifest.segment_count;
    if (refill->next < refill->wanted_count)
        at = hanse_manifest_find(&job->manifest, refill->wanted[refill->next]);
    if (at == job->manifest.segment_count) {
        apply(job);
        return;
    }
    const struct hanse_segment *segment = &job->manifest.segments[at];
    const struct hanse_block *block = hanse_segment_find_block(segment, refill->wanted[refill->next]);
    bool last = block == &segment->blocks[segment->block_count - 1];
    uint64_t end_byte = last ? segment->bytes : block[1].offset;
    refill->blocks_end = segment->first_index + (last ? segment->entries : block[1].entries_before);
    hanse_buffer_clear(&refill->block);
    if (hanse_layout_segment_name(segment->first_index, segment->generation, &refill->name, &err) !=
        HANSE_OK) {
        sync_job_fail(job, &err);
        return;
    }
    sync_job_request(job,
                     (struct hanse_fetch_request){.name = refill->name.text,
                                                  .offset = block->offset,
                                                  .end = end_byte,
                                                  .max_bytes = MAX_BLOCK_BYTES,
                                                  .bulk = true,
                                                  .on_body = take_piece,
                                                  .on_done = block_done},
                     request_block);
}

static void manifest_done(void *context, const struct hanse_fetch_result *result)
{
    struct sync_job *job = context;
    struct hanse_error err;
    sync_job_count(job, result);
    hanse_arena_reset(&job->arena);
    if (result->error.status != HANSE_OK ||
        hanse_manifest_decode(hanse_buffer_view(&job->body), &job->arena, &job->manifest, &err) != HANSE_OK)
        end(job, 0);
    else
        request_block(job);
}

void sync_refill_begin(struct sync_job *job, enum hanse_sync_outcome reached)
{
    struct hanse_error err;
    uint64_t total = 0;
    job->refill = hanse_alloc_zeroed(1, sizeof *job->refill);
    if (job->refill == NULL) {
        (void)hanse_fail_memory(&err);
        sync_job_fail(job, &err);
        return;
    }
    struct sync_refill *refill = job->refill;
    refill->reached = reached;
    hanse_buffer_init(&refill->block, MAX_BLOCK_BYTES);
    hanse_buffer_init(&refill->bytes, MAX_LATE_BYTES);
    if (hanse_index_missing(job->run->node->index, job->row.feed.id, refill->wanted, MAX_WANTED,
                            &refill->wanted_count, &total, &err) != HANSE_OK)
        sync_job_fail(job, &err);
    else if (total == 0)
        end(job, 0);
    else
        sync_job_request_small(job, "hanse/manifest", HANSE_MAX_MANIFEST_BYTES, NULL, false, manifest_done);
}
