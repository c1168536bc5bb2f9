/* SPDX-License-Identifier: Apache-2.0 */
/* What the index takes from a record: its identifiers, however the record's bytes are spelled. */
#include "index_fixture.h"
#include "node/record_index.h"

static enum hanse_status add_number(void *context, const struct hanse_index_record *record,
                                    struct hanse_error *err)
{
    (void)err;
    *(unsigned *)context += record->record_id[0];
    return HANSE_OK;
}

static unsigned find(struct folder *folder, struct hanse_index *index, const char *scheme, const char *value)
{
    unsigned found = 0;
    ASSERT_OK(folder,
              hanse_index_record_find_identifier(index, 0, scheme, value, add_number, &found, &folder->err));
    return found;
}

static void index_record(struct folder *folder, struct hanse_index *index, int64_t feed, uint8_t number,
                         const char *bytes, size_t size)
{
    struct id id = id_of(number);
    add(folder, index, feed, number, PUT, VALID, number);
    ASSERT_OK(folder, hanse_record_index(index, feed, id.bytes, number,
                                         (struct hanse_bytes){(const uint8_t *)bytes, size}, &folder->err));
}

#define INDEX(number, text) index_record(folder, index, feed, number, text, sizeof(text) - 1)

static void test_identifiers_are_found(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    /* Record { header { identifiers { A, 1 } licence, identifiers { B, 2 } } }, with a body. */
    INDEX(1, "\x0a\x15\x0a\x06\x0a\x01"
             "A\x12\x01"
             "1\x22\x03"
             "CC0\x0a\x06\x0a\x01"
             "B\x12\x01"
             "2\x92\x01\x00");
    assert_int_equal(find(folder, index, "A", "1"), 1);
    assert_int_equal(find(folder, index, "B", "2"), 1);
    assert_int_equal(find(folder, index, "A", "2"), 0);
    /* No header; a scheme or a value that is missing or empty. */
    INDEX(2, "\x92\x01\x00");
    INDEX(3, "\x0a\x11\x0a\x03\x0a\x01"
             "C\x0a\x03\x12\x01"
             "3\x0a\x05\x0a\x00\x12\x01"
             "3\x92\x01\x00");
    assert_int_equal(find(folder, index, "C", ""), 0);
    assert_int_equal(find(folder, index, "", "3"), 0);
    /* A value before its scheme. */
    INDEX(4, "\x0a\x08\x0a\x06\x12\x01"
             "4\x0a\x01"
             "D\x92\x01\x00");
    assert_int_equal(find(folder, index, "D", "4"), 4);
    /* A body that has what would be identifiers in a header; a header whose licence has. */
    INDEX(8, "\x92\x01\x08\x0a\x06\x0a\x01"
             "H\x12\x01"
             "8");
    assert_int_equal(find(folder, index, "H", "8"), 0);
    INDEX(9, "\x0a\x0a\x22\x08\x0a\x06\x0a\x01"
             "H\x12\x01"
             "9\x92\x01\x00");
    assert_int_equal(find(folder, index, "H", "9"), 0);
    hanse_index_rollback(index);
    hanse_index_close(index);
}

/* Lengths that are longer than they need to be are no fault of a record. */
static void test_another_spelling_is_found_too(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    INDEX(6, "\x0a\x0a\x0a\x87\x00\x0a\x01"
             "F\x12\x81\x00"
             "6\x92\x01\x00");
    assert_int_equal(find(folder, index, "F", "6"), 6);
    INDEX(7, "\x0a\x88\x00\x0a\x06\x0a\x01"
             "G\x12\x01"
             "7\x92\x01\x00");
    assert_int_equal(find(folder, index, "G", "7"), 7);
    hanse_index_rollback(index);
    hanse_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_identifiers_are_found),
        FOLDER_TEST(test_another_spelling_is_found_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
