/* SPDX-License-Identifier: Apache-2.0 */
/* The set of identifiers of a file. */
#include "anomaly.h"

#include <stdio.h>

#include "record/iati/seen.h"

static void seen_identifiers_are_remembered(void **state)
{
    (void)state;
    struct hanse_iati_seen seen;
    hanse_iati_seen_init(&seen);
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 5000; i++) {
            char identifier[32];
            bool repeated = round == 0;
            (void)snprintf(identifier, sizeof identifier, "XX-%u", i);
            assert_int_equal(hanse_iati_seen_add(&seen, identifier, &repeated, NULL), HANSE_OK);
            assert_int_equal(repeated, round == 1);
        }
    }
    assert_int_equal(seen.count, 5000);
    hanse_iati_seen_release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seen_identifiers_are_remembered),
    };
    return cmocka_run_group_tests_name("iati_seen", tests, NULL, NULL);
}
