/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8, hexadecimal, base64 and decimal numbers, each strict: one value has one spelling. */
#ifndef HANSE_BASE_TEXT_H
#define HANSE_BASE_TEXT_H

#include <stdbool.h>

#include "base/buffer.h"

/* Offset of the first byte that is not well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at
 * most U+10FFFF); text.size if all is well. NUL is well-formed here; who forbids it checks for it. */
size_t hanse_utf8_check(struct hanse_bytes text);

/* Lower case; out has room for 2 * bytes.size + 1. */
void hanse_hex_encode(struct hanse_bytes bytes, char *out);
/* Lower case only, exactly out_size bytes; false otherwise. */
bool hanse_hex_decode(struct hanse_bytes text, uint8_t *out, size_t out_size);

/* RFC 4648 section 4 with padding. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_base64_encode(struct hanse_bytes bytes, struct hanse_buffer *out,
                                                       struct hanse_error *err);
/* Strict: padding required, no white space, spare bits zero. Appends to out.
 * HANSE_MALFORMED with the offset in text, HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_base64_decode(struct hanse_bytes text, struct hanse_buffer *out,
                                                       struct hanse_error *err);

/* Shortest decimal form: digits only, no leading zero but "0" itself, fits 64 bits; false otherwise. */
bool hanse_decimal_decode(struct hanse_bytes text, uint64_t *out);

/* Bytes to change, add or leave out to get from one word to the other: for advice on mistyped ones. Words of
 * more than 24 bytes are not compared: their distance is 24, even to themselves. */
size_t hanse_text_distance(struct hanse_bytes a, struct hanse_bytes b);

/* Seconds since 1970 to and from RFC 3339 "2026-11-24T13:09:57Z"; out has room for 21 (years 0 to 9999;
 * a later time is written as year 9999's last second). */
void hanse_time_encode(uint64_t unix_s, char out[21]);
/* Accepts "YYYY-MM-DD" (midnight UTC) and "YYYY-MM-DDTHH:MM:SSZ", dates that exist, from 1970 on. */
bool hanse_time_decode(struct hanse_bytes text, uint64_t *out_unix_s);

#endif
