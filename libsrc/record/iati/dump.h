/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the mapping read the other way: from a record to a tree. */
#ifndef HANSE_RECORD_IATI_DUMP_H
#define HANSE_RECORD_IATI_DUMP_H

#include "record/iati/rule.h"
#include "wire/message.h"

struct hanse_iati_dumper {
    struct hanse_iati_tree *tree; /* grows at tree->current */
    const char *language;         /* xml:lang of the activity, NULL if it states none */
    struct hanse_error *err;
};

/* Applies each rule to the part. What IATI cannot say is left out. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_dump(struct hanse_iati_dumper *dumper,
                                                   const struct hanse_part *part,
                                                   const struct hanse_iati_rule *rules);
/* An element, or an attribute of the current one. Errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_dump_open(struct hanse_iati_dumper *dumper, const char *name);
HANSE_MUST_CHECK enum hanse_status hanse_iati_dump_close(struct hanse_iati_dumper *dumper);
/* Nothing for an empty value. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_dump_attribute(struct hanse_iati_dumper *dumper,
                                                             const char *name, struct hanse_bytes value);

#endif
