/* SPDX-License-Identifier: Apache-2.0 */
/* A first sync indexes entries while they arrive: the index is the one that reading the files makes, and what
 * is not committed leaves nothing. */
#include "node_support.h"

#include "node/index_ahead.h"

enum { RECORDS = 1100, FEW = 20 };

/* A city with so many records, the first few of them twice; its key. */
static void make_city(unsigned records, char key[512])
{
    struct hanse_node *node = make_node("city", CITY);
    publish_some(node, 0, records);
    for (unsigned i = 0; i < FEW; i++) {
        char identifier[32];
        (void)snprintf(identifier, sizeof identifier, "XX-%u", i);
        stage(node, NULL, "Harbour office, moved", identifier, NULL);
    }
    (void)publish(node);
    own_key(node, key);
    hanse_node_close(node);
}

static struct hanse_node *make_reader(const char *name, const char *key)
{
    char origin[64];
    (void)snprintf(origin, sizeof origin, "%s.example/hanse", name);
    struct hanse_node *node = make_node(name, origin);
    follow_dir(node, at("city/public"), key);
    return node;
}

static enum hanse_status write_record(void *context, const struct hanse_index_record *record,
                                      struct hanse_error *err)
{
    return hanse_buffer_append_format(context, err, "%02x%02x %llu %llu %u %u %d\n", record->record_id[14],
                                      record->record_id[15], (unsigned long long)record->revision,
                                      (unsigned long long)record->entry_index, record->kind,
                                      record->payload_state, record->withdrawn);
}

static enum hanse_status write_id(void *context, const struct hanse_index_record *record,
                                  struct hanse_error *err)
{
    return hanse_buffer_append_format(context, err, " %llu", (unsigned long long)record->entry_index);
}

/* All that the index says of the city's feed. */
static struct hanse_buffer describe(struct hanse_node *node)
{
    struct hanse_buffer text;
    struct hanse_index_feed feed;
    struct hanse_index_counts counts;
    hanse_buffer_init(&text, 1u << 20);
    MUST(hanse_index_feed_get(node->index, CITY, &feed, &node_err));
    MUST(hanse_index_count(node->index, feed.id, &counts, &node_err));
    MUST(hanse_buffer_append(&text, hanse_bytes_of(feed.root, sizeof feed.root), &node_err));
    MUST(hanse_buffer_append(&text, feed.state, &node_err));
    MUST(hanse_buffer_append_format(&text, &node_err, "%llu %llu %llu\n", (unsigned long long)feed.size,
                                    (unsigned long long)counts.entries, (unsigned long long)counts.payloads));
    struct hanse_index_filter filter = {.feed_id = feed.id, .withdrawn_too = true};
    MUST(hanse_index_record_list(node->index, &filter, write_record, &text, &node_err));
    for (unsigned i = 0; i < RECORDS; i += 7) {
        char identifier[32];
        (void)snprintf(identifier, sizeof identifier, "XX-%u", i);
        MUST(hanse_index_record_find_identifier(node->index, feed.id, "ORGID", identifier, write_id, &text,
                                                &node_err));
    }
    return text;
}

static void assert_same_index(struct hanse_node *a, struct hanse_node *b)
{
    struct hanse_buffer left = describe(a);
    struct hanse_buffer right = describe(b);
    assert_true(hanse_bytes_equal(hanse_buffer_view(&left), hanse_buffer_view(&right)));
    hanse_buffer_release(&left);
    hanse_buffer_release(&right);
}

/* The city's files through a verifier into `sink`; the row that they lead to. */
static enum hanse_status replay(struct hanse_node *node, hanse_verifier_sink *sink, void *context,
                                struct hanse_feed_state *out_state, struct hanse_digest *out_root)
{
    HANSE_SCOPED_ROW struct hanse_feed_row row;
    HANSE_SCOPED_STORE struct hanse_feed_store store;
    struct hanse_verifier *verifier = NULL;
    MUST(hanse_feed_row_get(node, CITY, &row, &node_err));
    MUST(hanse_feed_row_state(&row, out_state, &node_err));
    MUST(hanse_feed_store_open(&store, at("city/public"), &node_err));
    MUST(hanse_verifier_new(CITY, out_state, store.size, store.root.bytes, sink, context, &verifier,
                            &node_err));
    MUST(hanse_feed_store_replay(&store, 0, verifier, &node_err));
    enum hanse_status status = hanse_verifier_end(verifier, out_state, &node_err);
    *out_root = store.root;
    hanse_verifier_free(verifier);
    return status;
}

static int64_t feed_id(struct hanse_node *node)
{
    struct hanse_index_feed feed;
    MUST(hanse_index_feed_get(node->index, CITY, &feed, &node_err));
    return feed.id;
}

struct giving {
    struct hanse_index_ahead *ahead;
    uint64_t last_operation; /* what the last entry is made to be; 0: what it is */
    bool twice;
};

static enum hanse_status give(void *context, const struct hanse_verified_frame *frame,
                              struct hanse_error *err)
{
    const struct giving *it = context;
    struct hanse_verified_frame given = *frame;
    struct hanse_verified_entry entry = frame->entries[frame->entry_count - 1];
    struct hanse_header header = *entry.header;
    (void)err;
    hanse_index_ahead_add(it->ahead, frame);
    header.operation = (uint32_t)it->last_operation;
    entry.header = &header;
    entry.index++;
    given.entries = &entry;
    given.entry_count = 1;
    if (it->last_operation != 0)
        hanse_index_ahead_add(it->ahead, &given);
    for (unsigned i = 0; it->twice && i < 10; i++)
        hanse_index_ahead_add(it->ahead, frame);
    return HANSE_OK;
}

static enum hanse_status index_city(struct hanse_node *node, struct giving giving)
{
    struct hanse_feed_state state;
    struct hanse_digest root;
    MUST(hanse_index_ahead_begin(node, feed_id(node), &giving.ahead, &node_err));
    MUST(replay(node, give, &giving, &state, &root));
    return hanse_index_ahead_finish(giving.ahead, CITY, &state, &root, &node_err);
}

static void test_is_what_the_files_make(void **state)
{
    (void)state;
    char key[512];
    make_city(RECORDS, key);
    struct hanse_node *ahead = make_reader("ahead", key);
    struct hanse_node *synced = make_reader("synced", key);
    struct hanse_node *behind = make_reader("behind", key);
    MUST(index_city(ahead, (struct giving){0}));
    struct sync_report report = sync_node(synced);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    assert_same_index(ahead, synced);
    /* A mirror whose index knows nothing of the files catches up with them. */
    struct hanse_path dir;
    MUST(hanse_node_feed_dir(behind, CITY, &dir, &node_err));
    shell("rm -rf '%s'; cp -r '%s' '%s'", dir.text, at("city/public"), dir.text);
    MUST(hanse_feed_catch_up(behind, CITY, &node_err));
    assert_same_index(ahead, behind);
    hanse_node_close(ahead);
    hanse_node_close(synced);
    hanse_node_close(behind);
}

static void test_what_is_not_committed_leaves_nothing(void **state)
{
    (void)state;
    char key[512];
    make_city(FEW, key);
    struct hanse_node *node = make_reader("reader", key);
    struct hanse_node *fresh = make_reader("fresh", key);
    struct giving giving = {NULL, 0, false};
    struct hanse_feed_state reached;
    struct hanse_digest root;
    MUST(hanse_index_ahead_begin(node, feed_id(node), &giving.ahead, &node_err));
    MUST(replay(node, give, &giving, &reached, &root));
    hanse_index_ahead_abandon(giving.ahead);
    assert_same_index(node, fresh);
    MUST_FAIL(index_city(node, (struct giving){.last_operation = HANSE_OPERATION_ERASE}), HANSE_UNSUPPORTED);
    MUST_FAIL(index_city(node, (struct giving){.last_operation = HANSE_OPERATION_SUCCESSOR}),
              HANSE_UNSUPPORTED);
    /* What the index refuses is told at the end, and nobody waits for the thread that stopped. */
    MUST_FAIL(index_city(node, (struct giving){.twice = true}), HANSE_INVALID_ARGUMENT);
    assert_same_index(node, fresh);
    MUST(index_city(node, (struct giving){0}));
    hanse_index_ahead_abandon(NULL);
    hanse_node_close(node);
    hanse_node_close(fresh);
}

/* Enough entries for the thread, from a source that ends too early, then from one that is whole. */
static void test_sync_that_fails_leaves_no_rows(void **state)
{
    (void)state;
    char key[512];
    make_city(RECORDS, key);
    struct hanse_node *node = make_reader("reader", key);
    struct hanse_node *fresh = make_reader("fresh", key);
    shell("cd '%s' && cp -r . ../../whole && for f in hanse/public/*; do truncate -s -1 $f; done",
          at("city/public"));
    struct sync_report report = sync_node(node);
    assert_outcome(&report, HANSE_SYNC_TRUNCATED);
    assert_same_index(node, fresh);
    shell("cp -r '%s'/. '%s'", at("whole"), at("city/public"));
    report = sync_node(node);
    assert_outcome(&report, HANSE_SYNC_UPDATED);
    report = sync_node(fresh);
    assert_same_index(node, fresh);
    hanse_node_close(node);
    hanse_node_close(fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(test_is_what_the_files_make),
        NODE_TEST(test_what_is_not_committed_leaves_nothing),
        NODE_TEST(test_sync_that_fails_leaves_no_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
