/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/feed_writer.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "node/files/frame_walk.h"
#include "node/files/layout.h"
#include "node/files/segment_cut.h"
#include "node/files/segment_rewrite.h"

enum { DEFLATE_LEVEL = 6 };

static enum hanse_status segment_path(const struct hanse_feed_writer *writer,
                                      const struct hanse_segment *segment, struct hanse_path *out,
                                      struct hanse_error *err)
{
    struct hanse_path name;
    enum hanse_status status =
        hanse_layout_segment_name(segment->first_index, segment->generation, &name, err);
    return status == HANSE_OK ? hanse_path_format(out, err, "%s/%s", writer->dir.text, name.text) : status;
}

/* Opens the live segment, after cutting off what lies beyond the size. */
static enum hanse_status open_live(struct hanse_feed_writer *writer, uint64_t size, struct hanse_error *err)
{
    struct hanse_segment *live = hanse_segment_list_last(&writer->segments);
    if (live == NULL)
        return size == 0 ? HANSE_OK
                         : hanse_fail(err, HANSE_TRUNCATED, "manifest of \"%s\" ends before entry %" PRIu64,
                                      writer->dir.text, size);
    if (live->first_index + live->entries < size)
        return hanse_fail(err, HANSE_TRUNCATED, "manifest of \"%s\" ends at entry %" PRIu64 " of %" PRIu64,
                          writer->dir.text, live->first_index + live->entries, size);
    enum hanse_status status = hanse_segment_cut(writer->dir.text, live, size, err);
    struct hanse_path path;
    if (status == HANSE_OK && !live->sealed)
        status = segment_path(writer, live, &path, err);
    if (status == HANSE_OK && !live->sealed)
        status = hanse_file_open_write(&writer->live, path.text, HANSE_MODE_PUBLIC_FILE, err);
    return status;
}

enum hanse_status hanse_feed_make_folders(const char *dir, struct hanse_error *err)
{
    static const char *const names[] = {"tile", "hanse/public", "hanse/key"};
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && status == HANSE_OK; i++) {
        struct hanse_path path;
        status = hanse_path_format(&path, err, "%s/%s", dir, names[i]);
        if (status == HANSE_OK)
            status = hanse_file_make_dirs(path.text, HANSE_MODE_PUBLIC_DIR, err);
    }
    return status;
}

static enum hanse_status write_manifest(struct hanse_feed_writer *writer, struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_buffer bytes __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&bytes, HANSE_MAX_MANIFEST_BYTES + 1);
    struct hanse_manifest manifest = hanse_segment_list_manifest(&writer->segments);
    enum hanse_status status = hanse_manifest_encode(&manifest, &bytes, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&path, err, "%s/hanse/manifest", writer->dir.text);
    return status == HANSE_OK
               ? hanse_file_replace(path.text, hanse_buffer_view(&bytes), HANSE_MODE_PUBLIC_FILE, err)
               : status;
}

/* Removes what nothing names any more. The manifest goes first: it never names what is not there. */
static enum hanse_status tidy(struct hanse_feed_writer *writer, const struct hanse_manifest *before,
                              uint64_t size, struct hanse_error *err)
{
    const struct hanse_segment *live = hanse_segment_list_last(&writer->segments);
    bool same = before->segment_count == writer->segments.count &&
                (live == NULL || before->segments[before->segment_count - 1].generation == live->generation);
    enum hanse_status status = same ? HANSE_OK : write_manifest(writer, err);
    if (status == HANSE_OK)
        status = hanse_segment_remove_strays(writer->dir.text, writer->segments.items, writer->segments.count,
                                             size, err);
    return status == HANSE_OK ? hanse_tile_writer_tidy(writer->dir.text, size, err) : status;
}

/* What opening and resuming share: everything but segments. */
static enum hanse_status prepare(struct hanse_feed_writer *writer, const char *dir, uint64_t size,
                                 struct hanse_error *err)
{
    *writer = (struct hanse_feed_writer){.live = HANSE_FILE_CLOSED, .size = size, .next_index = size};
    enum hanse_status status = hanse_tile_writer_init(&writer->tiles, dir, size, err);
    if (status == HANSE_OK)
        status = hanse_path_format(&writer->dir, err, "%s", dir);
    if (status == HANSE_OK)
        status = hanse_feed_make_folders(dir, err);
    return status == HANSE_OK ? hanse_frame_pair_new(DEFLATE_LEVEL, &writer->frames, err) : status;
}

/* The segments are as they should be: cuts off what lies beyond `size` and opens the live one. */
static enum hanse_status open_segments(struct hanse_feed_writer *writer, uint64_t size,
                                       struct hanse_error *err)
{
    enum hanse_status status = open_live(writer, size, err);
    for (size_t i = 0; i < writer->segments.count; i++)
        writer->first_new += writer->segments.items[i].sealed;
    writer->next_index = size;
    return status == HANSE_OK ? hanse_tile_writer_tidy(writer->dir.text, writer->size, err) : status;
}

enum hanse_status hanse_feed_writer_open(struct hanse_feed_writer *writer, const char *dir, uint64_t size,
                                         bool in_step, struct hanse_error *err)
{
    enum hanse_status status = prepare(writer, dir, size, err);
    if (status != HANSE_OK)
        return status;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    status = hanse_feed_store_open(&store, dir, err);
    if (status == HANSE_OK)
        status = hanse_segment_list_copy(&writer->segments, &store.manifest, size, err);
    if (status == HANSE_OK)
        status = open_segments(writer, size, err);
    if (status == HANSE_OK)
        status = tidy(writer, &store.manifest, size, err);
    writer->in_step = in_step && writer->live.fd >= 0;
    return status;
}

enum hanse_status hanse_feed_writer_resume(struct hanse_feed_writer *writer, const char *dir, uint64_t size,
                                           const struct hanse_manifest *manifest, struct hanse_error *err)
{
    const struct hanse_segment *last = &manifest->segments[manifest->segment_count - 1];
    enum hanse_status status = prepare(writer, dir, size, err);
    if (status == HANSE_OK)
        status = hanse_segment_list_copy(&writer->segments, manifest, UINT64_MAX, err);
    return status == HANSE_OK ? open_segments(writer, last->first_index + last->entries, err) : status;
}

void hanse_feed_writer_release(struct hanse_feed_writer *writer)
{
    hanse_segment_list_release(&writer->segments);
    hanse_file_close(&writer->live);
    hanse_frame_pair_free(writer->frames);
    hanse_tile_writer_release(&writer->tiles);
    writer->frames = NULL;
}

/* The writer's segments that the manifest does not name are files that it made. */
static bool is_named(const struct hanse_manifest *manifest, const struct hanse_segment *segment)
{
    for (size_t i = 0; i < manifest->segment_count; i++)
        if (manifest->segments[i].first_index == segment->first_index &&
            manifest->segments[i].generation == segment->generation)
            return true;
    return false;
}

static enum hanse_status cut_last(struct hanse_feed_writer *writer, const struct hanse_manifest *manifest)
{
    if (manifest->segment_count == 0)
        return HANSE_OK;
    const struct hanse_segment *last = &manifest->segments[manifest->segment_count - 1];
    struct hanse_path path;
    uint64_t bytes = 0;
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    enum hanse_status status = segment_path(writer, last, &path, NULL);
    if (status == HANSE_OK)
        status = hanse_file_size(path.text, &bytes, NULL);
    if (status != HANSE_OK || bytes <= last->bytes)
        return status;
    status = hanse_file_open_write(&file, path.text, HANSE_MODE_PUBLIC_FILE, NULL);
    return status == HANSE_OK ? hanse_file_truncate(&file, last->bytes, NULL) : status;
}

void hanse_feed_writer_abandon(struct hanse_feed_writer *writer)
{
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    hanse_file_close(&writer->live);
    enum hanse_status status = hanse_feed_store_open(&store, writer->dir.text, NULL);
    if (status != HANSE_OK || writer->finished)
        return;
    for (size_t i = 0; i < writer->segments.count; i++) {
        struct hanse_path path;
        bool mine = !is_named(&store.manifest, &writer->segments.items[i]);
        if (mine && segment_path(writer, &writer->segments.items[i], &path, NULL) == HANSE_OK)
            status = hanse_file_remove(path.text, NULL);
    }
    status = cut_last(writer, &store.manifest);
    hanse_tile_writer_abandon(&writer->tiles, writer->size);
    (void)status; /* cut off by the next writer */
}

enum hanse_status hanse_feed_writer_continue_block(struct hanse_feed_writer *writer, struct hanse_error *err)
{
    struct hanse_segment *live = hanse_segment_list_last(&writer->segments);
    if (writer->live.fd < 0 || live->block_count == 0)
        return HANSE_OK;
    HANSE_SCOPED_WALK struct hanse_frame_walk walk;
    struct hanse_frame_decoder *decoder = NULL;
    enum hanse_status status = hanse_frame_walk_open(&walk, writer->dir.text, live, err);
    walk.at = live->blocks[live->block_count - 1].offset;
    if (status == HANSE_OK)
        status = hanse_frame_decoder_new(&decoder, err);
    while (status == HANSE_OK && hanse_frame_walk_more(&walk)) {
        struct hanse_frame frame;
        status = hanse_frame_walk_next(&walk, decoder, &frame, err);
    }
    if (status == HANSE_OK)
        hanse_frame_pair_adopt(writer->frames, decoder);
    hanse_frame_decoder_free(decoder);
    return status;
}

/* Begins a new live segment where there is none or the old one is full; only before an independent frame. */
static enum hanse_status rotate(struct hanse_feed_writer *writer, struct hanse_error *err)
{
    struct hanse_segment *live = hanse_segment_list_last(&writer->segments);
    if (writer->live.fd >= 0 && live->bytes < HANSE_SEAL_SEGMENT_BYTES)
        return HANSE_OK;
    struct hanse_segment next = {.first_index = writer->next_index};
    enum hanse_status status = hanse_segment_renew(&next, err);
    struct hanse_path path;
    struct hanse_file file = HANSE_FILE_CLOSED;
    if (status == HANSE_OK)
        status = segment_path(writer, &next, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_open_write(&file, path.text, HANSE_MODE_PUBLIC_FILE, err);
    if (status == HANSE_OK)
        status = hanse_segment_list_add(&writer->segments, next, err);
    if (status != HANSE_OK) {
        hanse_file_close(&file);
        return status;
    }
    if (writer->segments.count > 1)
        writer->segments.items[writer->segments.count - 2].sealed = true;
    hanse_file_close(&writer->live);
    writer->live = file;
    return HANSE_OK;
}

static enum hanse_status write_frame(struct hanse_feed_writer *writer, struct hanse_bytes stored,
                                     bool continues, size_t count, struct hanse_error *err)
{
    enum hanse_status status = continues ? HANSE_OK : rotate(writer, err);
    struct hanse_segment *live = hanse_segment_list_last(&writer->segments);
    if (status == HANSE_OK && !continues)
        status = hanse_segment_add_block(live, err);
    if (status == HANSE_OK)
        status = hanse_file_write_at(&writer->live, live->bytes, stored, err);
    if (status == HANSE_OK) {
        live->bytes += stored.size;
        live->entries += count;
        writer->next_index += count;
    }
    return status;
}

enum hanse_status hanse_feed_writer_add_entries(struct hanse_feed_writer *writer,
                                                const struct hanse_frame_entry *entries, size_t count,
                                                struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < count && status == HANSE_OK; i++) {
        status = hanse_tile_writer_add(&writer->tiles, entries[i].commitment, entries[i].header, NULL, err);
    }
    for (size_t done = 0; done < count && status == HANSE_OK;) {
        struct hanse_paired_frame frames[2];
        size_t made = 0;
        status = hanse_frame_pair_encode(writer->frames, writer->next_index, entries + done, count - done,
                                         frames, &made, err);
        for (size_t i = 0; i < made && status == HANSE_OK; i++) {
            status = write_frame(writer, frames[i].stored, frames[i].continues, frames[i].entries, err);
            done += frames[i].entries;
        }
    }
    return status;
}

enum hanse_status hanse_feed_writer_add_frame(struct hanse_feed_writer *writer,
                                              const struct hanse_verified_frame *frame,
                                              struct hanse_error *err)
{
    if (frame->entry_count == 0)
        return HANSE_OK;
    bool keep = frame->whole && (!frame->continues || writer->in_step);
    if (!keep) {
        writer->in_step = false;
        hanse_frame_pair_start_block(writer->frames);
        return hanse_feed_writer_add_entries(writer, frame->frame_entries, frame->entry_count, err);
    }
    enum hanse_status status = HANSE_OK;
    for (size_t i = 0; i < frame->entry_count && status == HANSE_OK; i++) {
        const struct hanse_verified_entry *entry = &frame->entries[i];
        status = hanse_tile_writer_add(&writer->tiles, entry->entry.commitment, entry->entry.header,
                                       entry->leaf_hash, err);
    }
    if (status == HANSE_OK)
        status = write_frame(writer, frame->stored, frame->continues, frame->entry_count, err);
    writer->in_step = status == HANSE_OK;
    return status;
}

/* A segment of many small frames is written again with full blocks when it is sealed. */
static enum hanse_status make_dense(struct hanse_feed_writer *writer, struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    for (size_t i = writer->first_new; i < writer->segments.count && status == HANSE_OK; i++) {
        struct hanse_segment *segment = &writer->segments.items[i];
        bool sparse = false;
        if (segment->sealed)
            status = hanse_segment_is_sparse(writer->dir.text, segment, &sparse, err);
        if (status == HANSE_OK && sparse)
            status = hanse_segment_rewrite(writer->dir.text, segment, NULL, NULL, err);
    }
    return status;
}

/* The manifest that is out is good until the new one is durable, and what that names is durable before it. */
enum hanse_status hanse_feed_writer_finish(struct hanse_feed_writer *writer, struct hanse_error *err)
{
    enum hanse_status status = make_dense(writer, err);
    if (status == HANSE_OK)
        status = hanse_tile_writer_finish(&writer->tiles, err);
    if (status == HANSE_OK)
        status = hanse_file_sync_tree(writer->dir.text, err);
    writer->finished = status == HANSE_OK; /* the manifest may be out even if writing it failed */
    return status == HANSE_OK ? write_manifest(writer, err) : status;
}

enum hanse_status hanse_feed_trim(const char *dir, uint64_t known_size, struct hanse_error *err)
{
    struct hanse_feed_writer writer = {.live = HANSE_FILE_CLOSED};
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    enum hanse_status status = hanse_feed_store_open(&store, dir, err);
    const struct hanse_manifest *manifest = &store.manifest;
    uint64_t end = 0;
    if (status == HANSE_OK && manifest->segment_count > 0) {
        const struct hanse_segment *last = &manifest->segments[manifest->segment_count - 1];
        end = last->first_index + last->entries;
    }
    bool lost = store.checkpoint.size == 0 || store.size < known_size;
    if (status != HANSE_OK || end <= store.size || lost)
        return status;
    status = hanse_feed_writer_open(&writer, dir, store.size, false, err);
    hanse_feed_writer_release(&writer);
    return status;
}
