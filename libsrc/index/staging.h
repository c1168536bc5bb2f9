/* SPDX-License-Identifier: Apache-2.0 */
/* Staged changes: what the next publish of each own feed appends. A SQLite file of its own,
 * private/staging.sqlite. Id, salt and time are fixed when a change is staged. Errors as in index.h. */
#ifndef HANSE_INDEX_STAGING_H
#define HANSE_INDEX_STAGING_H

#include <stdbool.h>

#include "base/buffer.h"

struct hanse_staging;

HANSE_MUST_CHECK enum hanse_status hanse_staging_open(const char *path, struct hanse_staging **out,
                                                      struct hanse_error *err);
void hanse_staging_close(struct hanse_staging *staging);
/* Who runs this may not write it: begin is HANSE_DENIED. */
bool hanse_staging_is_read_only(const struct hanse_staging *staging);
/* As hanse_index_check. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_check(struct hanse_staging *staging,
                                                       struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_staging_begin(struct hanse_staging *staging,
                                                       struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_staging_commit(struct hanse_staging *staging,
                                                        struct hanse_error *err);
void hanse_staging_rollback(struct hanse_staging *staging);

struct hanse_staged_change {
    uint64_t sequence; /* given by put */
    const char *origin;
    uint32_t operation; /* enum hanse_operation: PUT or WITHDRAW */
    uint8_t record_id[16];
    uint32_t audience;
    uint32_t kind;
    uint32_t reason;
    uint64_t published_unix_s;
    uint8_t salt[16];
    uint8_t digest[16];        /* first 16 bytes of SHA-256 of the record */
    struct hanse_bytes record; /* serialized; empty for WITHDRAW */
};
/* Adds a change. A change of the same origin and record id that is already staged is replaced and keeps its
 * place
 * (*out_replaced). */
HANSE_MUST_CHECK enum hanse_status hanse_staging_put(struct hanse_staging *staging,
                                                     struct hanse_staged_change *change, bool *out_replaced,
                                                     struct hanse_error *err);
/* An identifier that the staged record carries, so that a later import finds it; a put that replaces the
 * change forgets it. HANSE_NOT_FOUND: no such change. */
HANSE_MUST_CHECK enum hanse_status
hanse_staging_identifier_add(struct hanse_staging *staging, const char *origin, const uint8_t record_id[16],
                             const char *scheme, const char *value, struct hanse_error *err);
/* HANSE_NOT_FOUND. Views live until the next call. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_get(struct hanse_staging *staging, const char *origin,
                                                     const uint8_t record_id[16],
                                                     struct hanse_staged_change *out,
                                                     struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_staging_find_identifier(struct hanse_staging *staging,
                                                                 const char *origin, const char *scheme,
                                                                 const char *value, uint8_t out_record_id[16],
                                                                 struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_staging_find_digest(struct hanse_staging *staging,
                                                             const char *origin, const uint8_t digest[16],
                                                             uint8_t out_record_id[16],
                                                             struct hanse_error *err);
typedef enum hanse_status hanse_staging_id_visit(void *context, const uint8_t record_id[16],
                                                 struct hanse_error *err);
/* The ids of staged changes that begin with the digits, ascending. HANSE_INVALID_ARGUMENT: not up to 32
 * hexadecimal digits in lower case. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_find_prefix(struct hanse_staging *staging,
                                                             const char *origin, const char *hex_prefix,
                                                             hanse_staging_id_visit *visit, void *context,
                                                             struct hanse_error *err);
/* The ids of staged changes that carry an identifier of the scheme, ascending. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_find_scheme(struct hanse_staging *staging,
                                                             const char *origin, const char *scheme,
                                                             hanse_staging_id_visit *visit, void *context,
                                                             struct hanse_error *err);
/* Drops one change; HANSE_NOT_FOUND. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_remove(struct hanse_staging *staging, const char *origin,
                                                        const uint8_t record_id[16], struct hanse_error *err);
/* Drops the changes of an origin up to a sequence (those that were published). When nothing is left the file
 * is emptied, so that no text stays in it or beside it (docs/index.md). Within a transaction or as one of its
 * own; every other write needs one (HANSE_INVALID_ARGUMENT). */
HANSE_MUST_CHECK enum hanse_status hanse_staging_remove_upto(struct hanse_staging *staging,
                                                             const char *origin, uint64_t sequence,
                                                             struct hanse_error *err);
/* The same after a publish, which leaves what is not for everybody: those changes stay. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_remove_published(struct hanse_staging *staging,
                                                                  const char *origin, uint64_t sequence,
                                                                  struct hanse_error *err);
/* How many changes are not for everybody. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_count_held_back(struct hanse_staging *staging,
                                                                 const char *origin, uint64_t *out,
                                                                 struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_staging_count(struct hanse_staging *staging, const char *origin,
                                                       uint64_t *out, struct hanse_error *err);
typedef enum hanse_status hanse_staging_visit(void *context, const struct hanse_staged_change *change,
                                              struct hanse_error *err);
/* In the order of sequence. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_list(struct hanse_staging *staging, const char *origin,
                                                      hanse_staging_visit *visit, void *context,
                                                      struct hanse_error *err);

#endif
