/* SPDX-License-Identifier: Apache-2.0 */
/* A record as list, show and export print it. */
#ifndef HANSE_TOOLS_ITEM_OUTPUT_H
#define HANSE_TOOLS_ITEM_OUTPUT_H

#include <hanse/query.h>

#include "output.h"

/* The fields that every JSON line of a record has, into an open object; "record" is null where its content is
 * not held. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status item_json(struct json *json, const struct hanse_item *item,
                                             struct hanse_error *err);
/* The same as a line of its own. */
HANSE_MUST_CHECK enum hanse_status item_json_line(FILE *out, const struct hanse_item *item,
                                                  struct hanse_error *err);
/* First title or name of a record; *out is the caller's (hanse_free), NULL if it has none. HANSE_NO_MEMORY.
 */
HANSE_MUST_CHECK enum hanse_status item_title(const struct hanse_item *item, char **out,
                                              struct hanse_error *err);
/* Every value with its path on stdout, below an empty line. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status item_content(const struct hanse_record *record, struct hanse_error *err);
/* The part of the id after the last slash: the uuid. */
const char *item_uuid(const struct hanse_item *item);

#endif
