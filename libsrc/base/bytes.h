/* SPDX-License-Identifier: Apache-2.0 */
/* Views: making, comparing, slicing; and the sticky-error reader over one. */
#ifndef HANSE_BASE_BYTES_H
#define HANSE_BASE_BYTES_H

#include <stdbool.h>

#include <hanse/bytes.h>

struct hanse_bytes hanse_bytes_of(const void *data, size_t size);
/* Of a C string, without its NUL; NULL gives the empty view. */
struct hanse_bytes hanse_bytes_of_text(const char *text);
bool hanse_bytes_equal(struct hanse_bytes a, struct hanse_bytes b);
bool hanse_bytes_equal_text(struct hanse_bytes a, const char *text);
/* memcmp order, a prefix before what it begins: negative, 0 or positive. */
int hanse_bytes_compare(struct hanse_bytes a, struct hanse_bytes b);
/* `count` bytes from `start`; both are clamped to what is there. */
struct hanse_bytes hanse_bytes_slice(struct hanse_bytes whole, size_t start, size_t count);
/* Position of the first `byte` from `start` on; whole.size if there is none. */
size_t hanse_bytes_find(struct hanse_bytes whole, size_t start, uint8_t byte);

/* A cursor that fails once and stays failed: many reads, one check at the end.
 * After a failure every read gives 0 or the empty view and `position` stays where it failed. */
struct hanse_reader {
    struct hanse_bytes bytes;
    size_t position;
    bool failed;
};

struct hanse_reader hanse_reader_of(struct hanse_bytes bytes);
size_t hanse_reader_left(const struct hanse_reader *reader);
uint8_t hanse_reader_u8(struct hanse_reader *reader);
uint16_t hanse_reader_u16_be(struct hanse_reader *reader);
uint32_t hanse_reader_u32_be(struct hanse_reader *reader);
uint64_t hanse_reader_u64_be(struct hanse_reader *reader);
/* LEB128 of at most 64 bits in its shortest form; a longer form or more bits fail. */
uint64_t hanse_reader_varint(struct hanse_reader *reader);
struct hanse_bytes hanse_reader_take(struct hanse_reader *reader, uint64_t size);
/* True if nothing failed and nothing is left. */
bool hanse_reader_done(const struct hanse_reader *reader);

#endif
