/* SPDX-License-Identifier: Apache-2.0 */
/* The mapping of IATI 2.03 as data, and the few rules of it that are functions. */
#ifndef HANSE_RECORD_IATI_TABLES_H
#define HANSE_RECORD_IATI_TABLES_H

#include "record/iati/rule.h"

/* From an iati-activity to the message Project, and to RecordHeader. */
extern const struct hanse_iati_rule hanse_iati_project_rules[];
extern const struct hanse_iati_rule hanse_iati_header_rules[];
extern const struct hanse_iati_rule hanse_iati_publisher_rules[]; /* from reporting-org to Provenance */
extern const struct hanse_iati_vocabulary hanse_iati_aid_vocabulary;

hanse_iati_apply hanse_iati_put_languages;     /* codes of language elements */
hanse_iati_apply hanse_iati_put_baseline_date; /* iso-date, or the year alone */
hanse_iati_apply hanse_iati_put_updated;       /* last-updated-datetime; a bad one is a warning */
hanse_iati_apply hanse_iati_put_other_identifier;
hanse_iati_apply hanse_iati_put_budget_status; /* IATI assumes indicative */
/* What a transaction inherits is written into it. */
hanse_iati_apply
    hanse_iati_put_inherited_code; /* rule->from, else "default-" and rule->from of the activity */
hanse_iati_apply hanse_iati_put_aid_types;
hanse_iati_apply hanse_iati_put_assumed_party;

#endif
