/* SPDX-License-Identifier: Apache-2.0 */
/* The loss report: order, counts, bounds, failing allocations. */
#include "anomaly.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "record/loss.h"

static bool fail_nth(void *context)
{
    size_t *left = context;
    return (*left)-- == 0;
}

static void losses_are_sorted_and_counted(void **state)
{
    (void)state;
    struct hanse_loss_report report;
    hanse_loss_report_init(&report);
    static const char *const paths[] = {"b", "a/@x", "c", "b", "a", "b"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(hanse_loss_report_add(&report, paths[i], i == 0 ? 5 : 1, NULL), HANSE_OK);
    assert_int_equal(report.count, 4);
    for (size_t i = 1; i < report.count; i++)
        assert_true(strcmp(report.items[i - 1].path, report.items[i].path) < 0);
    assert_int_equal(hanse_loss_report_count(&report, "b"), 7);
    assert_int_equal(hanse_loss_report_count(&report, "nothing"), 0);
    assert_int_equal(hanse_loss_report_total(&report), 10);
    hanse_loss_report_release(&report);
    assert_int_equal(report.count, 0);
}

static void losses_are_bounded(void **state)
{
    (void)state;
    struct hanse_loss_report report;
    hanse_loss_report_init(&report);
    char path[HANSE_MAX_LOSS_PATH_BYTES + 2];
    for (unsigned i = 0; i < HANSE_MAX_LOSS_PATHS + 10; i++) {
        (void)snprintf(path, sizeof path, "path-%u", i);
        assert_int_equal(hanse_loss_report_add(&report, path, 1, NULL), HANSE_OK);
    }
    assert_int_equal(report.count, HANSE_MAX_LOSS_PATHS);
    assert_int_equal(hanse_loss_report_count(&report, "other"), 10);
    assert_int_equal(hanse_loss_report_add(&report, "path-7", 1, NULL), HANSE_OK);
    assert_int_equal(hanse_loss_report_count(&report, "path-7"), 2);
    hanse_loss_report_release(&report);

    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(hanse_loss_report_add(&report, path, 3, NULL), HANSE_OK);
    assert_int_equal(report.count, 0);
    assert_int_equal(report.other, 3);
    assert_int_equal(hanse_loss_report_total(&report), 3);
    hanse_loss_report_release(&report);
}

static void losses_survive_failing_allocations(void **state)
{
    (void)state;
    for (size_t nth = 0; nth < 2; nth++) {
        struct hanse_loss_report report;
        hanse_loss_report_init(&report);
        size_t left = nth;
        hanse_alloc_set_failure_hook(fail_nth, &left);
        assert_int_equal(hanse_loss_report_add(&report, "a", 1, NULL), HANSE_NO_MEMORY);
        hanse_alloc_set_failure_hook(NULL, NULL);
        assert_int_equal(hanse_loss_report_total(&report), 0);
        assert_int_equal(hanse_loss_report_add(&report, "a", 1, NULL), HANSE_OK);
        assert_int_equal(hanse_loss_report_total(&report), 1);
        hanse_loss_report_release(&report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_are_sorted_and_counted),
        cmocka_unit_test(losses_are_bounded),
        cmocka_unit_test(losses_survive_failing_allocations),
    };
    return cmocka_run_group_tests_name("loss", tests, NULL, NULL);
}
