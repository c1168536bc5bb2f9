/* SPDX-License-Identifier: Apache-2.0 */
/* The judgement on received bytes that comes before protobuf-c sees them: it takes more than it should,
 * recurses as deep as it is told to, and lets the last of two fields win. */
#ifndef HANSE_WIRE_MESSAGE_SCAN_H
#define HANSE_WIRE_MESSAGE_SCAN_H

#include "wire/schema.h"

#include <hanse/status.h>

/* Walks the bytes without recursion and without allocation. HANSE_MALFORMED with the offset and HANSE_LIMIT
 * as in hanse_message_decode (but for the memory). */
HANSE_MUST_CHECK enum hanse_status hanse_message_scan(const struct hanse_schema *schema,
                                                      struct hanse_bytes bytes, struct hanse_error *err);

#endif
