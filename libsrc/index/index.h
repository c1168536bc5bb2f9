/* SPDX-License-Identifier: Apache-2.0 */
/* The index: what a node holds, found fast. One SQLite file under private/; its schema is in docs/index.md.
 * The feeds' files are the truth: the index catches up with them, and can be made again from them, but for
 * the `feed` rows of followed feeds (where they come from, which key is pinned).
 *
 * Every function: HANSE_IO, HANSE_DENIED, HANSE_LOCKED (busy past the time-out), HANSE_NO_MEMORY, with
 * SQLite's code and words in the error. */
#ifndef HANSE_INDEX_INDEX_H
#define HANSE_INDEX_INDEX_H

#include <stdbool.h>

#include "base/buffer.h"

struct hanse_index;

/* Opens or makes the file (0600), checks its schema version. HANSE_UNSUPPORTED: made by a newer version. */
HANSE_MUST_CHECK enum hanse_status hanse_index_open(const char *path, struct hanse_index **out,
                                                    struct hanse_error *err);
void hanse_index_close(struct hanse_index *index);
/* Who runs this may not write it: begin is HANSE_DENIED. */
bool hanse_index_is_read_only(const struct hanse_index *index);
/* Reads the whole file and looks whether it holds together. HANSE_MALFORMED: it is damaged. */
HANSE_MUST_CHECK enum hanse_status hanse_index_check(struct hanse_index *index, struct hanse_error *err);

/* Writes happen between begin and commit (HANSE_INVALID_ARGUMENT outside, but for feed_put, which then is a
 * transaction of its own). Rollback after a failure; it does nothing outside of a transaction. A commit after
 * a step that failed midway is refused with HANSE_INVALID_ARGUMENT; answers such as HANSE_NOT_FOUND and
 * HANSE_EXISTS are no such failure. */
HANSE_MUST_CHECK enum hanse_status hanse_index_begin(struct hanse_index *index, struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_index_commit(struct hanse_index *index, struct hanse_error *err);
void hanse_index_rollback(struct hanse_index *index);

/* A feed. Texts are the caller's on put, and live until the next call on the index when handed out; NULL:
 * none. */
struct hanse_index_feed {
    int64_t id; /* given by put when it is 0 */
    const char *origin;
    const char *name; /* short name for people */
    bool own;
    const char *url;    /* base URL it is followed from */
    const char *pin;    /* of TLS */
    const char *cacert; /* path of a CA file */
    uint8_t key[33];    /* known verifier key: pinned, then as rotated */
    uint64_t size;      /* verified and indexed */
    uint8_t root[32];
    const char *etag;           /* of the checkpoint at `size` */
    const char *remote_segment; /* name of the segment file last read at its source, "hanse/public/..." */
    uint64_t remote_offset;     /* bytes of it that are verified here */
    int64_t remote_mirror;      /* id of the mirror that is its source; 0: url */
    const char *successor_origin;
    struct hanse_bytes state; /* what node/feed_state.h makes of the verifier's state at `size`; empty at 0 */
    uint64_t followed_unix_s;
    uint64_t last_try_unix_s;
    uint64_t last_success_unix_s;
    uint64_t max_entries;    /* quota of a followed feed; 0: none */
    uint64_t max_bytes;      /* of its segment files here; 0: none */
    const char *last_result; /* word of `sync --json` */
    const char *last_message;
    const char *url_result; /* the same of url alone, where there are mirrors */
    const char *url_message;
};
/* Inserts (id 0) or updates. HANSE_EXISTS: another feed has that origin or name, be it as name or as origin;
 * HANSE_NOT_FOUND: no feed has that id; HANSE_INVALID_ARGUMENT: no origin. */
HANSE_MUST_CHECK enum hanse_status
hanse_index_feed_put(struct hanse_index *index, struct hanse_index_feed *feed, struct hanse_error *err);
/* By origin or by name. HANSE_NOT_FOUND. */
HANSE_MUST_CHECK enum hanse_status hanse_index_feed_get(struct hanse_index *index, const char *origin_or_name,
                                                        struct hanse_index_feed *out,
                                                        struct hanse_error *err);
typedef enum hanse_status hanse_index_feed_visit(void *context, const struct hanse_index_feed *feed,
                                                 struct hanse_error *err);
/* Own feeds first in the order of their making, then by origin. The visitor may call the index. */
HANSE_MUST_CHECK enum hanse_status hanse_index_feed_list(struct hanse_index *index,
                                                         hanse_index_feed_visit *visit, void *context,
                                                         struct hanse_error *err);
/* The feed and everything that is known of its entries. HANSE_NOT_FOUND. */
HANSE_MUST_CHECK enum hanse_status hanse_index_feed_remove(struct hanse_index *index, int64_t feed_id,
                                                           struct hanse_error *err);
/* Forgets the entries from the feed's `size` on (put it first; 0: all of them): what was current before them
 * is so again. HANSE_NOT_FOUND. */
HANSE_MUST_CHECK enum hanse_status hanse_index_feed_reset(struct hanse_index *index, int64_t feed_id,
                                                          struct hanse_error *err);

/* How an entry's payload stands. */
enum hanse_payload_state {
    HANSE_PAYLOAD_NONE = 0, /* its operation has none */
    HANSE_PAYLOAD_PRESENT = 1,
    HANSE_PAYLOAD_MISSING = 2,  /* must be there and is not */
    HANSE_PAYLOAD_WITHHELD = 3, /* for another audience, or of an entry that is not valid */
    HANSE_PAYLOAD_ERASED = 4
};

struct hanse_index_entry {
    uint64_t index;
    uint32_t operation; /* 0 if the header does not decode */
    uint32_t verdict;   /* enum hanse_verdict */
    uint32_t audience;
    uint32_t kind; /* 0 unless PUBLIC */
    uint64_t published_unix_s;
    const uint8_t *record_id; /* 16 bytes; NULL if the entry has none */
    uint32_t payload_state;
    const uint8_t
        *digest; /* first 16 bytes of SHA-256 of the record's bytes, own feeds only; NULL otherwise */
};
/* Adds the next entry of a feed (indices ascend, or HANSE_INVALID_ARGUMENT; HANSE_NOT_FOUND: no such feed;
 * HANSE_LIMIT: index of 2^63 or more) and moves its record on: the revision counts every PUT and
 * WITHDRAW with that id, current is the highest VALID one. Fast: a million in a few seconds. */
HANSE_MUST_CHECK enum hanse_status hanse_index_entry_add(struct hanse_index *index, int64_t feed_id,
                                                         const struct hanse_index_entry *entry,
                                                         struct hanse_error *err);
/* An identifier that the revision at `entry_index` carries. Only what the newest valid PUT of the record says
 * is ever found. */
HANSE_MUST_CHECK enum hanse_status hanse_index_identifier_add(struct hanse_index *index, int64_t feed_id,
                                                              const uint8_t record_id[16],
                                                              uint64_t entry_index, const char *scheme,
                                                              const char *value, struct hanse_error *err);
/* An ERASE entry took effect: payload states in [first, first + count) become ERASED (PUT entries only);
 * their identifiers and digests are forgotten. HANSE_NOT_FOUND: no such feed; HANSE_LIMIT: ends past 2^63. */
HANSE_MUST_CHECK enum hanse_status hanse_index_erase(struct hanse_index *index, int64_t feed_id,
                                                     uint64_t first, uint64_t count, struct hanse_error *err);
/* Everything that was erased in the feed, as disjoint ranges, ascending. */
typedef enum hanse_status hanse_index_erased_visit(void *context, uint64_t first, uint64_t count,
                                                   struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_index_erased_list(struct hanse_index *index, int64_t feed_id,
                                                           hanse_index_erased_visit *visit, void *context,
                                                           struct hanse_error *err);
/* A missing payload has come. Does nothing if it is not missing. */
HANSE_MUST_CHECK enum hanse_status hanse_index_payload_found(struct hanse_index *index, int64_t feed_id,
                                                             uint64_t entry_index, struct hanse_error *err);
/* The lowest `max` indices of payloads that are missing, ascending, and how many there are in all. */
HANSE_MUST_CHECK enum hanse_status hanse_index_missing(struct hanse_index *index, int64_t feed_id,
                                                       uint64_t *out, size_t max, size_t *out_given,
                                                       uint64_t *out_total, struct hanse_error *err);

/* A record as the index knows it. Views live until the next call. */
struct hanse_index_record {
    int64_t feed_id;
    const char *origin;
    uint8_t record_id[16];
    uint32_t kind;             /* of the newest valid PUT; 0 unless that is PUBLIC */
    uint64_t revision;         /* of the current state */
    uint64_t entry_index;      /* of the current state */
    uint64_t published_unix_s; /* of the current state */
    uint32_t audience;
    bool withdrawn;
    uint32_t payload_state;
    bool has_digest;
    uint8_t digest[16];
};
/* HANSE_NOT_FOUND. */
HANSE_MUST_CHECK enum hanse_status hanse_index_record_get(struct hanse_index *index, int64_t feed_id,
                                                          const uint8_t record_id[16],
                                                          struct hanse_index_record *out,
                                                          struct hanse_error *err);
typedef enum hanse_status hanse_index_record_visit(void *context, const struct hanse_index_record *record,
                                                   struct hanse_error *err);
struct hanse_index_filter {
    uint32_t kind;         /* 0: all */
    int64_t feed_id;       /* 0: all */
    uint64_t since_unix_s; /* published at or after */
    bool withdrawn_too;
};
/* Current records by feed and log order. The visitor may read the index. */
HANSE_MUST_CHECK enum hanse_status hanse_index_record_list(struct hanse_index *index,
                                                           const struct hanse_index_filter *filter,
                                                           hanse_index_record_visit *visit, void *context,
                                                           struct hanse_error *err);
/* Every record whose id in hex (no hyphens) begins with `hex_prefix` (HANSE_INVALID_ARGUMENT: not
 * up to 32 digits in lower case), whether withdrawn or not. */
HANSE_MUST_CHECK enum hanse_status hanse_index_record_find_prefix(struct hanse_index *index,
                                                                  const char *hex_prefix,
                                                                  hanse_index_record_visit *visit,
                                                                  void *context, struct hanse_error *err);
/* Every record whose newest valid PUT carries the identifier, even if it is withdrawn; feed_id 0: in any
 * feed. */
HANSE_MUST_CHECK enum hanse_status hanse_index_record_find_identifier(struct hanse_index *index,
                                                                      int64_t feed_id, const char *scheme,
                                                                      const char *value,
                                                                      hanse_index_record_visit *visit,
                                                                      void *context, struct hanse_error *err);
/* Every record of a feed whose newest valid PUT carries an identifier of the scheme, by record id. */
HANSE_MUST_CHECK enum hanse_status hanse_index_record_find_scheme(struct hanse_index *index, int64_t feed_id,
                                                                  const char *scheme,
                                                                  hanse_index_record_visit *visit,
                                                                  void *context, struct hanse_error *err);
/* Every current record of an own feed whose digest is this. */
HANSE_MUST_CHECK enum hanse_status hanse_index_record_find_digest(struct hanse_index *index, int64_t feed_id,
                                                                  const uint8_t digest[16],
                                                                  hanse_index_record_visit *visit,
                                                                  void *context, struct hanse_error *err);
struct hanse_index_counts {
    uint64_t entries;
    uint64_t payloads; /* present */
    uint64_t withheld;
    uint64_t erased;
    uint64_t missing;
    uint64_t invalid; /* INVALID and UNKNOWN */
    uint64_t records; /* current, not withdrawn */
};
HANSE_MUST_CHECK enum hanse_status hanse_index_count(struct hanse_index *index, int64_t feed_id,
                                                     struct hanse_index_counts *out, struct hanse_error *err);

#endif
