/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/segment_cut.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "node/files/frame_walk.h"
#include "node/files/layout.h"
#include "node/files/segment_list.h"
#include "node/files/segment_rewrite.h"

enum { GRACE_S = 24 * 60 * 60 };

static enum hanse_status path_of(const char *dir, const struct hanse_segment *segment, struct hanse_path *out,
                                 struct hanse_error *err)
{
    struct hanse_path name;
    enum hanse_status status =
        hanse_layout_segment_name(segment->first_index, segment->generation, &name, err);
    return status == HANSE_OK ? hanse_path_format(out, err, "%s/%s", dir, name.text) : status;
}

/* Walks the frames from the last block that starts below `size` and gives the byte where entry `size` begins,
 * or *out_within: a frame goes on beyond it, since a sealed segment is made dense before its checkpoint is
 * out. */
static enum hanse_status find_end(const char *dir, const struct hanse_segment *segment, uint64_t size,
                                  uint64_t *out_bytes, bool *out_within, struct hanse_error *err)
{
    HANSE_SCOPED_WALK struct hanse_frame_walk walk;
    enum hanse_status status = hanse_frame_walk_open(&walk, dir, segment, err);
    uint64_t index = segment->first_index;
    bool within = false;
    if (segment->block_count > 0) {
        walk.at = segment->blocks[segment->block_count - 1].offset;
        index += segment->blocks[segment->block_count - 1].entries_before;
    }
    while (status == HANSE_OK && index < size && !within) {
        struct hanse_frame_start start;
        status = hanse_frame_walk_peek(&walk, &start, err);
        if (status == HANSE_OK && start.first_index != index)
            status =
                hanse_fail_at(err, HANSE_MALFORMED, walk.at,
                              "frame at byte %" PRIu64 " does not begin at entry %" PRIu64, walk.at, index);
        within = status == HANSE_OK && start.entries > size - index;
        if (status == HANSE_OK && !within) {
            index += start.entries;
            hanse_frame_walk_skip(&walk, &start);
        }
    }
    if (status == HANSE_OK) {
        *out_bytes = walk.at;
        *out_within = within;
    }
    return status;
}

/* Writes the first `bytes` of the file under a new generation. */
static enum hanse_status copy_part(const char *dir, struct hanse_segment *segment, struct hanse_bytes part,
                                   struct hanse_error *err)
{
    struct hanse_segment renewed = *segment;
    struct hanse_path path;
    enum hanse_status status = hanse_segment_renew(&renewed, err);
    if (status == HANSE_OK)
        status = path_of(dir, &renewed, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_replace(path.text, part, HANSE_MODE_PUBLIC_FILE, err);
    if (status == HANSE_OK)
        segment->generation = renewed.generation;
    return status;
}

/* The old path stays for a while: who goes on reading there must not meet what nobody signed. */
static enum hanse_status shorten(const char *path, uint64_t bytes, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_file_open_write(&file, path, HANSE_MODE_PUBLIC_FILE, err);
    return status == HANSE_OK ? hanse_file_truncate(&file, bytes, err) : status;
}

enum hanse_status hanse_segment_cut(const char *dir, struct hanse_segment *segment, uint64_t size,
                                    struct hanse_error *err)
{
    struct hanse_path path;
    uint64_t file_bytes = 0;
    enum hanse_status status = path_of(dir, segment, &path, err);
    if (status == HANSE_OK)
        status = hanse_file_size(path.text, &file_bytes, err);
    if (status != HANSE_OK)
        return status;
    if (file_bytes < segment->bytes && segment->first_index + segment->entries <= size)
        return hanse_fail_at(err, HANSE_TRUNCATED, file_bytes,
                             "segment \"%s\" ends at byte %" PRIu64 " of %" PRIu64, path.text, file_bytes,
                             segment->bytes);
    if (segment->first_index + segment->entries == size && file_bytes == segment->bytes)
        return HANSE_OK;
    struct hanse_buffer file __attribute__((cleanup(hanse_buffer_release)));
    hanse_buffer_init(&file, HANSE_MAX_SEGMENT_BYTES + (1u << 20));
    uint64_t end = segment->bytes;
    bool within = false;
    status = hanse_file_read(path.text, HANSE_MAX_SEGMENT_BYTES, &file, err);
    if (status == HANSE_OK && segment->first_index + segment->entries != size)
        status = find_end(dir, segment, size, &end, &within, err);
    if (status == HANSE_OK && within)
        status = hanse_segment_rewrite_part(dir, segment, size, err);
    if (status != HANSE_OK)
        return hanse_fail_within(err, status, "segment \"%s\"", path.text);
    if (within)
        return HANSE_OK;
    struct hanse_segment cut = *segment;
    cut.entries = size - segment->first_index;
    cut.bytes = end;
    cut.sealed = false;
    status = copy_part(dir, &cut, hanse_bytes_slice(hanse_buffer_view(&file), 0, (size_t)end), err);
    if (status == HANSE_OK)
        status = shorten(path.text, end, err);
    if (status == HANSE_OK)
        *segment = cut;
    return status;
}

struct stray_search {
    const char *dir;
    const struct hanse_segment *segments;
    size_t count;
    uint64_t size;
    bool young_too;
};

/* The segment of the manifest that begins there; NULL if none does. */
static const struct hanse_segment *find_segment(const struct stray_search *search, uint64_t first_index)
{
    for (size_t i = 0; i < search->count; i++)
        if (search->segments[i].first_index == first_index)
            return &search->segments[i];
    return NULL;
}

/* Whether the file, or the one that took its place, was last written so long ago that nobody reads it any
 * more.
 */
static enum hanse_status judge_age(const struct stray_search *search, const char *path,
                                   const struct hanse_segment *successor, bool *out_old,
                                   struct hanse_error *err)
{
    struct hanse_path successor_path;
    uint64_t modified_unix_s = 0;
    uint64_t replaced_unix_s = 0;
    enum hanse_status status = hanse_file_modified(path, &modified_unix_s, err);
    if (status == HANSE_OK && successor != NULL)
        status = path_of(search->dir, successor, &successor_path, err);
    if (status == HANSE_OK && successor != NULL)
        status = hanse_file_modified(successor_path.text, &replaced_unix_s, err);
    uint64_t now = hanse_clock_unix_s();
    if (status == HANSE_OK)
        *out_old = modified_unix_s + GRACE_S < now && replaced_unix_s + GRACE_S < now;
    return status;
}

static enum hanse_status visit_segment_file(void *context, const char *name, bool is_dir,
                                            struct hanse_error *err)
{
    const struct stray_search *search = context;
    const char *hyphen = strchr(name, '-');
    size_t length = strlen(name);
    uint64_t first_index = 0;
    uint8_t generation_bytes[8];
    bool temporary = !is_dir && length > 4 && strcmp(name + length - 4, ".tmp") == 0;
    bool parsed =
        !is_dir && hyphen != NULL &&
        hanse_decimal_decode(hanse_bytes_of(name, (size_t)(hyphen - name)), &first_index) &&
        hanse_hex_decode(hanse_bytes_of_text(hyphen + 1), generation_bytes, sizeof generation_bytes);
    uint64_t generation = 0;
    for (size_t i = 0; parsed && i < sizeof generation_bytes; i++)
        generation = generation << 8 | generation_bytes[i];
    const struct hanse_segment *named = parsed ? find_segment(search, first_index) : NULL;
    if ((!temporary && !parsed) || (named != NULL && named->generation == generation))
        return HANSE_OK;
    struct hanse_path path;
    bool old = search->young_too;
    enum hanse_status status = hanse_path_format(&path, err, "%s/hanse/public/%s", search->dir, name);
    if (status == HANSE_OK && !old && !temporary && first_index < search->size)
        status = judge_age(search, path.text, named, &old, err);
    if (status == HANSE_OK && (temporary || first_index >= search->size || old))
        status = hanse_file_remove(path.text, err);
    return status;
}

static enum hanse_status remove_strays(struct stray_search *search, struct hanse_path *folder,
                                       struct hanse_error *err)
{
    enum hanse_status status = hanse_path_format(folder, err, "%s/hanse/public", search->dir);
    return status == HANSE_OK ? hanse_file_list(folder->text, visit_segment_file, search, err) : status;
}

enum hanse_status hanse_segment_remove_strays(const char *dir, const struct hanse_segment *segments,
                                              size_t count, uint64_t size, struct hanse_error *err)
{
    struct stray_search search = {.dir = dir, .segments = segments, .count = count, .size = size};
    struct hanse_path folder;
    return remove_strays(&search, &folder, err);
}

enum hanse_status hanse_segment_remove_replaced(const char *dir, const struct hanse_segment *segments,
                                                size_t count, struct hanse_error *err)
{
    struct stray_search search = {.dir = dir, .segments = segments, .count = count, .young_too = true};
    struct hanse_path folder;
    enum hanse_status status = remove_strays(&search, &folder, err);
    return status == HANSE_OK ? hanse_file_sync_dir(folder.text, err) : status;
}
