/* SPDX-License-Identifier: Apache-2.0 */
/* A statement in use. It fails once and stays failed: prepare, bind and step, then one check. */
#ifndef HANSE_INDEX_QUERY_H
#define HANSE_INDEX_QUERY_H

#include "base/arena.h"
#include "index/database.h"

struct hanse_query {
    struct hanse_database *database;
    struct hanse_database_slot *slot; /* NULL: of its own, since the slot was in use further out */
    sqlite3_stmt *statement;
    int code;
};

/* `sql` is a constant that always goes with this slot. What fails here is told by the first step. */
struct hanse_query hanse_query_of(struct hanse_database *database, int slot, const char *sql);
void hanse_query_end(struct hanse_query *query);
#define HANSE_SCOPED_QUERY __attribute__((cleanup(hanse_query_end)))

/* Parameters count from 1. What is bound must stay until the query ends. NULL binds NULL. A uint64_t is kept
 * as the int64_t of the same bits. */
void hanse_query_bind_i64(struct hanse_query *query, int at, int64_t value);
void hanse_query_bind_u64(struct hanse_query *query, int at, uint64_t value);
void hanse_query_bind_blob(struct hanse_query *query, int at, const void *data, size_t size);
void hanse_query_bind_text(struct hanse_query *query, int at, const char *text);

/* The empty view binds an empty value, not NULL. */
void hanse_query_bind_bytes(struct hanse_query *query, int at, struct hanse_bytes bytes);

/* The lowest and the highest record id that begin with the digits. HANSE_INVALID_ARGUMENT: more than 32, or
 * not hexadecimal in lower case. */
HANSE_MUST_CHECK enum hanse_status hanse_query_prefix_bounds(const char *hex_prefix, uint8_t low[16],
                                                             uint8_t high[16], struct hanse_error *err);

/* Errors as in index.h, HANSE_MALFORMED; a failure within a transaction forbids its commit. */
HANSE_MUST_CHECK enum hanse_status hanse_query_step(struct hanse_query *query, bool *out_row,
                                                    struct hanse_error *err);
/* For a statement without rows; may be bound and run again. */
HANSE_MUST_CHECK enum hanse_status hanse_query_run(struct hanse_query *query, struct hanse_error *err);

/* Columns count from 0 and live until the next step. */
int64_t hanse_query_i64(const struct hanse_query *query, int at);
uint64_t hanse_query_u64(const struct hanse_query *query, int at);
uint32_t hanse_query_u32(const struct hanse_query *query, int at);
/* A copy in the arena; NULL for NULL. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_query_copy_text(const struct hanse_query *query, int at,
                                                         struct hanse_arena *arena, const char **out,
                                                         struct hanse_error *err);
/* A copy in the arena, NULL if it has no bytes. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_query_copy_bytes(const struct hanse_query *query, int at,
                                                          struct hanse_arena *arena, struct hanse_bytes *out,
                                                          struct hanse_error *err);
/* HANSE_MALFORMED unless the blob has exactly `size` bytes. */
HANSE_MUST_CHECK enum hanse_status hanse_query_copy_blob(const struct hanse_query *query, int at,
                                                         uint8_t *out, size_t size, struct hanse_error *err);

#endif
