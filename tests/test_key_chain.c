/* SPDX-License-Identifier: Apache-2.0 */
/* Chains of key changes: valid ones from any known key, and each way to forge a link. */
#include "feed_support.h"

#include "feed/entry.h"
#include "feed/key_chain.h"
#include "log/checkpoint.h"
#include "log/merkle.h"
#include "log/proof.h"
#include "wire/manifest.h"

#define ORIGIN "city.example/hanse"

enum { KEYS = 5, SIZE = 20 };

static struct hanse_signing_key *keys[KEYS];
static uint8_t material[KEYS][33];

/* A log whose entries at 0, 4, 9 and 15 name the keys 0, 1, 2 and 3; the others are nothing in particular. */
static struct hanse_buffer entries[SIZE];
static struct hanse_digest leaves[SIZE];

static size_t key_of_index(size_t index)
{
    return index == 0 ? 0 : index == 4 ? 1 : index == 9 ? 2 : index == 15 ? 3 : KEYS;
}

static void make_entry(struct hanse_buffer *out, struct hanse_header header)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 4096);
    struct hanse_entry entry;
    const struct hanse_digest nothing = hanse_merkle_empty_root();
    must(hanse_header_encode(&header, &bytes, NULL));
    memcpy(entry.commitment, nothing.bytes, 32);
    entry.header = hanse_buffer_view(&bytes);
    hanse_buffer_clear(out);
    must(hanse_entry_encode(&entry, out, NULL));
}

static struct hanse_header key_header(const uint8_t key[33])
{
    return (struct hanse_header){.operation = HANSE_OPERATION_KEY,
                                 .published_unix_s = SUPPORT_TIME,
                                 .verifier_key = hanse_bytes_of(key, 33)};
}

static struct hanse_header withdraw_header(void)
{
    return (struct hanse_header){.operation = HANSE_OPERATION_WITHDRAW,
                                 .record_id = hanse_bytes_of(support_id, 16),
                                 .published_unix_s = SUPPORT_TIME,
                                 .reason = 1};
}

static void hash_entries(void)
{
    struct hanse_hasher *hasher;
    must(hanse_hasher_new(&hasher, NULL));
    for (size_t i = 0; i < SIZE; i++)
        hanse_merkle_leaf(hasher, hanse_buffer_view(&entries[i]), &leaves[i]);
    hanse_hasher_free(hasher);
}

static int make_log(void **state)
{
    (void)state;
    for (size_t i = 0; i < KEYS; i++) {
        const uint8_t seed[HANSE_SEED_BYTES] = {(uint8_t)(i + 1), 9};
        must(hanse_signing_key_from_seed(seed, &keys[i], NULL));
        material[i][0] = 1;
        hanse_signing_key_public(keys[i], material[i] + 1);
    }
    for (size_t i = 0; i < SIZE; i++) {
        hanse_buffer_init(&entries[i], 4096);
        size_t key = key_of_index(i);
        make_entry(&entries[i], key < KEYS ? key_header(material[key]) : withdraw_header());
    }
    hash_entries();
    return 0;
}

static int free_log(void **state)
{
    (void)state;
    for (size_t i = 0; i < KEYS; i++)
        hanse_signing_key_free(keys[i]);
    for (size_t i = 0; i < SIZE; i++)
        hanse_buffer_release(&entries[i]);
    return 0;
}

static enum hanse_status fetch_subtree(void *context, unsigned level, uint64_t index,
                                       struct hanse_digest *out, struct hanse_error *err)
{
    (void)err;
    if (level == 0) {
        *out = leaves[index];
        return HANSE_OK;
    }
    struct hanse_digest left;
    struct hanse_digest right;
    must(fetch_subtree(context, level - 1, 2 * index, &left, NULL));
    must(fetch_subtree(context, level - 1, 2 * index + 1, &right, NULL));
    hanse_merkle_node(context, &left, &right, out);
    return HANSE_OK;
}

/* What a link is made of; the changes of a test are made to a good one. */
struct link {
    const char *origin;
    uint64_t index; /* that it says */
    uint64_t size;  /* of its checkpoint */
    size_t leaf;    /* whose entry and proof it has */
    size_t signers[2];
    size_t signer_count;
    int root_flip;
    int proof_flip;
    int signature_flip;
};

static struct link good_link(uint64_t index)
{
    size_t key = key_of_index(index);
    return (struct link){.origin = ORIGIN,
                         .index = index,
                         .size = index + 1,
                         .leaf = index,
                         .signers = {key - 1, key},
                         .signer_count = 2};
}

static void make_note(const struct link *link, const struct hanse_digest *root, struct hanse_buffer *out)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, 4096);
    struct hanse_bytes origin = hanse_bytes_of_text(link->origin);
    const struct hanse_checkpoint checkpoint = {.origin = origin, .size = link->size, .root = *root};
    must(hanse_checkpoint_encode(&checkpoint, &text, NULL));
    struct hanse_signer signers[2];
    for (size_t i = 0; i < link->signer_count; i++)
        must(hanse_signer_init(origin, HANSE_KEY_ED25519, keys[link->signers[i]], &signers[i], NULL));
    must(hanse_note_sign(hanse_buffer_view(&text), signers, link->signer_count, out, NULL));
    /* The last characters of a line are its signature's: this breaks that of the last signer. */
    if (link->signature_flip != 0)
        out->data[out->size - 10] = out->data[out->size - 10] == 'A' ? 'B' : 'A';
}

static void make_link(const struct link *link, struct hanse_buffer *out)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer note;
    hanse_buffer_init(&note, 1 << 16);
    struct hanse_hasher *hasher;
    struct hanse_digest root;
    struct hanse_proof proof;
    struct hanse_bytes hashes[HANSE_MAX_PROOF_HASHES];
    must(hanse_hasher_new(&hasher, NULL));
    must(hanse_proof_make_root(hasher, link->size, fetch_subtree, hasher, &root, NULL));
    uint64_t proven = link->leaf < link->size ? link->leaf : link->size - 1;
    must(hanse_proof_make_inclusion(hasher, proven, link->size, fetch_subtree, hasher, &proof, NULL));
    hanse_hasher_free(hasher);
    root.bytes[0] ^= (uint8_t)link->root_flip;
    proof.hashes[0].bytes[5] ^= (uint8_t)link->proof_flip;
    for (size_t i = 0; i < proof.count; i++)
        hashes[i] = hanse_digest_view(&proof.hashes[i]);
    make_note(link, &root, &note);
    const struct hanse_key_change change = {.index = link->index,
                                            .entry = hanse_buffer_view(&entries[link->leaf]),
                                            .checkpoint = hanse_buffer_view(&note),
                                            .proof = hashes,
                                            .proof_count = proof.count};
    hanse_buffer_clear(out);
    must(hanse_key_change_encode(&change, out, NULL));
}

static enum hanse_status extend(struct hanse_key_chain *chain, const struct link *link,
                                struct hanse_error *err)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    hanse_buffer_init(&file, 1 << 20);
    make_link(link, &file);
    return hanse_key_chain_extend(chain, hanse_buffer_view(&file), err);
}

static void test_whole_chain(void **state)
{
    (void)state;
    const uint64_t indices[] = {4, 9, 15};
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, ORIGIN, material[0]);
    assert_true(chain.key_index == UINT64_MAX);
    assert_false(chain.joined);
    for (size_t i = 0; i < 3; i++) {
        struct link link = good_link(indices[i]);
        must(extend(&chain, &link, NULL));
        assert_true(chain.joined);
        assert_int_equal(chain.key_index, indices[i]);
        assert_memory_equal(chain.key, material[i + 1], 33);
    }
}

/* Whoever knows a later key passes over what comes before it, and begins with the link that names it. */
static void test_joined_in_the_middle(void **state)
{
    (void)state;
    struct hanse_key_chain chain;
    struct link first = good_link(4);
    struct link second = good_link(9);
    struct link third = good_link(15);
    hanse_key_chain_init(&chain, ORIGIN, material[2]);
    must(extend(&chain, &first, NULL));
    assert_false(chain.joined);
    assert_memory_equal(chain.key, material[2], 33);
    assert_true(chain.key_index == UINT64_MAX);
    must(extend(&chain, &second, NULL));
    assert_true(chain.joined);
    assert_int_equal(chain.key_index, 9);
    assert_memory_equal(chain.key, material[2], 33);
    must(extend(&chain, &third, NULL));
    assert_memory_equal(chain.key, material[3], 33);
    /* A key that never signed anything joins nowhere. */
    hanse_key_chain_init(&chain, ORIGIN, material[4]);
    must(extend(&chain, &first, NULL));
    must(extend(&chain, &second, NULL));
    must(extend(&chain, &third, NULL));
    assert_false(chain.joined);
    assert_memory_equal(chain.key, material[4], 33);
}

static void expect(const char *what, const struct link *before, const struct link *link,
                   enum hanse_status status)
{
    struct hanse_key_chain chain;
    struct hanse_error err = {.message = ""};
    hanse_key_chain_init(&chain, ORIGIN, material[before != NULL ? before->signers[0] : link->signers[0]]);
    if (before != NULL)
        must(extend(&chain, before, NULL));
    struct hanse_key_chain untouched = chain;
    enum hanse_status got = extend(&chain, link, &err);
    if (got != status)
        fail_msg("%s: %d instead of %d (%s)", what, got, status, err.message);
    assert_memory_equal(chain.key, untouched.key, 33);
    assert_int_equal(chain.key_index, untouched.key_index);
    assert_int_equal(chain.joined, untouched.joined);
}

static void test_forged_links(void **state)
{
    (void)state;
    const struct link before = good_link(4);
    struct link link;
#define FORGE(status, what, ...)                                                                             \
    link = good_link(9);                                                                                     \
    __VA_ARGS__;                                                                                             \
    expect(what, &before, &link, status)
    FORGE(HANSE_BAD_SIGNATURE, "only the new key", link.signers[0] = 2; link.signer_count = 1);
    FORGE(HANSE_BAD_SIGNATURE, "only the old key", link.signer_count = 1);
    FORGE(HANSE_BAD_SIGNATURE, "another key for the old one", link.signers[0] = 4);
    FORGE(HANSE_BAD_SIGNATURE, "another key for the new one", link.signers[1] = 4);
    FORGE(HANSE_BAD_SIGNATURE, "the key before the old one", link.signers[0] = 0);
    FORGE(HANSE_BAD_SIGNATURE, "wrong new signature", link.signature_flip = 1);
    FORGE(HANSE_BAD_SIGNATURE, "wrong old signature", link.signature_flip = 1; link.signers[0] = 2;
          link.signers[1] = 1);
    FORGE(HANSE_BAD_SIGNATURE, "another origin", link.origin = "other.example/hanse");
    FORGE(HANSE_MISMATCH, "another root", link.root_flip = 1);
    FORGE(HANSE_MISMATCH, "wrong proof", link.proof_flip = 1);
    FORGE(HANSE_MALFORMED, "a larger checkpoint", link.size = 11);
    FORGE(HANSE_MALFORMED, "a smaller checkpoint", link.size = 9);
    FORGE(HANSE_MALFORMED, "another index", link.index = 10);
    FORGE(HANSE_MALFORMED, "an index that cannot be", link.index = INT64_MAX);
    FORGE(HANSE_MALFORMED, "no KEY entry", link.index = 10; link.leaf = 10; link.size = 11);
    FORGE(HANSE_BAD_SIGNATURE, "the entry of another key", link.leaf = 15);
    FORGE(HANSE_MISMATCH, "an entry from elsewhere", link.leaf = 15; link.signers[1] = 3);
    link = good_link(4);
    link.signers[0] = 1; /* signed by the current key, so it is no link to pass over */
    link.signer_count = 1;
    expect("the same link again", &before, &link, HANSE_MALFORMED);
    link = good_link(9);
    link.index = 0;
    link.leaf = 0;
    link.size = 1;
    link.signers[0] = 1;
    link.signer_count = 1;
    expect("entry 0", &before, &link, HANSE_MALFORMED);
    link.signers[0] = 0;
    expect("entry 0 as the first link", NULL, &link, HANSE_MALFORMED);
}

/* A link whose signature of the known key is wrong is not passed over. */
static void test_wrong_signature_does_not_pass(void **state)
{
    (void)state;
    struct hanse_key_chain chain;
    struct link link = good_link(4);
    link.signers[0] = 1;
    link.signers[1] = 0;
    link.signature_flip = 1;
    hanse_key_chain_init(&chain, ORIGIN, material[0]);
    assert_int_equal(extend(&chain, &link, NULL), HANSE_BAD_SIGNATURE);
    assert_false(chain.joined);
}

static void test_broken_files(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    hanse_buffer_init(&file, 1 << 20);
    struct link link = good_link(4);
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, ORIGIN, material[0]);
    make_link(&link, &file);
    for (size_t size = 0; size < file.size; size++) {
        enum hanse_status status = hanse_key_chain_extend(&chain, hanse_bytes_of(file.data, size), NULL);
        assert_true(status != HANSE_OK || !chain.joined);
        assert_memory_equal(chain.key, material[0], 33);
    }
    for (size_t bit = 0; bit < 8 * file.size; bit += 5) {
        file.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        (void)!hanse_key_chain_extend(&chain, hanse_buffer_view(&file), NULL);
        /* Nothing but what was signed is believed; a line that names an unknown key is one to pass over. */
        assert_memory_equal(chain.key, material[0], 33);
        file.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    static uint8_t big[HANSE_MAX_KEY_CHANGE_BYTES + 1];
    assert_int_equal(hanse_key_chain_extend(&chain, hanse_bytes_of(big, sizeof big), NULL), HANSE_LIMIT);
    must(hanse_key_chain_extend(&chain, hanse_buffer_view(&file), NULL));
    assert_memory_equal(chain.key, material[1], 33);
}

static enum hanse_status extend_once(void *context)
{
    const struct hanse_buffer *file = context;
    struct hanse_key_chain chain;
    hanse_key_chain_init(&chain, ORIGIN, material[0]);
    enum hanse_status status = hanse_key_chain_extend(&chain, hanse_buffer_view(file), NULL);
    assert_int_equal(chain.joined, status == HANSE_OK);
    return status;
}

static void test_failing_allocations(void **state)
{
    (void)state;
    HANSE_SCOPED_BUFFER struct hanse_buffer file;
    hanse_buffer_init(&file, 1 << 20);
    struct link link = good_link(4);
    make_link(&link, &file);
    fail_each_allocation(extend_once, &file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_chain),  cmocka_unit_test(test_joined_in_the_middle),
        cmocka_unit_test(test_forged_links), cmocka_unit_test(test_wrong_signature_does_not_pass),
        cmocka_unit_test(test_broken_files), cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, make_log, free_log);
}
