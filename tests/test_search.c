/* SPDX-License-Identifier: Apache-2.0 */
/* Searching a node: what is found, with which passage, and that it follows everything that happens to records
 * and to the files of words. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include <hanse/search.h>

#include "anomaly.h"
#include "base/text.h"
#include "node/query/search_update.h"
#include "node_support.h"

struct hits {
    unsigned count;
    char titles[1024]; /* "first|second" */
    char passage[512];
    char marked[512]; /* what the marks of the first hit are around, as "one|two" */
    char language[32];
    uint32_t score;
};

static void add_part(char *text, size_t size, const char *part, size_t part_size)
{
    size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s%.*s", used > 0 ? "|" : "", (int)part_size, part);
}

static enum hanse_status keep(void *context, const struct hanse_search_hit *hit, struct hanse_error *err)
{
    struct hits *hits = context;
    char *title = NULL;
    const char *path = strcmp(hit->item->kind, "Project") == 0        ? "project.title[0].text"
                       : strcmp(hit->item->kind, "Organisation") == 0 ? "organisation.name[0].text"
                                                                      : "localGovernment.name[0].text";
    enum hanse_status status = hanse_record_get(hit->item->record, path, &title, err);
    if (status != HANSE_OK)
        return status;
    add_part(hits->titles, sizeof hits->titles, title, strlen(title));
    hanse_free(title);
    if (hits->count++ > 0)
        return HANSE_OK;
    (void)snprintf(hits->passage, sizeof hits->passage, "%s", hit->passage);
    (void)snprintf(hits->language, sizeof hits->language, "%s", hit->language);
    hits->score = hit->score;
    for (size_t i = 0; i < hit->mark_count; i++)
        add_part(hits->marked, sizeof hits->marked, hit->passage + hit->marks[i].start, hit->marks[i].size);
    return HANSE_OK;
}

static struct hanse_search_answer answer;

static struct hits find(struct hanse_node *node, const struct hanse_search *search)
{
    struct hits hits = {.count = 0};
    MUST(hanse_search_run(node, search, keep, &hits, &answer, &node_err));
    return hits;
}

static struct hits words(struct hanse_node *node, const char *text)
{
    return find(node, &(struct hanse_search){.version = 1, .words = text});
}

#define assert_titles(node, text, wanted) assert_string_equal(words(node, text).titles, wanted)

static void put(struct hanse_node *node, const char *uuid, const char *json, char out_id[256])
{
    struct hanse_record *record = record_of(json);
    enum hanse_stage_outcome outcome;
    char *id = NULL;
    MUST(hanse_stage_put(node, NULL, uuid, record, &outcome, &id, &node_err));
    if (out_id != NULL)
        (void)snprintf(out_id, 256, "%s", id);
    hanse_record_free(record);
    hanse_free(id);
}

#define PROJECT_END                                                                                          \
    "\"status\":\"PROJECT_STATUS_IMPLEMENTATION\",\"dates\":[{\"type\":\"PROJECT_DATE_TYPE_ACTUAL_START\","  \
    "\"date\":{\"year\":2024}}],\"sectors\":[{\"scheme\":\"DAC-5\",\"code\":\"14050\"}]"

static const char tram_json[] =
    "{\"project\":{\"title\":[{\"text\":\"Tramway in Đà Nẵng\",\"language\":\"en\"},"
    "{\"text\":\"Tàu điện ở Đà Nẵng\",\"language\":\"vi\"}],\"description\":[{\"text\":["
    "{\"text\":\"A line of twelve kilometres.\\nIt is studied with engineers from "
    "Düsseldorf.\",\"language\":\"en\"}]}],"
    "\"participants\":[{\"actor\":{\"id\":\"JP-LGCODE:401005\"},\"role\":\"PARTICIPANT_ROLE_IMPLEMENTING\"}],"
    "\"tags\":[{\"scheme\":\"SDG-TARGET\",\"code\":\"11.2\"}]," PROJECT_END "}}";
static const char waste_json[] =
    "{\"project\":{\"title\":[{\"text\":\"Sorting at "
    "home\",\"language\":\"en\"}],\"description\":[{\"text\":["
    "{\"text\":\"北九州市の廃棄物の分別を広める。\",\"language\":\"ja\"},"
    "{\"text\":\"Household waste is sorted; solid waste costs less than sewage.\",\"language\":\"en\"},"
    "{\"text\":\"การพัฒนาเมือง\",\"language\":\"th\"}]}],"
    "\"participants\":[{\"actor\":{\"id\":\"UNLOCODE:JPKKJ\"},\"role\":\"PARTICIPANT_ROLE_IMPLEMENTING\"}],"
    "\"markers\":[{\"scheme\":\"DAC-MARKER\",\"code\":\"2\",\"significance\":\"0\"}],"
    "\"tags\":[{\"scheme\":\"SDG-TARGET\",\"code\":\"12.5\"}]," PROJECT_END "}}";
static const char city_json[] =
    "{\"header\":{\"identifiers\":[{\"scheme\":\"UNLOCODE\",\"value\":\"JPKKJ\"},"
    "{\"scheme\":\"JP-LGCODE\",\"value\":\"401005\"}]},\"localGovernment\":{\"name\":[{\"text\":\"北九州市\","
    "\"language\":\"ja\"}],\"country\":\"JP\"}}";

/* Three records: a project by the code of the ward office, one by the UN code, and the city that has both. */
static struct hanse_node *make_city(void)
{
    struct hanse_node *node = make_node("city", CITY);
    put(node, NULL, tram_json, NULL);
    put(node, NULL, waste_json, NULL);
    put(node, NULL, city_json, NULL);
    (void)publish(node);
    return node;
}

static void words_of_every_script_are_found(void **state)
{
    (void)state;
    struct hanse_node *node = make_city();
    assert_titles(node, "da nang", "Tramway in Đà Nẵng");
    assert_titles(node, "TAU DIEN", "Tramway in Đà Nẵng");
    assert_titles(node, "dusseldorf -waste", "Tramway in Đà Nẵng");
    assert_titles(node, "廃棄物 分別", "Sorting at home");
    assert_titles(node, "พัฒนา", "Sorting at home");
    assert_titles(node, "北九州", "北九州市|Sorting at home"); /* a title counts more */
    assert_titles(node, "市", "北九州市|Sorting at home");
    assert_titles(node, "\"solid waste\"", "Sorting at home");
    assert_titles(node, "\"waste solid\"", "");
    assert_titles(node, "house*", "Sorting at home");
    assert_titles(node, "JPKKJ", ""); /* codes are no words */
    assert_int_equal(answer.total, 0);
    hanse_node_close(node);
}

static void a_hit_shows_where_the_words_are(void **state)
{
    (void)state;
    struct hanse_node *node = make_city();
    struct hits hits = words(node, "solid sewage");
    assert_string_equal(hits.passage, "Household waste is sorted; solid waste costs less than sewage.");
    assert_string_equal(hits.marked, "solid|sewage");
    assert_string_equal(hits.language, "en");
    assert_true(hits.score > 0 && hits.score <= 1000);
    assert_true(answer.ranked);
    hits = words(node, "廃棄物の分別");
    assert_string_equal(hits.marked, "廃棄物の分別");
    assert_string_equal(hits.language, "ja");
    assert_string_equal(words(node, "廃").marked, "廃");
    hits = words(node, "engineer*");
    assert_string_equal(hits.marked, "engineers");
    assert_string_equal(hits.passage,
                        "A line of twelve kilometres. It is studied with engineers from Düsseldorf.");
    assert_string_equal(words(node, "nẵng").marked, "Nẵng");
    hanse_node_close(node);
}

static void a_long_text_is_cut_around_the_words(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    char json[4096] =
        "{\"organisation\":{\"name\":[{\"text\":\"Office\",\"language\":\"en\"}],\"country\":\"JP\","
        "\"parent\":{\"name\":[{\"language\":\"en\",\"text\":\"";
    for (int i = 0; i < 40; i++)
        strcat(json, "Größe über ");
    strcat(json, "harbour needle light ");
    for (int i = 0; i < 40; i++)
        strcat(json, "等待观察");
    strcat(json, "\"}]}}}");
    put(node, NULL, json, NULL);
    (void)publish(node);
    struct hits hits = words(node, "needle");
    assert_string_equal(hits.marked, "needle");
    assert_true(strlen(hits.passage) < 260 && strlen(hits.passage) > 120);
    assert_memory_equal(hits.passage, "\u2026", 3);
    assert_memory_equal(hits.passage + strlen(hits.passage) - 3, "\u2026", 3);
    struct hanse_bytes passage = hanse_bytes_of_text(hits.passage);
    assert_int_equal(hanse_utf8_check(passage), passage.size);
    hanse_node_close(node);
}

#define assert_filtered(node, wanted, ...)                                                                   \
    assert_string_equal(find(node, &(struct hanse_search){.version = 1, __VA_ARGS__}).titles, wanted)

static void filters_go_with_words(void **state)
{
    (void)state;
    struct hanse_node *node = make_city();
    assert_filtered(node, "北九州市|Sorting at home|Tramway in Đà Nẵng", .words = "");
    assert_false(answer.ranked);
    assert_int_equal(answer.total, 3);
    assert_filtered(node, "北九州市|Sorting at home", .limit = 2);
    assert_int_equal(answer.total, 3);
    /* Each code of the city finds what refers to it by any of them. */
    assert_filtered(node, "北九州市|Sorting at home|Tramway in Đà Nẵng", .city = "UNLOCODE:JPKKJ");
    assert_filtered(node, "Tramway in Đà Nẵng", .city = "JP-LGCODE:401005", .words = "tramway");
    assert_filtered(node, "", .city = "UNLOCODE:DEDUS");
    assert_filtered(node, "北九州市|Sorting at home", .country = "jp");
    assert_filtered(node, "Tramway in Đà Nẵng", .theme = "SDG-GOAL:11");
    assert_filtered(node, "Tramway in Đà Nẵng", .theme = "SDG-TARGET:11.2");
    assert_filtered(node, "Sorting at home", .theme = "DAC-3:140", .words = "-tramway");
    assert_filtered(node, "", .theme = "DAC-MARKER:2");
    assert_filtered(node, "", .theme = "SDG-GOAL:1");
    assert_filtered(node, "北九州市", .kind = "localgovernment", .words = "北九州市");
    assert_filtered(node, "", .kind = "Organisation", .words = "北九州市");
    assert_filtered(node, "北九州市|Sorting at home|Tramway in Đà Nẵng", .feed = CITY);
    uint64_t now = (uint64_t)time(NULL);
    assert_filtered(node, "", .since_unix_s = now + 3600);
    assert_filtered(node, "", .until_unix_s = now - 3600, .words = "tramway");
    assert_filtered(node, "Tramway in Đà Nẵng", .until_unix_s = now + 3600,
                    .words = "tramway -\"solid waste\"");
    hanse_node_close(node);
}

static enum hanse_status run_with(struct hanse_node *node, struct hanse_search search)
{
    struct hits hits = {.count = 0};
    search.version = search.version == 0 ? 1 : search.version;
    return hanse_search_run(node, &search, keep, &hits, NULL, &node_err);
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    struct hanse_node *node = make_city();
    static char long_words[5000];
    memset(long_words, 'a', sizeof long_words - 1);
    MUST_FAIL(run_with(node, (struct hanse_search){.kind = "Poem"}), HANSE_NOT_FOUND);
    MUST_FAIL(run_with(node, (struct hanse_search){.feed = "nobody"}), HANSE_NOT_FOUND);
    MUST_FAIL(run_with(node, (struct hanse_search){.city = "Kitakyushu"}), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(run_with(node, (struct hanse_search){.city = "ffff1234"}), HANSE_NOT_FOUND);
    MUST_FAIL(run_with(node, (struct hanse_search){.country = "Japan"}), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(run_with(node, (struct hanse_search){.theme = "11"}), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(run_with(node, (struct hanse_search){.limit = 1001}), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(run_with(node, (struct hanse_search){.version = 2}), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(run_with(node, (struct hanse_search){.words = long_words}), HANSE_LIMIT);
    hanse_node_close(node);
}

static void nothing_found_says_why(void **state)
{
    (void)state;
    struct hanse_node *node = make_city();
    assert_int_equal(words(node, "waste tramwey").count, 0);
    assert_string_equal(answer.absent, "tramwey");
    assert_string_equal(answer.near, "tramway");
    (void)words(node, "engineer");
    assert_string_equal(answer.near, "engineer*");
    (void)words(node, "上下水道");
    assert_string_equal(answer.absent, "上下水道");
    assert_string_equal(answer.near, "");
    (void)words(node, "tramway sewage");
    assert_string_equal(answer.absent, "");
    hanse_node_close(node);
}

static void replaced_and_withdrawn_records_vanish(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    char first[256];
    char second[256];
    enum hanse_stage_outcome outcome;
    stage(node, NULL, "Harbour office", NULL, first);
    stage(node, NULL, "Harbour school", NULL, second);
    (void)publish(node);
    assert_int_equal(words(node, "harbour").count, 2);
    stage(node, strrchr(first, '/') + 1, "Market office", NULL, NULL);
    (void)publish(node);
    assert_titles(node, "harbour", "Harbour school");
    assert_int_equal(answer.total, 1);
    assert_titles(node, "market", "Market office");
    MUST(hanse_stage_withdraw(node, NULL, second, "error", &outcome, NULL, &node_err));
    (void)publish(node);
    assert_int_equal(words(node, "harbour").count, 0);
    assert_int_equal(answer.total, 0);
    hanse_node_close(node);
}

static void an_unfollowed_feed_vanishes(void **state)
{
    (void)state;
    char key[512];
    struct hanse_node *city = make_city();
    struct hanse_node *office = make_node("office", "office.example/hanse");
    publish_some(office, 1, 3);
    own_key(office, key);
    follow_dir(city, at("office/public"), key);
    (void)sync_node(city);
    assert_int_equal(words(city, "harbour").count, 3);
    MUST(hanse_feed_unfollow(city, "office.example/hanse", NULL, NULL, &node_err));
    assert_int_equal(words(city, "harbour").count, 0);
    assert_int_equal(answer.total, 0);
    follow_dir(city, at("office/public"), key);
    (void)sync_node(city);
    assert_int_equal(words(city, "harbour").count, 3);
    assert_int_equal(answer.total, 3);
    hanse_node_close(office);
    hanse_node_close(city);
}

/* Steps with small shards, as a node with a million records has large ones. */
static void fill(struct hanse_node *node, uint64_t most_documents)
{
    bool current = false;
    while (!current) {
        struct hanse_search_set set = {.count = 0};
        uint64_t done = 0;
        MUST(hanse_search_set_open(node, true, &set, &node_err));
        set.most_documents = most_documents;
        MUST(hanse_search_step(node, &set, &done, &current, &node_err));
        hanse_search_set_close(&set);
    }
}

static size_t count_shards(struct hanse_node *node)
{
    struct hanse_search_set set = {.count = 0};
    MUST(hanse_search_set_open(node, false, &set, &node_err));
    size_t count = set.count;
    hanse_search_set_close(&set);
    return count;
}

static void many_shards_answer_as_one(void **state)
{
    (void)state;
    char id[256];
    struct hanse_node *node = make_node("city", CITY);
    mkdir(at("city/private/search"), 0700);
    publish_some(node, 1, 7);
    stage(node, NULL, "Harbour, harbour and harbour", NULL, id);
    publish_some(node, 8, 5);
    fill(node, 3);
    assert_int_equal(count_shards(node), 5);
    struct hits hits = words(node, "harbour");
    assert_int_equal(hits.count, 13);
    assert_int_equal(answer.total, 13);
    assert_memory_equal(hits.titles, "Harbour, harbour and harbour|", 29);
    /* A new revision takes the old one out of its shard. */
    stage(node, strrchr(id, '/') + 1, "Lighthouse", NULL, NULL);
    publish_some(node, 13, 1);
    fill(node, 3);
    assert_int_equal(words(node, "harbour").count, 13);
    assert_int_equal(answer.total, 13);
    assert_titles(node, "lighthouse", "Lighthouse");
    hanse_node_close(node);
}

/* Shards whose records were replaced shrink: they are emptied and joined, and none is lost or found twice. */
static void shrunken_shards_are_joined(void **state)
{
    (void)state;
    char ids[6][256];
    static const char *const old_names[] = {"Harbour a", "Harbour b", "Harbour c",
                                            "Harbour d", "Harbour e", "Harbour f"};
    struct hanse_node *node = make_node("city", CITY);
    mkdir(at("city/private/search"), 0700);
    for (int i = 0; i < 6; i++)
        stage(node, NULL, old_names[i], NULL, ids[i]);
    publish_some(node, 1, 6);
    fill(node, 4);
    assert_int_equal(count_shards(node), 4);
    for (int i = 0; i < 6; i++)
        stage(node, strrchr(ids[i], '/') + 1, "Market office", NULL, NULL); /* one content, six records */
    (void)publish(node);
    fill(node, 4);
    assert_int_equal(words(node, "harbour").count, 6);
    assert_int_equal(answer.total, 6);
    assert_int_equal(words(node, "market").count, 6);
    assert_int_equal(answer.total, 6);
    fill(node, 4);
    assert_false(hanse_file_exists(at("city/private/search/1.sqlite")));
    assert_int_equal(words(node, "office").count, 12);
    assert_int_equal(answer.total, 12);
    hanse_node_close(node);
}

/* Any of them may be lost, or be damaged: it is made again, and each record is found once. */
static void a_lost_shard_is_made_again(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    mkdir(at("city/private/search"), 0700);
    publish_some(node, 1, 10);
    fill(node, 3);
    for (int lost = 1; lost <= 4; lost++) {
        shell("rm '%s'", at("city/private/search/%d.sqlite", lost));
        fill(node, 3);
        assert_int_equal(words(node, "harbour").count, 10);
        assert_int_equal(answer.total, 10);
        assert_int_equal(count_shards(node), 4);
    }
    shell("rm '%s' '%s'", at("city/private/search/2.sqlite"), at("city/private/search/3.sqlite"));
    assert_int_equal(words(node, "harbour").count, 10);
    assert_int_equal(answer.total, 10);
    shell("printf 'no database at all, and long enough to be one' > '%s'",
          at("city/private/search/1.sqlite"));
    assert_int_equal(words(node, "harbour").count, 10);
    assert_int_equal(answer.total, 10);
    shell("rm -r '%s'", at("city/private/search"));
    assert_int_equal(words(node, "harbour").count, 10);
    /* The same index, but shards of another one. */
    shell("mkdir '%s' && mv '%s'/*.sqlite '%s'", at("kept"), at("city/private/search"), at("kept"));
    hanse_node_close(node);
    shell("rm '%s'*", at("city/private/index.sqlite"));
    shell("mv '%s'/*.sqlite '%s'", at("kept"), at("city/private/search"));
    MUST(hanse_node_open(at("city"), &node, &node_err));
    assert_int_equal(words(node, "harbour").count, 10);
    assert_int_equal(answer.total, 10);
    hanse_node_close(node);
}

/* Damage that only shows while the words are read. */
static void damage_within_a_shard_is_repaired(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 1, 300);
    assert_int_equal(words(node, "harbour").count, 20);
    const char *path = at("city/private/search/1.sqlite");
    struct hanse_buffer whole = file_content(path);
    for (size_t page = 2; page < whole.size / 4096; page++) {
        memset(whole.data + page * 4096, 0x5a, 4096);
        write_file(path, hanse_buffer_view(&whole));
        (void)words(node, "harbour");
        assert_int_equal(answer.total, 300);
        hanse_buffer_release(&whole);
        whole = file_content(path);
    }
    hanse_buffer_release(&whole);
    hanse_node_close(node);
}

static int search_in_child(const char *text)
{
    struct hanse_node *node = NULL;
    struct hits hits = {.count = 0};
    struct hanse_search_answer got;
    struct hanse_search search = {.version = 1, .words = text};
    enum hanse_status status = hanse_node_open(at("city"), &node, NULL);
    if (status == HANSE_OK)
        status = hanse_search_run(node, &search, keep, &hits, &got, NULL);
    hanse_node_close(node);
    return status == HANSE_OK ? (int)(got.total % 251) : 255;
}

static void searches_at_once_agree(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 1, 200);
    hanse_node_close(node);
    pid_t children[4];
    for (size_t i = 0; i < 4; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(search_in_child("harbour"));
    }
    for (size_t i = 0; i < 4; i++) {
        int code = 0;
        assert_int_equal(waitpid(children[i], &code, 0), children[i]);
        assert_true(WIFEXITED(code));
        assert_int_equal(WEXITSTATUS(code), 200);
    }
}

/* Killed at some point of a first search; the next one is right. */
static void a_killed_search_leaves_no_trace(void **state)
{
    (void)state;
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 1, 400);
    for (long wait_us = 200; wait_us < 60000; wait_us = wait_us * 3 / 2) {
        shell("rm -rf '%s'", at("city/private/search"));
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(search_in_child("harbour"));
        struct timespec pause = {.tv_nsec = wait_us * 1000};
        (void)nanosleep(&pause, NULL);
        (void)kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        (void)words(node, "harbour");
        assert_int_equal(answer.total, 400);
    }
    hanse_node_close(node);
}

static enum hanse_status search_all(void *context)
{
    struct hits hits = {.count = 0};
    struct hanse_search_answer untouched = {.total = 77};
    struct hanse_search search = {.version = 1, .words = "廃棄物 -tramway", .city = "UNLOCODE:JPKKJ"};
    enum hanse_status status = hanse_search_run(context, &search, keep, &hits, &untouched, &node_err);
    assert_int_equal(untouched.total, status == HANSE_OK ? 1 : 77);
    return status;
}

/* While the words are made ready, and while they are looked for. */
static void failing_allocations_change_nothing(void **state)
{
    (void)state;
    struct hanse_node *node = make_city();
    assert_true(anomaly_fail_each_allocation(search_all, node) > 20);
    assert_titles(node, "廃棄物", "Sorting at home");
    assert_int_equal(answer.total, 1);
    hanse_node_close(node);
}

static bool refuse(void *context, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    (void)context;
    (void)what;
    (void)unit;
    assert_true(done <= total);
    return false;
}

static void an_update_can_be_cancelled(void **state)
{
    (void)state;
    struct hanse_node *node = make_city();
    MUST(hanse_search_update(node, refuse, NULL, &node_err)); /* one step is all there is to do */
    assert_titles(node, "tramway", "Tramway in Đà Nẵng");
    hanse_node_close(node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(words_of_every_script_are_found),
        NODE_TEST(a_hit_shows_where_the_words_are),
        NODE_TEST(a_long_text_is_cut_around_the_words),
        NODE_TEST(filters_go_with_words),
        NODE_TEST(what_is_none_is_refused),
        NODE_TEST(nothing_found_says_why),
        NODE_TEST(replaced_and_withdrawn_records_vanish),
        NODE_TEST(an_unfollowed_feed_vanishes),
        NODE_TEST(many_shards_answer_as_one),
        NODE_TEST(shrunken_shards_are_joined),
        NODE_TEST(a_lost_shard_is_made_again),
        NODE_TEST(damage_within_a_shard_is_repaired),
        NODE_TEST(searches_at_once_agree),
        NODE_TEST(a_killed_search_leaves_no_trace),
        NODE_TEST(failing_allocations_change_nothing),
        NODE_TEST(an_update_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
