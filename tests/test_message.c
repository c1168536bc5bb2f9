/* SPDX-License-Identifier: Apache-2.0 */
/* Messages by reflection: what is decoded, what is refused and where, and that changes survive serialization.
 */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "wire/message.h"

#define BYTES(literal) hanse_bytes_of(literal, sizeof(literal) - 1)

/* header { languages "ja" created 7 } project { title { text "a" } sectors { share 0 } status 2 } and field 9
 * of Record, which nobody knows. */
#define SAMPLE                                                                                               \
    "\x0a\x06\x2a\x02ja\x38\x07"                                                                             \
    "\xd2\x01\x0b\x0a\x03\x0a\x01"                                                                           \
    "a"                                                                                                      \
    "\x18\x02\x3a\x02\x28\x00"                                                                               \
    "\x4a\x02hi"

static const struct hanse_field *field(const struct hanse_part *part, const char *name)
{
    const struct hanse_field *found = hanse_schema_find(hanse_part_schema(part), hanse_bytes_of_text(name));
    assert_non_null(found);
    return found;
}

static struct hanse_message *decoded(struct hanse_bytes bytes)
{
    struct hanse_message *message = NULL;
    assert_int_equal(hanse_message_decode(hanse_schema_record(), bytes, &message, NULL), HANSE_OK);
    return message;
}

static struct hanse_buffer encoded(const struct hanse_message *message)
{
    struct hanse_buffer out;
    hanse_buffer_init(&out, HANSE_MAX_RECORD_BYTES);
    assert_int_equal(hanse_message_encode(message, &out, NULL), HANSE_OK);
    return out;
}

static void check_schema(const struct hanse_schema *schema, size_t depth)
{
    assert_true(depth <= HANSE_MAX_RECORD_DEPTH);
    assert_in_range(hanse_schema_field_count(schema), 1, 128);
    for (size_t i = 0; i < hanse_schema_field_count(schema); i++) {
        const struct hanse_field *each = hanse_schema_field(schema, i);
        char name[HANSE_FIELD_NAME_BYTES];
        size_t size = hanse_field_json_name(each, name);
        assert_int_equal(size, strlen(name));
        assert_null(strchr(name, '_'));
        assert_ptr_equal(hanse_schema_find(schema, hanse_bytes_of(name, size)), each);
        assert_ptr_equal(hanse_schema_find(schema, hanse_bytes_of_text(hanse_field_name(each))), each);
        assert_ptr_equal(hanse_schema_find_number(schema, hanse_field_number(each)), each);
        (void)hanse_field_kind_of(each); /* asserts that it is no floating point number */
        if (hanse_field_message(each) != NULL)
            check_schema(hanse_field_message(each), depth + 1);
    }
}

static void every_field_of_the_schema_is_found_by_both_names(void **state)
{
    (void)state;
    check_schema(hanse_schema_record(), 1);
    assert_null(hanse_schema_find(hanse_schema_record(), BYTES("headers")));
    assert_null(hanse_schema_find(hanse_schema_record(), BYTES("header\0")));
    assert_null(hanse_schema_find(hanse_schema_record(), BYTES("")));
    char longest[200];
    memset(longest, 'A', sizeof longest);
    assert_null(hanse_schema_find(hanse_schema_record(), hanse_bytes_of(longest, sizeof longest)));
}

static void a_message_is_read_by_field(void **state)
{
    (void)state;
    struct hanse_message *message = decoded(BYTES(SAMPLE));
    struct hanse_part *root = hanse_message_root(message);
    struct hanse_part *header = hanse_part_child(root, field(root, "header"), 0);
    struct hanse_value value = {0};
    assert_int_equal(hanse_part_count(header, field(header, "languages")), 1);
    assert_true(hanse_part_get(header, field(header, "languages"), 0, &value));
    assert_int_equal(value.kind, HANSE_FIELD_STRING);
    assert_true(hanse_bytes_equal_text(value.as.bytes, "ja"));
    assert_false(hanse_part_get(header, field(header, "languages"), 1, &value));
    assert_true(hanse_part_get(header, field(header, "createdUnixS"), 0, &value));
    assert_int_equal(value.as.natural, 7);
    assert_false(hanse_part_get(header, field(header, "updatedUnixS"), 0, &value));

    struct hanse_part *project = hanse_part_child(root, field(root, "project"), 0);
    struct hanse_part *sector = hanse_part_child(project, field(project, "sectors"), 0);
    assert_true(hanse_part_get(project, field(project, "status"), 0, &value));
    assert_int_equal(value.as.integer, 2);
    /* Zero in a oneof of one member is a value. */
    assert_int_equal(hanse_part_count(sector, field(sector, "shareMillionths")), 1);
    assert_null(hanse_part_child(root, field(root, "organisation"), 0));
    assert_null(hanse_part_child(project, field(project, "sectors"), 1));
    assert_int_equal(hanse_part_unknown_count(root), 1);
    assert_int_equal(hanse_part_unknown_number(root, 0), 9);
    hanse_message_free(message);
}

static void received_bytes_stay_until_they_are_forgotten(void **state)
{
    (void)state;
    struct hanse_message *message = decoded(BYTES(SAMPLE));
    assert_true(hanse_bytes_equal(hanse_message_received(message), BYTES(SAMPLE)));
    struct hanse_buffer again = encoded(message);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&again), BYTES(SAMPLE)));
    hanse_message_forget_received(message);
    assert_null(hanse_message_received(message).data);
    hanse_buffer_release(&again);
    hanse_message_free(message);
}

static void fields_are_put_in_order_and_unknown_ones_last(void **state)
{
    (void)state;
    /* An unknown field, the body, then the header with its length in two bytes. */
    struct hanse_message *message = decoded(BYTES("\x4a\x02hi\xd2\x01\x00\x0a\x82\x00\x38\x07"));
    struct hanse_buffer out = encoded(message);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&out), BYTES("\x0a\x02\x38\x07\xd2\x01\x00\x4a\x02hi")));
    hanse_buffer_release(&out);
    hanse_message_free(message);
}

static void broken_bytes_are_refused_at_their_offset(void **state)
{
    (void)state;
    static const struct {
        struct hanse_bytes bytes;
        uint64_t offset;
    } cases[] = {
#define CASE(literal, at) {{(const uint8_t *)(literal), sizeof(literal) - 1}, at}
        CASE("\x0a", 1),                     /* no length */
        CASE("\x0a\x05\x38", 1),             /* length past the end */
        CASE("\x0a\x02\x38", 1),             /* inner length past the end */
        CASE("\x0a\x01\x38\x07", 3),         /* number past the end of its message */
        CASE("\x02\x00", 0),                 /* field number 0 */
        CASE("\x0b\x0c", 0),                 /* group of a known field */
        CASE("\x4b\x4c", 1),                 /* group of an unknown field */
        CASE("\x4e\x00", 1),                 /* wire type 6 */
        CASE("\x08\x01", 0),                 /* header as a number */
        CASE("\x0a\x04\x38\x01\x38\x02", 4), /* singular field twice */
        CASE("\x0a\x00\x0a\x00", 2),         /* singular message twice */
        CASE("\xd2\x01\x00\x92\x01\x00", 3), /* two members of a oneof */
        CASE("\x0a\x04\x2a\x02\xc3\x28", 4), /* text that is not UTF-8 */
        CASE("\x0a\x04\x2a\x02\x61\x00", 5), /* text with a NUL */
        CASE("\x0a\x0b\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 3), /* more than 64 bits */
        CASE("\x0a\x0b\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 3), /* a number without end */
        CASE("\xd2\x01\x08\x3a\x06\x28\x80\x80\x80\x80\x10", 6),         /* more than 32 bits in a uint32 */
        CASE("\xd2\x01\x03\xc8\x01\x02", 5),                             /* a boolean of 2 */
        CASE("\xd2\x01\x06\x18\xff\xff\xff\xff\x0f", 4),                 /* an enum of 2^32 - 1 */
        CASE("\x8a\x80\x80\x80\x80\x00\x00", 0),                         /* a tag of six bytes */
        CASE("\x4d\x00\x00\x00", 1),                                     /* 32 bits that end early */
        CASE("\x49\x00\x00\x00\x00", 1),                                 /* 64 bits that end early */
#undef CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hanse_error err;
        struct hanse_message *kept = NULL;
        assert_failure(hanse_message_decode(hanse_schema_record(), cases[i].bytes, &kept, &err), err,
                       HANSE_MALFORMED, cases[i].offset);
        assert_null(kept);
    }
}

static void a_negative_enum_and_long_varints_are_accepted(void **state)
{
    (void)state;
    /* status -1 in ten bytes, and a length in three. */
    struct hanse_message *message =
        decoded(BYTES("\xd2\x01\x8b\x80\x00\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    struct hanse_part *root = hanse_message_root(message);
    struct hanse_part *project = hanse_part_child(root, field(root, "project"), 0);
    struct hanse_value value;
    assert_true(hanse_part_get(project, field(project, "status"), 0, &value));
    assert_int_equal(value.as.integer, -1);
    hanse_message_free(message);
}

/* Whatever is accepted says the same after another serialization. */
static void check_stable(struct hanse_bytes bytes)
{
    struct hanse_message *message = NULL;
    if (hanse_message_decode(hanse_schema_record(), bytes, &message, NULL) != HANSE_OK)
        return;
    struct hanse_buffer first = encoded(message);
    struct hanse_message *again = decoded(hanse_buffer_view(&first));
    struct hanse_buffer second = encoded(again);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&first), hanse_buffer_view(&second)));
    hanse_buffer_release(&first);
    hanse_buffer_release(&second);
    hanse_message_free(again);
    hanse_message_free(message);
}

static void truncations_and_flipped_bits_are_survived(void **state)
{
    (void)state;
    uint8_t copy[sizeof SAMPLE - 1];
    for (size_t size = 0; size < sizeof copy; size++) {
        /* Memory of exactly that size, so that a sanitizer sees any step past it. */
        uint8_t *exact = malloc(size > 0 ? size : 1);
        assert_non_null(exact);
        memcpy(exact, SAMPLE, size);
        check_stable(hanse_bytes_of(exact, size));
        free(exact);
    }
    for (size_t bit = 0; bit < 8 * sizeof copy; bit++) {
        memcpy(copy, SAMPLE, sizeof copy);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        check_stable(hanse_bytes_of(copy, sizeof copy));
    }
}

static void nesting_of_ten_thousand_levels_is_survived(void **state)
{
    (void)state;
    enum { LEVELS = 10000, LEVEL_BYTES = 4 };
    static uint8_t nested[LEVELS * LEVEL_BYTES];
    size_t start = sizeof nested;
    /* Field 1 in field 1 ..., each with a length of three bytes. */
    for (size_t i = 0; i < LEVELS; i++) {
        size_t size = sizeof nested - start;
        start -= LEVEL_BYTES;
        nested[start] = 0x0a;
        nested[start + 1] = (uint8_t)(size | 0x80);
        nested[start + 2] = (uint8_t)(size >> 7 | 0x80);
        nested[start + 3] = (uint8_t)(size >> 14);
    }
    struct hanse_error err;
    struct hanse_message *kept = NULL;
    /* header.identifiers.scheme is a text, and lengths are no UTF-8. */
    assert_failure(
        hanse_message_decode(hanse_schema_record(), hanse_bytes_of(nested, sizeof nested), &kept, &err), err,
        HANSE_MALFORMED, 13);
    /* In an unknown field nobody looks. */
    nested[0] = 0x4a;
    hanse_message_free(decoded(hanse_bytes_of(nested, sizeof nested)));
}

static void limits_hold(void **state)
{
    (void)state;
    struct hanse_error err;
    struct hanse_message *kept = NULL;
    uint8_t *bytes = calloc(1, HANSE_MAX_RECORD_BYTES + 1);
    assert_non_null(bytes);
    assert_failure(hanse_message_decode(hanse_schema_record(),
                                        hanse_bytes_of(bytes, HANSE_MAX_RECORD_BYTES + 1), &kept, &err),
                   err, HANSE_LIMIT, HANSE_NO_OFFSET);
    /* Empty extensions up to the last byte: 1 MiB that unpacks to far more than 16. */
    for (size_t i = 0; i < HANSE_MAX_RECORD_BYTES; i += 2)
        bytes[i] = 0x7a;
    assert_failure(hanse_message_decode(hanse_schema_record(), hanse_bytes_of(bytes, HANSE_MAX_RECORD_BYTES),
                                        &kept, &err),
                   err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_null(kept);
    free(bytes);
}

static void arrays_grow_after_decoding(void **state)
{
    (void)state;
    struct hanse_message *message = decoded(BYTES(SAMPLE));
    struct hanse_part *root = hanse_message_root(message);
    struct hanse_part *header = hanse_part_child(root, field(root, "header"), 0);
    const struct hanse_field *languages = field(header, "languages");
    enum { COUNT = 1000 };
    for (size_t i = 1; i < COUNT; i++) {
        char text[24];
        (void)snprintf(text, sizeof text, "l%zu", i);
        struct hanse_value value = {.kind = HANSE_FIELD_STRING, .as.bytes = hanse_bytes_of_text(text)};
        assert_int_equal(hanse_message_put(message, header, languages, i, &value, NULL), HANSE_OK);
    }
    hanse_part_remove(header, languages, 0);
    assert_int_equal(hanse_part_count(header, languages), COUNT - 1);
    struct hanse_value value;
    assert_true(hanse_part_get(header, languages, 0, &value));
    assert_true(hanse_bytes_equal_text(value.as.bytes, "l1"));
    assert_true(hanse_part_get(header, languages, COUNT - 2, &value));
    assert_true(hanse_bytes_equal_text(value.as.bytes, "l999"));
    struct hanse_buffer out = encoded(message);
    struct hanse_message *again = decoded(hanse_buffer_view(&out));
    hanse_message_free(again);
    hanse_buffer_release(&out);
    hanse_message_free(message);
}

static void a_field_emptied_before_the_first_growth_can_grow(void **state)
{
    (void)state;
    struct hanse_message *message = decoded(BYTES(SAMPLE));
    struct hanse_part *root = hanse_message_root(message);
    struct hanse_part *header = hanse_part_child(root, field(root, "header"), 0);
    const struct hanse_field *languages = field(header, "languages");
    struct hanse_value value = {.kind = HANSE_FIELD_STRING, .as.bytes = BYTES("en")};
    hanse_part_remove(header, languages, 0);
    assert_int_equal(hanse_message_put(message, header, languages, 0, &value, NULL), HANSE_OK);
    hanse_part_clear(header, languages);
    assert_int_equal(hanse_message_put(message, header, languages, 0, &value, NULL), HANSE_OK);
    assert_int_equal(hanse_part_count(header, languages), 1);
    hanse_part_clear(header, field(header, "createdUnixS"));
    hanse_part_clear(root, field(root, "project"));
    struct hanse_buffer out = encoded(message);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&out), BYTES("\x0a\x04\x2a\x02"
                                                                 "en"
                                                                 "\x4a\x02hi")));
    hanse_buffer_release(&out);
    hanse_message_free(message);
}

static void values_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct hanse_message *message = decoded(BYTES(SAMPLE));
    struct hanse_part *root = hanse_message_root(message);
    struct hanse_part *header = hanse_part_child(root, field(root, "header"), 0);
    struct hanse_part *project = hanse_part_child(root, field(root, "project"), 0);
    struct hanse_error err;
    struct hanse_value text = {.kind = HANSE_FIELD_STRING, .as.bytes = BYTES("a\0b")};
    assert_failure(hanse_message_put(message, header, field(header, "licence"), 0, &text, &err), err,
                   HANSE_INVALID_ARGUMENT, 1);
    text.as.bytes = BYTES("ab\xed\xa0\x80"); /* a surrogate */
    assert_failure(hanse_message_put(message, header, field(header, "licence"), 0, &text, &err), err,
                   HANSE_INVALID_ARGUMENT, 2);
    struct hanse_value number = {.kind = HANSE_FIELD_ENUM, .as.integer = (int64_t)INT32_MAX + 1};
    assert_failure(hanse_message_put(message, project, field(project, "status"), 0, &number, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    struct hanse_buffer out = encoded(message);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&out), BYTES(SAMPLE)));
    hanse_buffer_release(&out);
    hanse_message_free(message);
}

static void memory_of_changes_is_capped(void **state)
{
    (void)state;
    struct hanse_message *message = decoded(BYTES(SAMPLE));
    struct hanse_part *root = hanse_message_root(message);
    struct hanse_part *header = hanse_part_child(root, field(root, "header"), 0);
    uint8_t *large = malloc(HANSE_MAX_RECORD_BYTES);
    assert_non_null(large);
    memset(large, 'x', HANSE_MAX_RECORD_BYTES);
    struct hanse_value value = {.kind = HANSE_FIELD_STRING,
                                .as.bytes = hanse_bytes_of(large, HANSE_MAX_RECORD_BYTES)};
    struct hanse_error err;
    enum hanse_status status = HANSE_OK;
    size_t puts = 0;
    while (status == HANSE_OK && puts++ < 32)
        status = hanse_message_put(message, header, field(header, "licence"), 0, &value, &err);
    assert_int_equal(status, HANSE_LIMIT);
    assert_int_equal(puts, 16);
    struct hanse_buffer out;
    hanse_buffer_init(&out, 2 * HANSE_MAX_RECORD_BYTES);
    assert_failure(hanse_message_encode(message, &out, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_int_equal(out.size, 0);
    hanse_buffer_release(&out);
    free(large);
    hanse_message_free(message);
}

static enum hanse_status decode_and_grow(void *context)
{
    (void)context;
    struct hanse_message *message = NULL;
    enum hanse_status status = hanse_message_decode(hanse_schema_record(), BYTES(SAMPLE), &message, NULL);
    if (status != HANSE_OK) {
        assert_null(message);
        return status;
    }
    struct hanse_part *root = hanse_message_root(message);
    struct hanse_part *header = hanse_part_child(root, field(root, "header"), 0);
    static uint8_t large[5000]; /* more than a chunk of the arena */
    memset(large, 'x', sizeof large);
    for (size_t i = 1; status == HANSE_OK && i < 20; i++) {
        struct hanse_value value = {.kind = HANSE_FIELD_STRING,
                                    .as.bytes = hanse_bytes_of(large, sizeof large)};
        status = hanse_message_put(message, header, field(header, "languages"), i, &value, NULL);
        assert_int_equal(hanse_part_count(header, field(header, "languages")),
                         status == HANSE_OK ? i + 1 : i);
    }
    struct hanse_buffer out;
    hanse_buffer_init(&out, HANSE_MAX_RECORD_BYTES);
    if (status == HANSE_OK)
        status = hanse_message_encode(message, &out, NULL);
    hanse_buffer_release(&out);
    hanse_message_free(message);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(decode_and_grow, NULL) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_the_schema_is_found_by_both_names),
        cmocka_unit_test(a_message_is_read_by_field),
        cmocka_unit_test(received_bytes_stay_until_they_are_forgotten),
        cmocka_unit_test(fields_are_put_in_order_and_unknown_ones_last),
        cmocka_unit_test(broken_bytes_are_refused_at_their_offset),
        cmocka_unit_test(a_negative_enum_and_long_varints_are_accepted),
        cmocka_unit_test(truncations_and_flipped_bits_are_survived),
        cmocka_unit_test(nesting_of_ten_thousand_levels_is_survived),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(arrays_grow_after_decoding),
        cmocka_unit_test(a_field_emptied_before_the_first_growth_can_grow),
        cmocka_unit_test(values_that_do_not_fit_are_refused),
        cmocka_unit_test(memory_of_changes_is_capped),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
