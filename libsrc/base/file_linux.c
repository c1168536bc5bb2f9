/* SPDX-License-Identifier: Apache-2.0 */
/* What POSIX.1-2008 lacks: syncfs and locks that belong to an open file. The only file with _GNU_SOURCE. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"

enum { LOCK_RETRY_MS = 20 };

enum hanse_status hanse_file_sync_tree(const char *path, struct hanse_error *err)
{
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    enum hanse_status status = hanse_file_open_read(&file, path, err);
    if (status == HANSE_OK && syncfs(file.fd) != 0)
        status = hanse_fail_errno(err, errno, "cannot sync the file system of \"%s\"", path);
    return status;
}

/* Closes the file on failure. */
static enum hanse_status lock_open(struct hanse_file *file, short type, unsigned timeout_ms,
                                   struct hanse_error *err)
{
    enum hanse_status status = HANSE_OK;
    const char *path = file->path.text;
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    uint64_t deadline_ms = hanse_clock_monotonic_ms() + timeout_ms;
    while (fcntl(file->fd, F_OFD_SETLK, &lock) != 0) {
        bool busy = errno == EAGAIN || errno == EACCES || errno == EINTR;
        if (!busy)
            status = hanse_fail_errno(err, errno, "cannot lock \"%s\"", path);
        else if (hanse_clock_monotonic_ms() >= deadline_ms)
            status = hanse_fail(err, HANSE_LOCKED, "node is in use: another process holds \"%s\"; try again",
                                path);
        if (status != HANSE_OK) {
            hanse_file_close(file);
            return status;
        }
        struct timespec pause = {.tv_nsec = LOCK_RETRY_MS * 1000000L};
        (void)nanosleep(&pause, NULL);
    }
    return HANSE_OK;
}

enum hanse_status hanse_file_lock(struct hanse_file *file, const char *path, unsigned timeout_ms,
                                  struct hanse_error *err)
{
    enum hanse_status status = hanse_file_open_write(file, path, HANSE_MODE_PRIVATE_FILE, err);
    return status == HANSE_OK ? lock_open(file, F_WRLCK, timeout_ms, err) : status;
}

enum hanse_status hanse_file_lock_shared(struct hanse_file *file, const char *path, unsigned timeout_ms,
                                         struct hanse_error *err)
{
    enum hanse_status status = hanse_file_open_read(file, path, err);
    return status == HANSE_OK ? lock_open(file, F_RDLCK, timeout_ms, err) : status;
}
