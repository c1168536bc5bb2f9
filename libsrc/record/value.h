/* SPDX-License-Identifier: Apache-2.0 */
/* Scalars as text, the same in paths, JSON and sheets: as in proto3 JSON without quotes. */
#ifndef HANSE_RECORD_VALUE_H
#define HANSE_RECORD_VALUE_H

#include "wire/message.h"

/* Appends the text: an enum's name (its number if this build knows no name), decimal, base64, true or false.
 * HANSE_LIMIT, HANSE_NO_MEMORY; the buffer is unchanged then. */
HANSE_MUST_CHECK enum hanse_status hanse_value_append(const struct hanse_field *field,
                                                      const struct hanse_value *value,
                                                      struct hanse_buffer *out, struct hanse_error *err);
/* Reads the text of the field's kind. The bytes of a STRING are those of `text`; the bytes of BYTES are
 * decoded into `scratch`, which is cleared before. HANSE_INVALID_ARGUMENT: the type does not take it, and the
 * message says what would do; HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_value_parse(const struct hanse_field *field, struct hanse_bytes text,
                                                     struct hanse_buffer *scratch, struct hanse_value *out,
                                                     struct hanse_error *err);
/* The same for text that people write: zeros before a number are nothing ("03" is 3), an enum's number must
 * be one that this build has a name for, and months, days and years of dates keep to the calendar. Errors as
 * above. */
HANSE_MUST_CHECK enum hanse_status hanse_value_read(const struct hanse_field *field, struct hanse_bytes text,
                                                    struct hanse_buffer *scratch, struct hanse_value *out,
                                                    struct hanse_error *err);
/* How much of a text to show in a message: whole characters, at most max_bytes, none that is not UTF-8. For
 * "%.*s". */
int hanse_value_shown_bytes(struct hanse_bytes text, size_t max_bytes);
/* Values of one field. */
bool hanse_value_equal(const struct hanse_value *a, const struct hanse_value *b);

#endif
