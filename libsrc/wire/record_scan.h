/* SPDX-License-Identifier: Apache-2.0 */
/* What a payload's record must be before anybody unpacks it (docs/protocol.md, "Payload"). */
#ifndef HANSE_WIRE_RECORD_SCAN_H
#define HANSE_WIRE_RECORD_SCAN_H

#include <stdbool.h>

#include <hanse/status.h>

/* Whether this build knows the body with this field number of hanse.v1.Record. */
bool hanse_record_kind_is_known(uint32_t number);
/* Walks a serialized hanse.v1.Record without unpacking it; *out_kind is the number of its one body, known or
 * not. HANSE_MALFORMED with the offset: broken protobuf or text, a repeated singular field, no body or more
 * than one; HANSE_LIMIT: over 1 MiB or nested too deep. */
HANSE_MUST_CHECK enum hanse_status hanse_record_scan(struct hanse_bytes record, uint32_t *out_kind,
                                                     struct hanse_error *err);

#endif
