/* SPDX-License-Identifier: Apache-2.0 */
/* Record ids: UUIDs of version 7 (RFC 9562). */
#ifndef HANSE_NODE_UUID_H
#define HANSE_NODE_UUID_H

#include <stdbool.h>

#include <hanse/status.h>

#define HANSE_UUID_TEXT_BYTES 37

/* A new id for the time. HANSE_CRYPTO. */
HANSE_MUST_CHECK enum hanse_status hanse_uuid_make(uint64_t unix_ms, uint8_t out[16],
                                                   struct hanse_error *err);
/* Lower case, with hyphens and a NUL. */
void hanse_uuid_encode(const uint8_t uuid[16], char out[HANSE_UUID_TEXT_BYTES]);
/* With or without hyphens, any case of letters; false if it is none. */
bool hanse_uuid_decode(const char *text, uint8_t out[16]);

#endif
