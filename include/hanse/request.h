/* SPDX-License-Identifier: Apache-2.0 */
/* Who has answered a request for information, who is late and who is silent. */
#ifndef HANSE_REQUEST_H
#define HANSE_REQUEST_H

#include <hanse/query.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One addressee of a request. Texts live until the visitor returns; NULL: none. */
struct hanse_request_row {
    const char *recipient; /* id of the reference */
    const char *name;      /* what the request calls it */
    const char *state;  /* "answered", "partial", "declined"; "later": more time is asked for; "late": the day
                         * is  over; "silent": neither */
    const char *feed;   /* of the addressee; NULL: none that is held here speaks for it */
    const char *answer; /* full name of the InformationAnswer */
    const char *until;  /* later: the day, as it is known: "2026-12-01", "2026" */
    const char *said;   /* why not, or not all */
    bool told;          /* the answer stands in the feed of who asked, not in that of the addressee */
    uint64_t answered_unix_s; /* when the answer was published */
};
typedef enum hanse_status hanse_request_visit(void *context, const struct hanse_request_row *row,
                                              struct hanse_error *err);
/* The addressees of the request of a name (as for hanse_query_show) in its order. An answer counts if it is
 * published in the feed of the addressee, or in that of who asked and names the addressee as respondent.
 * HANSE_NOT_FOUND: no such record, or its content is not held; HANSE_INVALID_ARGUMENT: no name, ambiguous, or
 * no InformationRequest; HANSE_LIMIT: more than fits into 64 MiB; HANSE_MISMATCH and the like: stored content
 * cannot be read; HANSE_IO, HANSE_NO_MEMORY, or what the visitor returns. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_request_list(struct hanse_node *node, const char *name,
                                                                hanse_request_visit *visit, void *context,
                                                                struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
