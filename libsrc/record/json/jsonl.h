/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Lines: one record a line, bare or as `export` writes it; also records of many lines each. */
#ifndef HANSE_RECORD_JSON_JSONL_H
#define HANSE_RECORD_JSON_JSONL_H

#include "record/import.h"
#include "record/sheet.h"
#include "record/source.h"

/* Reads the whole input. A line is proto3 JSON of hanse.v1.Record, or an object whose member "record" is one
 * ({"id","feed","revision","kind","published","audience","record"}); then its "id", if it is there, is the
 * item's id and other members are only checked to be JSON. A line that leaves braces open goes on with those
 * below, until they close or a line begins with a brace. Empty lines, CR before LF, a UTF-8 byte order mark
 * and a last line without LF are fine. Each bad line calls sink->invalid, its offset being that of the byte
 * in the input, and the others go on: HANSE_MALFORMED, HANSE_LIMIT (over HANSE_MAX_IMPORT_LINE_BYTES, or a
 * record over its limits). Texts are scanned by record/personal.h.
 *
 * Errors end the import: HANSE_NO_MEMORY, whatever the source or the sink returned. */
HANSE_MUST_CHECK enum hanse_status
hanse_jsonl_read(struct hanse_source source, const struct hanse_import_sink *sink, struct hanse_error *err);
/* The same of objects that are rows of a table: what hanse_json_row_open refuses is a bad line.
 * HANSE_INVALID_ARGUMENT: hanse_sheet_without_header; else as hanse_sheet_row. */
HANSE_MUST_CHECK enum hanse_status hanse_jsonl_read_rows(struct hanse_source source,
                                                         struct hanse_sheet *sheet,
                                                         const struct hanse_import_sink *sink,
                                                         struct hanse_error *err);

#endif
