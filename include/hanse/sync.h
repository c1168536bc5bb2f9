/* SPDX-License-Identifier: Apache-2.0 */
/* Fetching and verifying what is new in followed feeds. */
#ifndef HANSE_SYNC_H
#define HANSE_SYNC_H

#include <hanse/change.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a feed came out. The words of docs/protocol.md are given by hanse_sync_outcome_name. UPDATED and
 * CURRENT: what is held is verified and as new as its source. After any other one what was held before is
 * still there and verified, and nothing of what was refused is. */
enum hanse_sync_outcome {
    HANSE_SYNC_UPDATED = 0,
    HANSE_SYNC_CURRENT = 1,
    HANSE_SYNC_STALE = 2,
    HANSE_SYNC_BAD_SIGNATURE = 3,
    HANSE_SYNC_ROLLBACK = 4,
    HANSE_SYNC_FORK = 5,
    HANSE_SYNC_MISMATCH = 6,
    HANSE_SYNC_INCOMPLETE = 7,
    HANSE_SYNC_TRUNCATED = 8,
    HANSE_SYNC_OVER_LIMIT = 9,
    HANSE_SYNC_UNREACHABLE = 10,
    HANSE_SYNC_FAILED = 11 /* here: disk, memory, lock */
};
HANSE_API const char *hanse_sync_outcome_name(enum hanse_sync_outcome outcome);

/* What one of the places where a feed lies came to. */
struct hanse_sync_source {
    const char *url;
    enum hanse_sync_outcome outcome;
    const char *message;
};

/* One feed's result; texts live until the visitor returns. */
struct hanse_sync_result {
    const char *origin;
    uint64_t old_size;
    uint64_t new_size;
    uint64_t bytes; /* received on the wire, headers included */
    uint64_t requests;
    enum hanse_sync_outcome outcome;
    const char *message;                     /* what happened and what to do */
    uint64_t last_success_unix_s;            /* before this sync; 0: never */
    const struct hanse_sync_source *sources; /* that were asked, the feed's url first, then its mirrors */
    size_t source_count;
    size_t source; /* the one whose outcome the feed has */
};
typedef void hanse_sync_visit(void *context, const struct hanse_sync_result *result);

struct hanse_sync_options {
    uint32_t version;         /* 1 */
    const char *const *feeds; /* origins or names; NULL: all that are followed */
    size_t feed_count;
    hanse_sync_visit *visit;  /* NULL ok */
    hanse_progress *progress; /* NULL ok; called several times a second also while servers say nothing */
    void *context;
    /* 0 in a field below means its default. */
    uint32_t attempts;     /* at a request that fails for a passing reason (4) */
    uint32_t retry_wait_s; /* that all waits between a feed's attempts may take; a server that asks for more
                            * is left for the next sync (60) */
    uint32_t stall_timeout_s; /* a server that sends under 100 bytes a second for so long has stalled (30) */
    uint32_t feed_timeout_s;  /* that one feed may take in all (21,600) */
    uint32_t
        place_timeout_s; /* that it may take while others wait for its place; the next sync goes on (300) */
};
/* Fetches, verifies and stores. A feed that fails never stops the others and stays as it was; each gets one
 * result. HANSE_OK SAYS ONLY THAT EVERY FEED WAS DEALT WITH, ALSO WHERE ALL OF THEM FAILED: look at the
 * outcome of each in `visit`. HANSE_NOT_FOUND: a named feed is not followed (nothing is fetched);
 * HANSE_LOCKED, HANSE_IO, HANSE_CANCELLED, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_sync(struct hanse_node *node, const struct hanse_sync_options *options, struct hanse_error *err);

/* Brings an own feed that was lost or is behind (HANSE_BEHIND) back from a mirror: its entries are fetched,
 * verified with the feed's own key and stored; staged changes stay, but for those that are found published.
 * Afterwards the node may publish again, unless the mirror itself was behind: say the newest one. */
struct hanse_recover_options {
    uint32_t version;   /* 1 */
    const char *origin; /* own feed; NULL: the first */
    const char *url;    /* of a mirror: https: or file: */
    const char *pin;
    const char *cacert;
    hanse_sync_visit *visit;  /* gets the one result; NULL ok */
    hanse_progress *progress; /* NULL ok */
    void *context;
};
/* HANSE_OK when the result was given, whatever its outcome. HANSE_BEHIND: the mirror holds less than was
 * published from here before; what it holds was stored. HANSE_INVALID_ARGUMENT, HANSE_LOCKED, HANSE_IO,
 * HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_recover(struct hanse_node *node, const struct hanse_recover_options *options, struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
