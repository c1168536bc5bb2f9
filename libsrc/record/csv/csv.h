/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as CSV: a header, then a record a row. */
#ifndef HANSE_RECORD_CSV_CSV_H
#define HANSE_RECORD_CSV_CSV_H

#include "record/sheet.h"
#include "record/source.h"

/* Reads the whole input in an encoding of record/csv/transcoder.h (NULL: by its first bytes) and hands the
 * rows over through the sheet. Each bad row calls sink->invalid with its line and column, and the others go
 * on.
 *
 * Errors end the import. HANSE_MALFORMED: no header, or one that hanse_sheet_header refuses, or quotes that
 * are open at the end; HANSE_UNSUPPORTED: encoding; else as hanse_sheet_row, and whatever the source
 * returned.
 */
HANSE_MUST_CHECK enum hanse_status hanse_csv_read(struct hanse_source source, const char *encoding,
                                                  struct hanse_sheet *sheet,
                                                  const struct hanse_import_sink *sink,
                                                  struct hanse_error *err);

#endif
