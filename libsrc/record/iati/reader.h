/* SPDX-License-Identifier: Apache-2.0 */
/* Import of IATI 2.01, 2.02 and 2.03 activity files: one activity at a time, memory bounded by one activity.
 */
#ifndef HANSE_RECORD_IATI_READER_H
#define HANSE_RECORD_IATI_READER_H

#include "record/import.h"
#include "record/loss.h"
#include "record/source.h"

/* Reads the whole file. Each activity gives one call of sink->record with a record of kind Project, or of
 * sink->invalid (a bad value, an activity over the limits of base/limits.h), the others go on. What has no
 * field is kept in the record (record/iati/rest.h). `losses` gets what the records could not carry, such as
 * "iati-activity/contact-info".
 * Findings: "iati-identifier-repeated", "iati-language-unknown", "iati-language-repeated",
 * "iati-percentage-sum", "iati-number-rounded", and those of record/personal.h.
 *
 * Errors end the import; what was handed over before stays valid. The message names the line, the offset is
 * set where the parser knows it:
 * HANSE_MALFORMED: not well-formed XML, wrong encoding, or any DOCTYPE (it could declare entities);
 * HANSE_TRUNCATED: the file ends inside an element; HANSE_UNSUPPORTED: another root element or version;
 * HANSE_LIMIT: too much between two activities; HANSE_NO_MEMORY; whatever the source or the sink returned. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_read(struct hanse_source source,
                                                   const struct hanse_import_sink *sink,
                                                   struct hanse_loss_report *losses, struct hanse_error *err);

#endif
