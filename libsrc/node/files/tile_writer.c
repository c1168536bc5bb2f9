/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/tile_writer.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"

/* A bundle of entries at the accepted maximum. */
#define MAX_TILE_FILE_BYTES ((size_t)HANSE_TILE_WIDTH * (2 + HANSE_MAX_ENTRY_ACCEPT_BYTES))

/* Checkpoints are cached for seconds. */
enum { GRACE_S = 600, TILES_IN_FOLDER = 1000 };

static enum hanse_status path_of(const struct hanse_tile_writer *writer, const struct hanse_tile *tile,
                                 struct hanse_path *out, struct hanse_error *err)
{
    char name[HANSE_TILE_PATH_BYTES];
    enum hanse_status status = hanse_tile_path_encode(tile, name, err);
    return status == HANSE_OK ? hanse_path_format(out, err, "%s/%s", writer->dir.text, name) : status;
}

static enum hanse_status read_tile(void *context, const struct hanse_tile *tile, struct hanse_buffer *out,
                                   struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = path_of(context, tile, &path, err);
    return status == HANSE_OK ? hanse_file_read(path.text, MAX_TILE_FILE_BYTES, out, err) : status;
}

static enum hanse_status write_tile(void *context, const struct hanse_tile *tile, struct hanse_bytes content,
                                    struct hanse_error *err)
{
    struct hanse_path path;
    struct hanse_path parent;
    enum hanse_status status = path_of(context, tile, &path, err);
    if (status == HANSE_OK)
        status =
            hanse_path_format(&parent, err, "%.*s", (int)(strrchr(path.text, '/') - path.text), path.text);
    if (status == HANSE_OK && !hanse_file_exists(parent.text))
        status = hanse_file_make_dirs(parent.text, HANSE_MODE_PUBLIC_DIR, err);
    if (status == HANSE_OK)
        status = hanse_file_replace_later_synced(path.text, content, HANSE_MODE_PUBLIC_FILE, err);
    return status;
}

enum hanse_status hanse_tile_writer_init(struct hanse_tile_writer *writer, const char *dir, uint64_t size,
                                         struct hanse_error *err)
{
    *writer = (struct hanse_tile_writer){0};
    hanse_buffer_init(&writer->entry, HANSE_MAX_ENTRY_ACCEPT_BYTES);
    enum hanse_status status = hanse_path_format(&writer->dir, err, "%s", dir);
    return status == HANSE_OK ? hanse_tile_builder_new(size, read_tile, writer, &writer->builder, err)
                              : status;
}

void hanse_tile_writer_release(struct hanse_tile_writer *writer)
{
    hanse_tile_builder_free(writer->builder);
    writer->builder = NULL;
    hanse_buffer_release(&writer->entry);
}

enum hanse_status hanse_tile_writer_add(struct hanse_tile_writer *writer, const uint8_t commitment[32],
                                        struct hanse_bytes header, const uint8_t leaf_hash[32],
                                        struct hanse_error *err)
{
    hanse_buffer_clear(&writer->entry);
    enum hanse_status status = hanse_buffer_append(&writer->entry, hanse_bytes_of(commitment, 32), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&writer->entry, header, err);
    if (status != HANSE_OK)
        return status;
    struct hanse_bytes entry = hanse_buffer_view(&writer->entry);
    if (leaf_hash == NULL)
        return hanse_tile_builder_append(writer->builder, entry, write_tile, writer, err);
    struct hanse_digest leaf;
    memcpy(leaf.bytes, leaf_hash, sizeof leaf.bytes);
    return hanse_tile_builder_append_hashed(writer->builder, entry, &leaf, write_tile, writer, err);
}

enum hanse_status hanse_tile_writer_finish(struct hanse_tile_writer *writer, struct hanse_error *err)
{
    return hanse_tile_builder_finish(writer->builder, write_tile, writer, err);
}

static enum hanse_status remove_full(void *context, const struct hanse_tile *tile, struct hanse_error *err)
{
    struct hanse_path path;
    if (tile->width < HANSE_TILE_WIDTH)
        return HANSE_OK;
    enum hanse_status status = path_of(context, tile, &path, err);
    return status == HANSE_OK && hanse_file_exists(path.text) ? hanse_file_remove(path.text, err) : status;
}

void hanse_tile_writer_abandon(struct hanse_tile_writer *writer, uint64_t old_size)
{
    if (writer->builder != NULL)
        (void)!hanse_tile_list_new(old_size, hanse_tile_builder_size(writer->builder), remove_full, writer,
                                   NULL);
}

struct tidying {
    struct hanse_path folder;
    uint64_t full_here; /* tiles of the folder that are full, from its first on */
};

static enum hanse_status remove_name(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%s", (const char *)context, name);
    return status == HANSE_OK && !is_dir ? hanse_file_remove(path.text, err) : status;
}

/* `<N>.p` of a full tile: its last readers came when that was written. */
static enum hanse_status tidy_partials(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    const struct tidying *it = context;
    struct hanse_path path;
    uint64_t number = 0;
    uint64_t full_unix_s = 0;
    for (size_t i = 0; i < 3 && name[i] >= '0' && name[i] <= '9'; i++)
        number = number * 10 + (uint64_t)(name[i] - '0');
    if (!is_dir || strlen(name) != 5 || strcmp(name + 3, ".p") != 0 || number >= it->full_here)
        return HANSE_OK;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%.3s", it->folder.text, name);
    if (status == HANSE_OK)
        status = hanse_file_modified(path.text, &full_unix_s, err);
    if (status != HANSE_OK || full_unix_s + GRACE_S >= hanse_clock_unix_s())
        return status == HANSE_NOT_FOUND ? HANSE_OK : status; /* a missing tile is for `verify` to name */
    status = hanse_path_format(&path, err, "%s/%s", it->folder.text, name);
    if (status == HANSE_OK)
        status = hanse_file_list(path.text, remove_name, path.text, err);
    return status == HANSE_OK ? hanse_file_remove_dir(path.text, err) : status;
}

/* The folder that holds the tile; of its tiles the first `full_here` are full. */
static enum hanse_status tidy_folder(const struct hanse_tile_writer *writer, const struct hanse_tile *tile,
                                     uint64_t full_here, struct hanse_error *err)
{
    struct tidying it = {.full_here = full_here};
    struct hanse_path path;
    enum hanse_status status = path_of(writer, tile, &path, err);
    if (status == HANSE_OK)
        status =
            hanse_path_format(&it.folder, err, "%.*s", (int)(strrchr(path.text, '/') - path.text), path.text);
    return status == HANSE_OK ? hanse_file_list(it.folder.text, tidy_partials, &it, err) : status;
}

static enum hanse_status tidy_level(const struct hanse_tile_writer *writer, bool is_bundle, unsigned level,
                                    uint64_t full, struct hanse_error *err)
{
    struct hanse_tile edge = {
        .is_bundle = is_bundle, .level = level, .index = full, .width = HANSE_TILE_WIDTH};
    struct hanse_path path;
    uint64_t full_here = full % TILES_IN_FOLDER;
    enum hanse_status status = path_of(writer, &edge, &path, err);
    if (status == HANSE_OK && hanse_file_exists(path.text))
        status = hanse_file_remove(path.text, err);
    if (status == HANSE_OK && full_here > 0)
        status = tidy_folder(writer, &edge, full_here, err);
    edge.index = full - full_here - 1;
    if (status == HANSE_OK && full >= TILES_IN_FOLDER)
        status = tidy_folder(writer, &edge, TILES_IN_FOLDER, err);
    return status;
}

enum hanse_status hanse_tile_writer_tidy(const char *dir, uint64_t size, struct hanse_error *err)
{
    struct hanse_tile_writer writer = {0};
    uint64_t full = size / HANSE_TILE_WIDTH;
    enum hanse_status status = hanse_path_format(&writer.dir, err, "%s", dir);
    if (status == HANSE_OK)
        status = tidy_level(&writer, true, 0, full, err);
    for (unsigned level = 0; level < HANSE_TILE_LEVELS && status == HANSE_OK; level++) {
        status = tidy_level(&writer, false, level, full, err);
        full /= HANSE_TILE_WIDTH;
    }
    return status;
}
