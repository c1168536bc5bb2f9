/* SPDX-License-Identifier: Apache-2.0 */
/* Range and conditional requests (RFC 9110 sections 13 and 14), as text and numbers only. */
#ifndef HANSE_SERVE_CONDITIONS_H
#define HANSE_SERVE_CONDITIONS_H

#include <stdbool.h>

#include <hanse/bytes.h>

enum hanse_range_kind {
    HANSE_RANGE_WHOLE, /* no range, several, or one that cannot be read: such a header is ignored */
    HANSE_RANGE_PART,
    HANSE_RANGE_UNSATISFIABLE
};

struct hanse_range {
    uint64_t first;
    uint64_t size;
};

/* `header` is the value of Range, NULL if there is none; *out is set for WHOLE and PART. */
enum hanse_range_kind hanse_range_of(const char *header, uint64_t file_bytes, struct hanse_range *out);
/* If-None-Match: "*" or a list, compared weakly. `tag` has its quotes. */
bool hanse_tag_listed(const char *header, const char *tag);
/* If-Range: the very tag; a date or a weak tag never holds. NULL holds. */
bool hanse_range_condition_holds(const char *header, const char *tag);

#endif
