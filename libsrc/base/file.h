/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders: the only place of the library that calls the operating system for them. */
#ifndef HANSE_BASE_FILE_H
#define HANSE_BASE_FILE_H

#include <stdbool.h>

#include "base/buffer.h"

#define HANSE_PATH_BYTES 4096

/* A path that fits or fails: HANSE_LIMIT when longer. */
struct hanse_path {
    char text[HANSE_PATH_BYTES];
};
HANSE_MUST_CHECK enum hanse_status hanse_path_format(struct hanse_path *out, struct hanse_error *err,
                                                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum {
    HANSE_MODE_PUBLIC_FILE = 0644,
    HANSE_MODE_PUBLIC_DIR = 0755,
    HANSE_MODE_PRIVATE_FILE = 0600,
    HANSE_MODE_PRIVATE_DIR = 0700
};

/* All below: HANSE_IO, HANSE_NOT_FOUND, HANSE_EXISTS, HANSE_DENIED from the operating system, with the path
 * in the message. */

/* The whole file into `out`. HANSE_LIMIT if it has more than max_bytes; NULL-free, any bytes. */
HANSE_MUST_CHECK enum hanse_status hanse_file_read(const char *path, size_t max_bytes,
                                                   struct hanse_buffer *out, struct hanse_error *err);
/* Whole new content under an existing or new name: temporary file beside it, fsync, rename, fsync of the
 * folder. The new modification time is in whole seconds and later than the replaced file's, since web servers
 * build ETags from it. A reader sees the old content or the new one. */
HANSE_MUST_CHECK enum hanse_status hanse_file_replace(const char *path, struct hanse_bytes content,
                                                      unsigned mode, struct hanse_error *err);
/* As replace, but without any fsync: for many files that one hanse_file_sync_tree makes durable together. */
HANSE_MUST_CHECK enum hanse_status hanse_file_replace_later_synced(const char *path,
                                                                   struct hanse_bytes content, unsigned mode,
                                                                   struct hanse_error *err);
/* Makes everything on the file system that holds `path` durable (syncfs). */
HANSE_MUST_CHECK enum hanse_status hanse_file_sync_tree(const char *path, struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_file_sync_dir(const char *path, struct hanse_error *err);
/* The folder and its parents, durable; those that exist are left as they are. */
HANSE_MUST_CHECK enum hanse_status hanse_file_make_dirs(const char *path, unsigned mode,
                                                        struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_file_remove(const char *path, struct hanse_error *err);
/* An empty folder. */
HANSE_MUST_CHECK enum hanse_status hanse_file_remove_dir(const char *path, struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_file_rename(const char *from, const char *to,
                                                     struct hanse_error *err);
bool hanse_file_exists(const char *path);
/* Modification time. */
HANSE_MUST_CHECK enum hanse_status hanse_file_modified(const char *path, uint64_t *out_unix_s,
                                                       struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_file_size(const char *path, uint64_t *out_bytes,
                                                   struct hanse_error *err);

/* Calls `visit` for each name in the folder but "." and "..", sorted by bytes; stops at the first status that
 * is not HANSE_OK and returns it. A folder that does not exist has no names. */
typedef enum hanse_status hanse_file_visit(void *context, const char *name, bool is_dir,
                                           struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_file_list(const char *dir, hanse_file_visit *visit, void *context,
                                                   struct hanse_error *err);

/* An open file; fd is -1 when closed. The path is kept for messages. */
struct hanse_file {
    int fd;
    struct hanse_path path;
};
#define HANSE_FILE_CLOSED ((struct hanse_file){.fd = -1})

HANSE_MUST_CHECK enum hanse_status hanse_file_open_read(struct hanse_file *file, const char *path,
                                                        struct hanse_error *err);
/* For reading and writing at offsets; made with `mode` if it does not exist. */
HANSE_MUST_CHECK enum hanse_status hanse_file_open_write(struct hanse_file *file, const char *path,
                                                         unsigned mode, struct hanse_error *err);
/* Closing twice or a file that never opened does nothing. */
void hanse_file_close(struct hanse_file *file);
/* All `size` bytes at `offset`, or HANSE_TRUNCATED if the file ends before. */
HANSE_MUST_CHECK enum hanse_status hanse_file_read_at(struct hanse_file *file, uint64_t offset, uint8_t *out,
                                                      size_t size, struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_file_write_at(struct hanse_file *file, uint64_t offset,
                                                       struct hanse_bytes bytes, struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_file_truncate(struct hanse_file *file, uint64_t size,
                                                       struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_file_sync(struct hanse_file *file, struct hanse_error *err);
/* An exclusive lock held until close (HANSE_LOCKED when another process has it, waiting up to timeout_ms). */
HANSE_MUST_CHECK enum hanse_status hanse_file_lock(struct hanse_file *file, const char *path,
                                                   unsigned timeout_ms, struct hanse_error *err);
/* As before, of an existing file that need not be writable: others may hold it likewise, nobody exclusively.
 */
HANSE_MUST_CHECK enum hanse_status hanse_file_lock_shared(struct hanse_file *file, const char *path,
                                                          unsigned timeout_ms, struct hanse_error *err);

#define HANSE_SCOPED_FILE __attribute__((cleanup(hanse_file_close)))

#endif
