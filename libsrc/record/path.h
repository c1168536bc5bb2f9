/* SPDX-License-Identifier: Apache-2.0 */
/* Paths into a record (grammar: include/hanse/record.h): read and checked against the schema, then followed.
 */
#ifndef HANSE_RECORD_PATH_H
#define HANSE_RECORD_PATH_H

#include <hanse/record.h>

#include "base/limits.h"
#include "wire/message.h"

enum hanse_selector {
    HANSE_SELECT_NONE,
    HANSE_SELECT_INDEX,
    HANSE_SELECT_LAST,
    HANSE_SELECT_APPEND,
    HANSE_SELECT_MATCH
};

struct hanse_record_step {
    const struct hanse_field *field;
    enum hanse_selector selector;
    size_t index;                          /* INDEX */
    const struct hanse_field *match_field; /* MATCH: a singular scalar of the element */
    struct hanse_value match;              /* MATCH: its views are of the path's text */
    size_t offset;                         /* of the step in the path */
};

struct hanse_record_path {
    const char *text; /* the caller's */
    size_t count;     /* at least 1 */
    struct hanse_record_step steps[HANSE_MAX_RECORD_DEPTH];
};

/* HANSE_INVALID_ARGUMENT with the offset in `text`: the grammar, an unknown name, a selector on a singular
 * field, none on a repeated one before the last step, a step into a scalar. */
HANSE_MUST_CHECK enum hanse_status hanse_record_path_parse(const char *text, struct hanse_record_path *out,
                                                           struct hanse_error *err);
/* How much of a path to show in a message. */
int hanse_record_path_shown(const char *text);
/* Element that the step selects in a part: an index below the count, HANSE_NO_ELEMENT if there is none.
 * A singular field has element 0 if it is set; NONE of a repeated field is its first. */
#define HANSE_NO_ELEMENT SIZE_MAX
size_t hanse_record_step_find(const struct hanse_record_step *step, const struct hanse_part *part);

/* How far a path exists. */
struct hanse_record_place {
    struct hanse_part *part; /* where the steps that could be followed end */
    size_t step;             /* the first one that selects nothing in `part`, or the last */
    size_t element;          /* what it selects there, HANSE_NO_ELEMENT if nothing */
};
struct hanse_record_place hanse_record_path_follow(const struct hanse_record_path *path,
                                                   struct hanse_part *root);
/* As hanse_record_set, at a path that was read before. */
HANSE_MUST_CHECK enum hanse_status hanse_record_path_set(struct hanse_record *record,
                                                         const struct hanse_record_path *path,
                                                         struct hanse_bytes text, struct hanse_error *err);

#endif
