/* SPDX-License-Identifier: Apache-2.0 */
#include "node/tile_writer.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"

/* A bundle of entries at the accepted maximum. */
#define MAX_TILE_FILE_BYTES ((size_t)HANSE_TILE_WIDTH * (2 + HANSE_MAX_ENTRY_ACCEPT_BYTES))

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

static enum hanse_status remove_name(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = hanse_path_format(&path, err, "%s/%s", (const char *)context, name);
    return status == HANSE_OK && !is_dir ? hanse_file_remove(path.text, err) : status;
}

/* Partial tiles are obsolete once the full one exists. */
static enum hanse_status remove_partials(const char *full_path, struct hanse_error *err)
{
    struct hanse_path folder;
    enum hanse_status status = hanse_path_format(&folder, err, "%s.p", full_path);
    if (status != HANSE_OK || !hanse_file_exists(folder.text))
        return status;
    status = hanse_file_list(folder.text, remove_name, folder.text, err);
    return status == HANSE_OK ? hanse_file_remove_dir(folder.text, err) : status;
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
                                        struct hanse_bytes header, struct hanse_error *err)
{
    hanse_buffer_clear(&writer->entry);
    enum hanse_status status = hanse_buffer_append(&writer->entry, hanse_bytes_of(commitment, 32), err);
    if (status == HANSE_OK)
        status = hanse_buffer_append(&writer->entry, header, err);
    return status == HANSE_OK ? hanse_tile_builder_append(writer->builder, hanse_buffer_view(&writer->entry),
                                                          write_tile, writer, err)
                              : status;
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

static enum hanse_status remove_obsolete(void *context, const struct hanse_tile *tile,
                                         struct hanse_error *err)
{
    struct hanse_path path;
    enum hanse_status status = path_of(context, tile, &path, err);
    return status == HANSE_OK ? remove_partials(path.text, err) : status;
}

void hanse_tile_writer_clean(struct hanse_tile_writer *writer, uint64_t old_size)
{
    (void)!hanse_tile_list_completed(old_size, hanse_tile_builder_size(writer->builder), remove_obsolete,
                                     writer, NULL);
}
