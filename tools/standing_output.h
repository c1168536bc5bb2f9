/* SPDX-License-Identifier: Apache-2.0 */
/* How a record stands, as list and show print it. */
#ifndef HANSE_TOOLS_STANDING_OUTPUT_H
#define HANSE_TOOLS_STANDING_OUTPUT_H

#include <hanse/standing.h>

#include "output.h"

/* What the node's feeds say; NULL, with a note on stderr, if that cannot be read: the records still can. */
struct hanse_standing *standing_open(struct hanse_node *node);
void standing_close(struct hanse_standing **standing);
#define CLI_SCOPED_STANDING __attribute__((cleanup(standing_close)))

/* "state", "custody", "operator" and "same_as" into an open object; null without a standing. HANSE_NO_MEMORY.
 */
HANSE_MUST_CHECK enum hanse_status standing_json(struct json *json, const struct hanse_standing *standing,
                                                 const struct hanse_item *item, struct hanse_error *err);
/* The array "replies". HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status standing_json_replies(struct json *json,
                                                         const struct hanse_standing *standing,
                                                         const struct hanse_item *item,
                                                         struct hanse_error *err);
/* Lines of `hanse show`: state, each reply, who holds the key. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status standing_print(const struct hanse_standing *standing,
                                                  const struct hanse_item *item, struct hanse_error *err);
/* "confirmed, changed since": a state in words. */
const char *standing_words(const char *state);

#endif
