/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the index share: the object and its statements' slots. */
#ifndef HANSE_INDEX_INDEX_INTERNAL_H
#define HANSE_INDEX_INDEX_INTERNAL_H

#include "index/index.h"
#include "index/query.h"

/* Entries that were added in this transaction and stand in no row of `arrival` yet. */
struct hanse_index_arriving {
    int64_t feed_id;
    int64_t first;
    int64_t beyond; /* equal to `first`: none */
};

struct hanse_index {
    struct hanse_database database;
    struct hanse_arena texts; /* what was handed out last */
    int64_t tail_feed_id;     /* the feed that entry_add wrote to in this transaction, 0 for none */
    int64_t tail_index;       /* its newest entry, -1 for none */
    struct hanse_index_arriving arriving;
};

enum hanse_index_slot {
    HANSE_SLOT_FEED_CLASH,
    HANSE_SLOT_FEED_INSERT,
    HANSE_SLOT_FEED_UPDATE,
    HANSE_SLOT_FEED_BY_NAME,
    HANSE_SLOT_FEED_BY_ID,
    HANSE_SLOT_FEED_IDS,
    HANSE_SLOT_FEED_SIZE,
    HANSE_SLOT_REMOVE_FIRST, /* and the steps after it */
    HANSE_SLOT_REMOVE_LAST = HANSE_SLOT_REMOVE_FIRST + 6,
    HANSE_SLOT_RESET_FIRST, /* and the steps after it */
    HANSE_SLOT_RESET_LAST = HANSE_SLOT_RESET_FIRST + 8,
    HANSE_SLOT_ENTRY_TAIL,
    HANSE_SLOT_ENTRY_INSERT,
    HANSE_SLOT_ENTRY_SUPERSEDE,
    HANSE_SLOT_ENTRY_KIND,
    HANSE_SLOT_ENTRY_FOUND,
    HANSE_SLOT_ENTRY_ERASE,
    HANSE_SLOT_ENTRY_MISSING,
    HANSE_SLOT_ENTRY_MISSING_COUNT,
    HANSE_SLOT_ENTRY_COUNT,
    HANSE_SLOT_RECORD_STATE,
    HANSE_SLOT_RECORD_INSERT,
    HANSE_SLOT_RECORD_UPDATE,
    HANSE_SLOT_IDENTIFIER_ADD,
    HANSE_SLOT_IDENTIFIER_ERASE,
    HANSE_SLOT_ERASED_BEFORE,
    HANSE_SLOT_ERASED_NEXT,
    HANSE_SLOT_ERASED_DELETE,
    HANSE_SLOT_ERASED_INSERT,
    HANSE_SLOT_ERASED_LIST,
    HANSE_SLOT_RECORD_GET,
    HANSE_SLOT_RECORD_LIST,
    HANSE_SLOT_RECORD_BY_PREFIX,
    HANSE_SLOT_RECORD_BY_IDENTIFIER,
    HANSE_SLOT_RECORD_BY_DIGEST,
    HANSE_SLOT_RECORD_ENTRIES,
    HANSE_SLOT_IDENTIFIER_NEAR,
    HANSE_SLOT_ARRIVAL_ADD,
    HANSE_SLOT_ARRIVAL_ADD_GONE,
    HANSE_SLOT_ARRIVAL_NEXT,
    HANSE_SLOT_ARRIVAL_TOKEN,
    HANSE_SLOT_ARRIVAL_LAST,
    HANSE_SLOT_ARRIVAL_ENTRIES,
    HANSE_SLOT_ENTRY_RANGE,
    HANSE_SLOT_MIRROR_FIND,
    HANSE_SLOT_MIRROR_PUT,
    HANSE_SLOT_MIRROR_LIST,
    HANSE_SLOT_MIRROR_REMOVE,
    HANSE_SLOT_MIRROR_LEAVE,
    HANSE_SLOT_RECORD_BY_SCHEME
};
_Static_assert((int)HANSE_SLOT_RECORD_BY_SCHEME < (int)HANSE_DATABASE_SLOTS, "each statement needs a slot");

/* Numbers in statements, as docs/index.md has them. */
_Static_assert(HANSE_PAYLOAD_PRESENT == 1 && HANSE_PAYLOAD_MISSING == 2 && HANSE_PAYLOAD_WITHHELD == 3 &&
                   HANSE_PAYLOAD_ERASED == 4,
               "statements have these numbers in their text");

/* Runs a statement without rows whose `count` parameters are numbers. Errors as in index.h. */
HANSE_MUST_CHECK enum hanse_status hanse_index_run(struct hanse_index *index, int slot, const char *sql,
                                                   const int64_t *parameters, int count,
                                                   struct hanse_error *err);
/* Sees to it that tail_feed_id and tail_index tell of this feed. HANSE_NOT_FOUND: no such feed; else as
 * above. */
HANSE_MUST_CHECK enum hanse_status hanse_index_find_tail(struct hanse_index *index, int64_t feed_id,
                                                         struct hanse_error *err);
/* An entry was added: told with its neighbours when the transaction ends. Errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_index_arrival_note(struct hanse_index *index, int64_t feed_id,
                                                            int64_t entry_index, struct hanse_error *err);
/* Writes what was noted. */
HANSE_MUST_CHECK enum hanse_status hanse_index_arrival_flush(struct hanse_index *index,
                                                             struct hanse_error *err);
/* Of an entry that was there already, something came later: its payload. */
HANSE_MUST_CHECK enum hanse_status hanse_index_arrival_again(struct hanse_index *index, int64_t feed_id,
                                                             int64_t entry_index, struct hanse_error *err);
/* The feed is about to be removed. */
HANSE_MUST_CHECK enum hanse_status hanse_index_arrival_gone(struct hanse_index *index, int64_t feed_id,
                                                            struct hanse_error *err);

#endif
