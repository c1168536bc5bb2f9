/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that forgets: what an operation does to the files below one folder is written down, and from that
 * the folder is made anew as it would be found after a crash at any point.
 *
 * The calls are taken between the program and libc (the functions of that name below stand before libc's), so
 * that everything is seen: base/file, and SQLite with its log and its database files alike. Nothing in the
 * library knows of it. Included by one test program, before any other header.
 *
 * What is modelled:
 *  - The content of a file is durable up to its last fsync or fdatasync (or a syncfs); names (made, renamed,
 *    removed, folders) are durable up to the last fsync of the folder that they are in (or a syncfs). fsync
 * of a file does not make its name durable, as POSIX has it.
 *  - What was not durable is lost, or kept, or kept in part, by DISK_* below. Names of one folder are lost
 * from some point on, never one in the middle: file systems keep their order. Contents are lost in any order.
 *  - A process that is killed without a power loss leaves DISK_KEPT.
 *  - Any operation may fail instead, reads too (fail_at, reads).
 * What is not: a disk that says "durable" and lies, and bytes that were durable and change. SQLite's "-shm"
 * is left out: it is memory, SQLite makes it anew. Modes and times are not restored; times are those of
 * making. */
#ifndef HANSE_TESTS_CRASH_DISK_H
#define HANSE_TESTS_CRASH_DISK_H

#define _GNU_SOURCE
#include <assert.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

enum disk_kind {
    DISK_CREATE = 1,
    DISK_WRITE,
    DISK_TRUNCATE,
    DISK_RENAME,
    DISK_REMOVE,
    DISK_MAKE_DIR,
    DISK_REMOVE_DIR,
    DISK_SYNC_FILE,
    DISK_SYNC_DIR,
    DISK_SYNC_ALL
};

/* What remains of what was not durable at the crash. */
enum disk_variant {
    DISK_KEPT,         /* everything: the process died, the machine did not */
    DISK_LOST,         /* nothing */
    DISK_NAMES_KEPT,   /* the names; files are empty, or as they were at their last fsync */
    DISK_ZEROED,       /* names and sizes; the content reads as zeros */
    DISK_CONTENT_KEPT, /* the contents; new names and renames are gone */
    DISK_TORN,         /* names, and of each file's writes the first half, the last of them in part */
    DISK_MIXED,        /* of each folder's names some first ones, of the writes any */
    DISK_VARIANTS
};
static const char *const disk_variant_names[DISK_VARIANTS] = {"kept",         "lost", "names kept", "zeroed",
                                                              "content kept", "torn", "mixed"};

enum { DISK_DIR = -1, DISK_MAX_FD = 1024, DISK_PATH = 512, DISK_NEVER = 1 << 30 };

/* What is wrong with reads. A folder's names are read too. */
enum disk_reads {
    DISK_READS_WELL,  /* nothing: fail_at counts what writes */
    DISK_READS_FAIL,  /* fail_at counts reads */
    DISK_READS_SHORT, /* each gives half of what was asked and is there: a system may do so */
};

struct disk_op {
    enum disk_kind kind;
    int object; /* of a file */
    char *path; /* of a name; of the folder that is synced */
    char *to;
    uint64_t offset; /* or the new size */
    uint8_t *data;
    size_t size;
    int durable_at; /* operation that makes it durable; DISK_NEVER */
};

struct disk_name {
    char *path;
    int object; /* DISK_DIR: a folder */
};

struct disk_content {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* A folder with all in it: paths are relative to it. Parents stand before what is in them. */
struct disk_image {
    struct disk_name *names;
    size_t name_count;
    struct disk_content *contents;
    size_t content_count;
};

/* One operation, written down, and the folder that it began with. */
struct disk_trace {
    struct disk_image before;
    struct disk_op *ops;
    size_t op_count;
};

static struct {
    char root[DISK_PATH]; /* the folder that is watched */
    bool recording;
    struct disk_trace trace;
    struct disk_image now; /* names only */
    size_t object_count;
    char *fd_path[DISK_MAX_FD]; /* of files and folders below the root, relative; NULL: not ours */
    int fd_object[DISK_MAX_FD];
    long fail_at; /* this operation fails with fail_errno; < 0: none. For a full disk all that follow too */
    int fail_errno;
    enum disk_reads reads; /* which operations fail_at counts */
    long seen;             /* operations that came while fail_at >= 0 */
} disk = {.fail_at = -1};

/* --- images --- */

static void *disk_room(void *array, size_t count, size_t size)
{
    void *grown = array;
    if ((count & (count - 1)) == 0)
        grown = realloc(array, (count == 0 ? 1 : 2 * count) * size);
    assert(grown != NULL);
    return grown;
}

static char *disk_copy_text(const char *text)
{
    char *copy = text != NULL ? strdup(text) : NULL;
    assert(text == NULL || copy != NULL);
    return copy;
}

static void disk_image_free(struct disk_image *image)
{
    for (size_t i = 0; i < image->name_count; i++)
        free(image->names[i].path);
    for (size_t i = 0; i < image->content_count; i++)
        free(image->contents[i].data);
    free(image->names);
    free(image->contents);
    *image = (struct disk_image){0};
}

static void disk_content_write(struct disk_content *content, uint64_t offset, const uint8_t *data,
                               size_t size)
{
    size_t end = (size_t)offset + size;
    if (end > content->capacity) {
        content->capacity = end > 2 * content->capacity ? end : 2 * content->capacity;
        content->data = realloc(content->data, content->capacity);
        assert(content->data != NULL);
    }
    if (end > content->size) {
        memset(content->data + content->size, 0, end - content->size);
        content->size = end;
    }
    if (data != NULL && size > 0)
        memcpy(content->data + offset, data, size);
    else if (size > 0)
        memset(content->data + offset, 0, size);
}

static void disk_content_truncate(struct disk_content *content, uint64_t size)
{
    if (size > content->size)
        disk_content_write(content, content->size, NULL, (size_t)size - content->size);
    content->size = (size_t)size;
}

static struct disk_name *disk_find(struct disk_image *image, const char *path)
{
    for (size_t i = 0; i < image->name_count; i++)
        if (strcmp(image->names[i].path, path) == 0)
            return &image->names[i];
    return NULL;
}

static void disk_bind(struct disk_image *image, const char *path, int object)
{
    struct disk_name *found = disk_find(image, path);
    if (found == NULL) {
        image->names = disk_room(image->names, image->name_count, sizeof *image->names);
        found = &image->names[image->name_count++];
        found->path = disk_copy_text(path);
    }
    found->object = object;
}

static void disk_unbind(struct disk_image *image, const char *path)
{
    struct disk_name *found = disk_find(image, path);
    if (found == NULL)
        return;
    free(found->path);
    memmove(found, found + 1, (size_t)(image->names + image->name_count - found - 1) * sizeof *found);
    image->name_count--;
}

/* A file, or a folder with all in it. Parents stay before what is in them. */
static void disk_move(struct disk_image *image, const char *from, const char *to)
{
    size_t length = strlen(from);
    size_t count = image->name_count;
    disk_unbind(image, to);
    for (size_t at = 0, seen = 0; seen < count && at < image->name_count; seen++) {
        struct disk_name *name = &image->names[at];
        if (strncmp(name->path, from, length) != 0 ||
            (name->path[length] != '\0' && name->path[length] != '/')) {
            at++;
            continue;
        }
        char path[2 * DISK_PATH];
        int object = name->object;
        (void)snprintf(path, sizeof path, "%.500s%.500s", to, name->path + length);
        disk_unbind(image, name->path);
        disk_bind(image, path, object);
    }
}

static struct disk_image disk_image_copy(const struct disk_image *from)
{
    struct disk_image copy = {0};
    for (size_t i = 0; i < from->name_count; i++)
        disk_bind(&copy, from->names[i].path, from->names[i].object);
    copy.contents = calloc(from->content_count + 1, sizeof *copy.contents);
    assert(copy.contents != NULL);
    copy.content_count = from->content_count;
    for (size_t i = 0; i < from->content_count; i++)
        disk_content_write(&copy.contents[i], 0, from->contents[i].data, from->contents[i].size);
    return copy;
}

static bool disk_is_left_out(const char *path)
{
    size_t length = strlen(path);
    return length >= 4 && strcmp(path + length - 4, "-shm") == 0;
}

static void disk_read_dir(struct disk_image *image, const char *root, const char *relative)
{
    char path[2 * DISK_PATH];
    (void)snprintf(path, sizeof path, "%s/%s", root, relative);
    DIR *dir = opendir(path);
    assert(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char name[2 * DISK_PATH];
        (void)snprintf(name, sizeof name, "%.500s%s%.255s", relative, relative[0] != '\0' ? "/" : "",
                       entry->d_name);
        (void)snprintf(path, sizeof path, "%.500s/%.520s", root, name);
        struct stat found;
        assert(lstat(path, &found) == 0);
        if (S_ISDIR(found.st_mode)) {
            disk_bind(image, name, DISK_DIR);
            disk_read_dir(image, root, name);
        } else if (!disk_is_left_out(name)) {
            image->contents = disk_room(image->contents, image->content_count, sizeof *image->contents);
            struct disk_content *content = &image->contents[image->content_count];
            *content = (struct disk_content){0};
            disk_bind(image, name, (int)image->content_count++);
            disk_content_write(content, 0, NULL, (size_t)found.st_size);
            int fd = open(path, O_RDONLY | O_CLOEXEC);
            assert(fd >= 0 && read(fd, content->data, content->size) == (ssize_t)content->size);
            close(fd);
        }
    }
    closedir(dir);
}

static struct disk_image disk_image_read(const char *root)
{
    struct disk_image image = {0};
    disk_read_dir(&image, root, "");
    return image;
}

static void disk_remove_tree(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char name[4 * DISK_PATH];
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (syscall(SYS_unlink, name) != 0)
            disk_remove_tree(name);
    }
    closedir(dir);
    (void)syscall(SYS_rmdir, path);
}

static bool disk_has_parent(struct disk_image *image, const char *path)
{
    char parent[DISK_PATH];
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return true;
    (void)snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path);
    const struct disk_name *found = disk_find(image, parent);
    return found != NULL && found->object == DISK_DIR && disk_has_parent(image, parent);
}

/* Makes the folder hold just the image. What lies in folders that are not there is not there. */
static void disk_image_write(struct disk_image *image, const char *root)
{
    disk_remove_tree(root);
    assert(syscall(SYS_mkdir, root, 0755) == 0);
    for (size_t i = 0; i < image->name_count; i++) {
        const struct disk_name *name = &image->names[i];
        char path[2 * DISK_PATH];
        (void)snprintf(path, sizeof path, "%s/%s", root, name->path);
        if (!disk_has_parent(image, name->path))
            continue;
        if (name->object == DISK_DIR) {
            assert(syscall(SYS_mkdir, path, 0755) == 0);
            continue;
        }
        const struct disk_content *content = &image->contents[name->object];
        int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        assert(fd >= 0);
        assert(syscall(SYS_write, fd, content->data, content->size) == (long)content->size);
        (void)syscall(SYS_close, fd);
    }
}

static uint64_t disk_hash(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (; size >= 8; size -= 8, bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    for (; size > 0; size--, bytes++)
        hash = (hash ^ *bytes) * 0x100000001b3u;
    return hash;
}

static uint64_t disk_image_hash(struct disk_image *image)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < image->name_count; i++) {
        const struct disk_name *name = &image->names[i];
        if (!disk_has_parent(image, name->path))
            continue;
        uint64_t hash = disk_hash(0xcbf29ce484222325u, name->path, strlen(name->path) + 1);
        if (name->object != DISK_DIR)
            hash = disk_hash(hash, image->contents[name->object].data, image->contents[name->object].size);
        sum += hash * 0xd6e8feb86659fd93u;
    }
    return sum;
}

/* --- writing down --- */

static void disk_trace_free(struct disk_trace *trace)
{
    for (size_t i = 0; i < trace->op_count; i++) {
        free(trace->ops[i].path);
        free(trace->ops[i].to);
        free(trace->ops[i].data);
    }
    free(trace->ops);
    disk_image_free(&trace->before);
    *trace = (struct disk_trace){0};
}

/* Watches the folder `root`, as it is now. */
static void disk_record(const char *root)
{
    (void)snprintf(disk.root, sizeof disk.root, "%s", root);
    disk.trace = (struct disk_trace){.before = disk_image_read(root)};
    disk.now = (struct disk_image){0};
    for (size_t i = 0; i < disk.trace.before.name_count; i++)
        disk_bind(&disk.now, disk.trace.before.names[i].path, disk.trace.before.names[i].object);
    disk.object_count = disk.trace.before.content_count;
    disk.recording = true;
}

/* Number of operations so far. */
static int disk_mark(void)
{
    return (int)disk.trace.op_count;
}

static bool disk_is_in(const char *path, const char *dir)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash != NULL ? (size_t)(slash - path) : 0;
    return strlen(dir) == length && strncmp(path, dir, length) == 0;
}

static bool disk_syncs(const struct disk_op *sync, const struct disk_op *op)
{
    bool content = op->kind == DISK_WRITE || op->kind == DISK_TRUNCATE;
    if (sync->kind == DISK_SYNC_ALL)
        return true;
    if (content)
        return sync->kind == DISK_SYNC_FILE && sync->object == op->object;
    return sync->kind == DISK_SYNC_DIR && disk_is_in(op->path, sync->path);
}

static bool disk_changes(const struct disk_op *op)
{
    return op->kind < DISK_SYNC_FILE;
}

static struct disk_trace disk_stop(void)
{
    struct disk_trace trace = disk.trace;
    for (size_t i = 0; i < trace.op_count; i++) {
        trace.ops[i].durable_at = DISK_NEVER;
        for (size_t k = i + 1; k < trace.op_count && trace.ops[i].durable_at == DISK_NEVER; k++)
            if (disk_changes(&trace.ops[i]) && disk_syncs(&trace.ops[k], &trace.ops[i]))
                trace.ops[i].durable_at = (int)k;
    }
    disk.recording = false;
    disk.trace = (struct disk_trace){0};
    disk_image_free(&disk.now);
    return trace;
}

static void disk_add(struct disk_op op)
{
    if (!disk.recording)
        return;
    op.path = disk_copy_text(op.path);
    op.to = disk_copy_text(op.to);
    if (op.data != NULL) {
        uint8_t *copy = malloc(op.size + 1);
        assert(copy != NULL);
        memcpy(copy, op.data, op.size);
        op.data = copy;
    }
    disk.trace.ops = disk_room(disk.trace.ops, disk.trace.op_count, sizeof *disk.trace.ops);
    disk.trace.ops[disk.trace.op_count++] = op;
}

/* Whether this operation is to fail: then errno says how. */
static bool disk_must_fail(bool takes_room)
{
    if (disk.fail_at < 0 || disk.reads != DISK_READS_WELL)
        return false;
    bool now =
        disk.seen == disk.fail_at || (disk.fail_errno == ENOSPC && takes_room && disk.seen > disk.fail_at);
    disk.seen++;
    if (now)
        errno = disk.fail_errno;
    return now;
}

/* The path below the watched folder, NULL if it is not there. */
static const char *disk_relative(const char *path)
{
    size_t length = strlen(disk.root);
    if (length == 0 || strncmp(path, disk.root, length) != 0 || (path[length] != '/' && path[length] != '\0'))
        return NULL;
    path += length;
    return *path == '/' ? path + 1 : path;
}

static const char *disk_of_fd(int fd)
{
    return fd >= 0 && fd < DISK_MAX_FD ? disk.fd_path[fd] : NULL;
}

/* --- what stands before libc --- */

static int disk_do_open(const char *path, int flags, mode_t mode)
{
    const char *relative = disk_relative(path);
    bool ours = relative != NULL && !disk_is_left_out(relative);
    bool writes = (flags & (O_CREAT | O_TRUNC)) != 0;
    struct stat found;
    bool there = ours && stat(path, &found) == 0;
    bool makes = writes && (!there || (flags & O_TRUNC) != 0);
    if (ours && (makes || disk.fail_errno == EMFILE) && disk_must_fail(true))
        return -1;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode);
    if (fd < 0 || !ours)
        return fd;
    assert(fd < DISK_MAX_FD);
    disk.fd_path[fd] = disk_copy_text(relative);
    disk.fd_object[fd] = DISK_DIR;
    if (!disk.recording || (there && S_ISDIR(found.st_mode)))
        return fd;
    if (!there) {
        disk.fd_object[fd] = (int)disk.object_count++;
        disk_bind(&disk.now, relative, disk.fd_object[fd]);
        disk_add(
            (struct disk_op){.kind = DISK_CREATE, .object = disk.fd_object[fd], .path = disk.fd_path[fd]});
    } else {
        const struct disk_name *name = disk_find(&disk.now, relative);
        assert(name != NULL);
        disk.fd_object[fd] = name->object;
        if ((flags & O_TRUNC) != 0)
            disk_add((struct disk_op){.kind = DISK_TRUNCATE, .object = name->object});
    }
    return fd;
}

static mode_t disk_mode(int flags, va_list arguments)
{
    return (flags & O_CREAT) != 0 ? (mode_t)va_arg(arguments, unsigned) : 0;
}

int disk_open(const char *path, int flags, ...) __asm__("open");
int disk_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = disk_mode(flags, arguments);
    va_end(arguments);
    return disk_do_open(path, flags, mode);
}

int disk_open64(const char *path, int flags, ...) __asm__("open64");
int disk_open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = disk_mode(flags, arguments);
    va_end(arguments);
    return disk_do_open(path, flags, mode);
}

int disk_close(int fd) __asm__("close");
int disk_close(int fd)
{
    if (disk_of_fd(fd) != NULL) {
        free(disk.fd_path[fd]);
        disk.fd_path[fd] = NULL;
    }
    return (int)syscall(SYS_close, fd);
}

static ssize_t disk_do_write(int fd, const void *data, size_t size, off_t offset)
{
    if (disk_of_fd(fd) == NULL)
        return syscall(SYS_pwrite64, fd, data, size, offset);
    if (disk_must_fail(true))
        return -1;
    ssize_t put = syscall(SYS_pwrite64, fd, data, size, offset);
    if (put > 0 && disk.fd_object[fd] >= 0)
        disk_add((struct disk_op){.kind = DISK_WRITE,
                                  .object = disk.fd_object[fd],
                                  .offset = (uint64_t)offset,
                                  .data = (uint8_t *)(uintptr_t)data,
                                  .size = (size_t)put});
    return put;
}

ssize_t disk_pwrite(int fd, const void *data, size_t size, off_t offset) __asm__("pwrite");
ssize_t disk_pwrite(int fd, const void *data, size_t size, off_t offset)
{
    return disk_do_write(fd, data, size, offset);
}

ssize_t disk_pwrite64(int fd, const void *data, size_t size, off_t offset) __asm__("pwrite64");
ssize_t disk_pwrite64(int fd, const void *data, size_t size, off_t offset)
{
    return disk_do_write(fd, data, size, offset);
}

ssize_t disk_write(int fd, const void *data, size_t size) __asm__("write");
ssize_t disk_write(int fd, const void *data, size_t size)
{
    if (disk_of_fd(fd) == NULL)
        return syscall(SYS_write, fd, data, size);
    off_t offset = (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
    ssize_t put = disk_do_write(fd, data, size, offset);
    if (put > 0)
        (void)syscall(SYS_lseek, fd, offset + put, SEEK_SET);
    return put;
}

/* Whether this read is to fail: then errno says how. */
static bool disk_must_fail_read(void)
{
    bool now = disk.reads == DISK_READS_FAIL && disk.seen == disk.fail_at;
    disk.seen += disk.reads == DISK_READS_FAIL;
    if (now)
        errno = disk.fail_errno;
    return now;
}

/* `offset` < 0: at the file's own position. */
static ssize_t disk_do_read(int fd, void *out, size_t size, off_t offset)
{
    if (disk_of_fd(fd) != NULL && disk_must_fail_read())
        return -1;
    if (disk_of_fd(fd) != NULL && disk.reads == DISK_READS_SHORT)
        size -= size / 2;
    return offset < 0 ? syscall(SYS_read, fd, out, size) : syscall(SYS_pread64, fd, out, size, offset);
}

ssize_t disk_read(int fd, void *out, size_t size) __asm__("read");
ssize_t disk_read(int fd, void *out, size_t size)
{
    return disk_do_read(fd, out, size, -1);
}

ssize_t disk_pread(int fd, void *out, size_t size, off_t offset) __asm__("pread");
ssize_t disk_pread(int fd, void *out, size_t size, off_t offset)
{
    return disk_do_read(fd, out, size, offset);
}

ssize_t disk_pread64(int fd, void *out, size_t size, off_t offset) __asm__("pread64");
ssize_t disk_pread64(int fd, void *out, size_t size, off_t offset)
{
    return disk_do_read(fd, out, size, offset);
}

static struct dirent *disk_do_readdir(DIR *dir, const char *name)
{
    static struct dirent *(*next)(DIR *);
    char link[64];
    char path[DISK_PATH] = "";
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, name);
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd(dir));
    if (disk.reads == DISK_READS_FAIL && readlink(link, path, sizeof path - 1) > 0 &&
        disk_relative(path) != NULL && disk_must_fail_read())
        return NULL;
    return next(dir);
}

struct dirent *disk_readdir(DIR *dir) __asm__("readdir");
struct dirent *disk_readdir(DIR *dir)
{
    return disk_do_readdir(dir, "readdir");
}

struct dirent *disk_readdir64(DIR *dir) __asm__("readdir64");
struct dirent *disk_readdir64(DIR *dir)
{
    return disk_do_readdir(dir, "readdir64");
}

static int disk_do_truncate(int fd, off_t size)
{
    if (disk_of_fd(fd) != NULL && disk_must_fail(false))
        return -1;
    int result = (int)syscall(SYS_ftruncate, fd, size);
    if (result == 0 && disk_of_fd(fd) != NULL && disk.fd_object[fd] >= 0)
        disk_add(
            (struct disk_op){.kind = DISK_TRUNCATE, .object = disk.fd_object[fd], .offset = (uint64_t)size});
    return result;
}

int disk_ftruncate(int fd, off_t size) __asm__("ftruncate");
int disk_ftruncate(int fd, off_t size)
{
    return disk_do_truncate(fd, size);
}

int disk_ftruncate64(int fd, off_t size) __asm__("ftruncate64");
int disk_ftruncate64(int fd, off_t size)
{
    return disk_do_truncate(fd, size);
}

/* Nothing is really synced: the test is faster, and what is durable is said here alone. */
static int disk_do_sync(int fd, bool all)
{
    const char *path = disk_of_fd(fd);
    if (path == NULL)
        return 0;
    if (disk_must_fail(false))
        return -1;
    enum disk_kind kind = all ? DISK_SYNC_ALL : disk.fd_object[fd] < 0 ? DISK_SYNC_DIR : DISK_SYNC_FILE;
    disk_add((struct disk_op){.kind = kind, .object = disk.fd_object[fd], .path = disk.fd_path[fd]});
    return 0;
}

int disk_fsync(int fd) __asm__("fsync");
int disk_fsync(int fd)
{
    return disk_do_sync(fd, false);
}

int disk_fdatasync(int fd) __asm__("fdatasync");
int disk_fdatasync(int fd)
{
    return disk_do_sync(fd, false);
}

int disk_syncfs(int fd) __asm__("syncfs");
int disk_syncfs(int fd)
{
    return disk_do_sync(fd, true);
}

int disk_rename(const char *from, const char *to) __asm__("rename");
int disk_rename(const char *from, const char *to)
{
    const char *relative = disk_relative(from);
    const char *relative_to = disk_relative(to);
    if (relative != NULL && disk_must_fail(true))
        return -1;
    int result = (int)syscall(SYS_rename, from, to);
    if (result == 0 && relative != NULL && disk.recording) {
        const struct disk_name *name = disk_find(&disk.now, relative);
        assert(name != NULL && relative_to != NULL);
        int object = name->object;
        disk_move(&disk.now, relative, relative_to);
        disk_add((struct disk_op){.kind = DISK_RENAME,
                                  .object = object,
                                  .path = (char *)(uintptr_t)relative,
                                  .to = (char *)(uintptr_t)relative_to});
    }
    return result;
}

static int disk_name_call(enum disk_kind kind, const char *path, mode_t mode)
{
    const char *relative = disk_relative(path);
    bool ours = relative != NULL && relative[0] != '\0' && !disk_is_left_out(relative);
    if (ours && disk_must_fail(kind == DISK_MAKE_DIR))
        return -1;
    long result = kind == DISK_MAKE_DIR     ? syscall(SYS_mkdir, path, mode)
                  : kind == DISK_REMOVE_DIR ? syscall(SYS_rmdir, path)
                                            : syscall(SYS_unlink, path);
    if (result == 0 && ours && disk.recording) {
        disk_add((struct disk_op){.kind = kind, .path = (char *)(uintptr_t)relative});
        if (kind == DISK_MAKE_DIR)
            disk_bind(&disk.now, relative, DISK_DIR);
        else
            disk_unbind(&disk.now, relative);
    }
    return (int)result;
}

int disk_unlink(const char *path) __asm__("unlink");
int disk_unlink(const char *path)
{
    return disk_name_call(DISK_REMOVE, path, 0);
}

int disk_mkdir(const char *path, mode_t mode) __asm__("mkdir");
int disk_mkdir(const char *path, mode_t mode)
{
    return disk_name_call(DISK_MAKE_DIR, path, mode);
}

int disk_rmdir(const char *path) __asm__("rmdir");
int disk_rmdir(const char *path)
{
    return disk_name_call(DISK_REMOVE_DIR, path, 0);
}

/* --- the folder after a crash --- */

static uint64_t disk_random(uint64_t seed)
{
    seed += 0x9e3779b97f4a7c15u;
    seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebu;
    return seed ^ (seed >> 31);
}

/* Changes of the same file, or of names in the same folder, that were not durable before operation `count`:
 * how many there are, and how many of them come before `op`. */
static void disk_place(const struct disk_trace *trace, int count, int op, int *out_before, int *out_total)
{
    const struct disk_op *this = &trace->ops[op];
    bool content = this->kind == DISK_WRITE || this->kind == DISK_TRUNCATE;
    char dir[DISK_PATH] = "";
    const char *slash = content ? NULL : strrchr(this->path, '/');
    if (slash != NULL)
        (void)snprintf(dir, sizeof dir, "%.*s", (int)(slash - this->path), this->path);
    *out_before = *out_total = 0;
    for (int i = 0; i < count; i++) {
        const struct disk_op *other = &trace->ops[i];
        bool other_content = other->kind == DISK_WRITE || other->kind == DISK_TRUNCATE;
        if (!disk_changes(other) || other->durable_at < count || other_content != content)
            continue;
        if (content ? other->object != this->object : !disk_is_in(other->path, dir))
            continue;
        *out_before += i < op;
        (*out_total)++;
    }
}

static void disk_apply_name(struct disk_image *image, const struct disk_op *op)
{
    if (op->kind == DISK_CREATE) {
        disk_bind(image, op->path, op->object);
    } else if (op->kind == DISK_MAKE_DIR) {
        disk_bind(image, op->path, DISK_DIR);
    } else if (op->kind == DISK_RENAME) {
        disk_move(image, op->path, op->to);
    } else {
        disk_unbind(image, op->path);
    }
}

static void disk_apply(const struct disk_trace *trace, int count, enum disk_variant variant, uint64_t seed,
                       struct disk_image *image, int at)
{
    const struct disk_op *op = &trace->ops[at];
    bool content = op->kind == DISK_WRITE || op->kind == DISK_TRUNCATE;
    bool whole = op->durable_at < count || variant == DISK_KEPT;
    bool zero = false;
    size_t size = op->size;
    if (!whole && content) {
        int before = 0;
        int total = 0;
        disk_place(trace, count, at, &before, &total);
        zero = variant == DISK_ZEROED;
        whole = zero || variant == DISK_CONTENT_KEPT || (variant == DISK_TORN && 2 * before + 1 < total) ||
                (variant == DISK_MIXED && (disk_random(seed ^ (uint64_t)at) & 1) != 0);
        if (variant == DISK_TORN && 2 * before + 1 == total && op->kind == DISK_WRITE) {
            whole = true;
            size /= 2;
        }
    } else if (!whole) {
        int before = 0;
        int total = 0;
        disk_place(trace, count, at, &before, &total);
        uint64_t dir = disk_hash(
            seed, op->path, (size_t)(strrchr(op->path, '/') != NULL ? strrchr(op->path, '/') - op->path : 0));
        uint64_t kept = disk_random(dir) % ((uint64_t)total + 1);
        whole = variant == DISK_NAMES_KEPT || variant == DISK_ZEROED || variant == DISK_TORN ||
                (variant == DISK_MIXED && (uint64_t)before < kept);
    }
    if (!whole)
        return;
    if (!content)
        disk_apply_name(image, op);
    else if (op->kind == DISK_TRUNCATE)
        disk_content_truncate(&image->contents[op->object], op->offset);
    else
        disk_content_write(&image->contents[op->object], op->offset, zero ? NULL : op->data, size);
}

/* The folder after the first `count` operations and a crash. The caller frees it. */
static struct disk_image disk_after_crash(const struct disk_trace *trace, int count,
                                          enum disk_variant variant, uint64_t seed)
{
    struct disk_image image = disk_image_copy(&trace->before);
    size_t objects = trace->before.content_count;
    for (size_t i = 0; i < trace->op_count; i++)
        if (trace->ops[i].object >= (int)objects)
            objects = (size_t)trace->ops[i].object + 1;
    image.contents = realloc(image.contents, (objects + 1) * sizeof *image.contents);
    assert(image.contents != NULL);
    memset(image.contents + image.content_count, 0,
           (objects + 1 - image.content_count) * sizeof *image.contents);
    image.content_count = objects;
    for (int i = 0; i < count; i++)
        if (disk_changes(&trace->ops[i]))
            disk_apply(trace, count, variant, seed, &image, i);
    return image;
}

#endif
