/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of staging share. */
#ifndef HANSE_INDEX_STAGING_INTERNAL_H
#define HANSE_INDEX_STAGING_INTERNAL_H

#include "index/query.h"
#include "index/staging.h"

enum { HANSE_STAGING_ID_BYTES = 16 }; /* of record ids and digests */

struct hanse_staging {
    struct hanse_database database;
    struct hanse_arena given; /* what was handed out last */
    bool emptied; /* within the transaction everything was removed, which its commit will carry out */
};

enum hanse_staging_slot {
    HANSE_STAGING_SLOT_FIND,
    HANSE_STAGING_SLOT_INSERT,
    HANSE_STAGING_SLOT_UPDATE,
    HANSE_STAGING_SLOT_IDENTIFIER_FORGET,
    HANSE_STAGING_SLOT_IDENTIFIER_ADD,
    HANSE_STAGING_SLOT_GET,
    HANSE_STAGING_SLOT_FIND_IDENTIFIER,
    HANSE_STAGING_SLOT_FIND_DIGEST,
    HANSE_STAGING_SLOT_FIND_PREFIX,
    HANSE_STAGING_SLOT_REMOVE,
    HANSE_STAGING_SLOT_REMOVE_UPTO,
    HANSE_STAGING_SLOT_REMOVE_PUBLISHED,
    HANSE_STAGING_SLOT_REMOVE_ALL,
    HANSE_STAGING_SLOT_OTHERS_LEFT,
    HANSE_STAGING_SLOT_LAST_SEQUENCE,
    HANSE_STAGING_SLOT_COUNT,
    HANSE_STAGING_SLOT_COUNT_HELD_BACK,
    HANSE_STAGING_SLOT_LIST,
    HANSE_STAGING_SLOT_FIND_SCHEME
};
_Static_assert((int)HANSE_STAGING_SLOT_FIND_SCHEME < (int)HANSE_DATABASE_SLOTS,
               "each statement needs a slot");

#define HANSE_STAGING_COLUMNS                                                                                \
    "origin, operation, record_id, audience, kind, reason, published_unix_s, salt, digest, record"

/* Before anything else is done in a transaction that removed everything: removes it row by row after all.
 * Errors as in index.h. */
HANSE_MUST_CHECK enum hanse_status hanse_staging_settle(struct hanse_staging *staging,
                                                        struct hanse_error *err);
/* HANSE_NOT_FOUND. */
enum hanse_status hanse_staging_fail_absent(const char *origin, struct hanse_error *err);

#endif
