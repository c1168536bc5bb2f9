/* SPDX-License-Identifier: Apache-2.0 */
/* What of an activity has no field: kept in the record as XML, and put back when the record is written as
 * IATI.
 *
 * The extension has scheme "IATI-2.03", path "iati-activity" and the media type application/xml. Its payload
 * is the activity without what went into fields. An element of which a part went into fields says by the
 * attribute at="2/3" of the namespace HANSE_IATI_REST_NAMESPACE which of the elements of its name that have
 * fields it is. Contact details are not kept: the attribute left-out names them. */
#ifndef HANSE_RECORD_IATI_REST_H
#define HANSE_RECORD_IATI_REST_H

#include "record/iati/map.h"
#include "record/loss.h"

#define HANSE_IATI_REST_NAMESPACE "https://hanse.example/ns/iati-rest"

/* After hanse_iati_map has marked what it used. What is not kept is added to the losses: contact details,
 * texts that show an e-mail address, everything where the record would get too large. HANSE_LIMIT,
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status
hanse_iati_rest_keep(const struct hanse_iati_element *activity, const struct hanse_iati_scope *scope,
                     struct hanse_record *record, struct hanse_loss_report *losses, struct hanse_error *err);

/* Puts what `rest` (the payload's root) keeps into the activity written from the fields. Elements whose place
 * is gone, since the record was changed, are left out: gives how many. The trees share nodes from then on. */
size_t hanse_iati_rest_merge(struct hanse_iati_element *activity, struct hanse_iati_element *rest);

#endif
