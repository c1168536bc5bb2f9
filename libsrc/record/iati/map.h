/* SPDX-License-Identifier: Apache-2.0 */
/* One activity of IATI as a record of kind Project. */
#ifndef HANSE_RECORD_IATI_MAP_H
#define HANSE_RECORD_IATI_MAP_H

#include "record/iati/tree.h"
#include "record/import.h"

/* What the activity inherits from its file, and to whom findings go. */
struct hanse_iati_scope {
    const char *source_scheme; /* "IATI-2.03" */
    const char *language;      /* of the root element; NULL if it states none */
    const struct hanse_import_sink *sink;
    const struct hanse_import_item *item;
};

/* Marks in the tree what went into the record. *out is the caller's.
 * HANSE_MALFORMED: a value that is none of its type, or no iati-identifier; HANSE_LIMIT: the record gets too
 * large; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_map(struct hanse_iati_element *activity,
                                                  const struct hanse_iati_scope *scope,
                                                  struct hanse_record **out, struct hanse_error *err);

#endif
