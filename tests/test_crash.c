/* SPDX-License-Identifier: Apache-2.0 */
/* The plug is pulled at every operation on the disk, and the node is opened again: nothing that was
 * acknowledged is lost, nothing is there twice, the feed does not fork, and work goes on. See crash_disk.h
 * for what a crash leaves. HANSE_CRASH_STRIDE=1 tries every point in every variant; without it each story
 * tries some of them. */
#include "crash_story.h"

static enum hanse_status run_init(void)
{
    enum hanse_status status = init_city() ? HANSE_OK : err.status;
    work_done_at = disk_mark();
    return status;
}

static enum hanse_status run_publish(void)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    if (status == HANSE_OK)
        status = publish(node);
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

static void init_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "init", .is_init = true, .run = run_init};
    record_run(&story);
    crash_everywhere(&story, 3);
}

static void stage_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "stage"};
    struct hanse_node *node = NULL;
    int told[4] = {0};
    make_city(2, 0, 60);
    disk_record(world);
    MUST(hanse_node_open(city, &node, &err));
    for (unsigned i = 0; i < 3; i++) {
        assert_true(stage(node, 100 + i, 3000));
        told[i] = disk_mark();
    }
    hanse_node_close(node);
    story.trace = disk_stop();
    remember_changes(&story, city, 0);
    assert_int_equal(story.change_count, 6);
    for (size_t i = 0; i < 3; i++)
        story.changes[3 + i].told_at = told[i];
    story.done_at = told[2];
    crash_everywhere(&story, 5);
}

struct text_source {
    const char *text;
    size_t at;
};

static enum hanse_status read_text(void *context, uint8_t *buffer, size_t size, size_t *out_read,
                                   struct hanse_error *error)
{
    (void)error;
    struct text_source *source = context;
    size_t left = strlen(source->text + source->at);
    *out_read = left < size ? left : size;
    memcpy(buffer, source->text + source->at, *out_read);
    source->at += *out_read;
    return HANSE_OK;
}

static enum hanse_status import_records(struct hanse_node *node, unsigned first, unsigned count)
{
    char *lines = calloc(1, 4000 * (size_t)count + 1);
    size_t size = 0;
    assert_non_null(lines);
    for (unsigned i = 0; i < count; i++) {
        struct hanse_record *record = make_record(first + i, 2000);
        char *json = NULL;
        MUST(hanse_record_json(record, &json, &err));
        size += (size_t)sprintf(lines + size, "%s\n", json);
        hanse_free(json);
        hanse_record_free(record);
    }
    struct text_source source = {.text = lines};
    struct hanse_import_options options = {.version = 1, .read = read_text, .read_context = &source};
    struct hanse_import_result result = {0};
    enum hanse_status status = hanse_import(node, &options, &result, &err);
    free(lines);
    return status;
}

static void import_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "import"};
    struct hanse_node *node = NULL;
    make_city(2, 1, 60);
    disk_record(world);
    MUST(hanse_node_open(city, &node, &err));
    MUST(import_records(node, 200, 20));
    story.done_at = disk_mark();
    hanse_node_close(node);
    story.trace = disk_stop();
    remember_changes(&story, city, 0);
    assert_int_equal(story.change_count, 24);
    for (size_t i = 4; i < story.change_count; i++)
        story.changes[i].told_at = story.done_at;
    crash_everywhere(&story, 3);
}

static enum hanse_status run_import(void)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    if (status == HANSE_OK)
        status = import_records(node, 200, 20);
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

/* All of the file is staged or nothing; what an import makes has other salts each time. */
static bool judge_import(const struct story *story, int count)
{
    struct hanse_node *node = NULL;
    uint64_t staged = 0;
    NEED_OK(hanse_node_open(city, &node, &err));
    NEED_OK(verify(node));
    NEED_OK(hanse_stage_count(node, NULL, &staged, &err));
    NEED(staged == 21 || (staged == 1 && count < story->done_at), "%u changes are staged", (unsigned)staged);
    NEED_OK(import_records(node, 200, 20));
    NEED_OK(hanse_stage_count(node, NULL, &staged, &err));
    NEED(staged == 21, "%u changes are staged after a second import", (unsigned)staged);
    NEED_OK(publish(node));
    NEED_OK(verify(node));
    hanse_node_close(node);
    return true;
}

static void import_that_fails_is_repeated(void **state)
{
    (void)state;
    static struct story story = {.name = "import again", .run = run_import, .judge = judge_import};
    make_city(2, 1, 60);
    record_run(&story);
    crash_everywhere(&story, 11);
}

static enum hanse_status run_verify(void)
{
    struct hanse_node *node = NULL;
    enum hanse_status status = hanse_node_open(city, &node, &err);
    if (status == HANSE_OK)
        status = verify(node);
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

static void verify_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "verify", .run = run_verify};
    make_city(9, 1, 100);
    remember_changes(&story, city, 0);
    record_run(&story);
    crash_everywhere(&story, 3);
}

/* Does the work on a city with staged changes, and crashes it. */
static void crash_work(struct story *story, enum hanse_status (*work)(void), int usual_stride)
{
    struct disk_image staged = disk_image_read(world);
    remember_changes(story, city, 0);
    disk_image_write(&staged, world);
    story->follower_before = make_follower(city, true);
    disk_image_write(&staged, world);
    story->run = work;
    record_run(story);
    story->is_large = usual_stride > 50;
    story->follower_after = make_follower(city, true);
    disk_image_free(&staged);
    crash_everywhere(story, usual_stride);
}

static void crash_publish(struct story *story, int usual_stride)
{
    crash_work(story, run_publish, usual_stride);
}

static void first_publish_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "first publish"};
    make_city(0, 4, 100);
    crash_publish(&story, 7);
}

static void later_publish_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "later publish"};
    make_city(4, 2, 100);
    crash_publish(&story, 7);
}

/* Tiles fill up, and their partial forms go. */
static void publish_that_fills_a_tile_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "publish that fills a tile"};
    make_city(250, 9, 30);
    crash_publish(&story, 29);
}

/* Segments fill up: large records. */
static void publish_that_rotates_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "publish that begins a segment"};
    make_city(3, 13, 1000000);
    crash_publish(&story, 193);
}

/* A segment of many small frames fills up and is written again, dense, beyond the checkpoint that is out. */
static void publish_that_seals_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "publish that seals a segment"};
    struct hanse_node *node = NULL;
    make_city(1, 0, 60);
    MUST(hanse_node_open(city, &node, &err));
    for (unsigned i = 0; i < 200; i++) {
        assert_true(stage(node, 100 + i, 20));
        MUST(publish(node));
    }
    for (unsigned i = 0; i < 62; i++)
        assert_true(stage(node, 1000 + i, 200000));
    hanse_node_close(node);
    crash_publish(&story, 391);
}

static enum hanse_status run_rotate(void)
{
    struct hanse_node *node = NULL;
    struct hanse_key_rotate_options options = {.version = 1};
    enum hanse_status status = hanse_node_open(city, &node, &err);
    if (status == HANSE_OK)
        status = hanse_key_rotate(node, &options, NULL, NULL, &err);
    work_done_at = disk_mark();
    hanse_node_close(node);
    return status;
}

/* Whichever key signs after the crash, it is one that followers accept; what is staged stays so. */
static void key_change_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "key change"};
    make_city(4, 2, 100);
    crash_work(&story, run_rotate, 7);
}

static void second_key_change_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "second key change"};
    make_city(3, 1, 100);
    MUST(run_rotate());
    crash_work(&story, run_rotate, 13);
}

/* Opening after a crash crashes too. */
static void opening_survives(void **state)
{
    (void)state;
    static struct story first;
    struct hanse_node *node = NULL;
    make_city(4, 2, 100);
    remember_changes(&first, city, 0);
    disk_record(world);
    MUST(hanse_node_open(city, &node, &err));
    MUST(publish(node));
    hanse_node_close(node);
    struct disk_trace trace = disk_stop();
    int stride = stride_of(13);
    for (int count = 0; count <= (int)trace.op_count; count += stride) {
        static struct story story;
        static const enum disk_variant variants[] = {DISK_KEPT, DISK_LOST, DISK_TORN};
        for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
            char name[64];
            struct disk_image image = disk_after_crash(&trace, count, variants[i], 0);
            (void)snprintf(name, sizeof name, "open after %d, %s", count, disk_variant_names[variants[i]]);
            story = first;
            story.name = name;
            disk_image_write(&image, world);
            disk_image_free(&image);
            disk_record(world);
            enum hanse_status status = hanse_node_open(city, &node, &err);
            story.done_at = disk_mark();
            hanse_node_close(status == HANSE_OK ? node : NULL);
            story.trace = disk_stop();
            if (status != HANSE_OK)
                fail_msg("%s: %s", name, err.message);
            crash_everywhere(&story, 11);
        }
    }
    disk_trace_free(&trace);
}

/* The city's folder becomes a source outside of the watched world; the world gets a follower. */
static void crash_sync(struct story *story, const char *before, const char *after, int usual_stride)
{
    char source[96];
    char source_public[112];
    (void)snprintf(source, sizeof source, "%s/source", base);
    (void)snprintf(source_public, sizeof source_public, "%s/public", source);
    struct disk_image old = disk_image_read(before);
    struct disk_image new = disk_image_read(after);
    disk_image_write(&new, source);
    remember_changes(story, source, 0);
    disk_image_write(&old, source);
    struct disk_image image = make_follower(source, before != after);
    disk_image_write(&new, source);
    disk_remove_tree(world);
    assert_int_equal(syscall(SYS_mkdir, world, 0755), 0);
    disk_image_write(&image, city);
    disk_image_free(&image);
    story->is_mirror = true;
    story->run = run_sync;
    record_run(story);
    disk_image_free(&old);
    disk_image_free(&new);
    crash_everywhere(story, usual_stride);
}

static void first_sync_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "first sync"};
    char old[96], new[96];
    make_versions(5, 3, 100, old, new);
    crash_sync(&story, new, new, 7);
}

static void later_sync_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "later sync"};
    char old[96], new[96];
    make_versions(5, 3, 100, old, new);
    crash_sync(&story, old, new, 7);
}

static void sync_that_fills_a_tile_survives(void **state)
{
    (void)state;
    static struct story story = {.name = "sync that fills a tile"};
    char old[96], new[96];
    make_versions(250, 9, 30, old, new);
    crash_sync(&story, old, new, 29);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_survives),
        cmocka_unit_test(stage_survives),
        cmocka_unit_test(import_survives),
        cmocka_unit_test(import_that_fails_is_repeated),
        cmocka_unit_test(verify_survives),
        cmocka_unit_test(first_publish_survives),
        cmocka_unit_test(later_publish_survives),
        cmocka_unit_test(publish_that_fills_a_tile_survives),
        cmocka_unit_test(publish_that_rotates_survives),
        cmocka_unit_test(publish_that_seals_survives),
        cmocka_unit_test(key_change_survives),
        cmocka_unit_test(second_key_change_survives),
        cmocka_unit_test(opening_survives),
        cmocka_unit_test(first_sync_survives),
        cmocka_unit_test(later_sync_survives),
        cmocka_unit_test(sync_that_fills_a_tile_survives),
    };
    cmocka_set_test_filter(getenv("HANSE_CRASH_TEST"));
    int failed = cmocka_run_group_tests(tests, set_up, tear_down);
    tell_points();
    return failed;
}
