/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what a node holds. */
#ifndef HANSE_QUERY_H
#define HANSE_QUERY_H

#include <hanse/node.h>
#include <hanse/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A record with what is known about it. Texts and record live until the visitor returns. */
struct hanse_item {
    const char *id; /* hanse:<origin>/<uuid> */
    const char *origin;
    bool own;
    uint64_t revision;
    uint64_t entry_index;
    const char *kind; /* "Project"; "Unknown" */
    uint64_t published_unix_s;
    const char *audience; /* "PUBLIC", "NETWORK", "PARTIES" */
    bool withdrawn;
    const char *payload_state;   /* "present", "missing", "withheld", "erased"; "none": it is withdrawn */
    struct hanse_record *record; /* NULL unless present and readable */
    const uint8_t *commitment;   /* 32 bytes; of the entry */
};
typedef enum hanse_status hanse_item_visit(void *context, const struct hanse_item *item,
                                           struct hanse_error *err);

struct hanse_query {
    uint32_t version; /* 1 */
    const char *kind; /* NULL: all */
    const char *feed; /* origin or name; NULL: all */
    uint64_t since_unix_s;
    bool withdrawn_too;
};
/* Current records by feed and log order. HANSE_NOT_FOUND: no such feed or kind; HANSE_IO, HANSE_MISMATCH (a
 * stored payload does not hash to its commitment), HANSE_NO_MEMORY, or what the visitor returns. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_query_list(struct hanse_node *node,
                                                              const struct hanse_query *query,
                                                              hanse_item_visit *visit, void *context,
                                                              struct hanse_error *err);

/* Where a record comes from and how that was verified; texts live until the visitor returns. */
struct hanse_item_origin {
    const struct hanse_feed_info *feed;
    uint64_t tree_size; /* of the checkpoint that covers it */
    uint8_t root[32];
    const char *checkpoint; /* the signed note as received */
    uint8_t commitment[32];
    uint8_t leaf_hash[32];
};
typedef enum hanse_status hanse_show_visit(void *context, const struct hanse_item *item,
                                           const struct hanse_item_origin *from, struct hanse_error *err);
/* The record of a name: full name, unique beginning of an id (at least 4 hex digits), or `SCHEME:VALUE` of an
 * identifier. The same code in several feeds: each is visited. HANSE_NOT_FOUND; HANSE_INVALID_ARGUMENT: not a
 * name, or an ambiguous beginning (the message lists what it may be); the rest as for list. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_query_show(struct hanse_node *node, const char *name,
                                                              hanse_show_visit *visit, void *context,
                                                              struct hanse_error *err);

/* One step in the history of a record. Texts live until the visitor returns. */
struct hanse_revision {
    const char *id; /* hanse:<origin>/<uuid> */
    const char *origin;
    bool staged;       /* waits for publish: revision and entry_index are what it would get at best */
    uint64_t revision; /* from 1, invalid ones counted */
    uint64_t entry_index;
    const char *operation; /* "put" or "withdraw" */
    const char *reason;    /* of a withdrawal: "error" and so on; NULL: a put, or a number without a word */
    const char *verdict;   /* "valid", "invalid", "unknown" */
    bool current;
    uint64_t published_unix_s;
    const char *audience;
    const char *payload_state; /* "none", "present", "missing", "withheld", "erased" */
};
typedef enum hanse_status hanse_revision_visit(void *context, const struct hanse_revision *revision,
                                               struct hanse_error *err);
/* Every revision of the record of a name (as for show), oldest first, a staged one last. The same code in
 * several feeds: one record after the other. Errors as for show. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_query_log(struct hanse_node *node, const char *name,
                                                             hanse_revision_visit *visit, void *context,
                                                             struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
