/* SPDX-License-Identifier: Apache-2.0 */
/* Judging a feed's folder from its bytes alone: checkpoint, segments, manifest, tiles, bundles, key changes.
 */
#ifndef HANSE_NODE_CHECK_VERIFY_FEED_H
#define HANSE_NODE_CHECK_VERIFY_FEED_H

#include <hanse/verify.h>

#include "base/limits.h"
#include "node/node_internal.h"

/* What was found; texts are its own. */
struct hanse_feed_verdict {
    char origin[HANSE_MAX_ORIGIN_BYTES + 1];
    struct hanse_verify_result public; /* texts point here */
    enum hanse_status status;
    char message[HANSE_ERROR_MESSAGE_BYTES];
};

/* `key`: type and public key that the reader knows; NULL: the one that entry 0 names is believed. `origin`
 * NULL: whatever the checkpoint says. Fills *out in every case; only HANSE_NO_MEMORY and HANSE_CANCELLED
 * fail. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_verify(const char *dir, const char *origin, const uint8_t *key,
                                                     const struct hanse_verify_options *options,
                                                     struct hanse_feed_verdict *out, struct hanse_error *err);

#endif
