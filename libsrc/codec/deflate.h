/* SPDX-License-Identifier: Apache-2.0 */
/* Raw deflate (RFC 1951) with an optional preset dictionary, under exact caps. The contexts are made once and
 * reused for any number of streams; one context serves one thread at a time. */
#ifndef HANSE_CODEC_DEFLATE_H
#define HANSE_CODEC_DEFLATE_H

#include "base/buffer.h"

enum { HANSE_DEFLATE_FASTEST = 1, HANSE_DEFLATE_USUAL = 6, HANSE_DEFLATE_SMALLEST = 9 };

struct hanse_deflater;
struct hanse_inflater;

/* Level 0 (stored) to 9. HANSE_INVALID_ARGUMENT: another level; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_deflater_new(int level, struct hanse_deflater **out,
                                                      struct hanse_error *err);
void hanse_deflater_free(struct hanse_deflater *deflater);
/* Appends one whole stream to `out`. Of the dictionary, which may be empty, the last 32 KiB count.
 * `out` must not hold the input or the dictionary. HANSE_LIMIT: the stream does not fit out->max_bytes, or
 * the input has 4 GiB; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_deflater_run(struct hanse_deflater *deflater,
                                                      struct hanse_bytes dictionary, struct hanse_bytes input,
                                                      struct hanse_buffer *out, struct hanse_error *err);

/* HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_inflater_new(struct hanse_inflater **out, struct hanse_error *err);
void hanse_inflater_free(struct hanse_inflater *inflater);
/* Appends exactly `expected_size` bytes to `out`: the input must be one stream, wholly consumed, of just that
 * size. The dictionary is that of hanse_deflater_run. HANSE_LIMIT: out->max_bytes has no room for
 * expected_size (checked before anything is allocated), or the input has 4 GiB; HANSE_MALFORMED with the
 * offset in the input: bad data, a stream that is cut short, bytes after its end, or another size;
 * HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_inflater_run(struct hanse_inflater *inflater,
                                                      struct hanse_bytes dictionary, struct hanse_bytes input,
                                                      size_t expected_size, struct hanse_buffer *out,
                                                      struct hanse_error *err);

#endif
