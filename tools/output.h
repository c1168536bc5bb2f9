/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people and JSON for programs. Records come from strangers: what could steer a terminal is shown as
 * a code, never sent. */
#ifndef HANSE_TOOLS_OUTPUT_H
#define HANSE_TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Text with control and direction-changing characters as \u{...}; broken UTF-8 as U+FFFD. */
void output_text(FILE *out, const char *text);
/* The same, cut to `columns` (with an ellipsis) and filled with spaces up to them if `fill`. Wide East Asian
 * characters take two columns, combining ones none. */
void output_column(FILE *out, const char *text, size_t columns, bool fill);
/* A label of fixed width and a text, as a line of its own. */
void output_field(FILE *out, const char *label, const char *text);

/* "2026-11-24T13:09:57Z"; room for 21. A time after year 9999 is shown as its last second. */
void output_time(uint64_t unix_s, char out[21]);
/* Base64 of 32 bytes; room for 45. */
void output_base64(const uint8_t bytes[32], char out[45]);
/* "3.4 kB": at most three digits; room for 16. */
void output_bytes(uint64_t bytes, char out[16]);

/* "1 record", "0 records", "2 entries": number and noun. */
void output_count(FILE *out, uint64_t count, const char *one, const char *many);

/* Ends stdout: complains if what was printed could not be written. Returns the exit code, `code` if all is
 * well. */
int output_end(int code);

/* JSON on one line. A name is NULL within an array. */
struct json {
    FILE *out;
    bool comma; /* something stands before the next value */
};
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
/* NULL becomes null. Broken UTF-8 becomes U+FFFD. */
void json_text(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, uint64_t number);
void json_bool(struct json *json, const char *name, bool value);
/* What is JSON already; NULL becomes null. */
void json_raw(struct json *json, const char *name, const char *text);
void json_hash(struct json *json, const char *name, const uint8_t bytes[32]);
/* RFC 3339; null for 0. */
void json_time(struct json *json, const char *name, uint64_t unix_s);
/* An upper bound; null for 0, which is none. */
void json_limit(struct json *json, const char *name, uint64_t limit);
/* Ends the outermost object with a line end. */
void json_end(struct json *json);

#endif
