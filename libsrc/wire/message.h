/* SPDX-License-Identifier: Apache-2.0 */
/* A record's message, reached through reflection (wire/schema.h): decoded under limits, read and changed by
 * field, encoded deterministically. A *message* owns the memory of all its *parts* (itself and the messages
 * in it): parts and the views in values live until hanse_message_free. */
#ifndef HANSE_WIRE_MESSAGE_H
#define HANSE_WIRE_MESSAGE_H

#include "base/buffer.h"
#include "wire/schema.h"

struct hanse_message;
struct hanse_part;

/* A scalar. `integer` is for BOOL (0, 1), ENUM, INT32, INT64; `natural` for UINT32 and UINT64; `bytes` for
 * STRING (a NUL follows its end) and BYTES. */
struct hanse_value {
    enum hanse_field_kind kind;
    union {
        int64_t integer;
        uint64_t natural;
        struct hanse_bytes bytes;
    } as;
};

/* An empty message of the type. HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_message_new(const struct hanse_schema *schema,
                                                     struct hanse_message **out, struct hanse_error *err);
/* Decodes a copy of `bytes`. Any order of fields and any length of varint is taken, as in protobuf; what
 * readers could understand differently is not. HANSE_MALFORMED with the offset: broken varint, length or wire
 * type, a group, a number that does not fit its type, text that is not UTF-8 or holds NUL, a singular field
 * or a oneof that is there twice; HANSE_LIMIT: over HANSE_MAX_RECORD_BYTES, messages nested deeper than
 * HANSE_MAX_RECORD_DEPTH, more than HANSE_MAX_RECORD_MEMORY_BYTES when unpacked; HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_message_decode(const struct hanse_schema *schema,
                                                        struct hanse_bytes bytes, struct hanse_message **out,
                                                        struct hanse_error *err);
/* NULL does nothing. */
void hanse_message_free(struct hanse_message *message);
/* The bytes that were decoded; data is NULL for a new message and after hanse_message_forget_received. */
struct hanse_bytes hanse_message_received(const struct hanse_message *message);
/* Whoever changes a decoded message says so: from then on there is nothing that was received. */
void hanse_message_forget_received(struct hanse_message *message);
/* Appends the serialization: known fields by number, then those unknown to this build, in every part.
 * HANSE_LIMIT over HANSE_MAX_RECORD_BYTES or the buffer's maximum, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_message_encode(const struct hanse_message *message,
                                                        struct hanse_buffer *out, struct hanse_error *err);

struct hanse_part *hanse_message_root(const struct hanse_message *message);
const struct hanse_schema *hanse_part_schema(const struct hanse_part *part);
/* Elements of a repeated field; 0 or 1 for a singular one. A scalar outside of any oneof is there if it is
 * not its type's zero. `field` belongs to the part's schema, here and below. */
size_t hanse_part_count(const struct hanse_part *part, const struct hanse_field *field);
/* The scalar at `index` (0 for a singular field); false if it is not there. */
bool hanse_part_get(const struct hanse_part *part, const struct hanse_field *field, size_t index,
                    struct hanse_value *out);
/* The message at `index`; NULL if it is not there. */
struct hanse_part *hanse_part_child(const struct hanse_part *part, const struct hanse_field *field,
                                    size_t index);
/* Of the part itself: how many fields unknown to this build it holds, their numbers, and whether one may be a
 * message (its content is sized). */
size_t hanse_part_unknown_count(const struct hanse_part *part);
uint32_t hanse_part_unknown_number(const struct hanse_part *part, size_t index);
bool hanse_part_unknown_is_sized(const struct hanse_part *part, size_t index);

/* Changes. Those that can fail leave the part as it was then: HANSE_LIMIT past HANSE_MAX_RECORD_MEMORY_BYTES,
 * HANSE_NO_MEMORY. Other members of the field's oneof are unset. */

/* A part that hangs nowhere yet. */
HANSE_MUST_CHECK enum hanse_status hanse_message_make(struct hanse_message *message,
                                                      const struct hanse_schema *schema,
                                                      struct hanse_part **out, struct hanse_error *err);
/* Hangs a made part into a message field: appended, or in place of the singular one. */
HANSE_MUST_CHECK enum hanse_status hanse_message_attach(struct hanse_message *message,
                                                        struct hanse_part *part,
                                                        const struct hanse_field *field,
                                                        struct hanse_part *child, struct hanse_error *err);
/* Sets a scalar of the field's kind; index up to the count appends, 0 for a singular field. Bytes are copied.
 * HANSE_INVALID_ARGUMENT with the offset: a text that is not UTF-8 or holds NUL; a number that does not fit.
 */
HANSE_MUST_CHECK enum hanse_status hanse_message_put(struct hanse_message *message, struct hanse_part *part,
                                                     const struct hanse_field *field, size_t index,
                                                     const struct hanse_value *value,
                                                     struct hanse_error *err);
/* Unsets a singular field or removes an element (index below the count); unsets the whole field. */
void hanse_part_remove(struct hanse_part *part, const struct hanse_field *field, size_t index);
void hanse_part_clear(struct hanse_part *part, const struct hanse_field *field);

#endif
