/* SPDX-License-Identifier: Apache-2.0 */
/* What the index means: feeds, revisions, erasure, identifiers, transactions. */
#include <stdio.h>

#include "index_fixture.h"

static const struct hanse_index_filter everything = {.withdrawn_too = true};
static const struct hanse_index_filter current = {0};

static void test_feed_fields_round_trip(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct hanse_index_feed feed = {.origin = "bonn.example/hanse",
                                    .name = "bonn",
                                    .own = true,
                                    .url = "u",
                                    .pin = "p",
                                    .cacert = "c",
                                    .key = {1, [32] = 33},
                                    .size = 7,
                                    .root = {9, [31] = 8},
                                    .etag = "\"e\"",
                                    .remote_segment = "s",
                                    .remote_offset = UINT64_MAX,
                                    .successor_origin = "o",
                                    .state = {(const uint8_t *)"st", 2},
                                    .followed_unix_s = 1,
                                    .last_try_unix_s = 2,
                                    .last_success_unix_s = 3,
                                    .last_result = "updated",
                                    .last_message = "m"};
    struct hanse_index_feed found;
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    ASSERT_OK(folder, hanse_index_feed_put(index, &feed, &folder->err));
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    ASSERT_OK(folder, hanse_index_feed_get(index, "bonn.example/hanse", &found, &folder->err));
    assert_int_equal(found.id, feed.id);
    ASSERT_OK(folder, hanse_index_feed_get(index, "bonn", &found, &folder->err));
    assert_true(found.own);
    assert_memory_equal(found.key, feed.key, sizeof feed.key);
    assert_memory_equal(found.root, feed.root, sizeof feed.root);
    assert_true(found.size == 7 && found.remote_offset == UINT64_MAX && found.followed_unix_s == 1 &&
                found.last_try_unix_s == 2 && found.last_success_unix_s == 3);
    assert_true(found.state.size == 2 && memcmp(found.state.data, "st", 2) == 0);
    const char *texts[][2] = {{found.url, "u"},
                              {found.pin, "p"},
                              {found.cacert, "c"},
                              {found.etag, "\"e\""},
                              {found.remote_segment, "s"},
                              {found.successor_origin, "o"},
                              {found.last_result, "updated"},
                              {found.last_message, "m"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_string_equal(texts[i][0], texts[i][1]);
    hanse_index_close(index);
}

static void test_feed_update_and_uniqueness(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct hanse_index_feed found;
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t bonn = add_feed(folder, index, "bonn.example/hanse", "bonn", false);
    int64_t kobe = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    (void)add_feed(folder, index, "cusco.example/hanse", NULL, false); /* no name is not a name */

    struct hanse_index_feed clash = {.origin = "bonn.example/hanse"};
    ASSERT_STATUS(hanse_index_feed_put(index, &clash, &folder->err), HANSE_EXISTS);
    assert_int_equal(clash.id, 0);
    clash = (struct hanse_index_feed){.id = kobe, .origin = "kobe.example/hanse", .name = "bonn"};
    ASSERT_STATUS(hanse_index_feed_put(index, &clash, &folder->err), HANSE_EXISTS);
    clash.name = "bonn.example/hanse"; /* a name may not hide an origin */
    ASSERT_STATUS(hanse_index_feed_put(index, &clash, &folder->err), HANSE_EXISTS);
    clash.name = "kobe";
    clash.size = 5;
    ASSERT_OK(folder, hanse_index_feed_put(index, &clash, &folder->err));
    ASSERT_OK(folder, hanse_index_feed_get(index, "kobe", &found, &folder->err));
    assert_true(found.id == kobe && found.size == 5 && found.pin == NULL && found.state.size == 0);
    clash = (struct hanse_index_feed){.id = bonn + 100, .origin = "x.example/hanse"};
    ASSERT_STATUS(hanse_index_feed_put(index, &clash, &folder->err), HANSE_NOT_FOUND);
    clash = (struct hanse_index_feed){.name = "nameless"};
    ASSERT_STATUS(hanse_index_feed_put(index, &clash, &folder->err), HANSE_INVALID_ARGUMENT);
    /* None of these spoils the transaction. */
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    ASSERT_STATUS(hanse_index_feed_get(index, "x.example/hanse", &found, &folder->err), HANSE_NOT_FOUND);
    hanse_index_close(index);
}

struct feed_walk {
    struct folder *folder;
    struct hanse_index *index;
    char text[256];
};

/* Calls the index in every way while the visited texts are looked at. */
static enum hanse_status walk_feed(void *context, const struct hanse_index_feed *feed,
                                   struct hanse_error *err)
{
    struct feed_walk *walk = context;
    struct hanse_index_feed other, changed = *feed;
    ASSERT_OK(walk->folder, hanse_index_feed_get(walk->index, "aachen.example/hanse", &other, err));
    ASSERT_OK(walk->folder, hanse_index_begin(walk->index, err));
    changed.last_message = "seen";
    ASSERT_OK(walk->folder, hanse_index_feed_put(walk->index, &changed, err));
    ASSERT_OK(walk->folder, hanse_index_commit(walk->index, err));
    strncat(walk->text, feed->origin, strcspn(feed->origin, "."));
    strcat(walk->text, " ");
    return strcmp(feed->origin, "kobe.example/hanse") == 0 ? HANSE_CANCELLED : HANSE_OK;
}

static void test_feed_list_order_and_nesting(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct feed_walk walk = {.folder = folder, .index = index};
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    (void)add_feed(folder, index, "kobe.example/hanse", NULL, false);
    (void)add_feed(folder, index, "zuerich.example/hanse", NULL, true);
    (void)add_feed(folder, index, "nara.example/hanse", NULL, false);
    (void)add_feed(folder, index, "bonn.example/hanse", NULL, true);
    (void)add_feed(folder, index, "aachen.example/hanse", NULL, false);
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    ASSERT_STATUS(hanse_index_feed_list(index, walk_feed, &walk, &folder->err), HANSE_CANCELLED);
    assert_string_equal(walk.text, "zuerich bonn aachen kobe ");
    hanse_index_close(index);
}

static void test_revisions(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct hanse_index_record record;
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    add(folder, index, feed, 0, 4, VALID, 0);
    add(folder, index, feed, 1, PUT, INVALID, 1);
    ASSERT_STATUS(hanse_index_record_get(index, feed, id_of(1).bytes, &record, &folder->err),
                  HANSE_NOT_FOUND);
    assert_listed(folder, index, &everything, "");
    add(folder, index, feed, 2, PUT, VALID, 1);
    add(folder, index, feed, 3, PUT, VALID, 2);
    add(folder, index, feed, 4, PUT, UNKNOWN, 1); /* counts, but 2 stays current */
    assert_listed(folder, index, &current, "1:1:2:2 1:2:1:3 ");
    add(folder, index, feed, 5, WITHDRAW, INVALID, 1);
    add(folder, index, feed, 6, WITHDRAW, VALID, 1);
    assert_listed(folder, index, &current, "1:2:1:3 ");
    assert_listed(folder, index, &everything, "1:2:1:3 1:1:5:6- ");
    add(folder, index, feed, 7, PUT, VALID, 1);
    assert_listed(folder, index, &everything, "1:2:1:3 1:1:6:7 ");
    ASSERT_OK(folder, hanse_index_record_get(index, feed, id_of(1).bytes, &record, &folder->err));
    assert_true(record.revision == 6 && record.entry_index == 7 && !record.withdrawn && record.kind == 3 &&
                record.published_unix_s == 1700000007 && record.payload_state == HANSE_PAYLOAD_PRESENT &&
                !record.has_digest);
    assert_string_equal(record.origin, "bonn.example/hanse");
    hanse_index_close(index);
}

static void test_operations_that_make_no_revision(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct id id = id_of(1);
    struct hanse_index_counts counts;
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t operations[] = {ERASE, 5, 9, 0};
        struct hanse_index_entry entry = {.index = i,
                                          .operation = operations[i],
                                          .record_id = id.bytes,
                                          .verdict = i < 2 ? VALID : UNKNOWN,
                                          .published_unix_s = UINT64_MAX,
                                          .kind = UINT32_MAX};
        ASSERT_OK(folder, hanse_index_entry_add(index, feed, &entry, &folder->err));
    }
    add(folder, index, feed, 10, PUT, VALID, 1); /* ascending is enough */
    assert_listed(folder, index, &everything, "1:1:1:10 ");
    ASSERT_OK(folder, hanse_index_count(index, feed, &counts, &folder->err));
    assert_true(counts.entries == 5 && counts.invalid == 2 && counts.records == 1 && counts.payloads == 1);
    hanse_index_close(index);
}

static void test_entry_order(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct hanse_index_entry entry = {.index = 4, .operation = ERASE};
    ASSERT_STATUS(hanse_index_entry_add(index, 1, &entry, &folder->err), HANSE_INVALID_ARGUMENT);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    ASSERT_STATUS(hanse_index_entry_add(index, 1, &entry, &folder->err), HANSE_NOT_FOUND);
    int64_t one = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    int64_t two = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    add(folder, index, one, 5, PUT, VALID, 1);
    add(folder, index, two, 3, PUT, VALID, 1);
    ASSERT_STATUS(hanse_index_entry_add(index, one, &entry, &folder->err), HANSE_INVALID_ARGUMENT);
    ASSERT_OK(folder, hanse_index_entry_add(index, two, &entry, &folder->err));
    ASSERT_STATUS(hanse_index_entry_add(index, two, &entry, &folder->err), HANSE_INVALID_ARGUMENT);
    entry.index = UINT64_C(1) << 63;
    ASSERT_STATUS(hanse_index_entry_add(index, two, &entry, &folder->err), HANSE_LIMIT);
    ASSERT_OK(folder, hanse_index_commit(index, &folder->err));
    assert_listed(folder, index, &current, "1:1:1:5 2:1:1:3 ");
    hanse_index_close(index);
}

static void test_list_filters(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t one = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    int64_t two = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    for (uint64_t i = 0; i < 3; i++)
        add(folder, index, one, i, PUT, VALID, (uint8_t)(i + 1));
    struct id id = id_of(9);
    struct hanse_index_entry other = {
        .index = 0, .operation = PUT, .kind = 8, .record_id = id.bytes, .published_unix_s = 1800000000};
    ASSERT_OK(folder, hanse_index_entry_add(index, two, &other, &folder->err));
    add(folder, index, one, 3, WITHDRAW, VALID, 1);
    assert_listed(folder, index, &(struct hanse_index_filter){.feed_id = two}, "2:9:1:0 ");
    assert_listed(folder, index, &(struct hanse_index_filter){.kind = 3}, "1:2:1:1 1:3:1:2 ");
    assert_listed(folder, index, &(struct hanse_index_filter){.since_unix_s = 1700000002},
                  "1:3:1:2 2:9:1:0 ");
    assert_listed(folder, index, &(struct hanse_index_filter){.since_unix_s = UINT64_MAX}, "");
    /* What is withdrawn keeps the kind that it had. */
    assert_listed(folder, index, &(struct hanse_index_filter){.kind = 3, .withdrawn_too = true},
                  "1:2:1:1 1:3:1:2 1:1:2:3- ");
    hanse_index_close(index);
}

static void test_find_prefix(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t one = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    int64_t two = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    add(folder, index, one, 0, PUT, VALID, 0xab);
    add(folder, index, one, 1, PUT, VALID, 0xac);
    add(folder, index, one, 2, PUT, INVALID, 0xad);
    add(folder, index, two, 0, PUT, VALID, 0xab);
    add(folder, index, two, 1, WITHDRAW, VALID, 0xff);
    const char *cases[][2] = {{"ab", "1:171:1:0 2:171:1:0 "},
                              {"a", "1:171:1:0 1:172:1:1 2:171:1:0 "},
                              {"ac0", "1:172:1:1 "},
                              {"ac02030405067008800a0b0c0d0e0fac", "1:172:1:1 "},
                              {"ac02030405067008800a0b0c0d0e0fad", ""},
                              {"ff", "2:255:1:1- "},
                              {"", "1:171:1:0 1:172:1:1 2:171:1:0 2:255:1:1- "}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct seen seen = {""};
        ASSERT_OK(folder,
                  hanse_index_record_find_prefix(index, cases[i][0], see_record, &seen, &folder->err));
        assert_string_equal(seen.text, cases[i][1]);
    }
    const char *wrong[] = {"g", "AB", "ab-", "ac02030405067008800a0b0c0d0e0fac0"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ASSERT_STATUS(hanse_index_record_find_prefix(index, wrong[i], see_record, NULL, &folder->err),
                      HANSE_INVALID_ARGUMENT);
    hanse_index_close(index);
}

static void add_with_digest(struct folder *folder, struct hanse_index *index, int64_t feed, uint64_t at,
                            uint8_t number, uint8_t digest_number)
{
    struct id id = id_of(number), digest = id_of(digest_number);
    struct hanse_index_entry entry = {.index = at,
                                      .operation = PUT,
                                      .kind = 3,
                                      .record_id = id.bytes,
                                      .payload_state = HANSE_PAYLOAD_PRESENT,
                                      .digest = digest.bytes};
    ASSERT_OK(folder, hanse_index_entry_add(index, feed, &entry, &folder->err));
}

static void assert_digest(struct folder *folder, struct hanse_index *index, int64_t feed,
                          uint8_t digest_number, const char *wanted)
{
    struct seen seen = {""};
    ASSERT_OK(folder, hanse_index_record_find_digest(index, feed, id_of(digest_number).bytes, see_record,
                                                     &seen, &folder->err));
    assert_string_equal(seen.text, wanted);
}

static void test_find_digest(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct hanse_index_record record;
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, true);
    add_with_digest(folder, index, feed, 0, 1, 0x50);
    add_with_digest(folder, index, feed, 1, 2, 0x50);
    add_with_digest(folder, index, feed, 2, 3, 0x51);
    assert_digest(folder, index, feed, 0x50, "1:1:1:0 1:2:1:1 ");
    assert_digest(folder, index, feed + 1, 0x50, "");
    add_with_digest(folder, index, feed, 3, 1, 0x52); /* a later revision has another */
    assert_digest(folder, index, feed, 0x50, "1:2:1:1 ");
    assert_digest(folder, index, feed, 0x52, "1:1:2:3 ");
    ASSERT_OK(folder, hanse_index_record_get(index, feed, id_of(1).bytes, &record, &folder->err));
    assert_true(record.has_digest);
    assert_memory_equal(record.digest, id_of(0x52).bytes, 16);
    add(folder, index, feed, 4, WITHDRAW, VALID, 2);
    assert_digest(folder, index, feed, 0x50, "");
    ASSERT_OK(folder, hanse_index_erase(index, feed, 2, 1, &folder->err));
    assert_digest(folder, index, feed, 0x51, ""); /* the digest would tell of what is erased */
    hanse_index_close(index);
}

static void test_identifiers_follow_revisions(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t one = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    int64_t two = add_feed(folder, index, "kobe.example/hanse", NULL, false);
    add(folder, index, one, 0, PUT, VALID, 1);
    identify(folder, index, one, 0, 1, "A");
    identify(folder, index, one, 0, 1, "A"); /* twice is once */
    identify(folder, index, one, 0, 1, "B");
    add(folder, index, two, 0, PUT, VALID, 2);
    identify(folder, index, two, 0, 2, "A");
    assert_identified(folder, index, 0, "A", "1:1:1:0 2:2:1:0 ");
    assert_identified(folder, index, two, "A", "2:2:1:0 ");
    assert_identified(folder, index, one, "B", "1:1:1:0 ");
    add(folder, index, one, 1, PUT, VALID, 1);
    identify(folder, index, one, 1, 1, "C");
    identify(folder, index, one, 0, 1, "D"); /* an old revision's, told late */
    assert_identified(folder, index, one, "A", "");
    assert_identified(folder, index, one, "B", "");
    assert_identified(folder, index, one, "C", "1:1:2:1 ");
    assert_identified(folder, index, one, "D", "");
    add(folder, index, one, 2, PUT, INVALID, 1); /* has no effect */
    assert_identified(folder, index, one, "C", "1:1:2:1 ");
    add(folder, index, one, 3, WITHDRAW, VALID, 1); /* an import must find it to bring it back */
    assert_identified(folder, index, one, "C", "1:1:4:3- ");
    add(folder, index, one, 4, PUT, VALID, 1);
    assert_identified(folder, index, one, "C", "");
    struct seen seen = {""};
    ASSERT_OK(folder,
              hanse_index_record_find_identifier(index, two, "url", "A", see_record, &seen, &folder->err));
    assert_string_equal(seen.text, "");
    hanse_index_close(index);
}

struct record_walk {
    struct folder *folder;
    struct hanse_index *index;
    int depth;
    int visits;
};

static enum hanse_status walk_record(void *context, const struct hanse_index_record *record,
                                     struct hanse_error *err)
{
    struct record_walk *walk = context;
    struct hanse_index_record other;
    struct hanse_index_feed feed;
    walk->visits++;
    ASSERT_OK(walk->folder, hanse_index_record_get(walk->index, 1, id_of(2).bytes, &other, err));
    ASSERT_OK(walk->folder, hanse_index_feed_get(walk->index, "bonn.example/hanse", &feed, err));
    if (walk->depth < 2) {
        walk->depth++;
        ASSERT_OK(walk->folder, hanse_index_record_list(walk->index, &current, walk_record, walk, err));
        walk->depth--;
    }
    assert_string_equal(record->origin, "bonn.example/hanse");
    return HANSE_OK;
}

static void test_record_list_nests(void **state)
{
    struct folder *folder = *state;
    struct hanse_index *index = open_index(folder);
    struct record_walk walk = {.folder = folder, .index = index};
    ASSERT_OK(folder, hanse_index_begin(index, &folder->err));
    int64_t feed = add_feed(folder, index, "bonn.example/hanse", NULL, false);
    for (uint64_t i = 0; i < 3; i++)
        add(folder, index, feed, i, PUT, VALID, (uint8_t)(i + 1));
    ASSERT_OK(folder, hanse_index_record_list(index, &current, walk_record, &walk, &folder->err));
    assert_int_equal(walk.visits, 3 + 9 + 27);
    hanse_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_feed_fields_round_trip),
        FOLDER_TEST(test_feed_update_and_uniqueness),
        FOLDER_TEST(test_feed_list_order_and_nesting),
        FOLDER_TEST(test_revisions),
        FOLDER_TEST(test_operations_that_make_no_revision),
        FOLDER_TEST(test_entry_order),
        FOLDER_TEST(test_list_filters),
        FOLDER_TEST(test_find_prefix),
        FOLDER_TEST(test_find_digest),
        FOLDER_TEST(test_identifiers_follow_revisions),
        FOLDER_TEST(test_record_list_nests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
