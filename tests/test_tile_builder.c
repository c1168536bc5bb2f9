/* SPDX-License-Identifier: Apache-2.0 */
/* Logs grown in steps of all kinds, kept as files are, against logs grown at once and the definition; and a
 * log that another implementation made. */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "log/bundle.h"
#include "log/checkpoint.h"
#include "log/tile_builder.h"
#include "merkle_reference.h"

#define OTHER_LOG "../shared/vectors/tessera-log"
#define OTHER_KEY "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"

/* A folder in memory: the last content of each path. */
struct stored {
    char path[HANSE_TILE_PATH_BYTES];
    uint8_t *content;
    size_t size;
};

struct store {
    struct stored *files;
    size_t count;
    size_t writes;
    size_t fail_write_at;
    size_t fail_read_at;
};

static void release_store(struct store *store)
{
    for (size_t i = 0; i < store->count; i++)
        free(store->files[i].content);
    free(store->files);
    *store = (struct store){0};
}

#define SCOPED_STORE __attribute__((cleanup(release_store))) struct store

static const struct store empty_store = {.fail_write_at = SIZE_MAX, .fail_read_at = SIZE_MAX};

static struct stored *find(struct store *store, const struct hanse_tile *tile)
{
    char path[HANSE_TILE_PATH_BYTES];
    assert_int_equal(hanse_tile_path_encode(tile, path, NULL), HANSE_OK);
    for (size_t i = 0; i < store->count; i++)
        if (strcmp(store->files[i].path, path) == 0)
            return &store->files[i];
    return NULL;
}

static enum hanse_status write_store(void *context, const struct hanse_tile *tile, struct hanse_bytes content,
                                     struct hanse_error *err)
{
    struct store *store = context;
    if (store->writes++ == store->fail_write_at)
        return hanse_fail(err, HANSE_IO, "disk is full");
    assert_null(find(store, tile));
    store->files = realloc(store->files, (store->count + 1) * sizeof *store->files);
    assert_non_null(store->files);
    struct stored *file = &store->files[store->count++];
    assert_int_equal(hanse_tile_path_encode(tile, file->path, NULL), HANSE_OK);
    file->size = content.size;
    file->content = malloc(content.size);
    assert_non_null(file->content);
    memcpy(file->content, content.data, content.size);
    return HANSE_OK;
}

static enum hanse_status read_store(void *context, const struct hanse_tile *tile, struct hanse_buffer *out,
                                    struct hanse_error *err)
{
    struct store *store = context;
    const struct stored *file = find(store, tile);
    if (store->fail_read_at-- == 0 || file == NULL)
        return hanse_fail(err, HANSE_NOT_FOUND, "no such tile");
    return hanse_buffer_append(out, hanse_bytes_of(file->content, file->size), err);
}

/* Opens the store at `from`, appends up to `to` and finishes; gives the root. */
static struct hanse_digest grow(struct store *store, uint64_t from, uint64_t to)
{
    struct hanse_tile_builder *builder;
    assert_int_equal(hanse_tile_builder_new(from, read_store, store, &builder, NULL), HANSE_OK);
    for (uint64_t i = from; i < to; i++) {
        uint8_t entry[8];
        reference_entry(i, entry);
        assert_int_equal(
            hanse_tile_builder_append(builder, hanse_bytes_of(entry, 8), write_store, store, NULL), HANSE_OK);
    }
    assert_int_equal(hanse_tile_builder_finish(builder, write_store, store, NULL), HANSE_OK);
    assert_int_equal(hanse_tile_builder_size(builder), to);
    assert_int_equal(hanse_tile_builder_frontier(builder)->size, to);
    struct hanse_digest root;
    hanse_tile_builder_root(builder, &root);
    hanse_tile_builder_free(builder);
    return root;
}

static struct hanse_digest expected_root(uint64_t size)
{
    if (size == 0)
        return hanse_merkle_empty_root();
    struct hanse_hasher *hasher;
    struct hanse_digest *leaves = malloc(size * sizeof *leaves);
    assert_non_null(leaves);
    assert_int_equal(hanse_hasher_new(&hasher, NULL), HANSE_OK);
    reference_leaves(hasher, leaves, size);
    struct hanse_digest root = reference_root(hasher, leaves, size);
    hanse_hasher_free(hasher);
    free(leaves);
    return root;
}

struct comparison {
    struct store *store;
    struct store *other;
};

static enum hanse_status compare_tile(void *context, const struct hanse_tile *tile, struct hanse_error *err)
{
    (void)err;
    struct comparison *comparison = context;
    const struct stored *mine = find(comparison->store, tile);
    const struct stored *other = find(comparison->other, tile);
    assert_non_null(mine);
    assert_non_null(other);
    assert_int_equal(mine->size, other->size);
    assert_memory_equal(mine->content, other->content, mine->size);
    if (!tile->is_bundle)
        assert_int_equal(mine->size, tile->width * HANSE_DIGEST_BYTES);
    return HANSE_OK;
}

static void test_steps_give_what_one_go_gives(void **state)
{
    (void)state;
    static const uint64_t steps[][8] = {{1, 2, 3, 255, 256, 257, 511, 512},
                                        {256, 512, 768, 1024, 1025, 1026, 1279, 1280},
                                        {0, 0, 1, 1, 300, 300, 1000, 1000},
                                        {257, 258, 259, 260, 600, 601, 602, 900},
                                        {100, 255, 400, 511, 600, 767, 768, 769}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        SCOPED_STORE store = empty_store;
        uint64_t size = 0;
        for (size_t k = 0; k < 8; k++) {
            struct hanse_digest root = grow(&store, size, steps[i][k]);
            size = steps[i][k];
            struct hanse_digest expected = expected_root(size);
            assert_true(hanse_digest_equal(&root, &expected));
            SCOPED_STORE at_once = empty_store;
            (void)grow(&at_once, 0, size);
            struct comparison comparison = {&store, &at_once};
            assert_int_equal(hanse_tile_list_new(0, size, compare_tile, &comparison, NULL), HANSE_OK);
        }
    }
}

static void check_hash(struct store *store, unsigned level, uint64_t index,
                       const struct hanse_digest *expected)
{
    const struct hanse_tile tile = {false, level, index / 256, 256};
    const struct stored *file = find(store, &tile);
    assert_non_null(file);
    assert_memory_equal(file->content + index % 256 * 32, expected->bytes, 32);
}

/* Three levels of tiles, and what stands in the upper ones. */
static void test_levels_above_zero(void **state)
{
    (void)state;
    SCOPED_STORE store = empty_store;
    const uint64_t size = 70000;
    (void)grow(&store, 0, 65530);
    struct hanse_digest root = grow(&store, 65530, size);
    struct hanse_digest expected = expected_root(size);
    assert_true(hanse_digest_equal(&root, &expected));
    struct hanse_hasher *hasher;
    struct hanse_digest *leaves = malloc(size * sizeof *leaves);
    assert_non_null(leaves);
    assert_int_equal(hanse_hasher_new(&hasher, NULL), HANSE_OK);
    reference_leaves(hasher, leaves, size);
    check_hash(&store, 0, 65535, &leaves[65535]);
    struct hanse_digest hash = reference_root(hasher, leaves + 255 * 256, 256);
    check_hash(&store, 1, 255, &hash);
    hash = reference_root(hasher, leaves, 65536);
    const struct hanse_tile top = {false, 2, 0, 1};
    assert_non_null(find(&store, &top));
    assert_memory_equal(find(&store, &top)->content, hash.bytes, 32);
    hanse_hasher_free(hasher);
    free(leaves);
}

/* A leaf hash that is handed over is that of the entry, or the root shows it. */
static void test_leaf_from_outside(void **state)
{
    (void)state;
    enum { ENTRIES = 300 };
    SCOPED_STORE computed = empty_store;
    struct hanse_digest expected = grow(&computed, 0, ENTRIES);
    struct hanse_hasher *hasher;
    assert_int_equal(hanse_hasher_new(&hasher, NULL), HANSE_OK);
    for (uint64_t wrong = ENTRIES - 1; wrong <= ENTRIES; wrong++) {
        SCOPED_STORE handed = empty_store;
        struct hanse_tile_builder *builder;
        struct hanse_digest root;
        assert_int_equal(hanse_tile_builder_new(0, read_store, &handed, &builder, NULL), HANSE_OK);
        for (uint64_t i = 0; i < ENTRIES; i++) {
            uint8_t entry[8];
            struct hanse_digest leaf;
            reference_entry(i, entry);
            hanse_merkle_leaf(hasher, hanse_bytes_of(entry, 8), &leaf);
            leaf.bytes[31] ^= i == wrong;
            assert_int_equal(hanse_tile_builder_append_hashed(builder, hanse_bytes_of(entry, 8), &leaf,
                                                              write_store, &handed, NULL),
                             HANSE_OK);
        }
        hanse_tile_builder_root(builder, &root);
        assert_int_equal(memcmp(&root, &expected, sizeof root) == 0, wrong == ENTRIES);
        hanse_tile_builder_free(builder);
    }
    hanse_hasher_free(hasher);
}

static void test_finish_twice_and_go_on(void **state)
{
    (void)state;
    SCOPED_STORE store = empty_store;
    struct hanse_tile_builder *builder;
    assert_int_equal(hanse_tile_builder_new(0, read_store, &store, &builder, NULL), HANSE_OK);
    assert_int_equal(hanse_tile_builder_finish(builder, write_store, &store, NULL), HANSE_OK);
    assert_int_equal(store.count, 0);
    struct hanse_bytes entry = hanse_bytes_of_text("entry");
    assert_int_equal(hanse_tile_builder_append(builder, entry, write_store, &store, NULL), HANSE_OK);
    assert_int_equal(hanse_tile_builder_finish(builder, write_store, &store, NULL), HANSE_OK);
    assert_int_equal(hanse_tile_builder_finish(builder, write_store, &store, NULL), HANSE_OK);
    assert_int_equal(store.count, 2);
    assert_int_equal(hanse_tile_builder_append(builder, entry, write_store, &store, NULL), HANSE_OK);
    assert_int_equal(hanse_tile_builder_finish(builder, write_store, &store, NULL), HANSE_OK);
    assert_int_equal(store.count, 4);
    hanse_tile_builder_free(builder);
    hanse_tile_builder_free(NULL);
}

static void test_changed_tiles_change_the_root(void **state)
{
    (void)state;
    SCOPED_STORE store = empty_store;
    (void)grow(&store, 0, 700);
    for (size_t i = 0; i < store.count; i++) {
        struct hanse_tile tile;
        assert_int_equal(hanse_tile_path_decode(hanse_bytes_of_text(store.files[i].path), &tile, NULL),
                         HANSE_OK);
        if (tile.is_bundle || tile.width == HANSE_TILE_WIDTH)
            continue;
        for (size_t at = 0; at < store.files[i].size; at += 17) {
            store.files[i].content[at] ^= 1;
            struct hanse_tile_builder *builder;
            struct hanse_digest root;
            struct hanse_digest expected = expected_root(700);
            assert_int_equal(hanse_tile_builder_new(700, read_store, &store, &builder, NULL), HANSE_OK);
            hanse_tile_builder_root(builder, &root);
            assert_false(hanse_digest_equal(&root, &expected));
            hanse_tile_builder_free(builder);
            store.files[i].content[at] ^= 1;
        }
    }
}

static void test_refused_edges(void **state)
{
    (void)state;
    struct hanse_error err;
    struct hanse_tile_builder *builder = NULL;
    SCOPED_STORE store = empty_store;
    (void)grow(&store, 0, 300);
    assert_failure(hanse_tile_builder_new(301, read_store, &store, &builder, &err), err, HANSE_NOT_FOUND,
                   HANSE_NO_OFFSET);
    for (size_t reads = 0; reads < 3; reads++) {
        store.fail_read_at = reads;
        assert_int_equal(hanse_tile_builder_new(300, read_store, &store, &builder, &err), HANSE_NOT_FOUND);
    }
    store.fail_read_at = SIZE_MAX;
    for (size_t i = 0; i < store.count; i++) {
        struct hanse_tile tile;
        assert_int_equal(hanse_tile_path_decode(hanse_bytes_of_text(store.files[i].path), &tile, NULL),
                         HANSE_OK);
        if (tile.width == HANSE_TILE_WIDTH)
            continue;
        store.files[i].size--;
        assert_int_equal(hanse_tile_builder_new(300, read_store, &store, &builder, &err), HANSE_MALFORMED);
        store.files[i].size++;
    }
    assert_failure(hanse_tile_builder_new(UINT64_C(1) << 63, read_store, &store, &builder, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_null(builder);
    static uint8_t large[65536];
    assert_int_equal(hanse_tile_builder_new(300, read_store, &store, &builder, NULL), HANSE_OK);
    assert_failure(
        hanse_tile_builder_append(builder, hanse_bytes_of(large, sizeof large), write_store, &store, &err),
        err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_int_equal(hanse_tile_builder_size(builder), 300);
    hanse_tile_builder_free(builder);
}

static void test_failing_writes(void **state)
{
    (void)state;
    for (size_t fail_at = 0; fail_at < 6; fail_at++) {
        SCOPED_STORE store = empty_store;
        struct hanse_tile_builder *builder;
        store.fail_write_at = fail_at;
        assert_int_equal(hanse_tile_builder_new(0, read_store, &store, &builder, NULL), HANSE_OK);
        enum hanse_status status = HANSE_OK;
        for (size_t i = 0; i < 300 && status == HANSE_OK; i++)
            status = hanse_tile_builder_append(builder, hanse_bytes_of_text("x"), write_store, &store, NULL);
        if (status == HANSE_OK)
            status = hanse_tile_builder_finish(builder, write_store, &store, NULL);
        assert_int_equal(status, fail_at < 5 ? HANSE_IO : HANSE_OK);
        hanse_tile_builder_free(builder);
    }
}

static enum hanse_status build_some(void *context)
{
    struct store *store = context;
    struct hanse_tile_builder *builder = NULL;
    enum hanse_status status = hanse_tile_builder_new(300, read_store, store, &builder, NULL);
    if (status == HANSE_OK)
        status = hanse_tile_builder_append(builder, hanse_bytes_of_text("x"), write_store, store, NULL);
    hanse_tile_builder_free(builder);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    SCOPED_STORE store = empty_store;
    (void)grow(&store, 0, 300);
    assert_true(anomaly_fail_each_allocation(build_some, &store) > 4);
}

static void read_file(struct hanse_buffer *out, const char *name)
{
    struct hanse_path path;
    assert_int_equal(hanse_path_format(&path, NULL, OTHER_LOG "/%s", name), HANSE_OK);
    assert_int_equal(hanse_file_read(path.text, out->max_bytes, out, NULL), HANSE_OK);
}

static enum hanse_status compare_other(void *context, const struct hanse_tile *tile,
                                       struct hanse_bytes content, struct hanse_error *err)
{
    (void)context;
    (void)err;
    char path[HANSE_TILE_PATH_BYTES];
    assert_int_equal(hanse_tile_path_encode(tile, path, NULL), HANSE_OK);
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    hanse_buffer_init(&file, 100000);
    read_file(&file, path);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&file), content));
    return HANSE_OK;
}

/* Verifies the other log's checkpoint of a size, and gives its root. */
static struct hanse_digest other_root(const char *name, uint64_t size)
{
    static struct hanse_note note;
    struct hanse_verifier_key key;
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    hanse_buffer_init(&file, 10000);
    read_file(&file, name);
    assert_int_equal(hanse_verifier_key_decode(hanse_bytes_of_text(OTHER_KEY), &key, NULL), HANSE_OK);
    assert_int_equal(hanse_note_decode(hanse_buffer_view(&file), &note, NULL), HANSE_OK);
    struct hanse_note_check check = {.key = &key, .required = true};
    struct hanse_checkpoint checkpoint;
    assert_int_equal(hanse_checkpoint_open(&note, hanse_bytes_of_text("example.com/log/testdata"), &check, 1,
                                           &checkpoint, NULL),
                     HANSE_OK);
    assert_int_equal(checkpoint.size, size);
    return checkpoint.root;
}

/* Its entries give, at each size, its tiles, bundles and signed roots. */
static void test_log_of_another_implementation(void **state)
{
    (void)state;
    if (!hanse_file_exists(OTHER_LOG "/checkpoint")) {
        print_message("skipped: the log in \"" OTHER_LOG "\" is not here\n");
        skip();
    }
    SCOPED_STORE store = empty_store;
    HANSE_SCOPED_BUFFER struct hanse_buffer bundle;
    hanse_buffer_init(&bundle, 100000);
    read_file(&bundle, "tile/entries/000.p/15");
    struct hanse_reader reader = hanse_reader_of(hanse_buffer_view(&bundle));
    struct hanse_tile_builder *builder;
    assert_int_equal(hanse_tile_builder_new(0, read_store, &store, &builder, NULL), HANSE_OK);
    for (uint64_t size = 0; size <= 15; size++) {
        struct hanse_bytes entry;
        char name[32];
        if (size > 0) {
            assert_int_equal(hanse_bundle_next(&reader, &entry, NULL), HANSE_OK);
            assert_int_equal(hanse_tile_builder_append(builder, entry, compare_other, NULL, NULL), HANSE_OK);
        }
        assert_int_equal(hanse_tile_builder_finish(builder, compare_other, NULL, NULL), HANSE_OK);
        (void)snprintf(name, sizeof name, "checkpoint.%u", (unsigned)size);
        struct hanse_digest expected = other_root(name, size);
        struct hanse_digest root;
        hanse_tile_builder_root(builder, &root);
        assert_true(hanse_digest_equal(&root, &expected));
    }
    assert_int_equal(hanse_bundle_next(&reader, &(struct hanse_bytes){0}, NULL), HANSE_NOT_FOUND);
    (void)other_root("checkpoint", 15);
    hanse_tile_builder_free(builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_give_what_one_go_gives),
        cmocka_unit_test(test_levels_above_zero),
        cmocka_unit_test(test_leaf_from_outside),
        cmocka_unit_test(test_finish_twice_and_go_on),
        cmocka_unit_test(test_changed_tiles_change_the_root),
        cmocka_unit_test(test_refused_edges),
        cmocka_unit_test(test_failing_writes),
        cmocka_unit_test(test_failing_allocations),
        cmocka_unit_test(test_log_of_another_implementation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
