/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for persons' data where it easily slips in: e-mail addresses and telephone numbers in free text. */
#ifndef HANSE_RECORD_PERSONAL_H
#define HANSE_RECORD_PERSONAL_H

#include <stdbool.h>

#include <hanse/record.h>

/* The first e-mail address in a text as a view of it; false if there is none. */
bool hanse_personal_find_email(const char *text, struct hanse_bytes *out);
/* The first thing that reads as a telephone number: "+" and 8 to 15 digits, or 9 to 15 digits with a leading
 * 0 or area code in parentheses; spaces, hyphens and parentheses may stand between. */
bool hanse_personal_find_telephone(const char *text, struct hanse_bytes *out);

/* Reports each text of a record (the `text` of a LocalizedText) that shows one, as a warning
 * "personal-email" or "personal-telephone" with its path and what was seen. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_personal_scan(const struct hanse_record *record,
                                                       hanse_finding_report *report, void *context,
                                                       struct hanse_error *err);

#endif
