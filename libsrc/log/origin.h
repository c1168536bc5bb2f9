/* SPDX-License-Identifier: Apache-2.0 */
/* The name of a feed: host, port and path without a scheme (docs/protocol.md, "Origin"). */
#ifndef HANSE_LOG_ORIGIN_H
#define HANSE_LOG_ORIGIN_H

#include <hanse/status.h>

/* HANSE_MALFORMED with the offset of what breaks the grammar; HANSE_LIMIT: more than 127 bytes. */
HANSE_MUST_CHECK enum hanse_status hanse_origin_check(struct hanse_bytes origin, struct hanse_error *err);

#endif
