/* SPDX-License-Identifier: Apache-2.0 */
#include "node/files/file_copy.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

enum hanse_status hanse_file_copier_init(struct hanse_file_copier *copier, struct hanse_error *err)
{
    *copier = (struct hanse_file_copier){.from = hanse_alloc(HANSE_COPY_PIECE_BYTES),
                                         .to = hanse_alloc(HANSE_COPY_PIECE_BYTES)};
    return copier->from != NULL && copier->to != NULL ? HANSE_OK : hanse_fail_memory(err);
}

void hanse_file_copier_release(struct hanse_file_copier *copier)
{
    hanse_free(copier->from);
    hanse_free(copier->to);
}

static size_t piece_at(uint64_t offset, uint64_t size)
{
    return size - offset < HANSE_COPY_PIECE_BYTES ? (size_t)(size - offset) : HANSE_COPY_PIECE_BYTES;
}

/* Whether `path` has the `size` bytes of `from`. */
static enum hanse_status compare(struct hanse_file_copier *copier, struct hanse_file *from, const char *path,
                                 uint64_t size, bool *out_same, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file there = HANSE_FILE_CLOSED;
    uint64_t found = 0;
    *out_same = false;
    if (!hanse_file_exists(path))
        return HANSE_OK;
    enum hanse_status status = hanse_file_size(path, &found, err);
    if (status != HANSE_OK || found != size)
        return status;
    status = hanse_file_open_read(&there, path, err);
    for (uint64_t at = 0; at < size && status == HANSE_OK; at += piece_at(at, size)) {
        size_t piece = piece_at(at, size);
        status = hanse_file_read_at(from, at, copier->from, piece, err);
        if (status == HANSE_OK)
            status = hanse_file_read_at(&there, at, copier->to, piece, err);
        if (status == HANSE_OK && memcmp(copier->from, copier->to, piece) != 0)
            return HANSE_OK;
    }
    *out_same = status == HANSE_OK;
    return status;
}

static enum hanse_status write_all(struct hanse_file_copier *copier, struct hanse_file *from,
                                   const char *path, uint64_t size, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file to = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_file_open_write(&to, path, HANSE_MODE_PUBLIC_FILE, err);
    if (status == HANSE_OK)
        status = hanse_file_truncate(&to, 0, err);
    for (uint64_t at = 0; at < size && status == HANSE_OK; at += piece_at(at, size)) {
        size_t piece = piece_at(at, size);
        status = hanse_file_read_at(from, at, copier->from, piece, err);
        if (status == HANSE_OK)
            status = hanse_file_write_at(&to, at, hanse_bytes_of(copier->from, piece), err);
    }
    return status == HANSE_OK ? hanse_file_sync(&to, err) : status;
}

enum hanse_status hanse_file_copy(struct hanse_file_copier *copier, const char *from_path, const char *to,
                                  bool *out_copied, uint64_t *out_bytes, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file from = HANSE_FILE_CLOSED;
    struct hanse_path temporary;
    uint64_t size = 0;
    bool same = false;
    enum hanse_status status = hanse_path_format(&temporary, err, "%s.tmp", to);
    if (status == HANSE_OK)
        status = hanse_file_size(from_path, &size, err);
    if (status == HANSE_OK)
        status = hanse_file_open_read(&from, from_path, err);
    if (status == HANSE_OK)
        status = compare(copier, &from, to, size, &same, err);
    if (status != HANSE_OK || same) {
        *out_copied = false;
        *out_bytes = size;
        return status;
    }
    status = write_all(copier, &from, temporary.text, size, err);
    if (status == HANSE_OK)
        status = compare(copier, &from, temporary.text, size, &same, err);
    if (status == HANSE_OK && !same)
        status =
            hanse_fail(err, HANSE_MISMATCH, "\"%.200s\" reads otherwise than it was written", temporary.text);
    if (status == HANSE_OK)
        status = hanse_file_rename(temporary.text, to, err);
    if (status == HANSE_OK) {
        *out_copied = true;
        *out_bytes = size;
    }
    return status;
}
