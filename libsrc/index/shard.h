/* SPDX-License-Identifier: Apache-2.0 */
/* A shard: one file of the full-text index (docs/index.md, "private/search"). It covers an interval of
 * arrivals, holds those of their records that were current when it took them, and can be thrown away and
 * filled again.
 *
 * Every function: the errors of database.h. */
#ifndef HANSE_INDEX_SHARD_H
#define HANSE_INDEX_SHARD_H

#include <stdbool.h>

#include "base/buffer.h"
#include "index/arrival.h"

struct hanse_shard;

/* An entry of an arrival; or whatever comes after the arrival before, where the entry is 0. */
struct hanse_shard_place {
    uint64_t sequence;
    uint64_t entry_index;
};
/* Negative, 0 or positive. */
int hanse_shard_place_compare(struct hanse_shard_place a, struct hanse_shard_place b);

struct hanse_shard_state {
    uint8_t token[HANSE_INDEX_TOKEN_BYTES]; /* of the index whose arrivals it counts */
    struct hanse_shard_place first;         /* where its interval begins */
    struct hanse_shard_place next;          /* what it takes next */
    struct hanse_shard_place beyond;        /* where its interval ends; unless sealed nobody knows yet */
    bool sealed;
    uint64_t documents; /* in the file */
    uint64_t live;      /* those of them that are still current */
};

/* Opens the file, or makes it with this state (NULL: it must be there). HANSE_NOT_FOUND: it is not. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_open(const char *path, const struct hanse_shard_state *initial,
                                                    struct hanse_shard **out, struct hanse_error *err);
void hanse_shard_close(struct hanse_shard *shard);
/* As it is after the last write. */
const struct hanse_shard_state *hanse_shard_state_of(const struct hanse_shard *shard);

/* Writes happen between begin and commit, which also writes the state. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_begin(struct hanse_shard *shard, struct hanse_error *err);
bool hanse_shard_is_writing(const struct hanse_shard *shard);
HANSE_MUST_CHECK enum hanse_status hanse_shard_commit(struct hanse_shard *shard, struct hanse_error *err);
/* The state is as before then. */
void hanse_shard_rollback(struct hanse_shard *shard);
/* Within a transaction: how far it is, and where it ends if that is known now. */
void hanse_shard_advance(struct hanse_shard *shard, struct hanse_shard_place next, bool sealed);

/* Texts are made ready (search_text.h); `code` are tokens of codes with spaces between. */
struct hanse_shard_document {
    int64_t feed_id;
    uint64_t entry_index;
    const uint8_t *record_id; /* 16 bytes */
    uint32_t kind;
    uint64_t published_unix_s;
    struct hanse_bytes title;
    struct hanse_bytes body;
    struct hanse_bytes code;
};
HANSE_MUST_CHECK enum hanse_status hanse_shard_add(struct hanse_shard *shard,
                                                   const struct hanse_shard_document *document,
                                                   struct hanse_error *err);
/* The record is no longer current: not found any more. Its words stay in the file until it is emptied. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_drop(struct hanse_shard *shard, int64_t feed_id,
                                                    const uint8_t record_id[16], struct hanse_error *err);
/* All records of a feed; and as if none of its entries had been taken. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_drop_feed(struct hanse_shard *shard, int64_t feed_id,
                                                         struct hanse_error *err);

/* Of a feed, this shard took entries below `beyond`, the last of them from the arrival `sequence`; 0: none.
 */
struct hanse_shard_taken {
    uint64_t beyond;
    uint64_t sequence;
};
HANSE_MUST_CHECK enum hanse_status hanse_shard_feed_taken(struct hanse_shard *shard, int64_t feed_id,
                                                          struct hanse_shard_taken *out,
                                                          struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_shard_feed_take(struct hanse_shard *shard, int64_t feed_id,
                                                         struct hanse_shard_taken taken,
                                                         struct hanse_error *err);

/* Whether words of one of the entries [first, beyond) are in the file, current or not. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_holds(struct hanse_shard *shard, int64_t feed_id,
                                                     uint64_t first, uint64_t beyond, bool *out,
                                                     struct hanse_error *err);
/* Outside of a transaction: neither file nor log keeps a word; it is to be filled again from `state->first`
 * on. */
HANSE_MUST_CHECK enum hanse_status
hanse_shard_empty(struct hanse_shard *shard, const struct hanse_shard_state *state, struct hanse_error *err);
/* Outside of a transaction: makes one list of many, which is read faster. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_optimize(struct hanse_shard *shard, struct hanse_error *err);
/* Reads the whole file and looks whether it holds together. HANSE_MALFORMED: it is damaged. */
HANSE_MUST_CHECK enum hanse_status hanse_shard_check(struct hanse_shard *shard, struct hanse_error *err);

#endif
