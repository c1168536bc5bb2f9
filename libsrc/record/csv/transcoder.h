/* SPDX-License-Identifier: Apache-2.0 */
/* A source of UTF-8 over a source in another encoding. */
#ifndef HANSE_RECORD_CSV_TRANSCODER_H
#define HANSE_RECORD_CSV_TRANSCODER_H

#include <stdbool.h>

#include "record/source.h"

struct hanse_transcoder;

/* `encoding`: "UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "CP932", "Shift_JIS", "EUC-JP", "ISO-8859-1",
 * "ISO-8859-15", "windows-1250", "windows-1252", "GB18030", "Big5" or "EUC-KR", in letters of either case.
 * NULL: UTF-16 where a byte order mark says so, else UTF-8. A byte order mark is dropped. `source` must
 * outlive it. HANSE_UNSUPPORTED: another name, or the system lacks it; HANSE_NO_MEMORY, what the source
 * returned. */
HANSE_MUST_CHECK enum hanse_status hanse_transcoder_open(struct hanse_source source, const char *encoding,
                                                         struct hanse_transcoder **out,
                                                         struct hanse_error *err);
/* NULL does nothing. */
void hanse_transcoder_close(struct hanse_transcoder *transcoder);
/* Bytes that are no character of the encoding come out as 0xff, which is no UTF-8: who reads the text finds
 * them there. UTF-8 itself comes out as it is. Ends with what the source under it returned. */
struct hanse_source hanse_transcoder_source(struct hanse_transcoder *transcoder);
/* What comes out is what went in, behind a byte order mark of *out_mark_bytes. */
bool hanse_transcoder_keeps_offsets(const struct hanse_transcoder *transcoder, uint64_t *out_mark_bytes);

#endif
