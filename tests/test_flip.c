/* SPDX-License-Identifier: Apache-2.0 */
/* Every file of a small feed altered: bits flipped, cut off, grown, removed, put in the place of another.
 * Verify refuses each of them; a sync refuses, or what it does not read lets it end in the very feed.
 * HANSE_FLIP_STRIDE=1 syncs every alteration, by default every fourth. */
#include "vector_folder.h"

/* A sync does not read tiles, so few of these are tried. */
enum { TILE_FACTOR = 12 };

/* Names of all files of the feed. */
struct file_names {
    const char *dir;
    char prefix[300];
    char names[64][300];
    size_t count;
};

/* The feed under test: its original, the copy that is altered, and a follower of the copy. */
struct flip_case {
    const char *origin;
    char key[512];
    char intact[300];
    char copy[300];
    struct hanse_node *office;
    struct feed_row before;
    uint64_t size;
    struct file_names files; /* those that its tree has */
    unsigned stride;
    bool only_sync; /* verify has judged the same alterations already */
    unsigned turn;
    unsigned verified;
    unsigned synced;
    unsigned passed;
};

static uint32_t noise = 20260101;

static uint32_t next_noise(void)
{
    noise = noise * 1664525u + 1013904223u;
    return noise >> 16;
}

static unsigned stride_from_environment(void)
{
    const char *text = getenv("HANSE_FLIP_STRIDE");
    unsigned long stride = text != NULL ? strtoul(text, NULL, 10) : 0;
    return stride > 0 ? (unsigned)stride : 4;
}

static enum hanse_status add_name(void *context, const char *name, bool is_dir, struct hanse_error *err)
{
    struct file_names *list = context;
    char whole[600];
    (void)snprintf(whole, sizeof whole, "%s%s", list->prefix, name);
    if (!is_dir) {
        assert_true(list->count < 64 && strlen(whole) < sizeof list->names[0]);
        memcpy(list->names[list->count++], whole, strlen(whole) + 1);
        return HANSE_OK;
    }
    char kept[300];
    char path[1000];
    memcpy(kept, list->prefix, sizeof kept);
    (void)snprintf(list->prefix, sizeof list->prefix, "%.298s/", whole);
    (void)snprintf(path, sizeof path, "%s/%s", list->dir, whole);
    enum hanse_status status = hanse_file_list(path, add_name, list, err);
    memcpy(list->prefix, kept, sizeof kept);
    return status;
}

/* Of every publish but the last the feed has tiles that its tree no longer has: nobody reads those. */
static bool is_of_the_tree(const char *name, uint64_t size)
{
    const char *partial = strstr(name, ".p/");
    return partial == NULL || strtoull(partial + 3, NULL, 10) == size;
}

static void list_files(struct flip_case *it)
{
    it->files = (struct file_names){.dir = it->intact};
    MUST(hanse_file_list(it->intact, add_name, &it->files, &node_err));
    size_t kept = 0;
    for (size_t i = 0; i < it->files.count; i++)
        if (is_of_the_tree(it->files.names[i], it->size))
            memmove(it->files.names[kept++], it->files.names[i], sizeof it->files.names[0]);
    it->files.count = kept;
    assert_true(kept >= 5);
}

/* A new follower of the copy; with `held` it has what the folder held/ had. */
static void make_office(struct flip_case *it)
{
    if (it->office != NULL)
        hanse_node_close(it->office);
    shell("rm -rf '%s' && cp -a '%s' '%s'", at("office"), at("template"), at("office"));
    it->office = open_node("office");
    it->before = feed_of(it->office, it->origin);
}

static void begin(struct flip_case *it, const char *held)
{
    it->stride = stride_from_environment();
    (void)snprintf(it->copy, sizeof it->copy, "%s", at("copy"));
    struct hanse_node *node = make_node("template", "office.example/hanse");
    follow_dir(node, it->copy, it->key);
    if (held != NULL) {
        shell("cp -a '%s' '%s'", held, it->copy);
        struct sync_report report = sync_node(node);
        assert_outcome(&report, HANSE_SYNC_UPDATED);
        shell("rm -rf '%s'", it->copy);
    }
    hanse_node_close(node);
    shell("cp -a '%s' '%s'", it->intact, it->copy);
    make_office(it);
    struct verify_report verdict;
    MUST(verify_dir(it->copy, it->key, &verdict));
    it->size = verdict.result.size;
    list_files(it);
}

static void finish(struct flip_case *it)
{
    /* What was refused so often is taken when it is whole. */
    assert_same_tree(it->intact, it->copy);
    struct sync_report report = sync_node(it->office);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    hanse_node_close(it->office);
    print_message("%u alterations verified, %u synced, %u of them without effect\n", it->verified, it->synced,
                  it->passed);
    assert_true(it->synced > 0);
}

/* Outcomes that an alteration of the file may have. */
static bool outcome_fits(const char *name, enum hanse_sync_outcome outcome)
{
    if (strcmp(name, "checkpoint") == 0)
        return outcome == HANSE_SYNC_BAD_SIGNATURE || outcome == HANSE_SYNC_UNREACHABLE;
    if (strncmp(name, "tile/", 5) == 0)
        return outcome == HANSE_SYNC_UPDATED;
    if (strncmp(name, "hanse/key/", 10) == 0)
        return outcome == HANSE_SYNC_BAD_SIGNATURE || outcome == HANSE_SYNC_TRUNCATED ||
               outcome == HANSE_SYNC_MISMATCH;
    return outcome == HANSE_SYNC_MISMATCH || outcome == HANSE_SYNC_TRUNCATED || outcome == HANSE_SYNC_UPDATED;
}

static void check_mirror(struct flip_case *it)
{
    char mirror[300];
    struct verify_report verdict;
    (void)snprintf(mirror, sizeof mirror, "%s", mirror_of("office", it->origin));
    MUST(verify_dir(mirror, it->key, &verdict));
    assert_int_equal(verdict.result.size, it->size);
    for (size_t i = 0; i < it->files.count; i++) {
        char mine[700];
        char theirs[700];
        const char *name = it->files.names[i];
        if (strncmp(name, "hanse/public/", 13) == 0 || strcmp(name, "hanse/manifest") == 0)
            continue; /* framing may differ */
        (void)snprintf(mine, sizeof mine, "%s/%s", mirror, name);
        (void)snprintf(theirs, sizeof theirs, "%s/%s", it->intact, name);
        assert_same_file(theirs, mine);
    }
}

static void check_sync(struct flip_case *it, const char *name, const char *what)
{
    struct sync_report report = sync_node(it->office);
    it->synced++;
    if (!outcome_fits(name, report.outcome))
        fail_msg("%s, %s: sync says %s: %s", name, what, hanse_sync_outcome_name(report.outcome),
                 report.message);
    struct feed_row row = feed_of(it->office, it->origin);
    if (report.outcome == HANSE_SYNC_UPDATED) {
        it->passed++;
        check_mirror(it);
        make_office(it);
        return;
    }
    assert_int_equal(row.info.size, it->before.info.size);
    assert_memory_equal(row.info.root, it->before.info.root, 32);
    assert_int_equal(row.info.records, it->before.info.records);
    assert_string_equal(row.key, it->before.key);
    if (it->before.info.size > 0 && it->synced % 16 == 0) {
        struct verify_report verdict;
        if (verify_dir(mirror_of("office", it->origin), it->key, &verdict) != HANSE_OK)
            fail_msg("%s, %s: the mirror is damaged: %s", name, what, verdict.message);
    }
}

/* The copy has an altered file: judge it. */
static void check_altered(struct flip_case *it, const char *name, const char *what)
{
    struct verify_report verdict;
    unsigned stride = it->stride * (strncmp(name, "tile/", 5) == 0 ? TILE_FACTOR : 1);
    if (!it->only_sync) {
        it->verified++;
        if (verify_dir(it->copy, it->key, &verdict) == HANSE_OK)
            fail_msg("%s, %s: verify accepts it", name, what);
        assert_string_not_equal(verdict.word, "ok");
        assert_string_not_equal(verdict.word, "failed");
        assert_true(verdict.message[0] != '\0');
    }
    if (it->turn++ % stride == 0)
        check_sync(it, name, what);
}

/* A live segment may hold more than its manifest says. */
static bool may_grow(const char *name)
{
    return strncmp(name, "hanse/public/", 13) == 0;
}

static void alter_file(struct flip_case *it, const char *name)
{
    char path[700];
    char what[64];
    (void)snprintf(path, sizeof path, "%s/%s", it->copy, name);
    struct hanse_buffer intact = file_content(path);
    struct hanse_bytes all = hanse_buffer_view(&intact);
    bool every_bit = strcmp(name, "checkpoint") == 0 || strcmp(name, "hanse/manifest") == 0;
    for (size_t i = 0; i < all.size; i++) {
        uint8_t byte = intact.data[i];
        unsigned bit = next_noise() % 8;
        for (unsigned n = 0; n < (every_bit ? 8u : 1u); n++) {
            intact.data[i] = (uint8_t)(byte ^ 1u << (bit + n) % 8);
            write_file(path, all);
            (void)snprintf(what, sizeof what, "byte %zu, bit %u", i, (bit + n) % 8);
            check_altered(it, name, what);
        }
        intact.data[i] = byte;
        write_file(path, hanse_bytes_slice(all, 0, i));
        (void)snprintf(what, sizeof what, "cut to %zu bytes", i);
        check_altered(it, name, what);
    }
    MUST(hanse_buffer_append_u8(&intact, (uint8_t)next_noise(), &node_err));
    write_file(path, hanse_buffer_view(&intact));
    if (!may_grow(name))
        check_altered(it, name, "a byte longer");
    assert_int_equal(unlink(path), 0);
    check_altered(it, name, "removed");
    write_file(path, hanse_bytes_slice(hanse_buffer_view(&intact), 0, all.size));
    hanse_buffer_release(&intact);
}

static void swap_files(struct flip_case *it, const char *a, const char *b)
{
    shell("cd '%s' && mv '%s' swap && mv '%s' '%s' && mv swap '%s'", it->copy, a, b, a, b);
    check_altered(it, a, b);
    shell("cd '%s' && mv '%s' swap && mv '%s' '%s' && mv swap '%s'", it->copy, a, b, a, b);
}

static void alter_all(struct flip_case *it)
{
    for (size_t i = 0; i < it->files.count; i++) {
        alter_file(it, it->files.names[i]);
        if (i > 0)
            swap_files(it, it->files.names[i - 1], it->files.names[i]);
    }
}

/* A dozen entries in three publishes; `held`: the state after the second. */
static void make_city(struct flip_case *it)
{
    struct hanse_node *city = make_node("city", CITY);
    it->origin = CITY;
    publish_some(city, 0, 4);
    publish_some(city, 4, 3);
    shell("cp -a '%s' '%s'", at("city/public"), at("held"));
    publish_some(city, 7, 4);
    own_key(city, it->key);
    hanse_node_close(city);
    (void)snprintf(it->intact, sizeof it->intact, "%s", at("city/public"));
}

static void test_small_feed(void **state)
{
    (void)state;
    static struct flip_case it;
    it = (struct flip_case){0};
    make_city(&it);
    begin(&it, NULL);
    alter_all(&it);
    finish(&it);
}

static void test_small_feed_of_which_a_part_is_held(void **state)
{
    (void)state;
    static struct flip_case it;
    it = (struct flip_case){0};
    make_city(&it);
    begin(&it, at("held"));
    assert_int_equal(it.before.info.size, 8);
    it.stride *= 4;
    it.only_sync = true;
    alter_all(&it);
    finish(&it);
}

static void test_feed_with_changed_keys(void **state)
{
    (void)state;
    static struct flip_case it;
    it = (struct flip_case){.origin = CITY};
    const json_t *vector = feed_named("rotation");
    (void)snprintf(it.key, sizeof it.key, "%s", text_of(vector, "key"));
    (void)snprintf(it.intact, sizeof it.intact, "%s", feed_folder(vector));
    begin(&it, NULL);
    it.stride *= 2;
    alter_all(&it);
    finish(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_small_feed),
        NODE_TEST(test_small_feed_of_which_a_part_is_held),
        NODE_TEST(test_feed_with_changed_keys),
    };
    return cmocka_run_group_tests(tests, load_feeds, unload_feeds);
}
