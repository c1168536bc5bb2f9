/* SPDX-License-Identifier: Apache-2.0 */
/* Where else a followed feed lies than at its url (docs/index.md, "mirror"). Errors as in index.h. */
#ifndef HANSE_INDEX_MIRROR_H
#define HANSE_INDEX_MIRROR_H

#include "index/index.h"

/* Texts are the caller's on put, and live until the visitor returns when handed out; NULL: none. */
struct hanse_index_mirror {
    int64_t id; /* ascends in the order of following, never given twice; 0: none yet */
    const char *url;
    const char *pin;
    const char *cacert;
    uint64_t last_try_unix_s;
    const char *last_result; /* word of `sync --json` */
    const char *last_message;
};

/* Inserts, or replaces the one of that url. HANSE_LIMIT: the feed has HANSE_MAX_MIRRORS others. */
HANSE_MUST_CHECK enum hanse_status hanse_index_mirror_put(struct hanse_index *index, int64_t feed_id,
                                                          const struct hanse_index_mirror *mirror,
                                                          struct hanse_error *err);
typedef enum hanse_status hanse_index_mirror_visit(void *context, const struct hanse_index_mirror *mirror,
                                                   struct hanse_error *err);
/* In the order of following. The visitor must not use the index. */
HANSE_MUST_CHECK enum hanse_status hanse_index_mirror_list(struct hanse_index *index, int64_t feed_id,
                                                           hanse_index_mirror_visit *visit, void *context,
                                                           struct hanse_error *err);
/* The mirror, and the feed's resume point if it lies there. HANSE_NOT_FOUND. */
HANSE_MUST_CHECK enum hanse_status hanse_index_mirror_remove(struct hanse_index *index, int64_t feed_id,
                                                             const char *url, struct hanse_error *err);

#endif
