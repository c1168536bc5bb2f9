/* SPDX-License-Identifier: Apache-2.0 */
/* One list of codes: rows in one text, ordered by the bytes of their codes. */
#ifndef HANSE_RECORD_CODE_LIST_H
#define HANSE_RECORD_CODE_LIST_H

#include <hanse/codes.h>

/* Each row has five fields that end with NUL: code, status ("", "withdrawn" or "withdrawn 2016-12-31"), name
 * in English, in French and in Japanese. */
struct hanse_code_list {
    const char *scheme;
    const char *title;
    const char *version;
    bool is_closed;
    const char *text;
    const uint32_t *starts; /* of the rows in `text` */
    size_t count;
};

/* Those of libsrc/record/codes/, by the bytes of their schemes. */
extern const struct hanse_code_list hanse_code_tables[];
extern const size_t hanse_code_table_count;

/* The list that is compiled in; NULL if there is none. */
const struct hanse_code_list *hanse_code_list_of(struct hanse_bytes scheme);
/* The row number `index`, which must exist. */
void hanse_code_list_get(const struct hanse_code_list *list, size_t index, struct hanse_code *out);
/* False if the code is not in the list. */
bool hanse_code_list_find(const struct hanse_code_list *list, struct hanse_bytes code,
                          struct hanse_code *out);
/* The code that is likely meant: one that differs in no more than a third of its letters; NULL if none does.
 */
const char *hanse_code_list_nearest(const struct hanse_code_list *list, struct hanse_bytes code);

#endif
