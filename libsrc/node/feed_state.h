/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a feed at its verified size, as bytes that the index keeps. */
#ifndef HANSE_NODE_FEED_STATE_H
#define HANSE_NODE_FEED_STATE_H

#include "feed/verifier.h"

/* Appends. HANSE_NO_MEMORY, HANSE_LIMIT. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_state_encode(const struct hanse_feed_state *state,
                                                           struct hanse_buffer *out, struct hanse_error *err);
/* HANSE_MALFORMED. */
HANSE_MUST_CHECK enum hanse_status
hanse_feed_state_decode(struct hanse_bytes bytes, struct hanse_feed_state *out, struct hanse_error *err);

#endif
