/* SPDX-License-Identifier: Apache-2.0 */
/* Which format a file has, by its content: names and endings of files are often wrong. */
#ifndef HANSE_RECORD_DETECT_H
#define HANSE_RECORD_DETECT_H

#include <hanse/status.h>

enum hanse_format { HANSE_FORMAT_IATI, HANSE_FORMAT_JSONL, HANSE_FORMAT_CSV };

/* "iati", "jsonl" or "csv". Static text. */
const char *hanse_format_name(enum hanse_format format);
/* Judges the first bytes of a file (4 KiB are enough; the whole file if it has fewer). A byte order mark of
 * UTF-8 or UTF-16 and white space are skipped. A first line of text with a comma, a semicolon or a tab is
 * CSV. HANSE_UNSUPPORTED with the offset of the first byte that decides: none of them, or nothing at all. */
HANSE_MUST_CHECK enum hanse_status hanse_format_detect(struct hanse_bytes head, enum hanse_format *out,
                                                       struct hanse_error *err);

#endif
