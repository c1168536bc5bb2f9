/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and the lines in which they stood first. */
#include "anomaly.h"

#include <stdio.h>

#include "base/bytes.h"
#include "record/line_set.h"

static struct hanse_bytes key_of(unsigned number)
{
    static char text[16];
    (void)snprintf(text, sizeof text, "%u", number);
    return hanse_bytes_of_text(text);
}

static void first_lines_are_kept(void **state)
{
    (void)state;
    enum { KEYS = 5000 };
    struct hanse_line_set set;
    hanse_line_set_init(&set);
    bool has = true;
    assert_int_equal(hanse_line_set_has(&set, key_of(1), &has, NULL), HANSE_OK);
    assert_false(has);
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < KEYS; i++) {
            uint64_t earlier = 77;
            assert_int_equal(hanse_line_set_add(&set, key_of(i), pass * KEYS + i + 1, &earlier, NULL),
                             HANSE_OK);
            assert_int_equal(earlier, pass == 0 ? 0 : i + 1);
        }
    }
    assert_int_equal(set.count, KEYS);
    assert_int_equal(hanse_line_set_has(&set, key_of(KEYS - 1), &has, NULL), HANSE_OK);
    assert_true(has);
    assert_int_equal(hanse_line_set_has(&set, key_of(KEYS), &has, NULL), HANSE_OK);
    assert_false(has);
    hanse_line_set_release(&set);
    assert_int_equal(set.count, 0);
}

static enum hanse_status add_many(void *context)
{
    (void)context;
    struct hanse_line_set set;
    hanse_line_set_init(&set);
    enum hanse_status status = HANSE_OK;
    for (unsigned i = 0; i < 1000 && status == HANSE_OK; i++) {
        uint64_t earlier = 0;
        size_t before = set.count;
        status = hanse_line_set_add(&set, key_of(i), i + 1, &earlier, NULL);
        assert_int_equal(set.count, before + (status == HANSE_OK));
    }
    hanse_line_set_release(&set);
    return status;
}

static void memory_runs_out(void **state)
{
    (void)state;
    assert_true(anomaly_fail_each_allocation(add_many, NULL) >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_lines_are_kept),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
