/* SPDX-License-Identifier: Apache-2.0 */
/* Code lists: what the codes of a scheme such as DAC-5 or ISO3166-1 mean. They are compiled in. All texts are
 * UTF-8, NUL-ended and static; "" where nothing is known. */
#ifndef HANSE_CODES_H
#define HANSE_CODES_H

#include <stdbool.h>

#include <hanse/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_codes_info {
    const char *scheme;  /* as in CodedValue.scheme of a record */
    const char *title;   /* in English */
    const char *version; /* edition, or the last day that the list knows of something */
    bool is_closed;      /* a code that is not in the list is wrong; else it may be newer than the list */
    size_t count;        /* codes */
};

struct hanse_code {
    const char *scheme;
    const char *code;
    const char *name; /* in English */
    const char *name_fr;
    const char *name_ja;
    bool is_withdrawn;        /* not for new records */
    const char *withdrawn_on; /* last day of its use, "2016-12-31" */
};

/* The list number `index` from 0, by the bytes of their schemes; false past the last. */
HANSE_API bool hanse_codes_list(size_t index, struct hanse_codes_info *out);
/* The list of a scheme, named in capitals or small letters. HANSE_NOT_FOUND. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_codes_get(const char *scheme, struct hanse_codes_info *out,
                                                             struct hanse_error *err);
/* A code of a scheme, both exactly as in records. HANSE_NOT_FOUND: there is no such scheme or code; the
 * message names the nearest. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_codes_find(const char *scheme, const char *code, struct hanse_code *out, struct hanse_error *err);

typedef enum hanse_status hanse_code_visit(void *context, const struct hanse_code *code,
                                           struct hanse_error *err);
/* The codes of a scheme (NULL: of all) of which each word of `words`, parted by spaces, is part of the code
 * or of a name in any language; capitals and small letters are the same. "" or NULL: every code. In the order
 * of the lists. HANSE_NOT_FOUND: no such scheme; or the status that `visit` returns, which ends the search.
 */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_codes_search(const char *scheme, const char *words,
                                                                hanse_code_visit *visit, void *context,
                                                                struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
