/* SPDX-License-Identifier: Apache-2.0 */
/* What rules ask of codes: whether a list that is compiled in has them. Schemes without a list pass. */
#ifndef HANSE_RECORD_RULE_CODE_H
#define HANSE_RECORD_RULE_CODE_H

#include "record/rule.h"

/* Of a CodedValue: false if its closed list lacks the code. */
bool hanse_rule_code_exists(const struct hanse_part *code);
/* False if its open list lacks the code. */
bool hanse_rule_code_is_listed(const struct hanse_part *code);
/* False if the code is withdrawn. */
bool hanse_rule_code_is_current(const struct hanse_part *code);
/* Of a Project or a Transaction: false if one of its sectors or types was withdrawn before `day` (of
 * hanse_rule_day; 0: not known), as far as the list tells when. */
bool hanse_rule_codes_were_current(const struct hanse_part *part, int64_t day);
/* Of an Identifier: false if no register of organisations has the beginning of an ORGID. */
bool hanse_rule_register_is_listed(const struct hanse_part *identifier);

/* True for what is no currency in form: another rule says so. */
bool hanse_rule_currency_is_listed(const struct hanse_value *value);

/* The rule judges a code by its list, as an error. What is imported from another publisher cannot be mended
 * here, and half of it would be lost for a code: there it is a warning. */
bool hanse_rule_is_of_codes(const struct hanse_rule *rule);

/* What to do about the broken rule `rule`: its remedy, with the nearest code where it is one of the first two
 * above. `room` may be filled for it. */
enum { HANSE_RULE_REMEDY_BYTES = 768 };
const char *hanse_rule_code_remedy(const struct hanse_rule *rule, const struct hanse_part *part,
                                   char room[HANSE_RULE_REMEDY_BYTES]);

#endif
