/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a shard share. */
#ifndef HANSE_INDEX_SHARD_INTERNAL_H
#define HANSE_INDEX_SHARD_INTERNAL_H

#include "index/query.h"
#include "index/shard.h"

struct hanse_shard {
    struct hanse_database database;
    struct hanse_shard_state state;
    struct hanse_shard_state committed;
};

enum hanse_shard_slot {
    HANSE_SHARD_SLOT_STATE,
    HANSE_SHARD_SLOT_STATE_PUT,
    HANSE_SHARD_SLOT_ADD_DOCUMENT,
    HANSE_SHARD_SLOT_ADD_TEXT,
    HANSE_SHARD_SLOT_DROP_RECORD,
    HANSE_SHARD_SLOT_DROP_FEED,
    HANSE_SHARD_SLOT_FEED_FORGET,
    HANSE_SHARD_SLOT_FEED_TAKEN,
    HANSE_SHARD_SLOT_FEED_TAKE,
    HANSE_SHARD_SLOT_HOLDS,
    HANSE_SHARD_SLOT_OPTIMIZE,
    HANSE_SHARD_SLOT_COUNT_WORDS,
    HANSE_SHARD_SLOT_COUNT,
    HANSE_SHARD_SLOT_COUNT_ALL,
    HANSE_SHARD_SLOT_RANKED,
    HANSE_SHARD_SLOT_RANKED_WORDS,
    HANSE_SHARD_SLOT_NEWEST,
    HANSE_SHARD_SLOT_NEWEST_ALL,
    HANSE_SHARD_SLOT_WORDS
};
_Static_assert((int)HANSE_SHARD_SLOT_WORDS < (int)HANSE_DATABASE_SLOTS, "each statement needs a slot");

#endif
