/* SPDX-License-Identifier: Apache-2.0 */
/* How the mapping is written down: tables of rules, each with the function that applies it. */
#ifndef HANSE_RECORD_IATI_RULE_H
#define HANSE_RECORD_IATI_RULE_H

#include "record/iati/map.h"
#include "record/iati/value.h"

enum { HANSE_IATI_MAPPER_PATH_BYTES = 256, HANSE_IATI_MAPPER_LANGUAGES = 32 };

/* State of mapping one activity. */
struct hanse_iati_mapper {
    const struct hanse_iati_scope *scope;
    struct hanse_record *record;
    const char *currency;                    /* the activity's default, NULL if it states none */
    char path[HANSE_IATI_MAPPER_PATH_BYTES]; /* of the message that the rules fill now */
    size_t path_size;
    char languages[HANSE_IATI_MAPPER_LANGUAGES][HANSE_IATI_LANGUAGE_BYTES]; /* met so far */
    size_t language_count;
    struct hanse_error *err;
};

/* The scheme of a code by the vocabulary attribute beside it. */
struct hanse_iati_vocabulary {
    const char *fallback; /* what IATI assumes where the attribute is missing, such as "1" */
    const char
        *prefix; /* for vocabularies without a scheme of their own: "IATI-SECTOR" gives "IATI-SECTOR-99" */
    const char *const (*schemes)[2]; /* pairs of vocabulary and scheme, ended by NULL */
};

struct hanse_iati_rule;
/* Applies one rule to an element. Where the source is missing it does nothing. HANSE_MALFORMED: bad value;
 * HANSE_LIMIT; HANSE_NO_MEMORY. */
typedef enum hanse_status hanse_iati_apply(struct hanse_iati_mapper *mapper,
                                           struct hanse_iati_element *element,
                                           const struct hanse_iati_rule *rule);

struct hanse_iati_rule {
    hanse_iati_apply *apply;
    const char *from;                    /* "@name", "child", "child/@name", or "." for the element itself */
    const char *to;                      /* field of the message at mapper->path */
    const struct hanse_iati_rule *rules; /* for the message inside; a rule without `apply` ends them */
    const char *text;                    /* scheme of a code, or what to put before a reference */
    const struct hanse_iati_vocabulary *vocabulary;
};

enum hanse_status hanse_iati_apply_rules(struct hanse_iati_mapper *mapper, struct hanse_iati_element *element,
                                         const struct hanse_iati_rule *rules);

/* Scalars. Enums have IATI's numbers, so that the code is the value. */
hanse_iati_apply hanse_iati_put_string;
hanse_iati_apply hanse_iati_put_number;
hanse_iati_apply hanse_iati_put_boolean;
hanse_iati_apply hanse_iati_put_date;
hanse_iati_apply hanse_iati_put_time;
hanse_iati_apply hanse_iati_put_reference; /* rule->text before the value: "IATI-ORG:" */
hanse_iati_apply hanse_iati_put_code;      /* CodedValue of the scheme rule->text */
/* Messages by rule->rules. */
hanse_iati_apply hanse_iati_put_each; /* one element of a repeated field for each child */
hanse_iati_apply hanse_iati_put_one;  /* the first child only; others stay unmarked */
/* Messages of fixed form. */
hanse_iati_apply hanse_iati_put_texts; /* narratives as LocalizedText */
hanse_iati_apply hanse_iati_put_codes; /* children with code, vocabulary, percentage ... as CodedValue */
hanse_iati_apply hanse_iati_put_money;
hanse_iati_apply hanse_iati_put_point;           /* with the exactness beside it */
hanse_iati_apply hanse_iati_put_coded_reference; /* first child with a code as "SCHEME:code" */

/* For rules written as functions. A field relative to mapper->path; errors as above. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_set(struct hanse_iati_mapper *mapper,
                                                  const struct hanse_iati_element *element, const char *field,
                                                  const char *value);
HANSE_MUST_CHECK enum hanse_status hanse_iati_set_date(struct hanse_iati_mapper *mapper,
                                                       const struct hanse_iati_element *element,
                                                       const char *field, const char *attribute,
                                                       const char *value);
/* Goes into `field` below mapper->path; hanse_iati_leave takes what this gave. */
size_t hanse_iati_enter(struct hanse_iati_mapper *mapper, const char *field);
void hanse_iati_leave(struct hanse_iati_mapper *mapper, size_t path_size);
/* HANSE_MALFORMED with the value, its path and its line. `expected` completes "is no ...". */
HANSE_MUST_CHECK enum hanse_status hanse_iati_bad_value(struct hanse_iati_mapper *mapper,
                                                        const struct hanse_iati_element *element,
                                                        const char *attribute, const char *value,
                                                        const char *expected);
/* Appends a message to a repeated field and goes into it; hanse_iati_leave takes *out_path_size. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_append(struct hanse_iati_mapper *mapper,
                                                     const struct hanse_iati_element *element,
                                                     const char *field, size_t *out_path_size);
/* CodedValue of an element with a code, appended to the repeated field rule->to. */
HANSE_MUST_CHECK enum hanse_status hanse_iati_put_coded(struct hanse_iati_mapper *mapper,
                                                        struct hanse_iati_element *element,
                                                        const struct hanse_iati_rule *rule);
void hanse_iati_warn(const struct hanse_iati_mapper *mapper, const struct hanse_iati_element *element,
                     const char *attribute, const char *rule, const char *message, const char *remedy);

#endif
