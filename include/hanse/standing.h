/* SPDX-License-Identifier: Apache-2.0 */
/* How a record stands: what other feeds say of it, and who holds the key of its own. */
#ifndef HANSE_STANDING_H
#define HANSE_STANDING_H

#include <hanse/query.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_standing;

/* Reads what the node's feeds have published about each other's records. *out is the caller's:
 * hanse_standing_close; it stays as the node was then. HANSE_LIMIT: more than 64 MiB; HANSE_MISMATCH and the
 * like: stored content cannot be read; HANSE_IO, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_standing_open(struct hanse_node *node, struct hanse_standing **out, struct hanse_error *err);
/* NULL does nothing. */
HANSE_API void hanse_standing_close(struct hanse_standing *standing);

/* Texts live as long as the standing. */
struct hanse_standing_facts {
    const char *state;       /* "claimed": nobody else has said anything that counts;
                              * "attested": confirmed by feeds whose owners the record does not name;
                              * "changed-since": an earlier revision was confirmed by a party;
                              * "confirmed-in-part", "confirmed": this revision was, by a party whose key is not in
                              * the hands of who holds the key of the record's feed;
                              * "disputed": a party says that this revision is wrong */
    const char *custody;     /* of the record's feed: "self", "custodian", "unknown" (no profile) */
    const char *operator_id; /* custodian: id of the reference to it; NULL: none */
    const char *same_as; /* full name of the other feed's record in whose place this one is not counted again;
                          * NULL: it counts */
};
/* How an item of hanse_query_list or hanse_query_show stands. HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_standing_judge(const struct hanse_standing *standing,
                                                                  const struct hanse_item *item,
                                                                  struct hanse_standing_facts *out,
                                                                  struct hanse_error *err);

/* One thing that another feed says of a record. Texts live as long as the standing; NULL: none. */
struct hanse_standing_reply {
    const char *what;   /* "confirmed", "confirmed-in-part", "disputed", "correction", "same-as" (the other
                         * side's   own record of the same thing) */
    const char *id;     /* full name of the record that says it */
    const char *origin; /* whose it is */
    const char *text;   /* remark or reason */
    uint64_t revision;  /* that is meant; 0: whatever is current */
    uint64_t published_unix_s;
    bool current;     /* the item is that revision */
    bool party;       /* the item names who speaks */
    bool independent; /* no one key holder stands behind both feeds, as far as their profiles say */
};
typedef enum hanse_status hanse_standing_visit(void *context, const struct hanse_standing_reply *reply,
                                               struct hanse_error *err);
/* HANSE_NO_MEMORY, or what the visitor returns. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_standing_list(const struct hanse_standing *standing,
                                                                 const struct hanse_item *item,
                                                                 hanse_standing_visit *visit, void *context,
                                                                 struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
