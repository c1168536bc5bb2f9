/* SPDX-License-Identifier: Apache-2.0 */
/* Owned bytes that grow up to a declared maximum. */
#ifndef HANSE_BASE_BUFFER_H
#define HANSE_BASE_BUFFER_H

#include <hanse/bytes.h>
#include <hanse/status.h>

struct hanse_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    size_t max_bytes;
};

/* Nothing is allocated before the first append. */
void hanse_buffer_init(struct hanse_buffer *buffer, size_t max_bytes);
/* Frees; the buffer may be used again after another init. */
void hanse_buffer_release(struct hanse_buffer *buffer);
/* size = 0, memory kept. */
void hanse_buffer_clear(struct hanse_buffer *buffer);
struct hanse_bytes hanse_buffer_view(const struct hanse_buffer *buffer);

/* All below: HANSE_LIMIT past max_bytes, HANSE_NO_MEMORY; the content is unchanged on failure. */
HANSE_MUST_CHECK enum hanse_status hanse_buffer_reserve(struct hanse_buffer *buffer, size_t more,
                                                        struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_buffer_append(struct hanse_buffer *buffer, struct hanse_bytes bytes,
                                                       struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_buffer_append_text(struct hanse_buffer *buffer, const char *text,
                                                            struct hanse_error *err);
HANSE_MUST_CHECK enum hanse_status hanse_buffer_append_format(struct hanse_buffer *buffer,
                                                              struct hanse_error *err, const char *format,
                                                              ...) __attribute__((format(printf, 3, 4)));
HANSE_MUST_CHECK enum hanse_status hanse_buffer_append_u8(struct hanse_buffer *buffer, uint8_t value,
                                                          struct hanse_error *err);
/* Big-endian, `width` of 1 to 8 bytes. */
HANSE_MUST_CHECK enum hanse_status hanse_buffer_append_be(struct hanse_buffer *buffer, uint64_t value,
                                                          size_t width, struct hanse_error *err);
/* LEB128, shortest form. */
HANSE_MUST_CHECK enum hanse_status hanse_buffer_append_varint(struct hanse_buffer *buffer, uint64_t value,
                                                              struct hanse_error *err);
/* Removes the first `count` bytes (all, if there are fewer). */
void hanse_buffer_drop_front(struct hanse_buffer *buffer, size_t count);
/* Hands the memory over as a NUL-ended text owned by the caller (hanse_free); the buffer is empty afterwards.
 */
HANSE_MUST_CHECK enum hanse_status hanse_buffer_detach_text(struct hanse_buffer *buffer, char **out,
                                                            struct hanse_error *err);

#define HANSE_SCOPED_BUFFER __attribute__((cleanup(hanse_buffer_release)))

#endif
