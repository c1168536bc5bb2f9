/* SPDX-License-Identifier: Apache-2.0 */
/* What the tile builder and the note signer write, judged by a reader that shares no code with them
 * (tests/stock): logs of sizes about the edges of tiles pass, and each kind of damage is refused. */
#include "anomaly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "log/checkpoint.h"
#include "log/tile_builder.h"
#include "merkle_reference.h"

#define ORIGIN "kitakyushu.example/hanse"
#define OTHER_LOG "../shared/vectors/tessera-log"
#define OTHER_KEY "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"

enum { NOT_HERE = 77 };

static char folder[64];
static struct hanse_signing_key *signing_key;
static struct hanse_signer signer;

/* Exit code of the stock reader. */
static int judge(const char *dir, const char *key, const char *checkpoint)
{
    char command[1024];
    (void)snprintf(command, sizeof command, "tests/stock/check.sh '%s' '%s' '%s' >/dev/null 2>&1", dir, key,
                   checkpoint);
    int how = system(command);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

static int judge_own(void)
{
    HANSE_SCOPED_BUFFER struct hanse_buffer key;
    hanse_buffer_init(&key, 300);
    assert_int_equal(hanse_verifier_key_encode(&signer.key, &key, NULL), HANSE_OK);
    assert_int_equal(hanse_buffer_append_u8(&key, 0, NULL), HANSE_OK);
    return judge(folder, (const char *)key.data, "checkpoint");
}

static int setup(void **state)
{
    (void)state;
    const uint8_t seed[HANSE_SEED_BYTES] = {7};
    strcpy(folder, "/tmp/hanse-test-stock-XXXXXX");
    if (mkdtemp(folder) == NULL || hanse_signing_key_from_seed(seed, &signing_key, NULL) != HANSE_OK)
        return -1;
    return hanse_signer_init(hanse_bytes_of_text(ORIGIN), HANSE_KEY_ED25519, signing_key, &signer, NULL) ==
                   HANSE_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    char command[128];
    hanse_signing_key_free(signing_key);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void path_of(const struct hanse_tile *tile, struct hanse_path *out)
{
    char path[HANSE_TILE_PATH_BYTES];
    assert_int_equal(hanse_tile_path_encode(tile, path, NULL), HANSE_OK);
    assert_int_equal(hanse_path_format(out, NULL, "%s/%s", folder, path), HANSE_OK);
}

static enum hanse_status write_file(void *context, const struct hanse_tile *tile, struct hanse_bytes content,
                                    struct hanse_error *err)
{
    (void)context;
    struct hanse_path path;
    path_of(tile, &path);
    char *slash = strrchr(path.text, '/');
    *slash = '\0';
    enum hanse_status status = hanse_file_make_dirs(path.text, HANSE_MODE_PUBLIC_DIR, err);
    *slash = '/';
    return status == HANSE_OK
               ? hanse_file_replace_later_synced(path.text, content, HANSE_MODE_PUBLIC_FILE, err)
               : status;
}

static enum hanse_status read_file(void *context, const struct hanse_tile *tile, struct hanse_buffer *out,
                                   struct hanse_error *err)
{
    (void)context;
    struct hanse_path path;
    path_of(tile, &path);
    return hanse_file_read(path.text, out->max_bytes, out, err);
}

static enum hanse_status remove_partials(void *context, const struct hanse_tile *tile,
                                         struct hanse_error *err)
{
    (void)context;
    (void)err;
    struct hanse_path path;
    char command[HANSE_PATH_BYTES + 32];
    path_of(tile, &path);
    (void)snprintf(command, sizeof command, "rm -r '%s.p'", path.text);
    assert_int_equal(system(command), 0);
    return HANSE_OK;
}

static void sign_checkpoint(uint64_t size, const struct hanse_digest *root)
{
    struct hanse_checkpoint checkpoint = {.origin = hanse_bytes_of_text(ORIGIN), .size = size, .root = *root};
    HANSE_SCOPED_BUFFER struct hanse_buffer text;
    hanse_buffer_init(&text, 1000);
    HANSE_SCOPED_BUFFER struct hanse_buffer bytes;
    hanse_buffer_init(&bytes, 2000);
    struct hanse_path path;
    assert_int_equal(hanse_checkpoint_encode(&checkpoint, &text, NULL), HANSE_OK);
    assert_int_equal(hanse_note_sign(hanse_buffer_view(&text), &signer, 1, &bytes, NULL), HANSE_OK);
    assert_int_equal(hanse_path_format(&path, NULL, "%s/checkpoint", folder), HANSE_OK);
    assert_int_equal(hanse_file_replace_later_synced(path.text, hanse_buffer_view(&bytes), 0644, NULL),
                     HANSE_OK);
}

static void grow(uint64_t from, uint64_t to)
{
    struct hanse_tile_builder *builder;
    struct hanse_digest root;
    assert_int_equal(hanse_tile_builder_new(from, read_file, NULL, &builder, NULL), HANSE_OK);
    for (uint64_t i = from; i < to; i++) {
        uint8_t entry[8];
        reference_entry(i, entry);
        assert_int_equal(
            hanse_tile_builder_append(builder, hanse_bytes_of(entry, i % 9), write_file, NULL, NULL),
            HANSE_OK);
    }
    assert_int_equal(hanse_tile_builder_finish(builder, write_file, NULL, NULL), HANSE_OK);
    hanse_tile_builder_root(builder, &root);
    sign_checkpoint(to, &root);
    hanse_tile_builder_free(builder);
    assert_int_equal(hanse_tile_list_completed(from, to, remove_partials, NULL, NULL), HANSE_OK);
}

static void skip_without_reader(int code)
{
    if (code == NOT_HERE) {
        print_message("skipped: Go and its package golang.org/x/mod are not installed\n");
        skip();
    }
}

static void test_grown_logs_verify(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 2, 255, 256, 257, 600, 65535, 65536, 65537, 70000};
    grow(0, 0);
    skip_without_reader(judge_own());
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (i > 0)
            grow(sizes[i - 1], sizes[i]);
        assert_int_equal(judge_own(), 0);
    }
}

/* Changes one byte of a file, asserts the refusal, and restores it. */
static void check_damage(const char *name)
{
    struct hanse_path path;
    HANSE_SCOPED_FILE struct hanse_file file = HANSE_FILE_CLOSED;
    uint8_t byte;
    assert_int_equal(hanse_path_format(&path, NULL, "%s/%s", folder, name), HANSE_OK);
    assert_int_equal(hanse_file_open_write(&file, path.text, 0644, NULL), HANSE_OK);
    assert_int_equal(hanse_file_read_at(&file, 40, &byte, 1, NULL), HANSE_OK);
    byte ^= 1;
    assert_int_equal(hanse_file_write_at(&file, 40, hanse_bytes_of(&byte, 1), NULL), HANSE_OK);
    if (judge_own() != 1)
        fail_msg("damage to %s passes", name);
    byte ^= 1;
    assert_int_equal(hanse_file_write_at(&file, 40, hanse_bytes_of(&byte, 1), NULL), HANSE_OK);
    assert_int_equal(judge_own(), 0);
}

static void test_damage_is_refused(void **state)
{
    (void)state;
    skip_without_reader(judge_own());
    assert_int_equal(judge_own(), 0);
    check_damage("checkpoint");
    check_damage("tile/entries/100");
    check_damage("tile/entries/273.p/112");
    check_damage("tile/0/200");
    check_damage("tile/0/273.p/112");
    check_damage("tile/1/000");
}

static void test_log_of_another_implementation(void **state)
{
    (void)state;
    if (!hanse_file_exists(OTHER_LOG "/checkpoint")) {
        print_message("skipped: the log in \"" OTHER_LOG "\" is not here\n");
        skip();
    }
    skip_without_reader(judge(OTHER_LOG, OTHER_KEY, "checkpoint"));
    assert_int_equal(judge(OTHER_LOG, OTHER_KEY, "checkpoint"), 0);
    assert_int_equal(judge(OTHER_LOG, OTHER_KEY, "checkpoint.7"), 0);
    assert_int_equal(judge(OTHER_LOG, OTHER_KEY, "checkpoint.16"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grown_logs_verify),
        cmocka_unit_test(test_damage_is_refused),
        cmocka_unit_test(test_log_of_another_implementation),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
