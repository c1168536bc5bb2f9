/* SPDX-License-Identifier: Apache-2.0 */
/* Findings of validation, as import, put, edit and validate print them. */
#ifndef HANSE_TOOLS_FINDING_OUTPUT_H
#define HANSE_TOOLS_FINDING_OUTPUT_H

#include <stdio.h>

#include <hanse/change.h>

/* As a line: text, or JSON. `source` is the file's name, or NULL. */
void finding_print(FILE *out, bool json, const char *source, const struct hanse_import_finding *finding);

/* Warnings of an input by their rule. Most of a table lack the same: as text only the first of a rule are
 * printed, and at the end how many more there were. */
enum { FINDING_TALLY_RULES = 32, FINDING_TALLY_SHOWN = 5 };
struct finding_tally {
    struct {
        char name[64];
        uint64_t seen;
    } rules[FINDING_TALLY_RULES];
    size_t count;
};
/* Counts a finding; whether it is to be printed. */
bool finding_tally_add(struct finding_tally *tally, const struct hanse_import_finding *finding);
void finding_tally_print(FILE *out, const struct finding_tally *tally);

/* Where the findings about one record come from. */
struct finding_printer {
    bool json;
    const char *source; /* NULL ok */
    const char *object; /* NULL ok */
};
/* Validates a record and prints what is found on stderr. HANSE_INVALID_RECORD if there is an error in it. */
HANSE_MUST_CHECK enum hanse_status finding_check(struct finding_printer *printer,
                                                 const struct hanse_record *record, struct hanse_error *err);

#endif
