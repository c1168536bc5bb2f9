/* SPDX-License-Identifier: Apache-2.0 */
/* What a message is inside of this folder, and how its parts get memory under the cap. Included by wire/
 * only. */
#ifndef HANSE_WIRE_MESSAGE_MEMORY_H
#define HANSE_WIRE_MESSAGE_MEMORY_H

#include "base/arena.h"
#include "wire/descriptor.h"

struct hanse_message {
    struct hanse_arena arena;
    ProtobufCMessage *root;
    struct hanse_bytes received;
    bool can_grow; /* every array of it was made by hanse_message_grow, none by protobuf-c */
};

bool hanse_message_exceeds_cap(const struct hanse_message *message, size_t size);
/* HANSE_LIMIT with the usual message. */
enum hanse_status hanse_message_fail_cap(struct hanse_error *err);
/* Memory of the message into *out, which is a pointer of any type. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_message_take(struct hanse_message *message, size_t size, void *out,
                                                      struct hanse_error *err);
/* A copy with a NUL after it. HANSE_LIMIT, HANSE_NO_MEMORY. */
HANSE_MUST_CHECK enum hanse_status hanse_message_copy(struct hanse_message *message, struct hanse_bytes bytes,
                                                      char **out, struct hanse_error *err);
/* Makes room for one more element of a repeated field. HANSE_LIMIT, HANSE_NO_MEMORY; content unchanged. */
HANSE_MUST_CHECK enum hanse_status hanse_message_grow(struct hanse_message *message, struct hanse_part *part,
                                                      const ProtobufCFieldDescriptor *field,
                                                      struct hanse_error *err);

#endif
