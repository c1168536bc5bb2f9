/* SPDX-License-Identifier: Apache-2.0 */
/* A node whose calls meet allocations, statements of SQLite and steps of the HTTP library that fail one after
 * the other, and what is the same before and after. The includer makes the template. */
#ifndef HANSE_TESTS_NODE_ANOMALY_H
#define HANSE_TESTS_NODE_ANOMALY_H

#include <sqlite3.h>

#include "anomaly.h"
#include "node_support.h"

#include "index/database.h"
#include "net/transfer.h"

static struct hanse_node *node;

/* Makes the folder `template` and what else the tests need; the state folder is kept with it. */
static int setup(void **state);

/* The node as the template has it. */
static void restore(void)
{
    hanse_node_close(node);
    shell("cd '%s' && rm -rf office state town stick && cp -a template office && cp -a template-state state",
          work_dir);
    node = open_node("office");
}

static int begin(void **state)
{
    if (setup(state) != 0)
        return -1;
    shell("cp -a '%s' '%s'", at("state"), at("template-state"));
    restore();
    return 0;
}

static int end(void **state)
{
    hanse_node_close(node);
    node = NULL;
    return work_teardown(state);
}

/* What may have changed, told apart by content. */
struct snapshot {
    struct hanse_digest public;
    uint64_t staged;
    uint64_t size;
    uint64_t followed_size;
};

static struct snapshot take(void)
{
    struct snapshot now = {.public = tree_digest(at("office/public"))};
    MUST(hanse_stage_count(node, NULL, &now.staged, &node_err));
    now.size = feed_of(node, "office.example/hanse").info.size;
    now.followed_size = feed_of(node, CITY).info.size;
    return now;
}

typedef enum hanse_status anomaly_call(void);

/* What fails. */
static const struct trouble {
    const char *name;
    int code; /* of SQLite; 0: an allocation, or a step of the HTTP library */
    enum hanse_status wanted;
} troubles[] = {{"allocation", 0, HANSE_NO_MEMORY},
                {"statement (I/O)", SQLITE_IOERR_WRITE, HANSE_IO},
                {"statement (busy)", SQLITE_BUSY, HANSE_LOCKED}};
static const struct trouble step_trouble = {"step of a transfer", 0, HANSE_IO};
static const struct trouble *trouble;
static unsigned long points_tried;

static int fail_statement(void *context)
{
    return anomaly_hook(context) ? trouble->code : SQLITE_OK;
}

static bool fail_nth(long n, anomaly_call *call, enum hanse_status *out)
{
    struct anomaly_countdown countdown = {.left = n};
    node_err = (struct hanse_error){0};
    if (trouble == &step_trouble)
        hanse_fetcher_set_failure_hook(anomaly_hook, &countdown);
    else if (trouble->code == 0)
        hanse_alloc_set_failure_hook(anomaly_hook, &countdown);
    else
        hanse_database_set_failure_hook(fail_statement, &countdown);
    *out = call();
    hanse_alloc_set_failure_hook(NULL, NULL);
    hanse_database_set_failure_hook(NULL, NULL);
    hanse_fetcher_set_failure_hook(NULL, NULL);
    points_tried += countdown.failed;
    return countdown.failed;
}

static void must_fail(enum hanse_status status)
{
    MUST_FAIL(status, trouble->wanted);
    assert_int_equal(node_err.status, status);
    assert_true(node_err.message[0] != '\0');
}

static long next_n(long n)
{
    return getenv("HANSE_ANOMALY_ALL") != NULL || n < 30 ? n + 1 : n + 1 + n / 15;
}

/* A statement failed, and what was asked for is done all the same. */
static void done(void)
{
    const struct hanse_verify_options options = {.version = 1};
    MUST(hanse_verify_node(node, NULL, &options, &node_err));
    restore();
}

/* Of a call that tells what went wrong otherwise than by its status; NULL: none here. */
static void (*judges_success)(enum hanse_status status);

/* Runs a call with its allocations failing; `judge` looks at the state after each failure. */
static void fail_each(anomaly_call *call, void (*judge)(enum hanse_status status))
{
    long n = 0;
    for (enum hanse_status status; fail_nth(n, call, &status); n = next_n(n)) {
        if (status != HANSE_OK && status != trouble->wanted)
            fail_msg("%s %ld: %s: %s", trouble->name, n, hanse_status_name(status), node_err.message);
        /* A log that is cut later, or a retry: the work is done. */
        if (status == HANSE_OK && trouble->code != 0 && judge != judges_success)
            done();
        else
            judge(status);
    }
    assert_true(n > 0 || trouble->code != 0);
}

/* For calls that only read. */
static struct snapshot before;

static void judge_reading(enum hanse_status status)
{
    must_fail(status);
}

static void check_reading(anomaly_call *call)
{
    before = take();
    fail_each(call, judge_reading);
    MUST(call());
    struct snapshot now = take();
    assert_memory_equal(&now, &before, sizeof now);
}

static void judge_unchanged(enum hanse_status status)
{
    must_fail(status);
    struct snapshot now = take();
    assert_memory_equal(&now, &before, sizeof now);
}

#define ANOMALY_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

#endif
