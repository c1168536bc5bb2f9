/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest that grows: segments with block arrays of their own. */
#ifndef HANSE_NODE_FILES_SEGMENT_LIST_H
#define HANSE_NODE_FILES_SEGMENT_LIST_H

#include "wire/manifest.h"

/* Gives the segment a new random generation. HANSE_CRYPTO; *segment is unchanged then. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_renew(struct hanse_segment *segment,
                                                       struct hanse_error *err);

struct hanse_segment_list {
    struct hanse_segment *items;
    size_t count;
};

void hanse_segment_list_release(struct hanse_segment_list *list);
/* Appends `segment` without its blocks. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_list_add(struct hanse_segment_list *list,
                                                          struct hanse_segment segment,
                                                          struct hanse_error *err);
/* Appends a block that starts at the segment's end so far. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_add_block(struct hanse_segment *segment,
                                                           struct hanse_error *err);
/* Appends copies of the segments and blocks that begin below `size`. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_list_copy(struct hanse_segment_list *list,
                                                           const struct hanse_manifest *from, uint64_t size,
                                                           struct hanse_error *err);
/* NULL if the list is empty. */
struct hanse_segment *hanse_segment_list_last(struct hanse_segment_list *list);
/* A view of the list as a manifest. */
struct hanse_manifest hanse_segment_list_manifest(const struct hanse_segment_list *list);

/* Replaces the manifest of the feed in `dir`; durable when it returns. HANSE_LIMIT, HANSE_IO,
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_segment_list_write(const struct hanse_segment_list *list,
                                                            const char *dir, struct hanse_error *err);

#endif
