/* SPDX-License-Identifier: Apache-2.0 */
#include "base/plain_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

enum { COMPONENT_BYTES = 256 };

static int open_at(int dir_fd, const char *name, int flags)
{
    int fd;
    do
        fd = openat(dir_fd, name, flags | O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* Opens one component after the other, none through a link. O_NONBLOCK: opening a FIFO must not wait. -1 with
 * errno; dir_fd is closed. */
static int open_below(int dir_fd, const char *name)
{
    for (;;) {
        char component[COMPONENT_BYTES];
        size_t size = strcspn(name, "/");
        bool last = name[size] == '\0';
        int fd = -1;
        errno = ENOENT;
        if (size > 0 && size < sizeof component) {
            memcpy(component, name, size);
            component[size] = '\0';
            bool dots = strcmp(component, ".") == 0 || strcmp(component, "..") == 0;
            if (!dots)
                fd = open_at(dir_fd, component, O_NOFOLLOW | (last ? O_NONBLOCK : O_DIRECTORY));
        }
        int saved_errno = errno;
        (void)close(dir_fd);
        errno = saved_errno;
        if (fd < 0 || last)
            return fd;
        dir_fd = fd;
        name += size + 1;
    }
}

/* What a link, a folder in the middle of nothing or a socket answers: to the caller there is no such file. */
static int plain_errno(int saved_errno)
{
    bool absent =
        saved_errno == ELOOP || saved_errno == ENOTDIR || saved_errno == ENXIO || saved_errno == EMLINK;
    return absent ? ENOENT : saved_errno;
}

static uint64_t nanoseconds(struct timespec time)
{
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

enum hanse_status hanse_plain_file_open(struct hanse_file *file, const char *dir, const char *name,
                                        struct hanse_file_facts *facts, struct hanse_error *err)
{
    *file = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_path_format(&file->path, err, "%s/%s", dir, name);
    if (status != HANSE_OK)
        return status;
    int fd = open_at(AT_FDCWD, dir, O_DIRECTORY);
    if (fd >= 0)
        fd = open_below(fd, name);
    if (fd < 0)
        return hanse_fail_errno(err, plain_errno(errno), "cannot open \"%s\"", file->path.text);
    file->fd = fd;
    struct stat found;
    if (fstat(fd, &found) != 0)
        status = hanse_fail_errno(err, errno, "cannot look at \"%s\"", file->path.text);
    else if (!S_ISREG(found.st_mode))
        status = hanse_fail(err, HANSE_NOT_FOUND, "no regular file: \"%s\"", file->path.text);
    if (status != HANSE_OK) {
        hanse_file_close(file);
        return status;
    }
    *facts = (struct hanse_file_facts){.size_bytes = (uint64_t)found.st_size,
                                       .modified_ns = nanoseconds(found.st_mtim),
                                       .inode = (uint64_t)found.st_ino};
    return HANSE_OK;
}

enum hanse_status hanse_plain_file_read_some(struct hanse_file *file, uint64_t offset, uint8_t *out,
                                             size_t size, size_t *got, struct hanse_error *err)
{
    ssize_t count;
    do
        count = pread(file->fd, out, size, (off_t)offset);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return hanse_fail_errno(err, errno, "cannot read \"%s\"", file->path.text);
    *got = (size_t)count;
    return HANSE_OK;
}

/* The finalizer of splitmix64, a bijection: facts that differ in one number never share a tag. */
static uint64_t mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

void hanse_file_facts_tag(const struct hanse_file_facts *facts, char out[HANSE_FILE_TAG_BYTES])
{
    uint64_t mixed = mix(mix(mix(facts->modified_ns) ^ facts->size_bytes) ^ facts->inode);
    uint8_t raw[8];
    for (size_t i = 0; i < sizeof raw; i++)
        raw[i] = (uint8_t)(mixed >> (8 * i));
    out[0] = '"';
    hanse_hex_encode(hanse_bytes_of(raw, sizeof raw), out + 1);
    out[HANSE_FILE_TAG_BYTES - 2] = '"';
    out[HANSE_FILE_TAG_BYTES - 1] = '\0';
}
