/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/segment_rewrite.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "node/files/entry_batch.h"
#include "node/files/frame_walk.h"
#include "node/files/layout.h"
#include "node/files/segment_list.h"

enum { DEFLATE_LEVEL = 6, MAX_FRAME_BYTES = 8 << 20, SPARSE_FRAMES_PER_BLOCK = 4 };

struct rewriting {
    struct hanse_segment to;
    uint64_t end; /* entries from here on are left out */
    struct hanse_file file;
    struct hanse_frame_decoder *decoder;
    struct hanse_frame_encoder *encoder;
    struct hanse_entry_batch *batch;
    struct hanse_buffer frame;
    hanse_entry_edit *edit;
    void *context;
};

static enum hanse_status flush(struct rewriting *it, struct hanse_error *err)
{
    size_t count;
    const struct hanse_frame_entry *entries = hanse_entry_batch_entries(it->batch, &count);
    enum hanse_status status = HANSE_OK;
    for (size_t done = 0; done < count && status == HANSE_OK;) {
        size_t here = hanse_frame_fit(entries + done, count - done);
        hanse_buffer_clear(&it->frame);
        hanse_frame_encoder_start_block(it->encoder);
        status = hanse_segment_add_block(&it->to, err);
        if (status == HANSE_OK)
            status = hanse_frame_encode(it->encoder, it->to.first_index + it->to.entries, entries + done,
                                        here, &it->frame, err);
        if (status == HANSE_OK)
            status = hanse_file_write_at(&it->file, it->to.bytes, hanse_buffer_view(&it->frame), err);
        it->to.bytes += it->frame.size;
        it->to.entries += here;
        done += here;
    }
    hanse_entry_batch_clear(it->batch);
    return status;
}

static enum hanse_status copy_frame(struct rewriting *it, const struct hanse_frame *frame,
                                    struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < frame->entry_count && frame->first_index + i < it->end && status == HANSE_OK;
         i++) {
        struct hanse_frame_entry entry = frame->entries[i];
        if (it->edit != NULL)
            status = it->edit(it->context, frame->first_index + i, &entry, err);
        if (status == HANSE_OK)
            status = hanse_entry_batch_add(it->batch, &entry, err);
        if (status == HANSE_OK && hanse_entry_batch_is_full(it->batch))
            status = flush(it, err);
    }
    return status;
}

static enum hanse_status copy_frames(struct rewriting *it, const char *dir, const struct hanse_segment *from,
                                     struct hanse_error *err)
{
    HANSE_SCOPED_WALK struct hanse_frame_walk walk;
    enum hanse_status status = hanse_frame_walk_open(&walk, dir, from, err);
    struct hanse_frame frame = {.first_index = from->first_index};
    while (status == HANSE_OK && hanse_frame_walk_more(&walk) &&
           frame.first_index + frame.entry_count < it->end) {
        status = hanse_frame_walk_next(&walk, it->decoder, &frame, err);
        if (status == HANSE_OK)
            status = copy_frame(it, &frame, err);
    }
    return status == HANSE_OK ? flush(it, err) : status;
}

static enum hanse_status rewrite(struct rewriting *it, const char *dir, const struct hanse_segment *from,
                                 struct hanse_error *err)
{
    struct hanse_path name;
    struct hanse_path path;
    struct hanse_path folder;
    bool whole = it->end - from->first_index >= from->entries;
    uint64_t entries = whole ? from->entries : it->end - from->first_index;
    it->to = (struct hanse_segment){.first_index = from->first_index, .sealed = whole && from->sealed};
    enum hanse_status status = hanse_segment_renew(&it->to, err);
    if (status == HANSE_OK)
        status = hanse_layout_segment_name(it->to.first_index, it->to.generation, &name, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/%s", dir, name.text);
    if (status == HANSE_OK)
        status = hanse_path_format(&folder, err, "%s/hanse/public", dir);
    if (status == HANSE_OK)
        status = hanse_frame_decoder_new(&it->decoder, err);
    if (status == HANSE_OK)
        status = hanse_frame_encoder_new(DEFLATE_LEVEL, &it->encoder, err);
    if (status == HANSE_OK)
        status = hanse_entry_batch_new(&it->batch, err);
    if (status == HANSE_OK)
        status = hanse_file_open_write(&it->file, path.text, HANSE_MODE_PUBLIC_FILE, err);
    if (status != HANSE_OK)
        return status;
    status = copy_frames(it, dir, from, err);
    if (status == HANSE_OK && it->to.entries != entries)
        status =
            hanse_fail(err, HANSE_MALFORMED, "segment holds %" PRIu64 " entries, its manifest says %" PRIu64,
                       it->to.entries, entries);
    if (status == HANSE_OK)
        status = hanse_file_sync(&it->file, err);
    if (status == HANSE_OK)
        status = hanse_file_sync_dir(folder.text, err);
    if (status != HANSE_OK && hanse_file_remove(path.text, NULL) != HANSE_OK)
        return status; /* the stray is removed when a writer next opens the feed */
    return status;
}

static enum hanse_status rewrite_upto(const char *dir, struct hanse_segment *segment, uint64_t end,
                                      hanse_entry_edit *edit, void *context, struct hanse_error *err)
{
    struct rewriting it = {.file = HANSE_FILE_CLOSED, .end = end, .edit = edit, .context = context};
    hanse_buffer_init(&it.frame, MAX_FRAME_BYTES);
    enum hanse_status status = rewrite(&it, dir, segment, err);
    hanse_file_close(&it.file);
    hanse_frame_decoder_free(it.decoder);
    hanse_frame_encoder_free(it.encoder);
    hanse_entry_batch_free(it.batch);
    hanse_buffer_release(&it.frame);
    if (status != HANSE_OK) {
        hanse_free(it.to.blocks);
        return status;
    }
    hanse_free(segment->blocks);
    *segment = it.to;
    return HANSE_OK;
}

enum hanse_status hanse_segment_rewrite(const char *dir, struct hanse_segment *segment,
                                        hanse_entry_edit *edit, void *context, struct hanse_error *err)
{
    return rewrite_upto(dir, segment, UINT64_MAX, edit, context, err);
}

enum hanse_status hanse_segment_rewrite_part(const char *dir, struct hanse_segment *segment, uint64_t size,
                                             struct hanse_error *err)
{
    return rewrite_upto(dir, segment, size, NULL, NULL, err);
}

enum hanse_status hanse_segment_is_sparse(const char *dir, const struct hanse_segment *segment, bool *out,
                                          struct hanse_error *err)
{
    HANSE_SCOPED_WALK struct hanse_frame_walk walk;
    uint64_t frames = 0;
    enum hanse_status status = hanse_frame_walk_open(&walk, dir, segment, err);
    while (status == HANSE_OK && hanse_frame_walk_more(&walk)) {
        struct hanse_frame_start start;
        status = hanse_frame_walk_peek(&walk, &start, err);
        if (status == HANSE_OK)
            hanse_frame_walk_skip(&walk, &start);
        frames++;
    }
    if (status == HANSE_OK)
        *out = frames > SPARSE_FRAMES_PER_BLOCK * segment->block_count;
    return status;
}
