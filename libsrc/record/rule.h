/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of validation: tables by message type, each row one rule. The engine is validate.c. */
#ifndef HANSE_RECORD_RULE_H
#define HANSE_RECORD_RULE_H

#include "wire/message.h"

/* A row states when the rule holds. Without `value` and `part` the field must be set. */
struct hanse_rule {
    const char *id;
    bool is_warning;
    const char *field;                              /* of the type; the finding's path ends with it */
    bool (*value)(const struct hanse_value *value); /* asked of each set scalar of the field */
    bool (*part)(const struct hanse_part *part);    /* asked of the message itself */
    const char *message;
    const char *remedy;
};

/* The row of a field that must be set. */
#define HANSE_RULE_REQUIRED(rule_id, field_name, what_is_wrong, what_to_do)                                  \
    {                                                                                                        \
        rule_id, false, field_name, NULL, NULL, what_is_wrong, what_to_do                                    \
    }

struct hanse_rule_group {
    const char *type; /* of the messages that the rules are for, without package */
    const struct hanse_rule *rules;
    size_t count;
};

#define HANSE_RULE_GROUP(type_name, array)                                                                   \
    {                                                                                                        \
        type_name, array, sizeof array / sizeof array[0]                                                     \
    }

/* Each ends with a group whose type is NULL. */
extern const struct hanse_rule_group hanse_rules_account[];
extern const struct hanse_rule_group hanse_rules_actor[];
extern const struct hanse_rule_group hanse_rules_commitment[];
extern const struct hanse_rule_group hanse_rules_common[];
extern const struct hanse_rule_group hanse_rules_cooperation[];
extern const struct hanse_rule_group hanse_rules_evaluation[];
extern const struct hanse_rule_group hanse_rules_exchange[];
extern const struct hanse_rule_group hanse_rules_experience[];
extern const struct hanse_rule_group hanse_rules_framework[];
extern const struct hanse_rule_group hanse_rules_network[];
extern const struct hanse_rule_group hanse_rules_project[];
extern const struct hanse_rule_group hanse_rules_statement[];
extern const struct hanse_rule_group hanse_rules_table[];
/* All of them, ended by NULL. */
extern const struct hanse_rule_group *const hanse_rule_tables[];

/* Fields of a part by name; NULL, empty or 0 where the field is unset. The name must exist. */
const struct hanse_field *hanse_rule_field(const struct hanse_part *part, const char *name);
size_t hanse_rule_count(const struct hanse_part *part, const char *name);
const struct hanse_part *hanse_rule_child(const struct hanse_part *part, const char *name, size_t index);
struct hanse_bytes hanse_rule_text(const struct hanse_part *part, const char *name);
/* Of a numeric field of any width. */
int64_t hanse_rule_number(const struct hanse_part *part, const char *name);

/* A Date as year * 10000 + month * 100 + day; unknown parts count as the first or the last of the year or
 * month. 0 for NULL and for a date without year. */
int64_t hanse_rule_day(const struct hanse_part *date, bool last);

/* Forms that several tables ask for. */
bool hanse_rule_is_language(const struct hanse_value *value); /* BCP 47 in form */
bool hanse_rule_is_country(const struct hanse_value *value);  /* of ISO 3166-1, or left to users by it */
bool hanse_rule_is_url(const struct hanse_value *value);      /* absolute, without spaces */
bool hanse_rule_is_decimal(const struct hanse_value *value);  /* "-12.50" */
bool hanse_rule_is_currency(const struct hanse_value *value); /* three capital letters */
bool hanse_rule_is_share(const struct hanse_value *value);    /* at most 1,000,000 millionths */
bool hanse_rule_is_rating(const struct hanse_value *value);   /* at most 5 */
bool hanse_rule_is_likely_year(const struct hanse_value *value);
bool hanse_rule_is_email(const struct hanse_value *value); /* of a mailbox: one "@", a domain */
/* The ids of two references say the same; false where one has none. */
bool hanse_rule_same_ref(const struct hanse_part *a, const struct hanse_part *b);
/* The number in `to` is unset, or not below that in `from`. */
bool hanse_rule_are_ordered(const struct hanse_part *part, const char *from, const char *to);
/* No two elements of the repeated message field say the same in their text field `id`. */
bool hanse_rule_ids_differ(const struct hanse_part *part, const char *field, const char *id);
/* The code in the form of its register, with its check digit; true for schemes that have none known here. */
bool hanse_rule_is_identifier(struct hanse_bytes scheme, struct hanse_bytes value);

#endif
