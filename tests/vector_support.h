/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the JSON of tests/vectors (its README.md says what stands there). */
#ifndef HANSE_TESTS_VECTOR_SUPPORT_H
#define HANSE_TESTS_VECTOR_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "log/verifier_key.h"

#define VECTOR_UNUSED __attribute__((unused))

/* What one vector needs; given back when it is done. */
static struct hanse_arena vector_arena;

VECTOR_UNUSED static json_t *load_vectors(const char *name)
{
    char path[128];
    json_error_t error;
    (void)snprintf(path, sizeof path, "tests/vectors/%s.json", name);
    json_t *vectors = json_load_file(path, JSON_ALLOW_NUL, &error);
    if (vectors == NULL)
        fail_msg("%s: %s", path, error.text);
    assert_true(json_array_size(vectors) > 0);
    return vectors;
}

/* The text of a member; NULL if there is none. */
VECTOR_UNUSED static const char *text_of(const json_t *vector, const char *name)
{
    return json_string_value(json_object_get(vector, name));
}

VECTOR_UNUSED static struct hanse_bytes text_view(const json_t *string)
{
    return hanse_bytes_of(json_string_value(string), json_string_length(string));
}

/* Bytes that a hex text with runs ("00*40;") stands for. */
VECTOR_UNUSED static size_t unhex(const char *text, uint8_t *out)
{
    size_t size = 0;
    while (*text != '\0') {
        uint8_t byte;
        unsigned long count = 1;
        assert_true(hanse_hex_decode(hanse_bytes_of(text, 2), &byte, 1));
        text += 2;
        if (*text == '*') {
            char *end;
            count = strtoul(text + 1, &end, 10);
            assert_int_equal(*end, ';');
            text = end + 1;
        }
        if (out != NULL)
            memset(out + size, byte, count);
        size += count;
    }
    return size;
}

VECTOR_UNUSED static struct hanse_bytes bytes_of_text(const char *text)
{
    assert_non_null(text);
    size_t size = unhex(text, NULL);
    uint8_t *data = hanse_arena_alloc(&vector_arena, size + 1);
    assert_non_null(data);
    (void)unhex(text, data);
    return hanse_bytes_of(data, size);
}

/* The bytes of a member; empty if there is none. */
VECTOR_UNUSED static struct hanse_bytes bytes_member(const json_t *vector, const char *name)
{
    const char *text = text_of(vector, name);
    return text != NULL ? bytes_of_text(text) : hanse_bytes_of(NULL, 0);
}

/* A number, or the decimal text of one; 0 if there is none. */
VECTOR_UNUSED static uint64_t number_member(const json_t *vector, const char *name)
{
    const json_t *value = json_object_get(vector, name);
    uint64_t number = (uint64_t)json_integer_value(value);
    if (json_is_string(value))
        assert_true(hanse_decimal_decode(text_view(value), &number));
    return number;
}

VECTOR_UNUSED static struct hanse_verifier_key key_of(const char *vkey)
{
    struct hanse_verifier_key key;
    assert_int_equal(hanse_verifier_key_decode(hanse_bytes_of_text(vkey), &key, NULL), HANSE_OK);
    return key;
}

/* Content is compared only where the vector must be accepted: another content is no refusal. */
VECTOR_UNUSED static bool must_refuse(const json_t *vector)
{
    const char *result = text_of(vector, "result");
    return result != NULL && strcmp(result, "ok") != 0;
}

/* True: accepted, with the content that the vector says. *why says why not. */
typedef bool vector_check(const json_t *vector, struct hanse_error *why);

/* Every vector of a file must be accepted or refused as it says. A refusal for want of memory is none. */
VECTOR_UNUSED static void check_vectors(const char *name, vector_check *check)
{
    json_t *vectors = load_vectors(name);
    size_t wrong = 0;
    size_t index;
    const json_t *vector;
    json_array_foreach(vectors, index, vector)
    {
        struct hanse_error why = {.status = HANSE_OK, .offset = HANSE_NO_OFFSET};
        hanse_arena_init(&vector_arena, (size_t)64 << 20);
        bool accepted = check(vector, &why);
        if (accepted == must_refuse(vector) || why.status == HANSE_NO_MEMORY) {
            print_error("%s.json, \"%s\" (%s): %s: %s\n", name, text_of(vector, "name"),
                        text_of(vector, "rule"), accepted ? "accepted" : "refused", why.message);
            wrong++;
        }
        hanse_arena_release(&vector_arena);
    }
    json_decref(vectors);
    assert_int_equal(wrong, 0);
}

/* For checks: what was expected is not so. */
#define DIFFERS(why, ...) (hanse_fail(why, HANSE_MISMATCH, __VA_ARGS__), false)

#endif
