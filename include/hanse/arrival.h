/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that came into a node, in the order in which it came: the way into another database. */
#ifndef HANSE_ARRIVAL_H
#define HANSE_ARRIVAL_H

#include <hanse/node.h>
#include <hanse/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One thing that arrived. Texts and record live until the visitor returns.
 * change "put": a revision with its content as far as it is held; "withdraw": the record is no longer
 * current; "erase": the content of that revision must be forgotten; "unfollow": everything of `origin` was
 * dropped, the fields below it are empty. A payload that came late is a "put" again. */
struct hanse_arrival {
    const char *cursor; /* what comes after this; opaque, up to 63 characters */
    const char *change;
    const char *origin;
    const char *id; /* hanse:<origin>/<uuid>; NULL: of an "unfollow" */
    uint64_t revision;
    uint64_t entry_index;
    const char *kind;
    uint64_t published_unix_s;
    const char *audience;
    bool current;                /* no later revision is held yet */
    const char *reason;          /* of "withdraw" and "erase"; NULL: none, or a number without a word */
    const char *payload_state;   /* "none", "present", "missing", "withheld", "erased" */
    struct hanse_record *record; /* NULL unless present and readable */
};
typedef enum hanse_status hanse_arrival_visit(void *context, const struct hanse_arrival *arrival,
                                              struct hanse_error *err);

/* Visits what arrived after a cursor (NULL or "": from the beginning), oldest first, own feeds included. What
 * is invalid by the rules of the protocol never comes. To keep a table of current records in step: take "put"
 * and "withdraw" where `current` is set, let "erase" empty a row of that id and revision, let "unfollow"
 * remove rows, and store the cursor in the same transaction. Killed at any point, nothing is lost: at most
 * the same change comes again. HANSE_INVALID_ARGUMENT: no cursor, one beyond the end, or one of an index that
 * is no more: start from the beginning; HANSE_MISMATCH and the like: what is held cannot be read; HANSE_IO,
 * HANSE_NO_MEMORY, or what the visitor returns. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_arrival_list(struct hanse_node *node, const char *after,
                                                                hanse_arrival_visit *visit, void *context,
                                                                struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
