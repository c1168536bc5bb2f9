/* SPDX-License-Identifier: Apache-2.0 */
#include "node/sync/sync_partial.h"

#include "base/bytes.h"
#include "base/error.h"
#include "node/files/layout.h"
#include "node/sync/sync_entries.h"
#include "node/sync/sync_keys.h"

enum { ARENA_BYTES = 32 << 20 };

static enum hanse_status partial_path(const struct sync_job *job, struct hanse_path *folder,
                                      struct hanse_path *path)
{
    char hex[HANSE_ORIGIN_HEX_BYTES];
    enum hanse_status status = hanse_layout_origin_hex(job->row.feed.origin, hex, NULL);
    if (status == HANSE_OK)
        status = hanse_layout_private(job->run->node->dir.text, "partial", folder, NULL);
    return status == HANSE_OK ? hanse_path_format(path, NULL, "%s/%s", folder->text, hex) : status;
}

void sync_partial_save(struct sync_job *job)
{
    struct hanse_path folder;
    struct hanse_path path;
    struct hanse_buffer bytes __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&bytes, HANSE_MAX_MANIFEST_BYTES);
    if (!job->has_place || job->verifier == NULL || job->writer.next_index <= job->state.frontier.size)
        return;
    struct hanse_manifest manifest = hanse_segment_list_manifest(&job->writer.segments);
    enum hanse_status status = partial_path(job, &folder, &path);
    if (status == HANSE_OK)
        status = hanse_manifest_encode(&manifest, &bytes, NULL);
    if (status == HANSE_OK)
        status = hanse_file_make_dirs(folder.text, HANSE_MODE_PRIVATE_DIR, NULL);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, hanse_buffer_view(&bytes), HANSE_MODE_PRIVATE_FILE, NULL);
    (void)status; /* not remembered: fetched again */
}

/* What is given to the sink while the provisional entries are read again: only their tiles are missing. */
static enum hanse_status add_tiles(void *context, const struct hanse_verified_frame *frame,
                                   struct hanse_error *err)
{
    struct sync_job *job = context;
    if (job->resumed)
        return job->sink(job, frame, err);
    enum hanse_status status = sync_keys_note(job, frame, err);
    for (size_t i = 0; i < frame->entry_count && status == HANSE_OK; i++)
        status = hanse_tile_writer_add(&job->writer.tiles, frame->entries[i].entry.commitment,
                                       frame->entries[i].entry.header, frame->entries[i].leaf_hash, err);
    return status;
}

static enum hanse_status reread(struct sync_job *job, const struct hanse_manifest *manifest)
{
    struct hanse_feed_store store = {.dir = job->dir, .manifest = *manifest};
    const struct hanse_segment *last = &manifest->segments[manifest->segment_count - 1];
    uint64_t end = last->first_index + last->entries;
    if (end <= job->state.frontier.size || end > job->target.size)
        return HANSE_MISMATCH;
    enum hanse_status status =
        hanse_feed_writer_resume(&job->writer, job->dir.text, job->state.frontier.size, manifest, NULL);
    if (status == HANSE_OK)
        status = hanse_verifier_new(job->row.feed.origin, &job->state, job->target.size,
                                    job->target.root.bytes, add_tiles, job, &job->verifier, NULL);
    if (status == HANSE_OK)
        status = hanse_feed_store_replay(&store, job->state.frontier.size, job->verifier, NULL);
    return status == HANSE_OK && hanse_verifier_next_index(job->verifier) != end ? HANSE_MISMATCH : status;
}

bool sync_partial_resume(struct sync_job *job, hanse_verifier_sink *sink)
{
    struct hanse_path folder;
    struct hanse_path path;
    struct hanse_manifest manifest;
    struct hanse_buffer bytes __attribute__((cleanup(hanse_buffer_release)));
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_buffer_init(&bytes, HANSE_MAX_MANIFEST_BYTES);
    hanse_arena_init(&arena, ARENA_BYTES);
    enum hanse_status status = partial_path(job, &folder, &path);
    if (status == HANSE_OK)
        status = hanse_file_read(path.text, HANSE_MAX_MANIFEST_BYTES, &bytes, NULL);
    if (status != HANSE_OK || hanse_file_remove(path.text, NULL) != HANSE_OK)
        return false;
    status = hanse_manifest_decode(hanse_buffer_view(&bytes), &arena, &manifest, NULL);
    if (status != HANSE_OK || manifest.segment_count == 0)
        return false;
    sync_entries_take_place(job);
    job->sink = sink;
    if (reread(job, &manifest) == HANSE_OK) {
        job->resumed = true;
        return true;
    }
    sync_entries_drop(job);
    return false;
}
