/* SPDX-License-Identifier: Apache-2.0 */
/* Trees as XML text. */
#ifndef HANSE_RECORD_IATI_XML_H
#define HANSE_RECORD_IATI_XML_H

#include "base/buffer.h"
#include "record/iati/tree.h"

/* Appends the element with all below it, an element a line, `depth` steps to the right. Characters that XML
 * cannot hold become U+FFFD. HANSE_LIMIT: past the buffer's maximum; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_xml_write(const struct hanse_iati_element *element,
                                                        unsigned depth, struct hanse_buffer *out,
                                                        struct hanse_error *err);
/* The order that the schema of IATI 2.03 gives to the children of an element: sorts all below `element` by
 * it; children of one name, and those that the schema does not name, keep theirs. */
void hanse_iati_xml_sort(struct hanse_iati_element *element);

#endif
