/* SPDX-License-Identifier: Apache-2.0 */
/* Includes cmocka, and fails the Nth allocation of what a test runs, for every N. */
#ifndef TESTS_ANOMALY_H
#define TESTS_ANOMALY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hanse/status.h>

#include "base/alloc.h"

struct anomaly_countdown {
    long left;
    bool failed;
};

static inline bool anomaly_hook(void *context)
{
    struct anomaly_countdown *countdown = context;
    bool now = countdown->left-- == 0;
    countdown->failed = countdown->failed || now;
    return now;
}

/* Runs `run` with its first, second ... allocation failing, until it needs no more of them. Each failing run
 * must give HANSE_NO_MEMORY; the last one, in which nothing fails, HANSE_OK. Returns the number of failures.
 */
static inline long anomaly_fail_each_allocation(enum hanse_status (*run)(void *context), void *context)
{
    for (long n = 0;; n++) {
        struct anomaly_countdown countdown = {.left = n};
        hanse_alloc_set_failure_hook(anomaly_hook, &countdown);
        enum hanse_status status = run(context);
        hanse_alloc_set_failure_hook(NULL, NULL);
        assert_int_equal(status, countdown.failed ? HANSE_NO_MEMORY : HANSE_OK);
        if (!countdown.failed)
            return n;
    }
}

/* Asserts status, and that the error repeats it with this offset. */
#define assert_failure(expression, err, expected_status, expected_offset)                                    \
    do {                                                                                                     \
        (err) = (struct hanse_error){.offset = 0};                                                           \
        assert_int_equal((expression), (expected_status));                                                   \
        assert_int_equal((err).status, (expected_status));                                                   \
        assert_int_equal((err).offset, (expected_offset));                                                   \
        assert_true((err).message[0] != '\0');                                                               \
    } while (0)

#endif
