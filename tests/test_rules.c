/* SPDX-License-Identifier: Apache-2.0 */
/* The feeds of tests/vectors, good ones and one for each way to break a rule, as folders: verified as such,
 * and followed and synced by a node. */
#include "vector_folder.h"

static unsigned failures;

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprint_error(format, arguments);
    va_end(arguments);
    failures++;
}

static void check_count(const json_t *vector, const char *what, uint64_t count)
{
    const json_t *expect = json_object_get(vector, "expect");
    if (json_object_get(expect, what) != NULL && number_member(expect, what) != count)
        tell("%s: %s is %llu instead of %llu\n", text_of(vector, "name"), what, (unsigned long long)count,
             (unsigned long long)number_member(expect, what));
}

static const char *verify_word(const char *result)
{
    return strcmp(result, "unreachable") == 0 ? "truncated" : result;
}

static void test_folders_are_verified(void **state)
{
    (void)state;
    size_t index;
    const json_t *vector;
    failures = 0;
    json_array_foreach(all_feeds, index, vector)
    {
        struct verify_report report;
        const char *wanted = text_of(json_object_get(vector, "expect"), "result");
        const char *dir = feed_folder(vector);
        enum hanse_status status = verify_dir(dir, text_of(vector, "key"), &report);
        if (strcmp(report.word, verify_word(wanted)) != 0)
            tell("%s: verify says %s instead of %s: %s\n", text_of(vector, "name"), report.word, wanted,
                 report.message);
        else if ((status == HANSE_OK) != (strcmp(wanted, "ok") == 0))
            tell("%s: verify gives %s\n", text_of(vector, "name"), hanse_status_name(status));
        if (strcmp(wanted, "ok") == 0 || strcmp(wanted, "incomplete") == 0) {
            check_count(vector, "size", report.result.size);
            check_count(vector, "entries", report.result.entries);
            check_count(vector, "payloads", report.result.payloads);
            check_count(vector, "withheld", report.result.withheld);
            check_count(vector, "erased", report.result.erased);
            check_count(vector, "invalid", report.result.invalid);
        }
        shell("rm -rf '%s'", dir);
        hanse_arena_reset(&vector_arena);
    }
    assert_int_equal(failures, 0);
}

/* A sync sees what it reads: the damage that only verify sees lets it through. */
static bool sync_may_pass(const json_t *vector)
{
    static const char *const rules[] = {"feed.tile", "feed.bundle", "segment.blocks", "segment.end"};
    const char *rule = text_of(json_object_get(vector, "expect"), "rule");
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strncmp(rule, rules[i], strlen(rules[i])) == 0)
            return true;
    return false;
}

static const char *origin_in(const char *key)
{
    static char origin[128];
    (void)snprintf(origin, sizeof origin, "%.*s", (int)strcspn(key, "+"), key);
    return origin;
}

static void check_synced(struct hanse_node *node, const json_t *vector, const char *dir)
{
    const char *name = text_of(vector, "name");
    const char *wanted = text_of(json_object_get(vector, "expect"), "result");
    const char *origin = origin_in(text_of(vector, "key"));
    bool taken = strcmp(wanted, "ok") == 0 || strcmp(wanted, "incomplete") == 0;
    struct sync_report report = sync_node(node);
    const char *word = hanse_sync_outcome_name(report.outcome);
    bool empty = number_member(json_object_get(vector, "expect"), "size") == 0;
    bool passed = report.outcome == HANSE_SYNC_UPDATED || report.outcome == HANSE_SYNC_INCOMPLETE ||
                  (report.outcome == HANSE_SYNC_CURRENT && empty);
    if (sync_may_pass(vector) && passed)
        taken = true;
    else if (strcmp(wanted, "ok") == 0 ? !passed || report.outcome == HANSE_SYNC_INCOMPLETE
                                       : strcmp(word, wanted) != 0)
        tell("%s: sync says %s instead of %s: %s\n", name, word, wanted, report.message);
    struct feed_row row = feed_of(node, origin);
    if (taken)
        check_count(vector, "size", row.info.size);
    else if (row.info.size != 0 || report.new_size != 0)
        tell("%s: a refused feed has %llu entries\n", name, (unsigned long long)row.info.size);
    assert_string_equal(row.last_result, word);
    if (!taken || !passed || empty)
        return;
    struct verify_report verdict;
    (void)verify_dir(mirror_of("office", origin), text_of(vector, "key"), &verdict);
    if (strcmp(verdict.word, report.outcome == HANSE_SYNC_INCOMPLETE ? "incomplete" : "ok") != 0)
        tell("%s: the mirror is %s: %s\n", name, verdict.word, verdict.message);
    if (strcmp(wanted, "ok") == 0 && text_of(vector, "base") == NULL)
        assert_same_file(at("%s/checkpoint", dir + strlen(work_dir) + 1),
                         at("%s/checkpoint", mirror_of("office", origin) + strlen(work_dir) + 1));
    struct sync_report again = sync_node(node);
    if (again.outcome !=
        (report.outcome == HANSE_SYNC_INCOMPLETE ? HANSE_SYNC_INCOMPLETE : HANSE_SYNC_CURRENT))
        tell("%s: the second sync says %s: %s\n", name, hanse_sync_outcome_name(again.outcome),
             again.message);
}

static void test_folders_are_synced(void **state)
{
    (void)state;
    size_t index;
    const json_t *vector;
    failures = 0;
    hanse_node_close(make_node("template", "office.example/hanse"));
    json_array_foreach(all_feeds, index, vector)
    {
        shell("rm -rf '%s' && cp -a '%s' '%s'", at("office"), at("template"), at("office"));
        const char *dir = feed_folder(vector);
        struct hanse_node *node = open_node("office");
        follow_dir(node, dir, text_of(vector, "key"));
        check_synced(node, vector, dir);
        hanse_node_close(node);
        shell("rm -rf '%s'", dir);
        hanse_arena_reset(&vector_arena);
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_folders_are_verified),
        NODE_TEST(test_folders_are_synced),
    };
    return cmocka_run_group_tests(tests, load_feeds, unload_feeds);
}
