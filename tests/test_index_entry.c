/* SPDX-License-Identifier: Apache-2.0 */
/* What takes entries back: erasure, reset, removal, rollback; and the list of missing payloads. */
#include "index_fixture.h"

static const struct hanse_index_filter everything = {.withdrawn_too = true};

static void assert_counts(struct folder *folder, struct hanse_index *index, int64_t feed,
                          const struct hanse_index_counts *wanted)
{
    struct hanse_index_counts counts;
    ASSERT_OK(folder, hanse_index_count(index, feed, &counts, &folder->err));
    assert_memory_equal(&counts, wanted, sizeof counts);
}

static void erase(struct folder *folder, struct hanse_index *index, int64_t feed, uint64_t first,
                  uint64_t count)
{
    ASSERT_OK(folder, hanse_index_erase(index, feed, first, count, &folder->err));
}

/* Which of the first 20 entries, each a PUT of a record of its own, are erased. */
static void assert_erased(struct folder *folder, struct hanse_index *index, int64_t feed, const char *wanted)
{
    char text[21] = "";
    for (uint8_t i = 0; i < 20; i++) {
        struct hanse_index_record record;
        ASSERT_OK(folder, hanse_index_record_get(index, feed, id_of(i).bytes, &record, &folder->err));
        text[i] = record.payload_state == HANSE_PAYLOAD_ERASED ? 'x' : '.';
    }
    assert_string_equal(text, wanted);
}

static void test_erase_ranges(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    int64_t other = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    for (uint8_t i = 0; i < 20; i++) {
        add(folder, index, feed, i, PUT, VALID, i);
        add(folder, index, other, i, PUT, VALID, i);
    }
    erase(folder, index, feed, 5, 2);
    assert_erased(folder, index, feed, ".....xx.............");
    erase(folder, index, feed, 10, 2);
    erase(folder, index, feed, 15, 1);
    assert_erased(folder, index, feed, ".....xx...xx...x....");
    erase(folder, index, feed, 5, 1); /* within */
    erase(folder, index, feed, 3, 0); /* nothing */
    assert_erased(folder, index, feed, ".....xx...xx...x....");
    erase(folder, index, feed, 6, 2); /* over an end */
    assert_erased(folder, index, feed, ".....xxx..xx...x....");
    erase(folder, index, feed, 8, 1); /* adjoining */
    assert_erased(folder, index, feed, ".....xxxx.xx...x....");
    erase(folder, index, feed, 2, 12); /* over several */
    assert_erased(folder, index, feed, "..xxxxxxxxxxxx.x....");
    erase(folder, index, feed, 14, 1); /* between two */
    assert_erased(folder, index, feed, "..xxxxxxxxxxxxxx....");
    erase(folder, index, feed, 0, 18); /* over all, past both ends */
    assert_erased(folder, index, feed, "xxxxxxxxxxxxxxxxxx..");
    erase(folder, index, feed, 19, INT64_MAX - 19);
    assert_erased(folder, index, feed, "xxxxxxxxxxxxxxxxxx.x");
    add(folder, index, feed, 20, PUT, VALID, 18); /* comes after, is not meant, and can be erased later */
    assert_erased(folder, index, feed, "xxxxxxxxxxxxxxxxxx.x");
    erase(folder, index, feed, 19, 2);
    assert_erased(folder, index, feed, "xxxxxxxxxxxxxxxxxxxx");
    ASSERT_STATUS(hanse_index_erase(index, 77, 0, 1, &folder->err), HANSE_NOT_FOUND);
    assert_erased(folder, index, other, "....................");
    ASSERT_STATUS(hanse_index_erase(index, feed, 2, UINT64_MAX - 1, &folder->err), HANSE_LIMIT);
    ASSERT_STATUS(hanse_index_erase(index, feed, INT64_MAX, 1, &folder->err), HANSE_LIMIT);
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    hanse_index_close(index);
}

static void test_erase_touches_puts_alone(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    add(folder, index, feed, 0, PUT, VALID, 1);
    identify(folder, index, feed, 0, 1, "A");
    add(folder, index, feed, 1, PUT, VALID, 2);
    identify(folder, index, feed, 1, 2, "B");
    add(folder, index, feed, 2, WITHDRAW, VALID, 2);
    add(folder, index, feed, 3, ERASE, VALID, 0);
    erase(folder, index, feed, 1, 2);
    assert_counts(folder, index, feed,
                  &(struct hanse_index_counts){.entries = 4, .payloads = 1, .erased = 1, .records = 1});
    assert_identified(folder, index, feed, "A", "1:1:1:0 ");
    assert_identified(folder, index, feed, "B", "");
    assert_listed(folder, index, &everything, "1:1:1:0 1:2:2:2- ");
    hanse_index_close(index);
}

static void add_missing(struct folder *folder, struct hanse_index *index, int64_t feed, uint64_t at)
{
    struct id id = id_of((uint8_t)at);
    struct hanse_index_entry entry = {
        .index = at, .operation = PUT, .record_id = id.bytes, .payload_state = HANSE_PAYLOAD_MISSING};
    ASSERT_OK(folder, hanse_index_entry_add(index, feed, &entry, &folder->err));
}

static void assert_missing(struct folder *folder, struct hanse_index *index, int64_t feed, size_t max,
                           const char *wanted)
{
    uint64_t indices[8], total = 0;
    size_t given = 0;
    char text[64] = "";
    ASSERT_OK(folder, hanse_index_missing(index, feed, indices, max, &given, &total, &folder->err));
    for (size_t i = 0; i < given; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%u ", (unsigned)indices[i]);
    (void)snprintf(text + strlen(text), sizeof text - strlen(text), "of %u", (unsigned)total);
    assert_string_equal(text, wanted);
}

static void test_missing_payloads(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    int64_t other = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    assert_missing(folder, index, feed, 8, "of 0");
    for (uint64_t at = 0; at < 12; at += 2)
        add_missing(folder, index, feed, at);
    add_missing(folder, index, other, 7);
    add(folder, index, feed, 12, PUT, VALID, 12);
    assert_missing(folder, index, feed, 8, "0 2 4 6 8 10 of 6");
    assert_missing(folder, index, feed, 2, "0 2 of 6");
    assert_missing(folder, index, feed, 0, "of 6");
    ASSERT_OK(folder, hanse_index_payload_found(index, feed, 2, &folder->err));
    ASSERT_OK(folder, hanse_index_payload_found(index, feed, 2, &folder->err));
    ASSERT_OK(folder, hanse_index_payload_found(index, feed, 3, &folder->err));
    erase(folder, index, feed, 6, 4);
    ASSERT_OK(folder, hanse_index_payload_found(index, feed, 6, &folder->err)); /* stays erased */
    assert_missing(folder, index, feed, 8, "0 4 10 of 3");
    assert_counts(
        folder, index, feed,
        &(struct hanse_index_counts){.entries = 7, .payloads = 2, .erased = 2, .missing = 3, .records = 7});
    hanse_index_close(index);
}

static void set_size(struct folder *folder, struct hanse_index *index, const char *origin, uint64_t size)
{
    struct hanse_index_feed feed;
    ASSERT_OK(folder, hanse_index_feed_get(index, origin, &feed, &folder->err));
    feed.size = size;
    ASSERT_OK(folder, hanse_index_feed_put(index, &feed, &folder->err));
}

static void test_reset(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, true);
    int64_t other = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    add(folder, index, other, 9, PUT, VALID, 1);
    add(folder, index, feed, 0, PUT, INVALID, 1);
    add(folder, index, feed, 1, PUT, VALID, 1);
    identify(folder, index, feed, 1, 1, "A");
    add(folder, index, feed, 2, PUT, INVALID, 1);
    add(folder, index, feed, 3, PUT, VALID, 2);
    add(folder, index, feed, 4, PUT, INVALID, 3);
    erase(folder, index, feed, 3, 1);
    add(folder, index, feed, 5, PUT, VALID, 1);
    identify(folder, index, feed, 5, 1, "B");
    add(folder, index, feed, 6, WITHDRAW, VALID, 2);
    add(folder, index, feed, 7, PUT, VALID, 3);
    add(folder, index, feed, 8, PUT, VALID, 4);
    erase(folder, index, feed, 4, 3);
    set_size(folder, index, "bonn.example/hanse", 5);
    ASSERT_OK(folder, hanse_index_feed_reset(index, feed, &folder->err));
    assert_listed(folder, index, &everything, "1:1:2:1 1:2:1:3 2:1:1:9 ");
    assert_identified(folder, index, 0, "A", "1:1:2:1 ");
    assert_identified(folder, index, 0, "B", "");
    assert_counts(
        folder, index, feed,
        &(struct hanse_index_counts){.entries = 5, .payloads = 3, .erased = 2, .invalid = 3, .records = 2});

    /* The log goes on from there, as if nothing else had been. */
    add(folder, index, feed, 5, PUT, VALID, 1);
    add(folder, index, feed, 6, PUT, VALID, 3);
    assert_listed(folder, index, &everything, "1:2:1:3 1:1:4:5 1:3:2:6 2:1:1:9 ");
    erase(folder, index, feed, 4, 3); /* was erased before, but that entry 5 is another one */
    assert_counts(
        folder, index, feed,
        &(struct hanse_index_counts){.entries = 7, .payloads = 3, .erased = 4, .invalid = 3, .records = 3});

    set_size(folder, index, "bonn.example/hanse", 0);
    ASSERT_OK(folder, hanse_index_feed_reset(index, feed, &folder->err));
    assert_listed(folder, index, &everything, "2:1:1:9 ");
    assert_counts(folder, index, feed, &(struct hanse_index_counts){0});
    add(folder, index, feed, 0, PUT, VALID, 1);
    assert_listed(folder, index, &everything, "1:1:1:0 2:1:1:9 ");
    ASSERT_STATUS(hanse_index_feed_reset(index, 77, &folder->err), HANSE_NOT_FOUND);
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    hanse_index_close(index);
}

static void test_remove_feed(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct hanse_index_feed found;
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    int64_t other = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    add(folder, index, other, 0, PUT, VALID, 1);
    add(folder, index, feed, 0, PUT, VALID, 1);
    identify(folder, index, feed, 0, 1, "A");
    add_missing(folder, index, feed, 1);
    ASSERT_OK(folder, hanse_index_feed_remove(index, other, &folder->err));
    ASSERT_STATUS(hanse_index_feed_remove(index, other, &folder->err), HANSE_NOT_FOUND);
    assert_listed(folder, index, &everything, "1:1:2:1 ");
    ASSERT_OK(folder, hanse_index_feed_remove(index, feed, &folder->err));
    assert_listed(folder, index, &everything, "");
    assert_identified(folder, index, 0, "A", "");
    assert_missing(folder, index, feed, 8, "of 0");
    ASSERT_STATUS(hanse_index_feed_get(index, "bonn.example/hanse", &found, &folder->err), HANSE_NOT_FOUND);
    /* An id is never given again: who still holds the old one must not write into another feed. */
    assert_true(add_feed(folder, index, "nara.example/hanse", NULL, false) > other);
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    hanse_index_close(index);
}

static void test_rollback_leaves_everything_as_before(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct hanse_index_feed found;
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", "bonn", false);
    add(folder, index, feed, 0, PUT, VALID, 1);
    identify(folder, index, feed, 0, 1, "A");
    add_missing(folder, index, feed, 2);
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));

    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    (void)add_feed(folder, index, "kobe.example/hanse", NULL, false);
    set_size(folder, index, "bonn", 1);
    add(folder, index, feed, 3, WITHDRAW, VALID, 1);
    ASSERT_OK(folder, hanse_index_payload_found(index, feed, 2, &folder->err));
    erase(folder, index, feed, 0, 1);
    ASSERT_OK(folder, hanse_index_feed_reset(index, feed, &folder->err));
    ASSERT_OK(folder, hanse_index_feed_remove(index, feed, &folder->err));
    hanse_index_rollback(index);
    hanse_index_rollback(index);
    assert_listed(folder, index, &everything, "1:1:1:0 1:2:1:2 ");
    assert_identified(folder, index, 0, "A", "1:1:1:0 ");
    assert_missing(folder, index, feed, 8, "2 of 1");
    ASSERT_OK(folder, hanse_index_feed_get(index, "bonn", &found, &folder->err));
    assert_true(found.size == 0);
    ASSERT_STATUS(hanse_index_feed_get(index, "kobe.example/hanse", &found, &folder->err), HANSE_NOT_FOUND);

    /* The order of entries is that of what was committed. */
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    add(folder, index, feed, 3, PUT, VALID, 1);
    hanse_index_close(index); /* closing rolls back too */
    index = open_index(folder);
    assert_listed(folder, index, &everything, "1:1:1:0 1:2:1:2 ");
    hanse_index_close(index);
}

static void test_writes_need_a_transaction(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct hanse_index_feed feed = {.origin = "bonn.example/hanse"}, found;
    struct hanse_error *err = &folder->err;
    ASSERT_OK(folder, hanse_index_feed_put(index, &feed, err)); /* is one of its own */
    ASSERT_OK(folder, hanse_index_feed_get(index, "bonn.example/hanse", &found, err));
    ASSERT_STATUS(hanse_index_commit(index, err), HANSE_INVALID_ARGUMENT);
    ASSERT_STATUS(hanse_index_feed_remove(index, 1, err), HANSE_INVALID_ARGUMENT);
    ASSERT_STATUS(hanse_index_feed_reset(index, 1, err), HANSE_INVALID_ARGUMENT);
    ASSERT_STATUS(hanse_index_erase(index, 1, 0, 1, err), HANSE_INVALID_ARGUMENT);
    ASSERT_STATUS(hanse_index_payload_found(index, 1, 0, err), HANSE_INVALID_ARGUMENT);
    ASSERT_STATUS(hanse_index_identifier_add(index, 1, id_of(1).bytes, 0, "iati", "A", err),
                  HANSE_INVALID_ARGUMENT);
    ASSERT_OK(folder, hanse_index_begin(index, err));
    ASSERT_STATUS(hanse_index_begin(index, err), HANSE_INVALID_ARGUMENT);
    hanse_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_erase_ranges),
        FOLDER_TEST(test_erase_touches_puts_alone),
        FOLDER_TEST(test_missing_payloads),
        FOLDER_TEST(test_reset),
        FOLDER_TEST(test_remove_feed),
        FOLDER_TEST(test_rollback_leaves_everything_as_before),
        FOLDER_TEST(test_writes_need_a_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
