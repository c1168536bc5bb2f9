/* SPDX-License-Identifier: Apache-2.0 */
/* A feed's row as the public API shows it. */
#ifndef HANSE_NODE_FEED_INFO_H
#define HANSE_NODE_FEED_INFO_H

#include "node/node_internal.h"

/* `vkey` (at least 512 bytes maximum) holds the key's text as long as *out lives; other texts are the row's.
 */
HANSE_MUST_CHECK enum hanse_status hanse_feed_info_fill(struct hanse_node *node,
                                                        const struct hanse_index_feed *feed,
                                                        struct hanse_buffer *vkey,
                                                        struct hanse_feed_info *out, struct hanse_error *err);

#endif
