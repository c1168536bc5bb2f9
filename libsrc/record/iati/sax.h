/* SPDX-License-Identifier: Apache-2.0 */
/* From events of libxml2 to trees: for activity files, and for the XML that records keep. */
#ifndef HANSE_RECORD_IATI_SAX_H
#define HANSE_RECORD_IATI_SAX_H

#include <libxml/xmlerror.h>
#include <libxml/xmlstring.h>

#include "record/iati/tree.h"

/* Opens an element with its attributes, which come in fives: name, prefix, namespace, first byte, byte past
 * the last. Each prefix but "xml" is declared where it is used, as an attribute "xmlns:prefix" that is marked
 * as used, so that a part of the tree can be written on its own. Errors as for hanse_iati_tree_open. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_sax_open(struct hanse_iati_tree *tree, const xmlChar *name,
                                                       const xmlChar *prefix, const xmlChar *uri,
                                                       uint64_t line, int count,
                                                       const xmlChar *const *attributes,
                                                       struct hanse_error *err);

/* Whether nothing behind the error is read: an encoder that gives up is no fatal error to libxml2, and yet
 * is. */
bool hanse_iati_sax_is_fatal(const xmlError *error);

/* Encoders report to the thread, which by default prints to stderr: until `leave` its errors go to `report`,
 * as those of the parser do. */
struct hanse_iati_sax_errors {
    xmlStructuredErrorFunc report_before;
    void *context_before;
};
struct hanse_iati_sax_errors hanse_iati_sax_catch(xmlStructuredErrorFunc report, void *context);
void hanse_iati_sax_leave(const struct hanse_iati_sax_errors *errors);

/* Reads a whole document of one root element into the tree, which is reset before.
 * HANSE_MALFORMED: not well-formed, or any DOCTYPE; HANSE_LIMIT as for an activity; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_parse(struct hanse_bytes xml, struct hanse_iati_tree *tree,
                                                    struct hanse_error *err);

#endif
