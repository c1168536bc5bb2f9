/* SPDX-License-Identifier: Apache-2.0 */
/* A record: one `hanse.v1.Record` message. Opaque: bytes and JSON both ways, values by path, a cursor.
 *
 * Paths (one grammar for edits, validation, sheets and loss reports):
 *   path    = step *("." step)            step = name [ "[" selector "]" ]
 *   name    = field name in lowerCamelCase as in proto3 JSON ("publishedBy"); snake_case is accepted too
 *   selector (repeated fields only) = index (0 is the first) | "-" (the last) | "+" (append one)
 *           | name "=" text (the first element whose scalar field has that value; a set makes it where there
 * is none) Example: "project.title[language=ja].text", "project.transactions[+].value.currency",
 * "header.identifiers[0].value". Scalars are written as in proto3 JSON without quotes: enum values by name or
 * number, 64-bit numbers in decimal, bytes in base64, booleans as true and false. */
#ifndef HANSE_RECORD_H
#define HANSE_RECORD_H

#include <stdbool.h>

#include <hanse/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hanse_record;
struct hanse_record_cursor;

/* A new record of a kind by its name ("Project"). *out is the caller's: hanse_record_free.
 * HANSE_NOT_FOUND: no such kind; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_new(const char *kind, struct hanse_record **out,
                                                              struct hanse_error *err);
/* From serialized bytes (copied and kept as received; unknown fields survive).
 * HANSE_MALFORMED with the offset: broken protobuf, invalid UTF-8, embedded NUL, duplicate singular field, or
 * a record without a body; HANSE_LIMIT: over 1 MiB, nested deeper than 16, or more than 16 MiB when unpacked;
 * HANSE_NO_MEMORY. A body of a kind unknown to this build is accepted: hanse_record_kind gives 0's name. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_record_from_bytes(struct hanse_bytes bytes, struct hanse_record **out, struct hanse_error *err);
/* From proto3 JSON of hanse.v1.Record (strict: unknown names, duplicate names, wrong types, trailing text and
 * numbers out of range are refused). HANSE_MALFORMED with the byte offset and the path in the message,
 * HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_record_from_json(struct hanse_bytes json, struct hanse_record **out, struct hanse_error *err);
/* From whatever form one record comes in: serialized bytes, proto3 JSON on one or many lines, or a line of
 * `hanse export`, whose id goes to *out_id (set to NULL if there is none; the caller's: hanse_free). Errors
 * as for the two above. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_from_any(struct hanse_bytes input,
                                                                   struct hanse_record **out, char **out_id,
                                                                   struct hanse_error *err);
/* NULL does nothing. */
HANSE_API void hanse_record_free(struct hanse_record *record);

/* Kind name such as "Project", "Unknown" if this build does not know it. Static text. */
HANSE_API const char *hanse_record_kind(const struct hanse_record *record);
/* Kind number (the field number of the body in hanse.v1.Record). */
HANSE_API uint32_t hanse_record_kind_number(const struct hanse_record *record);
/* Kind name of a number and the reverse; NULL and 0 if there is none. Names compare without case. */
HANSE_API const char *hanse_kind_name(uint32_t number);
HANSE_API uint32_t hanse_kind_number(const char *name);
/* Records of the kind hold data of persons: they are staged for the members of a network, not for everybody.
 */
HANSE_API bool hanse_kind_is_personal(uint32_t number);

/* Serialized bytes: those received if nothing was set since, else a deterministic serialization (fields by
 * number, unknown ones last). The view is the record's: it dies with it or at the next set.
 * HANSE_LIMIT over 1 MiB, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_record_bytes(struct hanse_record *record, struct hanse_bytes *out, struct hanse_error *err);
/* proto3 JSON on one line, UTF-8, NUL-ended; *out is the caller's: hanse_free. Fields that are unset are left
 * out; unknown fields cannot be shown in JSON. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_json(const struct hanse_record *record, char **out,
                                                               struct hanse_error *err);

/* The scalar at a path as text; *out is the caller's: hanse_free. HANSE_NOT_FOUND: unset or no such element;
 * HANSE_INVALID_ARGUMENT: no such field, or it is no scalar; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_record_get(const struct hanse_record *record, const char *path, char **out, struct hanse_error *err);
/* Sets the scalar at a path, making the messages on the way. Zeros before a number are passed over. At a Date
 * it takes "2026-11-24", "2026-11" or "2026", at a Money an amount such as "1250.50", whose currency stays as
 * it is. The record is unchanged on failure.
 * HANSE_INVALID_ARGUMENT: no such field, bad path, or a text that the type does not take (the message says
 * what would do); HANSE_NOT_FOUND: an index past the end; HANSE_LIMIT; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_set(struct hanse_record *record, const char *path,
                                                              const char *value, struct hanse_error *err);
/* Makes the message at a path (useful with "[+]"), leaving its fields unset. Errors as for set. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_add(struct hanse_record *record, const char *path,
                                                              struct hanse_error *err);
/* Unsets a field or removes an element. HANSE_NOT_FOUND if it is not set; HANSE_INVALID_ARGUMENT. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_clear(struct hanse_record *record, const char *path,
                                                                struct hanse_error *err);
/* Number of elements of the repeated field at a path; 0 or 1 for a singular one. HANSE_INVALID_ARGUMENT. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_record_count(const struct hanse_record *record, const char *path, size_t *out, struct hanse_error *err);

/* Walks every set scalar in field order. HANSE_NO_MEMORY. The record must outlive the cursor and stay
 * unchanged. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_cursor_open(const struct hanse_record *record,
                                                                      struct hanse_record_cursor **out,
                                                                      struct hanse_error *err);
/* The next scalar: its path (indices as numbers) and text, both views that live until the next call, and
 * whether it is text written by people (a `string` field). HANSE_NOT_FOUND at the end; HANSE_NO_MEMORY. */
HANSE_API HANSE_MUST_CHECK enum hanse_status
hanse_record_cursor_next(struct hanse_record_cursor *cursor, const char **out_path, const char **out_value,
                         bool *out_is_text, struct hanse_error *err);
HANSE_API void hanse_record_cursor_close(struct hanse_record_cursor *cursor);

/* A scalar that differs: NULL where it is not set. All texts live until `visit` returns. */
struct hanse_difference {
    const char *path; /* indices as numbers; of the record that has it */
    const char *old_value;
    const char *new_value;
};
typedef enum hanse_status hanse_difference_visit(void *context, const struct hanse_difference *difference,
                                                 struct hanse_error *err);
/* What changed from one record to another (each may be NULL: an empty one), by path in field order. Elements
 * of lists are compared by their place. HANSE_NO_MEMORY, or what the visitor returns. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_diff(const struct hanse_record *old_record,
                                                               const struct hanse_record *new_record,
                                                               hanse_difference_visit *visit, void *context,
                                                               struct hanse_error *err);

/* One finding of validation. All texts are static or live until `report` returns. */
struct hanse_finding {
    const char *severity; /* "error": publish refuses; "warning" */
    const char *rule;     /* stable id such as "project-title-required" */
    const char *path;     /* in the grammar above */
    const char *message;  /* what is wrong */
    const char *remedy;   /* what to do */
};
typedef void hanse_finding_report(void *context, const struct hanse_finding *finding);
/* Checks a record against the rules of its kind; `report` (NULL ok) is called once a finding.
 * HANSE_INVALID_RECORD if there was an error, err then holds the first one; warnings alone give HANSE_OK. */
HANSE_API HANSE_MUST_CHECK enum hanse_status hanse_record_validate(const struct hanse_record *record,
                                                                   hanse_finding_report *report,
                                                                   void *context, struct hanse_error *err);

#ifdef __cplusplus
}
#endif

#endif
