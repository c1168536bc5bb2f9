/* SPDX-License-Identifier: Apache-2.0 */
/* The plug is pulled at every operation on the disk of what repairs, forgets and copies: an index that is
 * brought up to date, unfollow, erasure, late payloads, recover, copy. See test_crash.c. */
#include "crash_story.h"

#include <sqlite3.h>

#include <hanse/copy.h>

#include "erasure_support.h"
#include "node/files/segment_list.h"
#include "node/files/segment_rewrite.h"
#include "old_index.h"

/* Entry 0 is the key, entry 1 the profile. */
enum { RECORDS = 5, PUBLISHED = RECORDS + 2, GONE_INDEX = 3, GONE_CHANGE = GONE_INDEX - 1 };

/* --- an index of the version before --- */

static enum hanse_status run_open(void)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

static void index_upgrade_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "index upgrade", .run = run_open};
    char path[160];
    sqlite3 *handle = NULL;
    make_city(4, 2, 100);
    remember_changes(&story, city, 0);
    (void)snprintf(path, sizeof path, "%s/private/index.sqlite", city);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, OLD_INDEX_SQL "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
    record_run(&story);
    crash_everywhere(&story, 2);
}

/* --- followers: the world holds the follower at `city`, its source lies outside --- */

static char source[96];

/* The city becomes the source, and a node that follows it the world. */
static void make_mirror(bool synced)
{
    (void)snprintf(source, sizeof source, "%s/source", base);
    struct disk_image image = disk_image_read(city);
    disk_image_write(&image, source);
    disk_image_free(&image);
    image = make_follower(source, synced);
    disk_remove_tree(world);
    assert_int_equal(syscall(SYS_mkdir, world, 0755), 0);
    disk_image_write(&image, city);
    disk_image_free(&image);
}

static void mirror_path(char out[256], const char *name)
{
    char hex[65];
    struct hanse_digest digest;
    MUST(hanse_digest_compute(hanse_bytes_of_text(ORIGIN), &digest, &err));
    hanse_hex_encode(hanse_digest_view(&digest), hex);
    (void)snprintf(out, 256, "%s/public/%s/%s", city, hex, name);
}

static enum hanse_status run_unfollow(void)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    if (status == HANSE_OK)
        status = hanse_feed_unfollow(node, ORIGIN, NULL, NULL, &err);
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

/* Followed or not, and never its files without it: they would be served for ever. */
static bool judge_unfollow(const struct story *story, int count)
{
    char path[256];
    struct hanse_node *node = NULL;
    struct hanse_index_feed row;
    mirror_path(path, "");
    NEED_OK(hanse_node_open(city, &node, &err));
    enum hanse_status status = hanse_index_feed_get(node->index, ORIGIN, &row, &err);
    NEED(status == HANSE_NOT_FOUND || count < story->done_at, "it is followed still");
    NEED(status == HANSE_OK || !hanse_file_exists(path), "it is not followed, and its files are there");
    if (status == HANSE_OK) {
        enum hanse_sync_outcome outcome = sync_all(node);
        NEED(outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT, "sync after the crash: %s: %s",
             hanse_sync_outcome_name(outcome), err.message);
        NEED_OK(verify(node));
        NEED_OK(hanse_feed_unfollow(node, ORIGIN, NULL, NULL, &err));
        NEED(!hanse_file_exists(path), "the second unfollow left files");
    }
    NEED_OK(verify(node));
    hanse_node_close(node);
    return true;
}

static void unfollow_survives(void **state)
{
    (void)state;
    static struct story story = {
        .name = "unfollow", .is_mirror = true, .run = run_unfollow, .judge = judge_unfollow};
    make_city(RECORDS, 0, 100);
    make_mirror(true);
    record_run(&story);
    crash_everywhere(&story, 3);
}

/* --- erasure --- */

/* Whether the copy still has the payload, in the files that count and in those that do not. */
static bool judge_erased(struct hanse_node *node)
{
    struct hanse_path dir;
    const struct hanse_frame_entry *entry;
    struct hanse_digest leaf;
    struct hanse_entry_reader *reader = NULL;
    char segments[256];
    size_t files = 0;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    NEED_OK(hanse_node_feed_dir(node, ORIGIN, &dir, &err));
    NEED_OK(hanse_feed_store_open(&store, dir.text, &err));
    NEED_OK(hanse_entry_reader_new(&store, &reader, &err));
    NEED_OK(hanse_entry_reader_get(reader, GONE_INDEX, &entry, &leaf, &err));
    bool absent = entry->absent;
    hanse_entry_reader_free(reader);
    NEED(absent, "the erased payload is still there");
    mirror_path(segments, "hanse/public");
    DIR *folder = opendir(segments);
    for (struct dirent *name; folder != NULL && (name = readdir(folder)) != NULL;)
        files += name->d_name[0] != '.';
    if (folder != NULL)
        closedir(folder);
    NEED(files == store.manifest.segment_count, "%zu segment files lie there, %zu count", files,
         store.manifest.segment_count);
    return true;
}

static bool judge_erasure(const struct story *story, int count)
{
    static struct holdings held;
    struct hanse_node *node = NULL;
    NEED_OK(hanse_node_open(city, &node, &err));
    NEED_OK(verify(node));
    if (!hold(node, &held) || !judge_notes(story, count, &held))
        return false;
    if (held.size > PUBLISHED && !judge_erased(node))
        return false;
    enum hanse_sync_outcome outcome = sync_all(node);
    NEED(outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT, "sync after the crash: %s: %s",
         hanse_sync_outcome_name(outcome), err.message);
    NEED_OK(verify(node));
    if (!hold(node, &held) || !judge_erased(node))
        return false;
    for (size_t i = 0; i < story->change_count; i++)
        NEED(count_of(&held, story->changes[i].commitment) == (i == GONE_CHANGE ? 0 : 1),
             "change %zu is there %zu times", i, count_of(&held, story->changes[i].commitment));
    hanse_node_close(node);
    return true;
}

static void erasure_survives(void **state)
{
    (void)state;
    static struct story story = {
        .name = "erasure", .is_mirror = true, .run = run_sync, .judge = judge_erasure};
    struct hanse_node *node = NULL;
    make_city(RECORDS, 0, 100);
    remember_changes(&story, city, 0);
    make_mirror(true);
    MUST(hanse_node_open(source, &node, &err));
    publish_erasure(node, ORIGIN, GONE_INDEX);
    hanse_node_close(node);
    record_run(&story);
    crash_everywhere(&story, 5);
}

/* --- payloads that come late --- */

static enum hanse_status withhold(void *context, uint64_t index, struct hanse_frame_entry *entry,
                                  struct hanse_error *error)
{
    (void)context;
    (void)error;
    if (index == GONE_INDEX) {
        entry->payload = hanse_bytes_of(NULL, 0);
        entry->absent = true;
    }
    return HANSE_OK;
}

/* The source's only segment, without a payload. */
static void withhold_payload(void)
{
    char dir[112];
    struct hanse_segment_list list = {0};
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    (void)snprintf(dir, sizeof dir, "%s/public", source);
    MUST(hanse_feed_store_open(&store, dir, &err));
    MUST(hanse_segment_list_copy(&list, &store.manifest, UINT64_MAX, &err));
    MUST(hanse_segment_rewrite(dir, &list.items[0], withhold, NULL, &err));
    MUST(hanse_segment_list_write(&list, dir, &err));
    hanse_segment_list_release(&list);
}

static bool judge_refill(const struct story *story, int count)
{
    static struct holdings held;
    struct hanse_node *node = NULL;
    NEED_OK(hanse_node_open(city, &node, &err));
    enum hanse_status status = verify(node);
    NEED(status == HANSE_OK || (status == HANSE_INCOMPLETE && count < story->done_at), "verify: %s",
         err.message);
    enum hanse_sync_outcome outcome = sync_all(node);
    NEED(outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT, "sync after the crash: %s: %s",
         hanse_sync_outcome_name(outcome), err.message);
    NEED_OK(verify(node));
    if (!hold(node, &held) || !judge_changes(story, 0, &held, 0))
        return false;
    hanse_node_close(node);
    return true;
}

static void refill_survives(void **state)
{
    (void)state;
    static struct story story = {
        .name = "late payload", .is_mirror = true, .run = run_sync, .judge = judge_refill};
    struct hanse_node *node = NULL;
    make_city(RECORDS, 0, 100);
    remember_changes(&story, city, 0);
    struct disk_image whole = disk_image_read(city);
    make_mirror(false);
    withhold_payload();
    MUST(hanse_node_open(city, &node, &err));
    assert_string_equal(hanse_sync_outcome_name(sync_all(node)), "incomplete");
    hanse_node_close(node);
    disk_image_write(&whole, source);
    disk_image_free(&whole);
    record_run(&story);
    crash_everywhere(&story, 3);
}

/* --- recover: the world is the city, what it published lies outside too --- */

static enum hanse_status recover_city(struct hanse_node *node)
{
    char url[128];
    enum hanse_sync_outcome outcome = HANSE_SYNC_FAILED;
    (void)snprintf(url, sizeof url, "file://%s/public", source);
    struct hanse_recover_options options = {
        .version = 1, .url = url, .visit = keep_result, .context = &outcome};
    enum hanse_status status = hanse_recover(node, &options, &err);
    return status != HANSE_OK || outcome == HANSE_SYNC_UPDATED || outcome == HANSE_SYNC_CURRENT ? status
                                                                                                : HANSE_IO;
}

static enum hanse_status run_recover(void)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    if (status == HANSE_OK)
        status = recover_city(node);
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

/* Recovered, or to be recovered again: with what was staged, and without forking. */
static bool judge_recover(const struct story *story, int count)
{
    struct hanse_node *node = NULL;
    NEED_OK(hanse_node_open(city, &node, &err));
    NEED(count < story->done_at || verify(node) == HANSE_OK, "recover had returned: %s", err.message);
    NEED(recover_city(node) == HANSE_OK, "recover after the crash: %s", err.message);
    NEED_OK(verify(node));
    hanse_node_close(node);
    return judge_city(story, 0, 0);
}

static void crash_recover(struct story *story, void (*spoil)(void), int usual_stride)
{
    (void)snprintf(source, sizeof source, "%s/source", base);
    make_city(RECORDS, 2, 100);
    remember_changes(story, city, 0);
    struct disk_image image = disk_image_read(city);
    disk_image_write(&image, source);
    disk_image_free(&image);
    spoil();
    story->run = run_recover;
    story->judge = judge_recover;
    record_run(story);
    crash_everywhere(story, usual_stride);
}

/* A byte in the middle of the only segment. */
static void spoil_segment(void)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/public/hanse/public", city);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *name; (name = readdir(folder)) != NULL;) {
        if (name->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/public/hanse/public/%.60s", city, name->d_name);
        int fd = open(path, O_RDWR | O_CLOEXEC);
        uint8_t byte = 0;
        assert_true(fd >= 0 && pread(fd, &byte, 1, 200) == 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, 200), 1);
        close(fd);
    }
    closedir(folder);
}

static void recover_of_damage_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "recover of a damaged feed"};
    crash_recover(&story, spoil_segment, 5);
}

/* A backup, while what was published after it is noted outside. */
static void recover_of_backup_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "recover of a backup"};
    struct hanse_node *node = NULL;
    (void)snprintf(source, sizeof source, "%s/source", base);
    make_city(RECORDS, 0, 100);
    struct disk_image older = disk_image_read(city);
    MUST(hanse_node_open(city, &node, &err));
    for (unsigned i = 0; i < 3; i++)
        assert_true(stage(node, 1000 + i, 100));
    MUST(publish(node));
    hanse_node_close(node);
    remember_changes(&story, city, 0);
    struct disk_image image = disk_image_read(city);
    disk_image_write(&image, source);
    disk_image_free(&image);
    disk_image_write(&older, city);
    disk_image_free(&older);
    story.run = run_recover;
    story.judge = judge_recover;
    record_run(&story);
    crash_everywhere(&story, 5);
}

/* --- copy: the world holds the city and the stick --- */

static char stick[128];

static enum hanse_status copy_city(struct hanse_node *node)
{
    const struct hanse_copy_options options = {.version = 1, .dir = stick};
    return hanse_copy(node, &options, &err);
}

static enum hanse_status run_copy(void)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    if (status == HANSE_OK)
        status = copy_city(node);
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

static void keep_size(void *context, const struct hanse_verify_result *result)
{
    *(uint64_t *)context = result->size;
}

static bool stick_holds(const char *key, uint64_t least)
{
    char path[256], hex[65];
    struct hanse_digest digest;
    uint64_t size = 0;
    MUST(hanse_digest_compute(hanse_bytes_of_text(ORIGIN), &digest, &err));
    hanse_hex_encode(hanse_digest_view(&digest), hex);
    (void)snprintf(path, sizeof path, "%s/%s/checkpoint", stick, hex);
    if (least == 0 && !hanse_file_exists(path))
        return true;
    *strrchr(path, '/') = '\0';
    struct hanse_verify_options options = {
        .version = 1, .verifier_key = key, .visit = keep_size, .context = &size};
    NEED(hanse_verify_dir(path, &options, &err) == HANSE_OK, "the copy: %s", err.message);
    NEED(size >= least, "the copy has %u entries, not %u", (unsigned)size, (unsigned)least);
    return true;
}

static uint64_t copied_before;

/* What was on the stick is there, or what comes to it: a copy that cannot be read is none. */
static bool judge_copy(const struct story *story, int count)
{
    char *key = NULL;
    struct hanse_node *node = NULL;
    NEED_OK(hanse_node_open(city, &node, &err));
    NEED_OK(hanse_node_verifier_key(node, ORIGIN, &key, &err));
    bool good = stick_holds(key, count >= story->done_at ? PUBLISHED : copied_before);
    if (good && copy_city(node) != HANSE_OK) {
        (void)snprintf(why, sizeof why, "copy after the crash: %.900s", err.message);
        good = false;
    }
    good = good && stick_holds(key, PUBLISHED);
    hanse_free(key);
    hanse_node_close(node);
    return good && judge_city(story, count, 0);
}

static void crash_copy(struct story *story, unsigned before)
{
    struct hanse_node *node = NULL;
    (void)snprintf(stick, sizeof stick, "%s/stick", world);
    make_city(before, 0, 100);
    MUST(hanse_node_open(city, &node, &err));
    copied_before = 0;
    if (before > 0) {
        MUST(copy_city(node));
        copied_before = before + 2;
    }
    for (unsigned i = before; i < RECORDS; i++)
        assert_true(stage(node, 1000 + i, 100));
    MUST(publish(node));
    hanse_node_close(node);
    remember_changes(story, city, 0);
    story->run = run_copy;
    story->judge = judge_copy;
    record_run(story);
    crash_everywhere(story, 5);
}

static void first_copy_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "first copy"};
    crash_copy(&story, 0);
}

static void later_copy_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "later copy"};
    crash_copy(&story, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_upgrade_survives),     cmocka_unit_test(unfollow_survives),
        cmocka_unit_test(erasure_survives),           cmocka_unit_test(refill_survives),
        cmocka_unit_test(recover_of_damage_survives), cmocka_unit_test(recover_of_backup_survives),
        cmocka_unit_test(first_copy_survives),        cmocka_unit_test(later_copy_survives),
    };
    cmocka_set_test_filter(getenv("HANSE_CRASH_TEST"));
    int failed = cmocka_run_group_tests(tests, set_up, tear_down);
    tell_points();
    return failed;
}
