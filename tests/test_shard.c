/* SPDX-License-Identifier: Apache-2.0 */
/* One file of the full-text index: what is put in is found, in order, until it is dropped; emptied, it keeps
 * nothing; damaged, it says so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anomaly.h"
#include "base/bytes.h"
#include "folder_fixture.h"
#include "index/shard_search.h"

static const struct hanse_shard_state initial = {.token = "tokenxx", .first = {1, 0}};
static const struct hanse_shard_search anything = {.before_unix_s = UINT64_MAX};

static struct hanse_shard *open_shard(struct folder *folder, const struct hanse_shard_state *state)
{
    struct hanse_shard *shard = NULL;
    ASSERT_OK(folder, hanse_shard_open(folder->path.text, state, &shard, &folder->err));
    return shard;
}

static const uint8_t *id_of(uint8_t number)
{
    static uint8_t ids[256][16];
    ids[number][0] = number;
    return ids[number];
}

static void add(struct folder *folder, struct hanse_shard *shard, uint8_t number, const char *title,
                const char *body, const char *code)
{
    struct hanse_shard_document document = {.feed_id = 1 + number / 100,
                                            .entry_index = number,
                                            .record_id = id_of(number),
                                            .kind = 26 + number % 2u,
                                            .published_unix_s = 1000 + number,
                                            .title = hanse_bytes_of_text(title),
                                            .body = hanse_bytes_of_text(body),
                                            .code = hanse_bytes_of_text(code)};
    ASSERT_OK(folder, hanse_shard_add(shard, &document, &folder->err));
}

static struct hanse_shard *filled(struct folder *folder)
{
    struct hanse_shard *shard = open_shard(folder, &initial);
    ASSERT_OK(folder, hanse_shard_begin(shard, &folder->err));
    add(folder, shard, 1, "waste", "sorting of waste at home", "sdg11");
    add(folder, shard, 2, "water", "waste water", "sdg6");
    add(folder, shard, 3, "trams", "a tram line", "sdg11");
    add(folder, shard, 104, "water", "廃棄 棄物 物", "");
    hanse_shard_advance(shard, (struct hanse_shard_place){7, 3}, false);
    ASSERT_OK(folder, hanse_shard_commit(shard, &folder->err));
    return shard;
}

static enum hanse_status keep(void *context, const struct hanse_shard_hit *hit, struct hanse_error *err)
{
    char *text = context;
    (void)err;
    assert_int_equal(hit->record_id[0], hit->entry_index);
    assert_true(hit->score <= 1000);
    (void)snprintf(text + strlen(text), 16, "%d ", (int)hit->entry_index);
    return HANSE_OK;
}

static void assert_found(struct folder *folder, struct hanse_shard *shard,
                         const struct hanse_shard_search *search, bool ranked, const char *wanted)
{
    char text[256] = "";
    uint64_t count = 99;
    size_t spaces = 0;
    ASSERT_OK(folder, hanse_shard_find(shard, search, ranked, 16, keep, text, &folder->err));
    assert_string_equal(text, wanted);
    for (const char *at = text; *at != '\0'; at++)
        spaces += *at == ' ';
    ASSERT_OK(folder, hanse_shard_count(shard, search, &count, &folder->err));
    assert_int_equal(count, spaces);
}

static void assert_words(struct folder *folder, struct hanse_shard *shard, const char *expression,
                         const char *wanted)
{
    struct hanse_shard_search search = anything;
    search.expression = expression;
    assert_found(folder, shard, &search, true, wanted);
}

static void test_words_are_found_best_first(void **state)
{
    struct folder *folder = *state;
    struct hanse_shard *shard = filled(folder);
    assert_words(folder, shard, "{title body}:(\"waste\")", "1 2 ");
    assert_words(folder, shard, "{title body}:(\"water\")", "2 104 ");
    assert_words(folder, shard, "{title body}:(\"廃棄 棄物\")", "104 ");
    assert_words(folder, shard, "({code}:(\"sdg11\"))", "3 1 ");
    assert_words(folder, shard, "({title body}:(\"waste\")) NOT {title body}:(\"water\")", "1 ");
    assert_words(folder, shard, "{title body}:(\"sdg11\")", "");
    hanse_shard_close(shard);
}

static void test_filters_and_the_newest(void **state)
{
    struct folder *folder = *state;
    struct hanse_shard *shard = filled(folder);
    struct hanse_shard_search search = anything;
    assert_found(folder, shard, &search, false, "104 3 2 1 ");
    search.excluded = "{title body}:(\"water\")";
    assert_found(folder, shard, &search, false, "3 1 ");
    search = anything;
    search.kind = 26;
    assert_found(folder, shard, &search, false, "104 2 ");
    search.feed_id = 1;
    assert_found(folder, shard, &search, false, "2 ");
    search = anything;
    search.expression = "{title body}:(\"waste\" OR \"water\" OR \"trams\")";
    search.since_unix_s = 1002;
    search.before_unix_s = 1104;
    assert_found(folder, shard, &search, false, "3 2 ");
    char text[64] = "";
    ASSERT_OK(folder, hanse_shard_find(shard, &search, false, 1, keep, text, &folder->err));
    assert_string_equal(text, "3 ");
    hanse_shard_close(shard);
}

static void test_what_is_dropped_is_not_found(void **state)
{
    struct folder *folder = *state;
    struct hanse_shard *shard = filled(folder);
    ASSERT_OK(folder, hanse_shard_begin(shard, &folder->err));
    ASSERT_OK(folder, hanse_shard_drop(shard, 2, id_of(1), &folder->err)); /* of another feed */
    ASSERT_OK(folder, hanse_shard_drop(shard, 1, id_of(2), &folder->err));
    ASSERT_OK(folder, hanse_shard_drop(shard, 1, id_of(2), &folder->err));
    ASSERT_OK(folder, hanse_shard_drop_feed(shard, 2, &folder->err));
    ASSERT_OK(folder, hanse_shard_commit(shard, &folder->err));
    assert_int_equal(hanse_shard_state_of(shard)->documents, 4);
    assert_int_equal(hanse_shard_state_of(shard)->live, 2);
    assert_words(folder, shard, "{title body}:(\"water\")", "");
    struct hanse_shard_search search = anything;
    assert_found(folder, shard, &search, false, "3 1 ");
    bool holds = false;
    ASSERT_OK(folder, hanse_shard_holds(shard, 1, 2, 3, &holds, &folder->err));
    assert_true(holds); /* its words are still in the file */
    ASSERT_OK(folder, hanse_shard_holds(shard, 1, 4, 105, &holds, &folder->err));
    assert_false(holds);
    hanse_shard_close(shard);
}

static void test_state_and_feeds_are_kept(void **state)
{
    struct folder *folder = *state;
    struct hanse_shard *shard = filled(folder);
    struct hanse_shard_taken taken = {1, 1};
    ASSERT_OK(folder, hanse_shard_begin(shard, &folder->err));
    ASSERT_OK(folder, hanse_shard_feed_taken(shard, 5, &taken, &folder->err));
    assert_int_equal(taken.beyond + taken.sequence, 0);
    ASSERT_OK(folder, hanse_shard_feed_take(shard, 5, (struct hanse_shard_taken){40, 7}, &folder->err));
    ASSERT_OK(folder, hanse_shard_feed_take(shard, 5, (struct hanse_shard_taken){30, 8}, &folder->err));
    hanse_shard_advance(shard, (struct hanse_shard_place){9, 0}, true);
    ASSERT_OK(folder, hanse_shard_commit(shard, &folder->err));
    ASSERT_OK(folder, hanse_shard_begin(shard, &folder->err));
    hanse_shard_advance(shard, (struct hanse_shard_place){11, 0}, false);
    hanse_shard_rollback(shard);
    ASSERT_OK(folder, hanse_shard_optimize(shard, &folder->err));
    hanse_shard_close(shard);
    shard = open_shard(folder, NULL);
    ASSERT_OK(folder, hanse_shard_feed_taken(shard, 5, &taken, &folder->err));
    assert_int_equal(taken.beyond, 40);
    assert_int_equal(taken.sequence, 8);
    const struct hanse_shard_state *kept = hanse_shard_state_of(shard);
    assert_memory_equal(kept->token, "tokenxx", 8);
    assert_int_equal(hanse_shard_place_compare(kept->first, (struct hanse_shard_place){1, 0}), 0);
    assert_int_equal(hanse_shard_place_compare(kept->next, (struct hanse_shard_place){9, 0}), 0);
    assert_int_equal(hanse_shard_place_compare(kept->beyond, (struct hanse_shard_place){9, 0}), 0);
    assert_true(kept->sealed);
    assert_int_equal(kept->documents, 4);
    assert_words(folder, shard, "{title body}:(\"waste\")", "1 2 ");
    hanse_shard_close(shard);
}

/* Whether a text stands in the file or in its log. */
static bool is_on_disk(struct folder *folder, const char *text)
{
    static const char *const names[] = {"", "-wal"};
    bool found = false;
    for (size_t i = 0; i < 2; i++) {
        struct hanse_path path;
        struct hanse_buffer content;
        hanse_buffer_init(&content, 1 << 24);
        ASSERT_OK(folder, hanse_path_format(&path, &folder->err, "%s%s", folder->path.text, names[i]));
        if (hanse_file_exists(path.text))
            ASSERT_OK(folder, hanse_file_read(path.text, 1 << 24, &content, &folder->err));
        for (size_t at = 0; at + strlen(text) <= content.size; at++)
            found = found || memcmp(content.data + at, text, strlen(text)) == 0;
        hanse_buffer_release(&content);
    }
    return found;
}

static void test_an_emptied_file_keeps_nothing(void **state)
{
    struct folder *folder = *state;
    struct hanse_shard *shard = filled(folder);
    struct hanse_shard *other = open_shard(folder, NULL);
    ASSERT_OK(folder, hanse_shard_optimize(shard, &folder->err));
    assert_true(is_on_disk(folder, "orting")); /* a term stands behind what it shares with the one before */
    struct hanse_shard_state again = *hanse_shard_state_of(shard);
    again.first.sequence = 4;
    ASSERT_OK(folder, hanse_shard_empty(shard, &again, &folder->err));
    assert_false(is_on_disk(folder, "orting"));
    assert_false(is_on_disk(folder, "trams"));
    assert_int_equal(hanse_shard_state_of(shard)->documents, 0);
    assert_int_equal(hanse_shard_state_of(shard)->next.sequence, 4);
    struct hanse_shard_search search = anything;
    assert_found(folder, shard, &search, false, "");
    assert_found(folder, other, &search, false, ""); /* who had it open sees the same file */
    hanse_shard_close(other);
    ASSERT_OK(folder, hanse_shard_begin(shard, &folder->err));
    add(folder, shard, 9, "trams", "again", "");
    ASSERT_OK(folder, hanse_shard_commit(shard, &folder->err));
    assert_words(folder, shard, "{title body}:(\"trams\")", "9 ");
    hanse_shard_close(shard);
}

static enum hanse_status keep_word(void *context, const char *word, uint64_t documents,
                                   struct hanse_error *err)
{
    char *text = context;
    (void)err;
    (void)snprintf(text + strlen(text), 32, "%s:%d ", word, (int)documents);
    return HANSE_OK;
}

static void test_words_with_a_beginning(void **state)
{
    struct folder *folder = *state;
    struct hanse_shard *shard = filled(folder);
    char text[256] = "";
    ASSERT_OK(folder, hanse_shard_words(shard, "wa", 8, keep_word, text, &folder->err));
    assert_string_equal(text, "waste:2 water:2 ");
    text[0] = '\0';
    ASSERT_OK(folder, hanse_shard_words(shard, "tram", 1, keep_word, text, &folder->err));
    assert_string_equal(text, "tram:1 ");
    hanse_shard_close(shard);
}

static void overwrite(struct folder *folder, size_t from, size_t count)
{
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    uint8_t bytes[4096];
    memset(bytes, 0x5a, sizeof bytes);
    ASSERT_OK(folder, hanse_file_open_write(&file, folder->path.text, 0600, &folder->err));
    ASSERT_OK(folder, hanse_file_write_at(&file, from, hanse_bytes_of(bytes, count), &folder->err));
}

static void test_damage_is_noticed(void **state)
{
    struct folder *folder = *state;
    struct hanse_shard *shard = NULL;
    ASSERT_STATUS(hanse_shard_open(folder->path.text, NULL, &shard, &folder->err), HANSE_NOT_FOUND);
    assert_false(hanse_file_exists(folder->path.text));
    hanse_shard_close(filled(folder));
    overwrite(folder, 0, 64);
    ASSERT_STATUS(hanse_shard_open(folder->path.text, NULL, &shard, &folder->err), HANSE_MALFORMED);
    ASSERT_OK(folder, hanse_file_remove(folder->path.text, &folder->err));
    hanse_shard_close(filled(folder));
    uint64_t size = 0;
    ASSERT_OK(folder, hanse_file_size(folder->path.text, &size, &folder->err));
    for (size_t page = 2; page < size / 4096; page++)
        overwrite(folder, page * 4096, 4096);
    enum hanse_status status = hanse_shard_open(folder->path.text, NULL, &shard, &folder->err);
    if (status == HANSE_OK) {
        status = hanse_shard_check(shard, &folder->err);
        hanse_shard_close(shard);
    }
    ASSERT_STATUS(status, HANSE_MALFORMED);
}

static enum hanse_status use(void *context)
{
    struct folder *folder = context;
    struct hanse_shard *shard = NULL;
    struct hanse_shard_search search = anything;
    char text[64] = "";
    enum hanse_status status = hanse_shard_open(folder->path.text, NULL, &shard, &folder->err);
    if (status == HANSE_OK)
        status = hanse_shard_find(shard, &search, false, 4, keep, text, &folder->err);
    hanse_shard_close(shard);
    return status;
}

static void test_failing_allocations(void **state)
{
    struct folder *folder = *state;
    hanse_shard_close(filled(folder));
    assert_true(anomaly_fail_each_allocation(use, folder) >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_words_are_found_best_first),
        FOLDER_TEST(test_filters_and_the_newest),
        FOLDER_TEST(test_what_is_dropped_is_not_found),
        FOLDER_TEST(test_state_and_feeds_are_kept),
        FOLDER_TEST(test_an_emptied_file_keeps_nothing),
        FOLDER_TEST(test_words_with_a_beginning),
        FOLDER_TEST(test_damage_is_noticed),
        FOLDER_TEST(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
