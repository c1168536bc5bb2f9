/* SPDX-License-Identifier: Apache-2.0 */
/* What is staged in own feeds: looking at it, and taking it back. */
#ifndef HANSE_STAGED_H
#define HANSE_STAGED_H

#include <hanse/change.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A change that the next publish appends. Texts and records live until the visitor returns. */
struct hanse_staged {
    const char *id;                 /* hanse:<origin>/<uuid> */
    const char *kind;               /* "Project" */
    const char *operation;          /* "put" or "withdraw" */
    const char *reason;             /* of a withdrawal, as for hanse_stage_withdraw; NULL for a put */
    uint64_t staged_unix_s;         /* which becomes its time of publication */
    uint64_t revision;              /* that is published now; 0: none, the record is new */
    bool published_withdrawn;       /* what is published now is a withdrawal */
    uint64_t published_unix_s;      /* of that revision; 0: none */
    struct hanse_record *record;    /* what is staged; NULL for a withdrawal */
    struct hanse_record *published; /* what is published now; NULL: nothing, or its content is not held */
};
typedef enum hanse_status hanse_staged_visit(void *context, const struct hanse_staged *change,
                                             struct hanse_error *err);

/* Every staged change of the own feed `origin` (NULL: the first) in the order of staging, beside what it
 * changes: hanse_record_diff tells the difference. The visitor must not stage or discard. HANSE_NOT_FOUND: no
 * such own feed; HANSE_MISMATCH and the like: what is published cannot be read; HANSE_IO, HANSE_NO_MEMORY, or
 * what the visitor returns. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_staged_list(struct hanse_node *node, const char *origin,
                                                               hanse_staged_visit *visit, void *context,
                                                               struct hanse_error *err);

/* A record of the own feed `origin` (NULL: the first) as it would be if everything staged were published.
 * `name`: full name, unique beginning of an id, or `SCHEME:VALUE`. *out_id (NULL ok) is the full name, the
 * caller's: hanse_free; *out_record the caller's: hanse_record_free. `out_record` NULL: the name is looked up
 * and no more, which finds a withdrawn record too. HANSE_NOT_FOUND: no such record (the message names near
 * ones), or it is withdrawn, or its content is not held; HANSE_INVALID_ARGUMENT: no name, ambiguous, or of
 * another feed; the rest as for list. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_staged_get(struct hanse_node *node, const char *origin,
                                                              const char *name, char **out_id,
                                                              struct hanse_record **out_record,
                                                              struct hanse_error *err);

/* Drops staged changes of the own feed `origin` (NULL: the first): those of the `count` names, or all for
 * names NULL. `visit` (NULL ok) gets each before it goes, so that it can be kept. Either all of them are
 * dropped or, on any failure, none. *out_count (NULL ok): how many. HANSE_NOT_FOUND: no such change is
 * staged; HANSE_INVALID_ARGUMENT, HANSE_LOCKED and the rest as for get. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_staged_discard(struct hanse_node *node, const char *origin, const char *const *names, size_t count,
                     hanse_staged_visit *visit, void *context, uint64_t *out_count, struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
