/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

enum { READ_BLOCK_BYTES = 65536 };

enum hanse_status hanse_path_format(struct hanse_path *out, struct hanse_error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(out->text, sizeof out->text, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof out->text)
        return hanse_fail(err, HANSE_LIMIT, "path is longer than %d bytes: \"%.64s...\"",
                          HANSE_PATH_BYTES - 1, out->text);
    return HANSE_OK;
}

static enum hanse_status open_with(struct hanse_file *file, const char *path, int flags, unsigned mode,
                                   struct hanse_error *err)
{
    *file = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_path_format(&file->path, err, "%s", path);
    if (status != HANSE_OK)
        return status;
    do
        file->fd = open(path, flags | O_CLOEXEC | O_NOCTTY, (mode_t)mode);
    while (file->fd < 0 && errno == EINTR);
    return file->fd >= 0 ? HANSE_OK : hanse_fail_errno(err, errno, "cannot open \"%s\"", path);
}

enum hanse_status hanse_file_open_read(struct hanse_file *file, const char *path, struct hanse_error *err)
{
    return open_with(file, path, O_RDONLY, 0, err);
}

enum hanse_status hanse_file_open_write(struct hanse_file *file, const char *path, unsigned mode,
                                        struct hanse_error *err)
{
    bool is_new = !hanse_file_exists(path);
    enum hanse_status status = open_with(file, path, O_RDWR | O_CREAT, mode, err);
    /* The mode does not depend on the umask, since what is served has to be readable for others. */
    if (status == HANSE_OK && is_new && fchmod(file->fd, (mode_t)mode) != 0) {
        status = hanse_fail_errno(err, errno, "cannot set the mode of \"%s\"", path);
        hanse_file_close(file);
    }
    return status;
}

void hanse_file_close(struct hanse_file *file)
{
    if (file->fd >= 0)
        (void)close(file->fd);
    file->fd = -1;
}

enum hanse_status hanse_file_read_at(struct hanse_file *file, uint64_t offset, uint8_t *out, size_t size,
                                     struct hanse_error *err)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = pread(file->fd, out + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return hanse_fail_errno(err, errno, "cannot read \"%s\"", file->path.text);
        if (got == 0)
            return hanse_fail_at(err, HANSE_TRUNCATED, offset + done, "file \"%s\" ends at byte %llu",
                                 file->path.text, (unsigned long long)(offset + done));
        done += (size_t)got;
    }
    return HANSE_OK;
}

enum hanse_status hanse_file_write_at(struct hanse_file *file, uint64_t offset, struct hanse_bytes bytes,
                                      struct hanse_error *err)
{
    size_t done = 0;
    while (done < bytes.size) {
        ssize_t put = pwrite(file->fd, bytes.data + done, bytes.size - done, (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return hanse_fail_errno(err, put == 0 ? ENOSPC : errno, "cannot write \"%s\"", file->path.text);
        done += (size_t)put;
    }
    return HANSE_OK;
}

enum hanse_status hanse_file_truncate(struct hanse_file *file, uint64_t size, struct hanse_error *err)
{
    return ftruncate(file->fd, (off_t)size) == 0
               ? HANSE_OK
               : hanse_fail_errno(err, errno, "cannot truncate \"%s\"", file->path.text);
}

enum hanse_status hanse_file_sync(struct hanse_file *file, struct hanse_error *err)
{
    return fsync(file->fd) == 0 ? HANSE_OK
                                : hanse_fail_errno(err, errno, "cannot sync \"%s\"", file->path.text);
}

/* Reads up to `size` bytes at the file's own position; 0 at its end. */
static enum hanse_status read_some(struct hanse_file *file, uint8_t *out, size_t size, size_t *out_size,
                                   struct hanse_error *err)
{
    ssize_t got;
    do
        got = read(file->fd, out, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return hanse_fail_errno(err, errno, "cannot read \"%s\"", file->path.text);
    *out_size = (size_t)got;
    return HANSE_OK;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* To the end of the file, but at most `room` bytes more. A file of just that size takes no byte more. */
static enum hanse_status read_all(struct hanse_file *file, size_t room, struct hanse_buffer *out,
                                  struct hanse_error *err)
{
    const size_t limit = room;
    for (;;) {
        uint8_t probe;
        size_t got = 0;
        size_t ask = smaller(room, READ_BLOCK_BYTES);
        enum hanse_status status = hanse_buffer_reserve(out, ask, err);
        if (status == HANSE_OK)
            status = ask > 0 ? read_some(file, out->data + out->size, ask, &got, err)
                             : read_some(file, &probe, 1, &got, err);
        if (status != HANSE_OK || got == 0)
            return status;
        if (ask == 0)
            return hanse_fail_at(err, HANSE_LIMIT, limit, "file \"%s\" has more than %zu bytes",
                                 file->path.text, limit);
        out->size += got;
        room -= got;
    }
}

enum hanse_status hanse_file_read(const char *path, size_t max_bytes, struct hanse_buffer *out,
                                  struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    size_t before = out->size;
    enum hanse_status status = hanse_file_open_read(&file, path, err);
    if (status == HANSE_OK)
        status = read_all(&file, smaller(max_bytes, out->max_bytes - before), out, err);
    if (status != HANSE_OK)
        out->size = before;
    return status;
}

/* The folder part of `path`, "." if it has none. */
static enum hanse_status parent_of(struct hanse_path *out, const char *path, struct hanse_error *err)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return hanse_path_format(out, err, ".");
    int length = slash == path ? 1 : (int)(slash - path);
    return hanse_path_format(out, err, "%.*s", length, path);
}

enum hanse_status hanse_file_sync_dir(const char *path, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file dir = HANSE_FILE_CLOSED;
    enum hanse_status status = open_with(&dir, path, O_RDONLY | O_DIRECTORY, 0, err);
    return status == HANSE_OK ? hanse_file_sync(&dir, err) : status;
}

/* max(now, replaced file's + 1), in whole seconds. */
static enum hanse_status set_later_mtime(struct hanse_file *file, const char *replaced,
                                         struct hanse_error *err)
{
    struct stat old;
    time_t second = time(NULL);
    if (stat(replaced, &old) == 0 && old.st_mtime >= second)
        second = old.st_mtime + 1;
    struct timespec times[2] = {{.tv_sec = second}, {.tv_sec = second}};
    return futimens(file->fd, times) == 0
               ? HANSE_OK
               : hanse_fail_errno(err, errno, "cannot set the time of \"%s\"", file->path.text);
}

static enum hanse_status write_temporary(const char *temporary, const char *path, struct hanse_bytes content,
                                         unsigned mode, bool sync, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    enum hanse_status status = open_with(&file, temporary, O_RDWR | O_CREAT | O_TRUNC, mode, err);
    if (status == HANSE_OK && fchmod(file.fd, (mode_t)mode) != 0)
        status = hanse_fail_errno(err, errno, "cannot set the mode of \"%s\"", temporary);
    if (status == HANSE_OK)
        status = hanse_file_write_at(&file, 0, content, err);
    if (status == HANSE_OK)
        status = set_later_mtime(&file, path, err);
    if (status == HANSE_OK && sync)
        status = hanse_file_sync(&file, err);
    return status;
}

static enum hanse_status replace(const char *path, struct hanse_bytes content, unsigned mode, bool sync,
                                 struct hanse_error *err)
{
    struct hanse_path temporary;
    enum hanse_status status = hanse_path_format(&temporary, err, "%s.tmp", path);
    if (status != HANSE_OK)
        return status;
    status = write_temporary(temporary.text, path, content, mode, sync, err);
    /* The message names one path only: with both the system's words may find no room. */
    if (status == HANSE_OK && rename(temporary.text, path) != 0)
        status = hanse_fail_errno(err, errno, "cannot replace \"%s\"", path);
    if (status != HANSE_OK) {
        (void)unlink(temporary.text);
        return status;
    }
    struct hanse_path parent;
    if (sync)
        status = parent_of(&parent, path, err);
    if (sync && status == HANSE_OK)
        status = hanse_file_sync_dir(parent.text, err);
    return status;
}

enum hanse_status hanse_file_replace(const char *path, struct hanse_bytes content, unsigned mode,
                                     struct hanse_error *err)
{
    return replace(path, content, mode, true, err);
}

enum hanse_status hanse_file_replace_later_synced(const char *path, struct hanse_bytes content, unsigned mode,
                                                  struct hanse_error *err)
{
    return replace(path, content, mode, false, err);
}

/* One folder, its name durable; an existing one is left as it is. The mode does not depend on the umask,
 * since what is served must be readable by the server's user. */
static enum hanse_status make_dir(const char *path, unsigned mode, struct hanse_error *err)
{
    struct stat found;
    if (mkdir(path, (mode_t)mode) == 0) {
        struct hanse_path parent;
        enum hanse_status status = chmod(path, (mode_t)mode) == 0
                                       ? parent_of(&parent, path, err)
                                       : hanse_fail_errno(err, errno, "cannot set the mode of \"%s\"", path);
        return status == HANSE_OK ? hanse_file_sync_dir(parent.text, err) : status;
    }
    int saved_errno = errno;
    if (saved_errno == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode))
        return HANSE_OK;
    return hanse_fail_errno(err, saved_errno, "cannot make folder \"%s\"", path);
}

enum hanse_status hanse_file_make_dirs(const char *path, unsigned mode, struct hanse_error *err)
{
    struct hanse_path partial;
    enum hanse_status status = hanse_path_format(&partial, err, "%s", path);
    for (char *at = partial.text; status == HANSE_OK && *at != '\0'; at++) {
        if (*at != '/' || at == partial.text)
            continue;
        *at = '\0';
        status = make_dir(partial.text, mode, err);
        *at = '/';
    }
    return status == HANSE_OK ? make_dir(partial.text, mode, err) : status;
}

enum hanse_status hanse_file_remove(const char *path, struct hanse_error *err)
{
    return unlink(path) == 0 ? HANSE_OK : hanse_fail_errno(err, errno, "cannot remove \"%s\"", path);
}

enum hanse_status hanse_file_remove_dir(const char *path, struct hanse_error *err)
{
    return rmdir(path) == 0 ? HANSE_OK : hanse_fail_errno(err, errno, "cannot remove folder \"%s\"", path);
}

enum hanse_status hanse_file_rename(const char *from, const char *to, struct hanse_error *err)
{
    return rename(from, to) == 0 ? HANSE_OK : hanse_fail_errno(err, errno, "cannot rename to \"%s\"", to);
}

bool hanse_file_exists(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0;
}

enum hanse_status hanse_file_size(const char *path, uint64_t *out_bytes, struct hanse_error *err)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return hanse_fail_errno(err, errno, "cannot look at \"%s\"", path);
    *out_bytes = (uint64_t)found.st_size;
    return HANSE_OK;
}

enum hanse_status hanse_file_modified(const char *path, uint64_t *out_unix_s, struct hanse_error *err)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return hanse_fail_errno(err, errno, "cannot look at \"%s\"", path);
    *out_unix_s = found.st_mtime > 0 ? (uint64_t)found.st_mtime : 0;
    return HANSE_OK;
}

struct name_list {
    char **names;
    size_t count;
    size_t capacity;
};

static void free_names(struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        hanse_free(list->names[i]);
    hanse_free(list->names);
}

static bool add_name(struct name_list *list, const char *name)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? list->capacity * 2 : 16;
        char **grown = hanse_realloc(list->names, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        list->names = grown;
        list->capacity = capacity;
    }
    list->names[list->count] = hanse_strdup(name);
    return list->names[list->count] != NULL && ++list->count > 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum hanse_status collect_names(const char *dir, struct name_list *list, struct hanse_error *err)
{
    DIR *open_dir = opendir(dir);
    if (open_dir == NULL)
        return errno == ENOENT ? HANSE_OK : hanse_fail_errno(err, errno, "cannot list folder \"%s\"", dir);
    enum hanse_status status = HANSE_OK;
    while (status == HANSE_OK) {
        errno = 0; /* the only way to tell a failure from the end */
        struct dirent *entry = readdir(open_dir);
        if (entry == NULL && errno != 0)
            status = hanse_fail_errno(err, errno, "cannot list folder \"%s\"", dir);
        if (entry == NULL)
            break;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            !add_name(list, entry->d_name))
            status = hanse_fail_memory(err);
    }
    (void)closedir(open_dir);
    return status;
}

enum hanse_status hanse_file_list(const char *dir, hanse_file_visit *visit, void *context,
                                  struct hanse_error *err)
{
    __attribute__((cleanup(free_names))) struct name_list list = {0};
    enum hanse_status status = collect_names(dir, &list, err);
    if (status == HANSE_OK && list.count > 0)
        qsort(list.names, list.count, sizeof *list.names, compare_names);
    for (size_t i = 0; i < list.count && status == HANSE_OK; i++) {
        struct hanse_path path;
        struct stat found;
        status = hanse_path_format(&path, err, "%s/%s", dir, list.names[i]);
        if (status == HANSE_OK && lstat(path.text, &found) == 0)
            status = visit(context, list.names[i], S_ISDIR(found.st_mode), err);
    }
    return status;
}
