/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of tiles, which tiles a tree has, and entry bundles. */
#include "anomaly.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "log/bundle.h"
#include "log/tile.h"

static void test_paths_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        struct hanse_tile tile;
    } known[] = {
        {"tile/0/000", {false, 0, 0, 256}},
        {"tile/0/000.p/1", {false, 0, 0, 1}},
        {"tile/1/999.p/255", {false, 1, 999, 255}},
        {"tile/63/x001/000", {false, 63, 1000, 256}},
        {"tile/2/x001/x234/067", {false, 2, 1234067, 256}},
        {"tile/2/x010/x000/000.p/17", {false, 2, 10000000, 17}},
        {"tile/entries/x001/x234/067.p/9", {true, 0, 1234067, 9}},
        {"tile/entries/000", {true, 0, 0, 256}},
        {"tile/entries/x009/x223/x372/x036/x854/x775/807.p/255", {true, 0, INT64_MAX, 255}},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char path[HANSE_TILE_PATH_BYTES];
        struct hanse_tile tile;
        assert_int_equal(hanse_tile_path_encode(&known[i].tile, path, NULL), HANSE_OK);
        assert_string_equal(path, known[i].path);
        assert_int_equal(hanse_tile_path_decode(hanse_bytes_of_text(path), &tile, NULL), HANSE_OK);
        assert_int_equal(tile.is_bundle, known[i].tile.is_bundle);
        assert_int_equal(tile.level, known[i].tile.level);
        assert_int_equal(tile.index, known[i].tile.index);
        assert_int_equal(tile.width, known[i].tile.width);
    }
}

static void test_refused_paths(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/a/000",
        "tile//000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1",
        "tile/0/x000",
        "tile/0/x000/000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/x001/000/",
        "tile/0/X001/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/300",
        "tile/0/000.p/1/",
        "tile/0/000.p/1 ",
        "tile/0/000.p/-1",
        "tile/0/000.q/1",
        "tile/0/000/1",
        "tile/0/000.p/1.p/1",
        "tile/entries",
        "tile/entries/",
        "tile/entries/0/000",
        "tile/entry/000",
        "tile/entriesx/000",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/ 00",
        "tile/0/+00",
        "tile/0/x001/x002/x003/x004/x005/x006/x007/008",
        "checkpoint",
        "tile/data/000",
        "tile/0/000\n",
        "tile/0/../000",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hanse_tile tile = {.width = 77};
        struct hanse_error err = {.offset = UINT64_MAX};
        assert_int_equal(hanse_tile_path_decode(hanse_bytes_of_text(bad[i]), &tile, &err), HANSE_MALFORMED);
        assert_int_equal(tile.width, 77);
        assert_true(err.offset <= strlen(bad[i]));
    }
    assert_int_equal(
        hanse_tile_path_decode(hanse_bytes_of("tile/0/000\0", 11), &(struct hanse_tile){0}, NULL),
        HANSE_MALFORMED);
    static const struct hanse_tile none[] = {
        {false, 64, 0, 256}, {false, 0, 0, 0}, {false, 0, 0, 257}, {false, 0, (uint64_t)INT64_MAX + 1, 256}};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        char path[HANSE_TILE_PATH_BYTES] = "kept";
        struct hanse_error err;
        assert_failure(hanse_tile_path_encode(&none[i], path, &err), err, HANSE_INVALID_ARGUMENT,
                       HANSE_NO_OFFSET);
        assert_string_equal(path, "kept");
    }
}

/* The example of the specification. */
static void test_widths(void **state)
{
    (void)state;
    assert_int_equal(hanse_tile_width(0, 272, 70000), 256);
    assert_int_equal(hanse_tile_width(0, 273, 70000), 112);
    assert_int_equal(hanse_tile_width(0, 274, 70000), 0);
    assert_int_equal(hanse_tile_width(1, 0, 70000), 256);
    assert_int_equal(hanse_tile_width(1, 1, 70000), 17);
    assert_int_equal(hanse_tile_width(2, 0, 70000), 1);
    assert_int_equal(hanse_tile_width(3, 0, 70000), 0);
    assert_int_equal(hanse_tile_width(0, 0, 256), 256);
    assert_int_equal(hanse_tile_width(0, 1, 256), 0);
    assert_int_equal(hanse_tile_width(1, 0, 256), 1);
    assert_int_equal(hanse_tile_width(0, 0, 0), 0);
    assert_int_equal(hanse_tile_width(7, 0, INT64_MAX), 127);
    assert_int_equal(hanse_tile_width(8, 0, INT64_MAX), 0);
    assert_int_equal(hanse_tile_width(99, 0, INT64_MAX), 0);
}

struct listing {
    char text[4096];
    size_t count;
    size_t fail_at;
};

static enum hanse_status note_tile(void *context, const struct hanse_tile *tile, struct hanse_error *err)
{
    struct listing *listing = context;
    if (listing->count == listing->fail_at)
        return HANSE_CANCELLED;
    listing->count++;
    char path[HANSE_TILE_PATH_BYTES];
    assert_int_equal(hanse_tile_path_encode(tile, path, err), HANSE_OK);
    if (strlen(listing->text) + strlen(path) + 2 < sizeof listing->text)
        strcat(strcat(listing->text, path), " ");
    return HANSE_OK;
}

static void check_new(uint64_t old_size, uint64_t size, const char *expected)
{
    struct listing listing = {.fail_at = SIZE_MAX};
    assert_int_equal(hanse_tile_list_new(old_size, size, note_tile, &listing, NULL), HANSE_OK);
    assert_string_equal(listing.text, expected);
}

static void check_completed(uint64_t old_size, uint64_t size, const char *expected)
{
    struct listing listing = {.fail_at = SIZE_MAX};
    assert_int_equal(hanse_tile_list_completed(old_size, size, note_tile, &listing, NULL), HANSE_OK);
    assert_string_equal(listing.text, expected);
}

static void test_lists(void **state)
{
    (void)state;
    check_new(0, 0, "");
    check_new(5, 5, "");
    check_new(0, 1, "tile/entries/000.p/1 tile/0/000.p/1 ");
    check_new(1, 3, "tile/entries/000.p/3 tile/0/000.p/3 ");
    check_new(3, 256, "tile/entries/000 tile/0/000 tile/1/000.p/1 ");
    check_new(256, 257, "tile/entries/001.p/1 tile/0/001.p/1 ");
    check_new(255, 514,
              "tile/entries/000 tile/entries/001 tile/entries/002.p/2 tile/0/000 tile/0/001 tile/0/002.p/2 "
              "tile/1/000.p/2 ");
    check_new(65535, 65536, "tile/entries/255 tile/0/255 tile/1/000 tile/2/000.p/1 ");
    check_completed(0, 0, "");
    check_completed(0, 256, "");
    check_completed(3, 255, "");
    check_completed(3, 256, "tile/entries/000 tile/0/000 ");
    check_completed(256, 512, "");
    check_completed(257, 1000, "tile/entries/001 tile/0/001 ");
    check_completed(65535, 65536, "tile/entries/255 tile/0/255 tile/1/000 ");
    struct listing all = {.fail_at = SIZE_MAX};
    assert_int_equal(hanse_tile_list_new(0, 70000, note_tile, &all, NULL), HANSE_OK);
    assert_int_equal(all.count, 274 + 274 + 2 + 1);
}

static void test_refused_lists(void **state)
{
    (void)state;
    struct hanse_error err;
    struct listing listing = {.fail_at = 1};
    assert_failure(hanse_tile_list_new(2, 1, note_tile, &listing, &err), err, HANSE_INVALID_ARGUMENT,
                   HANSE_NO_OFFSET);
    assert_failure(hanse_tile_list_completed(0, UINT64_C(1) << 63, note_tile, &listing, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_int_equal(hanse_tile_list_new(0, 1, note_tile, &listing, NULL), HANSE_CANCELLED);
    assert_int_equal(hanse_tile_list_completed(3, 256, note_tile, &listing, NULL), HANSE_CANCELLED);
    assert_int_equal(listing.count, 1);
}

static void test_bundles(void **state)
{
    (void)state;
    static uint8_t large[HANSE_MAX_ENTRY_ACCEPT_BYTES + 1];
    struct hanse_error err;
    HANSE_SCOPED_BUFFER struct hanse_buffer bundle;
    hanse_buffer_init(&bundle, 100000);
    assert_int_equal(hanse_bundle_append(&bundle, hanse_bytes_of_text("one"), NULL), HANSE_OK);
    assert_int_equal(hanse_bundle_append(&bundle, hanse_bytes_of(NULL, 0), NULL), HANSE_OK);
    assert_int_equal(hanse_bundle_append(&bundle, hanse_bytes_of_text("three"), NULL), HANSE_OK);
    struct hanse_bytes view = hanse_buffer_view(&bundle);
    assert_true(hanse_bytes_equal(view, hanse_bytes_of("\0\3one\0\0\0\5three", 14)));
    struct hanse_reader reader = hanse_reader_of(view);
    struct hanse_bytes entry;
    assert_int_equal(hanse_bundle_next(&reader, &entry, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(entry, "one"));
    assert_int_equal(hanse_bundle_next(&reader, &entry, NULL), HANSE_OK);
    assert_int_equal(entry.size, 0);
    assert_int_equal(hanse_bundle_next(&reader, &entry, NULL), HANSE_OK);
    assert_true(hanse_bytes_equal_text(entry, "three"));
    assert_int_equal(hanse_bundle_next(&reader, &entry, NULL), HANSE_NOT_FOUND);
    assert_int_equal(hanse_bundle_check(view, 3, NULL), HANSE_OK);
    assert_failure(hanse_bundle_check(view, 2, &err), err, HANSE_MALFORMED, 7);
    assert_failure(hanse_bundle_check(view, 4, &err), err, HANSE_MALFORMED, 14);
    assert_failure(hanse_bundle_check(hanse_bytes_slice(view, 0, 13), 3, &err), err, HANSE_MALFORMED, 7);
    assert_failure(hanse_bundle_check(hanse_bytes_slice(view, 0, 8), 3, &err), err, HANSE_MALFORMED, 7);
    assert_int_equal(hanse_bundle_check(hanse_bytes_of(NULL, 0), 0, NULL), HANSE_OK);
    assert_failure(hanse_bundle_append(&bundle, hanse_bytes_of(large, sizeof large), &err), err, HANSE_LIMIT,
                   HANSE_NO_OFFSET);
    assert_int_equal(bundle.size, 14);
    assert_int_equal(hanse_bundle_append(&bundle, hanse_bytes_of(large, sizeof large - 1), NULL), HANSE_OK);
    assert_failure(hanse_bundle_append(&bundle, hanse_bytes_of(large, 40000), &err), err, HANSE_LIMIT,
                   HANSE_NO_OFFSET);
    assert_int_equal(bundle.size, 14 + 2 + 65535);
    assert_int_equal(hanse_bundle_check(hanse_buffer_view(&bundle), 4, NULL), HANSE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_both_ways), cmocka_unit_test(test_refused_paths),
        cmocka_unit_test(test_widths),          cmocka_unit_test(test_lists),
        cmocka_unit_test(test_refused_lists),   cmocka_unit_test(test_bundles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
