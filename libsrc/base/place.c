/* SPDX-License-Identifier: Apache-2.0 */
#include "base/place.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"

enum { PERMISSION_BITS = 07777 };

enum hanse_status hanse_place_look(const char *path, struct hanse_place *out, struct hanse_error *err)
{
    struct stat info;
    struct statvfs disk;
    if (stat(path, &info) != 0)
        return hanse_fail_errno(err, errno, "cannot look at \"%s\"", path);
    if (statvfs(path, &disk) != 0)
        return hanse_fail_errno(err, errno, "cannot look at the disk of \"%s\"", path);
    *out = (struct hanse_place){
        .is_dir = S_ISDIR(info.st_mode),
        .own = info.st_uid == geteuid(),
        .writable = access(path, W_OK) == 0,
        .read_only = (disk.f_flag & ST_RDONLY) != 0,
        .mode = (unsigned)info.st_mode & PERMISSION_BITS,
        .modified_unix_s = info.st_mtime > 0 ? (uint64_t)info.st_mtime : 0,
        .free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize,
        .free_files = disk.f_files > 0 ? (uint64_t)disk.f_favail : UINT64_MAX,
    };
    return HANSE_OK;
}
