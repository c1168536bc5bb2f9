/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as protobuf-c's structs, all of whose memory comes from one capped arena. */
#include "wire/message.h"

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "wire/message_memory.h"
#include "wire/message_scan.h"
#include <assert.h>

/* A message without content, so that the two ways of making one differ only in their root. */
static struct hanse_message *make_shell(void)
{
    struct hanse_message *message = hanse_alloc_zeroed(1, sizeof *message);
    if (message != NULL)
        hanse_arena_init(&message->arena, HANSE_MAX_RECORD_MEMORY_BYTES);
    return message;
}

void hanse_message_free(struct hanse_message *message)
{
    if (message != NULL)
        hanse_arena_release(&message->arena);
    hanse_free(message);
}

enum hanse_status hanse_message_new(const struct hanse_schema *schema, struct hanse_message **out,
                                    struct hanse_error *err)
{
    struct hanse_message *message = make_shell();
    if (message == NULL)
        return hanse_fail_memory(err);
    struct hanse_part *root = NULL;
    enum hanse_status status = hanse_message_make(message, schema, &root, err);
    if (status != HANSE_OK) {
        hanse_message_free(message);
        return status;
    }
    message->root = hanse_struct_of(root);
    message->can_grow = true;
    *out = message;
    return HANSE_OK;
}

/* protobuf-c's view of the arena, and which of the two reasons it had for giving nothing. */
struct unpack_memory {
    struct hanse_message *message;
    bool hit_cap;
};

static void *unpack_alloc(void *context, size_t size)
{
    struct unpack_memory *memory = context;
    if (hanse_message_exceeds_cap(memory->message, size)) {
        memory->hit_cap = true;
        return NULL;
    }
    return hanse_arena_alloc(&memory->message->arena, size);
}

static void unpack_free(void *context, void *pointer)
{
    (void)context;
    (void)pointer;
}

static enum hanse_status unpack(struct hanse_message *message, const struct hanse_schema *schema,
                                struct hanse_bytes bytes, struct hanse_error *err)
{
    enum hanse_status status = hanse_message_scan(schema, bytes, err);
    char *copy = NULL;
    if (status == HANSE_OK)
        status = hanse_message_copy(message, bytes, &copy, err);
    if (status != HANSE_OK)
        return status;
    struct unpack_memory memory = {.message = message};
    ProtobufCAllocator allocator = {.alloc = unpack_alloc, .free = unpack_free, .allocator_data = &memory};
    message->received = hanse_bytes_of(copy, bytes.size);
    message->root = protobuf_c_message_unpack(hanse_descriptor_of(schema), &allocator, bytes.size,
                                              message->received.data);
    if (message->root == NULL)
        return memory.hit_cap ? hanse_message_fail_cap(err) : hanse_fail_memory(err);
    return HANSE_OK;
}

enum hanse_status hanse_message_decode(const struct hanse_schema *schema, struct hanse_bytes bytes,
                                       struct hanse_message **out, struct hanse_error *err)
{
    struct hanse_message *message = make_shell();
    if (message == NULL)
        return hanse_fail_memory(err);
    enum hanse_status status = unpack(message, schema, bytes, err);
    if (status != HANSE_OK) {
        hanse_message_free(message);
        return status;
    }
    *out = message;
    return HANSE_OK;
}

struct hanse_bytes hanse_message_received(const struct hanse_message *message)
{
    return message->received;
}

void hanse_message_forget_received(struct hanse_message *message)
{
    message->received = (struct hanse_bytes){0};
}

enum hanse_status hanse_message_encode(const struct hanse_message *message, struct hanse_buffer *out,
                                       struct hanse_error *err)
{
    size_t size = protobuf_c_message_get_packed_size(message->root);
    if (size > HANSE_MAX_RECORD_BYTES)
        return hanse_fail(err, HANSE_LIMIT, "record exceeds the limit of %u bytes: it would have %zu",
                          HANSE_MAX_RECORD_BYTES, size);
    enum hanse_status status = hanse_buffer_reserve(out, size, err);
    if (status != HANSE_OK)
        return status;
    size_t written = size > 0 ? protobuf_c_message_pack(message->root, out->data + out->size) : 0;
    assert(written == size);
    out->size += written;
    return HANSE_OK;
}

struct hanse_part *hanse_message_root(const struct hanse_message *message)
{
    return hanse_part_of(message->root);
}
