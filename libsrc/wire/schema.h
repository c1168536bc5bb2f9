/* SPDX-License-Identifier: Apache-2.0 */
/* Reflection: the types and fields that a record is made of, for whoever walks it by name (paths, JSON,
 * sheets). Both types below are only ever pointed to; everything they name is static. Nothing here fails but
 * by NULL. */
#ifndef HANSE_WIRE_SCHEMA_H
#define HANSE_WIRE_SCHEMA_H

#include <stdbool.h>

#include <hanse/bytes.h>

struct hanse_schema; /* a message type */
struct hanse_field;  /* a field of one */

/* What a field's value is to its reader; how it is coded on the wire stays inside of this folder. */
enum hanse_field_kind {
    HANSE_FIELD_BOOL,
    HANSE_FIELD_ENUM,
    HANSE_FIELD_INT32,
    HANSE_FIELD_INT64,
    HANSE_FIELD_UINT32,
    HANSE_FIELD_UINT64,
    HANSE_FIELD_STRING,
    HANSE_FIELD_BYTES,
    HANSE_FIELD_MESSAGE
};

/* The longest field name, in either spelling, with its NUL. */
#define HANSE_FIELD_NAME_BYTES 64

/* hanse.v1.Record. */
const struct hanse_schema *hanse_schema_record(void);
/* Without the package: "Project". */
const char *hanse_schema_name(const struct hanse_schema *schema);
size_t hanse_schema_field_count(const struct hanse_schema *schema);
/* In ascending order of field numbers; index below the count. */
const struct hanse_field *hanse_schema_field(const struct hanse_schema *schema, size_t index);
/* By name in lowerCamelCase or as in the .proto file; NULL if there is none. */
const struct hanse_field *hanse_schema_find(const struct hanse_schema *schema, struct hanse_bytes name);
const struct hanse_field *hanse_schema_find_number(const struct hanse_schema *schema, uint32_t number);

/* As in the .proto file. */
const char *hanse_field_name(const struct hanse_field *field);
/* In lowerCamelCase as in proto3 JSON; gives its length. */
size_t hanse_field_json_name(const struct hanse_field *field, char out[HANSE_FIELD_NAME_BYTES]);
uint32_t hanse_field_number(const struct hanse_field *field);
enum hanse_field_kind hanse_field_kind_of(const struct hanse_field *field);
bool hanse_field_is_repeated(const struct hanse_field *field);
/* Of a message field; NULL for any other. */
const struct hanse_schema *hanse_field_message(const struct hanse_field *field);

/* Of an enum field: the name of a number (NULL if this build does not know it), the number of a name, and all
 * names in ascending order of numbers (NULL past the end). */
const char *hanse_field_enum_name(const struct hanse_field *field, int32_t number);
bool hanse_field_enum_number(const struct hanse_field *field, struct hanse_bytes name, int32_t *out);
const char *hanse_field_enum_at(const struct hanse_field *field, size_t index);

#endif
