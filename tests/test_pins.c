/* SPDX-License-Identifier: Apache-2.0 */
/* Pins as they are typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "net/pins.h"

#define DIGEST "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define PIN "sha256//" DIGEST

static void refused(const char *pins, uint64_t offset)
{
    struct hanse_error err = {0};
    assert_int_equal(hanse_pins_check(pins, &err), HANSE_INVALID_ARGUMENT);
    assert_int_equal(err.offset, offset);
}

static void pins_are_checked(void **state)
{
    (void)state;
    assert_int_equal(hanse_pins_check(PIN, NULL), HANSE_OK);
    assert_int_equal(hanse_pins_check(PIN ";" PIN, NULL), HANSE_OK);
    refused("", 0);
    refused(";", 0);
    refused(PIN ";", sizeof PIN);
    refused(";" PIN, 0);
    refused(PIN ";" PIN ";" PIN, 2 * sizeof PIN);
    refused(PIN "; " PIN, sizeof PIN);
    refused(DIGEST, 0);
    refused("sha1//" DIGEST, 0);
    refused("sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", 0);
    refused("sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", 0); /* a spare bit is set */
    refused("sha256//47DEQpj8HBSa-_TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 0);
    refused("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 0); /* 33 bytes */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pins_are_checked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
