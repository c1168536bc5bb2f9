/* SPDX-License-Identifier: Apache-2.0 */
/* Answering what others publish with records of one's own: whether one agrees with what a record says, and
 * what should stand there instead. Nobody changes another's record. */
#ifndef HANSE_REPLY_H
#define HANSE_REPLY_H

#include <hanse/change.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Set `version` to 1 and the rest to zero first. All texts are the caller's. */
struct hanse_reply_options {
    uint32_t version;
    const char *origin;   /* own feed that speaks; NULL: the first */
    const char *name;     /* of the record, as for hanse_query_show */
    const char *verdict;  /* confirm: "confirmed", "in-part" or "disputed" */
    const char *text;     /* why; NULL: nothing. Disputes and suggestions need it */
    const char *language; /* BCP 47 of the text; NULL: "und" */
    const char *const
        *paths; /* confirm: the parts that are meant, none: all; suggest: what is to be changed */
    const char *const *values; /* suggest: what should stand at each path; confirm: NULL */
    size_t count;              /* of paths */
};
struct hanse_reply_result {
    char *id;          /* full name of the reply */
    char *about;       /* full name of the record that it names */
    uint64_t revision; /* of that record */
    enum hanse_stage_outcome outcome;
    bool is_party; /* the record names who speaks in the own feed */
};

/* Stages a Confirmation of the record's current revision, or a new revision of the one that the feed has
 * about that record already. It names the record, its revision and its commitment. *out is the caller's:
 * hanse_reply_result_release. HANSE_NOT_FOUND: no such record or own feed, its content is not held, or the
 * own feed has no published profile that says who speaks; HANSE_INVALID_ARGUMENT: a name that is none or of
 * several records, a record of the own feed, a withdrawn one, no such verdict, no such path;
 * HANSE_INVALID_RECORD: a dispute without a reason; the rest as for hanse_stage_put. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_reply_confirm(struct hanse_node *node,
                                                                 const struct hanse_reply_options *options,
                                                                 struct hanse_reply_result *out,
                                                                 struct hanse_error *err);
/* Stages a Correction: what stands at each path now, and what should. HANSE_INVALID_ARGUMENT also where the
 * record would not take a value; HANSE_INVALID_RECORD: no reason, or a value that stands there already. The
 * rest as for hanse_reply_confirm. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_reply_suggest(struct hanse_node *node,
                                                                 const struct hanse_reply_options *options,
                                                                 struct hanse_reply_result *out,
                                                                 struct hanse_error *err);
/* Frees the texts of a result; one of zeroes holds none. */
HANSE_API void hanse_reply_result_release(struct hanse_reply_result *result);

#ifdef __cplusplus
}
#endif

#endif
