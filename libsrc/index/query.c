/* SPDX-License-Identifier: Apache-2.0 */
#include "index/query.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

struct hanse_query hanse_query_of(struct hanse_database *database, int slot, const char *sql)
{
    assert(slot >= 0 && slot < HANSE_DATABASE_SLOTS);
    struct hanse_database_slot *kept = &database->slots[slot];
    assert(kept->sql == NULL || kept->sql == sql || strcmp(kept->sql, sql) == 0);
    struct hanse_query query = {.database = database, .code = SQLITE_OK};
    if (!kept->busy && kept->statement != NULL) {
        query.statement = kept->statement;
    } else {
        unsigned flags = kept->busy ? 0 : SQLITE_PREPARE_PERSISTENT;
        query.code = hanse_database_trouble();
        if (query.code == SQLITE_OK)
            query.code = sqlite3_prepare_v3(database->handle, sql, -1, flags, &query.statement, NULL);
    }
    if (!kept->busy && query.code == SQLITE_OK) {
        *kept = (struct hanse_database_slot){.statement = query.statement, .sql = sql, .busy = true};
        query.slot = kept;
    }
    return query;
}

void hanse_query_end(struct hanse_query *query)
{
    if (query->slot == NULL) {
        (void)sqlite3_finalize(query->statement);
        return;
    }
    (void)sqlite3_reset(query->statement);
    (void)sqlite3_clear_bindings(query->statement);
    query->slot->busy = false;
}

static void note(struct hanse_query *query, int code)
{
    if (query->code == SQLITE_OK)
        query->code = code;
}

void hanse_query_bind_i64(struct hanse_query *query, int at, int64_t value)
{
    if (query->code == SQLITE_OK)
        note(query, sqlite3_bind_int64(query->statement, at, value));
}

void hanse_query_bind_u64(struct hanse_query *query, int at, uint64_t value)
{
    hanse_query_bind_i64(query, at, (int64_t)value);
}

void hanse_query_bind_blob(struct hanse_query *query, int at, const void *data, size_t size)
{
    if (query->code == SQLITE_OK)
        note(query, sqlite3_bind_blob64(query->statement, at, data, size, SQLITE_STATIC));
}

void hanse_query_bind_bytes(struct hanse_query *query, int at, struct hanse_bytes bytes)
{
    hanse_query_bind_blob(query, at, bytes.size > 0 ? (const void *)bytes.data : "", bytes.size);
}

void hanse_query_bind_text(struct hanse_query *query, int at, const char *text)
{
    if (query->code == SQLITE_OK)
        note(query, sqlite3_bind_text(query->statement, at, text, -1, SQLITE_STATIC));
}

enum hanse_status hanse_query_prefix_bounds(const char *hex_prefix, uint8_t low[16], uint8_t high[16],
                                            struct hanse_error *err)
{
    size_t digits = strlen(hex_prefix);
    char text[32];
    bool ok = digits <= sizeof text;
    if (ok) {
        memset(text, '0', sizeof text);
        memcpy(text, hex_prefix, digits);
        ok = hanse_hex_decode(hanse_bytes_of(text, sizeof text), low, 16);
        memset(text + digits, 'f', sizeof text - digits);
        ok = ok && hanse_hex_decode(hanse_bytes_of(text, sizeof text), high, 16);
    }
    return ok ? HANSE_OK
              : hanse_fail(err, HANSE_INVALID_ARGUMENT,
                           "start of a record id must be up to 32 hexadecimal digits in lower case: "
                           "\"%.64s\"",
                           hex_prefix);
}

enum hanse_status hanse_query_step(struct hanse_query *query, bool *out_row, struct hanse_error *err)
{
    int code = query->code == SQLITE_OK ? hanse_database_trouble() : query->code;
    if (code == SQLITE_OK)
        code = sqlite3_step(query->statement);
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        *out_row = code == SQLITE_ROW;
        return HANSE_OK;
    }
    query->code = code;
    query->database->failed = true;
    return hanse_database_fail(query->database, code, err);
}

enum hanse_status hanse_query_run(struct hanse_query *query, struct hanse_error *err)
{
    bool row = false;
    enum hanse_status status = hanse_query_step(query, &row, err);
    assert(status != HANSE_OK || !row);
    if (query->code == SQLITE_OK)
        (void)sqlite3_reset(query->statement);
    return status;
}

int64_t hanse_query_i64(const struct hanse_query *query, int at)
{
    return sqlite3_column_int64(query->statement, at);
}

uint64_t hanse_query_u64(const struct hanse_query *query, int at)
{
    return (uint64_t)hanse_query_i64(query, at);
}

uint32_t hanse_query_u32(const struct hanse_query *query, int at)
{
    return (uint32_t)hanse_query_u64(query, at);
}

enum hanse_status hanse_query_copy_text(const struct hanse_query *query, int at, struct hanse_arena *arena,
                                        const char **out, struct hanse_error *err)
{
    if (sqlite3_column_type(query->statement, at) == SQLITE_NULL) {
        *out = NULL;
        return HANSE_OK;
    }
    const void *text = sqlite3_column_text(query->statement, at);
    if (text == NULL)
        return hanse_fail_memory(err);
    char *copy =
        hanse_arena_copy(arena, hanse_bytes_of(text, (size_t)sqlite3_column_bytes(query->statement, at)));
    if (copy == NULL)
        return hanse_fail_memory(err);
    *out = copy;
    return HANSE_OK;
}

static struct hanse_bytes blob_of(const struct hanse_query *query, int at)
{
    const void *data = sqlite3_column_blob(query->statement, at);
    int size = data != NULL ? sqlite3_column_bytes(query->statement, at) : 0;
    return (struct hanse_bytes){.data = data, .size = (size_t)size};
}

enum hanse_status hanse_query_copy_bytes(const struct hanse_query *query, int at, struct hanse_arena *arena,
                                         struct hanse_bytes *out, struct hanse_error *err)
{
    struct hanse_bytes blob = blob_of(query, at);
    char *copy = NULL;
    if (blob.size > 0 && (copy = hanse_arena_copy(arena, blob)) == NULL)
        return hanse_fail_memory(err);
    *out = hanse_bytes_of(copy, blob.size);
    return HANSE_OK;
}

enum hanse_status hanse_query_copy_blob(const struct hanse_query *query, int at, uint8_t *out, size_t size,
                                        struct hanse_error *err)
{
    struct hanse_bytes blob = blob_of(query, at);
    if (blob.size != size)
        return hanse_database_fail_content(query->database, "a value has the wrong size", err);
    memcpy(out, blob.data, size);
    return HANSE_OK;
}
