/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a JSON text something is: the parser keeps no positions, so an error finds its own afterwards. */
#ifndef HANSE_RECORD_JSON_JSON_LOCATE_H
#define HANSE_RECORD_JSON_JSON_LOCATE_H

#include <hanse/status.h>

/* A member of an object or an element of an array, and what it lies in. */
struct hanse_json_place {
    const struct hanse_json_place *parent; /* NULL: the outermost object */
    const char *name;                      /* of a member; NULL for an element */
    size_t ordinal;                        /* among its siblings, from 0 */
};

/* "project.budgets[0].value", cut to `size`. */
void hanse_json_place_path(const struct hanse_json_place *place, char *out, size_t size);
/* Byte at which the member's name or the element starts in a text that is well-formed. */
size_t hanse_json_place_offset(const struct hanse_json_place *place, struct hanse_bytes text);

/* Before parsing, so that a small text cannot take much memory. HANSE_LIMIT: too long, too many values,
 * nested too deeply. */
HANSE_MUST_CHECK enum hanse_status hanse_json_check_size(struct hanse_bytes text, struct hanse_error *err);

#endif
