/* SPDX-License-Identifier: Apache-2.0 */
/* Records of one kind as a table of CSV that hanse_import reads again.
 *
 * Every record goes through hanse_csv_export_survey first, which finds the columns; then the table is
 * hanse_csv_export_head and what each hanse_csv_export_add gives. The columns are "id", "revision" and paths
 * of records (docs/manual.md); texts have a column for each language. Cells that a spreadsheet could take for
 * a formula begin with an apostrophe, which an import takes off. */
#ifndef HANSE_CSV_EXPORT_H
#define HANSE_CSV_EXPORT_H

#include <hanse/change.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_csv_export;

/* Zero-initialize and set `version` to 1. */
struct hanse_csv_export_options {
    uint32_t version;
    const char *kind; /* of the records, such as "Project" */
    bool mark;        /* begins with a byte order mark of UTF-8, which some spreadsheets need */
};

/* *out is the caller's: hanse_csv_export_free. HANSE_INVALID_ARGUMENT: version; HANSE_NOT_FOUND: no such
 * kind; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_csv_export_new(const struct hanse_csv_export_options *options, struct hanse_csv_export **out,
                     struct hanse_error *err);
/* NULL does nothing. */
HANSE_API void hanse_csv_export_free(struct hanse_csv_export *it);

/* Finds the columns that the record needs; at most 1024 in all, what is beyond them is a loss.
 * HANSE_INVALID_ARGUMENT: the record is of another kind; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_csv_export_survey(struct hanse_csv_export *it,
                                                                     const struct hanse_record *record,
                                                                     struct hanse_error *err);
/* The header; *out lives until the next call. HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_csv_export_head(struct hanse_csv_export *it, struct hanse_bytes *out, struct hanse_error *err);
/* The record's row; *out lives until the next call. `id` is its full name and `revision` the one that is
 * written: an import finds by them what the row changes, and whether that was changed since.
 * HANSE_INVALID_ARGUMENT: the record is of another kind; HANSE_LIMIT: too large; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_csv_export_add(struct hanse_csv_export *it, const char *id, uint64_t revision,
                     const struct hanse_record *record, struct hanse_bytes *out, struct hanse_error *err);
/* What the rows lack, by path without numbers ("project.title.text"): texts without a language or with one
 * that another text of the list has, dates without a year, fields of a newer version, and what found no
 * column. An import of the table leaves all of it as it is. */
HANSE_API void hanse_csv_export_losses(const struct hanse_csv_export *it, hanse_loss_visit *visit,
                                       void *context);

#ifdef __cplusplus
}
#endif

#endif
