/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs: made and verified for every pair of small sizes, broken in every way, and the vectors of others. */
#include "anomaly.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"
#include "log/proof.h"
#include "merkle_reference.h"

#define VECTORS "../shared/vectors"

enum { LEAVES = 70 };

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

/* Gives perfect subtrees of a tree of *context leaves, and asserts that no other is asked for. */
static enum hanse_status fetch(void *context, unsigned level, uint64_t index, struct hanse_digest *out,
                               struct hanse_error *err)
{
    const uint64_t *size = context;
    if (*size == 0)
        return hanse_fail(err, HANSE_IO, "no tiles");
    assert_true((index + 1) << level <= *size);
    *out = reference_root(hasher, leaves + (index << level), UINT64_C(1) << level);
    return HANSE_OK;
}

static struct hanse_digest root_of(uint64_t size)
{
    return size > 0 ? reference_root(hasher, leaves, size) : hanse_merkle_empty_root();
}

/* Each way to break a proof that is good: none may pass. */
static void check_broken_inclusion(uint64_t index, uint64_t size, const struct hanse_proof *good)
{
    struct hanse_digest root = root_of(size);
    struct hanse_proof bad = *good;
    for (size_t i = 0; i < good->count; i++) {
        bad.hashes[i].bytes[i % 32] ^= 1;
        assert_int_equal(hanse_proof_verify_inclusion(hasher, index, size, &leaves[index], &bad, &root, NULL),
                         HANSE_MISMATCH);
        bad.hashes[i].bytes[i % 32] ^= 1;
    }
    if (good->count > 0) {
        bad.count--;
        assert_int_equal(hanse_proof_verify_inclusion(hasher, index, size, &leaves[index], &bad, &root, NULL),
                         HANSE_MALFORMED);
        bad.count++;
    }
    bad.hashes[bad.count++] = root;
    assert_int_equal(hanse_proof_verify_inclusion(hasher, index, size, &leaves[index], &bad, &root, NULL),
                     HANSE_MALFORMED);
    uint64_t other = (index + 1) % size;
    if (size > 1)
        assert_int_not_equal(
            hanse_proof_verify_inclusion(hasher, other, size, &leaves[index], good, &root, NULL), HANSE_OK);
    root.bytes[31] ^= 1;
    assert_int_equal(hanse_proof_verify_inclusion(hasher, index, size, &leaves[index], good, &root, NULL),
                     HANSE_MISMATCH);
}

static void test_inclusion_of_every_leaf(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= LEAVES; size++)
        for (uint64_t index = 0; index < size; index++) {
            struct hanse_proof proof;
            struct hanse_digest root = root_of(size);
            assert_int_equal(hanse_proof_make_inclusion(hasher, index, size, fetch, &size, &proof, NULL),
                             HANSE_OK);
            assert_int_equal(
                hanse_proof_verify_inclusion(hasher, index, size, &leaves[index], &proof, &root, NULL),
                HANSE_OK);
            check_broken_inclusion(index, size, &proof);
        }
}

static void check_broken_consistency(uint64_t old_size, uint64_t size, const struct hanse_proof *good)
{
    struct hanse_digest old_root = root_of(old_size);
    struct hanse_digest root = root_of(size);
    struct hanse_proof bad = *good;
    for (size_t i = 0; i < good->count; i++) {
        bad.hashes[i].bytes[i % 32] ^= 1;
        assert_int_equal(hanse_proof_verify_consistency(hasher, old_size, &old_root, size, &root, &bad, NULL),
                         HANSE_MISMATCH);
        bad.hashes[i].bytes[i % 32] ^= 1;
    }
    bad.hashes[bad.count++] = root;
    assert_int_equal(hanse_proof_verify_consistency(hasher, old_size, &old_root, size, &root, &bad, NULL),
                     HANSE_MALFORMED);
    if (good->count > 0) {
        bad.count = good->count - 1;
        assert_int_equal(hanse_proof_verify_consistency(hasher, old_size, &old_root, size, &root, &bad, NULL),
                         HANSE_MALFORMED);
    }
    old_root.bytes[0] ^= 1;
    assert_int_equal(hanse_proof_verify_consistency(hasher, old_size, &old_root, size, &root, good, NULL),
                     HANSE_MISMATCH);
    old_root.bytes[0] ^= 1;
    root.bytes[0] ^= 1;
    if (old_size > 0 || size == 0)
        assert_int_equal(hanse_proof_verify_consistency(hasher, old_size, &old_root, size, &root, good, NULL),
                         HANSE_MISMATCH);
}

static void test_consistency_of_every_pair(void **state)
{
    (void)state;
    for (uint64_t size = 0; size <= LEAVES; size++)
        for (uint64_t old_size = 0; old_size <= size; old_size++) {
            struct hanse_proof proof;
            struct hanse_digest old_root = root_of(old_size);
            struct hanse_digest root = root_of(size);
            assert_int_equal(hanse_proof_make_consistency(hasher, old_size, size, fetch, &size, &proof, NULL),
                             HANSE_OK);
            assert_int_equal(
                hanse_proof_verify_consistency(hasher, old_size, &old_root, size, &root, &proof, NULL),
                HANSE_OK);
            check_broken_consistency(old_size, size, &proof);
        }
}

static void test_roots(void **state)
{
    (void)state;
    for (uint64_t size = 0; size <= LEAVES; size++) {
        struct hanse_digest root;
        struct hanse_digest expected = root_of(size);
        assert_int_equal(hanse_proof_make_root(hasher, size, fetch, &size, &root, NULL), HANSE_OK);
        assert_true(hanse_digest_equal(&root, &expected));
    }
}

static void test_refused_sizes(void **state)
{
    (void)state;
    struct hanse_error err;
    struct hanse_proof proof = {.count = 0};
    struct hanse_digest root = root_of(1);
    uint64_t nothing = 0;
    const uint64_t large = UINT64_C(1) << 63;
    assert_failure(hanse_proof_verify_inclusion(hasher, 1, 1, &root, &proof, &root, &err), err,
                   HANSE_MALFORMED, HANSE_NO_OFFSET);
    assert_failure(hanse_proof_verify_inclusion(hasher, 0, 0, &root, &proof, &root, &err), err,
                   HANSE_MALFORMED, HANSE_NO_OFFSET);
    assert_failure(hanse_proof_verify_inclusion(hasher, 0, large, &root, &proof, &root, &err), err,
                   HANSE_MALFORMED, HANSE_NO_OFFSET);
    assert_failure(hanse_proof_verify_consistency(hasher, 2, &root, 1, &root, &proof, &err), err,
                   HANSE_MALFORMED, HANSE_NO_OFFSET);
    assert_failure(hanse_proof_verify_consistency(hasher, large, &root, large, &root, &proof, &err), err,
                   HANSE_MALFORMED, HANSE_NO_OFFSET);
    proof.count = 5;
    assert_failure(hanse_proof_make_inclusion(hasher, 3, 3, fetch, &nothing, &proof, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_failure(hanse_proof_make_consistency(hasher, 4, 3, fetch, &nothing, &proof, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_failure(hanse_proof_make_root(hasher, large, fetch, &nothing, &root, &err), err,
                   HANSE_INVALID_ARGUMENT, HANSE_NO_OFFSET);
    assert_failure(hanse_proof_make_inclusion(hasher, 2, 3, fetch, &nothing, &proof, &err), err, HANSE_IO,
                   HANSE_NO_OFFSET);
    assert_failure(hanse_proof_make_consistency(hasher, 2, 3, fetch, &nothing, &proof, &err), err, HANSE_IO,
                   HANSE_NO_OFFSET);
    assert_failure(hanse_proof_make_root(hasher, 3, fetch, &nothing, &root, &err), err, HANSE_IO,
                   HANSE_NO_OFFSET);
    assert_int_equal(proof.count, 5);
}

/* The largest tree: a proof has up to 63 hashes, and all of them are used. */
static void test_largest_tree(void **state)
{
    (void)state;
    struct hanse_proof proof = {.count = HANSE_MAX_PROOF_HASHES};
    struct hanse_digest root = root_of(1);
    assert_int_equal(hanse_proof_verify_inclusion(hasher, 0, INT64_MAX, &root, &proof, &root, NULL),
                     HANSE_MISMATCH);
    proof.count--;
    assert_int_equal(hanse_proof_verify_inclusion(hasher, 0, INT64_MAX, &root, &proof, &root, NULL),
                     HANSE_MALFORMED);
    assert_int_equal(
        hanse_proof_verify_inclusion(hasher, INT64_MAX - 1, INT64_MAX, &root, &proof, &root, NULL),
        HANSE_MISMATCH);
}

/* Vectors of others: any hash that is not 32 bytes makes the case malformed before a proof is looked at. */
static bool digest_from_json(const json_t *value, struct hanse_digest *out)
{
    const char *text = json_string_value(value);
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 1000);
    return text != NULL && hanse_base64_decode(hanse_bytes_of_text(text), &bytes, NULL) == HANSE_OK &&
           hanse_digest_from_bytes(hanse_buffer_view(&bytes), out);
}

static bool proof_from_json(const json_t *value, struct hanse_proof *out)
{
    out->count = json_array_size(value);
    if (out->count > HANSE_MAX_PROOF_HASHES)
        return false;
    for (size_t i = 0; i < out->count; i++)
        if (!digest_from_json(json_array_get(value, i), &out->hashes[i]))
            return false;
    return true;
}

/* Numbers are read as reals, since some are 2^64 - 1, which jansson does not take as an integer. */
static uint64_t number(const json_t *object, const char *name)
{
    double value = json_real_value(json_object_get(object, name));
    return value < 9e18 ? (uint64_t)value : UINT64_MAX;
}

static enum hanse_status judge_case(const json_t *object)
{
    struct hanse_proof proof;
    struct hanse_digest first;
    struct hanse_digest second;
    bool inclusion = json_object_get(object, "leafIdx") != NULL;
    if (!digest_from_json(json_object_get(object, inclusion ? "leafHash" : "root1"), &first) ||
        !digest_from_json(json_object_get(object, inclusion ? "root" : "root2"), &second) ||
        !proof_from_json(json_object_get(object, "proof"), &proof))
        return HANSE_MALFORMED;
    if (inclusion)
        return hanse_proof_verify_inclusion(hasher, number(object, "leafIdx"), number(object, "treeSize"),
                                            &first, &proof, &second, NULL);
    return hanse_proof_verify_consistency(hasher, number(object, "size1"), &first, number(object, "size2"),
                                          &second, &proof, NULL);
}

struct counts {
    unsigned good;
    unsigned bad;
    unsigned odd; /* called good, though its roots are no hashes */
};

static void judge_file(const char *path, struct counts *counts)
{
    json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, NULL);
    assert_non_null(object);
    bool must_fail = json_is_true(json_object_get(object, "wantErr"));
    enum hanse_status status = judge_case(object);
    struct hanse_digest root;
    bool odd = !must_fail && json_object_get(object, "root1") != NULL &&
               !digest_from_json(json_object_get(object, "root1"), &root);
    if (must_fail ? status == HANSE_OK : status != (odd ? HANSE_MALFORMED : HANSE_OK))
        fail_msg("\"%s\" gives %s", path, hanse_status_name(status));
    counts->odd += odd;
    counts->bad += must_fail;
    counts->good += !must_fail && !odd;
    json_decref(object);
}

static void judge_folder(const char *folder, struct counts *counts)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[1024];
        struct stat found;
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        assert_int_equal(stat(path, &found), 0);
        if (S_ISDIR(found.st_mode))
            judge_folder(path, counts);
        else
            judge_file(path, counts);
    }
    (void)closedir(dir);
}

static void test_vectors_of_others(void **state)
{
    (void)state;
    struct stat found;
    if (stat(VECTORS "/inclusion", &found) != 0) {
        print_message("skipped: the vectors in \"" VECTORS "\" are not here\n");
        skip();
    }
    struct counts inclusion = {0};
    judge_folder(VECTORS "/inclusion", &inclusion);
    assert_int_equal(inclusion.good, 6);
    assert_true(inclusion.bad > 80);
    assert_int_equal(inclusion.odd, 0);
    struct counts consistency = {0};
    judge_folder(VECTORS "/consistency", &consistency);
    assert_int_equal(consistency.good, 5);
    assert_true(consistency.bad > 80);
    assert_int_equal(consistency.odd, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inclusion_of_every_leaf),
        cmocka_unit_test(test_consistency_of_every_pair),
        cmocka_unit_test(test_roots),
        cmocka_unit_test(test_refused_sizes),
        cmocka_unit_test(test_largest_tree),
        cmocka_unit_test(test_vectors_of_others),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
