/* SPDX-License-Identifier: Apache-2.0 */
/* A record made ready for the full-text index, and codes with those that are above them. */
#ifndef HANSE_NODE_QUERY_SEARCH_DOCUMENT_H
#define HANSE_NODE_QUERY_SEARCH_DOCUMENT_H

#include <hanse/record.h>

#include "base/buffer.h"

struct hanse_search_document {
    struct hanse_buffer title;
    struct hanse_buffer body;
    struct hanse_buffer code;
};

void hanse_search_document_init(struct hanse_search_document *document);
void hanse_search_document_release(struct hanse_search_document *document);
/* In the place of what it held. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_search_document_fill(struct hanse_search_document *document,
                                                              const struct hanse_record *record,
                                                              struct hanse_error *err);

typedef enum hanse_status hanse_search_code_visit(void *context, const char *code, struct hanse_error *err);
/* The code, and those that who looks for a broader one means: SDG-TARGET:11.6 is SDG-GOAL:11 too, DAC-5:14021
 * is DAC-3:140, UNLOCODE:JPKKJ is in COUNTRY:JP. What the visitor returns. */
HANSE_MUST_CHECK enum hanse_status hanse_search_code_widen(const char *code, hanse_search_code_visit *visit,
                                                           void *context, struct hanse_error *err);

#endif
