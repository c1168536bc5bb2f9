/* SPDX-License-Identifier: Apache-2.0 */
/* The tokenizer of the full-text index by itself: what it makes of a text is what the index holds. */
#ifndef HANSE_INDEX_TOKENIZER_H
#define HANSE_INDEX_TOKENIZER_H

#include <stdbool.h>

#include "base/buffer.h"

/* As CREATE VIRTUAL TABLE has it. */
#define HANSE_TOKENIZER "unicode61 remove_diacritics 2"

struct hanse_tokenizer;

/* HANSE_NO_MEMORY; HANSE_UNSUPPORTED: this SQLite was built without FTS5. */
HANSE_MUST_CHECK enum hanse_status hanse_tokenizer_new(struct hanse_tokenizer **out, struct hanse_error *err);
void hanse_tokenizer_free(struct hanse_tokenizer *tokenizer);

/* A token, folded, and the bytes [start, end) of the text that it stands for; the view lives until the
 * visitor returns. */
typedef enum hanse_status hanse_token_visit(void *context, struct hanse_bytes token, size_t start, size_t end,
                                            struct hanse_error *err);
/* `text` as hanse_search_text_append makes it. HANSE_LIMIT: 2 GiB or more; HANSE_NO_MEMORY, or what the
 * visitor returns. */
HANSE_MUST_CHECK enum hanse_status hanse_tokenizer_run(struct hanse_tokenizer *tokenizer,
                                                       struct hanse_bytes text, hanse_token_visit *visit,
                                                       void *context, struct hanse_error *err);

#endif
