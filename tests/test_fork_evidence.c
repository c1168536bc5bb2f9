/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence of a fork: its text, and what it proves and does not prove. */
#include <stdio.h>

#include "feed_support.h"

#include "base/error.h"
#include "log/checkpoint.h"
#include "log/fork_evidence.h"
#include "log/tile_hash.h"

#define NAME "city.example/hanse"
enum { LEAVES = 700, FORKED_AT = 300 };

/* Two trees with the same first FORKED_AT leaves, all their tiles in memory. */
struct tree {
    struct hanse_tile_builder *builder;
    struct hanse_frontier at[LEAVES + 1];
    struct {
        struct hanse_tile tile;
        struct hanse_buffer content;
    } tiles[64];
    size_t tile_count;
};

static struct tree honest;
static struct tree forked;
static struct hanse_hasher *hasher;
static struct hanse_signing_key *signing_key;
static struct hanse_signer signer;
static struct hanse_signing_key *strange_key;
static struct hanse_signer stranger;

static enum hanse_status keep_tile(void *context, const struct hanse_tile *tile, struct hanse_bytes content,
                                   struct hanse_error *err)
{
    struct tree *tree = context;
    if (tile->is_bundle)
        return HANSE_OK;
    assert_true(tree->tile_count < 64);
    tree->tiles[tree->tile_count].tile = *tile;
    hanse_buffer_init(&tree->tiles[tree->tile_count].content, 8192);
    return hanse_buffer_append(&tree->tiles[tree->tile_count++].content, content, err);
}

static enum hanse_status read_tile(void *context, const struct hanse_tile *tile, struct hanse_buffer *out,
                                   struct hanse_error *err)
{
    const struct tree *tree = context;
    for (size_t i = 0; i < tree->tile_count; i++)
        if (tree->tiles[i].tile.level == tile->level && tree->tiles[i].tile.index == tile->index &&
            tree->tiles[i].tile.width == tile->width)
            return hanse_buffer_append(out, hanse_buffer_view(&tree->tiles[i].content), err);
    return hanse_fail(err, HANSE_NOT_FOUND, "no such tile");
}

static void grow(struct tree *tree, char other)
{
    must(hanse_tile_builder_new(0, NULL, NULL, &tree->builder, NULL));
    for (unsigned i = 0; i < LEAVES; i++) {
        char entry[64];
        int size = snprintf(entry, sizeof entry, "%032u leaf %c", i, i < FORKED_AT ? '.' : other);
        must(hanse_tile_builder_append(tree->builder, hanse_bytes_of(entry, (size_t)size), keep_tile, tree,
                                       NULL));
        tree->at[i + 1] = *hanse_tile_builder_frontier(tree->builder);
    }
    must(hanse_tile_builder_finish(tree->builder, keep_tile, tree, NULL));
}

static struct hanse_digest root_of(const struct tree *tree, uint64_t size)
{
    struct hanse_digest root;
    hanse_frontier_root(&tree->at[size], hasher, &root);
    return root;
}

static void sign(const struct tree *tree, uint64_t size, const struct hanse_signer *by,
                 struct hanse_buffer *out)
{
    struct hanse_buffer text;
    hanse_buffer_init(&text, 1024);
    hanse_buffer_init(out, 4096);
    struct hanse_checkpoint checkpoint = {
        .origin = hanse_bytes_of_text(NAME), .size = size, .root = root_of(tree, size)};
    must(hanse_checkpoint_encode(&checkpoint, &text, NULL));
    must(hanse_note_sign(hanse_buffer_view(&text), by, 1, out, NULL));
    hanse_buffer_release(&text);
}

/* The proof that the larger tree had its own beginning, from its tiles. */
static void prove(struct tree *larger, uint64_t size, struct hanse_fork_evidence *evidence)
{
    struct hanse_tile_hashes hashes = {
        .size = LEAVES, .hasher = hasher, .read = read_tile, .context = larger};
    hanse_buffer_init(&hashes.tile, 8192);
    must(hanse_proof_make_root(hasher, size, hanse_tile_hash_fetch, &hashes, &evidence->root, NULL));
    must(hanse_proof_make_consistency(hasher, size, LEAVES, hanse_tile_hash_fetch, &hashes, &evidence->proof,
                                      NULL));
    hanse_buffer_release(&hashes.tile);
}

static enum hanse_status judge(const struct hanse_fork_evidence *evidence, const struct hanse_signer *by)
{
    return hanse_fork_evidence_judge(evidence, &by->key, 1, NULL);
}

static void tiles_give_the_roots_of_all_sizes(void **state)
{
    (void)state;
    struct hanse_fork_evidence evidence;
    for (uint64_t size = 1; size <= LEAVES; size++) {
        prove(&honest, size, &evidence);
        struct hanse_digest root = root_of(&honest, size);
        assert_true(hanse_digest_equal(&evidence.root, &root));
    }
    struct hanse_digest unused;
    struct hanse_tile_hashes hashes = {
        .size = LEAVES, .hasher = hasher, .read = read_tile, .context = &honest};
    hanse_buffer_init(&hashes.tile, 8192);
    assert_int_equal(hanse_tile_hash_fetch(&hashes, 0, LEAVES, &unused, NULL), HANSE_INVALID_ARGUMENT);
    assert_int_equal(hanse_tile_hash_fetch(&hashes, 9, 1, &unused, NULL), HANSE_INVALID_ARGUMENT);
    assert_int_equal(hanse_tile_hash_fetch(&hashes, 63, 0, &unused, NULL), HANSE_INVALID_ARGUMENT);
    assert_int_equal(hanse_tile_hash_fetch(&hashes, 8, UINT64_MAX, &unused, NULL), HANSE_INVALID_ARGUMENT);
    honest.tiles[0].content.size -= 32;
    assert_int_equal(hanse_tile_hash_fetch(&hashes, 0, 0, &unused, NULL), HANSE_MALFORMED);
    honest.tiles[0].content.size += 32;
    hanse_buffer_release(&hashes.tile);
}

static void a_fork_is_proven(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {FORKED_AT + 1, 512, 513, LEAVES - 1, LEAVES};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct hanse_buffer smaller;
        struct hanse_buffer larger;
        sign(&honest, sizes[i], &signer, &smaller);
        sign(&forked, LEAVES, &signer, &larger);
        struct hanse_fork_evidence evidence = {.smaller = hanse_buffer_view(&smaller),
                                               .larger = hanse_buffer_view(&larger)};
        prove(&forked, sizes[i], &evidence);
        must(judge(&evidence, &signer));
        struct hanse_verifier_key keys[2] = {stranger.key, signer.key};
        must(hanse_fork_evidence_judge(&evidence, keys, 2, NULL));
        assert_int_equal(judge(&evidence, &stranger), HANSE_BAD_SIGNATURE);
        strcpy(keys[0].name, "other.example/hanse");
        assert_int_equal(hanse_fork_evidence_judge(&evidence, keys, 2, NULL), HANSE_INVALID_ARGUMENT);
        assert_int_equal(hanse_fork_evidence_judge(&evidence, keys, 0, NULL), HANSE_INVALID_ARGUMENT);
        hanse_buffer_release(&smaller);
        hanse_buffer_release(&larger);
    }
}

static void what_agrees_is_no_fork(void **state)
{
    (void)state;
    struct hanse_buffer smaller;
    struct hanse_buffer larger;
    struct hanse_buffer unsigned_note;
    sign(&honest, FORKED_AT, &signer, &smaller);
    sign(&forked, LEAVES, &signer, &larger);
    sign(&honest, FORKED_AT + 9, &stranger, &unsigned_note);
    struct hanse_fork_evidence evidence = {.smaller = hanse_buffer_view(&smaller),
                                           .larger = hanse_buffer_view(&larger)};
    prove(&forked, FORKED_AT, &evidence);
    assert_int_equal(judge(&evidence, &signer), HANSE_MISMATCH); /* the same beginning */
    evidence.root.bytes[5] ^= 1;
    assert_int_equal(judge(&evidence, &signer), HANSE_MISMATCH); /* a root that leads nowhere */
    evidence.root.bytes[5] ^= 1;
    evidence.proof.count--;
    assert_int_equal(judge(&evidence, &signer), HANSE_MALFORMED);
    prove(&forked, FORKED_AT + 9, &evidence);
    evidence.smaller = hanse_buffer_view(&unsigned_note); /* anybody can write such a checkpoint */
    assert_int_equal(judge(&evidence, &signer), HANSE_BAD_SIGNATURE);
    evidence.smaller = hanse_buffer_view(&larger);
    evidence.larger = hanse_buffer_view(&smaller);
    assert_int_equal(judge(&evidence, &signer), HANSE_MALFORMED);
    evidence.smaller = hanse_buffer_view(&larger);
    evidence.larger = hanse_buffer_view(&larger);
    evidence.proof.count = 0;
    evidence.root = root_of(&forked, LEAVES);
    assert_int_equal(judge(&evidence, &signer), HANSE_MISMATCH); /* twice the same */
    evidence.smaller = hanse_bytes_of_text("no note");
    assert_int_equal(judge(&evidence, &signer), HANSE_MALFORMED);
    hanse_buffer_release(&smaller);
    hanse_buffer_release(&larger);
    hanse_buffer_release(&unsigned_note);
}

static struct hanse_buffer encoded;

static enum hanse_status decode_and_judge(void *context)
{
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 4 << 20);
    struct hanse_fork_evidence evidence;
    enum hanse_status status =
        hanse_fork_evidence_decode(hanse_buffer_view(context), &arena, &evidence, NULL);
    return status == HANSE_OK ? judge(&evidence, &signer) : status;
}

static void the_text_is_strict(void **state)
{
    (void)state;
    struct hanse_buffer smaller;
    struct hanse_buffer larger;
    hanse_buffer_init(&encoded, 1 << 18);
    sign(&honest, 400, &signer, &smaller);
    sign(&forked, LEAVES, &signer, &larger);
    struct hanse_fork_evidence evidence = {.smaller = hanse_buffer_view(&smaller),
                                           .larger = hanse_buffer_view(&larger)};
    struct hanse_fork_evidence back;
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    hanse_arena_init(&arena, 4 << 20);
    prove(&forked, 400, &evidence);
    must(hanse_fork_evidence_encode(&evidence, &encoded, NULL));
    must(decode_and_judge(&encoded));
    must(hanse_fork_evidence_decode(hanse_buffer_view(&encoded), &arena, &back, NULL));
    assert_int_equal(back.proof.count, evidence.proof.count);
    assert_true(hanse_bytes_equal(back.smaller, evidence.smaller));
    assert_true(hanse_bytes_equal(back.larger, evidence.larger));
    fail_each_allocation(decode_and_judge, &encoded);
    for (size_t size = 0; size < encoded.size; size++) {
        struct hanse_error err = {.offset = 0};
        assert_int_equal(hanse_fork_evidence_decode(hanse_bytes_of(encoded.data, size), &arena, &back, &err),
                         HANSE_MALFORMED);
        assert_true(err.offset <= size);
    }
    /* No byte can be another one: signature lines of other names would be, there are none here. */
    for (size_t i = 0; i < encoded.size; i++) {
        encoded.data[i] ^= 0x01;
        assert_int_not_equal(decode_and_judge(&encoded), HANSE_OK);
        encoded.data[i] ^= 0x01;
    }
    must(hanse_buffer_append_u8(&encoded, '\n', NULL));
    assert_int_equal(decode_and_judge(&encoded), HANSE_MALFORMED);
    static const char many[] =
        "hanse fork evidence 1\nroot AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nproof 64\n";
    assert_int_equal(hanse_fork_evidence_decode(hanse_bytes_of_text(many), &arena, &back, NULL), HANSE_LIMIT);
    evidence.proof.count = HANSE_MAX_PROOF_HASHES + 1;
    size_t before = encoded.size;
    assert_int_equal(hanse_fork_evidence_encode(&evidence, &encoded, NULL), HANSE_LIMIT);
    assert_int_equal(encoded.size, before);
    hanse_buffer_release(&smaller);
    hanse_buffer_release(&larger);
    hanse_buffer_release(&encoded);
}

static void key_changes_come_along(void **state)
{
    (void)state;
    static struct hanse_bytes many[1025];
    const struct hanse_bytes changes[] = {hanse_bytes_of_text("one"), hanse_bytes_of(NULL, 0),
                                          hanse_bytes_of_text("three")};
    struct hanse_fork_evidence evidence = {.smaller = hanse_bytes_of_text("a\n"),
                                           .larger = hanse_bytes_of_text("b\n"),
                                           .key_changes = changes,
                                           .key_change_count = 3};
    struct hanse_fork_evidence back = {.key_change_count = 77};
    HANSE_SCOPED_ARENA struct hanse_arena arena;
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_arena_init(&arena, 4 << 20);
    hanse_buffer_init(&text, 4 << 20);
    must(hanse_fork_evidence_encode(&evidence, &text, NULL));
    must(hanse_fork_evidence_decode(hanse_buffer_view(&text), &arena, &back, NULL));
    assert_true(hanse_fork_evidence_is(hanse_buffer_view(&text)));
    assert_int_equal(back.key_change_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(hanse_bytes_equal(back.key_changes[i], changes[i]));
    back.key_change_count = 77;
    assert_int_equal(
        hanse_fork_evidence_decode(hanse_bytes_of(text.data, text.size - 1), &arena, &back, NULL),
        HANSE_MALFORMED); /* no line end */
    text.data[text.size - 2] = '!';
    assert_int_equal(hanse_fork_evidence_decode(hanse_buffer_view(&text), &arena, &back, NULL),
                     HANSE_MALFORMED);
    hanse_buffer_clear(&text);
    evidence.key_changes = many;
    evidence.key_change_count = 1024;
    must(hanse_fork_evidence_encode(&evidence, &text, NULL));
    must(hanse_buffer_append_text(&text, "key \n", NULL));
    assert_int_equal(hanse_fork_evidence_decode(hanse_buffer_view(&text), &arena, &back, NULL), HANSE_LIMIT);
    assert_int_equal(back.key_change_count, 77);
    evidence.key_change_count = 1025;
    assert_int_equal(hanse_fork_evidence_encode(&evidence, &text, NULL), HANSE_LIMIT);
}

static int set_up(void **state)
{
    (void)state;
    struct hanse_bytes name = hanse_bytes_of_text(NAME);
    must(hanse_hasher_new(&hasher, NULL));
    must(hanse_signing_key_generate(&signing_key, NULL));
    must(hanse_signer_init(name, HANSE_KEY_ED25519, signing_key, &signer, NULL));
    must(hanse_signing_key_generate(&strange_key, NULL));
    must(hanse_signer_init(name, HANSE_KEY_ED25519, strange_key, &stranger, NULL));
    grow(&honest, 'h');
    grow(&forked, 'f');
    return 0;
}

static void release(struct tree *tree)
{
    hanse_tile_builder_free(tree->builder);
    for (size_t i = 0; i < tree->tile_count; i++)
        hanse_buffer_release(&tree->tiles[i].content);
}

static int tear_down(void **state)
{
    (void)state;
    release(&honest);
    release(&forked);
    hanse_hasher_free(hasher);
    hanse_signing_key_free(signing_key);
    hanse_signing_key_free(strange_key);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_give_the_roots_of_all_sizes),
        cmocka_unit_test(a_fork_is_proven),
        cmocka_unit_test(what_agrees_is_no_fork),
        cmocka_unit_test(the_text_is_strict),
        cmocka_unit_test(key_changes_come_along),
    };
    return cmocka_run_group_tests_name("fork_evidence", tests, set_up, tear_down);
}
