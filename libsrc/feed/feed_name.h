/* SPDX-License-Identifier: Apache-2.0 */
/* The names below a feed's base URL (docs/protocol.md sections 1.5, 2.6, 3.2 and 5): one grammar for who asks
 * for them and who serves them. What it refuses is neither fetched nor answered. */
#ifndef HANSE_FEED_FEED_NAME_H
#define HANSE_FEED_FEED_NAME_H

#include <hanse/bytes.h>

/* Longer than any name of the grammar, with its NUL. */
#define HANSE_FEED_NAME_BYTES 80

enum hanse_feed_name_kind {
    HANSE_FEED_NAME_NONE = 0, /* not a name of the grammar */
    HANSE_FEED_NAME_CHECKPOINT,
    HANSE_FEED_NAME_TILE,
    HANSE_FEED_NAME_MANIFEST,
    HANSE_FEED_NAME_SEGMENT,
    HANSE_FEED_NAME_KEY_CHANGE
};

/* `name` as in "hanse/public/0-0123456789abcdef", without a slash at the start. */
enum hanse_feed_name_kind hanse_feed_name_kind_of(struct hanse_bytes name);

#endif
