/* SPDX-License-Identifier: Apache-2.0 */
/* What SQLite's failures are called here, and what is said of them. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "index/database.h"
#include "index/database_access.h"

static enum hanse_status status_of_code(int code, int system_errno)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return HANSE_NO_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return HANSE_LOCKED;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return HANSE_DENIED;
    case SQLITE_CANTOPEN:
        return system_errno == EACCES || system_errno == EPERM || system_errno == EROFS ? HANSE_DENIED
                                                                                        : HANSE_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR: /* our statements are constant: a table or column is not there */
        return HANSE_MALFORMED;
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_FOREIGNKEY ? HANSE_NOT_FOUND : HANSE_EXISTS;
    case SQLITE_TOOBIG:
        return HANSE_LIMIT;
    default:
        return code == SQLITE_IOERR_NOMEM ? HANSE_NO_MEMORY : HANSE_IO;
    }
}

static bool file_failed(sqlite3 *handle, int which)
{
    sqlite3_file *file = NULL;
    int last = 0;
    return sqlite3_file_control(handle, "main", which, &file) == SQLITE_OK && file != NULL &&
           file->pMethods != NULL &&
           file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &last) == SQLITE_OK && last == EIO;
}

/* A statement that meets a read error of the disk says "malformed", as if the content were wrong: told so,
 * somebody would move away a good file. The files know better. */
static bool disk_failed(const struct hanse_database *database, int code)
{
    return (code & 0xff) == SQLITE_CORRUPT && database->handle != NULL &&
           (file_failed(database->handle, SQLITE_FCNTL_FILE_POINTER) ||
            file_failed(database->handle, SQLITE_FCNTL_JOURNAL_POINTER));
}

enum hanse_status hanse_database_fail(const struct hanse_database *database, int code,
                                      struct hanse_error *err)
{
    const char *noun = database->schema->noun;
    const char *words = database->handle != NULL && sqlite3_extended_errcode(database->handle) == code
                            ? sqlite3_errmsg(database->handle)
                            : sqlite3_errstr(code);
    int system_errno = database->handle != NULL ? sqlite3_system_errno(database->handle) : 0;
    enum hanse_status status = status_of_code(code, system_errno);
    if (disk_failed(database, code))
        return hanse_fail_library(err, HANSE_IO, code, "cannot read %s \"%s\": %s; look at the disk", noun,
                                  database->path, strerror(EIO));
    /* Read without locks, it looks broken while somebody has begun to write it. */
    if (status == HANSE_MALFORMED && database->as_it_lies && hanse_database_has_log(database->path))
        status = HANSE_LOCKED;
    if (status == HANSE_MALFORMED)
        return hanse_fail_library(err, status, code, "damaged %s \"%s\" (%s): %s", noun, database->path,
                                  words, database->schema->remedy);
    if (status == HANSE_LOCKED)
        return hanse_fail_library(err, status, code, "%s \"%s\" is in use by another process (%s): try again",
                                  noun, database->path, words);
    if (system_errno != 0 && (status == HANSE_IO || status == HANSE_DENIED))
        return hanse_fail_library(err, status, code, "cannot use %s \"%s\": %s: %s", noun, database->path,
                                  words, strerror(system_errno));
    return hanse_fail_library(err, status, code, "cannot use %s \"%s\": %s", noun, database->path, words);
}

enum hanse_status hanse_database_fail_content(const struct hanse_database *database, const char *what,
                                              struct hanse_error *err)
{
    return hanse_fail_library(err, HANSE_MALFORMED, SQLITE_CORRUPT, "damaged %s \"%s\" (%s): %s",
                              database->schema->noun, database->path, what, database->schema->remedy);
}
