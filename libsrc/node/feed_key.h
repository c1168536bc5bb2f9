/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a feed between its text, as people hand it on, and its bytes, as the feed's state has it. */
#ifndef HANSE_NODE_FEED_KEY_H
#define HANSE_NODE_FEED_KEY_H

#include "log/verifier_key.h"

enum { HANSE_FEED_KEY_TEXT_BYTES = 512 };

/* HANSE_INVALID_ARGUMENT: no key, or that of a witness, with what is wrong and the text in the message;
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_key_decode(const char *text, struct hanse_verifier_key *out,
                                                         struct hanse_error *err);
/* Appends the text with a NUL; a buffer of HANSE_FEED_KEY_TEXT_BYTES holds it. HANSE_MALFORMED,
 * HANSE_NO_MEMORY, HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_feed_key_encode(const char *origin, const uint8_t material[33],
                                                         struct hanse_buffer *out, struct hanse_error *err);

#endif
