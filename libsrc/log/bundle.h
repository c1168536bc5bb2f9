/* SPDX-License-Identifier: Apache-2.0 */
/* Entry bundles: up to 256 entries, each after its length (C2SP tlog-tiles v0.1.0). */
#ifndef HANSE_LOG_BUNDLE_H
#define HANSE_LOG_BUNDLE_H

#include "base/buffer.h"
#include "base/bytes.h"

/* Appends `u16 length || entry`. HANSE_LIMIT: over 65,535 bytes, or past the buffer's maximum;
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_bundle_append(struct hanse_buffer *bundle, struct hanse_bytes entry,
                                                       struct hanse_error *err);
/* The next entry, a view. HANSE_NOT_FOUND at the end (without a message); HANSE_MALFORMED with the offset:
 * the bundle ends within an entry. */
HANSE_MUST_CHECK enum hanse_status hanse_bundle_next(struct hanse_reader *reader, struct hanse_bytes *out,
                                                     struct hanse_error *err);
/* HANSE_MALFORMED with the offset unless the bundle holds exactly `width` entries. */
HANSE_MUST_CHECK enum hanse_status hanse_bundle_check(struct hanse_bytes bundle, unsigned width,
                                                      struct hanse_error *err);

#endif
