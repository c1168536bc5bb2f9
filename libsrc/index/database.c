/* SPDX-License-Identifier: Apache-2.0 */
#include "index/database.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "index/database_access.h"

enum {
    BUSY_TIMEOUT_MS = 10000,
    SCRUB_TIMEOUT_MS = 1000, /* how long a reader may hold up the emptying of the log */
    MODE_RETRY_MS = 10
};

/* synchronous=FULL: a commit is on the disk when it returns. secure_delete: deleted content is overwritten.
 * The log is cut to journal_size_limit after a large transaction. */
static const char settings[] = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
                               "PRAGMA cache_size=-16384; PRAGMA journal_size_limit=4194304;"
                               "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";

static int (*failure_hook)(void *context);
static void *failure_context;

void hanse_database_set_failure_hook(int (*hook)(void *context), void *context)
{
    failure_hook = hook;
    failure_context = context;
}

int hanse_database_trouble(void)
{
    return failure_hook != NULL ? failure_hook(failure_context) : SQLITE_OK;
}

static int run_sql(const struct hanse_database *database, const char *sql,
                   int (*row)(void *out, int count, char **values, char **names), void *out)
{
    int code = hanse_database_trouble();
    return code == SQLITE_OK ? sqlite3_exec(database->handle, sql, row, out, NULL) : code;
}

static enum hanse_status execute(struct hanse_database *database, const char *sql, struct hanse_error *err)
{
    int code = run_sql(database, sql, NULL, NULL);
    return code == SQLITE_OK ? HANSE_OK : hanse_database_fail(database, code, err);
}

static int read_number(void *out, int count, char **values, char **names)
{
    (void)names;
    if (count > 0 && values[0] != NULL)
        *(sqlite3_int64 *)out = strtoll(values[0], NULL, 10);
    return 0;
}

static enum hanse_status ask(struct hanse_database *database, const char *sql, sqlite3_int64 *out,
                             struct hanse_error *err)
{
    *out = 0;
    int code = run_sql(database, sql, read_number, out);
    return code == SQLITE_OK ? HANSE_OK : hanse_database_fail(database, code, err);
}

/* Which version of the schema the file has: ours or an older one, or 0 for none yet. Others are refused. */
static enum hanse_status judge_schema(struct hanse_database *database, sqlite3_int64 *out,
                                      struct hanse_error *err)
{
    const struct hanse_database_schema *schema = database->schema;
    sqlite3_int64 application, version, objects;
    enum hanse_status status = ask(database, "PRAGMA application_id", &application, err);
    if (status == HANSE_OK)
        status = ask(database, "PRAGMA user_version", &version, err);
    if (status == HANSE_OK)
        status = ask(database, "SELECT count(*) FROM sqlite_schema", &objects, err);
    if (status != HANSE_OK)
        return status;
    bool fresh = application == 0 && version == 0;
    bool empty = objects == 0 && (fresh || application == schema->application_id);
    bool before = version > 0 && version < schema->version && schema->upgrades != NULL;
    *out = empty ? 0 : version;
    if (application != schema->application_id && !empty)
        return hanse_database_fail_content(database, "it is of another program", err);
    if (version > schema->version)
        return hanse_fail(err, HANSE_UNSUPPORTED,
                          "%s \"%s\" has version %lld and this build knows up to %d: use a newer build",
                          schema->noun, database->path, (long long)version, schema->version);
    return version == schema->version || before || empty
               ? HANSE_OK
               : hanse_database_fail_content(database, "its version is unknown", err);
}

/* As of one moment: another process may be making the schema between any two questions. */
static enum hanse_status judge_file(struct hanse_database *database, sqlite3_int64 *out,
                                    struct hanse_error *err)
{
    enum hanse_status status = execute(database, "BEGIN", err);
    if (status == HANSE_OK)
        status = judge_schema(database, out, err);
    hanse_database_rollback(database);
    return status;
}

/* Several processes may come here at once: the first makes the schema, the others find it. */
static enum hanse_status make_schema(struct hanse_database *database, struct hanse_error *err)
{
    enum hanse_status status = execute(database, "BEGIN IMMEDIATE", err);
    sqlite3_int64 version = database->schema->version;
    if (status == HANSE_OK)
        status = judge_schema(database, &version, err);
    if (status == HANSE_OK && version == 0)
        status = execute(database, database->schema->sql, err);
    for (; version > 0 && version < database->schema->version && status == HANSE_OK; version++)
        status = execute(database, database->schema->upgrades[version - 1], err);
    if (status == HANSE_OK)
        status = execute(database, "COMMIT", err);
    if (status != HANSE_OK)
        hanse_database_rollback(database);
    return status;
}

/* The change to a write-ahead log does not wait for others as statements do. */
static enum hanse_status use_log(struct hanse_database *database, struct hanse_error *err)
{
    int code = SQLITE_BUSY;
    for (int waited_ms = 0; waited_ms <= BUSY_TIMEOUT_MS; waited_ms += MODE_RETRY_MS) {
        code = run_sql(database, "PRAGMA journal_mode=WAL", NULL, NULL);
        if ((code & 0xff) != SQLITE_BUSY)
            break;
        (void)sqlite3_sleep(MODE_RETRY_MS);
    }
    return code == SQLITE_OK ? HANSE_OK : hanse_database_fail(database, code, err);
}

/* SQLite would make the file as the umask says. A file that is there is not opened: closing it would drop the
 * locks that this process holds on it through SQLite. */
static enum hanse_status make_file(const char *path, struct hanse_error *err)
{
    if (hanse_file_exists(path))
        return HANSE_OK;
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    return hanse_file_open_write(&file, path, HANSE_MODE_PRIVATE_FILE, err);
}

/* Nothing is made or brought up to date in a file that may only be read. */
static enum hanse_status settle_read_only(const struct hanse_database *database, sqlite3_int64 version,
                                          struct hanse_error *err)
{
    return version == database->schema->version
               ? HANSE_OK
               : hanse_fail_library(err, HANSE_DENIED, SQLITE_READONLY,
                                    "cannot bring %s \"%s\" up to date: it may only be read; run `hanse "
                                    "status` once as the user who may write it",
                                    database->schema->noun, database->path);
}

static enum hanse_status open_handle(struct hanse_database *database, struct hanse_error *err)
{
    struct hanse_database_access access;
    enum hanse_status status =
        hanse_database_access_judge(database->path, database->schema->noun, &access, err);
    if (status != HANSE_OK)
        return status;
    database->read_only = access.read_only;
    database->as_it_lies = access.as_it_lies;
    int flags = access.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(access.name.text, &database->handle, flags, NULL);
    if (code != SQLITE_OK)
        return hanse_database_fail(database, code, err);
    /* SQLite falls back to reading for whatever reason. */
    if (!database->read_only && sqlite3_db_readonly(database->handle, "main") == 1)
        return hanse_fail_library(err, HANSE_IO, SQLITE_CANTOPEN, "unable to open %s \"%s\" for writing",
                                  database->schema->noun, database->path);
    (void)sqlite3_busy_timeout(database->handle, BUSY_TIMEOUT_MS);
    status = execute(database, settings, err);
    if (status == HANSE_OK && database->schema->settings != NULL)
        status = execute(database, database->schema->settings, err);
    sqlite3_int64 version = database->schema->version;
    if (status == HANSE_OK)
        status = judge_file(database, &version, err);
    if (status == HANSE_OK && database->read_only)
        return settle_read_only(database, version, err);
    if (status == HANSE_OK)
        status = use_log(database, err);
    return status == HANSE_OK && version != database->schema->version ? make_schema(database, err) : status;
}

enum hanse_status hanse_database_open(struct hanse_database *database, const char *path,
                                      const struct hanse_database_schema *schema, struct hanse_error *err)
{
    *database = (struct hanse_database){.schema = schema};
    enum hanse_status status = make_file(path, err);
    if (status != HANSE_OK)
        return status;
    database->path = hanse_strdup(path);
    if (database->path == NULL)
        return hanse_fail_memory(err);
    status = open_handle(database, err);
    if (status != HANSE_OK)
        hanse_database_close(database);
    return status;
}

static void finalize_slots(struct hanse_database *database)
{
    for (size_t i = 0; i < HANSE_DATABASE_SLOTS; i++) {
        (void)sqlite3_finalize(database->slots[i].statement);
        database->slots[i] = (struct hanse_database_slot){0};
    }
}

void hanse_database_close(struct hanse_database *database)
{
    finalize_slots(database);
    (void)sqlite3_close(database->handle);
    hanse_free(database->path);
    database->handle = NULL;
    database->path = NULL;
}

bool hanse_database_in_transaction(const struct hanse_database *database)
{
    return sqlite3_get_autocommit(database->handle) == 0;
}

enum hanse_status hanse_database_need_transaction(const struct hanse_database *database,
                                                  struct hanse_error *err)
{
    return hanse_database_in_transaction(database)
               ? HANSE_OK
               : hanse_fail(err, HANSE_INVALID_ARGUMENT, "no transaction is open on %s \"%s\"",
                            database->schema->noun, database->path);
}

enum hanse_status hanse_database_begin(struct hanse_database *database, struct hanse_error *err)
{
    if (hanse_database_in_transaction(database))
        return hanse_fail(err, HANSE_INVALID_ARGUMENT, "a transaction is open already on %s \"%s\"",
                          database->schema->noun, database->path);
    /* SQLite would begin a transaction, and refuse the first write in it. */
    if (database->read_only)
        return hanse_fail_library(err, HANSE_DENIED, SQLITE_READONLY, "cannot write %s \"%s\"",
                                  database->schema->noun, database->path);
    database->failed = false;
    return execute(database, "BEGIN IMMEDIATE", err);
}

/* Readers may stand in the way; then the next commit or the last close does it. */
static void cut_log(struct hanse_database *database, int timeout_ms)
{
    (void)sqlite3_busy_timeout(database->handle, timeout_ms);
    int code = hanse_database_trouble();
    if (code == SQLITE_OK)
        code = sqlite3_wal_checkpoint_v2(database->handle, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    database->scrub = code != SQLITE_OK;
    (void)sqlite3_busy_timeout(database->handle, BUSY_TIMEOUT_MS);
}

enum hanse_status hanse_database_commit(struct hanse_database *database, struct hanse_error *err)
{
    enum hanse_status status = hanse_database_need_transaction(database, err);
    if (status != HANSE_OK)
        return status;
    if (database->failed)
        return hanse_fail(err, HANSE_INVALID_ARGUMENT,
                          "cannot commit to %s \"%s\": an earlier step of the transaction failed",
                          database->schema->noun, database->path);
    status = execute(database, "COMMIT", err);
    if (status == HANSE_OK && database->scrub)
        cut_log(database, 0);
    return status;
}

void hanse_database_rollback(struct hanse_database *database)
{
    if (hanse_database_in_transaction(database))
        (void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    database->failed = false;
}

static int make_blank(const struct hanse_database *database, const char *after, sqlite3 **out)
{
    int code = sqlite3_open_v2(":memory:", out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(*out, database->schema->sql, NULL, NULL, NULL);
    return code == SQLITE_OK && after != NULL ? sqlite3_exec(*out, after, NULL, NULL, NULL) : code;
}

static int copy_over(const struct hanse_database *database, sqlite3 *blank)
{
    int code = hanse_database_trouble();
    if (code != SQLITE_OK)
        return code;
    sqlite3_backup *copy = sqlite3_backup_init(database->handle, "main", blank, "main");
    if (copy == NULL)
        return sqlite3_extended_errcode(database->handle);
    code = sqlite3_backup_step(copy, -1);
    int end = sqlite3_backup_finish(copy);
    return code == SQLITE_DONE ? end : code;
}

/* DELETE would write each page into the log; copying an empty database over it takes constant time, is one
 * transaction, schema and all, and unlike after unlinking it stays the same file. */
enum hanse_status hanse_database_empty(struct hanse_database *database, const char *after,
                                       struct hanse_error *err)
{
    sqlite3 *blank = NULL;
    finalize_slots(database);
    int code = make_blank(database, after, &blank);
    if (code == SQLITE_OK)
        code = copy_over(database, blank);
    (void)sqlite3_close(blank);
    if (code != SQLITE_OK)
        return hanse_database_fail(database, code, err);
    cut_log(database, SCRUB_TIMEOUT_MS);
    return HANSE_OK;
}

enum hanse_status hanse_database_check(struct hanse_database *database, struct hanse_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum hanse_status status = HANSE_OK;
    int code = hanse_database_trouble();
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(database->handle, "PRAGMA quick_check(1)", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (code != SQLITE_ROW)
        status = hanse_database_fail(database, code, err);
    else if (text == NULL || strcmp(text, "ok") != 0)
        status = hanse_fail(err, HANSE_MALFORMED, "%s \"%s\" is damaged: %.120s", database->schema->noun,
                            database->path, text != NULL ? text : "no answer");
    (void)sqlite3_finalize(statement);
    return status;
}
