/* SPDX-License-Identifier: Apache-2.0 */
#include "index/database_access.h"

#include <sqlite3.h>
#include <string.h>

#include "base/error.h"
#include "base/place.h"

static bool beside(const char *path, const char *ending, struct hanse_path *out)
{
    return hanse_path_format(out, NULL, "%s%s", path, ending) == HANSE_OK && hanse_file_exists(out->text);
}

bool hanse_database_has_log(const char *path)
{
    struct hanse_path log;
    return beside(path, "-wal", &log);
}

/* Both the file, and its folder: SQLite makes the log there. */
static enum hanse_status may_write(const char *path, bool *out, struct hanse_error *err)
{
    struct hanse_path folder;
    struct hanse_place file_place;
    struct hanse_place folder_place;
    const char *slash = strrchr(path, '/');
    int length = slash != NULL ? (int)(slash - path) + 1 : 1;
    enum hanse_status status = hanse_path_format(&folder, err, "%.*s", length, slash != NULL ? path : ".");
    if (status == HANSE_OK)
        status = hanse_place_look(path, &file_place, err);
    if (status == HANSE_OK)
        status = hanse_place_look(folder.text, &folder_place, err);
    if (status == HANSE_OK)
        *out = file_place.writable && folder_place.writable;
    return status;
}

/* A name that begins with "file:" would be read as a URI. */
static enum hanse_status plain_name(const char *path, struct hanse_path *out, struct hanse_error *err)
{
    return hanse_path_format(out, err, "%s%s", path[0] == '/' ? "" : "./", path);
}

static enum hanse_status immutable_name(const char *path, struct hanse_path *out, struct hanse_error *err)
{
    static const char digits[] = "0123456789abcdef";
    static const char query[] = "?immutable=1";
    char encoded[HANSE_PATH_BYTES];
    size_t used = 0;
    for (const char *at = path; *at != '\0'; at++) {
        if (used + 3 + sizeof query > sizeof encoded)
            return hanse_fail(err, HANSE_LIMIT, "path is too long: \"%.64s...\"", path);
        bool escaped = strchr("%?#", *at) != NULL;
        encoded[used++] = escaped ? '%' : *at;
        if (escaped) {
            encoded[used++] = digits[(unsigned char)*at >> 4];
            encoded[used++] = digits[(unsigned char)*at & 15];
        }
    }
    encoded[used] = '\0';
    return hanse_path_format(out, err, "file:%s%s", encoded, query);
}

/* SQLite reads a write-ahead log through the "-shm" file, and would have to make it. Where there is none
 * nobody has the file open, and all of it is in the file itself, unless a log was left that has content. */
static enum hanse_status judge_reading(const char *path, const char *noun, struct hanse_database_access *out,
                                       struct hanse_error *err)
{
    struct hanse_path log;
    struct hanse_path shared;
    uint64_t log_bytes = 0;
    bool has_log = beside(path, "-wal", &log);
    enum hanse_status status = has_log ? hanse_file_size(log.text, &log_bytes, err) : HANSE_OK;
    bool live = has_log && beside(path, "-shm", &shared);
    if (status == HANSE_OK && log_bytes > 0 && !live)
        return hanse_fail(err, HANSE_DENIED,
                          "cannot read %s \"%s\": its log holds changes that only who may write there can "
                          "take over; run `hanse status` once as that user",
                          noun, path);
    out->read_only = true;
    out->as_it_lies = !live;
    out->flags = SQLITE_OPEN_READONLY | (live ? 0 : SQLITE_OPEN_URI);
    if (status == HANSE_OK)
        status = live ? plain_name(path, &out->name, err) : immutable_name(path, &out->name, err);
    return status;
}

enum hanse_status hanse_database_access_judge(const char *path, const char *noun,
                                              struct hanse_database_access *out, struct hanse_error *err)
{
    bool writable = false;
    enum hanse_status status = may_write(path, &writable, err);
    if (status != HANSE_OK)
        return status;
    *out = (struct hanse_database_access){.flags = SQLITE_OPEN_READWRITE};
    return writable ? plain_name(path, &out->name, err) : judge_reading(path, noun, out, err);
}
