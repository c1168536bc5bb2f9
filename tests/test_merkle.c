/* SPDX-License-Identifier: Apache-2.0 */
/* Tree hashes and the frontier against known answers and the definition. */
#include "anomaly.h"

#include "base/text.h"
#include "merkle_reference.h"

enum { LEAVES = 300 };

static struct hanse_hasher *hasher;
static struct hanse_digest leaves[LEAVES];

static int setup(void **state)
{
    (void)state;
    if (hanse_hasher_new(&hasher, NULL) != HANSE_OK)
        return -1;
    reference_leaves(hasher, leaves, LEAVES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    hanse_hasher_free(hasher);
    return 0;
}

/* The eight inputs and roots that implementations of RFC 6962 share. */
static void test_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *leaf;
        size_t size;
        const char *root;
    } known[] = {
        {"", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\x00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"\x30\x31", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"\x40\x41\x42\x43", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"\x50\x51\x52\x53\x54\x55\x56\x57", 8,
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
    };
    struct hanse_frontier frontier = {.size = 0};
    struct hanse_digest root;
    struct hanse_digest expected;
    hanse_frontier_root(&frontier, hasher, &root);
    assert_int_equal(hanse_digest_compute(hanse_bytes_of(NULL, 0), &expected, NULL), HANSE_OK);
    assert_true(hanse_digest_equal(&root, &expected));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct hanse_digest leaf;
        hanse_merkle_leaf(hasher, hanse_bytes_of(known[i].leaf, known[i].size), &leaf);
        assert_int_equal(hanse_frontier_append(&frontier, hasher, &leaf, NULL), HANSE_OK);
        hanse_frontier_root(&frontier, hasher, &root);
        char text[2 * HANSE_DIGEST_BYTES + 1];
        hanse_hex_encode(hanse_digest_view(&root), text);
        assert_string_equal(text, known[i].root);
    }
}

static void test_roots_of_all_sizes(void **state)
{
    (void)state;
    struct hanse_frontier frontier = {.size = 0};
    for (uint64_t size = 1; size <= LEAVES; size++) {
        struct hanse_digest root;
        assert_int_equal(hanse_frontier_append(&frontier, hasher, &leaves[size - 1], NULL), HANSE_OK);
        assert_int_equal(frontier.size, size);
        hanse_frontier_root(&frontier, hasher, &root);
        struct hanse_digest expected = reference_root(hasher, leaves, size);
        assert_true(hanse_digest_equal(&root, &expected));
        HANSE_SCOPED_BUFFER struct hanse_buffer stored;
        hanse_buffer_init(&stored, 8 + 63 * 32);
        assert_int_equal(hanse_frontier_encode(&frontier, &stored, NULL), HANSE_OK);
        assert_int_equal(stored.size, 8 + 32 * (size_t)__builtin_popcountll(size));
        struct hanse_frontier back;
        assert_int_equal(hanse_frontier_decode(hanse_buffer_view(&stored), &back, NULL), HANSE_OK);
        hanse_frontier_root(&back, hasher, &root);
        assert_true(hanse_digest_equal(&root, &expected));
    }
}

struct visits {
    uint64_t count;
    uint64_t fail_at;
};

static enum hanse_status visit(void *context, unsigned level, uint64_t index, const struct hanse_digest *hash,
                               struct hanse_error *err)
{
    (void)err;
    struct visits *visits = context;
    if (visits->count == visits->fail_at)
        return HANSE_CANCELLED;
    visits->count++;
    struct hanse_digest expected = reference_root(hasher, leaves + (index << level), UINT64_C(1) << level);
    assert_true(hanse_digest_equal(hash, &expected));
    return HANSE_OK;
}

static void test_visitor_sees_each_subtree_once(void **state)
{
    (void)state;
    struct hanse_frontier frontier = {.size = 0};
    struct visits visits = {.fail_at = UINT64_MAX};
    for (uint64_t i = 0; i < 256; i++)
        assert_int_equal(hanse_frontier_append_visited(&frontier, hasher, &leaves[i], visit, &visits, NULL),
                         HANSE_OK);
    assert_int_equal(visits.count, 511);
}

static void test_failing_visitor_changes_nothing(void **state)
{
    (void)state;
    struct hanse_frontier frontier = {.size = 0};
    for (uint64_t i = 0; i < 7; i++)
        assert_int_equal(hanse_frontier_append(&frontier, hasher, &leaves[i], NULL), HANSE_OK);
    for (uint64_t fail_at = 0; fail_at < 4; fail_at++) {
        struct hanse_frontier before = frontier;
        struct visits visits = {.fail_at = fail_at};
        assert_int_equal(hanse_frontier_append_visited(&frontier, hasher, &leaves[7], visit, &visits, NULL),
                         HANSE_CANCELLED);
        assert_memory_equal(&frontier, &before, sizeof before);
    }
}

static void test_limits_and_stored_forms(void **state)
{
    (void)state;
    struct hanse_error err;
    static struct hanse_frontier full = {.size = INT64_MAX};
    assert_failure(hanse_frontier_append(&full, hasher, &leaves[0], &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_int_equal(full.size, INT64_MAX);
    uint8_t stored[8 + 64] = {[7] = 2};
    struct hanse_frontier frontier = {.size = 77};
    assert_int_equal(hanse_frontier_decode(hanse_bytes_of(stored, 40), &frontier, NULL), HANSE_OK);
    frontier.size = 77;
    assert_failure(hanse_frontier_decode(hanse_bytes_of(stored, 39), &frontier, &err), err, HANSE_MALFORMED,
                   8);
    assert_failure(hanse_frontier_decode(hanse_bytes_of(stored, 41), &frontier, &err), err, HANSE_MALFORMED,
                   40);
    assert_failure(hanse_frontier_decode(hanse_bytes_of(stored, 7), &frontier, &err), err, HANSE_MALFORMED,
                   0);
    stored[0] = 0x80;
    assert_failure(hanse_frontier_decode(hanse_bytes_of(stored, 72), &frontier, &err), err, HANSE_MALFORMED,
                   0);
    assert_int_equal(frontier.size, 77);
    frontier.size = 3;
    HANSE_SCOPED_BUFFER struct hanse_buffer small;
    hanse_buffer_init(&small, 71);
    assert_failure(hanse_frontier_encode(&frontier, &small, &err), err, HANSE_LIMIT, HANSE_NO_OFFSET);
    assert_int_equal(small.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_roots_of_all_sizes),
        cmocka_unit_test(test_visitor_sees_each_subtree_once),
        cmocka_unit_test(test_failing_visitor_changes_nothing),
        cmocka_unit_test(test_limits_and_stored_forms),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
