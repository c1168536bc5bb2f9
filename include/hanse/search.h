/* SPDX-License-Identifier: Apache-2.0 */
/* Finding records by words, in any language that they are written in. */
#ifndef HANSE_SEARCH_H
#define HANSE_SEARCH_H

#include <hanse/change.h>
#include <hanse/query.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What to look for. All that is given must hold. */
struct hanse_search {
    uint32_t version; /* 1 */
    /* Words apart by spaces must all occur, in any order; "a phrase" in quotes as it stands; -word and
     * -"phrase" must not occur; word* is the beginning of a word. Case, diacritics and widths make no
     * difference. Any text is a query; one without a letter or digit asks for no words, as NULL does: then
     * the newest come. */
    const char *words;
    const char *kind; /* such as "Project"; NULL: all */
    const char *feed; /* origin or name; NULL: all */
    const char *city; /* records that are of this city or refer to it: a code such as "UNLOCODE:JPKKJ", a full
                       * name or the beginning of an id of its record; every code counts that a
                       * LocalGovernment record held here gives to the same city */
    const char *country;      /* ISO 3166-1 alpha-2; records that state it, or a code that lies in it */
    const char *theme;        /* "SCHEME:CODE"; narrower codes count: SDG-GOAL:11 finds SDG-TARGET:11.6 */
    uint64_t since_unix_s;    /* published at or after; 0: no beginning */
    uint64_t until_unix_s;    /* published before; 0: no end */
    uint32_t limit;           /* of hits; 0: 20; at most 1,000 */
    hanse_progress *progress; /* while the words of what arrived are made ready; NULL ok */
    void *progress_context;
};

/* A part of the passage that was looked for: `size` bytes from `start` on. */
struct hanse_search_mark {
    size_t start;
    size_t size;
};

struct hanse_search_answer {
    uint64_t total; /* hits in all, shown or not */
    bool
        ranked; /* best first; false: newest first, since there are more than 10,000 or no words were given */
    uint64_t behind; /* entries whose words are not ready, and this process may not write; 0: all are */
    char absent[64]; /* nothing was found: a word that no record has; "": each occurs somewhere */
    char near[64];   /* a word that some record has and that is nearly the absent one; "": none */
};

/* Everything in it lives until the visitor returns. */
struct hanse_search_hit {
    const struct hanse_search_answer *answer; /* the same for every hit */
    const struct hanse_item *item;
    uint32_t score; /* 0 to 1,000; of this record and the words alone. 0 where the hits are not ranked */
    const char
        *passage; /* of the text that matches best; "": no single text has a word, or none was asked for */
    const char *language;                  /* of the passage, BCP 47; "": not said */
    const struct hanse_search_mark *marks; /* ascending */
    size_t mark_count;
};
typedef enum hanse_status hanse_search_visit(void *context, const struct hanse_search_hit *hit,
                                             struct hanse_error *err);

/* Looks for records, the node's words being brought up to date first. *out_answer (NULL ok) is filled after
 * the last visit. Withdrawn, replaced, erased and superseded records are never visited.
 * HANSE_INVALID_ARGUMENT: not version 1, a limit above 1,000, a theme, city or country that is none;
 * HANSE_NOT_FOUND: no such feed, kind or city; HANSE_LIMIT: over 4,096 bytes or 32 words; HANSE_CANCELLED by
 * `progress`; HANSE_MISMATCH: what is held cannot be read; HANSE_LOCKED, HANSE_IO, HANSE_NO_MEMORY, or what
 * the visitor returns. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_search_run(struct hanse_node *node, const struct hanse_search *search, hanse_search_visit *visit,
                 void *context, struct hanse_search_answer *out_answer, struct hanse_error *err);

/* Makes the words of everything that arrived ready, so that the next search need not. Can be cut off at any
 * point: what was done stays. HANSE_DENIED: the node may only be read; HANSE_CANCELLED by `progress` (NULL
 * ok); HANSE_LOCKED, HANSE_IO, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_search_update(struct hanse_node *node,
                                                                 hanse_progress *progress, void *context,
                                                                 struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
