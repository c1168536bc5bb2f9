/* SPDX-License-Identifier: Apache-2.0 */
/* Splits a line of `export` into its members without decoding the record in it, so that offsets stay true. */
#ifndef HANSE_RECORD_JSON_ENVELOPE_H
#define HANSE_RECORD_JSON_ENVELOPE_H

#include <hanse/status.h>

struct hanse_envelope {
    struct hanse_bytes record; /* a view of the line: the whole of it where it is a bare record */
    char *id;                  /* hanse_free; NULL if there is none */
};

/* HANSE_MALFORMED with the offset in the line: no object, a member is no JSON, "record" or "id" twice, "id"
 * is no string or empty; HANSE_NO_MEMORY. A bare record is not judged: hanse_record_from_json does. */
HANSE_MUST_CHECK enum hanse_status hanse_envelope_open(struct hanse_bytes line, struct hanse_envelope *out,
                                                       struct hanse_error *err);

#endif
