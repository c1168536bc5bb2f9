/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that write a record as a tree share. */
#ifndef HANSE_RECORD_IATI_DUMP_INTERNAL_H
#define HANSE_RECORD_IATI_DUMP_INTERNAL_H

#include "record/iati/dump.h"

enum { HANSE_IATI_NUMBER_BYTES = 32 };

/* A field of a part below: "value.comment" of a baseline. `part` is NULL where it is not there. */
struct hanse_iati_place {
    const struct hanse_part *part;
    const char *field;
};
struct hanse_iati_place hanse_iati_dump_follow(const struct hanse_part *part, const char *to);
/* The part at a path that may be empty: the part itself. NULL: not there. */
const struct hanse_part *hanse_iati_dump_part(const struct hanse_part *part, const char *to);
bool hanse_iati_dump_get(struct hanse_iati_place place, struct hanse_value *out);
struct hanse_bytes hanse_iati_dump_digits(int64_t value, char out[HANSE_IATI_NUMBER_BYTES]);
/* A date as xs:date. Empty: IATI has whole dates only; a year alone cannot be said. */
struct hanse_bytes hanse_iati_dump_day(const struct hanse_part *date, char out[HANSE_IATI_NUMBER_BYTES]);
/* What stands behind a prefix; empty where the text does not begin with it. */
struct hanse_bytes hanse_iati_dump_after(struct hanse_bytes text, const char *prefix);
/* A value where a rule's `from` leads: "@name", "child", "child/@name"; nothing for an empty one. Errors as
 * in dump.h, here and below. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_dump_put(struct hanse_iati_dumper *dumper, const char *from,
                                                       struct hanse_bytes value);

/* One rule of the tables, the other way: each is named as what it reverses. */
typedef enum hanse_status hanse_iati_dump_rule(struct hanse_iati_dumper *dumper,
                                               const struct hanse_part *part,
                                               const struct hanse_iati_rule *rule);
hanse_iati_dump_rule hanse_iati_dump_string;
hanse_iati_dump_rule hanse_iati_dump_number;
hanse_iati_dump_rule hanse_iati_dump_boolean;
hanse_iati_dump_rule hanse_iati_dump_date;
hanse_iati_dump_rule hanse_iati_dump_baseline_date;
hanse_iati_dump_rule hanse_iati_dump_reference;
hanse_iati_dump_rule hanse_iati_dump_code;
hanse_iati_dump_rule hanse_iati_dump_texts;
hanse_iati_dump_rule hanse_iati_dump_codes;
hanse_iati_dump_rule hanse_iati_dump_coded_reference;
hanse_iati_dump_rule hanse_iati_dump_money;
hanse_iati_dump_rule hanse_iati_dump_point;
hanse_iati_dump_rule hanse_iati_dump_languages;
hanse_iati_dump_rule hanse_iati_dump_aid_types;

#endif
