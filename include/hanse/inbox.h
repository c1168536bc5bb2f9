/* SPDX-License-Identifier: Apache-2.0 */
/* What others ask of the owner of a feed, or say about it or its records, and is not answered yet. */
#ifndef HANSE_INBOX_H
#define HANSE_INBOX_H

#include <hanse/query.h>

#ifdef __cplusplus
extern "C" {
#endif

enum hanse_inbox_kind {
    HANSE_INBOX_REQUEST = 1,    /* an InformationRequest names the owner */
    HANSE_INBOX_DISPUTE = 2,    /* of a record of the own feed */
    HANSE_INBOX_CORRECTION = 3, /* of a record of the own feed */
    HANSE_INBOX_CLAIM = 4       /* a Cooperation or Exchange of another feed names the owner */
};
/* Texts and record live until the visitor returns. */
struct hanse_inbox_item {
    enum hanse_inbox_kind kind;
    const char *id;       /* full name of the other's record */
    const char *origin;   /* whose it is */
    const char *to;       /* own feed that is meant */
    const char *about;    /* dispute, correction: the own record; NULL otherwise */
    const char *party;    /* how a record of the own feed names its owner */
    const char *due;      /* request: day such as "2026-12-01", or less exact; NULL: none */
    const char *said;     /* dispute, correction: why; NULL: nothing */
    const char *answered; /* full name of an own answer that does not end it: for more time, or a confirmation
                           * of an earlier revision; NULL: none */
    uint64_t revision;    /* of the other's record */
    uint64_t published_unix_s;
    bool late;                   /* `due` is over */
    struct hanse_record *record; /* the other's */
};
typedef enum hanse_status hanse_inbox_visit(void *context, const struct hanse_inbox_item *item,
                                            struct hanse_error *err);
/* The most urgent first: requests by the day they are due, disputes, corrections, requests without a day,
 * claims. A request ends with an InformationAnswer that is not for more time; a claim with a Confirmation of
 * its current revision, be it a dispute; disputes and corrections with a newer revision of the own record,
 * its withdrawal, or a Confirmation about the dispute or correction itself. What is staged counts as
 * answered. `origin`: own feed, NULL: every one. HANSE_NOT_FOUND: no such own feed; HANSE_LIMIT: more than
 * fits into 64 MiB; HANSE_MISMATCH and the like: stored content cannot be read; HANSE_IO, HANSE_NO_MEMORY, or
 * what the visitor returns. The visitor may call hanse_query_show. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_inbox_list(struct hanse_node *node, const char *origin,
                                                              hanse_inbox_visit *visit, void *context,
                                                              struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
