/* SPDX-License-Identifier: Apache-2.0 */
/* A node's folder: made, opened, locked; its keys, its modes, what stands under public/; following. */
#include "node_support.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "crypto/signing_key.h"

static enum hanse_status init(const char *name, const char *origin, const char *title)
{
    struct hanse_init_options options = {
        .version = HANSE_INIT_OPTIONS_VERSION, .origin = origin, .title = title, .language = "en"};
    return hanse_node_init(at("%s", name), &options, &node_err);
}

static void test_init_makes_an_empty_signed_feed(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    char key[512];
    struct verify_report verdict;
    own_key(node, key);
    assert_memory_equal(key, CITY "+", strlen(CITY) + 1);
    MUST(verify_dir(at("city/public"), key, &verdict));
    assert_int_equal(verdict.result.size, 0);
    struct feed_row row = feed_of(node, CITY);
    assert_true(row.info.own);
    assert_int_equal(row.info.size + row.info.records + row.info.staged, 0);
    assert_string_equal(hanse_node_dir(node), at("city"));
    const char *origin = NULL;
    MUST(hanse_node_own_origin(node, CITY, &origin, &node_err));
    assert_string_equal(origin, CITY);
    MUST_FAIL(hanse_node_own_origin(node, "other.example/hanse", &origin, &node_err), HANSE_NOT_FOUND);
    char *text = NULL;
    MUST_FAIL(hanse_node_verifier_key(node, "other.example/hanse", &text, &node_err), HANSE_NOT_FOUND);
    assert_null(text);
    hanse_node_close(node);
    hanse_node_close(NULL);
}

static void test_init_twice_changes_nothing(void **state)
{
    (void)state;
    hanse_node_close(make_node("city", CITY));
    struct hanse_digest before = tree_digest(at("city"));
    MUST_FAIL(init("city", CITY, "Title"), HANSE_EXISTS);
    MUST_FAIL(init("city", "other.example/hanse", NULL), HANSE_EXISTS);
    struct hanse_digest after = tree_digest(at("city"));
    assert_true(hanse_digest_equal(&before, &after));
}

static void test_init_refuses_what_is_no_origin(void **state)
{
    (void)state;
    static const char *const origins[] = {"",
                                          "city.example",
                                          "City.example/hanse",
                                          "city.example/hanse/",
                                          "city.example/../x",
                                          "https://city.example/hanse",
                                          "city.example/han se",
                                          "city.example/h+x",
                                          "city.example:x/hanse",
                                          "\xc3\xa9.example/hanse"};
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        MUST_FAIL(init("city", origins[i], NULL), HANSE_INVALID_ARGUMENT);
        assert_false(hanse_file_exists(at("city")));
    }
    MUST_FAIL(init("city", NULL, NULL), HANSE_INVALID_ARGUMENT);
    struct hanse_init_options options = {.version = 99, .origin = CITY};
    MUST_FAIL(hanse_node_init(at("city"), &options, &node_err), HANSE_INVALID_ARGUMENT);
    assert_false(hanse_file_exists(at("city")));
}

static void test_failed_init_can_be_repeated(void **state)
{
    (void)state;
    /* A title that the profile's rules refuse: nothing is there that would stop the next try. */
    struct hanse_init_options options = {
        .version = HANSE_INIT_OPTIONS_VERSION, .origin = CITY, .title = "", .language = "de"};
    MUST_FAIL(hanse_node_init(at("city"), &options, &node_err), HANSE_INVALID_RECORD);
    struct hanse_node *node = NULL;
    MUST_FAIL(hanse_node_open(at("city"), &node, &node_err), HANSE_NOT_FOUND);
    MUST(init("city", CITY, "City"));
    node = open_node("city");
    uint64_t staged = 0;
    MUST(hanse_stage_count(node, NULL, &staged, &node_err));
    assert_int_equal(staged, 1);
    hanse_node_close(node);
    /* What an earlier init left: the key is used again. */
    char key[512];
    char again[512];
    node = open_node("city");
    own_key(node, key);
    hanse_node_close(node);
    shell("cd '%s' && rm private/format private/config private/*.sqlite* public/checkpoint", at("city"));
    MUST(init("city", CITY, NULL));
    node = open_node("city");
    own_key(node, again);
    hanse_node_close(node);
    assert_string_equal(key, again);
}

static void test_init_in_a_folder_that_denies(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("skipped: the superuser is not denied anything\n");
        skip();
    }
    MUST(hanse_file_make_dirs(at("locked"), 0500, &node_err));
    MUST_FAIL(init("locked/city", CITY, NULL), HANSE_DENIED);
}

static void test_title_is_staged(void **state)
{
    (void)state;
    MUST(init("city", CITY, "Puerto Claro"));
    struct hanse_node *node = open_node("city");
    struct hanse_publish_result result = publish(node);
    assert_int_equal(result.new_size, 2);
    assert_int_equal(feed_of(node, CITY).info.records, 1);
    hanse_node_close(node);
}

static void test_open_refuses_what_it_does_not_know(void **state)
{
    (void)state;
    struct hanse_node *node = NULL;
    MUST_FAIL(hanse_node_open(at("nowhere"), &node, &node_err), HANSE_NOT_FOUND);
    hanse_node_close(make_node("city", CITY));
    static const char *const formats[] = {"hanse node 2\n", "", "hanse node 1", "hanse node 1\n\n"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        write_file(at("city/private/format"), hanse_bytes_of_text(formats[i]));
        struct hanse_digest before = tree_digest(at("city"));
        MUST_FAIL(hanse_node_open(at("city"), &node, &node_err), HANSE_UNSUPPORTED);
        struct hanse_digest after = tree_digest(at("city"));
        assert_true(hanse_digest_equal(&before, &after));
    }
    assert_null(node);
}

static void test_open_names_the_line_of_a_broken_setting(void **state)
{
    (void)state;
    struct hanse_node *node = NULL;
    hanse_node_close(make_node("city", CITY));
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"own-feed = " CITY "\nown-fed = x\n", "line 2"},
        {"# only a comment\n", "no own-feed"},
        {"\n\nown-feed = Not an origin\n", "line 3"},
        {"own-feed\n", "line 1"},
        {"own-feed = " CITY "\nown-feed = " CITY "\n", "line 2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_file(at("city/private/config"), hanse_bytes_of_text(cases[i].text));
        MUST_FAIL(hanse_node_open(at("city"), &node, &node_err), HANSE_MALFORMED);
        if (strstr(node_err.message, cases[i].says) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", node_err.message, cases[i].says);
    }
    write_file(at("city/private/config"), hanse_bytes_of_text("# comment\r\n\town-feed\t=  " CITY " \r\n"));
    hanse_node_close(open_node("city"));
}

static void test_lost_index_comes_back(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, 5);
    struct feed_row before = feed_of(node, CITY);
    hanse_node_close(node);
    shell("rm '%s'/private/index.sqlite*", at("city"));
    node = open_node("city");
    struct feed_row after = feed_of(node, CITY);
    assert_int_equal(after.info.size, before.info.size);
    assert_int_equal(after.info.records, before.info.records);
    assert_memory_equal(after.info.root, before.info.root, 32);
    assert_string_equal(after.key, before.key);
    assert_int_equal(stage(node, NULL, "Harbour office 1", "XX-1", NULL), HANSE_STAGE_UNCHANGED);
    hanse_node_close(node);
}

/* A node whose checkpoint is gone or damaged keeps its entries, whoever opens it: they are whole when the
 * checkpoint is back. */
static void test_lost_checkpoint_costs_no_entry(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, 5);
    hanse_node_close(node);
    shell("cp -a '%s' '%s'", at("city/public"), at("before"));
    shell("cp -a '%s' '%s'", at("city/public/checkpoint"), at("checkpoint"));
    for (size_t i = 0; i < 3; i++) {
        if (i == 0)
            shell("rm '%s'", at("city/public/checkpoint"));
        else
            shell("head -c %zu '%s' >'%s'", 40 * (i - 1), at("checkpoint"), at("city/public/checkpoint"));
        hanse_node_close(open_node("city"));
        shell("cp -a '%s' '%s'", at("checkpoint"), at("city/public/checkpoint"));
        assert_same_tree(at("before"), at("city/public"));
        node = open_node("city");
        assert_int_equal(feed_of(node, CITY).info.size, 6);
        hanse_node_close(node);
    }
}

/* A child that holds the lock of writers until the pipe closes. */
static pid_t hold_lock(const char *path, int *out_pipe)
{
    int ready[2];
    int end[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct hanse_file lock = HANSE_FILE_CLOSED;
        (void)close(end[1]);
        if (hanse_file_lock(&lock, path, 0, NULL) != HANSE_OK)
            _exit(1);
        if (write(ready[1], "x", 1) != 1 || read(end[0], &byte, 1) < 0)
            _exit(1);
        _exit(0);
    }
    (void)close(end[0]);
    (void)close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    *out_pipe = end[1];
    return child;
}

static void test_another_writer_is_waited_for_then_told(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "One", NULL, NULL);
    hanse_node_close(node);
    int end;
    pid_t child = hold_lock(at("city/private/lock"), &end);
    node = open_node("city");
    struct hanse_digest before = tree_digest(at("city/public"));
    struct hanse_publish_options options = {.version = 1};
    struct hanse_publish_result result;
    MUST_FAIL(hanse_publish(node, &options, &result, &node_err), HANSE_LOCKED);
    struct hanse_digest after = tree_digest(at("city/public"));
    assert_true(hanse_digest_equal(&before, &after));
    /* Reading needs no lock, nor does a second node of the same folder. */
    struct hanse_node *reader = open_node("city");
    assert_int_equal(feed_of(reader, CITY).info.staged, 1);
    hanse_node_close(reader);
    (void)close(end);
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(how, 0);
    assert_int_equal(publish(node).new_size, 2);
    hanse_node_close(node);
}

static const char *key_path(const char *node_name)
{
    const char *mirror = mirror_of(node_name, CITY);
    return at("%s/private/keys/%s", node_name, strrchr(mirror, '/') + 1);
}

static enum hanse_status try_publish(struct hanse_node *node)
{
    struct hanse_publish_options options = {.version = 1};
    struct hanse_publish_result result;
    return hanse_publish(node, &options, &result, &node_err);
}

/* With this key file nothing is published, and nothing changes. */
static void check_key_refused(struct hanse_node *node, struct hanse_bytes content, enum hanse_status wanted,
                              const char *what)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s", key_path("city"));
    write_file(path, content);
    struct hanse_digest before = tree_digest(at("city/public"));
    enum hanse_status status = try_publish(node);
    if (status != wanted)
        fail_msg("%s: publish gives %s", what, hanse_status_name(status));
    struct hanse_digest after = tree_digest(at("city/public"));
    assert_true(hanse_digest_equal(&before, &after));
    assert_int_equal(feed_of(node, CITY).info.staged, 1);
}

static void test_damaged_and_foreign_keys_do_not_sign(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, 2);
    stage(node, NULL, "One more", NULL, NULL);
    char path[512];
    (void)snprintf(path, sizeof path, "%s", key_path("city"));
    struct hanse_buffer own = file_content(path);
    struct hanse_bytes all = hanse_buffer_view(&own);
    /* One character changed anywhere: prefix, name, key id, or the key. */
    for (size_t i = 0; i + 1 < all.size; i++) {
        char what[32];
        uint8_t byte = own.data[i];
        own.data[i] = byte == 'a' ? 'b' : 'a';
        (void)snprintf(what, sizeof what, "byte %zu", i);
        check_key_refused(node, all, HANSE_MALFORMED, what);
        own.data[i] = byte;
    }
    check_key_refused(node, hanse_bytes_slice(all, 0, all.size / 2), HANSE_MALFORMED, "half");
    check_key_refused(node, hanse_bytes_of(NULL, 0), HANSE_MALFORMED, "empty");
    /* A key of the same name, in good order, but another one. */
    hanse_node_close(make_node("twin", CITY));
    char twin[512];
    (void)snprintf(twin, sizeof twin, "%s", key_path("twin"));
    struct hanse_buffer other = file_content(twin);
    check_key_refused(node, hanse_buffer_view(&other), HANSE_BAD_SIGNATURE, "another key");
    /* The key of another feed. */
    hanse_node_close(make_node("town", "town.example/hanse"));
    shell("cp '%s'/private/keys/* '%s'", at("town"), at("town.key"));
    struct hanse_buffer foreign = file_content(at("town.key"));
    check_key_refused(node, hanse_buffer_view(&foreign), HANSE_BAD_SIGNATURE, "key of another feed");
    assert_int_equal(unlink(path), 0);
    MUST_FAIL(try_publish(node), HANSE_NOT_FOUND);
    write_file(path, all);
    assert_int_equal(publish(node).new_size, 4);
    hanse_buffer_release(&own);
    hanse_buffer_release(&other);
    hanse_buffer_release(&foreign);
    hanse_node_close(node);
}

/* Every file and folder below `dir` has the mode of its kind. */
struct mode_check {
    const char *dir;
    unsigned file_mode;
    unsigned dir_mode;
    unsigned count;
};

static enum hanse_status check_mode(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    struct mode_check *check = context;
    char path[1024];
    struct stat info;
    (void)snprintf(path, sizeof path, "%s/%s", check->dir, name);
    assert_int_equal(lstat(path, &info), 0);
    unsigned wanted = is_dir ? check->dir_mode : check->file_mode;
    if ((info.st_mode & 07777) != wanted)
        fail_msg("%s has the mode %o instead of %o", path, (unsigned)(info.st_mode & 07777), wanted);
    check->count++;
    struct mode_check below = *check;
    below.dir = path;
    enum hanse_status status = is_dir ? hanse_file_list(path, check_mode, &below, err) : HANSE_OK;
    check->count = below.count;
    return status;
}

static void check_modes(const char *name)
{
    struct stat info;
    struct mode_check public = {.dir = at("%s/public", name), .file_mode = 0644, .dir_mode = 0755};
    struct mode_check private = {.dir = at("%s/private", name), .file_mode = 0600, .dir_mode = 0700};
    MUST(hanse_file_list(public.dir, check_mode, &public, &node_err));
    MUST(hanse_file_list(private.dir, check_mode, &private, &node_err));
    assert_true(public.count > 5);
    assert_true(private.count > 5);
    assert_int_equal(stat(public.dir, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0755);
    assert_int_equal(stat(private.dir, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
}

static void test_modes_whatever_the_umask(void **state)
{
    (void)state;
    static const mode_t masks[] = {0000, 0022, 0077, 0027};
    mode_t before = umask(0);
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        char key[512];
        (void)umask(masks[i]);
        struct hanse_node *city = make_node("city", CITY);
        publish_some(city, 0, 3);
        own_key(city, key);
        struct hanse_node *office = make_node("office", "office.example/hanse");
        follow_dir(office, at("city/public"), key);
        struct sync_report report = sync_node(office);
        assert_outcome(&report, HANSE_SYNC_UPDATED);
        check_modes("city"); /* while it is open: the index has its side files */
        check_modes("office");
        hanse_node_close(city);
        hanse_node_close(office);
        shell("rm -rf '%s' '%s'", at("city"), at("office"));
    }
    (void)umask(before);
}

static void test_public_holds_what_is_public_alone(void **state)
{
    (void)state;
    char key[512];
    struct hanse_node *node = make_node("city", CITY);
    stage(node, NULL, "Published harbour", NULL, NULL);
    (void)publish(node);
    stage(node, NULL, "Staged harbour", NULL, NULL);
    own_key(node, key);
    shell("cd '%s' && ! grep -rlq -e 'PRIVATE.KEY' -e 'Staged harbour' .", at("city/public"));
    shell("cd '%s' && test \"$(ls | tr '\\n' ' ')\" = 'checkpoint hanse tile '", at("city/public"));
    shell("cd '%s/hanse' && test \"$(ls | tr '\\n' ' ')\" = 'key manifest public '", at("city/public"));
    shell("cd '%s' && ! find . -name '.*' -mindepth 1 | grep -q .", at("city/public"));
    hanse_node_close(node);
}

static enum hanse_status follow(struct hanse_node *node, const char *url, const char *key, const char *name,
                                const char *pin)
{
    struct hanse_follow_options options = {
        .version = 1, .url = url, .verifier_key = key, .name = name, .pin = pin};
    return hanse_feed_follow(node, &options, &node_err);
}

static void test_follow(void **state)
{
    (void)state;
    char key[512];
    char other[512];
    char own[512];
    struct hanse_node *city = make_node("city", CITY);
    struct hanse_node *twin = make_node("twin", CITY);
    struct hanse_node *town = make_node("town", "town.example/hanse");
    struct hanse_node *office = make_node("office", "office.example/hanse");
    own_key(city, key);
    own_key(twin, other);
    own_key(office, own);
    MUST_FAIL(follow(office, "http://city.example/", key, NULL, NULL), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(follow(office, "https://", key, NULL, NULL), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(follow(office, "https://u:p@city.example/", key, NULL, NULL), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(follow(office, "file://relative/", key, NULL, NULL), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(follow(office, "https://city.example/", "no key", NULL, NULL), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(follow(office, "https://city.example/", key, NULL, "sha256//short"), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(follow(office, "https://office.example/", own, NULL, NULL), HANSE_EXISTS);
    MUST(follow(office, "https://city.example/", key, "city", NULL));
    MUST_FAIL(follow(office, "https://city.example/", other, NULL, NULL), HANSE_EXISTS);
    own_key(town, other);
    MUST_FAIL(follow(office, "https://town.example/", other, "city", NULL), HANSE_EXISTS);
    MUST(follow(office, "https://mirror.example/x/", key, NULL,
                "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    struct feed_row row = feed_of(office, CITY);
    assert_string_equal(row.key, key);
    assert_true(row.info.followed_unix_s > 1700000000);
    assert_int_equal(row.info.last_try_unix_s, 0);
    MUST_FAIL(follow(office, NULL, key, NULL, NULL), HANSE_INVALID_ARGUMENT);
    const char *names[] = {"nobody"};
    struct hanse_sync_options options = {.version = 1, .feeds = names, .feed_count = 1};
    MUST_FAIL(hanse_sync(office, &options, &node_err), HANSE_NOT_FOUND);
    names[0] = "office.example/hanse";
    MUST_FAIL(hanse_sync(office, &options, &node_err), HANSE_NOT_FOUND);
    hanse_node_close(city);
    hanse_node_close(twin);
    hanse_node_close(town);
    hanse_node_close(office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_init_makes_an_empty_signed_feed),
        NODE_TEST(test_init_twice_changes_nothing),
        NODE_TEST(test_init_refuses_what_is_no_origin),
        NODE_TEST(test_failed_init_can_be_repeated),
        NODE_TEST(test_init_in_a_folder_that_denies),
        NODE_TEST(test_title_is_staged),
        NODE_TEST(test_open_refuses_what_it_does_not_know),
        NODE_TEST(test_open_names_the_line_of_a_broken_setting),
        NODE_TEST(test_lost_index_comes_back),
        NODE_TEST(test_lost_checkpoint_costs_no_entry),
        NODE_TEST(test_another_writer_is_waited_for_then_told),
        NODE_TEST(test_damaged_and_foreign_keys_do_not_sign),
        NODE_TEST(test_modes_whatever_the_umask),
        NODE_TEST(test_public_holds_what_is_public_alone),
        NODE_TEST(test_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
