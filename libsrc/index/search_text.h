/* SPDX-License-Identifier: Apache-2.0 */
/* Text made ready for the full-text index (docs/index.md, "Words"): widths are folded, and runs of scripts
 * that leave no space between words become overlapping pairs of characters. Case and diacritics are left to
 * the tokenizer. */
#ifndef HANSE_INDEX_SEARCH_TEXT_H
#define HANSE_INDEX_SEARCH_TEXT_H

#include <stdbool.h>

#include "base/buffer.h"

enum hanse_search_text_role {
    HANSE_SEARCH_TEXT_HELD,  /* of a record: a run ends with its last character alone, so that it is found too
                              */
    HANSE_SEARCH_TEXT_ASKED, /* of a query: the run at the end may go on in the text that is looked for */
};

/* Appends `text` made ready to `out`, and a space. To `places` (NULL ok) goes for each byte appended the
 * offset in `text` of the character that it was made of, as a uint32_t. Bytes that are no UTF-8 are as
 * spaces. *out_open_end (NULL ok): the last run asked for is one single character, and begins a pair if
 * anything. HANSE_LIMIT, HANSE_NO_MEMORY: what stood in the buffers stays, what follows it is undefined. */
HANSE_MUST_CHECK enum hanse_status
hanse_search_text_append(struct hanse_bytes text, enum hanse_search_text_role role, struct hanse_buffer *out,
                         struct hanse_buffer *places, bool *out_open_end, struct hanse_error *err);

/* The character at `at` (below text.size) and its size; bytes that are no UTF-8 are U+FFFD of one byte. */
uint32_t hanse_search_text_character(struct hanse_bytes text, size_t at, size_t *out_size);

#endif
