/* SPDX-License-Identifier: Apache-2.0 */
/* What of an activity did not go into its record. */
#ifndef HANSE_RECORD_IATI_LOSSES_H
#define HANSE_RECORD_IATI_LOSSES_H

#include "record/iati/tree.h"
#include "record/loss.h"

/* Adds every element and attribute that is not marked; contact-info counts as one whole, since what it holds
 * is about persons. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_add_losses(const struct hanse_iati_element *activity,
                                                         struct hanse_loss_report *losses,
                                                         struct hanse_error *err);

#endif
